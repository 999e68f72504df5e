"""What the food part of a report is made from: rows added up by the database, and what the closed months hold. Knows no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from epicerie_desktop.domain.figures import NOTHING_APART, Apart, Kilos
from epicerie_desktop.domain.reports.lot_accounts import LotAccount
from epicerie_desktop.domain.stock import LossReason, Origin

FSE = "FSE"
"""The code of the European programme in resources/nomenclatures/financing.toml."""

NO_KILOS = Kilos()


class FamilyName(NamedTuple):
    """A family as the shop names it today; those of a report come in the shop's order."""

    code: str
    name: str
    food: bool


class GivenRow(NamedTuple):
    """What tickets handed out, cancelled ones left out; `frozen` where a closed month already tells it."""

    frozen: bool
    family: str
    origin: Origin
    financing: str
    food: bool
    estimated: bool
    grams: int
    shelf_cents: int
    paid_cents: int


class ParcelRow(NamedTuple):
    """What emergency parcels held, cancelled ones left out."""

    frozen: bool
    family: str
    origin: Origin
    financing: str
    food: bool
    grams: int
    shelf_cents: int


class MovedRow(NamedTuple):
    """What came in (`reason` is None), or was lost for a reason: grams and pieces, positive; `cents` frozen the day of the loss."""

    frozen: bool
    reason: LossReason | None
    family: str
    origin: Origin
    financing: str
    food: bool
    estimated: bool
    grams: int
    pieces: int
    cents: int
    unvalued: int

    @property
    def thrown_back(self) -> bool:
        """Return whether it was given, brought back and thrown away: it stays counted as given, and is no loss as well."""
        return self.reason is LossReason.BROUGHT_BACK


class UnlikeLot(NamedTuple):
    """A lot whose written stock is not what its moves add up to, as it stands now: pieces and grams of each."""

    lot: int
    article: str
    family: str
    held_pieces: int
    held_grams: int
    moved_pieces: int
    moved_grams: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the closed months of the period hold, food in grams; `apart`, `received` and `lost` only of months wholly in it."""

    grams_by_family: Mapping[str, int] = field(default_factory=dict)
    grams_by_origin: Mapping[str, int] = field(default_factory=dict)
    estimated_grams: int = 0
    shelf_cents: int = 0
    paid_cents: int = 0
    received: Kilos = NO_KILOS
    lost: Kilos = NO_KILOS
    apart: Apart = NOTHING_APART


NOTHING_FROZEN = Frozen()


@dataclass(frozen=True, slots=True)
class FoodFacts:
    """All that the food part of a report is made from, over a period, both days included."""

    first: date
    last: date
    families: tuple[FamilyName, ...]
    financings: Mapping[str, str]
    """The name of each financing, by its code, in their order."""
    given: tuple[GivenRow, ...] = ()
    parcels: tuple[ParcelRow, ...] = ()
    moved: tuple[MovedRow, ...] = ()
    lots: tuple[LotAccount, ...] = ()
    frozen: Frozen = NOTHING_FROZEN
    open_apart: Apart = NOTHING_APART
    """The emergency parcels of what is not frozen."""
    all_closed: bool = False
    """Whether every month of the period is closed."""
    whole_months: bool = False
    """Whether the period is made of whole months."""
    unlike: tuple[UnlikeLot, ...] = ()
    """The lots whose written stock and moves disagree, whatever the period: no account of them can be trusted."""

    @property
    def apart(self) -> Apart:
        """Return the emergency parcels of the whole period."""
        return Apart(*(a + b for a, b in zip(self.frozen.apart, self.open_apart, strict=True)))

    def given_grams(self) -> Kilos:
        """Return the food handed out on tickets: as the closed months hold it, as the tickets stand in the others."""
        live = _kilos((r.grams, r.estimated) for r in self.given if r.food and not r.frozen)
        grams = sum(self.frozen.grams_by_family.values())
        return Kilos(grams + live.grams, self.frozen.estimated_grams + live.estimated_grams)

    def received(self) -> Kilos:
        """Return the food that came in, in the same way."""
        return self._moved(self.frozen.received, lost=False)

    def lost(self) -> Kilos:
        """Return the food lost, in the same way; what was given, brought back and thrown away apart."""
        return self._moved(self.frozen.lost, lost=True)

    def _moved(self, frozen: Kilos, *, lost: bool) -> Kilos:
        live = _kilos(
            (r.grams, r.estimated) for r in self.moved
            if r.food and not r.frozen and not r.thrown_back and (r.reason is not None) is lost
        )  # fmt: skip
        return Kilos(frozen.grams + live.grams, frozen.estimated_grams + live.estimated_grams)

    def given_cents(self) -> tuple[int, int]:
        """Return the value and the takings of what tickets handed out, goods that are no food with them, in cents."""
        live = [r for r in self.given if not r.frozen]
        return (
            self.frozen.shelf_cents + sum(r.shelf_cents for r in live),
            self.frozen.paid_cents + sum(r.paid_cents for r in live),
        )

    def grams_by_family(self) -> Counter[str]:
        """Return the food handed out by family, in grams: the family of the day it was handed out."""
        found = Counter(dict(self.frozen.grams_by_family))
        for r in self.given:
            if r.food and not r.frozen:
                found[r.family] += r.grams
        return found

    def grams_by_origin(self) -> Counter[str]:
        """Return the same by origin."""
        found = Counter(dict(self.frozen.grams_by_origin))
        for r in self.given:
            if r.food and not r.frozen:
                found[r.origin.value] += r.grams
        return found


def _kilos(rows: Iterable[tuple[int, bool]]) -> Kilos:
    found = list(rows)
    return Kilos(sum(g for g, _ in found), sum(g for g, estimated in found if estimated))


def is_fse(financing: str, origin: Origin) -> bool:
    """Return whether goods are the European programme's: their financing says so or, where it was not told, their origin."""
    return financing == FSE or (not financing and origin is Origin.FSE)
