"""The agenda as a worker and as reception see it, and what a calendar file may carry of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.agenda import (
    TAKES_TIME,
    AppointmentKind,
    AppointmentState,
    CalendarEntry,
    Slot,
    overlapping,
)
from epicerie_desktop.domain.labels import label
from epicerie_desktop.persistence.models import Account, Appointment, Household, Member, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading, visible
from epicerie_desktop.services.sealing import unseal_json
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import N_, gettext
from epicerie_desktop.support.text import words

_NOT_TO_COME = frozenset({AppointmentState.EXCUSED, AppointmentState.CANCELLED})


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An appointment in a list. `about` is empty for an account without the second key; `who` then is « Fátima D. ».

    A reserved file that this account may not open has neither `who` nor `number`, and `locked` is True.
    """

    id: int
    version: int
    household: int
    number: str
    who: str
    at: datetime
    minutes: int
    kind: AppointmentKind
    place: str
    worker: int | None
    worker_name: str
    state: AppointmentState
    about: str
    overlaps: bool
    locked: bool

    @property
    def day(self) -> date:
        """Return its business day."""
        return self.at.astimezone(PARIS).date()

    @property
    def hour(self) -> time:
        """Return its hour in France."""
        return self.at.astimezone(PARIS).time()


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """An account that may receive households."""

    id: int
    name: str


def workers(desk: Desk) -> tuple[WorkerRow, ...]:
    """Return the accounts at work, by name."""
    with desk.db.read() as session:
        rows = session.execute(select(Account.id, Account.name).where(Account.active).order_by(Account.name))
        return tuple(WorkerRow(r.id, r.name) for r in rows)


def shown_name(desk: Desk, first: str | None, last: str | None) -> str:
    """Return a person as this account reads them in a list: whole for a worker, « Fátima D. » for reception."""
    if desk.social_key is not None:
        return f"{last or ''} {first or ''}".strip() or "–"
    initial = f" {last[:1]}." if last else ""
    return f"{first or ''}{initial}".strip() or "–"


def locked_in(session: Session, desk: Desk) -> frozenset[int]:
    """Return the reserved files that this account may not open."""
    return frozenset(session.scalars(select(Household.id).where(~visible(desk))))


_APPOINTMENTS: Select[*tuple[Any, ...]] = (
    select(
        Appointment.id, Appointment.uid, Appointment.version, Appointment.household_id, Household.number,
        Person.first_name, Person.last_name, Appointment.at, Appointment.minutes, Appointment.kind, Appointment.place,
        Appointment.worker_id, Account.name, Appointment.state, Appointment.sealed,
    )
    .join(Household, Household.id == Appointment.household_id)
    .outerjoin(Person, Person.id == Household.holder_id)
    .outerjoin(Account, Account.id == Appointment.worker_id)
)  # fmt: skip


def agenda(desk: Desk, first: date, last: date, worker: int | None = None) -> tuple[AgendaRow, ...]:
    """Return the appointments of the days `first` to `last` (both included), in time, of one worker or of all."""
    wanted = _within(_APPOINTMENTS, first, last)
    if worker is not None:
        wanted = wanted.where(Appointment.worker_id == worker)
    with desk.db.read() as session:
        return _rows_in(session, desk, wanted.order_by(Appointment.at, Appointment.id))


def household_agenda(desk: Desk, household: int) -> tuple[AgendaRow, ...]:
    """Return the appointments of a household: the latest first."""
    with reading(desk) as session:
        _note_opened(session, desk, household)
        wanted = _APPOINTMENTS.where(Appointment.household_id == household).order_by(Appointment.at.desc())
        return _rows_in(session, desk, wanted)


