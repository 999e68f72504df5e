"""Who is kept from shopping on a day, and the measures of a household. The table `suspension` is the only truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import Household, Person, Suspension
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import hidden_in


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """A measure as lists show it."""

    id: int
    household: int
    number: str
    name: str
    measure: Measure
    reason: SuspensionReason


def kept_away(household: Any, day: Any) -> ColumnElement[bool]:
    """Return what holds where a household (its column) is suspended or excluded on `day` (a date, or a bound one)."""
    return (
        select(Suspension.id)
        .where(
            Suspension.household_id == household,
            Suspension.since <= day,
            Suspension.until.is_(None) | (Suspension.until >= day),
            Suspension.lifted_on.is_(None) | (Suspension.lifted_on > day),
        )
        .exists()
    )


def _measure(row: Suspension) -> Measure:
    return Measure(
        SuspensionKind(row.kind), row.since, row.until, row.asked_on, row.heard_on, row.lifted_on
    )  # fmt: skip


def measures_in(session: Session, household: int) -> tuple[Measure, ...]:
    """Return the measures a household ever had, the first ones first, inside a caller's block."""
    rows = session.scalars(
        select(Suspension).where(Suspension.household_id == household).order_by(Suspension.since, Suspension.id)
    )
    return tuple(_measure(row) for row in rows)


def list_suspensions(desk: Desk, *, household: int | None = None) -> tuple[SuspensionRow, ...]:
    """Return the measures that run or will, the latest first; with `household`, all it ever had."""
    today = desk.clock.today()
    wanted = (
        select(Suspension, Household.number, Person.last_name, Person.first_name)
        .join(Household, Household.id == Suspension.household_id)
        .outerjoin(Person, Person.id == Household.holder_id)
        .order_by(Suspension.since.desc(), Suspension.id.desc())
    )
    if household is not None:
        wanted = wanted.where(Suspension.household_id == household)
    with desk.db.read() as session:
        rows = session.execute(wanted).all()
        hidden = hidden_in(session, desk, sorted({r[0].household_id for r in rows}))
        found = (
            SuspensionRow(
                row.id, row.household_id, number, hidden.get(row.household_id) or f"{last or ''} {first or ''}".strip(),
                _measure(row), SuspensionReason(row.reason_code),
            )
            for row, number, last, first in rows
        )  # fmt: skip
        return tuple(r for r in found if household is not None or r.measure.running_or_to_come(today))
