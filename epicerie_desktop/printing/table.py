"""Tables shared by every paper: columns that fit the page, repeated headings, a total that never stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from epicerie_desktop.printing.style import BOLD, INK, LINE, SHADE, Paper

Row = Sequence[str]
Beside = Callable[[int, float, float], None]
PAD = 3.0
"""Points left on each side of a cell."""
_HEAD_LEADING = 1.18
_LINES_WITH_TOTAL = 3
"""How many lines at least go with the total when it falls on a new page."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in points (0: shares what is left), figures to the right, a title turned or not."""

    title: str
    width: float = 0
    right: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A title over the columns from `first` to `last`, both included."""

    title: str
    first: int
    last: int


def laid_out(columns: Sequence[Column], width: float) -> list[Column]:
    """Return the columns with every width known, those without one sharing what is left of `width`."""
    free = [c for c in columns if not c.width]
    rest = width - sum(c.width for c in columns)
    return [c if c.width else replace(c, width=rest / len(free)) for c in columns]


class Table:
    """A table being drawn on `paper` from its pen down, over as many pages as it takes."""

    def __init__(
        self, paper: Paper, columns: Sequence[Column], *, size: float = 9, head_size: float | None = None, spans: Sequence[Span] = (),
        x: float | None = None, width: float | None = None,
    ) -> None:  # fmt: skip
        self.paper = paper
        self.x = paper.left if x is None else x
        self.columns = laid_out(columns, paper.width if width is None else width)
        self.size = size
        self.head_size = head_size or size * 0.92
        self.leading = size * 1.25
        self.spans = tuple(spans)
        self.edges = [self.x]
        for column in self.columns:
            self.edges.append(self.edges[-1] + column.width)
        self._titles = [self._title_lines(c) for c in self.columns]
        self.head_height = self._head_height()

    def _title_lines(self, column: Column) -> list[str]:
        if not column.turned:
            return self.paper.wrap(column.title, column.width - 2 * PAD, self.head_size, bold=True)
        whole = self.paper.measure(column.title, self.head_size, bold=True)
        if whole <= 62 or " " not in column.title or column.width < 2.5 * self.head_size:
            return [column.title]
        return self.paper.wrap(column.title, max(62.0, whole * 0.62), self.head_size, bold=True)

    def _head_height(self) -> float:
        turned = [
            self.paper.measure(line, self.head_size, bold=True)
            for column, lines in zip(self.columns, self._titles, strict=True) if column.turned
            for line in lines
        ]  # fmt: skip
        flat = [len(t) for c, t in zip(self.columns, self._titles, strict=True) if not c.turned]
        tallest = max([n * self.head_size * _HEAD_LEADING for n in flat] + turned)
        return tallest + 9 + (self.head_size * 1.25 + 5 if self.spans else 0)

    def draw(
        self, rows: Sequence[Row], total: Row | None = None, *, empty: str = "", keep: float = 0, beside: Beside | None = None
    ) -> None:  # fmt: skip
        """Draw the headings, the rows and the total; `empty` is the sentence written where there is no row.

        `keep` points are left under the total for what must stand on the same page.
        `beside` is called for each row with its number, the height of its foot and its own height, in points.
        """
        paper = self.paper
        wrapped = [self._cells(row) for row in rows]
        heights = [self._height(cells) for cells in wrapped]
        last = keep + (self.leading + 6 if total is not None else 0.0)
        done = 0
        paper.need(self.head_height + sum(heights[:2], last if len(rows) <= 2 else 0))
        while True:
            self._draw_head()
            count = self._fitting(heights[done:], last)
            if beside is not None:
                foot = paper.y
                for n in range(done, done + count):
                    foot -= heights[n]
                    beside(n, foot, heights[n])
            self._draw_rows(wrapped[done : done + count], heights[done : done + count])
            done += count
            if done >= len(rows):
                break
            paper.turn()
        if not rows and empty:
            paper.y -= 6
            paper.paragraph(empty, self.size, x=self.x + PAD, width=self.edges[-1] - self.x - 2 * PAD)
            paper.y -= 6
        if total is not None:
            self._draw_total(total)

    def _fitting(self, heights: list[float], last: float) -> int:
        """Return how many rows go on this page, so that the total follows some of them."""
        room = self.paper.y - self.paper.bottom
        used, count = 0.0, 0
        for height in heights:
            if used + height > room:
                break
            used += height
            count += 1
        if count == len(heights) and used + last > room:
            count -= _LINES_WITH_TOTAL
        elif 0 < len(heights) - count < _LINES_WITH_TOTAL:
            count = len(heights) - _LINES_WITH_TOTAL
        return max(1, count) if heights else 0

    def _cells(self, row: Row) -> list[list[str]]:
        measure, size = self.paper.measure, self.size
        return [
            [text]
            if column.right or measure(text, size) <= column.width - 2 * PAD
            else self.paper.wrap(text, column.width - 2 * PAD, size)
            for column, text in zip(self.columns, row, strict=True)
        ]

    def _height(self, cells: list[list[str]]) -> float:
        return max(map(len, cells)) * self.leading + 2.6

    def _draw_head(self) -> None:
        paper, size = self.paper, self.head_size
        foot = paper.y - self.head_height
        paper.box(self.x, foot, self.edges[-1] - self.x, self.head_height, fill=SHADE, stroke=None)
        for span in self.spans:
            x1, x2 = self.edges[span.first] + PAD, self.edges[span.last + 1] - PAD
            paper.text((x1 + x2) / 2, paper.y - size * 1.25, span.title, size, bold=True, align="centre")
            paper.rule(paper.y - size * 1.25 - 3, x1=x1, x2=x2)
        written: list[tuple[float, float, str]] = []
        for i, (column, lines) in enumerate(zip(self.columns, self._titles, strict=True)):
            if column.turned:
                self._draw_turned(i, lines, foot)
                continue
            for n, line in enumerate(lines, 1):
                y = foot + 4 + (len(lines) - n) * size * _HEAD_LEADING
                written.append((self._place(i, line, size=size, bold=True), y, line))
        paper.cells(written, size, bold=True)
        paper.rule(foot, x1=self.x, x2=self.edges[-1], colour=INK, thick=0.8)
        paper.y = foot

    def _draw_turned(self, i: int, lines: list[str], foot: float) -> None:
        canvas, size = self.paper.canvas, self.head_size
        block = (len(lines) - 1) * size * _HEAD_LEADING
        right = self.edges[i + 1] - PAD - size * 0.22 - block
        canvas.setFillColorRGB(*INK)
        canvas.setFont(BOLD, size)
        for n, line in enumerate(lines):
            canvas.saveState()
            canvas.translate(right + n * size * _HEAD_LEADING, foot + 5)
            canvas.rotate(90)
            canvas.drawString(0, 0, line)
            canvas.restoreState()

    def _place(self, i: int, text: str, *, size: float = 0, bold: bool = False) -> float:
        if self.columns[i].right:
            return self.edges[i + 1] - PAD - self.paper.measure(text, size or self.size, bold=bold)
        return self.edges[i] + PAD

    def _draw_rows(self, rows: list[list[list[str]]], heights: list[float]) -> None:
        paper, leading, size = self.paper, self.leading, self.size
        y = paper.y
        written: list[tuple[float, float, str]] = []
        rules: list[tuple[float, float, float, float]] = []
        for cells, height in zip(rows, heights, strict=True):
            first = y - leading
            for i, lines in enumerate(cells):
                for n, text in enumerate(lines):
                    if text:
                        written.append((self._place(i, text), first - n * leading + size * 0.13, text))
            y -= height
            rules.append((self.x, y, self.edges[-1], y))
        paper.canvas.setStrokeColorRGB(*LINE)
        paper.canvas.setLineWidth(0.35)
        if rules:
            paper.canvas.lines(rules)
        paper.cells(written, size)
        paper.y = y

    def _draw_total(self, total: Row) -> None:
        paper = self.paper
        height = self.leading + 5
        paper.box(self.x, paper.y - height, self.edges[-1] - self.x, height, fill=SHADE, stroke=None)
        paper.rule(paper.y, x1=self.x, x2=self.edges[-1], colour=INK, thick=0.8)
        y = paper.y - self.leading - 0.5
        cells = [(self._place(i, text, bold=True), y, text) for i, text in enumerate(total) if text]
        paper.cells(cells, self.size, bold=True)
        paper.y -= height
