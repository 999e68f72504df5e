"""Workshops as a list of subjects, of dates and of those put down; and what a household undertook of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import CeilingPeriod, Grant
from epicerie_desktop.domain.eligibility.terms import Obligation
from epicerie_desktop.domain.workshops import SEATED, AttendanceState, DutyDone, duties_on
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Attendance,
    Household,
    Member,
    Person,
    Review,
    Workshop,
    WorkshopSession,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import locked_in, shown_name
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.suspensions import kept_away
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import N_, gettext


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    """A subject of workshops; `action` the code of the contract's action it counts for, or None."""

    id: int
    version: int
    title: str
    action: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A date of a workshop: `seated` take a seat, `waiting` wait for one, `came` were there."""

    id: int
    version: int
    workshop: int
    title: str
    at: datetime
    minutes: int
    place: str
    seats: int | None
    cancelled: bool
    seated: int
    waiting: int
    came: int

    @property
    def day(self) -> date:
        """Return its business day."""
        return self.at.astimezone(PARIS).date()

    @property
    def hour(self) -> time:
        """Return its hour in France."""
        return self.at.astimezone(PARIS).time()

    @property
    def full(self) -> bool:
        """Return whether no seat is left."""
        return self.seats is not None and self.seated >= self.seats


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A person put down for a date: whole name, for the sheet is signed.

    `reserved`: the file is reserved to others. Its name is « Dossier réservé », and this account changes nothing of it.
    """

    person: int
    household: int
    number: str
    name: str
    state: AttendanceState
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a household who may be put down."""

    person: int
    name: str


@dataclass(frozen=True, slots=True)
class HouseholdSeat:
    """A date a member of a household is put down for."""

    session: int
    title: str
    at: datetime
    name: str
    state: AttendanceState
    cancelled: bool


def list_workshops(desk: Desk, *, only_active: bool = True) -> tuple[WorkshopRow, ...]:
    """Return the subjects of workshops, by title."""
    with desk.db.read() as session:
        wanted = select(Workshop).order_by(Workshop.title)
        rows = session.scalars(wanted.where(Workshop.active) if only_active else wanted)
        return tuple(WorkshopRow(w.id, w.version, w.title, w.action_code, w.active) for w in rows)


def list_sessions(desk: Desk, first: date, last: date) -> tuple[SessionRow, ...]:
    """Return the dates of workshops from `first` to `last` (both included), in time."""
    start = datetime.combine(first, time.min, PARIS)
    end = datetime.combine(last + timedelta(days=1), time.min, PARIS)

    def count(*states: AttendanceState) -> Any:
        return func.coalesce(func.sum(case((Attendance.state.in_([s.value for s in states]), 1), else_=0)), 0)

    wanted = (
        select(
            WorkshopSession, Workshop.title, count(*SEATED).label("seated"), count(AttendanceState.WAITING).label("waiting"),
            count(AttendanceState.CAME).label("came"),
        )
        .join(Workshop, Workshop.id == WorkshopSession.workshop_id)
        .outerjoin(Attendance, Attendance.session_id == WorkshopSession.id)
        .where(WorkshopSession.at >= start, WorkshopSession.at < end)
        .group_by(WorkshopSession.id)
        .order_by(WorkshopSession.at, WorkshopSession.id)
    )  # fmt: skip
    with desk.db.read() as session:
        return tuple(_session_row(r) for r in session.execute(wanted))


def _session_row(r: Any) -> SessionRow:
    s: WorkshopSession = r[0]
    return SessionRow(
        s.id,
        s.version,
        s.workshop_id,
        r.title,
        s.at,
        s.minutes,
        s.place,
        s.seats,
        s.cancelled,
        r.seated,
        r.waiting,
        r.came,
    )


def seats_of(desk: Desk, session_id: int) -> tuple[SeatRow, ...]:
    """Return the persons put down for a date: those with a seat by name, then those who wait in their order."""
    wanted = (
        select(Attendance.person_id, Attendance.household_id, Household.number, Person.last_name, Person.first_name, Attendance.state)
        .join(Household, Household.id == Attendance.household_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.session_id == session_id)
        .order_by(Attendance.state == AttendanceState.WAITING.value, Person.last_name, Person.first_name)
    )  # fmt: skip
    with desk.db.read() as session:
        locked = locked_in(session, desk)
        return tuple(
            SeatRow(
                r.person_id, r.household_id, "" if r.household_id in locked else r.number,
                gettext(N_("Dossier réservé")) if r.household_id in locked else shown_name(desk, r.first_name, r.last_name),
                AttendanceState(r.state), r.household_id in locked,
            )
            for r in session.execute(wanted)
        )  # fmt: skip


def members_to_seat(desk: Desk, household: int, day: date) -> tuple[MemberRow, ...]:
    """Return the members of a household on `day`, the holder first. Raises `RuleRefused` for a file reserved to others."""
    wanted = (
        select(Person.id, Person.last_name, Person.first_name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.household_id == household, (Member.left_on.is_(None)) | (Member.left_on > day))
        .order_by(Member.id)
    )
    with reading(desk) as session:
        open_in(session, desk, household)
        return tuple(MemberRow(r.id, f"{r.last_name} {r.first_name}") for r in session.execute(wanted))


def household_seats(desk: Desk, household: int) -> tuple[HouseholdSeat, ...]:
    """Return the dates the members of a household are put down for, the latest first. Raises `RuleRefused`: reserved."""
    wanted = (
        select(
            WorkshopSession.id, Workshop.title, WorkshopSession.at, Person.last_name, Person.first_name, Attendance.state,
            WorkshopSession.cancelled,
        )
        .join(WorkshopSession, WorkshopSession.id == Attendance.session_id)
        .join(Workshop, Workshop.id == WorkshopSession.workshop_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.household_id == household)
        .order_by(WorkshopSession.at.desc(), Person.first_name)
    )  # fmt: skip
    with reading(desk) as session:
        open_in(session, desk, household)
        return tuple(
            HouseholdSeat(
                r.id, r.title, r.at, shown_name(desk, r.first_name, r.last_name), AttendanceState(r.state), r.cancelled
            )
            for r in session.execute(wanted)
        )


def household_duties(desk: Desk, household: int, day: date | None = None) -> tuple[DutyDone, ...]:
    """Return what the right of a household asks in return on a day (today by default), met or not; () without a right."""
    asked = day or desk.clock.today()
    with desk.db.read() as session:
        return duties_in(session, [household], asked).get(household, ())


def duties_in(session: Session, households: Iterable[int] | None, day: date) -> dict[int, tuple[DutyDone, ...]]:
    """Return what the rights in force on `day` ask in return, by household, for those given or for every file in use."""
    wanted = select(
        AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until,
        AccessGrant.participation_permille, AccessGrant.terms,
    ).where(
        AccessGrant.valid_from <= day, AccessGrant.valid_until >= day,
        ~kept_away(AccessGrant.household_id, day),
    )  # fmt: skip
    in_use = select(Household.id).where(Household.closed_on.is_(None), Household.merged_into_id.is_(None))
    wanted = wanted.where(AccessGrant.household_id.in_(in_use if households is None else list(households)))
    grants = {g.household_id: g for g in session.execute(wanted) if g.terms.get("obligations")}
    if not grants:
        return {}
    came = _days_in(session, list(grants))
    reviewed: dict[int, list[date]] = {}
    for r in session.execute(select(Review.household_id, Review.day).where(Review.household_id.in_(list(grants)))):
        reviewed.setdefault(r.household_id, []).append(r.day)
    return {
        household: duties_on(
            day,
            Grant(g.id, g.valid_from, g.valid_until, g.participation_permille, ()),
            [_obligation(o) for o in g.terms["obligations"]],
            came.get(household, ()),
            reviewed.get(household, ()),
        )
        for household, g in grants.items()
    }


def _days_in(session: Session, households: list[int]) -> dict[int, list[date]]:
    """Return the days the members of households came to a workshop: two members on one session are one day's work."""
    wanted = (
        select(Attendance.household_id, WorkshopSession.at)
        .join(WorkshopSession, WorkshopSession.id == Attendance.session_id)
        .where(Attendance.state == AttendanceState.CAME.value, Attendance.household_id.in_(households))
        .distinct()
    )
    found: dict[int, list[date]] = {}
    for r in session.execute(wanted):
        found.setdefault(r.household_id, []).append(r.at.astimezone(PARIS).date())
    return found


def _obligation(row: dict[str, Any]) -> Obligation:
    period = row.get("period")
    return Obligation(
        row["code"],
        row["label"],
        row.get("count") or 1,
        CeilingPeriod(period) if period else None,
        row.get("before_renewal", False),
    )
