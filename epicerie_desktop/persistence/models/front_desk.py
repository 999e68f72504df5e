"""What the counter shows of a household's support file: its appointments, and what it asked not to be offered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day


class Appointment(Identified, Edited, Base):
    """A meeting with a household. `state`: PLANNED, KEPT, EXCUSED, MISSED, CANCELLED. Sealed: what it is about."""

    __tablename__ = "appointment"
    __table_args__ = (Index(None, "at"), Index(None, "household_id", "at"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=45)
    kind: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text, default="")
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(Text, default="PLANNED")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Avoidance(Identified, Base):
    """A « do not offer » tag asked for by the household; erased when they wish. No reason is kept.

    About a family, an article or, with neither, only words shown with the basket.
    """

    __tablename__ = "avoidance"
    __table_args__ = (Index(None, "household_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    label: Mapped[str] = mapped_column(Text)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    agreed_on: Mapped[date] = mapped_column(Day)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["Appointment", "Avoidance"]
