"""The months of a shop, from its tickets: the one query behind the sheet, the parcel and every total."""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import (
    DayVisit,
    MonthFigures,
    Totals,
    month_figures,
    month_of,
    months_between,
    totals,
)
from epicerie_desktop.domain.household import Membership, PartialDate
from epicerie_desktop.persistence.models import Address, Family, Household, Member, Person, Sale, SaleLine
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import rights
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

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
        visits = _visits(session, start, end)
    by_month: dict[str, list[DayVisit]] = defaultdict(list)
    for visit in visits:
        by_month[month_of(visit.day)].append(visit)
    return tuple(month_figures(m, by_month.get(m, ())) for m in months_between(month_of(start), month_of(end)))


def totals_of(desk: Desk, first_month: str, last_month: str) -> Totals:
    """Return the totals of a period: distinct families and persons over the whole of it."""
    return totals(figures_of(desk, first_month, last_month))


def _visits(session: Session, start: date, end: date) -> list[DayVisit]:
    kept = (
        select(Sale.id, Sale.household_id, Sale.day, Sale.shelf_cents, Sale.paid_cents)
        .where(Sale.day >= start, Sale.day <= end, rights.kept())
        .cte("kept")
    )
    grams: dict[tuple[int, date], tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for household, day, family, origin, weight in session.execute(
        select(kept.c.household_id, kept.c.day, Family.code, SaleLine.origin, func.sum(SaleLine.grams))
        .join(SaleLine, SaleLine.sale_id == kept.c.id)
        .join(Family, Family.id == SaleLine.family_id)
        .where(SaleLine.food)
        .group_by(kept.c.household_id, kept.c.day, Family.code, SaleLine.origin)
    ):
        by_family, by_origin = grams[(household, day)]
        by_family[family] += int(weight)
        by_origin[origin.value] += int(weight)
    money = session.execute(
        select(kept.c.household_id, kept.c.day, func.sum(kept.c.shelf_cents), func.sum(kept.c.paid_cents)).group_by(
            kept.c.household_id, kept.c.day
        )
    ).all()
    people = _people(session)
    return [
        DayVisit(
            day, people.token[h], people.number[h], people.present(h, day), grams[(h, day)][0], grams[(h, day)][1],
            int(shelf), int(paid), people.commune(h, day),
        )
        for h, day, shelf, paid in money
    ]  # fmt: skip


class _People:
    """Tokens, numbers, dated memberships and communes of every household, read once for a report."""

    def __init__(self) -> None:
        self.token: dict[int, str] = {}
        self.number: dict[int, str] = {}
        self.members: dict[int, list[tuple[str, Membership]]] = defaultdict(list)
        self.communes: dict[int, list[tuple[date, str]]] = defaultdict(list)

    def present(self, household: int, day: date) -> tuple[str, ...]:
        """Return the tokens of the persons counted that day."""
        return tuple(token for token, m in self.members[household] if m.counted_on(day))

    def commune(self, household: int, day: date) -> str | None:
        """Return the INSEE code of the household's commune that day, None where unknown or outside the list."""
        codes = [code for since, code in self.communes[household] if since <= day]
        return codes[-1] if codes else None


def _people(session: Session) -> _People:
    people = _People()
    for h, token, number in session.execute(select(Household.id, Household.token, Household.number)):
        people.token[h], people.number[h] = token.hex, number
    for h, person, token, link, born, joined, left in session.execute(
        select(
            Member.household_id, Person.id, Person.token, Member.link, Person.born, Member.joined_on, Member.left_on
        ).join(Person, Person.id == Member.person_id)
    ):
        people.members[h].append((token.hex, Membership(person, link, PartialDate.from_iso(born), joined, left)))
    for h, since, code in session.execute(
        select(Address.household_id, Address.valid_from, Address.commune_code).order_by(
            Address.household_id, Address.valid_from
        )
    ):
        people.communes[h].append((since, code or ""))
    return people
