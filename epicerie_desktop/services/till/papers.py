"""The papers of the till, gathered from what is stored: readings and closings, the sheet of a count, the slip for the bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop import __version__
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind, total_of
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.till_papers import CashLine, Cheque, CountSheet, DepositSlip, Reading, Share
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import (
    Account,
    CashMove,
    Closing,
    Journal,
    Lot,
    Payment,
    Post,
    Sale,
    SaleLine,
    TillSession,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.papers_made import PaperKey, PaperKind, PaperOut, duplicate_day, sum_of
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.till.closings import closed_up_to, tickets_in, totals_of
from epicerie_desktop.services.till.drawer import closing_deposit_in, state_in
from epicerie_desktop.services.till.ticket_printing import print_rows
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings

_SEAL = 12
"""How many signs of a digest a paper shows: enough to compare it with the journal's."""


def reading(desk: Desk, closing: int | None = None) -> Reading:
    """Return what the till took since its last closing (X), or over a closing (Z); it only reads."""
    with desk.db.read() as session:
        if closing is None:
            return _now(session, desk)
        row = session.get_one(Closing, closing)
        post = session.get_one(Post, row.post_id)
        first, last = numbers_in(session, post, row.after_sale, row.up_to_sale)
        by_rate, by_financing = _shares(session, row.post_id, row.after_sale, row.up_to_sale)
        return Reading(
            header(desk, WordingKind.TILL_READING, row.made_at.astimezone(PARIS).date()), _post_name(post), row.kind, row.number, row.begins_on, row.ends_on, totals_of(row), first, last, by_rate,
            by_financing, row.perpetual_cents, row.perpetual_gross_cents, _seal_of(session, row), __version__, name_in(session, row.made_by),
            row.made_at, desk.clock.now(),
        )  # fmt: skip


def _now(session: Session, desk: Desk) -> Reading:
    after, today = closed_up_to(session, desk.post.id), desk.clock.today()
    post = session.get_one(Post, desk.post.id)
    tickets = tickets_in(session, post.id, after)
    totals = total_of(tickets)
    first, last = numbers_in(session, post, after, None)
    by_rate, by_financing = _shares(session, post.id, after, None)
    before = session.execute(
        select(Closing.perpetual_cents, Closing.perpetual_gross_cents)
        .where(Closing.post_id == post.id, Closing.kind == PeriodKind.DAY)
        .order_by(Closing.id.desc())
        .limit(1)
    ).first() or (0, 0)
    seal = session.scalar(
        select(Journal.digest).where(Journal.post_id == post.id).order_by(Journal.seq.desc()).limit(1)
    )
    return Reading(
        header(desk, WordingKind.TILL_READING), _post_name(post), None, 0, min((t.day for t in tickets), default=today), today, totals, first, last, by_rate,
        by_financing, before[0] + totals.paid_cents, before[1] + totals.gross_cents, seal.hex()[:_SEAL] if seal else "", __version__,
        desk.actor.name, desk.clock.now(), desk.clock.now(),
    )  # fmt: skip


def _post_name(post: Post) -> str:
    return f"{post.number} – {post.name}" if post.name else str(post.number)


def name_in(session: Session, account: int | None) -> str:
    """Return the name of an account, empty for none."""
    return session.scalar(select(Account.name).where(Account.id == account)) or ""


def ticket_number(post: int, number: int) -> str:
    """Return the number of a ticket as people read it, of its post's number and its own."""
    return f"{post}-{number:06d}"


def numbers_in(session: Session, post: Post, after: int, up_to: int | None) -> tuple[str, str]:
    """Return the numbers of the first and last tickets of a post after a place, up to another; empty where there is none."""
    wanted = [Sale.post_id == post.id, Sale.id > after] + ([Sale.id <= up_to] if up_to is not None else [])
    first, last = session.execute(select(func.min(Sale.number), func.max(Sale.number)).where(*wanted)).one()
    return ("", "") if first is None else (ticket_number(post.number, first), ticket_number(post.number, last))


def _seal_of(session: Session, row: Closing) -> str:
    """Return the short form of the digest of a closing's entry; its canonical body holds the closing's number as it was written."""
    found = session.scalar(
        select(Journal.digest)
        .where(
            Journal.post_id == row.post_id, Journal.kind == "closing", Journal.body.contains(f'"closing":{row.id},"from"')
        )
        .limit(1)
    )  # fmt: skip
    return found.hex()[:_SEAL] if found else ""


