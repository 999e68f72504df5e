"""What the stock screens show: lots in stock, lots to mend, what expires, the catalogue, the suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, case, literal_column, or_, select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.piece_weights import Learned
from epicerie_desktop.domain.stock import DateKind, Origin, Place
from epicerie_desktop.persistence.models import (
    Article,
    ArticleCode,
    Family,
    Lot,
    ShelfPlace,
    Supplier,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.piece_weights import learned_of
from epicerie_desktop.services.queries.values import values_in
from epicerie_desktop.services.stock.catalogue import ArticleForm, FamilyForm
from epicerie_desktop.services.stock.lots_drawn import ASIDE


class LotRow(NamedTuple):
    """A lot: what it holds (pieces where sold by piece, grams always), its origin, its date.

    A tuple and no dataclass: a stock is thousands of them, read anew at each ticket, and a tuple is made eight times as fast.
    """

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
    financing: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """An article with its family and its value of the day (its own, or its family's when `own_value` is false)."""

    form: ArticleForm
    family: str
    reference_cents: int | None
    own_value: bool
    generic: bool
    learned: Learned | None = None
    """What its weighed receptions say a piece weighs."""


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier."""

    id: int
    name: str
    origin: Origin


_LOT, _ARTICLE, _FAMILY = table_of(Lot), table_of(Article), table_of(Family)
# What a lot holds as its article is counted: a few grams left beside no piece are neither stock nor a mistake to mend.
_HELD = case((_ARTICLE.c.sold_by == SoldBy.PIECE, _LOT.c.balance_pieces), else_=_LOT.c.balance_grams)
_PIECES, _GRAMS, _NONE = _LOT.c.balance_pieces, _LOT.c.balance_grams, literal_column("0", Integer)
# The wider condition is the one the partial indexes know, written out and not bound.
_IN_STOCK = (or_(_PIECES > _NONE, _GRAMS > _NONE), _HELD > _NONE)
_BELOW_ZERO = (or_(_PIECES < _NONE, _GRAMS < _NONE), _HELD < _NONE)


def _lots(*wanted: ColumnElement[bool]) -> Prepared:
    lot, article, family = _LOT.c, _ARTICLE.c, _FAMILY.c
    return Prepared(
        select(lot.id, lot.article_id, article.name, family.name, article.sold_by, lot.origin, lot.received_on, lot.code,
               lot.date_kind, lot.limit_on, lot.balance_pieces, lot.balance_grams, family.short_name, lot.id.in_(ASIDE).label("aside"),
               lot.date_precision, lot.frozen_on, lot.place, lot.financing)
        .select_from(_LOT.join(_ARTICLE, article.id == lot.article_id).join(_FAMILY, family.id == article.family_id))
        .where(*wanted).order_by(family.position, article.folded, lot.limit_on, lot.id)
    )  # fmt: skip


_ALL, _MEND = _lots(*_IN_STOCK), _lots(*_BELOW_ZERO)
_EXPIRING = _lots(
    *_IN_STOCK, _LOT.c.limit_on.is_not(None), _LOT.c.limit_on <= bindparam("until", type_=_LOT.c.limit_on.type)
)


def _read(desk: Desk, wanted: Prepared, **values: Any) -> tuple[LotRow, ...]:
    with desk.db.read() as session:
        return tuple(map(partial(tuple.__new__, LotRow), wanted.rows(session, values)))


def lots_in_stock(desk: Desk) -> tuple[LotRow, ...]:
    """Return every lot that holds something."""
    return _read(desk, _ALL)


def lots_to_mend(desk: Desk) -> tuple[LotRow, ...]:
    """Return every lot below zero: what left had not been entered."""
    return _read(desk, _MEND)


def lots_expiring(desk: Desk, within_days: int = 3) -> tuple[LotRow, ...]:
    """Return the lots in stock whose date is past or comes within so many days."""
    until = desk.clock.today() + timedelta(days=within_days)
    return _read(desk, _EXPIRING, until=until)


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
        places = {
            r.article_id: (r.shelf_id, r.place)
            for r in session.execute(select(ShelfPlace.article_id, ShelfPlace.shelf_id, ShelfPlace.place))
        }
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
                *places.get(a.id, (0, None)),
            )
            value = values.of(a.id, a.family_id, a.sold_by)
            rows.append(
                CatalogueRow(
                    form,
                    family,
                    value,
                    a.id in values.own,
                    a.generic,
                    learned_of(a.learned_grams, a.learned_over, a.learned_since),
                )
            )
        return tuple(rows)


def families(desk: Desk) -> tuple[FamilyForm, ...]:
    """Return the families in their order, with their values of the day."""
    day = desk.clock.today()
    with desk.db.read() as session:
        values = values_in(session, day).families
        return tuple(
            FamilyForm(
                f.code, f.name, f.short_name, f.food, f.chilled, *values.get(f.id, (None, None)), f.id, f.version, f.piece_grams,
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
