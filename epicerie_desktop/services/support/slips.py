"""The small papers of an accompaniment. Every function returns the bytes of a PDF, or what one would say."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from epicerie_desktop.domain.agenda import AppointmentKind, papers_to_bring
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.slips import AppointmentSlip, AttendanceSheet, OnwardLetter
from epicerie_desktop.domain.support import PaperKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.persistence.models import (
    Account,
    Appointment,
    OnwardReferral,
    Paper,
    Person,
    Workshop,
    WorkshopSession,
)
from epicerie_desktop.services import sheets, wordings
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.queries.workshops import seats_of
from epicerie_desktop.services.sealing import check_worker, unseal_json
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.i18n import in_language

BLANK_LINES = 4


def papers_for(desk: Desk, appointment: int) -> tuple[str, ...]:
    """Return the papers to bring to an appointment, by name: the usual ones of its kind, and those over by that day."""
    with reading(desk) as session:
        row = session.get_one(Appointment, appointment)
        open_in(session, desk, row.household_id)
        by_day = day_of(row.at)
        kept = session.execute(
            select(Paper.kind, Paper.expires_on).where(
                Paper.household_id == row.household_id, Paper.removed_at.is_(None)
            )
        ).all()
        good = {p.kind for p in kept if p.expires_on is None or p.expires_on >= by_day}
        over = [PaperKind(p.kind) for p in kept if p.kind not in good]
        return tuple(label(kind) for kind in papers_to_bring(AppointmentKind(row.kind), over))


def appointment_slip_pdf(desk: Desk, appointment: int, bring: tuple[str, ...]) -> bytes:
    """Return the slip of an appointment in the household's language, with what to bring.

    A paper under its usual name is told in that language; what was typed otherwise stays as it was typed.
    """
    from epicerie_desktop.printing import appointment_slip

    with reading(desk) as session:
        row = session.get_one(Appointment, appointment)
        household = open_in(session, desk, row.household_id)
        worker = session.get(Account, row.worker_id) if row.worker_id is not None else None
        slip = AppointmentSlip(
            sheets.header(desk), household.number, row.at, row.place, worker.name if worker else "", bring
        )
    known = {label(kind): kind for kind in PaperKind}
    with in_language(household.language):
        told = tuple(label(known[line]) if line in known else line for line in bring)
        words = wordings.last_words(desk, WordingKind.APPOINTMENT)
        return appointment_slip.render(replace(slip, bring=told, last_words=words))


def attendance_sheet_pdf(desk: Desk, session_id: int) -> bytes:
    """Return the sheet of a workshop to sign: those who have a seat, and blank lines for those who come unannounced."""
    from epicerie_desktop.printing import attendance_sheet

    names = tuple(s.name for s in seats_of(desk, session_id) if s.state is not AttendanceState.WAITING)
    with desk.db.read() as session:
        row = session.get_one(WorkshopSession, session_id)
        title = session.get_one(Workshop, row.workshop_id).title
        blank = max(BLANK_LINES, (row.seats or 0) - len(names))
        sheet = AttendanceSheet(
            sheets.header(desk, WordingKind.ATTENDANCE), title, row.at, row.minutes, row.place, names, blank
        )
    return attendance_sheet.render(sheet)


def onward_letter_pdf(desk: Desk, referral: int) -> bytes:
    """Return the letter that goes with a household to another service. Raises `RuleRefused` without the second key."""
    from epicerie_desktop.printing import onward_letter

    check_worker(desk)
    with reading(desk) as session:
        row = session.get_one(OnwardReferral, referral)
        household = open_in(session, desk, row.household_id)
        content = unseal_json(desk, "onward_referral", row.uid, row.sealed)
        holder = session.get(Person, household.holder_id) if household.holder_id is not None else None
        persons = compositions_in(session, [household.id], row.day)[household.id].persons
        letter = OnwardLetter(
            sheets.header(desk), row.day, content["service"], f"{holder.first_name} {holder.last_name}" if holder else "",
            shown.partial_date(holder.born) if holder and holder.born else "", persons, content["reason"], desk.actor.name,
            household.number,
        )  # fmt: skip
    values = {"name": letter.holder, "service": letter.service}
    return onward_letter.render(replace(letter, thanks=wordings.last_words(desk, WordingKind.ONWARD, values)))
