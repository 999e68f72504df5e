"""What the day asks of the counter besides its visits: rights about to end, appointments, exceptional visits to validate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.persistence.models import AccessGrant, Appointment, Household, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import called
from epicerie_desktop.support.clock import PARIS

SOON_DAYS = 15
"""How long before its end a right is recalled at the counter."""


@dataclass(frozen=True, slots=True)
class RightEnding:
    """A right whose last day comes; `days` are those left after today. No other right follows it."""

    grant: int
    household: int
    number: str
    name: str
    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Slot:
    """An appointment of the day as the counter sees it: who and when, never what about."""

    appointment: int
    household: int
    number: str
    name: str
    at: datetime


def rights_ending(desk: Desk, within_days: int) -> tuple[RightEnding, ...]:
    """Return the rights that end within so many days with none to follow, the soonest first."""
    with desk.db.read() as session:
        return rights_ending_in(session, desk.clock.today(), within_days)


def rights_ending_in(session: Session, today: date, within_days: int) -> tuple[RightEnding, ...]:
    """Return the rights about to end, inside a caller's block; one-day exceptional ones and suspended ones are left out."""
    other = aliased(AccessGrant)
    follows = (
        select(other.id)
        .where(other.household_id == AccessGrant.household_id, other.valid_until > AccessGrant.valid_until,
               other.suspended_on.is_(None))
        .exists()
    )  # fmt: skip
    rows = session.execute(
        select(AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_until, Household.number, Person.first_name,
               Person.last_name)
        .join(Household, Household.id == AccessGrant.household_id)
        .outerjoin(Person, Person.id == Household.holder_id)
        .where(AccessGrant.valid_until >= today, AccessGrant.valid_until <= today + timedelta(days=within_days))
        .where(AccessGrant.valid_from <= today, AccessGrant.suspended_on.is_(None), ~AccessGrant.exceptional)
        .where(Household.closed_on.is_(None), ~follows)
        .order_by(AccessGrant.valid_until, Household.number)
    )  # fmt: skip
    return tuple(
        RightEnding(
            r.id,
            r.household_id,
            r.number,
            called(r.first_name, r.last_name),
            r.valid_until,
            (r.valid_until - today).days,
        )
        for r in rows
    )


def slots_of_day(desk: Desk, day: date | None = None) -> tuple[Slot, ...]:
    """Return the appointments planned on a day (today), by hour."""
    day = day or desk.clock.today()
    first = datetime.combine(day, time(), PARIS).astimezone(UTC)
    last = datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)
    with desk.db.read() as session:
        rows = session.execute(
            select(Appointment.id, Appointment.household_id, Appointment.at, Household.number, Person.first_name,
                   Person.last_name)
            .join(Household, Household.id == Appointment.household_id)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(Appointment.at >= first, Appointment.at < last, Appointment.state == "PLANNED")
            .order_by(Appointment.at, Appointment.id)
        )  # fmt: skip
        return tuple(Slot(r.id, r.household_id, r.number, called(r.first_name, r.last_name), r.at) for r in rows)
