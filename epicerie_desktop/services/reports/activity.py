"""The accompaniment of a period, counted: requests, rights, projects, appointments, workshops, hours, incidents.

Only what is in the clear is read (docs/decisions/0041, 0042): days, states and codes. Nothing is unsealed, nobody is named, and
a reserved file counts as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.reports.activity import (
    Accompanied,
    Activity,
    Answered,
    Incidents,
    Project,
    RightGiven,
    Seats,
    Statement,
    Worked,
)
from epicerie_desktop.domain.reports.activity_sections import activity
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.domain.suspensions import SuspensionKind
from epicerie_desktop.domain.workshops import COUNTED_AS, AttendanceState
from epicerie_desktop.persistence.models import (
    Absence,
    AccessGrant,
    ActionCount,
    Appointment,
    Assessment,
    Attendance,
    ColdReading,
    ColdUnit,
    Decision,
    Household,
    Objective,
    OnwardReferral,
    Quarantine,
    RecallDrill,
    Review,
    SupportFile,
    SupportStep,
    Suspension,
    VolunteerHours,
    WaitingEntry,
    Workshop,
    WorkshopSession,
)
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.support.clock import PARIS, day_of
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

__all__ = ["activity_in", "activity_sections"]


def activity_sections(session: Session, first: date, last: date) -> tuple[Section, ...]:
    """Return the sections of a period, both days included, inside a caller's block, in the language in use."""
    return activity(activity_in(session, first, last))


def activity_in(session: Session, first: date, last: date) -> Activity:
    """Return what is counted of a period, both days included, inside a caller's block."""
    roots = _roots(session)
    statements, answers, rights = _asked(session, roots, last)
    return Activity(
        first, last, statements, answers, rights,
        waiting=tuple((since, left) for since, left in session.execute(select(WaitingEntry.since, WaitingEntry.left_on).where(WaitingEntry.since <= last))),
        suspensions=_ordered(_grouped(session, Suspension.kind, Suspension.since, first, last), SuspensionKind),
        files=tuple(Accompanied(*row) for row in session.execute(select(
            SupportFile.opened_on, SupportFile.closed_on, SupportFile.exit_code, SupportFile.exit_result).where(SupportFile.opened_on <= last))),
        households_closed=_count(session, Household.id, Household.closed_on, first, last, Household.merged_into_id.is_(None)),
        projects=tuple(Project(*row) for row in session.execute(select(
            Objective.kind, Objective.set_on, Objective.state, Objective.ended_on).where(Objective.set_on <= last))),
        appointments=_appointments(session, first, last), absences=_absences(session, first, last),
        reviews=_count(session, Review.id, Review.day, first, last),
        steps=_count(session, SupportStep.id, SupportStep.day, first, last, SupportStep.cancelled_at.is_(None)),
        onward=tuple(sorted(_grouped(session, OnwardReferral.kind, OnwardReferral.day, first, last))),
        actions=_actions(session, first, last),
        **_workshops(session, first, last), hours=_hours(session, first, last), incidents=_incidents(session, first, last),
    )  # fmt: skip


def _roots(session: Session) -> Mapping[int, int]:
    """Return the file that each merged one became, through as many merges as there were."""
    merged = select(Household.id, Household.merged_into_id).where(Household.merged_into_id.is_not(None))
    into = {h: target for h, target in session.execute(merged)}  # noqa: C416 (a result is no mapping)

    def root(household: int) -> int:
        while household in into:
            household = into[household] or household
        return household

    return {h: root(h) for h in into}


def _asked(
    session: Session, roots: Mapping[int, int], last: date
) -> tuple[Sequence[Statement], Sequence[Answered], Sequence[RightGiven]]:
    """Return the statements, the answers and the rights there ever were, of the files in use.

    A statement said again the day a right goes on with another (a separation, a merge) asks for nothing; a right opened by
    hand, without a decision, answers as a grant would.
    """
    grants = session.execute(
        select(
            AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until, AccessGrant.exceptional,
            AccessGrant.origin_id, AccessGrant.decided_at,
        ).where(AccessGrant.valid_from <= AccessGrant.valid_until)
    ).all()  # fmt: skip
    rights = [
        RightGiven(roots.get(g.household_id, g.household_id), g.valid_from, g.valid_until, g.exceptional, g.origin_id is not None)
        for g in grants
    ]  # fmt: skip
    going_on = {(roots.get(g.household_id, g.household_id), g.valid_from) for g in grants if g.origin_id is not None}
    decided: set[int] = set()
    answers = []
    for d in session.execute(
        select(
            Decision.id, Decision.household_id, Decision.day, Decision.answer, Decision.reason_code, Decision.grant_id
        )
    ):
        decided.add(d.grant_id or 0)
        answers.append(
            Answered(roots.get(d.household_id, d.household_id), d.day, d.id, Answer(d.answer), d.reason_code)
        )
    answers += [
        Answered(roots.get(g.household_id, g.household_id), day_of(g.decided_at), g.id, Answer.GRANTED)
        for g in grants
        if g.origin_id is None and not g.exceptional and g.id not in decided
    ]
    statements = [
        Statement(household, s.day, s.id)
        for s in session.execute(
            select(Assessment.id, Assessment.household_id, Assessment.day).where(Assessment.day <= last)
        )
        if ((household := roots.get(s.household_id, s.household_id)), s.day) not in going_on
    ]
    return statements, answers, rights


