"""The grid of a sheet: weights typed line after line, Enter going on to the next case, what cannot be read told at once."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from epicerie_desktop.domain.units import parse_grams
from epicerie_desktop.services.paper_morning import PaperEntry
from epicerie_desktop.services.queries.paper_morning import PaperGrid
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.keys import is_enter

_FIRST = 4
"""The first column that is typed; before it: place, file, name, persons."""
_WIDTH = 92
_READ_ONLY = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Going(QStyledItemDelegate):
    """Enter keeps what is typed and goes on to the next case."""

    def eventFilter(self, editor: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """Take Enter for Tab."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and is_enter(event):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
            return True
        return super().eventFilter(editor, event)

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Keep the text, then move on."""
        super().setModelData(editor, model, index)
        grid = self.parent()
        if isinstance(grid, WeightGrid):
            grid.go_on()


class WeightGrid(QTableWidget):
    """`changed` when something was typed; a line already entered cannot be typed in."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid: PaperGrid | None = None
        self.setAccessibleName(_("Poids écrits sur la feuille"))
        self.setItemDelegate(_Going(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.tokens().heights["row"])
        self.itemChanged.connect(self._on_changed)

    def show_grid(self, grid: PaperGrid | None) -> None:
        """Show the lines of a sheet, none typed yet."""
        self._grid = grid
        self.blockSignals(True)
        self.clear()
        lines = grid.lines if grid else ()
        families = grid.families if grid else ()
        self.setRowCount(len(lines))
        self.setColumnCount(_FIRST + len(families) if grid else 0)
        self.setHorizontalHeaderLabels(["", _("Foyer"), _("Nom"), _("Pers."), *(f.label for _id, f in families)])
        for at, line in enumerate(lines):
            for column, text in enumerate((str(line.place), line.number, line.called, shown.number(line.persons))):
                item = QTableWidgetItem(text)
                item.setFlags(_READ_ONLY)
                self.setItem(at, column, item)
            for column in range(_FIRST, self.columnCount()):
                item = QTableWidgetItem("")
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if line.entered:
                    item.setFlags(_READ_ONLY)
                    item.setText(_("saisi") if column == _FIRST else "")
                    item.setForeground(QColor(theme.tokens().colour("ink_soft")))
                    item.setToolTip(_("Déjà saisi : ticket {number}").format(number=line.entered))
                self.setItem(at, column, item)
        self.blockSignals(False)
        head = self.horizontalHeader()
        for column in range(_FIRST):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in range(_FIRST, self.columnCount()):
            self.setColumnWidth(column, max(_WIDTH, head.sectionSizeHint(column)))
        first = next((n for n, line in enumerate(lines) if not line.entered), None)
        if first is not None:
            self.setCurrentCell(first, _FIRST)

    def go_on(self) -> None:
        """Go to the next case to type: along the line, then to the first of the next one."""
        row, column = self.currentRow(), self.currentColumn() + 1
        if column >= self.columnCount():
            row, column = row + 1, _FIRST
        while row < self.rowCount() and self._case(row, column) is None:
            row += 1
        if row < self.rowCount():
            self.setCurrentCell(row, column)

    def _case(self, row: int, column: int) -> QTableWidgetItem | None:
        """Return a case that may be typed in, None for any other."""
        item = self.item(row, column)
        return item if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable else None

    def _text(self, row: int, column: int) -> str:
        item = self._case(row, column)
        return item.text() if item is not None else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter where nothing is being typed."""
        if is_enter(event):
            self.go_on()
            event.accept()
            return
        case = self._case(self.currentRow(), self.currentColumn())
        if event.key() == Qt.Key.Key_Delete and case is not None:
            case.setText("")
            return
        super().keyPressEvent(event)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        self.blockSignals(True)
        text = item.text().strip()
        item.setToolTip("")
        item.setData(Qt.ItemDataRole.ForegroundRole, None)
        if text:
            try:
                item.setText(shown.plain_kilos(parse_grams(text)))
            except BadInput as error:
                item.setToolTip(str(error))
                item.setForeground(QColor(theme.tokens().colour("no")))
        self.blockSignals(False)
        self.changed.emit()

    def problem(self) -> str:
        """Return what cannot be read, and go to it; "" when all is well."""
        for row in range(self.rowCount()):
            for column in range(_FIRST, self.columnCount()):
                typed = self._text(row, column)
                if typed:
                    try:
                        parse_grams(typed)
                    except BadInput as error:
                        self.setCurrentCell(row, column)
                        return str(error)
        return ""

    def entries(self) -> tuple[PaperEntry, ...]:
        """Return what is typed, a line a household that has a weight. Raises `BadInput` for what cannot be read."""
        if self._grid is None:
            return ()
        found = []
        for row, line in enumerate(self._grid.lines):
            grams = {
                family: parse_grams(self._text(row, _FIRST + n))
                for n, (family, _label) in enumerate(self._grid.families)
                if self._text(row, _FIRST + n)
            }
            if grams:
                found.append(PaperEntry(line.household, grams))
        return tuple(found)

    @property
    def dirty(self) -> bool:
        """Return whether something is typed that is not yet kept."""
        return any(self._text(r, c) for r in range(self.rowCount()) for c in range(_FIRST, self.columnCount()))
