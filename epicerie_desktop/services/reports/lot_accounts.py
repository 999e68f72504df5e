"""Reads what became of each lot over a period: its moves, what tickets and parcels took of it, what the book says it holds."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import ESTIMATES, SoldBy
from epicerie_desktop.domain.reports.lot_accounts import Column, LotAccount, cents_of, columns_of
from epicerie_desktop.domain.stock import LossReason, MoveKind, Origin
from epicerie_desktop.persistence.models import Article, ArticleValue, Family, FamilyValue, Lot, StockMove
from epicerie_desktop.services.queries.lot_balances import TAKEN, Amounts, Marks, marks_of

_MANY = 10_000
_PLACES: dict[MoveKind, Column] = {
    MoveKind.RECEPTION: Column.RECEIVED, MoveKind.BROUGHT_BACK: Column.BROUGHT_BACK, MoveKind.LOSS: Column.LOST,
    MoveKind.SENT: Column.SENT, MoveKind.RETURNED: Column.SENT, MoveKind.REPACK_OUT: Column.SORTED, MoveKind.REPACK_IN: Column.SORTED,
    MoveKind.PLACE_OUT: Column.SORTED, MoveKind.PLACE_IN: Column.SORTED, MoveKind.CORRECTION: Column.CORRECTED,
}  # fmt: skip
"""Where a move goes in an account; what tickets and parcels took is read on them, and not on their moves."""


# Written out, and not bound: the indexes of the lots in stock and of those to mend serve it, whatever the years before.
_NOUGHT: Any = literal_column("0", Integer)
_HOLDS = (
    or_(
        or_(Lot.balance_pieces > _NOUGHT, Lot.balance_grams > _NOUGHT),
        or_(Lot.balance_pieces < _NOUGHT, Lot.balance_grams < _NOUGHT),
    ),
)


# Nought added: the lots' own index would be followed, row by row, over the whole book.
_LOT: Any = (StockMove.lot_id + 0).label("lot")


class LotMoves(NamedTuple):
    """Moves of a lot over a period, added up."""

    lot: int
    kind: MoveKind
    frozen: int
    reason: LossReason | None
    estimated: int
    pieces: int
    grams: int
    cents: int
    unvalued: int


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as the book has it."""

    id: int
    article_id: int
    article: str
    by_piece: bool
    family_id: int
    family: str
    food: bool
    origin: Origin
    financing: str
    received_on: date
    unit_cents: int | None
    held: tuple[int, int]


def moves_in(
    session: Session, first: date, last: date, frozen: Any, marks: Marks, taken: Sequence[Amounts]
) -> list[LotMoves]:
    """Return the moves of lots over a period, added up; `frozen` is a flag of the move's day.

    `taken` is what tickets and parcels took of lots over the period, `marks` those of the moves they made: where the two agree
    those moves are not gone through again, and are told from it.
    """
    of_till = StockMove.kind.in_(TAKEN)
    if marks == marks_of(taken):
        return [
            *_moves(session, first, last, frozen, ~of_till),
            *(LotMoves(t.lot, MoveKind.SALE, 0, None, 0, t.pieces, t.grams, 0, 0) for t in taken),
        ]
    return _moves(session, first, last, frozen)


def _moves(session: Session, first: date, last: date, frozen: Any, *which: Any) -> list[LotMoves]:
    move = StockMove
    guessed = case((move.weight_source.in_(ESTIMATES), 1), else_=0)
    unvalued = case(
        (move.kind != MoveKind.LOSS, 0), (move.value_cents.is_not(None), 0), (move.reverses_id.is_(None), 1), else_=-1
    )
    groups = (_LOT, move.kind, frozen, move.loss_reason, guessed)
    return [
        LotMoves(lot, kind, flag, reason, guess, int(pieces), int(grams), int(cents), int(unknown))
        for lot, kind, flag, reason, guess, pieces, grams, cents, unknown in session.connection().execute(
            select(*groups, func.sum(move.pieces), func.sum(move.grams), func.coalesce(func.sum(move.value_cents), 0), func.sum(unvalued))
            .where(move.day >= first, move.day <= last, *which).group_by(*groups)
        )
    ]  # fmt: skip


def moved_after(session: Session, last: date) -> list[Amounts]:
    """Return what lots moved after a day: what they held that evening is what they hold less that."""
    sums = func.sum(StockMove.pieces), func.sum(StockMove.grams)
    rows = session.connection().execute(select(_LOT, *sums).where(StockMove.day > last).group_by(_LOT))
    return [Amounts(lot, int(pieces), int(grams)) for lot, pieces, grams in rows]


