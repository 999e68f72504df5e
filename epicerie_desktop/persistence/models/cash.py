"""The cash drawer, what a household has paid ahead or owes, and the closings of the till."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind
from epicerie_desktop.domain.payments import PurseMoveKind
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice, Day, Json


class TillSession(Identified, Edited, Base):
    """The time a drawer is in one team's hands: not a calendar day. Its tickets are those after `after_sale`, up to `up_to_sale`.

    `counts` is how many of each coin and note were counted, by their value in cents. `note` is what the next team reads.
    """

    __tablename__ = "till_session"
    __table_args__ = (UniqueConstraint("post_id", "number"), STRICT)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    after_sale: Mapped[int]
    float_cents: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    up_to_sale: Mapped[int | None]
    expected_cents: Mapped[int | None]
    counted_cents: Mapped[int | None]
    deposit_cents: Mapped[int | None]
    counts: Mapped[Any] = mapped_column(Json, nullable=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class CashMove(Identified, Base):
    """Cash that enters (+) or leaves (−) the drawer without a ticket. Append-only: a mistake is undone by a contrary move.

    `fee_id` is the fee it pays, or gives back.
    """

    __tablename__ = "cash_move"
    __table_args__ = (
        UniqueConstraint("post_id", "number"),
        UniqueConstraint("reverses_id"),
        Index(None, "fee_id", sqlite_where=text("fee_id IS NOT NULL"), postgresql_where=text("fee_id IS NOT NULL")),
        STRICT,
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("till_session.id"))
    kind: Mapped[CashMoveKind] = mapped_column(Choice(CashMoveKind))
    day: Mapped[date] = mapped_column(Day)
    cents: Mapped[int]
    counts: Mapped[Any] = mapped_column(Json, nullable=True)
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("cash_move.id"))
    fee_id: Mapped[int | None] = mapped_column(ForeignKey("fee_paid.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class PurseMove(Identified, Base):
    """What a household pays ahead (+), uses or owes (−), in cents; its balance is the sum. Append-only."""

    __tablename__ = "purse_move"
    __table_args__ = (Index(None, "household_id"), Index(None, "sale_id"), UniqueConstraint("reverses_id"), STRICT)

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[PurseMoveKind] = mapped_column(Choice(PurseMoveKind))
    day: Mapped[date] = mapped_column(Day)
    cents: Mapped[int]
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("sale.id"))
    cash_move_id: Mapped[int | None] = mapped_column(ForeignKey("cash_move.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("purse_move.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Closing(Identified, Base):
    """The closing of a day, a month or a year of one till: what the period adds up to, and all that came before. Append-only.

    It covers the tickets entered after `after_sale`, up to `up_to_sale`, whatever the day of their distribution. `perpetual_cents` adds
    every amount since the first ticket, cancellations taken off; `perpetual_gross_cents` adds them all as positive.
    """

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("post_id", "kind", "number"), STRICT)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[PeriodKind] = mapped_column(Choice(PeriodKind))
    number: Mapped[int]
    begins_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day)
    after_sale: Mapped[int]
    up_to_sale: Mapped[int]
    tickets: Mapped[int]
    cancelled: Mapped[int]
    paid_cents: Mapped[int]
    gross_cents: Mapped[int]
    shelf_cents: Mapped[int]
    grams: Mapped[int]
    means: Mapped[Any] = mapped_column(Json)
    perpetual_cents: Mapped[int]
    perpetual_gross_cents: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class PaymentSlip(Identified, Base):
    """What a régie pays to its accountant: all it took since the payment before, by means. Append-only.

    It covers the tickets after `after_sale` up to `up_to_sale`, and the cash households brought ahead after `after_move` up to
    `up_to_move`: a taking is in one payment, and only one. `counts` is how many of each coin and note were handed over.
    """

    __tablename__ = "payment_slip"
    __table_args__ = (
        UniqueConstraint("post_id", "number"),
        UniqueConstraint("post_id", "after_sale", "after_move"),
        STRICT,
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    day: Mapped[date] = mapped_column(Day)
    after_sale: Mapped[int]
    up_to_sale: Mapped[int]
    after_move: Mapped[int]
    up_to_move: Mapped[int]
    tickets: Mapped[int]
    cancelled: Mapped[int]
    means: Mapped[Any] = mapped_column(Json)
    ahead_cents: Mapped[int]
    total_cents: Mapped[int]
    counts: Mapped[Any] = mapped_column(Json, nullable=True)
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = ["CashMove", "Closing", "PaymentSlip", "PurseMove", "TillSession"]
