"""The purge: two years after the last contact, whatever names a household goes; what counts it stays (CNIL, RGPD art. 5).

Names, birth dates, addresses, telephones, notes, scans, sealed columns, cards and search words are erased. The household's random
tokens, its tickets and the closed months stay, so that no figure moves: a file with a visit in a month that is not closed waits.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import AGE_BANDS, month_of
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Address,
    Appointment,
    Assessment,
    Attendance,
    Avoidance,
    Card,
    Decision,
    Draft,
    Household,
    MeetingItem,
    Member,
    MonthClosing,
    Note,
    Objective,
    ObjectivePayment,
    OnwardReferral,
    Paper,
    PaperContent,
    Person,
    Portrait,
    PreparedOrder,
    ReservedTo,
    Review,
    Sale,
    SearchWord,
    SupportFile,
    SupportStep,
    Suspension,
    Task,
    Undertaking,
    WaitingEntry,
    WorkshopSession,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import edited_file_in
from epicerie_desktop.services.months import require_keeper
from epicerie_desktop.services.queries.files import family_in, hidden_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

MONTHS_KEPT = 24
"""How long after the last contact a file stays as it is (délibération CNIL n° 2023-095)."""
LONGEST_HOLD = 60
"""Months: a reason to keep a file longer is looked at again."""
NAMELESS = "–"
"""What stands in the place of a name, which no column may leave empty."""

_AT_ONCE = 500
"""Files of one statement."""
_ERASED: tuple[type[Any], ...] = (
    Note, OnwardReferral, Task, Review, SupportStep, Portrait, Undertaking, SearchWord, ReservedTo, Card, Avoidance, Appointment,
    PreparedOrder, MeetingItem, Objective, Paper,
)  # fmt: skip
"""Tables whose rows of a household go whole."""
_UNSEALED: tuple[type[Any], ...] = (SupportFile, Decision, Suspension)
"""Tables whose sealed column goes, their days and codes staying: reports count them."""
_STATED: tuple[type[Any], ...] = (AccessGrant, Decision, WaitingEntry)
"""Tables that name the statement they follow, which goes."""


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """A file nobody was in contact with for two years. `waits_for` is the first month of its visits that is not closed, else None.

    `called` is the holder's name, or whom to see for a reserved file; `held_until` and `held_for` why it is kept, if it is.
    """

    household: int
    number: str
    called: str
    last_contact: date
    waits_for: str | None = None
    held_until: date | None = None
    held_for: str = ""

    @property
    def may_go(self) -> bool:
        """Return whether the purge takes it."""
        return self.waits_for is None and self.held_until is None


def purge_list(desk: Desk) -> tuple[PurgeRow, ...]:
    """Return the files the purge would take, and those kept back with the reason, the oldest contact first."""
    require_keeper(desk)
    with desk.db.read() as session:
        return _rows(session, desk)


def hold_file(desk: Desk, household: int, until: date | None, reason: str = "") -> None:
    """Keep a file until a day in spite of the time since the last contact, or no longer (`until` None).

    Raises `BadInput` without a reason, for a day gone or more than five years away; `RuleRefused` for a volunteer.
    """
    require_keeper(desk)
    reason, today = checked_text(reason).strip(), desk.clock.today()
    if until is not None:
        if not reason:
            raise BadInput(N_("Dites pourquoi ce dossier est gardé : un recours en cours, une dette à solder…"))
        if not today < until <= _months_from(today, LONGEST_HOLD):
            raise BadInput(N_("Gardez ce dossier jusqu'à un jour à venir, dans les cinq ans."))
    with desk.db.write() as session:
        row = edited_file_in(session, desk, household, None)
        row.held_until, row.held_for = until, reason if until is not None else ""
        seal_in_journal(session, desk, "household.held", {"household": household, "held": until is not None})


def purge(desk: Desk, households: Collection[int] | None = None) -> int:
    """Erase what names the files that the list would take (all, or those given), in one transaction; return how many went.

    Raises `RuleRefused` for a volunteer, or for a file given that is kept back. The journal says how many, never who.
    """
    require_keeper(desk)
    with desk.db.write() as session:
        listed = {r.household: r for r in _rows(session, desk)}
        wanted = sorted(h for h, r in listed.items() if r.may_go) if households is None else sorted(set(households))
        for household in wanted:
            row = listed.get(household)
            if row is None or not row.may_go:
                raise RuleRefused(N_("Un de ces dossiers ne peut pas être purgé : relisez la liste."))
        files = [one for household in wanted for one in family_in(session, household)]
        contacts = {h: listed[h].last_contact for h in wanted}
        some = [files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE)]
        for part in some:
            _close(session, desk, part)
        for part in some:
            _erase(session, part, contacts)
        if files:
            seal_in_journal(session, desk, "household.purged", {"files": len(wanted)})
    if files:
        desk.db.fold()
    return len(wanted)


def _months_from(day: date, months: int) -> date:
    """Return the same day of another month, the last of a shorter one."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _rows(session: Session, desk: Desk) -> tuple[PurgeRow, ...]:
    today = desk.clock.today()
    limit = _months_from(today, -MONTHS_KEPT)
    found = []
    kept = select(Household).where(
        Household.purged_on.is_(None), Household.merged_into_id.is_(None), Household.opened_on < limit
    )
    contacts = _contacts(session)
    running = set(session.scalars(select(AccessGrant.household_id).where(AccessGrant.valid_until >= today)))
    running |= {int(k) for k in session.scalars(select(Draft.key)) if k.isdecimal()}
    closed = set(session.scalars(select(MonthClosing.month)))
    for row in session.scalars(kept.order_by(Household.id)).all():
        family = family_in(session, row.id)
        last = max([row.opened_on, *(contacts[h] for h in family if h in contacts)])
        if last >= limit or running & set(family):
            continue
        days = session.scalars(select(Sale.day).where(Sale.household_id.in_(family)).distinct())
        held = row.held_until if row.held_until is not None and row.held_until >= today else None
        found.append(
            PurgeRow(
                row.id, row.number, _called(session, row), last,
                min((m for m in map(month_of, days) if m not in closed), default=None), held, row.held_for if held else "",
            )
        )  # fmt: skip
    hidden = hidden_in(session, desk, [r.household for r in found])
    told = [replace(r, called=hidden[r.household], held_for="") if r.household in hidden else r for r in found]
    return tuple(sorted(told, key=lambda r: (r.last_contact, r.number)))


