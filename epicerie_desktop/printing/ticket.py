"""The ticket, on a roll 80 mm wide and as long as it needs. A household number, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from epicerie_desktop.domain.ticket import PurseReceipt, Ticket
from epicerie_desktop.domain.ticket_text import Row, RowKind, rows_of, rows_of_receipt, title_of
from epicerie_desktop.printing.style import INK, MM, MUTED, WHITE, Align, Grey, Paper

WIDTH = 80 * MM
_MARGIN = 4 * MM
_PAID_WIDTH = 46.0
_VALUE_WIDTH = 46.0
_AMPLE = (WIDTH, 14000.0)
"""A page long enough to measure on: its height is cut afterwards to what was written."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How a kind of row is drawn, in points; `before` is the room above it."""

    size: float = 9
    bold: bool = False
    colour: Grey = INK
    align: Align = "left"
    before: float = 0


_LOOKS = {
    RowKind.SHOP: _Look(11.5, bold=True, align="centre"),
    RowKind.CONTACT: _Look(8, colour=MUTED, align="centre"),
    RowKind.STAMP: _Look(before=6),
    RowKind.RULE: _Look(before=4),
    RowKind.NUMBER: _Look(bold=True),
    RowKind.WHEN: _Look(8.5, colour=MUTED),
    RowKind.HEADINGS: _Look(7.5, colour=MUTED),
    RowKind.LINE: _Look(before=1.5),
    RowKind.QUANTITY: _Look(8, colour=MUTED),
    RowKind.SUM: _Look(),
    RowKind.FIRST_PAYMENT: _Look(before=2),
    RowKind.DUE: _Look(13, bold=True, before=2),
    RowKind.SAVINGS: _Look(before=2),
    RowKind.CEILING: _Look(8.5, align="centre", before=1),
    RowKind.LAST_WORD: _Look(9, bold=True, align="centre", before=3),
    RowKind.SMALL_PRINT: _Look(8, colour=MUTED, align="centre"),
}


def render(ticket: Ticket) -> bytes:
    """Return the PDF of the ticket, 80 mm wide; its height is that of its content."""
    return _roll(rows_of(ticket), title_of(ticket))


def render_receipt(receipt: PurseReceipt) -> bytes:
    """Return the PDF of the receipt for money paid ahead or owed, on the same roll."""
    return _roll(rows_of_receipt(receipt), title_of(receipt))


def _roll(rows: tuple[Row, ...], title: str) -> bytes:
    trial = Paper(_AMPLE, "", margin=_MARGIN, bare=True)
    _draw(trial, rows)
    height = _AMPLE[1] - trial.y + _MARGIN
    paper = Paper((WIDTH, height), title, margin=_MARGIN, bare=True)
    _draw(paper, rows)
    return paper.finish()


def _draw(paper: Paper, rows: tuple[Row, ...]) -> None:
    for row in rows:
        look = _LOOKS[row.kind]
        paper.y -= look.before
        if row.kind is RowKind.RULE:
            paper.y -= 3
            paper.rule(paper.y, colour=INK, thick=0.6)
            paper.y -= 2
        elif row.kind is RowKind.STAMP:
            paper.y -= 22
            paper.box(paper.left, paper.y, paper.width, 22, fill=INK, stroke=None)
            paper.text(WIDTH / 2, paper.y + 6, row.left, 15, bold=True, colour=WHITE, align="centre")
        else:
            _write(paper, row, look)


def _write(paper: Paper, row: Row, look: _Look) -> None:
    """Write the words, wrapped in the room their figures leave, and the figures on their last line."""
    size, bold, colour = look.size, look.bold, look.colour
    if row.value:
        room = paper.width - _PAID_WIDTH - _VALUE_WIDTH
    elif row.right:
        room = paper.width - paper.measure(row.right, size, bold=bold) - 6
    else:
        room = paper.width
    paper.paragraph(row.left, size, width=room, bold=bold, colour=colour, align=look.align, leading=1.3)
    foot = paper.y + size * 0.3
    if row.value:
        paper.text(paper.right - _PAID_WIDTH, foot, row.value, size, bold=bold, colour=colour, align="right")
    if row.right:
        paper.text(paper.right, foot, row.right, size, bold=bold, colour=colour, align="right")
