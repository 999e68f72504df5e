"""Whether the balance written on each lot is the sum of its moves, and the moves of the till those of its tickets: told by one sum.

Adding up a quarter of a million moves lot by lot is sorting them. Each amount is multiplied instead by a number drawn from its
lot, and the whole is one sum: two books that say the same of every lot have the same sum; two that do not, the same by one
chance in a million. Only where the sums differ is anything added up lot by lot.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import Lot, StockMove

TAKEN = (MoveKind.SALE, MoveKind.CANCELLATION, MoveKind.EMERGENCY)
"""The moves that tickets and parcels make, cancelled ones and their contraries."""
_SPREAD, _BELOW = 2_654_435_761, 999_983
"""What scatters the numbers of lots, and the prime they stay under: a sum stays far from 63 bits, at a million tonnes."""


class Amounts(NamedTuple):
    """Pieces and grams of a lot."""

    lot: int
    pieces: int
    grams: int


class Unlike(NamedTuple):
    """A lot whose written balance is not the sum of its moves: what is written, and what the moves add up to."""

    lot: int
    held_pieces: int
    held_grams: int
    moved_pieces: int
    moved_grams: int


class Marks(NamedTuple):
    """Sums of pieces and of grams, each amount multiplied by its lot's number."""

    pieces: int
    grams: int


class BookMarks(NamedTuple):
    """The marks of every move there is, and of those that tickets and parcels made over a period."""

    moves: Marks
    taken: Marks


def book_marks(session: Session, first: date, last: date) -> BookMarks:
    """Return the marks of the book of moves, read once, inside a caller's block."""
    number = _number_of(StockMove.lot_id)
    mine = and_(StockMove.day >= first, StockMove.day <= last, StockMove.kind.in_(TAKEN))
    every = [number * amount for amount in (StockMove.pieces, StockMove.grams)]
    row = session.execute(
        select(*(func.sum(c) for c in every), *(func.sum(case((mine, c), else_=0)) for c in every))
    ).one()
    found = [int(v or 0) for v in row]
    return BookMarks(Marks(*found[:2]), Marks(*found[2:]))


def marks_of(amounts: Iterable[Amounts]) -> Marks:
    """Return the marks of amounts already added up by lot."""
    pieces = grams = 0
    for a in amounts:
        scattered = a.lot * _SPREAD % _BELOW
        number = scattered * scattered % _BELOW
        pieces, grams = pieces + number * a.pieces, grams + number * a.grams
    return Marks(pieces, grams)


def unlike_in(session: Session, moves: Marks | None = None) -> list[Unlike]:
    """Return the lots whose balance is not the sum of their moves, in order, inside a caller's block.

    `moves` are the marks of every move, where the caller read them: nothing more is read then where the balances have the same.
    """
    if moves is not None:
        number = _number_of(Lot.id)
        held = session.execute(
            select(func.sum(number * Lot.balance_pieces), func.sum(number * Lot.balance_grams))
        ).one()
        if moves == Marks(*(int(v or 0) for v in held)):
            return []
    pieces, grams = func.coalesce(func.sum(StockMove.pieces), 0), func.coalesce(func.sum(StockMove.grams), 0)
    rows = session.execute(
        select(Lot.id, Lot.balance_pieces, Lot.balance_grams, pieces, grams)
        .outerjoin(StockMove, StockMove.lot_id == Lot.id)
        .group_by(Lot.id, Lot.balance_pieces, Lot.balance_grams)
        .having(or_(Lot.balance_pieces != pieces, Lot.balance_grams != grams))
        .order_by(Lot.id)
    )
    return [Unlike(*map(int, row)) for row in rows]


def _number_of(lot: Any) -> Any:
    # Written out, and not bound: the first is too large for 32 bits, and so is what it multiplies.
    spread, below = literal_column(str(_SPREAD), Integer), literal_column(str(_BELOW), Integer)
    scattered = (lot * spread) % below
    return (scattered * scattered) % below
