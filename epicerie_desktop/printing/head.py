"""The head of the A4 papers: the shop at the left, what the paper is at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from epicerie_desktop.domain.duplicates import duplicate_words
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing.style import ACCENT, INK, MUTED, WHITE, WORDS, Paper

_LOGO_WIDTH, _LOGO_HEIGHT = 92.0, 46.0
"""Points at most; the address needs the rest of its half."""


def draw(
    paper: Paper, shop: ShopHeader, title: str, subtitle: str = "", details: Sequence[str] = (), *, mark: str = "", solid: bool = False,
    duplicate: date | None = None,
) -> None:  # fmt: skip
    """Write the head from the pen down; `mark` is a stamped word (a state), `solid` when it is final.

    `duplicate` is the day a paper was made again, stamped under what it is.
    """
    top = paper.y
    middle = paper.left + paper.width * 0.54
    beside, foot = paper.left, top
    if shop.logo:
        beside += paper.picture(shop.logo, paper.left, top, _LOGO_WIDTH, _LOGO_HEIGHT) + 10
        foot = top - _LOGO_HEIGHT
    paper.paragraph(shop.name, 13, x=beside, width=middle - beside - 12, bold=True, leading=1.2, after=2)
    for line in (*shop.address, *shop.contacts):
        paper.paragraph(line, 8.5, x=beside, width=middle - beside - 12, colour=MUTED, leading=1.3)
    foot, paper.y = min(foot, paper.y), top
    room = paper.right - middle
    paper.paragraph(title, 15, x=middle, width=room, bold=True, colour=ACCENT, leading=1.15, align="right", after=2)
    if subtitle:
        paper.paragraph(subtitle, 12, x=middle, width=room, bold=True, leading=1.3, align="right", after=1)
    if details:
        paper.paragraph(details[0], 9, x=middle, width=room, align="right")
        for line in details[1:]:
            paper.paragraph(line, 8.5, x=middle, width=room, colour=MUTED, align="right")
    if mark:
        _draw_mark(paper, mark, top - 35.5, paper.right - paper.measure(subtitle, 12, bold=True) - 10, solid=solid)
    if duplicate is not None:
        paper.y -= 19
        _draw_mark(paper, duplicate_words(duplicate), paper.y, paper.right, solid=False)
    paper.y = min(paper.y, foot) - 6
    paper.rule(paper.y, colour=ACCENT, thick=1.2)
    paper.y -= 10
    for line in shop.first_words:
        paper.paragraph(line, WORDS, colour=MUTED)
    paper.y -= 4 if len(shop.first_words) else 0
    paper.end_with(shop.last_words)


def _draw_mark(paper: Paper, mark: str, y: float, right: float, *, solid: bool) -> None:
    """Stamp the word, its box ending at `right`."""
    width = paper.measure(mark, 9, bold=True) + 16
    paper.box(right - width, y, width, 14.5, fill=INK if solid else None, stroke=INK, thick=1, radius=3)
    paper.text(right - width / 2, y + 4.2, mark, 9, bold=True, colour=WHITE if solid else INK, align="centre")