def _called(session: Session, row: Household) -> str:
    if row.holder_id is None:
        return row.number
    holder = session.get_one(Person, row.holder_id)
    return f"{holder.last_name} {holder.first_name}"


def _contacts(session: Session) -> dict[int, date]:
    """Return the day of the last contact of every household: a visit, a talk, a step, a paper, a decision, a workshop."""
    latest: dict[int, date] = defaultdict(lambda: date.min)
    days: tuple[tuple[type[Any], Any], ...] = (
        (Sale, Sale.day), (Note, Note.day), (SupportStep, SupportStep.day), (Review, Review.day), (Decision, Decision.day),
        (Assessment, Assessment.day), (Paper, Paper.seen_on), (Undertaking, Undertaking.signed_on), (Objective, Objective.set_on),
        (OnwardReferral, OnwardReferral.day), (WaitingEntry, WaitingEntry.since), (SupportFile, SupportFile.opened_on),
    )  # fmt: skip
    for model, day in days:
        for household, last in session.execute(select(model.household_id, func.max(day)).group_by(model.household_id)):
            latest[household] = max(latest[household], last)
    for household, at in session.execute(
        select(Appointment.household_id, func.max(Appointment.at)).group_by(Appointment.household_id)
    ):
        latest[household] = max(latest[household], day_of(at))
    for household, at in session.execute(
        select(Attendance.household_id, func.max(WorkshopSession.at))
        .join(WorkshopSession, WorkshopSession.id == Attendance.session_id)
        .group_by(Attendance.household_id)
    ):
        latest[household] = max(latest[household], day_of(at))
    return latest


def _close(session: Session, desk: Desk, files: list[int]) -> None:
    today = desk.clock.today()
    session.execute(
        update(Household)
        .where(Household.id.in_(files))
        .values(
            phone="", phone2="", note="", referrer_id=None, language="fr", reserved=False, held_until=None, held_for="", purged_on=today,
            closed_on=func.coalesce(Household.closed_on, today),
        )
    )  # fmt: skip


def _erase(session: Session, files: list[int], contacts: dict[int, date]) -> None:
    _nameless(session, files, contacts)
    papers = select(Paper.id).where(Paper.household_id.in_(files))
    session.execute(delete(PaperContent).where(PaperContent.paper_id.in_(papers)))
    projects = select(Objective.id).where(Objective.household_id.in_(files))
    session.execute(delete(ObjectivePayment).where(ObjectivePayment.objective_id.in_(projects)))
    for stated in _STATED:
        session.execute(update(stated).where(stated.household_id.in_(files)).values(assessment_id=None))
    for model in _ERASED:
        session.execute(delete(model).where(model.household_id.in_(files)))
    session.execute(delete(Assessment).where(Assessment.household_id.in_(files)))
    for sealed in _UNSEALED:
        session.execute(update(sealed).where(sealed.household_id.in_(files)).values(sealed=None))
    # The commune stays: a sector is counted by it, and it names nobody.
    session.execute(
        update(Address).where(Address.household_id.in_(files)).values(lines="", postcode="", commune_name="")
    )
    session.flush()


def _nameless(session: Session, files: list[int], contacts: dict[int, date]) -> None:
    """Take the names and birth dates off whoever is in no file still kept: a child of two files is still somebody's child."""
    elsewhere = (
        select(Member.person_id)
        .join(Household, Household.id == Member.household_id)
        .where(Household.purged_on.is_(None))
    )
    last: dict[int, date] = {}
    for person, household, root in session.execute(
        select(Member.person_id, Household.id, Household.merged_into_id)
        .join(Household, Household.id == Member.household_id)
        .where(Member.household_id.in_(files))
    ):
        last[person] = max(last.get(person, date.min), contacts[root or household])
    for row in session.scalars(select(Person).where(Person.id.in_(last), Person.id.not_in(elsewhere))):
        row.age_band = _band(row.born, last[row.id])
        row.last_name, row.first_name, row.born = NAMELESS, NAMELESS, None
    session.flush()


def _band(born: str | None, day: date) -> str:
    known = PartialDate.from_iso(born)
    if known is None:
        return ""
    age = known.age_on(day)
    first, last = next(b for b in AGE_BANDS if b[1] is None or age <= b[1])
    return f"{first}+" if last is None else f"{first}-{last}"


def why_kept(row: PurgeRow) -> str:
    """Return why a file is kept back; empty where the purge takes it."""
    if row.held_until is not None:
        return _("gardé jusqu'au {day}").format(day=shown.day(row.held_until))
    return _("attend la clôture de {month}").format(month=shown.month(row.waits_for)) if row.waits_for else ""