def lots_in(session: Session, ids: Iterable[int]) -> dict[int, LotRow]:
    """Return these lots and all that hold something, by their id, in order."""
    known: dict[int, LotRow] = {}
    for row in _lots(session, *_HOLDS):
        known[row.id] = row
    rest = sorted(set(ids) - known.keys())
    for start in range(0, len(rest), _MANY):
        known |= {row.id: row for row in _lots(session, Lot.id.in_(rest[start : start + _MANY]))}
    return dict(sorted(known.items()))


def _lots(session: Session, *wanted: Any) -> Iterator[LotRow]:
    rows = session.connection().execute(
        select(
            Lot.id, Article.id, Article.name, Article.sold_by, Family.id, Family.code, Family.food, Lot.origin, Lot.financing,
            Lot.received_on, Lot.unit_cents, Lot.balance_pieces, Lot.balance_grams,
        )
        .join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id).where(*wanted)
    )  # fmt: skip
    for lot, article, name, sold_by, family, code, food, origin, financing, day, unit, pieces, grams in rows:
        yield LotRow(
            lot, article, name, sold_by is SoldBy.PIECE, family, code, food, origin, financing, day, unit, (pieces, grams)
        )  # fmt: skip


def accounts(
    session: Session, lots: Mapping[int, LotRow], moves: Iterable[LotMoves], after: Iterable[Amounts], given: Iterable[Amounts],
    parcels: Iterable[Amounts],
) -> tuple[LotAccount, ...]:  # fmt: skip
    """Return the account of every lot that held something or moved, in order.

    Raises `KeyError` for a move of a lot that is not among them.
    """
    known = {lot.id: _Flows(lot) for lot in lots.values()}
    for m in moves:
        known[m.lot].move(m)
    for a in after:
        known[a.lot].later(a)
    for column, taken in ((Column.GIVEN, given), (Column.PARCELS, parcels)):
        for t in taken:
            known[t.lot].add(column, t.pieces, t.grams)
    worth = _Worth(session)
    return tuple(account for found in known.values() if (account := found.account(worth)).moved)


class _Flows:
    """What became of one lot, while its account is being drawn up."""

    __slots__ = ("closing", "during", "grams", "lot", "pieces")

    def __init__(self, lot: LotRow) -> None:
        self.lot = lot
        self.pieces, self.grams = [0] * Column.ENDED, [0] * Column.ENDED
        self.during, self.closing = (0, 0), lot.held

    def add(self, column: Column, pieces: int, grams: int) -> None:
        self.pieces[column] += pieces
        self.grams[column] += grams

    def move(self, m: LotMoves) -> None:
        self.during = (self.during[0] + m.pieces, self.during[1] + m.grams)
        if m.kind in _PLACES:
            self.add(_PLACES[m.kind], m.pieces, m.grams)

    def later(self, amounts: Amounts) -> None:
        self.closing = (self.closing[0] - amounts.pieces, self.closing[1] - amounts.grams)

    def account(self, worth: _Worth) -> LotAccount:
        lot, opening = self.lot, (self.closing[0] - self.during[0], self.closing[1] - self.during[1])
        columns = columns_of(
            self.pieces[Column.RECEIVED :], self.grams[Column.RECEIVED :], opening, self.closing, by_piece=lot.by_piece
        )  # fmt: skip
        unit = lot.unit_cents if lot.unit_cents is not None else worth.of(lot)
        return LotAccount(
            lot.id, lot.article, lot.family, lot.food, lot.by_piece, lot.origin, lot.financing, lot.received_on, unit,
            lot.unit_cents is not None, *columns, cents_of(unit, *columns, by_piece=lot.by_piece),
        )  # fmt: skip


class _Worth:
    """The dated reference values of every article and family, read once."""

    def __init__(self, session: Session) -> None:
        self.own: dict[int, list[tuple[date, int]]] = defaultdict(list)
        self.families: dict[tuple[int, bool], list[tuple[date, int]]] = defaultdict(list)
        for article, day, cents in session.connection().execute(
            select(ArticleValue.article_id, ArticleValue.valid_from, ArticleValue.cents).order_by(
                ArticleValue.valid_from
            )
        ):
            self.own[article].append((day, cents))
        for row in session.scalars(select(FamilyValue).order_by(FamilyValue.valid_from)):
            for by_piece, each in ((True, row.cents_per_piece), (False, row.cents_per_kg)):
                if each is not None:
                    self.families[row.family_id, by_piece].append((row.valid_from, each))

    def of(self, lot: LotRow) -> int | None:
        """Return the value in cents in force the day a lot came, else the first one that followed; None without any."""
        dated = self.own.get(lot.article_id) or self.families.get((lot.family_id, lot.by_piece))
        if not dated:
            return None
        return dated[max(0, bisect_right(dated, lot.received_on, key=lambda v: v[0]) - 1)][1]
