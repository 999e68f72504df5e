"""Who is still expected today, and what is too scarce for them: read beside the till, never in the way of a sale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.fair_share import GRAMS_A_UNIT, Share, is_scarce, median, shared, usual_sizes
from epicerie_desktop.persistence.models import Appointment, Household, PreparedOrder, Sale, SaleLine
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import PriceList, found_in
from epicerie_desktop.services.queries.files import merged_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.support.clock import PARIS

WEEKS = 8
"""How far back the usual pace is learned."""
_ELSEWHERE = (AppointmentKind.HOME_VISIT, AppointmentKind.PHONE)


@dataclass(frozen=True, slots=True)
class Pace:
    """The usual pace of a day of the week: households, their sizes, and what one takes of an article on a day it is there."""

    day: date
    households: int
    sizes: tuple[int, ...]
    a_visit: Mapping[int, tuple[Fraction, Fraction]] = field(default_factory=dict)
    """Pieces and grams by article, of the days on which somebody took some."""


def usual_pace(desk: Desk) -> Pace:
    """Return the pace of today's weekday over the last weeks: the same all day, so it is read once."""
    today = desk.clock.today()
    start = today - timedelta(weeks=WEEKS)
    with desk.db.read() as session:
        home = func.coalesce(Household.merged_into_id, Household.id)
        visits: dict[date, list[int]] = defaultdict(list)
        for day, _household, persons in session.execute(
            select(Sale.day, home, func.max(Sale.persons))
            .join(Household, Household.id == Sale.household_id)
            .where(Sale.day >= start, Sale.day < today, kept())
            .group_by(Sale.day, home)
        ):
            visits[day].append(int(persons))
        taken: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for article, day, pieces, grams in session.execute(
            select(SaleLine.article_id, Sale.day, func.sum(SaleLine.pieces), func.sum(SaleLine.grams))
            .join(Sale, Sale.id == SaleLine.sale_id)
            .where(Sale.day >= start, Sale.day < today, kept())
            .group_by(SaleLine.article_id, Sale.day)
        ):
            sums = taken[article]
            for i, more in enumerate((int(pieces), int(grams), len(visits[day]))):
                sums[i] += more
    same = [len(v) for day, v in visits.items() if day.weekday() == today.weekday()]
    return Pace(
        today,
        median(same or [len(v) for v in visits.values()]),
        tuple(size for v in visits.values() for size in v),
        {a: (Fraction(pieces, days), Fraction(grams, days)) for a, (pieces, grams, days) in taken.items()},
    )


def expected_sizes(desk: Desk, pace: Pace, household: int) -> tuple[int, ...]:
    """Return the sizes of the households still expected today, the one at the till first.

    Those known by name (at the till, with an appointment here or an order that waits), or the usual pace of the day less those
    already served, whichever is more.
    """
    day = desk.clock.today()
    with desk.db.read() as session:
        united = merged_in(session)
        served = {united.get(h, h) for h in session.scalars(select(Sale.household_id).where(Sale.day == day, kept()))}
        named = {united.get(h, h): None for h in (household, *_named_in(session, day))}
        waiting = [h for h in named if h not in served]
        sizes = {f.id: f.persons for f in found_in(session, desk, waiting)}
    known = [sizes.get(h, 1) for h in waiting]
    more = max(0, pace.households - len(served) - len(known))
    return (*known, *(usual_sizes(pace.sizes, more) if more else ()))


def _named_in(session: Session, day: date) -> list[int]:
    begins = datetime.combine(day, time(), PARIS)
    return [
        *session.scalars(
            select(Appointment.household_id)
            .where(Appointment.at >= begins, Appointment.at < begins + timedelta(days=1))
            .where(Appointment.state == AppointmentState.PLANNED, Appointment.kind.not_in(_ELSEWHERE))
        ),
        *session.scalars(
            select(PreparedOrder.household_id).where(PreparedOrder.closed_as.is_(None), PreparedOrder.day <= day)
        ),
    ]


def shares_of_day(desk: Desk, pace: Pace, prices: PriceList, household: int) -> dict[int, Share]:
    """Return the scarce articles with their fair part; `prices` holds the stock the till has read already."""
    sizes, day = expected_sizes(desk, pace, household), desk.clock.today()
    shares: dict[int, Share] = {}
    if not sizes:
        return shares
    for article, lots in prices.stock.lots.items():
        offer = prices.offers.get(article)
        held = sum(max(0, lot.quantity) for lot in lots if not lot.expired_on(day))
        if offer is None or not held:
            continue
        by_piece = offer.sold_by is SoldBy.PIECE
        # Nobody knows yet what is taken of an article that just came: one piece each is thought of, of what is weighed nothing.
        pieces, grams = pace.a_visit.get(article, (Fraction(1), Fraction(0)))
        left = held if by_piece else held // GRAMS_A_UNIT
        if is_scarce(left, len(sizes), pieces if by_piece else grams / GRAMS_A_UNIT):
            shares[article] = shared(left, sizes)
    return shares
