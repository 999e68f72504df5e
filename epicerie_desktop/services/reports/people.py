"""Households and persons of a period: reads visits and rights, closed months as they were closed, and gives the sections of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.enrolled import Enrolled
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.domain.months import Month
from epicerie_desktop.domain.reports.people import Lists, people
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.persistence.models import Referrer
from epicerie_desktop.services.nomenclatures import age_brackets, commune_names, territories
from epicerie_desktop.services.queries.day_people import DayPeople, day_people_in
from epicerie_desktop.services.queries.figures import came_between, closed_in, month_bounds
from epicerie_desktop.support import format as shown


def people_sections(
    session: Session, first: date, last: date, closed: Mapping[str, Month] | None = None
) -> tuple[Section, ...]:
    """Return the sections of households and persons from `first` to `last`, both included, inside a caller's block.

    `closed` are those of these months that are, where the caller read them already (`closed_in`): each is told as it was closed.
    """
    months = months_between(month_of(first), month_of(last))
    closed = closed_in(session, months) if closed is None else closed
    whole = {m: closed[m].enrolled for m in closed if first <= month_bounds(m)[0] and month_bounds(m)[1] <= last}
    kept = {m: rows for m, rows in whole.items() if rows is not None}
    # A month whose rights are kept has its visits kept: the rest is read as it stands now, once.
    now = day_people_in(session) if len(kept) < len(months) else None
    visits = came_between(session, first, last, closed, now)
    parts = [(m, kept[m] if m in kept else _now(now, m, first, last)) for m in months]
    return people(visits, parts, last, lists_in(session), closed=frozenset(closed), frozen=frozenset(kept))


def _now(people_now: DayPeople | None, month: str, first: date, last: date) -> Sequence[Enrolled]:
    start, end = month_bounds(month)
    return people_now.enrolled(max(start, first), min(end, last)) if people_now else ()


def lists_in(session: Session) -> Lists:
    """Return what the people of a report are counted by, inside a caller's block."""
    rows = session.execute(select(Referrer.id, Referrer.name, Referrer.organisation))
    referrers = {row: (name, organisation) for row, name, organisation in rows}
    return Lists(age_brackets(), territories(), commune_names(), referrers, shown.month)


__all__ = ["lists_in", "people_sections"]
