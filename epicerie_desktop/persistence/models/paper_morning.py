"""The sheets printed for a morning without the computer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Day, Json


class PaperSheet(Identified, Base):
    """A blank sheet as printed: its `households` and `families` in order, by id, so that the grid shows it again line by line."""

    __tablename__ = "paper_sheet"
    __table_args__ = (UniqueConstraint("number"), STRICT)

    number: Mapped[int]
    day: Mapped[date] = mapped_column(Day)
    households: Mapped[Any] = mapped_column(Json)
    families: Mapped[Any] = mapped_column(Json)
    printed_at: Mapped[datetime]
    printed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["PaperSheet"]
