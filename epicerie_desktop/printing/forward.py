"""The anti-waste order of the day: shelf labels, three by eight on an A4 sheet of 70 × 37 mm, and a sheet for the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.forward import ForwardRow
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, LINE, MM, MUTED, WHITE, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import instant, kilos, long_day, money, number
from epicerie_desktop.support.i18n import gettext as _

ACROSS, DOWN = 3, 8
_WIDTH, _HEIGHT = 70 * MM, 37 * MM
_TOP = 0.5 * MM
_PAD = 5 * MM
_SIZES = (14.0, 12.0, 10.5, 9.0)


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
    """Return the PDF of the labels, one a lot, cut marks pale enough to cut along."""
    paper = Paper(A4, _("Étiquettes du jour"), margin=0, bare=True)
    for i, row in enumerate(rows):
        place = i % (ACROSS * DOWN)
        if i and not place:
            paper.turn()
        x = (place % ACROSS) * _WIDTH
        y = A4[1] - _TOP - (place // ACROSS + 1) * _HEIGHT
        _draw_label(paper, row, x, y)
    return paper.finish()


def _draw_label(paper: Paper, row: ForwardRow, x: float, y: float) -> None:
    paper.box(x, y, _WIDTH, _HEIGHT, stroke=LINE, thick=0.3)
    left, room = x + _PAD, _WIDTH - 2 * _PAD
    paper.box(x + _PAD, y + _HEIGHT - 11.5 * MM, room, 6.5 * MM, fill=INK, stroke=None, radius=2)
    banner = _("Double portion possible") if row.double else _("À consommer vite")
    paper.text(x + _WIDTH / 2, y + _HEIGHT - 9.5 * MM, banner, 10.5, bold=True, colour=WHITE, align="centre")
    size = next((s for s in _SIZES if len(paper.wrap(row.article, room, s, bold=True)) == 1), _SIZES[-1])
    lines = paper.wrap(row.article, room, size, bold=True)[:2]
    paper.y = y + _HEIGHT - 13 * MM
    for line in lines:
        paper.y -= size * 1.15
        paper.text(left, paper.y, line, size, bold=True)
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
    paper.y -= 12
    paper.paragraph(
        _("Placez ces produits devant, à hauteur des yeux. DLC : plus rien le lendemain. DDM dépassée : emballage et aspect contrôlés."), 9.5,
        colour=MUTED,
    )  # fmt: skip
    return paper.finish()


def _held(row: ForwardRow) -> str:
    return number(row.pieces) if row.sold_by is SoldBy.PIECE else kilos(row.grams)


def _offer(row: ForwardRow) -> str:
    said = [_("double portion")] if row.double else []
    if row.cents is not None:
        said.append(_("valeur du jour : {value}").format(value=_value(row.cents, row.sold_by)))
    return ", ".join(said) or _("en premier")
