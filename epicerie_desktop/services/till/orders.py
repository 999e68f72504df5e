"""Orders: a basket the team prepares ahead for a household and a day, taken up at the till; and what was taken last time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.parcel_types import Wanted
from epicerie_desktop.persistence.models import Article, Draft, PreparedOrder, Sale, SaleLine
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import found_in
from epicerie_desktop.services.queries.files import family_in, merged_in, refuse_merged, root_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

TAKEN, DROPPED = "TAKEN", "DROPPED"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order that waits: for whom, for which day, how many lines."""

    id: int
    household: int
    number: str
    name: str
    day: date
    lines: int


def prepare_order(desk: Desk, household: int, day: date, basket: Basket) -> int:
    """Put a basket aside for a household and a day, and return the order's id; it is in hand at this post no more.

    The stock goes out when it is paid, not before. Raises `BadInput` for an empty basket or a day that has passed, `RuleRefused`.
    """
    if not basket.lines:
        raise BadInput(N_("Ce panier est vide : ajoutez ce que vous préparez, puis recommencez."))
    if day < desk.clock.today():
        raise BadInput(N_("Choisissez aujourd'hui ou un jour à venir : la commande attend le foyer ce jour-là."))
    with desk.db.write() as session:
        refuse_merged(session, household)
        order = session.connection().execute(
            insert(table_of(PreparedOrder)).returning(table_of(PreparedOrder).c.id),
            {
                "uid": uuid.uuid4(), "household_id": household, "day": day, "body": baskets.to_json(basket), "made_at": desk.clock.now(),
                "made_by": desk.actor.id, "closed_as": None, "closed_at": None,
            },
        ).scalar_one()  # fmt: skip
        session.execute(delete(Draft).where(Draft.post_id == desk.post.id, Draft.key == str(household)))
        seal_in_journal(session, desk, "order", {"order": order, "household": household, "day": day.isoformat()})
        return int(order)


def take_order(desk: Desk, order: int) -> int:
    """Make an order the basket in hand of its household at this post, and return the household.

    Raises `RuleRefused` where it was taken or dropped already, or where the household has a basket in hand at any post.
    """
    with desk.db.write() as session:
        row = _waiting(session, order)
        # Prepared before its file was united with another: it is the file in use that is served.
        household = root_in(session, row.household_id)
        if session.scalar(select(Draft.post_id).where(Draft.key == str(household))) is not None:
            raise RuleRefused(
                N_(
                    "Un panier de ce foyer est déjà en cours : encaissez-le ou abandonnez-le, puis reprenez la commande."
                )
            )
        now = desk.clock.now()
        session.add(Draft(post_id=desk.post.id, key=str(household), saved_at=now, body=row.body))
        row.closed_as, row.closed_at = TAKEN, now
        session.flush()
        seal_in_journal(session, desk, "order.taken", {"order": order})
        return household


def drop_order(desk: Desk, order: int) -> None:
    """Give up an order that waits: its goods go back to the shelf. Raises `RuleRefused`."""
    with desk.db.write() as session:
        row = _waiting(session, order)
        row.closed_as, row.closed_at = DROPPED, desk.clock.now()
        session.flush()
        seal_in_journal(session, desk, "order.dropped", {"order": order})


def _waiting(session: Session, order: int) -> PreparedOrder:
    row = session.get_one(PreparedOrder, order)
    if row.closed_as is not None:
        raise RuleRefused(N_("Cette commande n'attend plus : elle a été reprise ou abandonnée."))
    return row


def waiting_orders(desk: Desk, *, until: date | None = None) -> tuple[OrderRow, ...]:
    """Return the orders that wait, by day; with `until`, those of that day and before."""
    wanted = (
        select(PreparedOrder).where(PreparedOrder.closed_as.is_(None)).order_by(PreparedOrder.day, PreparedOrder.id)
    )
    if until is not None:
        wanted = wanted.where(PreparedOrder.day <= until)
    with desk.db.read() as session:
        rows = session.scalars(wanted).all()
        united = merged_in(session) if rows else {}
        homes = {r.id: united.get(r.household_id, r.household_id) for r in rows}
        found = {f.id: f for f in found_in(session, desk, sorted(set(homes.values())))}
        return tuple(
            OrderRow(r.id, f.id, f.number, f.called, r.day, len(r.body["lines"]))
            for r in rows
            if (f := found.get(homes[r.id])) is not None
        )


def last_taken(desk: Desk, household: int) -> tuple[Wanted, ...]:
    """Return the pieces of the last ticket a household kept; what is weighed is not there, for it must be weighed again."""
    with desk.db.read() as session:
        last = session.scalar(
            select(Sale.id)
            .where(Sale.household_id.in_(family_in(session, household)), kept())
            .order_by(Sale.day.desc(), Sale.id.desc())
            .limit(1)
        )
        rows = session.execute(
            select(SaleLine.article_id, SaleLine.pieces)
            .join(Article, Article.id == SaleLine.article_id)
            .where(SaleLine.sale_id == last, Article.sold_by == SoldBy.PIECE, Article.active)
            .order_by(SaleLine.n)
        )
        pieces: dict[int, int] = {}
        for r in rows:
            pieces[r.article_id] = pieces.get(r.article_id, 0) + r.pieces
        return tuple(Wanted(a, q) for a, q in pieces.items())
