"""The support file of a household that is not closed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import SupportFile


def open_file_in(session: Session, household: int) -> SupportFile | None:
    """Return the support file of a household that is not closed, None where there is none."""
    return session.scalars(
        select(SupportFile)
        .where(SupportFile.household_id == household, SupportFile.closed_on.is_(None))
        .order_by(SupportFile.id.desc())
        .limit(1)
    ).first()
