"""What to ask for: by article or family with a minimum, what is there, what a week takes, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.reorder import Goal, Proposal, proposed, usual_week
from epicerie_desktop.domain.stock import DateKind, MoveKind, Origin
from epicerie_desktop.persistence.models import Article, Family, Lot, StockMinimum, StockMove, Supplier
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock.lots_drawn import ASIDE

WEEKS = 8
"""How many weeks, up to yesterday, tell what a week takes."""
_OUT = (MoveKind.SALE, MoveKind.CANCELLATION, MoveKind.EMERGENCY)
_Both = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MinimumForm:
    """A minimum as typed, of an article or a family: weeks of use, a least quantity and a pack, in pieces or grams."""

    counted_by: SoldBy
    weeks: int
    least: int = 0
    pack: int = 1
    article_id: int | None = None
    family_id: int | None = None
    origin: Origin | None = None
    supplier_id: int | None = None
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of « À commander »: the goods, their family, whom to ask (`origin` and `supplier` may both be unknown), and how much."""

    form: MinimumForm
    name: str
    family: str
    origin: Origin | None
    supplier: str
    proposal: Proposal


def order_lines(desk: Desk) -> tuple[OrderLine, ...]:
    """Return a line for every minimum: what is to be asked for first, then by whom it is asked and by name."""
    today = desk.clock.today()
    with desk.db.read() as session:
        rows = session.execute(
            select(
                StockMinimum, Article.name, Article.family_id, Family.id, Family.name, Supplier.name, Supplier.origin
            )
            .outerjoin(Article, Article.id == StockMinimum.article_id)
            .outerjoin(Family, Family.id == func.coalesce(StockMinimum.family_id, Article.family_id))
            .outerjoin(Supplier, Supplier.id == StockMinimum.supplier_id)
        ).all()
        if not rows:
            return ()
        held, weeks, last = _held_in(session, today), _weeks_in(session, today), _last_in(session)
        family_of = dict(session.execute(select(Article.id, Article.family_id)).all())
    lines = []
    for m, article, _in_family, _family_id, family, supplier, supplier_origin in rows:
        wanted = [m.article_id] if m.article_id is not None else [a for a, f in family_of.items() if f == m.family_id]
        place = 0 if m.counted_by is SoldBy.PIECE else 1
        taken = [sum(week.get(a, (0, 0))[place] for a in wanted) for week in weeks]
        while taken and not taken[0]:
            # What was not yet there, or not yet taken, is no habit.
            taken.pop(0)
        form = MinimumForm(
            m.counted_by, m.weeks, m.least, m.pack, m.article_id, m.family_id, m.origin, m.supplier_id, m.id, m.version
        )
        lines.append(
            OrderLine(
                form, article or family, family, supplier_origin or m.origin or last.get(m.article_id or 0), supplier or "",
                proposed(sum(held.get(a, (0, 0))[place] for a in wanted), usual_week(taken), Goal(m.weeks, m.least, m.pack)),
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda n: (not n.proposal.asked, n.supplier or n.origin or "", n.name)))


def _held_in(session: Session, today: date) -> dict[int, _Both]:
    """Return the pieces and grams of each article that may still be handed out."""
    held: dict[int, _Both] = {}
    for r in session.execute(
        select(Lot.article_id, func.sum(Lot.balance_pieces), func.sum(Lot.balance_grams))
        .where((Lot.balance_pieces > 0) | (Lot.balance_grams > 0), Lot.id.not_in(ASIDE))
        .where((Lot.date_kind != DateKind.USE_BY) | Lot.limit_on.is_(None) | (Lot.limit_on >= today))
        .group_by(Lot.article_id)
    ):
        held[r.article_id] = (int(r[1]), int(r[2]))
    return held


def _weeks_in(session: Session, today: date) -> list[dict[int, _Both]]:
    """Return what each of the last weeks took, oldest first: sales and emergency parcels; a week that took nothing at all is left out."""
    weeks: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for r in session.execute(
        select(Lot.article_id, StockMove.day, func.sum(StockMove.pieces), func.sum(StockMove.grams))
        .join(Lot, Lot.id == StockMove.lot_id)
        .where(StockMove.day >= today - timedelta(weeks=WEEKS), StockMove.day < today, StockMove.kind.in_(_OUT))
        .group_by(Lot.article_id, StockMove.day)
    ):
        sums = weeks[(today - timedelta(days=1) - r.day).days // 7][r.article_id]
        sums[0] -= int(r[2])
        sums[1] -= int(r[3])
    return [{a: (s[0], s[1]) for a, s in weeks[n].items()} for n in sorted(weeks, reverse=True)]


def _last_in(session: Session) -> dict[int, Origin]:
    newest = select(func.max(Lot.id)).where(Lot.origin != Origin.UNKNOWN).group_by(Lot.article_id)
    return dict(session.execute(select(Lot.article_id, Lot.origin).where(Lot.id.in_(newest))).all())
