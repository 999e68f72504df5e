"""Who received goods of the European programme over a period: the persons present on those visits, each one once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import DayVisit, month_of
from epicerie_desktop.domain.reports.food_rows import FSE
from epicerie_desktop.domain.reports.fse import ServedPerson
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Lot, Sale, SaleLine
from epicerie_desktop.services.queries.day_people import DayPeople, day_people_in
from epicerie_desktop.services.queries.figures import closed_in

_Visit = tuple[int, date]
"""A household and a day."""
_Told = tuple[str, int | None, str]
"""A person's token, age that day (None where it is not known) and sex."""


def served_in(session: Session, first: date, last: date) -> tuple[tuple[ServedPerson, ...], tuple[ServedPerson, ...]]:
    """Return who received food, and who received other goods, of the programme, inside a caller's block.

    The persons of a closed month are those of its closing.
    """
    found: dict[bool, set[_Visit]] = {True: set(), False: set()}
    mine = or_(Lot.financing == FSE, (Lot.financing == "") & (Lot.origin == Origin.FSE))
    for is_food, household, day in session.execute(
        select(SaleLine.food, Sale.household_id, Sale.day).select_from(Sale)
        .join(SaleLine, SaleLine.sale_id == Sale.id).join(Lot, Lot.id == SaleLine.lot_id)
        .where(Sale.day >= first, Sale.day <= last, mine).group_by(SaleLine.food, Sale.household_id, Sale.day)
        .having(or_(func.sum(SaleLine.pieces) > 0, func.sum(SaleLine.grams) > 0))
    ):  # fmt: skip
        found[is_food].add((household, day))
    if not any(found.values()):
        return (), ()
    closed = closed_in(session, (month_of(first), month_of(last)))
    kept = {(v.household, v.day): v for month in closed.values() for v in month.visits}
    people = day_people_in(session)
    food, goods = (_persons(_present(people, kept, closed.keys(), found[kind])) for kind in (True, False))
    return food, goods


def _present(
    people: DayPeople, kept: dict[tuple[str, date], DayVisit], closed: Iterable[str], visits: Iterable[_Visit]
) -> Iterable[tuple[date, list[_Told]]]:  # fmt: skip
    months = frozenset(closed)
    for household, day in sorted(visits, key=lambda v: (v[1], v[0])):
        if month_of(day) not in months:
            tokens, facts = people.of_visit(household, [household], day)
            yield day, list(zip(tokens, facts.ages, facts.sexes, strict=True))
            continue
        visit = kept.get((people.token[people.root(household, day)], day))
        if visit is None:
            continue
        if visit.facts is not None:
            yield day, list(zip(visit.persons, visit.facts.ages, visit.facts.sexes, strict=True))
        else:
            yield day, [(token, people.age(token, day), people.known[token][0]) for token in visit.persons]


def _persons(visits: Iterable[tuple[date, list[_Told]]]) -> tuple[ServedPerson, ...]:
    firsts: dict[str, ServedPerson] = {}
    for _day, persons in visits:
        for token, age, sex in persons:
            if token not in firsts:
                firsts[token] = ServedPerson(sex, age)
    return tuple(person for _token, person in sorted(firsts.items()))
