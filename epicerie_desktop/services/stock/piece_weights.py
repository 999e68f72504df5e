"""What a piece weighs: learned by itself from receptions counted and weighed, typed once in the catalogue, or a family's usual weight.

The weight used is written on each line and move with what says it: a better one later changes no past month.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.piece_weights import (
    LEARNED_FROM,
    LEARNED_OVER,
    PieceWeight,
    WeighedReception,
    learned,
    weight_of,
)
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.domain.units import MAX_GRAMS
from epicerie_desktop.persistence.models import Article, Family, Lot, StockMove
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


def weight_in(session: Session, article: Article) -> PieceWeight:
    """Return what a piece of an article counts for now, inside a caller's block."""
    family = session.get_one(Family, article.family_id)
    # A weighed article is not learned: it is weighed whenever it comes.
    taught = article.learned_grams if article.sold_by is SoldBy.PIECE else None
    return weight_of(article.net_grams, taught, family.piece_grams)


def learn_in(session: Session, articles: Iterable[int]) -> None:
    """Learn anew what a piece of these articles weighs, inside the block that wrote their reception; no version is touched."""
    undone = select(StockMove.reverses_id).where(StockMove.reverses_id.is_not(None))
    for article in sorted(set(articles)):
        rows = session.execute(
            select(StockMove.day, StockMove.pieces, StockMove.grams)
            .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
            .where(Lot.article_id == article, StockMove.kind == MoveKind.RECEPTION, StockMove.pieces > 0, StockMove.grams > 0)
            # Before the fourth schema a move of pieces kept no source: without a net weight, its grams had been typed.
            .where(or_(StockMove.weight_source.in_(LEARNED_FROM),
                       and_(StockMove.weight_source.is_(None), Article.net_grams.is_(None))))
            .where(StockMove.id.not_in(undone))
            .order_by(StockMove.day.desc(), StockMove.id.desc()).limit(LEARNED_OVER)
        ).all()  # fmt: skip
        found = learned([WeighedReception(r.day, r.pieces, r.grams) for r in rows])
        session.execute(
            update(Article).where(Article.id == article).values(
                learned_grams=found.grams if found else None, learned_over=found.over if found else None,
                learned_since=found.since if found else None,
            )
        )  # fmt: skip


def source_in(session: Session, lot: int) -> WeightSource | None:
    """Return what said the weight of a lot when it came in, None where nothing was kept."""
    return session.scalars(
        select(StockMove.weight_source)
        .where(StockMove.lot_id == lot, StockMove.kind.in_((MoveKind.RECEPTION, MoveKind.REPACK_IN, MoveKind.PLACE_IN)))
        .order_by(StockMove.id).limit(1)
    ).first()  # fmt: skip


def set_net_weight(desk: Desk, article: int, grams: int, version: int) -> None:
    """Write the net weight read on the pack of an article counted by piece; what was sold before keeps its own.

    Raises `BadInput` for a weight no pack has, `RuleRefused` for a volunteer or an article that is weighed, `Stale`.
    """
    require_team(desk)
    if not 1 <= grams <= MAX_GRAMS:
        raise BadInput(N_("Un poids net doit être supérieur à zéro."))
    with desk.db.write() as session:
        row = session.get_one(Article, article)
        if row.sold_by is not SoldBy.PIECE:
            raise RuleRefused(N_("« {article} » se pèse : il n'a pas de poids net."), article=row.name)
        row.net_grams = grams
        touch(row, desk, version)
        seal_in_journal(session, desk, "net-weight", {"article": article, "grams": grams})
