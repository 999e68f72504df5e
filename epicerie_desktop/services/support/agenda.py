"""Appointments: given, moved, kept or not; what they are about is sealed, everything else is reception's knowledge."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import agenda
from epicerie_desktop.domain.agenda import TAKES_TIME, AppointmentKind, AppointmentState, Slot
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Account, Appointment
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.services.support.common import check_same_file
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_PLACE = 80


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """An appointment as typed, at the hour of France; `id` and `version` None for a new one.

    `about` is sealed: None leaves what is there, for an account that does not read it.
    """

    household: int
    day: date
    hour: time
    kind: AppointmentKind = AppointmentKind.FOLLOW_UP
    minutes: int = 45
    place: str = ""
    worker: int | None = None
    about: str | None = None
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An appointment as written, and the instants of those of the same worker that share its time: told, not refused."""

    id: int
    overlaps: tuple[datetime, ...]


def instant_of(day: date, hour: time) -> datetime:
    """Return the instant of an hour of France. The hours allowed are never those at which clocks change."""
    return datetime.combine(day, hour, PARIS)


def save_appointment(desk: Desk, form: AppointmentForm) -> Given:
    """Give an appointment, or change one that is still to come about; return it with what it overlaps.

    Raises `BadInput` for a day, hour or length that cannot be; `RuleRefused` for one whose outcome is already said, a reserved
    file, or a subject from an account without the second key; `Stale`.
    """
    agenda.check_minutes(form.minutes)
    agenda.checked_hour(form.hour)
    place = checked_text(form.place, MOST_PLACE)
    about = None if form.about is None else checked_text(form.about)
    at = instant_of(form.day, form.hour)
    with desk.db.write() as session:
        file_in(session, desk, form.household)
        _check_worker(session, form.worker)
        row = _row(session, desk, form)
        moved = row.at is not None and row.at != at
        if row.at is None or moved:
            agenda.check_day(form.day, desk.clock.today())
        row.at, row.minutes, row.kind, row.place = at, form.minutes, form.kind.value, place
        row.worker_id = form.worker
        if about is not None and (about or row.sealed is not None):
            row.sealed = seal_json(desk, "appointment", row.uid, {"about": about})
        session.flush()
        seal_in_journal(
            session, desk, "appointment_moved" if moved else "appointment",
            {"appointment": row.id, "household": row.household_id, "kind": row.kind},
        )  # fmt: skip
        return Given(row.id, _overlaps_in(session, row))


def _row(session: Session, desk: Desk, form: AppointmentForm) -> Appointment:
    if form.id is None:
        made = Appointment(uid=uuid.uuid4(), household_id=form.household, state=AppointmentState.PLANNED.value)
        touch(made, desk, None)
        session.add(made)
        return made
    row = session.get_one(Appointment, form.id)
    check_same_file(row.household_id, form.household)
    touch(row, desk, form.version)
    if row.state != AppointmentState.PLANNED:
        raise RuleRefused(N_("Ce rendez-vous a déjà sa suite : donnez-en plutôt un nouveau."))
    return row


def _check_worker(session: Session, worker: int | None) -> None:
    if worker is not None and session.get(Account, worker) is None:
        raise BadInput(N_("Choisissez dans la liste la personne qui reçoit."))


def overlaps(desk: Desk, form: AppointmentForm) -> tuple[datetime, ...]:
    """Return the instants of the appointments of the same worker that share the time of `form`; nothing is written."""
    at = instant_of(form.day, form.hour)
    with desk.db.read() as session:
        return _shared_in(session, Slot(form.id, form.worker, at, form.minutes))


def _overlaps_in(session: Session, row: Appointment) -> tuple[datetime, ...]:
    return _shared_in(session, Slot(row.id, row.worker_id, row.at, row.minutes))


def _shared_in(session: Session, slot: Slot) -> tuple[datetime, ...]:
    if slot.worker is None:
        return ()
    longest = timedelta(minutes=agenda.LONGEST)
    rows = session.execute(
        select(Appointment.id, Appointment.at, Appointment.minutes).where(
            Appointment.worker_id == slot.worker, Appointment.state.in_([s.value for s in TAKES_TIME]),
            Appointment.at > slot.start - longest, Appointment.at < slot.end,
        ).order_by(Appointment.at)
    )  # fmt: skip
    others = [Slot(r.id, slot.worker, r.at, r.minutes) for r in rows if r.id != slot.key]
    return tuple(o.start for o in others if o.end > slot.start)


def note_outcome(desk: Desk, appointment: int, state: AppointmentState, version: int | None) -> None:
    """Say what became of an appointment, or PLANNED to take it back. Raises `RuleRefused` for what its hour forbids; `Stale`."""
    with desk.db.write() as session:
        row = session.get_one(Appointment, appointment)
        file_in(session, desk, row.household_id)
        touch(row, desk, version)
        day = row.at.astimezone(PARIS).date()
        agenda.check_outcome(state, row.at, day, desk.clock.now(), desk.clock.today())
        row.state = state.value
        seal_in_journal(
            session,
            desk,
            "appointment_state",
            {"appointment": row.id, "household": row.household_id, "state": row.state},
        )


def calendar_file(desk: Desk, first: date, last: date, worker: int | None = None) -> bytes:
    """Return the appointments of the days `first` to `last` (both included), of one worker or of all, as iCalendar.

    No name, no number, no subject: « Rendez-vous épicerie » and the neutral kind. The place is left out where someone lives.
    """
    from epicerie_desktop.exchange import calendar
    from epicerie_desktop.services.queries.agenda import calendar_entries

    return calendar.written(calendar_entries(desk, first, last, worker), desk.clock.now())


def may_read_subjects(desk: Desk) -> bool:
    """Return whether the account reads what appointments are about, and whole names."""
    return desk.social_key is not None
