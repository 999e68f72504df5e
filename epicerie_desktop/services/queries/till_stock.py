"""The lots of every article, as the till needs them to know from which the next basket will be drawn."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import LotState, Origin, Place
from epicerie_desktop.domain.till_account import Stock
from epicerie_desktop.persistence.models import Article, Lot
from epicerie_desktop.services.stock.lots_drawn import ASIDE

_STOCK = (
    select(Lot.id, Lot.article_id, Lot.balance_pieces, Lot.balance_grams, Lot.date_kind, Lot.limit_on, Lot.received_on,
           Lot.origin, Lot.place, Article.sold_by)
    .join(Article, Article.id == Lot.article_id)
    .where((Lot.balance_pieces > 0) | (Lot.balance_grams > 0), Lot.id.not_in(ASIDE))
)  # fmt: skip
_LAST = select(Lot.article_id, Lot.origin).where(Lot.id.in_(select(func.max(Lot.id)).group_by(Lot.article_id)))


def stock_in(session: Session) -> Stock:
    """Return the lots that hold something, by article, and the origin of the last lot of each, inside a caller's block."""
    lots: dict[int, list[LotState]] = {}
    for r in session.connection().execute(_STOCK):
        quantity = r.balance_pieces if r.sold_by is SoldBy.PIECE else r.balance_grams
        state = LotState(r.id, quantity, r.date_kind, r.limit_on, r.received_on, r.origin, r.place is not Place.SHELF)
        lots.setdefault(r.article_id, []).append(state)
    last: dict[int, Origin] = {r.article_id: r.origin for r in session.connection().execute(_LAST)}
    return Stock({a: tuple(found) for a, found in lots.items()}, last)
