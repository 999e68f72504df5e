"""The régie de recettes of a CCAS: what it took by means and by day, and what it pays to its accountant (CGCT, R.1617-1 to R.1617-18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.cash import HOUSEHOLD_CASH, counted_cents
from epicerie_desktop.domain.closings import total_of
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.till_papers import PaymentLine, PaymentPaper, Regie, Register, RegisterLine, money_of
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import CashMove, Payment, PaymentSlip, Post, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.papers_made import PaperKey, PaperKind, PaperOut, duplicate_day, sum_of
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.till.closings import tickets_in
from epicerie_desktop.services.till.papers import cheques_in, name_in, numbers_in, ticket_number
from epicerie_desktop.services.till.regie_name import kept_since, regie_in
from epicerie_desktop.services.writing import next_number, seal_in_journal
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

DUE_AFTER_DAYS = 31
"""A régie pays at least once a month (instruction codificatrice 06-031-A-B-M)."""


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """A payment to the accountant: `counts` tells its coins and notes, where they were told apart."""

    counts: Mapping[int, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Takings:
    """What a post took and has not paid to the accountant yet, in cents; `since` is the day of the first of it."""

    after_sale: int
    up_to_sale: int
    after_move: int
    up_to_move: int
    tickets: int
    cancelled: int
    means: Mapping[str, int]
    ahead_cents: int
    since: date | None

    @property
    def total_cents(self) -> int:
        """Return what is to pay."""
        return money_of(self.means) + self.ahead_cents

    @property
    def cash_cents(self) -> int:
        """Return the coins and notes of it."""
        return self.means.get(PaymentKind.CASH, 0) + self.ahead_cents


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A payment made."""

    id: int
    number: str
    day: date
    tickets: int
    cash_cents: int
    cheque_cents: int
    total_cents: int
    by: str


@dataclass(frozen=True, slots=True)
class RegieView:
    """The régie today: who it is, what it holds, its payments, the newest first. `late` where it has waited over a month."""

    regie: Regie
    held: Takings
    late: bool
    over_ceiling: bool
    rows: tuple[SlipRow, ...]


def regie_view(desk: Desk, most: int = 200) -> RegieView:
    """Return what the page of the régie shows."""
    today = desk.clock.today()
    with desk.db.read() as session:
        who, held = regie_in(session, today), _held(session, desk.post.id)
        rows = session.scalars(
            select(PaymentSlip)
            .where(PaymentSlip.post_id == desk.post.id)
            .order_by(PaymentSlip.number.desc())
            .limit(most)
        )
        late = held.since is not None and held.since < today - timedelta(days=DUE_AFTER_DAYS)
        over = bool(who.ceiling_cents) and held.cash_cents > who.ceiling_cents
        return RegieView(
            who, held, late, over,
            tuple(
                SlipRow(
                    r.id, _number(desk.post.number, r.number), r.day, r.tickets, r.means.get(PaymentKind.CASH, 0) + r.ahead_cents,
                    r.means.get(PaymentKind.CHEQUE, 0), r.total_cents, name_in(session, r.made_by),
                )
                for r in rows
            ),
        )  # fmt: skip


def pay_accountant(desk: Desk, form: PaymentForm) -> int:
    """Pay to the accountant all that was taken since the payment before, and return the payment's id; numbered without a gap.

    Raises `RuleRefused` where there is nothing to pay, `BadInput` where the coins and notes told do not make its cash.
    """
    require_team(desk)
    note = checked_text(form.note)
    with desk.db.write() as session:
        held = _held(session, desk.post.id)
        if held.total_cents <= 0:
            raise RuleRefused(N_("Il n'y a rien à verser : tout ce qui a été encaissé l'est déjà."))
        if form.counts and counted_cents(form.counts) != held.cash_cents:
            raise BadInput(N_("Les pièces et les billets ne font pas la somme des espèces à verser : recomptez-les."))
        row = PaymentSlip(
            post_id=desk.post.id, number=next_number(session, desk, "payment"), day=desk.clock.today(), after_sale=held.after_sale,
            up_to_sale=held.up_to_sale, after_move=held.after_move, up_to_move=held.up_to_move, tickets=held.tickets,
            cancelled=held.cancelled, means=dict(held.means), ahead_cents=held.ahead_cents, total_cents=held.total_cents,
            counts={str(v): n for v, n in form.counts.items() if n} or None, note=note, made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "payment",
            {
                "payment": row.id, "number": row.number, "after": row.after_sale, "up_to": row.up_to_sale, "after_move": row.after_move,
                "up_to_move": row.up_to_move, "means": row.means, "ahead": row.ahead_cents, "total": row.total_cents,
            },
        )  # fmt: skip
        return row.id


