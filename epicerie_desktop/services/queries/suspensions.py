"""Who is kept from shopping on a day, and the measures of a household. The table `suspension` is the only truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import Suspension
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import hidden_in, open_in, reading
from epicerie_desktop.services.queries.names import Named, names_in


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """A measure as lists show it; `reason` is None for an account that is not a social worker's."""

    id: int
    household: Named
    measure: Measure
    reason: SuspensionReason | None


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


def measure_of(row: Suspension) -> Measure:
    """Return the measure of a row."""
    return Measure(
        SuspensionKind(row.kind), row.since, row.until, row.asked_on, row.heard_on, row.lifted_on
    )  # fmt: skip


def measures_in(session: Session, household: int) -> tuple[Measure, ...]:
    """Return the measures a household ever had, the first ones first, inside a caller's block."""
    rows = session.scalars(
        select(Suspension).where(Suspension.household_id == household).order_by(Suspension.since, Suspension.id)
    )
    return tuple(measure_of(row) for row in rows)


def list_suspensions(desk: Desk, *, household: int | None = None) -> tuple[SuspensionRow, ...]:
    """Return the measures that run or will, the latest first; with `household`, all it ever had."""
    today = desk.clock.today()
    wanted = select(Suspension).order_by(Suspension.since.desc(), Suspension.id.desc())
    if household is not None:
        wanted = wanted.where(Suspension.household_id == household)
    with reading(desk) as session:
        if household is not None and not hidden_in(session, desk, [household]):
            open_in(session, desk, household)
        rows = [(row, measure_of(row)) for row in session.scalars(wanted)]
        shown = [(r, m) for r, m in rows if household is not None or m.running_or_to_come(today)]
        named = names_in(session, desk, [r.household_id for r, _m in shown])
        hidden = hidden_in(session, desk, list(named))
        holds = desk.social_key is not None
        return tuple(
            SuspensionRow(
                r.id,
                named[r.household_id],
                m,
                SuspensionReason(r.reason_code) if holds and r.household_id not in hidden else None,
            )
            for r, m in shown
        )
