"""Who was expected on a day and has not come, and whose absences call for something under the règlement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.absences import AbsenceCount, count_absences
from epicerie_desktop.domain.eligibility.terms import Absences
from epicerie_desktop.domain.suspensions import SuspensionReason
from epicerie_desktop.persistence.models import Absence, AccessGrant, Household, Sale, Suspension
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.names import Named, names_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.services.queries.suspensions import kept_away
from epicerie_desktop.services.rights.rulesets import ruleset_in


def _came_between(first: date, last: date) -> Select[int]:
    """Return the files in use that came between two days, whichever file the ticket was made for."""
    return (
        select(func.coalesce(Household.merged_into_id, Household.id))
        .join(Sale, Sale.household_id == Household.id)
        .where(Sale.day >= first, Sale.day <= last, kept())
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """A household expected on a day: `absence` is what was already noted (its id, excused or not), None where nothing was."""

    household: Named
    absence: int | None = None
    excused: bool = False


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """The absences of a household since its right began, or since the last measure taken about them."""

    household: Named
    count: AbsenceCount


def expected_on(desk: Desk, day: date) -> tuple[Expected, ...]:
    """Return the households that could come on `day` and had not since its Monday, by name, with what was noted."""
    monday = day - timedelta(days=day.weekday())
    with desk.db.read() as session:
        ids = session.scalars(
            select(AccessGrant.household_id)
            .join(Household, Household.id == AccessGrant.household_id)
            .where(AccessGrant.valid_from <= day, AccessGrant.valid_until >= day, Household.closed_on.is_(None))
            .where(~kept_away(AccessGrant.household_id, day))
            .where(AccessGrant.household_id.not_in(_came_between(monday, day)))
            .distinct()
        ).all()
        named = names_in(session, desk, ids)
        noted = {a.household_id: a for a in session.scalars(select(Absence).where(Absence.day == day))}
        found = (
            Expected(n, noted[n.id].id if n.id in noted else None, n.id in noted and noted[n.id].excused)
            for n in named.values()
        )
        return tuple(sorted(found, key=lambda e: (e.household.name, e.household.number)))


def absence_rule(desk: Desk) -> Absences | None:
    """Return what the règlement of the day says about absences, None where it says nothing or there is none."""
    with desk.db.read() as session:
        return _rule(session, desk)


def _rule(session: Session, desk: Desk) -> Absences | None:
    ruleset = ruleset_in(session, desk.clock.today())
    return ruleset.terms.absences if ruleset else None


def absences_to_see(desk: Desk) -> tuple[AbsenceRow, ...]:
    """Return the households whose right is open and that were absent, those who reached the rule first."""
    today = desk.clock.today()
    with desk.db.read() as session:
        rule = _rule(session, desk)
        days: dict[int, dict[date, bool]] = defaultdict(dict)
        starts: dict[int, date] = {}
        root = func.coalesce(Household.merged_into_id, Household.id)
        came = {
            (household, day)
            for household, day in session.execute(
                select(root, Absence.day)
                .join(Sale, Sale.household_id == Household.id)
                .join(Absence, (Absence.household_id == root) & (Absence.day == Sale.day))
                .where(kept())
            )
        }
        for household, day, excused, start in session.execute(
            select(Absence.household_id, Absence.day, Absence.excused, AccessGrant.valid_from)
            .join(AccessGrant, AccessGrant.household_id == Absence.household_id)
            .join(Household, Household.id == Absence.household_id)
            .where(AccessGrant.valid_from <= today, AccessGrant.valid_until >= today, Household.closed_on.is_(None))
        ):
            # After a separation two rights cover today: an absence is one, counted since the first of them.
            starts[household] = min(start, starts.get(household, start))
            # Noted absent under one file, served that day under the one merged into it: it came.
            if (household, day) not in came:
                days[household][day] = excused
        for household, since in session.execute(
            select(Suspension.household_id, Suspension.since).where(
                Suspension.reason_code == SuspensionReason.ABSENCES.value, Suspension.household_id.in_(list(starts))
            )
        ):
            starts[household] = max(starts[household], since)
        counts = {h: count_absences(list(found.items()), starts[h], rule) for h, found in days.items()}
        named = names_in(session, desk, [h for h, c in counts.items() if c.last_on is not None])
        rows = (AbsenceRow(n, counts[h]) for h, n in named.items())
        return tuple(sorted(rows, key=lambda r: (r.count.proposed is None, -r.count.unexcused, r.household.name)))
