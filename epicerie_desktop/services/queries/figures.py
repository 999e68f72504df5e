"""The months of a shop: the one query behind the sheet, the parcel and every total. A closed month is read as it was closed."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Text, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import ESTIMATES
from epicerie_desktop.domain.figures import (
    ActionLine,
    Came,
    DayVisit,
    MonthFigures,
    Presence,
    Totals,
    month_figures,
    month_of,
    months_between,
    totals,
)
from epicerie_desktop.domain.months import Month, month_from_record
from epicerie_desktop.persistence.models import ActionCount, Family, MonthClosing, Sale, SaleLine
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import sector_on
from epicerie_desktop.services.queries import rights
from epicerie_desktop.services.queries.day_people import DayPeople, day_people_in
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_Visit = tuple[int, date]
"""A household and a day."""
_MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")


def month_bounds(month: str) -> tuple[date, date]:
    """Return the first and last day of `2026-11`. Raises `BadInput` for anything else."""
    if _MONTH.fullmatch(month) is None:
        raise BadInput(N_("« {typed} » n'est pas un mois. Écrivez par exemple 2026-11."), typed=month)
    first = date(int(month[:4]), int(month[5:]), 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def figures_of(desk: Desk, first_month: str, last_month: str) -> tuple[MonthFigures, ...]:
    """Return the figures of every month from one to the other, an empty month included. Raises `BadInput` when inverted."""
    start, end = month_bounds(first_month)[0], month_bounds(last_month)[1]
    if start > end:
        raise BadInput(N_("Le premier mois vient après le dernier."))
    return figures_between(desk, start, end)


def figures_between(desk: Desk, start: date, end: date) -> tuple[MonthFigures, ...]:
    """Return the figures of every month that has a day from `start` to `end`, counting only the visits of those days."""
    with desk.db.read() as session:
        return figures_in(session, start, end)


def figures_in(session: Session, start: date, end: date) -> tuple[MonthFigures, ...]:
    """Return the same inside a caller's block: a closed month as it was closed, its actions too where it kept them."""
    months = months_between(month_of(start), month_of(end))
    closed = closed_in(session, months)
    by_month: dict[str, list[DayVisit]] = defaultdict(list)
    for visit in visits_between(session, start, end, closed):
        by_month[month_of(visit.day)].append(visit)
    actions = live_actions(session, months[0], months[-1])
    actions.update((m, kept.actions) for m, kept in closed.items() if kept.actions is not None)
    return tuple(month_figures(m, by_month.get(m, ()), sector_on, actions.get(m, ())) for m in months)


def live_actions(session: Session, first: str, last: str) -> dict[str, tuple[ActionLine, ...]]:
    """Return the nameless counters of the contract's actions, by month, as they stand now."""
    found: dict[str, tuple[ActionLine, ...]] = {}
    for row in session.scalars(select(ActionCount).where(ActionCount.month >= first, ActionCount.month <= last)):
        found[row.month] = (*found.get(row.month, ()), (row.action_code, row.step_code, row.steps, row.cents))
    return found


def totals_of(desk: Desk, first_month: str, last_month: str) -> Totals:
    """Return the totals of a period: distinct families and persons over the whole of it."""
    return totals(figures_of(desk, first_month, last_month))


def unweighed_lines(desk: Desk, month: str) -> int:
    """Return how many lines of food of a month, on tickets that stand, have no weight at all. Raises `BadInput` for no month."""
    first, last = month_bounds(month)
    with desk.db.read() as session:
        return int(
            session.scalar(
                select(func.count())
                .select_from(SaleLine)
                .join(Sale, Sale.id == SaleLine.sale_id)
                .where(Sale.day >= first, Sale.day <= last, rights.kept(), SaleLine.food, SaleLine.grams == 0)
            )
            or 0
        )


def visits_between(
    session: Session, start: date, end: date, closed: Mapping[str, Month] | None = None, people: DayPeople | None = None
) -> list[DayVisit]:
    """Return the visits of those days, one a household and day: as they were closed, from the tickets where the month is open.

    `closed` (those of these months that are) and `people` where the caller read them already.
    """
    months = months_between(month_of(start), month_of(end))
    closed = closed_in(session, months) if closed is None else closed
    visits = [v for kept in closed.values() for v in kept.visits if start <= v.day <= end]
    still_open = [m for m in months if m not in closed]
    if still_open:
        first, last = max(start, month_bounds(still_open[0])[0]), min(end, month_bounds(still_open[-1])[1])
        visits += [v for v in live_visits(session, first, last, people) if month_of(v.day) not in closed]
    return visits


