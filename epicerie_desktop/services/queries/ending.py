"""The rights that end soon and that no other right follows: those to think of renewing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from epicerie_desktop.persistence.models import AccessGrant, Household, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import shown_name
from epicerie_desktop.services.queries.files import hidden_in
from epicerie_desktop.services.queries.suspensions import kept_away

DAYS_BEFORE = 30
"""How long before its end a right is listed."""
DAYS_AFTER = 15
"""How long after its end it still is: the household may come back to it."""


@dataclass(frozen=True, slots=True)
class EndingRight:
    """A household whose last right ends, or ended, around today; `left` is how many days are left, negative once over."""

    household: int
    number: str
    holder: str
    until: date
    left: int


def rights_to_renew(desk: Desk, *, before: int = DAYS_BEFORE, after: int = DAYS_AFTER) -> tuple[EndingRight, ...]:
    """Return the rights that end within `before` days or ended at most `after` days ago, the nearest end first.

    A day given by exception is no right to renew. A household kept away, or whose file is closed or merged, is not listed; a reserved one tells whom to see.
    """
    today = desk.clock.today()
    last = func.max(AccessGrant.valid_until)
    with desk.db.read() as session:
        rows = session.execute(
            select(Household.id, Household.number, Person.last_name, Person.first_name, last.label("until"))
            .join(AccessGrant, AccessGrant.household_id == Household.id)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(~AccessGrant.exceptional)
            .where(Household.closed_on.is_(None), Household.merged_into_id.is_(None), ~kept_away(Household.id, today))
            .group_by(Household.id)
            .having(last >= today - timedelta(days=after), last <= today + timedelta(days=before))
            .order_by(last, Household.number)
        ).all()
        hidden = hidden_in(session, desk, [r.id for r in rows])
        return tuple(
            EndingRight(
                r.id, r.number, hidden.get(r.id) or shown_name(desk, r.first_name, r.last_name), r.until, (r.until - today).days
            )
            for r in rows
        )  # fmt: skip
