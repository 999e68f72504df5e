"""Reads the account of each lot over a period: its moves, what tickets and parcels took of it, and what the book says it holds."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.reports.lot_accounts import NOTHING, Amount, LotAccount
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import (
    Article,
    ArticleValue,
    EmergencyLine,
    EmergencyParcel,
    Family,
    FamilyValue,
    Lot,
    Sale,
    SaleLine,
    StockMove,
)

_MANY = 10_000
_BEFORE, _AFTER = "before", "after"
_FLOWS: dict[MoveKind, tuple[str, int]] = {
    MoveKind.RECEPTION: ("received", 1), MoveKind.BROUGHT_BACK: ("brought_back", 1), MoveKind.LOSS: ("lost", -1),
    MoveKind.SENT: ("sent", -1), MoveKind.RETURNED: ("sent", -1), MoveKind.REPACK_OUT: ("sorted_", 1), MoveKind.REPACK_IN: ("sorted_", 1),
    MoveKind.PLACE_OUT: ("sorted_", 1), MoveKind.PLACE_IN: ("sorted_", 1), MoveKind.CORRECTION: ("corrected", 1),
}  # fmt: skip
"""Where a move goes in an account, and its sign there; what tickets and parcels took is read on them."""


def lot_accounts_in(session: Session, first: date, last: date) -> tuple[LotAccount, ...]:
    """Return the account of every lot that held something or moved, in order, inside a caller's block."""
    told: dict[int, dict[str, Amount]] = defaultdict(dict)
    _read_moves(session, first, last, told)
    _read_handed_out(session, first, last, told)
    worth = _Worth(session)
    found = (_account(row, told.get(row.id, {}), worth) for row in _lots(session, told))
    return tuple(n for n in found if n.moved)


def _read_moves(session: Session, first: date, last: date, told: dict[int, dict[str, Amount]]) -> None:
    when = case((StockMove.day < first, _BEFORE), (StockMove.day > last, _AFTER), else_=cast(StockMove.kind, Text))
    sums = func.sum(StockMove.pieces), func.sum(StockMove.grams)
    for lot, bucket, pieces, grams in session.execute(
        select(StockMove.lot_id, when, *sums).group_by(StockMove.lot_id, when).having(or_(sums[0] != 0, sums[1] != 0))
    ):
        name, sign = (bucket, 1) if bucket in (_BEFORE, _AFTER) else _FLOWS.get(MoveKind(bucket), ("", 0))
        # A lot that only tickets took from is known by them.
        if name:
            told[lot][name] = told[lot].get(name, NOTHING).plus(Amount(int(pieces), int(grams)), sign)


def _read_handed_out(session: Session, first: date, last: date, told: dict[int, dict[str, Amount]]) -> None:
    heads = (
        ("given", SaleLine, Sale.day, select(SaleLine.lot_id).join(Sale, Sale.id == SaleLine.sale_id)),
        ("parcels", EmergencyLine, EmergencyParcel.day,
         select(EmergencyLine.lot_id).join(EmergencyParcel, EmergencyParcel.id == EmergencyLine.parcel_id)),
    )  # fmt: skip
    for name, line, day, lots in heads:
        rows = lots.add_columns(func.sum(line.pieces), func.sum(line.grams)).where(day >= first, day <= last)
        for lot, pieces, grams in session.execute(rows.group_by(line.lot_id)):
            told[lot][name] = Amount(int(pieces), int(grams))


def _lots(session: Session, told: Iterable[int]) -> Iterator[Any]:
    ids = sorted(told)
    for start in range(0, len(ids), _MANY):
        yield from session.execute(
            select(
                Lot.id, Article.id.label("article_id"), Article.name, Article.sold_by, Family.id.label("family_id"), Family.code, Family.food,
                Lot.origin, Lot.financing, Lot.received_on, Lot.unit_cents, Lot.balance_pieces, Lot.balance_grams,
            )
            .join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
            .where(Lot.id.in_(ids[start : start + _MANY])).order_by(Lot.id)
        )  # fmt: skip


def _account(row: Any, told: dict[str, Amount], worth: _Worth) -> LotAccount:
    opening, after = told.pop(_BEFORE, NOTHING), told.pop(_AFTER, NOTHING)
    by_piece = row.sold_by is SoldBy.PIECE
    unit = (
        worth.of(row.article_id, row.family_id, row.received_on, by_piece=by_piece)
        if row.unit_cents is None
        else row.unit_cents
    )
    return LotAccount(
        row.id, row.name, row.code, row.food, by_piece, row.origin, row.financing, row.received_on, unit, row.unit_cents is not None,
        opening=opening, closing=Amount(row.balance_pieces, row.balance_grams).plus(after, -1), **told,
    )  # fmt: skip


class _Worth:
    """The dated reference values of every article and family, read once."""

    def __init__(self, session: Session) -> None:
        self.own: dict[int, list[tuple[date, int]]] = defaultdict(list)
        self.families: dict[tuple[int, bool], list[tuple[date, int]]] = defaultdict(list)
        for article, day, cents in session.execute(
            select(ArticleValue.article_id, ArticleValue.valid_from, ArticleValue.cents).order_by(
                ArticleValue.valid_from
            )
        ):
            self.own[article].append((day, cents))
        for row in session.scalars(select(FamilyValue).order_by(FamilyValue.valid_from)):
            for by_piece, each in ((True, row.cents_per_piece), (False, row.cents_per_kg)):
                if each is not None:
                    self.families[row.family_id, by_piece].append((row.valid_from, each))

    def of(self, article: int, family: int, day: date, *, by_piece: bool) -> int | None:
        """Return the value in cents in force on a day, else the first one that followed; None without any."""
        dated = self.own.get(article) or self.families.get((family, by_piece))
        if not dated:
            return None
        return dated[max(0, bisect_right(dated, day, key=lambda v: v[0]) - 1)][1]


def within(column: Any, runs: Iterable[tuple[date, date]]) -> Any:
    """Return the condition that a day lies in one of these runs, as a flag."""
    spans = [and_(column >= start, column <= end) for start, end in runs]
    return case((or_(*spans), 1), else_=0) if spans else None
