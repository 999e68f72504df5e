"""What the till does besides tickets: prints, parcel types, orders prepared ahead, emergency parcels without a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag, Json


class TicketPrint(Base):
    """A time a ticket came out of a ticket printer; from the second on it is a copy."""

    __tablename__ = "ticket_print"
    __table_args__ = ({**STRICT, "sqlite_with_rowid": False},)

    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ParcelType(Identified, Edited, Base):
    """A parcel: what it holds by size of household, in `sizes`: [{"persons": 1, "articles": [[article, quantity], …]}, …].

    A quantity is pieces, or grams for an article sold by weight. The row of a household is the largest whose `persons` it reaches.
    """

    __tablename__ = "parcel_type"

    name: Mapped[str] = mapped_column(Text)
    sizes: Mapped[Any] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(Flag, default=True)


class PreparedOrder(Identified, Base):
    """A basket the team prepared for a household and a day; `closed_as` is TAKEN or DROPPED once it is not waiting any more."""

    __tablename__ = "prepared_order"
    __table_args__ = (Index("ix_prepared_order_household_day", "household_id", "day"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    day: Mapped[date] = mapped_column(Day)
    body: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    closed_as: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]


class EmergencyParcel(Identified, Base):
    """A parcel given at once to somebody without a file: how many persons, never who. A cancellation has contrary figures."""

    __tablename__ = "emergency_parcel"
    __table_args__ = (UniqueConstraint("reverses_id"), Index("ix_emergency_parcel_day", "day"), STRICT)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    day: Mapped[date] = mapped_column(Day)
    at: Mapped[datetime]
    persons: Mapped[int]
    shelf_cents: Mapped[int]
    grams: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("emergency_parcel.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class EmergencyLine(Base):
    """A part of an emergency parcel that one lot served."""

    __tablename__ = "emergency_line"
    __table_args__ = (Index("ix_emergency_line_lot", "lot_id"), {**STRICT, "sqlite_with_rowid": False})

    parcel_id: Mapped[int] = mapped_column(ForeignKey("emergency_parcel.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    food: Mapped[bool] = mapped_column(Flag)
    pieces: Mapped[int]
    grams: Mapped[int]
    shelf_cents: Mapped[int]
