"""Workshops: their subjects, their dates, who is put down and who came. Nothing here is sealed: reception holds the list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import agenda, steps
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.workshops import COUNTED_AS, AttendanceState, seats_left, seats_taken
from epicerie_desktop.persistence.models import Attendance, Member, Workshop, WorkshopSession
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.support.agenda import MOST_PLACE, instant_of
from epicerie_desktop.services.support.counters import post_in
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_TITLE, MOST_SEATS = 80, 200


@dataclass(frozen=True, slots=True)
class SessionForm:
    """A date of a workshop as typed, at the hour of France; `seats` None without a limit."""

    workshop: int
    day: date
    hour: time
    minutes: int = 120
    place: str = ""
    seats: int | None = None
    id: int | None = None
    version: int | None = None


def save_workshop(
    desk: Desk, title: str, action: str | None = None, *, workshop: int | None = None, version: int | None = None, active: bool = True
) -> int:  # fmt: skip
    """Name a subject of workshops, or change one; return its id. Raises `BadInput` for no title or an unknown action, `Stale`."""
    kept = checked_text(title, MOST_TITLE)
    if not kept:
        raise BadInput(N_("Donnez un titre à l'atelier."))
    if action is not None and action not in {a.code for a in contract_actions()}:
        raise BadInput(N_("Choisissez l'action du contrat dans la liste."))
    with desk.db.write() as session:
        row = session.get_one(Workshop, workshop) if workshop is not None else Workshop(uid=uuid.uuid4())
        touch(row, desk, version)
        if workshop is not None and row.action_code != action and _came_in(session, workshop=workshop):
            raise RuleRefused(
                N_("Des présences sont déjà comptées pour cette action : nommez plutôt un nouvel atelier.")
            )
        row.title, row.action_code, row.active = kept, action, active
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "workshop", {"workshop": row.id})
        return row.id


def save_session(desk: Desk, form: SessionForm) -> int:
    """Give a date to a workshop, or change one; return its id.

    Raises `BadInput` for a day, hour, length or number of seats that cannot be; `RuleRefused` for fewer seats than persons put
    down or a date that was called off; `Stale`.
    """
    agenda.check_minutes(form.minutes)
    agenda.checked_hour(form.hour)
    if form.seats is not None and not 1 <= form.seats <= MOST_SEATS:
        raise BadInput(
            N_("Le nombre de places va de 1 à {most} ; laissez vide s'il n'y a pas de limite."), most=MOST_SEATS
        )
    place, at = checked_text(form.place, MOST_PLACE), instant_of(form.day, form.hour)
    with desk.db.write() as session:
        if form.id is None:
            row = WorkshopSession(uid=uuid.uuid4(), workshop_id=form.workshop)
        else:
            row = session.get_one(WorkshopSession, form.id)
            _check_on(row)
        if row.at != at:
            agenda.check_day(form.day, desk.clock.today())
            if row.id is not None and AttendanceState.CAME in _states_in(session, row.id).values():
                raise RuleRefused(
                    N_("Des personnes sont déjà notées présentes : cet atelier a eu lieu, il ne se déplace plus.")
                )
        _check_seats_in(session, row, form.seats)
        touch(row, desk, form.version)
        row.at, row.minutes, row.place, row.seats = at, form.minutes, place, form.seats
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "workshop_session", {"session": row.id, "workshop": row.workshop_id})
        return row.id


def _check_on(row: WorkshopSession) -> None:
    if row.cancelled:
        raise RuleRefused(N_("Cette date est annulée : donnez-en plutôt une nouvelle."))


def _check_seats_in(session: Session, row: WorkshopSession, seats: int | None) -> None:
    if seats is not None and row.id is not None and seats_taken(_states_in(session, row.id).values()) > seats:
        raise RuleRefused(N_("Plus de personnes sont déjà inscrites : retirez-en d'abord, ou gardez assez de places."))


def _came_in(session: Session, *, workshop: int) -> bool:
    wanted = select(Attendance.person_id).join(WorkshopSession, WorkshopSession.id == Attendance.session_id)
    wanted = wanted.where(WorkshopSession.workshop_id == workshop, Attendance.state == AttendanceState.CAME.value)
    return session.execute(wanted.limit(1)).first() is not None


def call_off(desk: Desk, session_id: int, version: int | None) -> None:
    """Call a date off; the persons put down stay listed. Raises `RuleRefused` once somebody came, `Stale`."""
    with desk.db.write() as session:
        row = session.get_one(WorkshopSession, session_id)
        _check_on(row)
        if AttendanceState.CAME in _states_in(session, session_id).values():
            raise RuleRefused(N_("Des personnes sont déjà notées présentes : cet atelier a eu lieu."))
        touch(row, desk, version)
        row.cancelled = True
        seal_in_journal(session, desk, "workshop_off", {"session": row.id})


def _states_in(session: Session, session_id: int) -> dict[int, AttendanceState]:
    rows = session.execute(select(Attendance.person_id, Attendance.state).where(Attendance.session_id == session_id))
    return {r.person_id: AttendanceState(r.state) for r in rows}


def put_down(desk: Desk, session_id: int, household: int, person: int, *, waiting: bool = False) -> None:
    """Put a member of a household down for a date, or on its waiting list; someone who waited takes a seat.

    Raises `RuleRefused`: no seat left, already put down, not a member that day, a date called off, a reserved file.
    """
    with desk.db.write() as session:
        row = session.get_one(WorkshopSession, session_id)
        _check_on(row)
        file_in(session, desk, household)
        day = day_of(row.at)
        _check_member(session, household, person, day)
        states = _states_in(session, session_id)
        if states.get(person, AttendanceState.WAITING) is not AttendanceState.WAITING:
            raise RuleRefused(N_("Cette personne est déjà inscrite à cette date."))
        if not waiting and seats_left(row.seats, states.values()) == 0:
            raise RuleRefused(
                N_("Il n'y a plus de place le {day} : inscrivez en attente, ou choisissez une autre date."),
                day=lambda: shown.day(day),
            )
        found = session.get(Attendance, (session_id, person)) or Attendance(session_id=session_id, person_id=person)
        found.household_id = household
        found.state = (AttendanceState.WAITING if waiting else AttendanceState.PLANNED).value
        session.add(found)
        seal_in_journal(
            session, desk, "put_down", {"session": session_id, "household": household, "state": found.state}
        )


def _check_member(session: Session, household: int, person: int, day: date) -> None:
    stays = session.execute(
        select(Member.left_on).where(Member.household_id == household, Member.person_id == person)
    ).scalars()
    if not any(left is None or left > day for left in stays):
        raise RuleRefused(N_("Cette personne ne fait pas partie du foyer ce jour-là."))


def take_off(desk: Desk, session_id: int, person: int) -> None:
    """Take a person off a date. Raises `RuleRefused` for one noted present: change that first."""
    with desk.db.write() as session:
        found = session.get_one(Attendance, (session_id, person))
        if found.state == AttendanceState.CAME:
            raise RuleRefused(N_("Cette personne est notée présente : changez d'abord sa présence."))
        household = file_in(session, desk, found.household_id).id
        session.delete(found)
        seal_in_journal(session, desk, "taken_off", {"session": session_id, "household": household})


def note_attendance(desk: Desk, session_id: int, states: Mapping[int, AttendanceState]) -> None:
    """Say what became of several persons, by person, all or none; an action's counter follows those who came.

    Raises `RuleRefused` for someone present or missing before the day, one not put down, one of a file reserved to others, or
    a date called off.
    """
    with desk.db.write() as session:
        row = session.get_one(WorkshopSession, session_id)
        _check_on(row)
        day = day_of(row.at)
        if day > desk.clock.today() and set(states.values()) & {AttendanceState.CAME, AttendanceState.MISSED}:
            raise RuleRefused(N_("Cet atelier n'a pas encore eu lieu : les présences se notent le jour même."))
        came = 0
        for person, state in states.items():
            found = session.get(Attendance, (session_id, person))
            if found is None:
                raise RuleRefused(N_("Une de ces personnes n'est plus inscrite : relisez la liste, puis recommencez."))
            if found.state != state.value:
                file_in(session, desk, found.household_id)
            came += (state is AttendanceState.CAME) - (found.state == AttendanceState.CAME)
            found.state = state.value
        action = session.get_one(Workshop, row.workshop_id).action_code
        if action is not None and came:
            post_in(session, steps.counted(day, action, COUNTED_AS, None, steps=came))
        seal_in_journal(session, desk, "attendance", {"session": session_id, "persons": len(states)})