def _number(post: int, number: int) -> str:
    return f"{post}-{number:04d}"


def _held(session: Session, post: int) -> Takings:
    last = session.execute(
        select(PaymentSlip.up_to_sale, PaymentSlip.up_to_move)
        .where(PaymentSlip.post_id == post)
        .order_by(PaymentSlip.number.desc())
        .limit(1)
    ).first()
    sale, move = last or before_regie(session, post)
    return _takings(session, post, sale, None, move, None)


def before_regie(session: Session, post: int) -> tuple[int, int]:
    """Return the last ticket and the last move of a post from before the shop kept a régie: they are not the accountant's."""
    day = kept_since(session)
    if day is None:
        return 0, 0
    sale = session.scalar(select(func.max(Sale.id)).where(Sale.post_id == post, Sale.at < _midnight(day)))
    move = session.scalar(select(func.max(CashMove.id)).where(CashMove.post_id == post, CashMove.day < day))
    return int(sale or 0), int(move or 0)


def _takings(session: Session, post: int, sale: int, to_sale: int | None, move: int, to_move: int | None) -> Takings:
    tickets = tickets_in(session, post, sale, to_sale)
    moves = session.execute(
        select(CashMove.id, CashMove.cents, CashMove.day).where(*_ahead(post, move, to_move)).order_by(CashMove.id)
    ).all()
    totals = total_of(tickets)
    return Takings(
        sale, tickets[-1].sale if tickets else sale, move, moves[-1].id if moves else move, totals.tickets, totals.cancelled,
        {str(kind): cents for kind, cents in sorted(totals.means.items()) if cents}, sum(m.cents for m in moves),
        min((*(t.day for t in tickets), *(m.day for m in moves)), default=None),
    )  # fmt: skip


def _ahead(post: int, after: int, up_to: int | None) -> list[ColumnElement[bool]]:
    # What households pay ahead, settle or subscribe is a taking; change brought or a purchase is not.
    wanted = [CashMove.post_id == post, CashMove.kind.in_(HOUSEHOLD_CASH), CashMove.id > after]
    return wanted + ([CashMove.id <= up_to] if up_to is not None else [])


def broken_payments(desk: Desk) -> list[Finding]:
    """Return the payments that do not begin where the one before ends, or are not what their tickets and moves add up to."""
    found = []
    with desk.db.read() as session:
        before: dict[int, tuple[int, int, int]] = {}
        for row in session.scalars(select(PaymentSlip).order_by(PaymentSlip.post_id, PaymentSlip.number)):
            number, sale, move = before.get(row.post_id) or (0, *before_regie(session, row.post_id))
            held = _takings(session, row.post_id, row.after_sale, row.up_to_sale, row.after_move, row.up_to_move)
            pairs = (
                (number + 1, row.number), (sale, row.after_sale), (move, row.after_move), (held.total_cents, row.total_cents),
                (held.ahead_cents, row.ahead_cents), (held.tickets, row.tickets), (held.cancelled, row.cancelled),
                *((held.means.get(k, 0), row.means.get(k, 0)) for k in {*held.means, *row.means}),
            )  # fmt: skip
            apart = next((pair for pair in pairs if pair[0] != pair[1]), None)
            if apart is not None:
                found.append(Finding("payment", str(row.number), apart[1], apart[0]))
            before[row.post_id] = (row.number, row.up_to_sale, row.up_to_move)
    return found


def _lines(
    session: Session, post: Post, sales: list[ColumnElement[bool]], moves: list[ColumnElement[bool]]
) -> tuple[RegisterLine, ...]:
    """Return the days of the tickets and moves wanted, in order."""
    days: dict[date, list[int]] = defaultdict(list)
    means: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    seen = set()
    for sale, number, at, kind, cents in session.execute(
        select(Sale.id, Sale.number, Sale.at, Payment.kind, Payment.cents)
        .join(Payment, Payment.sale_id == Sale.id)
        .where(Sale.post_id == post.id, *sales)
        .order_by(Sale.id)
    ):
        day = at.astimezone(PARIS).date()
        if sale not in seen:
            seen.add(sale)
            days[day].append(number)
        means[day][str(kind)] += cents
    ahead: dict[date, int] = {
        day: int(cents)
        for day, cents in session.execute(select(CashMove.day, func.sum(CashMove.cents)).where(*moves).group_by(CashMove.day))
    }  # fmt: skip
    return tuple(
        RegisterLine(
            day, ticket_number(post.number, min(days[day])) if days.get(day) else "",
            ticket_number(post.number, max(days[day])) if days.get(day) else "", len(days.get(day, ())), dict(means.get(day, {})),
            ahead.get(day, 0),
        )
        for day in sorted({*means, *ahead})
    )  # fmt: skip


