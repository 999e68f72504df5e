"""Kilos and what says them: the articles without a net weight, and what came in or was lost, weighed and estimated apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import ESTIMATES, SoldBy
from epicerie_desktop.domain.figures import Kilos, Moved
from epicerie_desktop.domain.piece_weights import Learned, PieceWeight, guess_of
from epicerie_desktop.domain.stock import LossReason, MoveKind
from epicerie_desktop.persistence.models import Article, Family, Lot, StockMove
from epicerie_desktop.services.desk import Desk


@dataclass(frozen=True, slots=True)
class WeightRow:
    """An article without a net weight: what is counted for a piece, and how it was learned, None where it was not."""

    article: int
    version: int
    name: str
    family: str
    weight: PieceWeight
    learned: Learned | None


def learned_of(grams: int | None, over: int | None, since: date | None) -> Learned | None:
    """Return what the columns of an article say was learned."""
    return Learned(grams, over or 1, since) if grams and since is not None else None


def articles_without_weight(desk: Desk) -> tuple[WeightRow, ...]:
    """Return the active articles counted by piece without a net weight: those of which nothing is known first, then by name."""
    with desk.db.read() as session:
        return without_weight_in(session)


def without_weight_in(session: Session) -> tuple[WeightRow, ...]:
    """Return the same inside a caller's block."""
    rows = [
        WeightRow(
            a.id, a.version, a.name, family.name, guess_of(a.learned_grams, family.piece_grams),
            learned_of(a.learned_grams, a.learned_over, a.learned_since),
        )
        for a, family in session.execute(
            select(Article, Family).join(Family, Family.id == Article.family_id)
            .where(Article.active, Article.sold_by == SoldBy.PIECE, Article.net_grams.is_(None)).order_by(Article.folded)
        )
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda r: r.weight.known))


def moved_in(session: Session, start: date, end: date) -> Moved:
    """Return the food kilos received and lost from one day to another, both included; what was undone counts for nothing.

    What a household brought back and was thrown away stays handed out: it is no loss as well.
    """
    guessed = case((StockMove.weight_source.in_(ESTIMATES), StockMove.grams), else_=0)
    rows = session.execute(
        select(StockMove.kind, func.sum(StockMove.grams), func.sum(guessed))
        .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
        .join(Family, Family.id == Article.family_id)
        .where(StockMove.kind.in_((MoveKind.RECEPTION, MoveKind.LOSS)), StockMove.day >= start, StockMove.day <= end, Family.food)
        .where(StockMove.loss_reason.is_(None) | (StockMove.loss_reason != LossReason.BROUGHT_BACK))
        .group_by(StockMove.kind)
    ).all()  # fmt: skip
    # Its last piece gone, a lot keeps in grams what its arrival and its outings did not weigh alike.
    last = (
        select(StockMove.lot_id, func.max(StockMove.day).label("day"))
        .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
        .join(Family, Family.id == Article.family_id)
        .where(Lot.balance_pieces == 0, Lot.balance_grams != 0, Article.sold_by == SoldBy.PIECE, Family.food)
        .group_by(StockMove.lot_id).subquery()
    )  # fmt: skip
    ended = session.execute(
        select(func.count(), func.coalesce(func.sum(Lot.balance_grams), 0))
        .join(last, last.c.lot_id == Lot.id).where(last.c.day >= start, last.c.day <= end)
    ).one()  # fmt: skip
    # A loss of another month undone in this one makes less than nothing lost here: the year still adds up.
    signs = {MoveKind.RECEPTION: 1, MoveKind.LOSS: -1}
    found = {r[0]: Kilos(signs[r[0]] * int(r[1]), signs[r[0]] * int(r[2])) for r in rows}
    return Moved(
        found.get(MoveKind.RECEPTION, Kilos()), found.get(MoveKind.LOSS, Kilos()), int(ended[0]), int(ended[1])
    )
