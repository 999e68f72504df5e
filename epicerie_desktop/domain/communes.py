"""The dated list of the territory's communes (INSEE codes): parsing and choice. Knows no file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.support.text import words


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, between the days its code is valid; `in_2013` and `since_2017` tell its territory."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    population: int | None
    valid_from: date | None
    valid_to: date | None
    merged_into: str | None
    since_2017: bool
    in_2013: bool

    def valid_on(self, day: date) -> bool:
        """Return whether the commune exists under this code on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def parse(text: str) -> tuple[Commune, ...]:
    """Return the communes of a CSV text with the columns of resources/nomenclatures/communes.csv."""

    def day(value: str) -> date | None:
        return date.fromisoformat(value) if value else None

    return tuple(
        Commune(
            row["insee_code"], row["name"], tuple(row["postcodes"].replace("/", " ").replace(";", " ").split()),
            int(row["population"]) if row["population"] else None, day(row["valid_from"]), day(row["valid_to"]),
            row["merged_into"] or None, row["in_saint_flour_communaute_since_2017"] == "yes",
            row["in_cc_pays_de_saint_flour_2013"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def matching(communes: Iterable[Commune], typed: str, day: date) -> tuple[Commune, ...]:
    """Return the communes valid on `day` whose name or postcode begins like what was typed, the largest first."""
    wanted = words(typed)

    def fits(c: Commune) -> bool:
        names = words(c.name)
        return all(any(n.startswith(w) for n in names) or any(p.startswith(w) for p in c.postcodes) for w in wanted)

    return tuple(sorted((c for c in communes if c.valid_on(day) and fits(c)), key=lambda c: -(c.population or 0)))
