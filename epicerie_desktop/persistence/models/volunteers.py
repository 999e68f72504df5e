"""The hours volunteers give. Append-only: a mistake is cancelled by a contrary row."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Day


class VolunteerHours(Identified, Base):
    """Minutes given on a day to a kind of task, by an account or under a name of the team's choosing (`label`); one of the two.

    A cancellation has the contrary minutes and `reverses_id`.
    """

    __tablename__ = "volunteer_hours"
    __table_args__ = (UniqueConstraint("reverses_id"), Index(None, "day"), STRICT)

    day: Mapped[date] = mapped_column(Day)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    label: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int]
    task: Mapped[str] = mapped_column(Text)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer_hours.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["VolunteerHours"]