def _shares(session: Session, post: int, after: int, up_to: int | None) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    wanted = [Sale.post_id == post, Sale.id > after] + ([Sale.id <= up_to] if up_to is not None else [])
    sums = (func.sum(SaleLine.shelf_cents), func.sum(SaleLine.paid_cents), func.sum(SaleLine.grams))
    rates = session.execute(
        select(Sale.participation_permille, *sums).join(SaleLine, SaleLine.sale_id == Sale.id).where(*wanted)
        .group_by(Sale.participation_permille).order_by(Sale.participation_permille)
    )  # fmt: skip
    sources = session.execute(
        select(Lot.financing, *sums).join(SaleLine, SaleLine.lot_id == Lot.id).join(Sale, Sale.id == SaleLine.sale_id).where(*wanted)
        .group_by(Lot.financing).order_by(Lot.financing)
    )  # fmt: skip
    names = {s.code: s.name for s in financing_sources()}
    by_rate = tuple(Share(shown.percent(r), int(v), int(p), int(g)) for r, v, p, g in rates)
    by_source = tuple(Share(names.get(c, c) or _("Non précisé"), int(v), int(p), int(g)) for c, v, p, g in sources)
    return by_rate, by_source


def _reading_to_give(desk: Desk, closing: int | None) -> tuple[Reading, tuple[PaperKey, ...]]:
    """Return a reading, marked where it is a closing that left the program already, and what that closing is told by."""
    found = reading(desk, closing)
    if closing is None:
        return found, ()
    with desk.db.read() as session:
        row = session.get_one(Closing, closing)
        about = f"{session.get_one(Post, row.post_id).number}/{row.kind.value}/{row.number}"
    key = PaperKey(PaperKind.TILL_CLOSING, about, 1, found.seal)
    return replace(found, duplicate=duplicate_day(desk, key)), (key,)


def reading_pdf(desk: Desk, closing: int | None = None) -> PaperOut:
    """Return a reading (X) or a closing (Z) as PDF; an X closes nothing, and is never a duplicate."""
    from epicerie_desktop.printing import till_reading

    found, keys = _reading_to_give(desk, closing)
    return PaperOut(till_reading.render(found), keys)


def print_reading(desk: Desk, closing: int | None, machine: MachineSettings) -> tuple[PaperKey, ...]:
    """Print a reading or a closing on the ticket printer, and return what is to be noted as having come out.

    Raises `BadInput` where there is no printer, `EnvironmentTrouble` where it is off.
    """
    from epicerie_desktop.domain.till_text import reading_rows

    found, keys = _reading_to_give(desk, closing)
    print_rows(reading_rows(found), machine)
    return keys


def count_sheet(desk: Desk, till_session: int) -> CountSheet:
    """Return what the sheet of a count says. Raises `RuleRefused` for a session that was not counted yet."""
    with desk.db.read() as session:
        row = session.get_one(TillSession, till_session)
        if row.closed_at is None or row.expected_cents is None or row.counted_cents is None:
            raise RuleRefused(N_("Cette caisse n'est pas encore comptée : comptez-la d'abord."))
        post = session.get_one(Post, row.post_id)
        first, last = numbers_in(session, post, row.after_sale, row.up_to_sale)
        leaving = closing_deposit_in(session, row)
        moves = session.scalars(
            select(CashMove)
            .where(CashMove.session_id == row.id, CashMove.id != (leaving.id if leaving else 0))
            .order_by(CashMove.id)
        )
        return CountSheet(
            header(desk, WordingKind.TILL_COUNT, row.closed_at.astimezone(PARIS).date()), _post_name(post), row.number, row.opened_at, name_in(session, row.opened_by), row.closed_at,
            name_in(session, row.closed_by), first, last, row.float_cents, state_in(session, row).sales_cents,
            tuple(CashLine(m.made_at, m.kind, m.cents, m.note) for m in moves), row.expected_cents, row.counted_cents,
            {int(v): n for v, n in (row.counts or {}).items()}, row.deposit_cents or 0, row.reason, row.note, desk.clock.now(),
        )  # fmt: skip


def _count_to_give(desk: Desk, till_session: int) -> tuple[CountSheet, PaperKey]:
    """Return the sheet of a count, marked where it left the program already, and what it is told by."""
    found = count_sheet(desk, till_session)
    with desk.db.read() as session:
        about = _session_number(session, session.get_one(TillSession, till_session))
    digest = sum_of(about, found.expected_cents, found.counted_cents, found.deposit_cents, sorted(found.counts.items()))
    key = PaperKey(PaperKind.TILL_COUNT, about, 1, digest)
    return replace(found, duplicate=duplicate_day(desk, key)), key


def _session_number(session: Session, row: TillSession) -> str:
    return f"{session.get_one(Post, row.post_id).number}-{row.number}"


def count_sheet_pdf(desk: Desk, till_session: int) -> PaperOut:
    """Return the sheet of a count as PDF. Raises `RuleRefused` for a session that was not counted yet."""
    from epicerie_desktop.printing import till_count_sheet as paper

    found, key = _count_to_give(desk, till_session)
    return PaperOut(paper.render(found), (key,))