def next_appointment(desk: Desk, household: int) -> AgendaRow | None:
    """Return the first appointment of a household that is still to come, None where there is none."""
    wanted = _APPOINTMENTS.where(
        Appointment.household_id == household, Appointment.state == AppointmentState.PLANNED.value,
        Appointment.at >= desk.clock.now(),
    ).order_by(Appointment.at).limit(1)  # fmt: skip
    with reading(desk) as session:
        _note_opened(session, desk, household)
        return next(iter(_rows_in(session, desk, wanted)), None)


def _note_opened(session: Session, desk: Desk, household: int) -> None:
    """Have the reading told; a file reserved to others shows its hours, and nothing of who it is."""
    if household not in locked_in(session, desk):
        open_in(session, desk, household)


def _within(wanted: Select[*tuple[Any, ...]], first: date, last: date) -> Select[*tuple[Any, ...]]:
    start = datetime.combine(first, time.min, PARIS)
    end = datetime.combine(last + timedelta(days=1), time.min, PARIS)
    return wanted.where(Appointment.at >= start, Appointment.at < end)


def _rows_in(session: Session, desk: Desk, wanted: Select[*tuple[Any, ...]]) -> tuple[AgendaRow, ...]:
    found = session.execute(wanted).all()
    locked = locked_in(session, desk) if found else frozenset()
    busy = overlapping(
        Slot(r.id, r.worker_id, r.at, r.minutes) for r in found if AppointmentState(r.state) in TAKES_TIME
    )
    return tuple(_row(desk, r, r.household_id in locked, r.id in busy) for r in found)


def _row(desk: Desk, r: Any, locked: bool, overlaps: bool) -> AgendaRow:
    sealed = {} if locked or desk.social_key is None else unseal_json(desk, "appointment", r.uid, r.sealed)
    return AgendaRow(
        r.id, r.version, r.household_id, "" if locked else r.number,
        gettext(N_("Dossier réservé")) if locked else shown_name(desk, r.first_name, r.last_name),
        r.at, r.minutes, AppointmentKind(r.kind), "" if locked else r.place, r.worker_id, r.name or "",
        AppointmentState(r.state), sealed.get("about", ""), overlaps, locked,
    )  # fmt: skip


def calendar_entries(desk: Desk, first: date, last: date, worker: int | None = None) -> tuple[CalendarEntry, ...]:
    """Return what a calendar file tells of the appointments of some days: none of it says who comes.

    The place is left out for a visit at home, for a file reserved to others, and wherever it holds a word of a member's name.
    """
    wanted = _within(_APPOINTMENTS, first, last).order_by(Appointment.at, Appointment.id)
    if worker is not None:
        wanted = wanted.where(Appointment.worker_id == worker)
    with desk.db.read() as session:
        found = session.execute(wanted).all()
        names, locked = _names_in(session, {r.household_id for r in found if r.place}), locked_in(session, desk)
        return tuple(_entry(r, names.get(r.household_id, frozenset()), untold=r.household_id in locked) for r in found)


def _names_in(session: Session, households: set[int]) -> dict[int, frozenset[str]]:
    """Return every word of the names of the members of some households, past ones too."""
    wanted = select(Member.household_id, Person.first_name, Person.last_name).join(
        Person, Person.id == Member.person_id
    )
    found: dict[int, set[str]] = {}
    for r in session.execute(wanted.where(Member.household_id.in_(households))):
        found.setdefault(r.household_id, set()).update(words(f"{r.first_name} {r.last_name}"))
    return {household: frozenset(names) for household, names in found.items()}


def _entry(r: Any, names: frozenset[str], *, untold: bool) -> CalendarEntry:
    kind = AppointmentKind(r.kind)
    tells_who = untold or kind is AppointmentKind.HOME_VISIT or names & set(words(r.place))
    summary = gettext(N_("Rendez-vous épicerie : {kind}")).format(kind=label(kind).lower())
    return CalendarEntry(
        r.uid.hex, r.at, r.minutes, summary, "" if tells_who else r.place,
        AppointmentState(r.state) in _NOT_TO_COME, r.version - 1,
    )  # fmt: skip
