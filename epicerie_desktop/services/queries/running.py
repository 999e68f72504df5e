"""The right that runs on a day, as the papers and the screen of a decision tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import AccessGrant
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.suspensions import measures_in


@dataclass(frozen=True, slots=True)
class RunningRight:
    """A right under way, or the next one: its days (both included), rights that follow without a gap being one.

    `suspended` where a measure keeps the household away on the day asked about.
    """

    since: date
    until: date
    suspended: bool

    def begun(self, day: date) -> bool:
        """Return whether it runs on `day` already."""
        return self.since <= day


def running_right_in(
    session: Session, household: int, day: date, known_at: datetime | None = None
) -> RunningRight | None:
    """Return the right that runs on `day`, else the next one to begin, None where there is none.

    With `known_at`, only rights decided by then count: a letter printed again says what it said. A passage given by
    exception is no right.
    """
    wanted = (
        select(AccessGrant.valid_from, AccessGrant.valid_until)
        .where(AccessGrant.household_id.in_(family_in(session, household)), AccessGrant.valid_until >= day)
        .where(~AccessGrant.exceptional)
        .order_by(AccessGrant.valid_from)
    )
    if known_at is not None:
        wanted = wanted.where(AccessGrant.decided_at <= known_at)
    rows = [(since, until) for since, until in session.execute(wanted)]
    if not rows:
        return None
    since, until = rows[0]
    for following, end in rows[1:]:
        if following <= until + timedelta(days=1):
            until = max(until, end)
    return RunningRight(since, until, any(m.covers(day) for m in measures_in(session, household)))
