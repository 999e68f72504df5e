"""A table of data on paper: its name, its columns as wide as what they hold, its total apart, its notes. Knows no document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, written
from epicerie_desktop.printing.style import ACCENT, MUTED, Paper
from epicerie_desktop.printing.table import PAD, Column, Table
from epicerie_desktop.support.i18n import gettext as _

_WHOLE, _WRAPPED, _TURNED = range(3)
_TRIES = ((8.5, _WHOLE), (8.5, _WRAPPED), (7.5, _WRAPPED), (6.8, _WRAPPED))
"""The size of the letters and how headings of figures stand, from the best; headings turned come last."""
_LEAST_NAME = 88.0
"""Points that a column of words keeps before figures are set smaller."""
_WIDEST_HEAD = 78.0
_LEAST_PART = 0.6
"""Of the page: a table of few columns is not spread over all of it, where the eye would lose its line."""
_LEAST_BAR = 60.0
"""Points under which a bar would tell nothing."""


def is_total(table: DataTable) -> bool:
    """Return whether the last row adds up those before it, by its name."""
    return bool(table.rows) and table.rows[-1][0] in {_("Ensemble"), _("Total")}


def draw(paper: Paper, table: DataTable, *, named: bool = True) -> None:
    """Draw a table from the pen down, over as many pages as it takes."""
    cells = [[written(v, h.holds) for v, h in zip(row, table.headings, strict=True)] for row in table.rows]
    total = cells.pop() if is_total(table) else None
    size, columns = _columns(paper, table.headings, [*cells, *([total] if total else [])])
    width = sum(c.width for c in columns)
    beside, room = _bars(paper, table, len(cells)), paper.width - width
    if beside is not None and room >= _LEAST_BAR:
        columns, width = [*columns, Column("", room)], paper.width
        cells = [[*row, ""] for row in cells]
        total = [*total, ""] if total is not None else None
    else:
        beside = None
    drawn = Table(paper, columns, size=size, width=width)
    if named:
        # A name never stands alone at the foot of a page: its headings and some lines go with it.
        paper.need(24 + drawn.head_height + 4 * (drawn.leading + 3))
        paper.y -= 7
        paper.paragraph(table.name, 9.5, bold=True, after=3)
    draw_bar = partial(beside, drawn) if beside is not None else None
    drawn.draw(cells, total, empty=_("Rien dans cette période."), beside=draw_bar)
    if table.notes:
        paper.y -= 3
    for note in table.notes:
        paper.need(24)
        paper.paragraph(note, 8, colour=MUTED, after=1)
    paper.y -= 3


def _bars(paper: Paper, table: DataTable, count: int) -> Callable[[Table, int, float, float], None] | None:
    """Return how to draw the bar of a line, None where the table asks for none or has nothing to draw."""
    if table.bars is None:
        return None
    values = [v if isinstance(v := row[table.bars], int) else 0 for row in table.rows[:count]]
    most = max(values, default=0)
    if most <= 0:
        return None

    def draw_bar(drawn: Table, row: int, y: float, height: float) -> None:
        left, right = drawn.edges[-2] + PAD, drawn.edges[-1] - PAD
        paper.box(left, y + height * 0.28, (right - left) * values[row] / most, height * 0.44, fill=ACCENT, stroke=None)

    return draw_bar


def _columns(paper: Paper, headings: tuple[Heading, ...], cells: list[list[str]]) -> tuple[float, list[Column]]:
    """Return the size of the letters and the columns: as large as fit the page, headings turned where nothing else does."""
    for size, how in _TRIES:
        found = [_column(paper, h, [row[n] for row in cells], size, how) for n, h in enumerate(headings)]
        if sum(c.width for c in found) + sum(_LEAST_NAME for c in found if not c.width) <= paper.width:
            break
    else:
        size = _TRIES[-1][0]
        found = [_column(paper, h, [row[n] for row in cells], size, _TURNED) for n, h in enumerate(headings)]
    return size, _spread(paper, found, cells, size)


def _spread(paper: Paper, columns: list[Column], cells: list[list[str]], size: float) -> list[Column]:
    """Return the columns with those of words as wide as what they hold, within what is left of the page."""
    left = paper.width - sum(c.width for c in columns)
    wanted = {
        n: max([_LEAST_NAME, paper.measure(c.title, size, bold=True), *(paper.measure(row[n], size, bold=True) for row in cells)]) + 2 * PAD + 6
        for n, c in enumerate(columns) if not c.width
    }  # fmt: skip
    if not wanted:
        return columns
    most = sum(wanted.values())
    room = min(left, max(most, paper.width * _LEAST_PART - (paper.width - left)))
    return [replace(c, width=wanted[n] * room / most) if n in wanted else c for n, c in enumerate(columns)]


def _column(paper: Paper, heading: Heading, cells: list[str], size: float, how: int) -> Column:
    """Return a column; one of words has no width yet."""
    if heading.holds is Holds.TEXT:
        return Column(heading.name)
    widest = max((paper.measure(c, size, bold=True) for c in cells), default=0.0)
    whole = paper.measure(heading.name, size, bold=True)
    if how == _WHOLE:
        widest = max(widest, whole) if whole <= _WIDEST_HEAD else max(widest, _WIDEST_HEAD)
    elif how == _WRAPPED:
        word = max(paper.measure(w, size, bold=True) for w in heading.name.split(" "))
        widest = max(widest, word, min(whole * 0.55, _WIDEST_HEAD))
    return Column(heading.name, max(widest, 1.6 * size) + 2 * PAD + 2, right=True, turned=how == _TURNED)
