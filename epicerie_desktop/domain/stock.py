"""Lots and moves: which lot leaves first, which lot may not leave. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from epicerie_desktop.domain.units import round_half_up


class Origin(StrEnum):
    """Where goods come from (glossary: provenance)."""

    FOOD_BANK = "FOOD_BANK"
    FSE = "FSE"
    CNES = "CNES"
    PICKUP = "PICKUP"
    COLLECTION = "COLLECTION"
    DONATION = "DONATION"
    PURCHASE = "PURCHASE"
    GARDEN = "GARDEN"
    UNKNOWN = "UNKNOWN"


class DateKind(StrEnum):
    """Use-by (DLC, safety: blocked from the next day), best-before (DDM, quality), or none."""

    USE_BY = "USE_BY"
    BEST_BEFORE = "BEST_BEFORE"
    NONE = "NONE"


class MoveKind(StrEnum):
    """Why a quantity moved; a mistake is undone by a contrary move, never by an edit."""

    RECEPTION = "RECEPTION"
    SALE = "SALE"
    CANCELLATION = "CANCELLATION"
    LOSS = "LOSS"
    CORRECTION = "CORRECTION"
    REPACK_OUT = "REPACK_OUT"
    REPACK_IN = "REPACK_IN"
    EMERGENCY = "EMERGENCY"
    PLACE_OUT = "PLACE_OUT"
    PLACE_IN = "PLACE_IN"
    SENT = "SENT"
    RETURNED = "RETURNED"
    BROUGHT_BACK = "BROUGHT_BACK"


class Place(StrEnum):
    """Where a lot is kept in the shop; the till draws first from the shelf."""

    SHELF = "SHELF"
    RESERVE = "RESERVE"
    COLD_ROOM = "COLD_ROOM"
    FREEZER = "FREEZER"


class SlipKind(StrEnum):
    """What a slip of goods that leave is for: another site or association, or whoever brought them."""

    SENT = "SENT"
    RETURNED = "RETURNED"


class LossReason(StrEnum):
    """Why goods were lost."""

    EXPIRED = "EXPIRED"
    DAMAGED = "DAMAGED"
    UNFIT = "UNFIT"
    COLD_CHAIN = "COLD_CHAIN"
    MISSING = "MISSING"
    OTHER = "OTHER"
    BROUGHT_BACK = "BROUGHT_BACK"
    """Given, brought back, and thrown away: it was counted as given, and its ticket stays."""


class LotState(NamedTuple):
    """A lot as the book knows it; `quantity` is in pieces or grams, whichever its article is counted in."""

    id: int
    quantity: int
    date_kind: DateKind
    limit: date | None
    received_on: date
    origin: Origin
    stored: bool = False
    """Whether it is elsewhere than on the shelf."""

    def expired_on(self, day: date) -> bool:
        """Return whether it may no longer be handed out on `day`: from the day after its use-by date (DLC)."""
        return self.date_kind is DateKind.USE_BY and self.limit is not None and day > self.limit

    def past_best_before(self, day: date) -> bool:
        """Return whether its best-before date (DDM) has passed on `day`; it may still be given after a check."""
        return self.date_kind is DateKind.BEST_BEFORE and self.limit is not None and day > self.limit

    def past_on(self, day: date) -> bool:
        """Return whether its date, of either kind, has passed on `day`: a pack that shows a later one is of another lot."""
        return self.date_kind is not DateKind.NONE and self.limit is not None and day > self.limit


class Draw(NamedTuple):
    """A quantity (pieces or grams) taken from one lot."""

    lot: int
    quantity: int


class Drawn(NamedTuple):
    """What a line takes, lot by lot; `missing` could be put on no usable lot; `below_zero` tells the book is wrong."""

    draws: tuple[Draw, ...]
    missing: int
    below_zero: bool


def _turn(lot: LotState) -> tuple[bool, date, date, int]:
    return (lot.stored, lot.limit or date.max, lot.received_on, lot.id)


def first_expired_first(lots: Sequence[LotState], day: date) -> list[LotState]:
    """Return the lots that may be handed out on `day`, those of the shelf, then the first to expire, then the first received."""
    return sorted([lot for lot in lots if not lot.expired_on(day)], key=_turn)


def serves_alone(lots: Sequence[LotState], quantity: int, day: date) -> LotState | None:
    """Return the lot whose turn it is where it holds the whole of `quantity` (> 0); None where `draw` has more to say."""
    first = min([lot for lot in lots if not lot.expired_on(day)], key=_turn, default=None)
    return first if first is not None and first.quantity >= quantity else None


def draw(lots: Sequence[LotState], quantity: int, day: date, *, named: int | None = None) -> Drawn:
    """Return from which lots `quantity` (> 0) is taken on `day`, first expired first; `named` is taken from alone.

    What the family holds in its bag can always be recorded: when the book holds too little, the rest is drawn below
    zero from the last usable lot; with no usable lot at all it is `missing`, and the caller opens an unknown lot.
    """
    if named is not None:
        lot = next(lot for lot in lots if lot.id == named)
        return Drawn((Draw(named, quantity),), 0, lot.quantity < quantity)
    usable = first_expired_first(lots, day)
    draws: list[Draw] = []
    rest = quantity
    for lot in usable:
        taken = min(rest, max(0, lot.quantity))
        if taken:
            draws.append(Draw(lot.id, taken))
            rest -= taken
        if not rest:
            return Drawn(tuple(draws), 0, False)
    if not usable:
        return Drawn((), rest, True)
    last = next((d.lot for d in reversed(draws)), usable[-1].id)
    merged = {d.lot: d.quantity for d in draws}
    merged[last] = merged.get(last, 0) + rest
    return Drawn(tuple(Draw(k, v) for k, v in merged.items()), 0, True)


def worth(cents: int | None, *, pieces: int, grams: int, held: tuple[int, int], by_piece: bool) -> int | None:
    """Return what a quantity is worth in cents, at `cents` a piece or a kilo; None without a value.

    `held` is what its lot holds, in pieces and grams: waste weighed out of pieces is worth its share of them.
    """
    if cents is None:
        return None
    if not by_piece:
        return round_half_up(Fraction(cents * grams, 1000))
    if pieces or held[1] <= 0:
        return cents * pieces
    return round_half_up(Fraction(cents * held[0] * grams, held[1]))


def only_expired_known(lots: Sequence[LotState], day: date) -> bool:
    """Return whether the book knows stock of the article on `day`, but none that may be handed out: ask the pack's date."""
    known = [lot for lot in lots if lot.quantity > 0]
    return bool(known) and all(lot.expired_on(day) for lot in known)


def date_to_read(lots: Sequence[LotState], day: date) -> bool:
    """Return whether the book holds a lot past its use-by date on `day`: which lot a pack is of, only its date tells."""
    return any(lot.quantity > 0 and lot.expired_on(day) for lot in lots)