def _days(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the first instant of a period in France, and the first after it."""
    return datetime.combine(first, time.min, PARIS), datetime.combine(last + timedelta(days=1), time.min, PARIS)


def _count(session: Session, counted: Any, day: Any, first: date, last: date, *where: Any) -> int:
    return int(session.scalar(select(func.count(counted)).where(day >= first, day <= last, *where)) or 0)


def _grouped(session: Session, kind: Any, day: Any, first: date, last: date) -> tuple[tuple[str, int], ...]:
    return tuple(
        (k, int(n))
        for k, n in session.execute(select(kind, func.count()).where(day >= first, day <= last).group_by(kind))
    )


def _ordered(found: tuple[tuple[str, int], ...], kinds: Any) -> tuple[tuple[str, int], ...]:
    by_kind = dict(found)
    return tuple((k.value, by_kind[k.value]) for k in kinds if k.value in by_kind)


def _appointments(session: Session, first: date, last: date) -> tuple[tuple[str, str, int], ...]:
    start, end = _days(first, last)
    return tuple(
        (kind, state, int(n))
        for kind, state, n in session.execute(
            select(Appointment.kind, Appointment.state, func.count())
            .where(Appointment.at >= start, Appointment.at < end)
            .group_by(Appointment.kind, Appointment.state)
        )
    )


def _absences(session: Session, first: date, last: date) -> tuple[int, int]:
    wanted = select(Absence.excused, func.count()).where(Absence.day >= first, Absence.day <= last)
    found = {bool(excused): int(n) for excused, n in session.execute(wanted.group_by(Absence.excused))}
    return found.get(True, 0), found.get(False, 0)


def _actions(session: Session, first: date, last: date) -> tuple[tuple[str, int, int], ...]:
    begins = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    found = {
        (a, s): (int(n), int(cents))
        for a, s, n, cents in session.execute(
            select(
                ActionCount.action_code, ActionCount.step_code, func.sum(ActionCount.steps), func.sum(ActionCount.cents)
            )
            .where(ActionCount.month >= month_of(begins), ActionCount.month <= month_of(last))
            .group_by(ActionCount.action_code, ActionCount.step_code)
        )
    }
    names = {
        (a.code, code): _("{action} : {step}").format(action=_(a.label), step=_(step))
        for a in contract_actions()
        for code, step in (*((s.code, s.label) for s in a.steps), (COUNTED_AS, N_("Présences à un atelier")))
    }
    order = [*(k for k in names if k in found), *sorted(k for k in found if k not in names)]
    return tuple((names.get(k, " – ".join(k)), *found[k]) for k in order)


def _workshops(session: Session, first: date, last: date) -> dict[str, Any]:
    start, end = _days(first, last)
    held = session.execute(
        select(Workshop.id, Workshop.title, WorkshopSession.cancelled, func.count())
        .join(WorkshopSession, WorkshopSession.workshop_id == Workshop.id)
        .where(WorkshopSession.at >= start, WorkshopSession.at < end)
        .group_by(Workshop.id, WorkshopSession.cancelled)
        .order_by(Workshop.title, Workshop.id)
    ).all()
    came = session.execute(
        select(WorkshopSession.workshop_id, Attendance.person_id, Attendance.household_id)
        .join(Attendance, Attendance.session_id == WorkshopSession.id)
        .where(WorkshopSession.at >= start, WorkshopSession.at < end, ~WorkshopSession.cancelled)
        .where(Attendance.state == AttendanceState.CAME.value)
    ).all()
    dates = {(r[0], bool(r[2])): int(r[3]) for r in held}
    rows = []
    for workshop, title in dict.fromkeys((r[0], r[1]) for r in held):
        theirs = [c for c in came if c.workshop_id == workshop]
        rows.append(
            Seats(title, dates.get((workshop, False), 0), dates.get((workshop, True), 0), len(theirs),
                  len({c.person_id for c in theirs}), len({c.household_id for c in theirs}))
        )  # fmt: skip
    return {"workshops": tuple(rows), "seated": (len({c.person_id for c in came}), len({c.household_id for c in came}))}


def _hours(session: Session, first: date, last: date) -> tuple[Worked, ...] | None:
    found = Counter[tuple[str, str]]()
    for h in session.execute(
        select(VolunteerHours.task, VolunteerHours.account_id, VolunteerHours.label, VolunteerHours.minutes).where(
            VolunteerHours.day >= first, VolunteerHours.day <= last
        )
    ):
        found[h.task, f"#{h.account_id}" if h.account_id is not None else h.label.casefold()] += h.minutes
    if not found and not features_in(session).volunteer_hours:
        return None
    return tuple(Worked(task, who, minutes) for (task, who), minutes in sorted(found.items()) if minutes)


def _incidents(session: Session, first: date, last: date) -> Incidents:
    start, end = _days(first, last)
    aside = session.execute(
        select(Quarantine.lot_id, Quarantine.recall_id, Quarantine.certainty).where(
            Quarantine.made_at >= start, Quarantine.made_at < end
        )
    ).all()
    recalled = [q for q in aside if q.recall_id is not None and q.certainty is not Certainty.TEAM]
    wrong = or_(ColdReading.tenths < ColdReading.least, ColdReading.tenths > ColdReading.most)
    out = session.execute(
        select(ColdUnit.name, func.count())
        .join(ColdReading, ColdReading.unit_id == ColdUnit.id)
        .where(ColdReading.day >= first, ColdReading.day <= last, wrong)
        .group_by(ColdUnit.id)
        .order_by(ColdUnit.id)
    )
    return Incidents(
        recalls=len({q.recall_id for q in recalled}), recalled_lots=len({q.lot_id for q in recalled}),
        team_lots=len({q.lot_id for q in aside if q.recall_id is None}), readings=_count(session, ColdReading.id, ColdReading.day, first, last),
        out_of_limits=tuple((name, int(n)) for name, n in out), drills=_count(session, RecallDrill.id, RecallDrill.made_at, start, end, RecallDrill.made_at < end),
    )  # fmt: skip
