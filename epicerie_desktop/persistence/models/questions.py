"""Questions kept by name, and the tables that were published: what is out is out, and the next ones are checked against it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Json


class SavedQuestion(Identified, Edited, Base):
    """A question under the name the team gave it; `asked` is its canonical text (`domain/questions.to_json`)."""

    __tablename__ = "saved_question"
    __table_args__ = (UniqueConstraint("folded"), STRICT)

    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class PublishedTable(Identified, Base):
    """A table as it went out: its question and days, its whole `cells` and those it did not show. Append-only."""

    __tablename__ = "published_table"
    __table_args__ = (Index(None, "first", "last"), STRICT)

    title: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(Text)
    first: Mapped[date] = mapped_column(Day)
    last: Mapped[date] = mapped_column(Day)
    threshold: Mapped[int]
    cells: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["PublishedTable", "SavedQuestion"]
