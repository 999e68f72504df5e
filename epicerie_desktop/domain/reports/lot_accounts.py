"""The account of each lot over a period: stock at the start, what came in and went out, stock at the end, and what does not close.

What was handed out is read on the tickets and the parcels, and the stock in the book: nothing is deduced from the rest, so
that a difference is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.units import round_half_up


class Amount(NamedTuple):
    """Pieces (0 where goods are counted by weight) and grams, signed."""

    pieces: int = 0
    grams: int = 0

    def plus(self, other: Amount, sign: int = 1) -> Amount:
        """Return the sum, or the difference with a `sign` of -1."""
        return Amount(self.pieces + sign * other.pieces, self.grams + sign * other.grams)


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class LotAccount:
    """A lot over a period. What goes out is positive in `given`, `parcels`, `lost` and `sent`; `sorted_` and `corrected` are signed.

    `opening` and `closing` are what the book says on the eve and on the last evening.
    """

    lot: int
    article: str
    family: str
    food: bool
    by_piece: bool
    origin: Origin
    financing: str
    received_on: date
    unit_cents: int | None
    """What a piece or a kilo of it is worth: the price paid, else the reference value of the day it came; None without either."""
    priced: bool = False
    """Whether it is the price paid."""
    opening: Amount = NOTHING
    received: Amount = NOTHING
    brought_back: Amount = NOTHING
    given: Amount = NOTHING
    parcels: Amount = NOTHING
    lost: Amount = NOTHING
    sent: Amount = NOTHING
    sorted_: Amount = NOTHING
    corrected: Amount = NOTHING
    closing: Amount = NOTHING

    @property
    def ended(self) -> Amount:
        """Return the grams that leave the stock with the last piece: what arrival and outings did not weigh alike, signed."""
        return self._left_over(self.opening).plus(self._left_over(self.closing), -1)

    @property
    def stock_before(self) -> Amount:
        """Return the stock at the start: a lot without its last piece holds nothing, whatever its grams say."""
        return self.opening.plus(self._left_over(self.opening), -1)

    @property
    def stock_after(self) -> Amount:
        """Return the stock at the end."""
        return self.closing.plus(self._left_over(self.closing), -1)

    @property
    def gap(self) -> Amount:
        """Return what the account does not explain: the stock at the end less what the movements would leave."""
        found = self.opening
        for amount, sign in (
            (self.received, 1), (self.brought_back, 1), (self.given, -1), (self.parcels, -1), (self.lost, -1), (self.sent, -1),
            (self.sorted_, 1), (self.corrected, 1),
        ):  # fmt: skip
            found = found.plus(amount, sign)
        return self.closing.plus(found, -1)

    @property
    def moved(self) -> bool:
        """Return whether there is anything to tell of it over the period."""
        return any(any(a) for a in self.columns())

    def columns(self) -> tuple[Amount, ...]:
        """Return the account as it is read, each amount signed: the first ones add up to the last (see `COLUMNS`)."""
        out = (self.given, self.parcels, self.lost, self.sent)
        given, parcels, lost, sent = (NOTHING.plus(a, -1) for a in out)
        return (
            self.stock_before, self.received, self.brought_back, given, parcels, lost, sent, self.sorted_, self.corrected,
            self.ended, self.gap, self.stock_after,
        )  # fmt: skip

    def thousandths(self, amount: Amount) -> int:
        """Return what an amount is worth, exact, in thousandths of a cent; 0 where nothing says its value."""
        if self.unit_cents is None:
            return 0
        return self.unit_cents * (amount.pieces * 1000 if self.by_piece else amount.grams)

    def _left_over(self, amount: Amount) -> Amount:
        return Amount(0, amount.grams) if self.by_piece and not amount.pieces else NOTHING


def gram_columns(lots: Iterable[LotAccount]) -> tuple[int, ...]:
    """Return the columns of lots together, in grams."""
    return _added([tuple(a.grams for a in lot.columns()) for lot in lots])


def cent_columns(lots: Iterable[LotAccount]) -> tuple[int, ...]:
    """Return the columns of lots together, in cents: each is rounded after the one before, so that the line still adds up."""
    exact = _added([tuple(map(lot.thousandths, lot.columns())) for lot in lots])
    found: list[int] = []
    whole = 0
    for value in exact[:-1]:
        before = cents(whole)
        whole += value
        found.append(cents(whole) - before)
    return (*found, cents(exact[-1]))


def cents(thousandths: int) -> int:
    """Return thousandths of a cent as cents, the half away from zero."""
    return round_half_up(Fraction(thousandths, 1000))


def _added(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * 12
