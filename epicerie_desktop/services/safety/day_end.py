"""The end of a day: a few answers, and the words for the next team, shown at the next opening until somebody has read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.persistence.models import Account, Article, DayEnd, Draft, Lot, Quarantine, TillSession
from epicerie_desktop.services.contract.receipts import late_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.safety.cold_chain import ReadingForm, UnitRow, readings_in, to_read_in, units_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

LONGEST_NOTE = 600
_NAMED = 6


@dataclass(frozen=True, slots=True)
class DayEndForm:
    """What the evening answers; `readings` are the temperatures typed with it."""

    dates_checked: bool
    cash_counted: bool
    note: str
    readings: tuple[ReadingForm, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawerAnswer:
    """What the drawer of this post answers to « was the cash counted? », in cents: still open, or counted today."""

    number: int
    is_open: bool
    counted_cents: int = 0
    difference_cents: int = 0
    left_cents: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DayEndView:
    """What the questions show: the units to read, the dates that come, the note already begun, what was answered today."""

    units: tuple[UnitRow, ...]
    due: tuple[str, ...]
    note: str
    done: bool
    drawer: DrawerAnswer | None = None
    """None where the shop does not count its drawer, or did not open it today: the question is asked."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """The words left by a team for the next one."""

    id: int
    day: date
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class SafetyReminders:
    """What the counter recalls, and never blocks: the words left, the units not read today, lots set aside, the evening to do."""

    hand_over: HandOver | None = None
    to_read: int = 0
    aside: int = 0
    day_end: bool = False
    """Whether the shop ends its days with the questions."""
    unsent: tuple[str, ...] = ()
    """The months that the coordinator should have received by now."""


def record_day_end(desk: Desk, form: DayEndForm) -> int:
    """Write the evening's answers with its temperatures, all or none, and return their id.

    Raises `ActionNeeded` where a temperature is out of its limits and nothing was done, `BadInput` for a note too long.
    """
    note = checked_text(form.note, LONGEST_NOTE)
    with desk.db.write() as session:
        readings_in(session, desk, form.readings)
        row = DayEnd(
            day=desk.clock.today(), made_at=desk.clock.now(), made_by=desk.actor.id, dates_checked=form.dates_checked,
            cash_counted=form.cash_counted, note=note,
        )  # fmt: skip
        session.add(row)
        session.flush()
        body = {"day_end": row.id, "dates": form.dates_checked, "cash": form.cash_counted}
        seal_in_journal(session, desk, "day_end", body)
        return row.id


def day_end_view(desk: Desk) -> DayEndView:
    """Return what the evening's questions show, with a note begun from what is left open."""
    today = desk.clock.today()
    with desk.db.read() as session:
        uses = features_in(session)
        due = _due(session, today + timedelta(days=1))
        done = session.scalar(select(DayEnd.id).where(DayEnd.day == today).limit(1)) is not None
        units = units_in(session, desk) if uses.cold_chain else ()
        row = _drawer_of_today(session, desk) if uses.sessions else None
        note = "" if done else "\n".join(_begun(session, desk, due, row))
        return DayEndView(units, due, note, done, _answer(row) if row is not None else None)


def _drawer_of_today(session: Session, desk: Desk) -> TillSession | None:
    """Return the session of this post that is open, else the last one counted today."""
    row = session.scalar(
        select(TillSession).where(TillSession.post_id == desk.post.id).order_by(TillSession.number.desc()).limit(1)
    )
    today = desk.clock.today()
    if row is None or (row.closed_at is not None and row.closed_at.astimezone(PARIS).date() != today):
        return None
    return row


def _answer(row: TillSession) -> DrawerAnswer:
    if row.closed_at is None:
        return DrawerAnswer(row.number, is_open=True)
    counted = row.counted_cents or 0
    return DrawerAnswer(
        row.number, False, counted, counted - (row.expected_cents or 0), counted - (row.deposit_cents or 0), row.reason
    )  # fmt: skip


def begun_in(session: Session, desk: Desk) -> list[str]:
    """Return the words to the next team that the books already know, inside a caller's block."""
    return _left_open(session, desk, _due(session, desk.clock.today() + timedelta(days=1)))


