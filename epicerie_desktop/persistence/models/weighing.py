"""The scales of the shop and their checks, and how the labels of each donor are laid out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Flag


class WeighingScale(Identified, Edited, Base):
    """The plate of a scale, as it is written on it; `retired_on` once another took its place at the post."""

    __tablename__ = "weighing_scale"
    __table_args__ = (Index(None, "post_id"), STRICT)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    make: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text, default="")
    serial: Mapped[str] = mapped_column(Text, default="")
    accuracy_class: Mapped[str] = mapped_column(Text, default="")
    capacity_grams: Mapped[int]
    minimum_grams: Mapped[int]
    division_grams: Mapped[int]
    since: Mapped[date] = mapped_column(Day)
    retired_on: Mapped[date | None] = mapped_column(Day)


class ScaleCheck(Identified, Base):
    """A check of a scale by an approved body. Append-only: the last one holds."""

    __tablename__ = "scale_check"
    __table_args__ = (Index(None, "scale_id", "day"), STRICT)

    scale_id: Mapped[int] = mapped_column(ForeignKey("weighing_scale.id"))
    day: Mapped[date] = mapped_column(Day)
    next_on: Mapped[date] = mapped_column(Day)
    """The last day on which its weight may still make a price."""
    accepted: Mapped[bool] = mapped_column(Flag)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LabelLayout(Identified, Edited, Base):
    """How the scale labels of one donor are laid out (see `domain/layouts`); `source` names that donor."""

    __tablename__ = "label_layout"
    __table_args__ = STRICT

    source: Mapped[str] = mapped_column(Text)
    pattern: Mapped[str] = mapped_column(Text)
    step: Mapped[int] = mapped_column(default=1)
    unit_price_cents_per_kg: Mapped[int | None]
    active: Mapped[bool] = mapped_column(Flag, default=True)
