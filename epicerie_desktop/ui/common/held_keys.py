"""What is typed while something is being written: kept, then typed where the answer has put the keyboard. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from epicerie_desktop.ui.common.keys import is_enter


def is_text(event: QKeyEvent) -> bool:
    """Return whether a key writes a sign: what a name or a scanned card begins with."""
    return bool(event.text()) and event.text().isprintable()


def is_not_enter(event: QKeyEvent) -> bool:
    """Return whether a key is anything but Enter, which a hesitating hand presses twice."""
    return not is_enter(event)


class HeldKeys(QObject):
    """Keeps the keys that a widget gets between `hold` and `release` or `drop`; shortcuts go on working.

    Only a key that `begins` accepts is kept first, so that a second press of what began the writing answers nothing.
    """

    def __init__(self, parent: QWidget, begins: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(parent)
        self._page, self._begins = parent, begins
        self._watched: QWidget | None = None
        self._keys: list[QKeyEvent] = []

    def hold(self, field: QWidget | None = None) -> None:
        """Keep from now on what is typed in `field`, else in the page's field that has the keyboard."""
        self.drop()
        focus = field or QApplication.focusWidget()
        if focus is not None and self._page.isAncestorOf(focus):
            self._watched = focus
            # The last filter installed is the first asked, before those of the page itself.
            focus.installEventFilter(self)

    def drop(self) -> None:
        """Forget what was kept: a refusal is never answered by keys pressed before it could be read."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched = None
        self._keys.clear()

    def release(self) -> None:
        """Type what was kept, key by key, where the keyboard now is; nothing outside the page gets any of it."""
        keys = tuple(self._keys)
        self.drop()
        for key in keys:
            focus = QApplication.focusWidget()
            if focus is None or not self._page.isAncestorOf(focus):
                return
            QApplication.sendEvent(focus, key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the keys of the field watched."""
        if watched is self._watched and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat() and (self._keys or self._begins(event)):
                kept = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
                kept.setTimestamp(event.timestamp())
                self._keys.append(kept)
            return True
        return super().eventFilter(watched, event)
