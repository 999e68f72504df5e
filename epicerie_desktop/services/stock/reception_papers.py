"""The slip of an arrival: gathers what it says and has it drawn."""

from __future__ import annotations

from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import (
    Account,
    Article,
    Lot,
    LotDelivery,
    Reception,
    RefusedGoods,
    StockMove,
    Supplier,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def amount_words(sold_by: SoldBy, pieces: int, grams: int) -> str:
    """Return a quantity of goods in words, counted as they are sold: « 40 pièces », « 12,500 kg »."""
    if sold_by is SoldBy.PIECE:
        return ngettext("{n} pièce", "{n} pièces", pieces).format(n=shown.number(pieces))
    return shown.kilos(grams)


def _told(sold_by: SoldBy, count: int | None) -> str:
    return "–" if count is None else amount_words(sold_by, count, count)


def slip_pdf(desk: Desk, reception: int) -> bytes:
    """Return the slip of an arrival as PDF: what entered that day, whatever has left since."""
    from epicerie_desktop.printing import reception_slip
    from epicerie_desktop.services.sheets import header

    names = {s.code: s.name for s in financing_sources()}
    with desk.db.read() as session:
        row = session.get_one(Reception, reception)
        supplier = session.get(Supplier, row.supplier_id) if row.supplier_id is not None else None
        lines, gaps, grams = [], [], 0
        for lot, article, move, told in session.execute(
            select(Lot, Article, StockMove, LotDelivery)
            .join(Article, Article.id == Lot.article_id)
            .join(StockMove, (StockMove.lot_id == Lot.id) & (StockMove.kind == MoveKind.RECEPTION))
            .outerjoin(LotDelivery, LotDelivery.lot_id == Lot.id)
            .where(Lot.reception_id == reception)
            .order_by(Lot.id)
        ):
            amount = amount_words(article.sold_by, move.pieces, move.grams)
            grams += move.grams
            dated = f"{label(lot.date_kind)} {written(lot.limit_on, lot.date_precision)}" if lot.limit_on else "–"
            if lot.frozen_on is not None:
                dated += " " + _("congelé le {day}").format(day=written(lot.frozen_on))
            paid = names.get(lot.financing, lot.financing) or "–"
            if lot.unit_cents is not None:
                paid += f" · {shown.money(lot.unit_cents)}{'/kg' if article.sold_by is SoldBy.WEIGHT else ''}"
            lines.append((article.name, amount, dated, lot.code or "–", paid))
            if told is not None:
                gaps.append(
                    (article.name, _told(article.sold_by, told.ordered), _told(article.sold_by, told.delivered), amount,
                     _told(article.sold_by, told.damaged))
                )  # fmt: skip
        refused = tuple(
            (name, amount_words(sold_by, r.pieces, r.grams), f"{label(r.reason)}{f' : {r.note}' if r.note else ''}")
            for r, name, sold_by in session.execute(
                select(RefusedGoods, Article.name, Article.sold_by)
                .join(Article, Article.id == RefusedGoods.article_id)
                .where(RefusedGoods.reception_id == reception)
                .order_by(RefusedGoods.id)
            )
        )
        said = [
            (_("Provenance"), label(row.origin)), (_("Fournisseur"), supplier.name if supplier else ""),
            (_("N° du bordereau"), row.slip), (_("Chauffeur"), row.driver),
            (_("Température à l'arrivée"), f"{shown.tenths(row.tenths)} °C" if row.tenths is not None else ""),
            (_("DLC à moins de 48 heures"), row.short_reason),
        ]  # fmt: skip
        return reception_slip.render(
            reception_slip.Slip(
                header(desk, WordingKind.RECEPTION, row.day), str(row.id), row.day, tuple(s for s in said if s[1]), tuple(lines),
                (_("Total"), shown.kilos(grams), "", "", ""), tuple(gaps), refused, session.get_one(Account, row.made_by).name, row.made_at,
            )
        )  # fmt: skip