def _begun(session: Session, desk: Desk, due: tuple[str, ...], drawer: TillSession | None) -> list[str]:
    """Return the words of the evening: those written when the drawer was counted, else what is left open, then the drawer."""
    if drawer is None or drawer.closed_at is None:
        return _left_open(session, desk, due)
    words = drawer.note.splitlines() if drawer.note else _left_open(session, desk, due)
    found = _answer(drawer)
    words.append(_("Caisse : {amount} laissés dans le tiroir.").format(amount=shown.money(found.left_cents)))
    if found.difference_cents:
        told = (
            _("Il y avait {amount} de trop ({reason}).")
            if found.difference_cents > 0
            else _("Il manquait {amount} ({reason}).")
        )
        words.append(told.format(amount=shown.money(abs(found.difference_cents)), reason=found.reason))
    return words


def _due(session: Session, until: date) -> tuple[str, ...]:
    rows = session.scalars(
        select(Article.name)
        .join(Lot, Lot.article_id == Article.id)
        .where(Lot.date_kind == DateKind.USE_BY, Lot.limit_on <= until, (Lot.balance_pieces > 0) | (Lot.balance_grams > 0))
        .group_by(Article.id)
        .order_by(func.min(Lot.limit_on), Article.folded)
    )  # fmt: skip
    return tuple(rows)


def _left_open(session: Session, desk: Desk, due: tuple[str, ...]) -> list[str]:
    # A key of figures is a household's basket; the other drafts are not the till's.
    held = sum(k.isdigit() for k in session.scalars(select(Draft.key).where(Draft.post_id == desk.post.id)))
    below = session.scalar(select(func.count(Lot.id)).where((Lot.balance_pieces < 0) | (Lot.balance_grams < 0))) or 0
    aside = _aside(session)
    told = []
    if held:
        told.append(ngettext("{n} panier en attente.", "{n} paniers en attente.", held).format(n=held))
    if due:
        more = "…" if len(due) > _NAMED else ""
        told.append(
            _("DLC demain au plus tard : {articles}{more}.").format(articles=", ".join(due[:_NAMED]), more=more)
        )
    if aside:
        told.append(ngettext("{n} lot mis de côté.", "{n} lots mis de côté.", aside).format(n=aside))
    if below:
        told.append(ngettext("{n} lot à régulariser.", "{n} lots à régulariser.", below).format(n=below))
    return told


def _aside(session: Session) -> int:
    rows = select(func.count(Quarantine.lot_id.distinct())).join(Lot, Lot.id == Quarantine.lot_id)
    held = (Lot.balance_pieces > 0) | (Lot.balance_grams > 0)
    return session.scalar(rows.where(Quarantine.lifted_at.is_(None), held)) or 0


def safety_reminders(desk: Desk) -> SafetyReminders:
    """Return what the counter recalls today; nothing is read of what the shop does not use."""
    with desk.db.read() as session:
        uses = features_in(session)
        return SafetyReminders(
            _hand_over(session, desk) if uses.day_end else None, to_read_in(session, desk) if uses.cold_chain else 0,
            _aside(session), uses.day_end, late_in(session, desk),
        )  # fmt: skip


def _hand_over(session: Session, desk: Desk) -> HandOver | None:
    """Return the last words of a day before today, or of a team of this morning, that nobody has read yet."""
    row = session.execute(
        select(DayEnd.id, DayEnd.day, Account.name, DayEnd.note, DayEnd.seen_at, DayEnd.made_by)
        .join(Account, Account.id == DayEnd.made_by)
        .order_by(DayEnd.id.desc())
        .limit(1)
    ).first()
    if row is None or row.seen_at is not None or not row.note:
        return None
    if row.day == desk.clock.today() and row.made_by == desk.actor.id:
        return None
    return HandOver(row.id, row.day, row.name, row.note)


def mark_seen(desk: Desk, hand_over: int) -> None:
    """Note that the words of a team were read; again changes nothing."""
    with desk.db.write() as session:
        row = session.get_one(DayEnd, hand_over)
        if row.seen_at is None:
            row.seen_at, row.seen_by = desk.clock.now(), desk.actor.id
