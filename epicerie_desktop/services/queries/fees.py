"""The fees a right asks: what is due on a day, and what was paid that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.terms import FeeEvery
from epicerie_desktop.persistence.models import FeePaid
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.rights import Standing, standing_in


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee of a household: its code, for what (`2026`, `2026-11`, `file`, `right-12`), in cents; `paid` is its row once paid."""

    code: str
    label: str
    period: str
    cents: int
    paid: int | None = None
    paid_on: date | None = None


_RIGHT = "right-"


def period_of(every: FeeEvery, day: date, grant: int) -> str:
    """Return for what a fee stands on `day`: a year, a month, the file, or the right (the first one, where others go on with it)."""
    match every:
        case FeeEvery.YEAR:
            return f"{day:%Y}"
        case FeeEvery.MONTH:
            return f"{day:%Y-%m}"
        case FeeEvery.RIGHT:
            return f"{_RIGHT}{grant}"
        case FeeEvery.FILE:
            return "file"


def fees_in(session: Session, household: int, standing: Standing, day: date) -> tuple[Fee, ...]:
    """Return the fees of the right of that day, inside a caller's block: those due, and those already paid."""
    if standing.verdict.grant is None or not standing.terms.fees:
        return ()
    grant = standing.verdict.grant
    rows = session.scalars(select(FeePaid).where(FeePaid.household_id == household, FeePaid.cancelled_at.is_(None)))
    paid = {(r.code, r.period): r for r in rows}
    # Paid before a separation or a merge: paid, for whoever goes on under that right.
    before = session.scalars(select(FeePaid).where(FeePaid.id.in_(grant.fees_before), FeePaid.cancelled_at.is_(None)))
    this_right = period_of(FeeEvery.RIGHT, day, grant.first_id)
    for r in before:
        paid.setdefault((r.code, this_right if r.period.startswith(_RIGHT) else r.period), r)
    found = []
    for fee in standing.terms.fees:
        period = period_of(fee.every, day, grant.first_id)
        row = paid.get((fee.code, period))
        if row is not None:
            found.append(Fee(fee.code, row.label, period, row.cents, row.id, row.day))
        elif fee.cents:
            found.append(Fee(fee.code, fee.label, period, fee.cents))
    return tuple(found)


def fees_of(desk: Desk, household: int, day: date | None = None) -> tuple[Fee, ...]:
    """Return the fees of a household on a day (today): those due have no `paid`."""
    day = day or desk.clock.today()
    with desk.db.read() as session:
        return fees_in(session, household, standing_in(session, household, day), day)