def register(desk: Desk, first: date, last: date) -> Register:
    """Return the register of takings of this post from a day to another, both included, by day of entry. Raises `BadInput`."""
    if first > last:
        raise BadInput(N_("La période finit avant de commencer : corrigez ses deux dates."))
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    with desk.db.read() as session:
        post = session.get_one(Post, desk.post.id)
        sale, move = before_regie(session, post.id)
        purse = [CashMove.post_id == post.id, CashMove.kind.in_(HOUSEHOLD_CASH), CashMove.id > move]
        lines = _lines(
            session, post, [Sale.id > sale, Sale.at >= begins, Sale.at < ends],
            [*purse, CashMove.day >= first, CashMove.day <= last],
        )  # fmt: skip
        taken = session.scalar(
            select(func.coalesce(func.sum(Payment.cents), 0)).join(Sale, Sale.id == Payment.sale_id)
            .where(Sale.post_id == post.id, Sale.id > sale, Sale.at < begins, Payment.kind.not_in((PaymentKind.PURSE, PaymentKind.SLATE)))
        ) or 0  # fmt: skip
        ahead = session.scalar(select(func.coalesce(func.sum(CashMove.cents), 0)).where(*purse, CashMove.day < first))
        paid = session.scalar(
            select(func.coalesce(func.sum(PaymentSlip.total_cents), 0)).where(
                PaymentSlip.post_id == post.id, PaymentSlip.day < first
            )
        )
        payments = session.scalars(
            select(PaymentSlip)
            .where(PaymentSlip.post_id == post.id, PaymentSlip.day >= first, PaymentSlip.day <= last)
            .order_by(PaymentSlip.number)
        )
        return Register(
            header(desk, WordingKind.REGIE_REGISTER, last), regie_in(session, last), str(post.number), first, last, lines,
            tuple(PaymentLine(_number(post.number, p.number), p.day, p.total_cents) for p in payments),
            int(taken) + int(ahead or 0) - int(paid or 0), desk.clock.now(),
        )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def payment_paper(desk: Desk, slip: int) -> PaymentPaper:
    """Return what the slip of a payment says, from what was stored."""
    with desk.db.read() as session:
        row = session.get_one(PaymentSlip, slip)
        post = session.get_one(Post, row.post_id)
        sales = [Sale.id > row.after_sale, Sale.id <= row.up_to_sale]
        first, last = numbers_in(session, post, row.after_sale, row.up_to_sale)
        return PaymentPaper(
            header(desk, WordingKind.REGIE_PAYMENT, row.day), regie_in(session, row.day), str(post.number), _number(post.number, row.number), row.day,
            _lines(session, post, sales, _ahead(post.id, row.after_move, row.up_to_move)), row.means, row.ahead_cents, row.total_cents,
            first, last, row.tickets, row.cancelled, cheques_in(session, post, row.after_sale, row.up_to_sale),
            {int(v): n for v, n in (row.counts or {}).items()}, row.note, name_in(session, row.made_by), row.made_at, desk.clock.now(),
        )  # fmt: skip


def payment_pdf(desk: Desk, slip: int) -> PaperOut:
    """Return the slip of a payment as PDF, marked where it left the program already."""
    from epicerie_desktop.printing import regie as paper

    found = payment_paper(desk, slip)
    digest = sum_of(found.number, sorted(found.means.items()), found.ahead_cents, found.total_cents)
    key = PaperKey(PaperKind.REGIE_PAYMENT, found.number, 1, digest)
    return PaperOut(paper.render_payment(replace(found, duplicate=duplicate_day(desk, key))), (key,))


def register_pdf(desk: Desk, first: date, last: date) -> bytes:
    """Return the register of takings of a period as PDF. Raises `BadInput`."""
    from epicerie_desktop.printing import regie as paper

    return paper.render_register(register(desk, first, last))
