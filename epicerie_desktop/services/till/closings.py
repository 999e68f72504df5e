"""Closing days, months and years: what each adds up to is written once, with all that came before, and never again changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.closings import Due, PeriodKind, Ticket, Totals, days_due, longer_due, total_of
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.persistence.models import Closing, Payment, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.writing import next_number, seal_in_journal
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def close_due(desk: Desk) -> int:
    """Close the past days, months and years of this post that are not closed yet; return how many closings were made."""
    with desk.db.write() as session:
        return _close(session, desk, desk.clock.today())


def close_day(desk: Desk) -> int:
    """Close today's till now (Z), and return the closing's id; tickets entered later are closed by another one.

    Raises `RuleRefused` where nothing was entered since the last closing.
    """
    today = desk.clock.today()
    with desk.db.write() as session:
        _close(session, desk, today)
        after = closed_up_to(session, desk.post.id)
        tickets = tickets_in(session, desk.post.id, after)
        if not tickets:
            raise RuleRefused(N_("Rien n'a été encaissé depuis la dernière clôture."))
        return [_write(session, desk, due) for due in days_due(tickets, after, date.max)][-1]


def reading(desk: Desk) -> Totals:
    """Return what the till of this post has taken since its last closing (X); nothing is closed."""
    with desk.db.read() as session:
        return total_of(tickets_in(session, desk.post.id, closed_up_to(session, desk.post.id)))


def _close(session: Session, desk: Desk, today: date) -> int:
    after = closed_up_to(session, desk.post.id)
    made = [_write(session, desk, due) for due in days_due(tickets_in(session, desk.post.id, after), after, today)]
    for kind in (PeriodKind.MONTH, PeriodKind.YEAR):
        days = _days_outside(session, desk.post.id, kind)
        made += [_write(session, desk, due) for due in longer_due(kind, days, today)]
    return len(made)


def closed_up_to(session: Session, post: int, kind: PeriodKind = PeriodKind.DAY) -> int:
    """Return the place of the last ticket of a post that a closing of this kind covers, 0 for none."""
    found = session.scalar(
        select(Closing.up_to_sale)
        .where(Closing.post_id == post, Closing.kind == kind)
        .order_by(Closing.id.desc())
        .limit(1)
    )
    return int(found or 0)


def tickets_in(session: Session, post: int, after: int, up_to: int | None = None) -> list[Ticket]:
    """Return the tickets of a post after a place, up to another, in order, inside a caller's block."""
    wanted = [Sale.post_id == post, Sale.id > after] + ([Sale.id <= up_to] if up_to is not None else [])
    means: dict[int, dict[str, int]] = defaultdict(dict)
    for sale, kind, cents in session.execute(
        select(Payment.sale_id, Payment.kind, Payment.cents).join(Sale, Sale.id == Payment.sale_id).where(*wanted)
    ):
        means[sale][kind] = cents
    return [
        Ticket(r.id, r.at.astimezone(PARIS).date(), r.paid_cents, r.shelf_cents, r.grams, r.reverses_id is not None, means[r.id])  # type: ignore[arg-type]
        for r in session.execute(
            select(Sale.id, Sale.at, Sale.paid_cents, Sale.shelf_cents, Sale.grams, Sale.reverses_id).where(*wanted).order_by(Sale.id)
        )
    ]  # fmt: skip


def _days_outside(session: Session, post: int, kind: PeriodKind) -> list[Due]:
    """Return the closed days that no longer closing covers yet, oldest first."""
    after = closed_up_to(session, post, kind)
    return [
        Due(PeriodKind.DAY, c.begins_on, c.ends_on, c.after_sale, c.up_to_sale, totals_of(c))
        for c in session.scalars(
            select(Closing)
            .where(Closing.post_id == post, Closing.kind == PeriodKind.DAY, Closing.up_to_sale > after)
            .order_by(Closing.id)
        )
    ]


def totals_of(row: Closing) -> Totals:
    """Return what a closing says its period adds up to."""
    return Totals(row.tickets, row.cancelled, row.paid_cents, row.gross_cents, row.shelf_cents, row.grams, row.means)


def _write(session: Session, desk: Desk, due: Due) -> int:
    last = session.execute(
        select(Closing.perpetual_cents, Closing.perpetual_gross_cents)
        .where(Closing.post_id == desk.post.id, Closing.kind == due.kind)
        .order_by(Closing.id.desc())
        .limit(1)
    ).first()
    before, before_gross = (last.perpetual_cents, last.perpetual_gross_cents) if last else (0, 0)
    t = due.totals
    row = Closing(
        post_id=desk.post.id, kind=due.kind, number=next_number(session, desk, f"closing.{due.kind.value}"),
        begins_on=due.begins_on, ends_on=due.ends_on, after_sale=due.after_sale, up_to_sale=due.up_to_sale,
        tickets=t.tickets, cancelled=t.cancelled, paid_cents=t.paid_cents, gross_cents=t.gross_cents, shelf_cents=t.shelf_cents,
        grams=t.grams, means={str(k): v for k, v in sorted(t.means.items())}, perpetual_cents=before + t.paid_cents,
        perpetual_gross_cents=before_gross + t.gross_cents, made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(
        session, desk, "closing",
        {
            "closing": row.id, "kind": due.kind.value, "number": row.number, "from": due.begins_on.isoformat(),
            "to": due.ends_on.isoformat(), "after": due.after_sale, "up_to": due.up_to_sale, "paid": t.paid_cents,
            "gross": t.gross_cents, "perpetual": row.perpetual_cents, "perpetual_gross": row.perpetual_gross_cents, "means": row.means,
        },
    )  # fmt: skip
    return row.id


def broken_closings(desk: Desk) -> list[Finding]:
    """Return the closings that no longer add up to the tickets they cover, or to the closing before."""
    found = []
    with desk.db.read() as session:
        before: dict[tuple[int, PeriodKind], tuple[int, int, int, int]] = {}
        for c in session.scalars(select(Closing).order_by(Closing.id)):
            number, after, net, gross = before.get((c.post_id, c.kind), (0, 0, 0, 0))
            held = total_of(tickets_in(session, c.post_id, c.after_sale, c.up_to_sale))
            pairs = (
                (c.number, number + 1), (c.after_sale, after), (c.paid_cents, held.paid_cents), (c.gross_cents, held.gross_cents),
                (c.tickets, held.tickets), (c.cancelled, held.cancelled), (c.shelf_cents, held.shelf_cents), (c.grams, held.grams),
                (c.perpetual_cents, net + c.paid_cents), (c.perpetual_gross_cents, gross + c.gross_cents),
                *((c.means.get(k, 0), held.means.get(PaymentKind(k), 0)) for k in {*c.means, *held.means}),
            )  # fmt: skip
            apart = next((pair for pair in pairs if pair[0] != pair[1]), None)
            if apart is not None:
                found.append(Finding("closing", f"{c.kind}/{c.number}", *apart))
            before[c.post_id, c.kind] = (c.number, c.up_to_sale, c.perpetual_cents, c.perpetual_gross_cents)
    return found