def print_count_sheet(desk: Desk, till_session: int, machine: MachineSettings) -> tuple[PaperKey, ...]:
    """Print a count on the ticket printer, and return what is to be noted. Raises `RuleRefused`, `BadInput`, `EnvironmentTrouble`."""
    from epicerie_desktop.domain.till_text import count_rows

    found, key = _count_to_give(desk, till_session)
    print_rows(count_rows(found), machine)
    return (key,)


def deposit_slip(desk: Desk, till_session: int) -> DepositSlip:
    """Return what left a session for the bank: its cash, by coin and note where all of it is known so, and its cheques.

    Raises `RuleRefused` where nothing left.
    """
    with desk.db.read() as session:
        row = session.get_one(TillSession, till_session)
        post = session.get_one(Post, row.post_id)
        undone = select(CashMove.reverses_id).where(CashMove.reverses_id.is_not(None))
        moves = session.scalars(
            select(CashMove).where(
                CashMove.session_id == row.id, CashMove.kind == CashMoveKind.DEPOSIT, CashMove.id.not_in(undone)
            )
        ).all()
        counts: dict[int, int] = {}
        for move in moves:
            for value, number in (move.counts or {}).items():
                counts[int(value)] = counts.get(int(value), 0) + number
        cash = -sum(m.cents for m in moves)
        if sum(value * number for value, number in counts.items()) != cash:
            counts = {}
        cheques = cheques_in(session, post, _since_the_count_before(session, row), row.up_to_sale)
        if not cash and not cheques:
            raise RuleRefused(N_("Rien n'est parti à la banque de cette caisse : ni espèces, ni chèque."))
        day = (row.closed_at or desk.clock.now()).astimezone(PARIS).date()
        return DepositSlip(
            header(desk, WordingKind.DEPOSIT, day), _session_number(session, row), day, cash, counts, cheques,
            name_in(session, row.closed_by or row.opened_by), desk.clock.now(),
        )  # fmt: skip


def _since_the_count_before(session: Session, row: TillSession) -> int:
    """Return the place after which cheques are this session's: one taken while the drawer was shut goes to the bank with the next count."""
    before = session.scalar(
        select(TillSession.up_to_sale)
        .where(TillSession.post_id == row.post_id, TillSession.number < row.number)
        .order_by(TillSession.number.desc())
        .limit(1)
    )
    return row.after_sale if before is None else before


def _slip_key(desk: Desk, till_session: int, slip: DepositSlip) -> PaperKey | None:
    """Return what a slip is told by, None while its drawer is not counted.

    A deposit undone after the count makes another slip: its version counts those.
    """
    with desk.db.read() as session:
        if session.get_one(TillSession, till_session).closed_at is None:
            return None
        undone = select(CashMove.reverses_id).where(CashMove.reverses_id.is_not(None))
        versions = session.scalar(
            select(func.count()).where(
                CashMove.session_id == till_session, CashMove.kind == CashMoveKind.DEPOSIT, CashMove.id.in_(undone)
            )
        )
    digest = sum_of(
        slip.number, slip.cash_cents, sorted(slip.counts.items()), [(c.ticket, c.cents) for c in slip.cheques]
    )
    return PaperKey(PaperKind.DEPOSIT_SLIP, slip.number, 1 + int(versions or 0), digest)


def deposit_slip_pdf(desk: Desk, till_session: int) -> PaperOut:
    """Return the slip for the bank as PDF. Raises `RuleRefused` where nothing left."""
    from epicerie_desktop.printing import deposit_slip as paper

    slip = deposit_slip(desk, till_session)
    key = _slip_key(desk, till_session, slip)
    if key is None:
        return PaperOut(paper.render(slip), ())
    return PaperOut(paper.render(replace(slip, duplicate=duplicate_day(desk, key))), (key,))


def cheques_in(session: Session, post: Post, after: int, up_to: int | None) -> tuple[Cheque, ...]:
    """Return the cheques taken in by a post after a place, up to another; a ticket cancelled in it gives its cheque back."""
    wanted = [Sale.post_id == post.id, Sale.id > after] + ([Sale.id <= up_to] if up_to is not None else [])
    rows = session.execute(
        select(Sale.id, Sale.number, Sale.at, Sale.reverses_id, Payment)
        .join(Payment, Payment.sale_id == Sale.id)
        .where(Payment.kind == PaymentKind.CHEQUE, *wanted)
        .order_by(Sale.id)
    ).all()
    back = {r.reverses_id for r in rows}
    inside = {r.id for r in rows}
    return tuple(
        Cheque(ticket_number(post.number, r.number), _day(r.at), r.Payment.cents, r.Payment.reference)
        for r in rows
        if r.id not in back and r.reverses_id not in inside
    )


def _day(at: datetime) -> date:
    return at.astimezone(PARIS).date()
