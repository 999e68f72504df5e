"""What several papers of the till share: lines of a name and an amount, coins and notes, cheques, signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from epicerie_desktop.domain.cash import DENOMINATIONS
from epicerie_desktop.domain.till_papers import Cheque
from epicerie_desktop.printing.style import INK, MUTED, SHADE, Grey, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, money, number
from epicerie_desktop.support.i18n import gettext as _

_GAP = 18.0


def amounts(paper: Paper, lines: Sequence[tuple[str, str]], *, colour: Grey = INK) -> None:
    """Write lines of words at the left and figures at the right."""
    for what, said in lines:
        paper.need(15)
        paper.paragraph(what, 10, width=paper.width - paper.measure(said, 10) - 12, colour=colour, leading=1.4)
        paper.text(paper.right, paper.y + 4, said, 10, colour=colour, align="right")
        paper.rule(paper.y - 1.5, thick=0.3)
        paper.y -= 2


def sum_up(paper: Paper, what: str, said: str) -> None:
    """Write a total in its shaded band."""
    paper.need(26)
    paper.y -= 24
    paper.box(paper.left, paper.y, paper.width, 21, fill=SHADE, stroke=None)
    paper.text(paper.left + 6, paper.y + 6.5, what, 11, bold=True)
    paper.text(paper.right - 6, paper.y + 6.5, said, 11, bold=True, align="right")
    paper.y -= 5


def coins(paper: Paper, counts: Mapping[int, int], total: int) -> None:
    """Draw coins and notes in two tables side by side, with blanks to fill by hand where they were not told apart."""
    notes = [v for v in DENOMINATIONS if v >= 5_00]
    pieces = [v for v in DENOMINATIONS if v < 5_00]
    width = (paper.width - _GAP) / 2
    paper.need(200)
    top, feet = paper.y, []
    for title, values, x in ((_("Billets"), notes, paper.left), (_("Pièces"), pieces, paper.left + width + _GAP)):
        paper.y = top
        rows = [
            (money(v), number(counts[v]) if counts.get(v) else "", money(v * counts[v]) if counts.get(v) else "")
            for v in values
        ]
        rows += [("", "", "")] * (max(len(notes), len(pieces)) - len(rows))
        known = sum(v * counts.get(v, 0) for v in values)
        columns = [Column(title, right=True), Column(_("Nombre"), 64, right=True), Column(_("Montant"), 88, right=True)]
        Table(paper, columns, size=9.5, x=x, width=width).draw(
            rows, (_("Ensemble"), "", money(known) if counts else "")
        )
        feet.append(paper.y)
    paper.y = min(feet)
    sum_up(paper, _("Espèces"), money(total))


def cheques(paper: Paper, found: Sequence[Cheque]) -> None:
    """Draw the cheques one a line, with a blank where its number and its bank were not written down."""
    columns = [
        Column(_("Ticket"), 84), Column(_("Jour"), 74), Column(_("Numéro du chèque, banque")), Column(_("Montant"), 84, right=True),
    ]  # fmt: skip
    rows = [(c.ticket, day(c.day), c.reference, money(c.cents)) for c in found]
    total = (_("{n} en tout").format(n=number(len(found))), "", "", money(sum(c.cents for c in found)))
    Table(paper, columns, size=9.5).draw(rows, total)


def signatures(paper: Paper, left: str, right: str) -> None:
    """Draw two boxes to sign, kept on one page."""
    paper.need(96)
    paper.y -= 16
    half = (paper.width - _GAP) / 2
    for x, who in ((paper.left, left), (paper.left + half + _GAP, right)):
        paper.box(x, paper.y - 72, half, 72)
        paper.text(x + 7, paper.y - 14, who, 9, colour=MUTED)
    paper.y -= 76
