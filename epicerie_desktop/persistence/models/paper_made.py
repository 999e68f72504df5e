"""The papers of closed figures that left the program: how often, so that the second time says it is a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified


class PaperMade(Identified, Base):
    """A paper kept, or printed: its `kind`, what it is `about` (never a name), the version and sum of what it shows.

    The paper itself is not kept: it is made again from the closed figures.
    """

    __tablename__ = "paper_made"
    __table_args__ = (
        UniqueConstraint("kind", "about", "version"),
        CheckConstraint("times >= 1", name="times"),
        STRICT,
    )

    kind: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    first_at: Mapped[datetime]
    first_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    times: Mapped[int]
    last_at: Mapped[datetime]


__all__ = ["PaperMade"]