def closed_in(session: Session, months: tuple[str, ...]) -> dict[str, Month]:
    """Return those of these months, in order, that are closed, by their latest version, inside a caller's block."""
    latest = (
        select(MonthClosing.month, func.max(MonthClosing.version).label("version"))
        .where(MonthClosing.month >= months[0], MonthClosing.month <= months[-1])
        .group_by(MonthClosing.month)
        .subquery()
    )
    return {
        month: month_from_record(json.loads(figures))
        for month, figures in session.execute(
            select(MonthClosing.month, MonthClosing.figures).join(
                latest, and_(MonthClosing.month == latest.c.month, MonthClosing.version == latest.c.version)
            )
        )
    }


def last_closing(session: Session, month: str) -> MonthClosing | None:
    """Return the latest version of a closed month, None while it is open."""
    return session.scalars(
        select(MonthClosing).where(MonthClosing.month == month).order_by(MonthClosing.version.desc()).limit(1)
    ).first()


def live_visits(session: Session, start: date, end: date, people: DayPeople | None = None) -> list[DayVisit]:
    """Return the visits of those days from the tickets as they stand now, even of a closed month.

    `people` where the caller read it already.
    """
    kept = (
        select(Sale.id, Sale.household_id, Sale.day, Sale.shelf_cents, Sale.paid_cents)
        .where(Sale.day >= start, Sale.day <= end, rights.kept())
        .cte("kept")
    )
    grams: dict[_Visit, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    estimated: Counter[_Visit] = Counter()
    money: dict[_Visit, list[int]] = defaultdict(lambda: [0, 0])
    visit_of: dict[int, _Visit] = {}
    # Rows by the ten thousand: by the plain connection, a ticket told by its number, an origin by its text.
    run = session.connection().execute
    for sale, household, day, shelf, paid in run(select(kept)):
        visit_of[sale] = visit = (household, day)
        money[visit][0] += shelf
        money[visit][1] += paid
    guessed = case((SaleLine.source.in_(ESTIMATES), SaleLine.grams), else_=0)
    origin_text = type_coerce(SaleLine.origin, Text)
    for sale, family, origin, weight, guess in run(
        select(kept.c.id, Family.code, origin_text, func.sum(SaleLine.grams), func.sum(guessed))
        .join(SaleLine, SaleLine.sale_id == kept.c.id)
        .join(Family, Family.id == SaleLine.family_id)
        .where(SaleLine.food)
        .group_by(kept.c.id, Family.code, SaleLine.origin)
    ):
        visit = visit_of[sale]
        by_family, by_origin = grams[visit]
        by_family[family] += int(weight)
        by_origin[origin] += int(weight)
        estimated[visit] += int(guess)
    people = people or day_people_in(session)
    found = []
    for (root, day), households in _together(people, money).items():
        persons, facts = people.of_visit(root, households, day)
        parts = [(h, day) for h in households]
        found.append(
            DayVisit(
                day, people.token[root], people.number[root], persons,
                _added([grams[p][0] for p in parts]), _added([grams[p][1] for p in parts]),
                sum(money[p][0] for p in parts), sum(money[p][1] for p in parts), people.commune(root, day),
                sum(estimated[p] for p in parts), facts,
            )
        )  # fmt: skip
    return found


def came_between(
    session: Session, start: date, end: date, closed: Mapping[str, Month], people: DayPeople | None
) -> list[Came]:
    """Return the visits of those days as `visits_between` does, without what was handed out: no line of a ticket is read.

    `closed` are those of these months that are; `people` may be None only where all of them are.
    """
    visits: list[Came] = [v for kept in closed.values() for v in kept.visits if start <= v.day <= end]
    still_open = [m for m in months_between(month_of(start), month_of(end)) if m not in closed]
    if people is None or not still_open:
        return visits
    first, last = max(start, month_bounds(still_open[0])[0]), min(end, month_bounds(still_open[-1])[1])
    rows = session.connection().execute(
        select(Sale.household_id, Sale.day).where(Sale.day >= first, Sale.day <= last, rights.kept())
    )
    came = {(household, day) for household, day in rows if month_of(day) not in closed}
    for (root, day), households in _together(people, came).items():
        persons, facts = people.of_visit(root, households, day)
        visits.append(Presence(day, people.token[root], persons, people.commune(root, day), facts))
    return visits


def _together(people: DayPeople, came: Iterable[_Visit]) -> dict[_Visit, list[int]]:
    """Return the files that came, by the file and the day they count for.

    A month counts files as they stood when it ended: together from the month of a merge to the eve of that of its undoing.
    """
    found: dict[_Visit, list[int]] = defaultdict(list)
    for household, day in sorted(came):
        found[(people.root(household, day), day)].append(household)
    return found


def _added(parts: Sequence[Counter[str]]) -> Counter[str]:
    if len(parts) == 1:
        return parts[0]
    whole: Counter[str] = Counter()
    for part in parts:
        whole.update(part)
    return whole
