"""What the stock screens show: lots in stock, lots to mend, what expires, the catalogue, the suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, or_, select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind, Origin, Place
from epicerie_desktop.persistence.models import (
    Article,
    ArticleCode,
    Family,
    Lot,
    Supplier,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import values_in
from epicerie_desktop.services.stock.catalogue import ArticleForm, FamilyForm
from epicerie_desktop.services.stock.lots_drawn import ASIDE


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot: what it holds (pieces where sold by piece, grams always), its origin, its date."""

    id: int
    article_id: int
    article: str
    family: str
    sold_by: SoldBy
    origin: Origin
    received_on: date
    code: str
    date_kind: DateKind
    limit_on: date | None
    pieces: int
    grams: int
    family_short: str
    aside: bool = False
    """Whether it is set aside: it must not be handed out."""
    precision: Precision = Precision.DAY
    frozen_on: date | None = None
    place: Place = Place.SHELF


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """An article with its family and its value of the day (its own, or its family's when `own_value` is false)."""

    form: ArticleForm
    family: str
    reference_cents: int | None
    own_value: bool
    generic: bool


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier."""

    id: int
    name: str
    origin: Origin


# What a lot holds as its article is counted: a few grams left beside no piece are neither stock nor a mistake to mend.
_HELD = case((Article.sold_by == SoldBy.PIECE, Lot.balance_pieces), else_=Lot.balance_grams)
# The wider condition is the one the partial indexes know.
_IN_STOCK = (or_(Lot.balance_pieces > 0, Lot.balance_grams > 0), _HELD > 0)
_BELOW_ZERO = (or_(Lot.balance_pieces < 0, Lot.balance_grams < 0), _HELD < 0)


def _lots(desk: Desk, *wanted: ColumnElement[bool]) -> tuple[LotRow, ...]:
    with desk.db.read() as session:
        rows = session.execute(
            select(Lot.id, Lot.article_id, Article.name, Family.name, Article.sold_by, Lot.origin, Lot.received_on, Lot.code,
                   Lot.date_kind, Lot.limit_on, Lot.balance_pieces, Lot.balance_grams, Family.short_name, Lot.id.in_(ASIDE),
                   Lot.date_precision, Lot.frozen_on, Lot.place)
            .join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
            .where(*wanted).order_by(Family.position, Article.folded, Lot.limit_on, Lot.id)
        )  # fmt: skip
        return tuple(LotRow(*[*r]) for r in rows)


def lots_in_stock(desk: Desk) -> tuple[LotRow, ...]:
    """Return every lot that holds something."""
    return _lots(desk, *_IN_STOCK)


def lots_to_mend(desk: Desk) -> tuple[LotRow, ...]:
    """Return every lot below zero: what left had not been entered."""
    return _lots(desk, *_BELOW_ZERO)


def lots_expiring(desk: Desk, within_days: int = 3) -> tuple[LotRow, ...]:
    """Return the lots in stock whose date is past or comes within so many days."""
    until = desk.clock.today() + timedelta(days=within_days)
    return _lots(desk, *_IN_STOCK, Lot.limit_on.is_not(None), Lot.limit_on <= until)


def catalogue(desk: Desk) -> tuple[CatalogueRow, ...]:
    """Return every article, active or not, by family and name."""
    day = desk.clock.today()
    with desk.db.read() as session:
        values = values_in(session, day)
        codes: dict[int, list[str]] = {}
        for code, article in session.execute(
            select(ArticleCode.code, ArticleCode.article_id).order_by(ArticleCode.code)
        ):
            codes.setdefault(article, []).append(code)
        rows = []
        for a, family in session.execute(
            select(Article, Family.name)
            .join(Family, Family.id == Article.family_id)
            .order_by(Family.position, Article.folded)
        ):
            form = ArticleForm(
                a.family_id,
                a.name,
                a.sold_by,
                a.net_grams,
                values.own.get(a.id),
                tuple(codes.get(a.id, ())),
                a.short_code,
                a.active,
                a.id,
                a.version,
            )
            value = values.of(a.id, a.family_id, a.sold_by)
            rows.append(CatalogueRow(form, family, value, a.id in values.own, a.generic))
        return tuple(rows)


def families(desk: Desk) -> tuple[FamilyForm, ...]:
    """Return the families in their order, with their values of the day."""
    day = desk.clock.today()
    with desk.db.read() as session:
        values = values_in(session, day).families
        return tuple(
            FamilyForm(
                f.code, f.name, f.short_name, f.food, f.chilled, *values.get(f.id, (None, None)), f.id, f.version,
            )
            for f in session.scalars(select(Family).order_by(Family.position))
        )  # fmt: skip


def suppliers(desk: Desk) -> tuple[SupplierRow, ...]:
    """Return the active suppliers by name."""
    with desk.db.read() as session:
        return tuple(
            SupplierRow(s.id, s.name, s.origin)
            for s in session.scalars(select(Supplier).where(Supplier.active).order_by(Supplier.name))
        )
