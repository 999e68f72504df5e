"""The lists that funders and the territory count by, kept as data: age brackets, sectors of communes. Knows no file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.support.i18n import french_typography


@dataclass(frozen=True, slots=True)
class Bracket:
    """Ages from `first` to `last`, both included; None has no end."""

    code: str
    label: str
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class BracketSet:
    """The brackets of a funder, in their order, between the days they hold; `official` where its bounds were read in an official text."""

    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None
    official: bool
    brackets: tuple[Bracket, ...]

    def of(self, age: int) -> Bracket:
        """Return the bracket of an age in whole years, from 0."""
        return next(b for b in self.brackets if b.last is None or age <= b.last)


@dataclass(frozen=True, slots=True)
class Sector:
    """Neighbouring communes told together, by their INSEE codes."""

    code: str
    name: str
    communes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Territory:
    """The sectors of a territory between two days, both included; None has no end."""

    name: str
    valid_from: date
    valid_to: date | None
    source: str
    sectors: tuple[Sector, ...]

    def sector_of(self, commune: str | None) -> Sector | None:
        """Return the sector of a commune, None outside the territory."""
        return next((s for s in self.sectors if commune in s.communes), None)


def _holds(valid_from: date, valid_to: date | None, day: date) -> bool:
    return valid_from <= day and (valid_to is None or day <= valid_to)


def brackets_on(sets: Iterable[BracketSet], day: date) -> tuple[BracketSet, ...]:
    """Return the sets that hold on `day`, in their order."""
    return tuple(s for s in sets if _holds(s.valid_from, s.valid_to, day))


def territory_on(territories: Iterable[Territory], day: date) -> Territory | None:
    """Return the territory as it is on `day`, None where none holds."""
    return next((t for t in territories if _holds(t.valid_from, t.valid_to, day)), None)


def parse_brackets(text: str) -> tuple[BracketSet, ...]:
    """Return the sets of a TOML text. Raises `ValueError` where the brackets of one leave a gap, overlap or end."""
    found = []
    for row in tomllib.loads(text)["set"]:
        brackets = tuple(Bracket(b["code"], b["label"], b["from"], b.get("to")) for b in row["bracket"])
        ends = [-1, *(b.last for b in brackets)]
        if ends[-1] is not None or any(
            end is None or b.first != end + 1 for b, end in zip(brackets, ends, strict=False)
        ):
            raise ValueError(f"the age brackets of {row['code']} do not follow each other")
        found.append(
            BracketSet(
                row["code"], row["name"], french_typography(row["source"]), row["valid_from"], row.get("valid_to"), row["official"], brackets,
            )
        )  # fmt: skip
    return tuple(found)


def parse_territories(text: str) -> tuple[Territory, ...]:
    """Return the territories of a TOML text, in their order. Raises `ValueError` for a commune in two sectors."""
    found = []
    for row in tomllib.loads(text)["territory"]:
        sectors = tuple(Sector(s["code"], s["name"], frozenset(s["communes"])) for s in row["sector"])
        if sum(len(s.communes) for s in sectors) != len(frozenset[str]().union(*(s.communes for s in sectors))):
            raise ValueError(f"a commune of {row['name']} is in two sectors")
        found.append(Territory(row["name"], row["valid_from"], row.get("valid_to"), row["source"], sectors))
    return tuple(found)
