"""The anti-waste order of the day: shelf labels, three by eight on an A4 sheet of 70 × 37 mm, and a sheet for the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.forward import ForwardRow
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head, label_sheet
from epicerie_desktop.printing.label_sheet import HEIGHT, PAD, WIDTH
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, WHITE, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import instant, kilos, long_day, money, number
from epicerie_desktop.support.i18n import gettext as _


def dated(row: ForwardRow) -> str:
    """Return « DLC 30/11/26 », or the mention of a best-before date that has passed; empty without a date."""
    if row.limit_on is None:
        return ""
    on = f"{label(row.date_kind)} {written(row.limit_on, row.precision)}"
    return _("DDM dépassée ({day})").format(day=written(row.limit_on, row.precision)) if row.past else on


def _value(cents: int, sold_by: SoldBy) -> str:
    unit = _("le kilo") if sold_by is SoldBy.WEIGHT else _("la pièce")
    return f"{money(cents)} {unit}"


def labels(rows: Sequence[ForwardRow]) -> bytes:
    """Return the PDF of the labels, one a lot. Raises `ValueError` for none."""
    return label_sheet.render(_("Étiquettes du jour"), rows, _draw_label)


def _draw_label(paper: Paper, row: ForwardRow, x: float, y: float) -> None:
    left, room = x + PAD, WIDTH - 2 * PAD
    paper.box(left, y + HEIGHT - 11.5 * MM, room, 6.5 * MM, fill=INK, stroke=None, radius=2)
    banner = _("Double portion possible") if row.double else _("À consommer vite")
    paper.text(x + WIDTH / 2, y + HEIGHT - 9.5 * MM, banner, 10.5, bold=True, colour=WHITE, align="centre")
    label_sheet.name(paper, row.article, x, y + HEIGHT - 13 * MM)
    paper.text(left, y + 5 * MM, dated(row), 10.5, bold=row.past)
    if row.cents is not None:
        paper.text(left + room, y + 10.5 * MM, _value(row.cents, row.sold_by), 11.5, bold=True, align="right")
        if row.usual_cents is not None:
            usual = _value(row.usual_cents, row.sold_by)
            paper.text(left, y + 10.5 * MM, usual, 8.5, colour=MUTED)
            middle = y + 10.5 * MM + 2.6
            paper.rule(middle, x1=left, x2=left + paper.measure(usual, 8.5), colour=MUTED, thick=0.7)


def sheet(shop: ShopHeader, day: date, rows: Sequence[ForwardRow], printed_at: datetime) -> bytes:
    """Return the PDF of the team's sheet: what to put forward, how much there is, what may be said to families."""
    title = _("À mettre en avant")
    foot = f"{title} – {long_day(day)}"
    paper = Paper(A4, title, foot=foot, running=foot)
    head.draw(paper, shop, title, long_day(day), [_("Imprimé le {instant}").format(instant=instant(printed_at))])
    Table(
        paper,
        [
            Column(_("Article")),
            Column(_("Reste"), 74, right=True),
            Column(_("Date"), 116),
            Column(_("À proposer"), 176),
        ],
        size=10,
    ).draw([(r.article, _held(r), dated(r), _offer(r)) for r in rows])
    return paper.finish()


def _held(row: ForwardRow) -> str:
    return number(row.pieces) if row.sold_by is SoldBy.PIECE else kilos(row.grams)


def _offer(row: ForwardRow) -> str:
    said = [_("double portion")] if row.double else []
    if row.cents is not None:
        said.append(_("valeur du jour : {value}").format(value=_value(row.cents, row.sold_by)))
    return ", ".join(said) or _("en premier")
