"""Food safety: recalls and lots set aside, cold units and their readings, the end of a day, allergens by article."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.safety import Allergen, ColdAction, Presence, UnitKind
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Choice, Day, Flag, Json


class RecallImport(Identified, Base):
    """A file of recalls that was read: how many sheets it held, and the day of the last one."""

    __tablename__ = "recall_import"

    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sheets: Mapped[int]
    latest_on: Mapped[date | None] = mapped_column(Day)


class Recall(Identified, Base):
    """A sheet of the official list of recalls, in its latest version."""

    __tablename__ = "recall"
    __table_args__ = (UniqueConstraint("number"), STRICT)

    number: Mapped[str] = mapped_column(Text)
    edition: Mapped[int]
    brand: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    risks: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date | None] = mapped_column(Day)
    sold_from: Mapped[date | None] = mapped_column(Day)
    sold_until: Mapped[date | None] = mapped_column(Day)


class RecallProduct(Base):
    """A product of a recall: its trade number without leading zeros, its lot, its dates; what the sheet does not say is None."""

    __tablename__ = "recall_product"
    __table_args__ = (Index(None, "code"), {**STRICT, "sqlite_with_rowid": False})

    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(Text)
    lot: Mapped[str] = mapped_column(Text)
    all_lots: Mapped[bool] = mapped_column(Flag)
    date_kind: Mapped[DateKind | None] = mapped_column(Choice(DateKind))
    first_on: Mapped[date | None] = mapped_column(Day)
    last_on: Mapped[date | None] = mapped_column(Day)


class Quarantine(Identified, Base):
    """A lot set aside: by a recall (then how sure it is), or by the team. Lifted with a reason, never erased."""

    __tablename__ = "quarantine"
    __table_args__ = (
        Index(None, "lot_id"),
        Index("ix_quarantine_open", "lot_id", sqlite_where=text("lifted_at IS NULL"),
              postgresql_where=text("lifted_at IS NULL")),
        STRICT,
    )  # fmt: skip

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    recall_id: Mapped[int | None] = mapped_column(ForeignKey("recall.id"))
    certainty: Mapped[Certainty] = mapped_column(Choice(Certainty))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_for: Mapped[str] = mapped_column(Text, default="")


class RecallDrill(Identified, Base):
    """An exercise: from a lot chosen to the list of its households in hand, in seconds, and how many were found."""

    __tablename__ = "recall_drill"

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    seconds: Mapped[int]
    certain: Mapped[int]
    possible: Mapped[int]


class ColdUnit(Identified, Edited, Base):
    """A fridge, a freezer, a cold room; `contents` are the kinds of food it holds, which bound its temperature."""

    __tablename__ = "cold_unit"

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[UnitKind] = mapped_column(Choice(UnitKind))
    contents: Mapped[list[str]] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(Flag, default=True)


class ColdReading(Identified, Base):
    """A temperature read, in tenths of a degree, with the limits it was judged by. Append-only: one reads again."""

    __tablename__ = "cold_reading"
    __table_args__ = (Index(None, "unit_id", "day"), Index(None, "day"), STRICT)

    unit_id: Mapped[int] = mapped_column(ForeignKey("cold_unit.id"))
    day: Mapped[date] = mapped_column(Day)
    at: Mapped[datetime]
    tenths: Mapped[int]
    least: Mapped[int | None]
    most: Mapped[int | None]
    action: Mapped[ColdAction | None] = mapped_column(Choice(ColdAction))
    note: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class DayEnd(Identified, Base):
    """The few answers of the evening, and the words for the next team; `seen_at` once they were read."""

    __tablename__ = "day_end"
    __table_args__ = (Index(None, "day"), STRICT)

    day: Mapped[date] = mapped_column(Day)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    dates_checked: Mapped[bool] = mapped_column(Flag)
    cash_counted: Mapped[bool] = mapped_column(Flag)
    note: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ArticleAllergen(Base):
    """What is known of an allergen in an article; no row is « unknown », never « absent »."""

    __tablename__ = "article_allergen"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    allergen: Mapped[Allergen] = mapped_column(Choice(Allergen), primary_key=True)
    presence: Mapped[Presence] = mapped_column(Choice(Presence))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
