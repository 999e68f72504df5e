"""The nameless counters: how often a step was done in a month and for how many cents. They never learn of a household."""

from __future__ import annotations

from sqlalchemy.orm import Session

from epicerie_desktop.domain.steps import Counted
from epicerie_desktop.persistence.models import ActionCount


def post_in(session: Session, one: Counted) -> None:
    """Add to a counter, or take from it, inside the caller's transaction; one that comes to nothing is erased."""
    row = session.get(ActionCount, (one.month, one.action, one.step))
    if row is None:
        if one.steps > 0:
            session.add(
                ActionCount(
                    month=one.month, action_code=one.action, step_code=one.step, steps=one.steps, cents=max(0, one.cents)
                )
            )  # fmt: skip
        return
    row.steps, row.cents = max(0, row.steps + one.steps), max(0, row.cents + one.cents)
    if not row.steps:
        session.delete(row)
