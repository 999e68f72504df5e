"""A sheet of labels: three by eight of 70 × 37 mm on an A4, cut marks pale enough to cut along. Knows no label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from epicerie_desktop.printing.style import A4, LINE, MM, Paper

ACROSS, DOWN = 3, 8
WIDTH, HEIGHT = 70 * MM, 37 * MM
PAD = 5 * MM
LINE_SIZE = 7.0
"""Of what the shop writes on a label or a card, in points."""
_TOP = 0.5 * MM
_SIZES = (14.0, 12.0, 10.5, 9.0)

R = TypeVar("R")


def render(title: str, rows: Sequence[R], draw: Callable[[Paper, R, float, float], None]) -> bytes:
    """Return the PDF of a label a row; `draw` writes one whose lower left corner is given. Raises `ValueError` for no row."""
    if not rows:
        raise ValueError("no label to print")
    paper = Paper(A4, title, margin=0, bare=True)
    for i, row in enumerate(rows):
        place = i % (ACROSS * DOWN)
        if i and not place:
            paper.turn()
        x = (place % ACROSS) * WIDTH
        y = A4[1] - _TOP - (place // ACROSS + 1) * HEIGHT
        paper.box(x, y, WIDTH, HEIGHT, stroke=LINE, thick=0.3)
        draw(paper, row, x, y)
    return paper.finish()


def signs_over(line: str, room: float = WIDTH - 2 * PAD) -> int:
    """Return by how many signs a line of `LINE_SIZE` is too long for `room` points; 0 where it fits."""
    paper = Paper(A4, "", bare=True)
    fits = next((n for n in range(len(line), 0, -1) if paper.measure(line[:n], LINE_SIZE) <= room), 0)
    return len(line) - fits


def name(paper: Paper, text: str, x: float, top: float) -> float:
    """Write the name of an article as large as two lines at most allow, from `top` down; return the height it ends at."""
    room = WIDTH - 2 * PAD
    size = next((s for s in _SIZES if len(paper.wrap(text, room, s, bold=True)) == 1), _SIZES[-1])
    for line in paper.wrap(text, room, size, bold=True)[:2]:
        top -= size * 1.15
        paper.text(x + PAD, top, line, size, bold=True)
    return top
