"""Sales: a ticket, its lines (one a lot), its payments. Append-only: a cancelled ticket gets a contrary one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag


class Sale(Identified, Base):
    """A ticket. `uid` is the basket's, made at its first line: the same basket is never booked twice.

    `persons` is the composition of the day. A cancellation is a row of its own, with contrary figures and `reverses_id`.
    """

    __tablename__ = "sale"
    __table_args__ = (
        UniqueConstraint("post_id", "number"),
        UniqueConstraint("reverses_id"),
        Index("ix_sale_household_day", "household_id", "day", "paid_cents", "shelf_cents", "grams"),
        Index("ix_sale_day", "day"),
        STRICT,
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    day: Mapped[date] = mapped_column(Day)
    at: Mapped[datetime]
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("access_grant.id"))
    persons: Mapped[int]
    participation_permille: Mapped[int]
    shelf_cents: Mapped[int]
    paid_cents: Mapped[int]
    grams: Mapped[int]
    overridden: Mapped[bool] = mapped_column(Flag, default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("sale.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class SaleLine(Base):
    """A part of a basket's line that one lot served; parts of the same basket line share `line`."""

    __tablename__ = "sale_line"
    __table_args__ = (Index("ix_sale_line_lot", "lot_id"), {**STRICT, "sqlite_with_rowid": False})

    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    food: Mapped[bool] = mapped_column(Flag)
    pieces: Mapped[int]
    grams: Mapped[int]
    tare_grams: Mapped[int] = mapped_column(default=0)
    source: Mapped[WeightSource] = mapped_column(Choice(WeightSource))
    reference_cents: Mapped[int]
    shelf_cents: Mapped[int]
    paid_cents: Mapped[int]
    gross_grams: Mapped[int | None]
    """What lay on the plate, `grams` and `tare_grams` together; None where nobody knows it (a label, a tare the scale kept)."""
    scale_id: Mapped[int | None] = mapped_column(ForeignKey("weighing_scale.id"))


class Payment(Base):
    """What was paid on a ticket, by means; negative on a cancellation."""

    __tablename__ = "payment"

    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), primary_key=True)
    kind: Mapped[PaymentKind] = mapped_column(Choice(PaymentKind), primary_key=True)
    cents: Mapped[int]
    tendered_cents: Mapped[int]
    """What was handed over; the change is the difference."""
    reference: Mapped[str] = mapped_column(Text, default="")
    """A cheque's number and bank, a voucher's issuer and number, where they were noted."""
