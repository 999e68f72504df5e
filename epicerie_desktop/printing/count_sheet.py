"""The sheet of a stock-take, to walk along the shelves with: a box to write in on each line, no expected quantity, two signatures."""

from __future__ import annotations

from collections.abc import Sequence

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.count_sheet import CountLine, CountSheet
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import instant, number
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

_BLANK = 6
"""Empty lines for what is on a shelf and not on the sheet."""
_SIZE = 10.5
_BOX = (88.0, 15.0)
_SIGNED = 74.0


def render(sheet: CountSheet) -> bytes:
    """Return the PDF, A4, pages numbered."""
    title = _("Feuille d'inventaire")
    count = sum(len(lines) for _name, lines in sheet.shelves)
    printed = _("Imprimée le {instant}").format(instant=instant(sheet.printed_at))
    foot = f"{title} – {printed}"
    paper = Paper(A4, title, margin=15 * MM, foot=foot, running=foot)
    told = ngettext("{n} article à compter", "{n} articles à compter", count)
    head.draw(paper, sheet.shop, title, told.format(n=number(count)), [printed])
    for name, lines in sheet.shelves:
        paper.need(70)
        paper.heading(name)
        _table(paper, [(number(n.number), n.name, n.code, _unit(n)) for n in lines])
    paper.need(40 + _BLANK * 22)
    paper.heading(_("En rayon, mais pas sur la feuille"))
    _table(paper, [("", "", "", "")] * _BLANK)
    _sign(paper)
    return paper.finish()


def _unit(line: CountLine) -> str:
    return _("pièces") if line.sold_by is SoldBy.PIECE else _("kg")


def _table(paper: Paper, rows: Sequence[Sequence[str]]) -> None:
    """Draw lines tall enough to write on, each with its box."""
    table = Table(
        paper,
        [Column(_("N°"), 34, right=True), Column(_("Article")), Column(_("Code"), 104), Column(_("Unité"), 50), Column(_("Compté"), _BOX[0] + 10)],
        size=_SIZE,
    )  # fmt: skip
    table.leading = 18.0
    left = table.edges[4] + 5

    def box(_n: int, foot: float, height: float) -> None:
        paper.box(left, foot + (height - _BOX[1]) / 2 - 1.8, *_BOX, stroke=INK, thick=0.6)

    table.draw([(*row, "") for row in rows], beside=box)


def _sign(paper: Paper) -> None:
    paper.need(_SIGNED + 20)
    paper.y -= 18
    half = (paper.width - 16) / 2
    for i, words in enumerate((_("Compté par (nom, signature)"), _("Vérifié par (nom, signature)"))):
        x = paper.left + i * (half + 16)
        paper.box(x, paper.y - _SIGNED, half, _SIGNED, stroke=INK, thick=0.6)
        paper.text(x + 6, paper.y - 14, words, 9.5, bold=True)
        paper.text(x + 6, paper.y - _SIGNED + 8, _("Le"), 9.5, colour=MUTED)
    paper.y -= _SIGNED
