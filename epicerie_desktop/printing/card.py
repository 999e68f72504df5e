"""Household cards: a number and its two codes. No word tells what a card is for, nor whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from epicerie_desktop.printing import label_sheet
from epicerie_desktop.printing.codes import draw_code128, draw_qr, grouped
from epicerie_desktop.printing.style import A4, ACCENT, LINE, MM, MUTED, Paper

CARD = (85.6 * MM, 54 * MM)
"""ISO/IEC 7810 ID-1: the size of a bank card."""
_TITLE = "Carte"
_LABEL_EDGE = 4 * MM


class CardLayout(Enum):
    """How many cards stand on a page: columns, rows, width and height of one, in points."""

    ONE = (1, 1, *CARD)
    SHEET = (2, 5, *CARD)
    LABELS = (3, 8, 70 * MM, 37 * MM)


def render(codes: Sequence[str], layout: CardLayout = CardLayout.ONE, *, skip: int = 0, line: str = "") -> bytes:
    """Return the PDF of the cards of `codes`, in order; `skip` labels already used are left blank on the first sheet.

    `line` is what the shop writes under the code of each.

    Raises `ValueError` for no code, a `skip` beyond the sheet, or a code too long to be drawn.
    """
    across, down, width, height = layout.value
    if not codes or not 0 <= skip < across * down:
        raise ValueError("no card to print")
    size = CARD if layout is CardLayout.ONE else A4
    paper = Paper(size, _TITLE, margin=0, bare=True)
    left, foot = (size[0] - across * width) / 2, (size[1] - down * height) / 2
    for n, code in enumerate(codes, skip):
        place = n % (across * down)
        if n > skip and place == 0:
            paper.turn()
        x = left + (place % across) * width
        y = foot + (down - 1 - place // across) * height
        if layout is CardLayout.LABELS:
            _draw_label(paper, code, x, y, width, height, line)
        else:
            _draw_card(paper, code, x, y, line, framed=layout is CardLayout.SHEET)
    return paper.finish()


def signs_over(line: str) -> int:
    """Return by how many signs a line is too long for the narrowest card; 0 where it fits."""
    return label_sheet.signs_over(line, CardLayout.LABELS.value[2] - 2 * _LABEL_EDGE)


def _draw_card(paper: Paper, code: str, x: float, y: float, line: str, *, framed: bool) -> None:
    width, height = CARD
    band = 3.2 * MM
    paper.box(x, y + height - band, width, band, fill=ACCENT, stroke=None)
    edge = 5 * MM
    side = 25 * MM
    qr = y + height - band - side - 2 * MM
    draw_qr(paper, code, x + edge - 2 * MM, qr, side)
    shown = grouped(code)
    room = width - side - 2 * edge
    size = _fitting(paper, shown, room, 20)
    paper.text(x + width - edge - room / 2, qr + side / 2 - size * 0.33, shown, size, bold=True, align="centre")
    # The line takes its room from the height of the bars, which a scanner reads as well: the code itself moves little.
    low, bars = (7.5 * MM, 11.5 * MM) if line else (5.5 * MM, 13.5 * MM)
    draw_code128(paper, code, x + edge, y + low, width - 2 * edge, bars)
    paper.text(x + width / 2, y + 3.6 * MM, line, label_sheet.LINE_SIZE, colour=MUTED, align="centre")
    if framed:
        paper.box(x, y, width, height, thick=0.3, stroke=LINE)


def _draw_label(paper: Paper, code: str, x: float, y: float, width: float, height: float, line: str) -> None:
    edge = _LABEL_EDGE
    side = 18 * MM
    draw_qr(paper, code, x + edge - 1 * MM, y + height - side - 2.5 * MM, side)
    shown = grouped(code)
    room = width - side - 2 * edge - 1 * MM
    size = _fitting(paper, shown, room, 16)
    middle = y + height - 2.5 * MM - side / 2
    paper.text(x + width - edge - room / 2, middle - size * 0.33, shown, size, bold=True, align="centre")
    low, bars = (6.5 * MM, 8.5 * MM) if line else (4 * MM, 10.5 * MM)
    draw_code128(paper, code, x + edge, y + low, width - 2 * edge, bars)
    paper.text(x + width / 2, y + 3.4 * MM, line, label_sheet.LINE_SIZE, colour=MUTED, align="centre")


def _fitting(paper: Paper, text: str, room: float, size: float) -> float:
    """Return the size, `size` at most, in which `text` stands in `room`."""
    return min(size, room / paper.measure(text, 1, bold=True))
