"""What the manager estimates for a funder, of the whole shop and of nobody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Day


class AggregateEstimate(Identified, Base):
    """An estimate of an indicator over a period, both days included. Append-only: a correction is another row, the last one holds.

    `value` is counted, in cents, in grams or in thousandths, as the indicator is; None takes an estimate back.
    """

    __tablename__ = "aggregate_estimate"
    __table_args__ = (Index(None, "first_on", "last_on"), STRICT)

    indicator: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date] = mapped_column(Day)
    last_on: Mapped[date] = mapped_column(Day)
    value: Mapped[int | None]
    basis: Mapped[str] = mapped_column(Text)
    """How it was estimated, in a sentence."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["AggregateEstimate"]
