"""The papers of what leaves the stock otherwise than at the till: the slip of a transfer or a return, the losses of a month."""

from __future__ import annotations

from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.stock import SlipKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Account, Article, GoodsSlip, GoodsSlipLine, Lot, StockMove
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.queries.moves import LossRow, losses_of
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def slip_pdf(desk: Desk, slip: int) -> bytes:
    """Return the slip of what left for a partner in a day, as PDF; what was undone is no longer on it."""
    from epicerie_desktop.printing import goods_slip
    from epicerie_desktop.services.sheets import header

    names = {s.code: s.name for s in financing_sources()}
    with desk.db.read() as session:
        row = session.get_one(GoodsSlip, slip)
        lines, grams = [], 0
        for line, move, lot, article in session.execute(
            select(GoodsSlipLine, StockMove, Lot, Article)
            .join(StockMove, StockMove.id == GoodsSlipLine.move_id).join(Lot, Lot.id == StockMove.lot_id)
            .join(Article, Article.id == Lot.article_id)
            .where(GoodsSlipLine.slip_id == slip).order_by(StockMove.id)
        ).all():  # fmt: skip
            undone = select(StockMove.id).where(StockMove.lot_id == lot.id, StockMove.reverses_id == move.id)
            if session.scalars(undone).first() is not None:
                continue
            grams -= move.grams
            amount = shown.kilos(-move.grams)
            if article.sold_by is SoldBy.PIECE:
                amount = ngettext("{n} pièce", "{n} pièces", -move.pieces).format(n=shown.number(-move.pieces))
                if move.grams:
                    amount += f" · {shown.kilos(-move.grams)}"
            dated = f"{label(lot.date_kind)} {written(lot.limit_on, lot.date_precision)}" if lot.limit_on else "–"
            if lot.frozen_on is not None:
                dated += " " + _("congelé le {day}").format(day=written(lot.frozen_on))
            came = label(lot.origin)
            if lot.financing:
                came += f" · {names.get(lot.financing, lot.financing)}"
            last = f"{shown.tenths(line.tenths)} °C" if line.tenths is not None else "–"
            if row.kind is SlipKind.RETURNED:
                last = label(line.reason) if line.reason is not None else "–"
                last += f" : {move.note}" if move.note else ""
            lines.append((article.name, amount, dated, lot.code or "–", came, last))
        return goods_slip.render(
            goods_slip.Slip(
                header(desk, WordingKind.LEAVING, row.day), label(row.kind), str(row.id), row.day, row.partner, row.kind is SlipKind.RETURNED, tuple(lines),
                (_("Total"), shown.kilos(grams), "", "", "", ""), session.get_one(Account, row.made_by).name, row.made_at,
            )
        )  # fmt: skip


def losses_pdf(desk: Desk, month: str) -> bytes:
    """Return the losses of a month (`2026-11`) as PDF, by family and by reason."""
    from epicerie_desktop.printing import losses
    from epicerie_desktop.services.sheets import header

    found = losses_of(desk, month)

    def told(rows: tuple[LossRow, ...]) -> tuple[tuple[str, ...], ...]:
        return tuple((r.family, label(r.reason), shown.kilos(r.grams), shown.money(r.cents)) for r in rows)

    return losses.render(
        losses.Losses(
            header(desk, WordingKind.LOSSES), shown.month(month), told(found.rows),
            (_("Total"), "", shown.kilos(found.grams), shown.money(found.cents)),
            tuple((label(r), shown.kilos(g), shown.money(c)) for r, g, c in found.by_reason()),
            told(found.brought_back), sum(r.unvalued for r in found.rows), desk.clock.now(),
        )
    )  # fmt: skip
