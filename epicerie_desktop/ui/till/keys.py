"""The keys of a field: Enter once for each press, Escape, arrows, Delete and undo where the field is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from epicerie_desktop.ui.common.separator import take_separator

_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class Keys(QObject):
    """Watches one line of text and tells its gestures. A key held down (auto-repeat) never enters twice."""

    entered = Signal()
    escaped = Signal()
    deleted = Signal()
    undone = Signal()
    moved = Signal(int)

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - it watches one line
        """Take the keys that have a meaning here, before the field does."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        gesture = self._gesture(event)
        if gesture is None:
            return event.type() == QEvent.Type.KeyPress and take_separator(self._line, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(gesture, int):
            self.moved.emit(gesture)
        elif not event.isAutoRepeat():
            gesture.emit()  # type: ignore[attr-defined]
        return True

    def _gesture(self, event: QKeyEvent) -> object:
        key = Qt.Key(event.key())
        empty = not self._line.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.entered
        if key == Qt.Key.Key_Escape:
            return self.escaped
        if key in _MOVES and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return _MOVES[key]
        if empty and event.matches(QKeySequence.StandardKey.Undo):
            return self.undone
        if empty and key == Qt.Key.Key_Delete:
            return self.deleted
        return None
