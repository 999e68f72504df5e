"""A right that goes on with another after a separation or a merge: what was counted over the whole of it is not begun again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling, Grant
from epicerie_desktop.domain.eligibility.terms import FeeEvery
from epicerie_desktop.persistence.models import AccessGrant, FeePaid
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.fees import period_of
from epicerie_desktop.services.queries.rights import ceilings_to_json


def fees_paid_in(session: Session, household: int, grant: Grant) -> list[int]:
    """Return the fees a household paid that count under its right: its own (of no other right), and those paid before it."""
    this_right = period_of(FeeEvery.RIGHT, grant.valid_from, grant.first_id)
    own = session.scalars(
        select(FeePaid.id).where(
            FeePaid.household_id == household, FeePaid.cancelled_at.is_(None),
            or_(FeePaid.period == this_right, ~FeePaid.period.startswith("right-")),
        )
    )  # fmt: skip
    return sorted({*own, *grant.fees_before})


def go_on_with_in(
    session: Session,
    desk: Desk,
    grant: Grant,
    household: int,
    ceilings: tuple[Ceiling, ...],
    *,
    visits: int,
    limits: Mapping[str, int],
    fees: Sequence[int],
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Open for a household, from today, the right that goes on with `grant`, under its terms, and return its id.

    `visits`, `limits` (by `Ceiling.counted_as`) and `fees` (rows) are what was counted before the tickets of today.
    """
    row = session.get_one(AccessGrant, grant.id)
    carried = {
        "since": (since or grant.first_day).isoformat(), "visits": visits, "limits": dict(limits), "fees": list(fees),
    }  # fmt: skip
    opened = AccessGrant(
        household_id=household, valid_from=desk.clock.today(), valid_until=until or row.valid_until,
        participation_permille=row.participation_permille, ceilings=ceilings_to_json(ceilings), terms=row.terms,
        ruleset_id=row.ruleset_id, assessment_id=row.assessment_id if household == row.household_id else None,
        origin_id=grant.first_id, carried=carried, exceptional=False, decided_at=desk.clock.now(), decided_by=desk.actor.id,
    )  # fmt: skip
    session.add(opened)
    session.flush()
    return opened.id
