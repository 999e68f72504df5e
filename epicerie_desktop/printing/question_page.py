"""The answer to a question on paper: one table, upright where it fits, on its side where it is wide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.data_table import DataTable, Holds, written
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MUTED, Paper
from epicerie_desktop.printing.table import PAD, Column, Table
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

NOT_TOLD = "s"
_SIZES = (9.0, 8.0, 7.0, 6.5)
_WIDEST = 190.0
"""Points a column of words takes at most: its words are wrapped."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """What to print: the table, whose last line is its total where `total`, over the days asked; `counted` is under
    the title, `told` above the table.
    """

    shop: ShopHeader
    table: DataTable
    counted: str
    first: date
    last: date
    total: bool
    told: tuple[str, ...]
    made_at: datetime


def render(page: QuestionPage) -> bytes:
    """Return the PDF, A4. Raises `RuleRefused` where the table is too wide for any page, saying what to do."""
    table = page.table
    rows = [[written(v, h.holds, nothing=NOT_TOLD) for v, h in zip(r, table.headings, strict=True)] for r in table.rows]
    foot = f"{table.name} – {shown.day(page.first)} – {shown.day(page.last)}"
    for size in _SIZES:
        for sheet in (A4, (A4[1], A4[0])):
            paper = Paper(sheet, table.name, foot=foot, running=foot)
            columns = _columns(paper, table, rows, size)
            if columns is not None:
                return _drawn(paper, page, columns, rows, size)
    raise RuleRefused(
        N_(
            "Ce tableau est trop large pour une page : remettez le dernier regroupement en lignes, ou gardez moins de mois."
        )
    )


def _columns(paper: Paper, table: DataTable, rows: list[list[str]], size: float) -> list[Column] | None:
    """Return the columns at this size of letter, None where they do not fit the page."""
    found = []
    for j, heading in enumerate(table.headings):
        words = heading.holds is Holds.TEXT
        longest = max((paper.measure(r[j], size, bold=True) for r in rows), default=0.0)
        title = max(paper.measure(w, size * 0.92, bold=True) for w in heading.name.split())
        width = max(min(longest, _WIDEST) if words else longest, title, 24.0) + 2 * PAD + 4
        found.append(Column(heading.name, width, right=not words))
    left = paper.width - sum(c.width for c in found)
    if left < 0:
        return None
    # What is left goes to the words, so that figures stay close to them.
    first = found[0]
    wider = min(left, 120.0)
    rest = (left - wider) / len(found)
    found[0] = Column(first.title, first.width + wider, right=first.right)
    return [Column(c.title, c.width + rest, right=c.right) for c in found]


def _drawn(paper: Paper, page: QuestionPage, columns: list[Column], rows: list[list[str]], size: float) -> bytes:
    details = [
        _("Du {first} au {last}").format(first=shown.day(page.first), last=shown.day(page.last)),
        _("Édité le {instant}").format(instant=shown.instant(page.made_at)),
    ]
    head.draw(paper, page.shop, page.table.name, page.counted, details)
    for line in page.told:
        paper.paragraph(line, 10, after=4)
    total = rows[-1] if page.total and rows else None
    table = Table(paper, columns, size=size)
    table.draw(rows[:-1] if total else rows, total, empty=_("Aucune ligne sur cette période."))
    paper.y -= 8
    for note in page.table.notes:
        paper.paragraph(note, 8.5, colour=MUTED, after=1.5)
    return paper.finish()
