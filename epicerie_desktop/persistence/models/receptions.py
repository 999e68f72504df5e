"""Beside the lots: what a delivery announced, what was refused, checks of best-before dates, what is put forward on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag, Json


class LotDelivery(Base):
    """What was ordered, announced on the slip and damaged of a lot, in pieces or grams as its article is counted."""

    __tablename__ = "lot_delivery"

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    ordered: Mapped[int | None]
    delivered: Mapped[int | None]
    damaged: Mapped[int | None]


class RefusedGoods(Identified, Base):
    """Goods sent back at the door, with the reason: never in stock, printed on the slip."""

    __tablename__ = "refused_goods"
    __table_args__ = (Index(None, "reception_id"), STRICT)

    reception_id: Mapped[int] = mapped_column(ForeignKey("reception.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    pieces: Mapped[int]
    grams: Mapped[int]
    reason: Mapped[Refusal] = mapped_column(Choice(Refusal))
    note: Mapped[str] = mapped_column(Text)


class DeliveryMapping(Base):
    """Which column of a supplier's delivery file holds what."""

    __tablename__ = "delivery_mapping"

    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    columns: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class BestBeforeCheck(Identified, Base):
    """A lot past its best-before date looked at on a day of distribution. Append-only."""

    __tablename__ = "best_before_check"
    __table_args__ = (Index(None, "lot_id", "day"), STRICT)

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    day: Mapped[date] = mapped_column(Day)
    packaging: Mapped[bool] = mapped_column(Flag)
    """Whether the pack is whole."""
    aspect: Mapped[bool] = mapped_column(Flag)
    """Whether it looks and smells right."""
    agreed_for: Mapped[str] = mapped_column(Text)
    """Why the team agreed where the tolerance is over; empty within it."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ForwardItem(Base):
    """A lot put forward on a day: a double portion, a lower reference value for its article that day."""

    __tablename__ = "forward_item"

    day: Mapped[date] = mapped_column(Day, primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    double: Mapped[bool] = mapped_column(Flag)
    cents: Mapped[int | None]
    """The value of a kilo or of a piece that day; None keeps the usual one."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
