"""Households and persons of a period: reads visits and rights, closed months as they were closed, and gives the sections of a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.enrolled import Enrolled
from epicerie_desktop.domain.figures import DayVisit, month_of, months_between
from epicerie_desktop.domain.months import Month
from epicerie_desktop.domain.reports.people import Lists, people
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.persistence.models import Referrer
from epicerie_desktop.services.nomenclatures import age_brackets, commune_names, territories
from epicerie_desktop.services.queries.day_people import DayPeople, day_people_in
from epicerie_desktop.services.queries.figures import closed_in, month_bounds, visits_between
from epicerie_desktop.support import format as shown


def people_sections(
    session: Session, first: date, last: date, visits: Sequence[DayVisit] | None = None
) -> tuple[Section, ...]:
    """Return the sections of households and persons from `first` to `last`, both included, inside a caller's block.

    `visits` where the caller read those of these days already (`visits_between`). A closed month is told as it was closed.
    """
    closed = closed_in(session, months_between(month_of(first), month_of(last)))
    parts, frozen = _enrolled(session, first, last, closed)
    return people(
        visits_between(session, first, last) if visits is None else visits, parts, last, _lists(session),
        closed=frozenset(closed), frozen=frozen,
    )  # fmt: skip


def _enrolled(
    session: Session, first: date, last: date, closed: dict[str, Month]
) -> tuple[list[tuple[str, Sequence[Enrolled]]], frozenset[str]]:
    """Return who had a right, month by month, and the months told as they were closed: whole, and since it is kept."""
    parts: list[tuple[str, Sequence[Enrolled]]] = []
    frozen: set[str] = set()
    now: DayPeople | None = None
    for month in months_between(month_of(first), month_of(last)):
        start, end = month_bounds(month)
        kept = closed[month].enrolled if month in closed and first <= start and end <= last else None
        if kept is None:
            now = now or day_people_in(session)
            parts.append((month, now.enrolled(max(start, first), min(end, last))))
        else:
            parts.append((month, kept))
            frozen.add(month)
    return parts, frozenset(frozen)


def _lists(session: Session) -> Lists:
    rows = session.execute(select(Referrer.id, Referrer.name, Referrer.organisation))
    referrers = {row: (name, organisation) for row, name, organisation in rows}
    return Lists(age_brackets(), territories(), commune_names(), referrers, shown.month)


__all__ = ["people_sections"]
