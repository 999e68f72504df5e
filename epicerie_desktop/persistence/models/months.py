"""The months that are closed, and their amendments. Append-only: a closed month never changes, another version follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Json


class MonthClosing(Identified, Base):
    """A version of a month: 1 when it is closed, then one an amendment, with its `reason` and its `changes`.

    `figures` is the canonical text that `digest` seals, with the number, the month, the version and the sum before.
    """

    __tablename__ = "month_closing"
    __table_args__ = (UniqueConstraint("month", "version"), UniqueConstraint("number"), STRICT)

    number: Mapped[int]
    month: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    figures: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[Any] = mapped_column(Json, default=list)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["MonthClosing"]
