"""Families, articles, their codes and dated values, suppliers, receptions, lots and stock moves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin, Place
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag


class Family(Identified, Edited, Base):
    """A family of products; `food` says whether its kilos count; `chilled` asks a date at reception."""

    __tablename__ = "family"
    __table_args__ = (UniqueConstraint("code"), STRICT)

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    food: Mapped[bool] = mapped_column(Flag, default=True)
    chilled: Mapped[bool] = mapped_column(Flag, default=False)
    position: Mapped[int] = mapped_column(default=0)
    piece_grams: Mapped[int | None]
    """What a piece usually weighs, for articles of which nothing better is known."""


class FamilyValue(Base):
    """The default reference value of a family from a day on, in cents per kilo and per piece."""

    __tablename__ = "family_value"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    cents_per_kg: Mapped[int | None]
    cents_per_piece: Mapped[int | None]


class Article(Identified, Edited, Base):
    """An article of the catalogue; `generic` is the one each family has for goods that were not told apart."""

    __tablename__ = "article"
    __table_args__ = (Index(None, "family_id"), Index(None, "folded"), STRICT)

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    short_code: Mapped[str] = mapped_column(Text, default="")
    sold_by: Mapped[SoldBy] = mapped_column(Choice(SoldBy))
    net_grams: Mapped[int | None]
    generic: Mapped[bool] = mapped_column(Flag, default=False)
    active: Mapped[bool] = mapped_column(Flag, default=True)
    learned_grams: Mapped[int | None]
    """What its weighed receptions say a piece weighs, over how many of them, from which day; written with each reception."""
    learned_over: Mapped[int | None]
    learned_since: Mapped[date | None] = mapped_column(Day)


class ArticleCode(Base):
    """A barcode of an article: GTIN without leading zeros, or an in-store code with its value zeroed."""

    __tablename__ = "article_code"
    __table_args__ = (Index(None, "article_id"), STRICT)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))


class ArticleValue(Base):
    """The reference value of an article from a day on: cents per kilo, or per piece."""

    __tablename__ = "article_value"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    cents: Mapped[int]


class Supplier(Identified, Edited, Base):
    """Who brings goods."""

    __tablename__ = "supplier"

    name: Mapped[str] = mapped_column(Text)
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    active: Mapped[bool] = mapped_column(Flag, default=True)


class Reception(Identified, Base):
    """One arrival of goods."""

    __tablename__ = "reception"
    __table_args__ = (Index(None, "day"), STRICT)

    day: Mapped[date] = mapped_column(Day)
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    slip: Mapped[str] = mapped_column(Text, default="")
    driver: Mapped[str] = mapped_column(Text, default="", server_default="")
    tenths: Mapped[int | None]
    """The temperature on arrival, in tenths of a degree."""
    short_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why packs with less than 48 hours to their use-by date were taken over."""
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Lot(Identified, Base):
    """Goods of one article that came together; origin for ever; balances are stored in the transaction of each move."""

    __tablename__ = "lot"
    __table_args__ = (
        Index(None, "article_id"),
        Index(
            "ix_lot_in_stock", "article_id", "limit_on", "received_on", "id",
            sqlite_where=text("balance_pieces > 0 OR balance_grams > 0"),
            postgresql_where=text("balance_pieces > 0 OR balance_grams > 0"),
        ),
        Index("ix_lot_to_mend", "article_id", "id", sqlite_where=text("balance_pieces < 0 OR balance_grams < 0"),
              postgresql_where=text("balance_pieces < 0 OR balance_grams < 0")),
        STRICT,
    )  # fmt: skip

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    reception_id: Mapped[int | None] = mapped_column(ForeignKey("reception.id"))
    origin: Mapped[Origin] = mapped_column(Choice(Origin))
    received_on: Mapped[date] = mapped_column(Day)
    code: Mapped[str] = mapped_column(Text, default="")
    date_kind: Mapped[DateKind] = mapped_column(Choice(DateKind))
    limit_on: Mapped[date | None] = mapped_column(Day)
    balance_pieces: Mapped[int] = mapped_column(default=0)
    balance_grams: Mapped[int] = mapped_column(default=0)
    date_precision: Mapped[Precision] = mapped_column(Choice(Precision), default=Precision.DAY, server_default="DAY")
    """How the pack writes its date; `limit_on` is the last day it covers."""
    frozen_on: Mapped[date | None] = mapped_column(Day)
    financing: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who paid, a code of resources/nomenclatures/financing.toml, for ever; empty where it was not told."""
    unit_cents: Mapped[int | None]
    """What was paid for a kilo, or a piece."""
    place: Mapped[Place] = mapped_column(Choice(Place), default=Place.SHELF, server_default="SHELF")
    """Where it is kept, for ever: what is carried elsewhere is another lot."""


class StockMove(Identified, Base):
    """A quantity in (+) or out (−) of a lot. Append-only: a mistake is undone by a contrary move."""

    __tablename__ = "stock_move"
    __table_args__ = (
        Index(None, "lot_id"), Index(None, "day", "kind"), Index(None, "sale_id"),
        Index("ix_stock_move_pair", "pair_id", sqlite_where=text("pair_id IS NOT NULL"), postgresql_where=text("pair_id IS NOT NULL")),
        STRICT,
    )  # fmt: skip

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[MoveKind] = mapped_column(Choice(MoveKind))
    day: Mapped[date] = mapped_column(Day)
    pieces: Mapped[int]
    grams: Mapped[int]
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("sale.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("stock_move.id"))
    loss_reason: Mapped[LossReason | None] = mapped_column(Choice(LossReason))
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    weight_source: Mapped[WeightSource | None] = mapped_column(Choice(WeightSource))
    """Where the grams come from, what lay on the plate and the tare taken off; None in moves made before it was kept."""
    gross_grams: Mapped[int | None]
    tare_grams: Mapped[int | None]
    scale_id: Mapped[int | None] = mapped_column(ForeignKey("weighing_scale.id"))
    value_cents: Mapped[int | None]
    """What a loss was worth that day (> 0), in reference value; None where the article had none, or nobody asks."""
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("stock_move.id"))
    """The move made by the same gesture before this one, in another lot or in the same."""
