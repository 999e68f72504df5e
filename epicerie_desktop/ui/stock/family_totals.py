"""What the list of lots is made of: the lots a person looks for, and what each family holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.support.text import words


@dataclass(frozen=True, slots=True)
class FamilyTotal:
    """What a family holds; `family` is empty for the whole stock, `name` is short."""

    family: str
    name: str
    lots: int
    pieces: int
    grams: int


def totals_of(lots: Sequence[LotRow]) -> tuple[FamilyTotal, ...]:
    """Return the whole stock, then what each family holds, in the order of the lots."""
    found: dict[str, list[LotRow]] = {}
    for lot in lots:
        found.setdefault(lot.family, []).append(lot)

    def total(family: str, held: Sequence[LotRow]) -> FamilyTotal:
        return FamilyTotal(
            family,
            held[0].family_short if family else "",
            len(held),
            sum(n.pieces for n in held),
            sum(n.grams for n in held),
        )

    return (total("", lots), *(total(family, held) for family, held in found.items())) if lots else ()


def matching(lots: Sequence[LotRow], typed: str) -> list[LotRow]:
    """Return the lots of which every typed word begins a word of the article, the family, the origin or the lot number."""
    wanted = words(typed)
    if not wanted:
        return list(lots)
    named = [(n, words(f"{n.article} {n.family} {called(n.origin)} {n.code}")) for n in lots]
    return [n for n, around in named if all(any(a.startswith(w) for a in around) for w in wanted)]
