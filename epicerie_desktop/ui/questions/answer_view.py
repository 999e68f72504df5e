"""The answer, at the right of the screen: its table, and what its figures mean. Knows no service."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.domain.answers import TOTAL
from epicerie_desktop.domain.data_table import DataTable, Holds, Value, written
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable

Row = tuple[int, tuple[Value, ...]]


def _column(j: int, title: str, holds: Holds, *, last: bool) -> Column[Row]:
    def value(row: Row) -> Any:
        return row[1][j]

    def text(found: Value) -> str:
        return written(found, holds, nothing="")

    return Column(title, value, text, "left" if holds in (Holds.TEXT, Holds.DAY) else "right", stretch=last)


def _order(data: DataTable) -> list[int]:
    """Return the columns as they stand on screen: the total of a line beside its name, where many columns would push it out of sight."""
    order = list(range(len(data.headings)))
    if order and data.headings[-1].name == _(TOTAL):
        named = next((j for j in order if data.headings[j].holds not in (Holds.TEXT, Holds.DAY)), len(order) - 1)
        order.insert(named, order.pop())
    return order


class AnswerView(QWidget):
    """A table made again with each answer, for its columns change."""

    def __init__(self) -> None:
        super().__init__()
        self.count = label("", "section")
        self.notes = label("", "small")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self._lines.addWidget(self.count)
        self._lines.addWidget(self.notes)
        self.data: DataTable | None = None
        self.table = self._made(DataTable("", (), ()))

    def show_table(self, data: DataTable, lines: int) -> None:
        """Show a table of that many lines, its total not counted."""
        old, held = self.table, self.table.hasFocus()
        self.data = data
        self.table = self._made(data)
        old.hide()
        old.deleteLater()
        self.count.setText(
            ngettext("{n} ligne", "{n} lignes", lines).format(n=shown.number(lines)) if lines else _("Aucune ligne")
        )
        self.notes.setText("\n".join(data.notes))
        if held:
            self.table.setFocus()

    def _made(self, data: DataTable) -> RowsTable[Row]:
        columns = [_column(j, data.headings[j].name, data.headings[j].holds, last=False) for j in _order(data)]
        filler: Column[Row] = Column("", lambda _row: "", stretch=True)
        table: RowsTable[Row] = RowsTable(
            (*columns, filler), lambda r: r[0], name=_("Réponse"), empty=_("Aucune ligne sur cette période."), sortable=False
        )  # fmt: skip
        table.set_rows(list(enumerate(data.rows)))
        self._lines.insertWidget(1, table, 1)
        return table
