"""What the pages do at a large text size: buttons on as many lines as their words need, parts one under the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from epicerie_desktop.ui import theme

_GAP = 12
_ROOMY = 1.25
"""Up to this text size, two parts stand side by side on the smallest screen."""


def roomy() -> bool:
    """Return whether two parts fit side by side at the size of the text in use."""
    return theme.tokens().scale <= _ROOMY


class RightFlow(QLayout):
    """Lays widgets out from left to right, each line ending at the right edge; the last one is always at the lower right."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None outside."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrower line is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines in this width."""
        lines = self._lines(width)
        return sum(self._height(line) for line in lines) + _GAP * max(0, len(lines) - 1)

    def minimumSize(self) -> QSize:
        """Return the room of the widest item: the rest goes to other lines."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(s.width() for s in sizes) + _GAP * max(0, len(sizes) - 1)
        return QSize(width, max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        top = rect.top()
        for line in self._lines(rect.width()):
            width = sum(item.sizeHint().width() for item in line) + _GAP * (len(line) - 1)
            left = rect.right() + 1 - width
            for item in line:
                item.setGeometry(QRect(left, top, item.sizeHint().width(), item.sizeHint().height()))
                left += item.sizeHint().width() + _GAP
            top += self._height(line) + _GAP

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """Return the items of each line, filled from the end: the main button keeps the corner."""
        lines: list[list[QLayoutItem]] = []
        room = 0
        for item in reversed([i for i in self._items if not i.isEmpty()]):
            needed = item.sizeHint().width()
            if lines and room >= needed + _GAP:
                lines[0].insert(0, item)
                room -= needed + _GAP
            else:
                lines.insert(0, [item])
                room = width - needed
        return lines

    @staticmethod
    def _height(line: Sequence[QLayoutItem]) -> int:
        return max(item.sizeHint().height() for item in line)
