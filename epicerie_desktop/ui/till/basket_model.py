"""The lines of a basket as a table: article, quantity, where the weight comes from, value, to pay."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from epicerie_desktop.domain.basket import Basket, Line
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till import wording

ARTICLE, QUANTITY, SOURCE, VALUE, PAID = range(5)
_Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOWHERE = QModelIndex()


class BasketModel(QAbstractTableModel):
    """Shows a basket; it is given a new one after each gesture and only reads it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._titles = (_("Article"), _("Quantité"), "", _("En rayon"), _("À payer"))

    def show(self, basket: Basket | None) -> None:
        """Show the lines of `basket`."""
        self.beginResetModel()
        self._lines = basket.lines if basket else ()
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """Return the line of a row, None where there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        line = self.line(index.row())
        if line is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if index.column() in (ARTICLE, SOURCE) else _RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (ARTICLE, SOURCE) else _RIGHT
        return None

    @staticmethod
    def _text(line: Line, column: int) -> str:
        match column:
            case 0:
                return line.name
            case 1:
                return wording.quantity(line)
            case 2:
                return wording.source(line)
            case 3:
                return shown.money(line.shelf_cents)
            case _:
                return shown.money(line.paid_cents)
