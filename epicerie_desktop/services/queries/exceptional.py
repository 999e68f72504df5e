"""The exceptional visits that nobody who decides has seen yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from epicerie_desktop.persistence.models import AccessGrant, Account, Household, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import shown_name
from epicerie_desktop.services.queries.files import hidden_in


@dataclass(frozen=True, slots=True)
class ExceptionalRow:
    """An exceptional visit that waits for validation: who, which day, granted by whom."""

    grant: int
    household: int
    number: str
    name: str
    day: date
    by: str
    at: datetime


def exceptional_to_validate(desk: Desk) -> tuple[ExceptionalRow, ...]:
    """Return the exceptional visits nobody who decides has seen yet, the oldest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(
                AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.decided_at,
                Household.number, Person.last_name, Person.first_name, Account.name,
            )
            .join(Household, Household.id == AccessGrant.household_id)
            .join(Account, Account.id == AccessGrant.decided_by)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(AccessGrant.exceptional, AccessGrant.validated_at.is_(None))
            .order_by(AccessGrant.valid_from, AccessGrant.id)
        ).all()  # fmt: skip
        hidden = hidden_in(session, desk, [r.household_id for r in rows])
        return tuple(
            ExceptionalRow(
                r.id, r.household_id, r.number,
                hidden.get(r.household_id) or shown_name(desk, r.first_name, r.last_name),
                r.valid_from, r.name, r.decided_at,
            )
            for r in rows
        )  # fmt: skip
