"""Labels to stick: of the articles on their shelves, of the lots of an arrival or of one lot."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.goods_labels import LotLabel, ShelfLabel
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Article, Lot, Reception, StockMove, Supplier
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.stock import CatalogueRow
from epicerie_desktop.services.stock.lots_drawn import ASIDE
from epicerie_desktop.services.stock.reception_papers import amount_words
from epicerie_desktop.services.wordings import one_line
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def shelf_labels_pdf(desk: Desk, rows: Sequence[CatalogueRow]) -> bytes:
    """Return the labels of the articles in use among these, as PDF, with the code the till reads. Raises `RuleRefused` for none."""
    from epicerie_desktop.printing import goods_labels

    found = [
        ShelfLabel(
            r.form.name, r.family, r.form.sold_by, r.reference_cents, next(iter(r.form.codes), "") or r.form.short_code,
            r.form.net_grams if r.form.sold_by is SoldBy.PIECE else None,
        )
        for r in rows
        if r.form.active
    ]  # fmt: skip
    if not found:
        raise RuleRefused(N_("Aucun article en service n'est montré : il n'y a pas d'étiquette à imprimer."))
    return goods_labels.shelf_labels(found, one_line(desk, WordingKind.SHELF_LABEL))


def arrival_labels_pdf(desk: Desk, reception: int) -> bytes:
    """Return the labels of the lots of an arrival, as PDF. Raises `RuleRefused` where it was undone."""
    return _pdf(desk, Lot.reception_id == reception)


def lot_labels_pdf(desk: Desk, lot: int) -> bytes:
    """Return the label of a lot, as PDF."""
    return _pdf(desk, Lot.id == lot)


def _pdf(desk: Desk, wanted: ColumnElement[bool]) -> bytes:
    from epicerie_desktop.printing import goods_labels

    with desk.db.read() as session:
        rows = session.execute(
            select(Lot, Article.name, Article.sold_by, Supplier.name.label("supplier"), StockMove.pieces, StockMove.grams,
                   Lot.id.in_(ASIDE).label("aside"))
            .join(Article, Article.id == Lot.article_id)
            .outerjoin(Reception, Reception.id == Lot.reception_id)
            .outerjoin(Supplier, Supplier.id == Reception.supplier_id)
            .outerjoin(StockMove, (StockMove.lot_id == Lot.id) & (StockMove.kind == MoveKind.RECEPTION))
            .where(wanted).order_by(Lot.id)
        ).all()  # fmt: skip
        found = [
            LotLabel(
                r.name, r.Lot.id, r.Lot.code, label(r.Lot.origin), r.supplier or "",
                amount_words(r.sold_by, r.pieces, r.grams) if r.pieces is not None else amount_words(r.sold_by, r.Lot.balance_pieces, r.Lot.balance_grams),
                r.Lot.received_on, r.Lot.date_kind, r.Lot.limit_on, r.Lot.date_precision, r.Lot.frozen_on, r.aside,
            )
            for r in rows
        ]  # fmt: skip
    if not found:
        raise RuleRefused(N_("Cette arrivée n'a plus de lot : il n'y a pas d'étiquette à imprimer."))
    return goods_labels.lot_labels(found, one_line(desk, WordingKind.LOT_LABEL))
