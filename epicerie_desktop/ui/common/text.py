"""Plain words on several lines that are never cut. Knows nothing else."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

_LONGEST_WORD = 24
"""Signs: a longer one was typed without a blank, and would push what is beside it out of sight."""


def breakable(text: str) -> str:
    """Return a text whose endless words may be cut at the end of a line; nothing else is changed."""
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", "\\1\u200b", text)


_HOLD = QEvent.Type(QEvent.registerEventType())


class WrapLabel(QLabel):
    """A label that keeps the height its lines need at the width it was given.

    A layout reckons the least height of a wrapped label at another width than the real one, and cuts lines when room is
    short (large text, small screen); this one asks for what it needs instead, so that a scroll area can answer.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        self._asked = False
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        """Show other words and keep the height they need."""
        super().setText(text)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height needed at the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the height needed at the width the layout has just given."""
        super().showEvent(event)
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the height needed at a new text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._ask()

    def _ask(self) -> None:
        # A layout that is laying out forgets what it is told meanwhile: the height is set once it has finished.
        if not self._asked and self.isVisible():
            self._asked = True
            QCoreApplication.postEvent(self, QEvent(_HOLD))

    def event(self, event: QEvent) -> bool:
        """Set the height asked for."""
        if event.type() == _HOLD:
            self._asked = False
            kept = self.minimumHeight()
            # A label never reckons below the least height it was given: let it go before asking.
            self.setMinimumHeight(0)
            needed = self.heightForWidth(self.width()) if self.text() else 0
            self.setMinimumHeight(kept)
            several = needed > self.fontMetrics().lineSpacing() * 1.5
            if self.minimumHeight() != (needed if several else 0):
                self.setMinimumHeight(needed if several else 0)
            return True
        return super().event(event)
