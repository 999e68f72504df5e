"""The papers of a recall: the notice for the door, and the list of the households to call."""

from __future__ import annotations

from collections.abc import Sequence

from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.recalls import Sheet
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.printing import recall as paper
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.recalls import AsideRow, ReceiverRow, drill_receivers, recall_sheet, receivers_of
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.wordings import last_words
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _


def notice_pdf(desk: Desk, row: AsideRow) -> bytes:
    """Return the notice of a lot set aside, as PDF: no household in it."""
    sheet: Sheet | None = None
    lots: tuple[LotRow, ...] = (row.lot,)
    if row.recall is not None:
        sheet, found = recall_sheet(desk, row.recall)
        lots = found or lots
    product = (
        row.lot.article if sheet is None else " ".join(p for p in (sheet.brand, sheet.name) if p) or row.lot.article
    )
    return paper.notice(
        paper.NoticePage(
            header(desk), product, row.number, _packs(sheet) if sheet else _own_pack(row),
            tuple(sorted({n.received_on for n in lots})), sheet.reason if sheet else row.reason, sheet.risks if sheet else "",
            (sheet.advice if sheet else "") or " ".join(last_words(desk, WordingKind.RECALL)), sheet.contact if sheet else "", sheet.link if sheet else "", desk.clock.now(),
        )
    )  # fmt: skip


def _packs(sheet: Sheet) -> tuple[str, ...]:
    """Return what the packs of a recall bear, a line each, the longest lists cut."""
    lines = []
    for p in sheet.products:
        told = [_("tous les lots")] if p.all_lots else [_("lot {code}").format(code=p.lot)] if p.names_lot else []
        if p.first is not None:
            kind = label(p.date_kind) if p.date_kind is not None else _("date")
            dates = shown.day(p.first) if p.last is None else _("du {first} au {last}").format(first=shown.day(p.first), last=shown.day(p.last))  # fmt: skip
            told.append(f"{kind} {dates}")
        if told:
            lines.append(", ".join(told))
    found = list(dict.fromkeys(lines))
    return tuple(found[:8]) + ((_("… et d'autres lots : voir la fiche."),) if len(found) > 8 else ())


def _own_pack(row: AsideRow) -> tuple[str, ...]:
    told = [_("lot {code}").format(code=row.lot.code)] if row.lot.code else []
    told += [f"{label(row.lot.date_kind)} {shown.day(row.lot.limit_on)}"] if row.lot.limit_on else []
    return (", ".join(told),) if told else ()


def call_list_pdf(desk: Desk, row: AsideRow) -> bytes:
    """Return the call list of a lot set aside, as PDF: names as this account may read them."""
    product = row.product or row.lot.article
    return _calls(desk, product, row.number, receivers_of(desk, row.id))


def drill_list_pdf(desk: Desk, lot: int, article: str) -> bytes:
    """Return the call list of an exercise, as PDF, marked as one."""
    return _calls(desk, _("EXERCICE – {article}").format(article=article), "", drill_receivers(desk, lot))


def _calls(desk: Desk, product: str, number: str, rows: Sequence[ReceiverRow]) -> bytes:
    def line(r: ReceiverRow) -> paper.CallLine:
        days = ", ".join(f"{d:%d/%m/%y}" for d in r.days[-3:])
        quantity = _("{n} p.").format(n=shown.number(r.pieces)) if r.pieces else shown.kilos(r.grams)
        return paper.CallLine(r.number, r.name, r.phone, days, quantity)

    return paper.call_list(
        paper.CallPage(
            header(desk, WordingKind.CALL_LIST), product, number, tuple(line(r) for r in rows if r.certain), tuple(line(r) for r in rows if not r.certain),
            desk.clock.now(),
        )
    )  # fmt: skip
