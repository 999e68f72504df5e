"""The account of each lot over a period: stock at the start, what came in and went out, stock at the end, and what does not close.

What was handed out is read on the tickets and the parcels, and the stock in the book: nothing is deduced from the rest, so
that a difference is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from epicerie_desktop.domain.stock import Origin


class Column(IntEnum):
    """The columns of an account, each signed: the first ones add up to the last."""

    BEFORE = 0
    RECEIVED = 1
    BROUGHT_BACK = 2
    GIVEN = 3
    PARCELS = 4
    LOST = 5
    SENT = 6
    SORTED = 7
    CORRECTED = 8
    ENDED = 9
    """The grams that leave the stock with the last piece: what the arrival and the outings did not weigh alike."""
    GAP = 10
    """What nothing explains."""
    AFTER = 11


NONE = (0,) * len(Column)


class LotAccount(NamedTuple):
    """A lot over a period, by `Column`: in pieces (noughts where goods are counted by weight), in grams and in cents.

    `unit_cents` is what a piece or a kilo is worth: the price paid (`priced`), else the reference value of the day it came;
    None without either.
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
    priced: bool
    pieces: tuple[int, ...]
    grams: tuple[int, ...]
    cents: tuple[int, ...]

    @property
    def moved(self) -> bool:
        """Return whether there is anything to tell of it over the period."""
        return any(self.pieces) or any(self.grams)

    @property
    def closes(self) -> bool:
        """Return whether its stock at the end is explained, in pieces and in grams."""
        return not (self.pieces[Column.GAP] or self.grams[Column.GAP])

    @property
    def held(self) -> bool:
        """Return whether it holds something at the end."""
        return bool(self.pieces[Column.AFTER] or self.grams[Column.AFTER])


def columns_of(
    pieces: Sequence[int], grams: Sequence[int], opening: tuple[int, int], closing: tuple[int, int], *, by_piece: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns of a lot in pieces and in grams.

    `pieces` and `grams` are what came in and went out, signed, from `RECEIVED` to `CORRECTED`; `opening` and `closing` what
    the book says, in pieces and grams. A lot without its last piece holds nothing, whatever its grams say.
    """
    before, after = _left_over(opening, by_piece=by_piece), _left_over(closing, by_piece=by_piece)
    return (
        (opening[0], *pieces, 0, closing[0] - opening[0] - sum(pieces), closing[0]),
        (opening[1] - before, *grams, before - after, closing[1] - opening[1] - sum(grams), closing[1] - after),
    )


def _left_over(amount: tuple[int, int], *, by_piece: bool) -> int:
    return amount[1] if by_piece and not amount[0] else 0


def cents_of(unit_cents: int | None, pieces: Sequence[int], grams: Sequence[int], *, by_piece: bool) -> tuple[int, ...]:
    """Return what the columns of a lot are worth, in cents; noughts where nothing says its value.

    Each is rounded after the one before, so that the line still adds up; and every sum of lots is then the same, however
    they are grouped.
    """
    if unit_cents is None:
        return NONE
    exact = [unit_cents * 1000 * n for n in pieces] if by_piece else [unit_cents * n for n in grams]
    found: list[int] = []
    whole = told = 0
    for value in exact[:-1]:
        whole += value
        rounded = _rounded(whole)
        found.append(rounded - told)
        told = rounded
    return (*found, _rounded(exact[-1]))


def _rounded(thousandths: int) -> int:
    """Return thousandths of a cent as cents, the half away from zero."""
    whole = (2 * abs(thousandths) + 1000) // 2000
    return -whole if thousandths < 0 else whole


def gram_columns(lots: Iterable[LotAccount]) -> tuple[int, ...]:
    """Return the columns of lots together, in grams."""
    return _added([lot.grams for lot in lots])


def cent_columns(lots: Iterable[LotAccount]) -> tuple[int, ...]:
    """Return the columns of lots together, in cents."""
    return _added([lot.cents for lot in lots])


def _added(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) if rows else NONE


__all__ = ["NONE", "Column", "LotAccount", "cent_columns", "cents_of", "columns_of", "gram_columns"]
