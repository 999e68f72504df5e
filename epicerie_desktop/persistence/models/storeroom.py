"""What is done to goods in the storeroom: sorted and repacked, put on a shelf, counted, sent elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import Origin, SlipKind
from epicerie_desktop.persistence.models.base import STRICT, Base, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag


class Repacking(Identified, Base):
    """Goods of one origin sorted or repacked: what left the lots of before went into other lots, or was waste. `undone_by` undoes it."""

    __tablename__ = "repacking"

    day: Mapped[date] = mapped_column(Day)
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    grams: Mapped[int]
    waste_grams: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RepackingMove(Base):
    """A move of the stock that belongs to a repacking."""

    __tablename__ = "repacking_move"
    __table_args__ = (Index(None, "move_id"), STRICT)

    repacking_id: Mapped[int] = mapped_column(ForeignKey("repacking.id"), primary_key=True)
    move_id: Mapped[int] = mapped_column(ForeignKey("stock_move.id"), primary_key=True)


class ShelfRow(Identified, Base):
    """A shelf; `position` is its order in the walk, from 0."""

    __tablename__ = "shelf"

    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)


class ShelfPlace(Base):
    """Where an article stands: its shelf and its place there, from 1. An article without a row has no shelf."""

    __tablename__ = "shelf_place"
    __table_args__ = (Index(None, "shelf_id"), STRICT)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"))
    place: Mapped[int]


class StockTake(Identified, Base):
    """A count of the shelves, begun one day and closed another; while it is open, everything else goes on."""

    __tablename__ = "stock_take"

    opened_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    blind: Mapped[bool] = mapped_column(Flag)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class StockTakeLine(Base):
    """What was counted of an article, and what the book said at that very moment: what is sold since changes nothing to the difference."""

    __tablename__ = "stock_take_line"

    stock_take_id: Mapped[int] = mapped_column(ForeignKey("stock_take.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    counted_pieces: Mapped[int]
    counted_grams: Mapped[int]
    book_pieces: Mapped[int]
    book_grams: Mapped[int]
    counted_at: Mapped[datetime]
    counted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class GoodsSlip(Identified, Base):
    """What left in one day for one partner: a site, an association, a supplier. Its `id` is its number."""

    __tablename__ = "goods_slip"
    __table_args__ = (Index(None, "day", "kind"), STRICT)

    kind: Mapped[SlipKind] = mapped_column(Choice(SlipKind))
    day: Mapped[date] = mapped_column(Day)
    partner: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class GoodsSlipLine(Base):
    """A move on a slip, why it was returned, and how cold it left in tenths of a degree; undone where its move is."""

    __tablename__ = "goods_slip_line"
    __table_args__ = (Index(None, "slip_id"), STRICT)

    move_id: Mapped[int] = mapped_column(ForeignKey("stock_move.id"), primary_key=True)
    slip_id: Mapped[int] = mapped_column(ForeignKey("goods_slip.id"))
    reason: Mapped[Refusal | None] = mapped_column(Choice(Refusal))
    tenths: Mapped[int | None]


__all__ = [
    "GoodsSlip",
    "GoodsSlipLine",
    "Repacking",
    "RepackingMove",
    "ShelfPlace",
    "ShelfRow",
    "StockTake",
    "StockTakeLine",
]
