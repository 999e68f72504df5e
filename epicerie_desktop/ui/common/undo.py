"""A line just removed, and the button that puts it back: removing costs nothing, so that nobody is asked first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.faults import bring_into_sight
from epicerie_desktop.ui.common.states import Notice


class UndoStrip(Notice):
    """Says what was removed, with « Annuler » beside it, which has the keyboard; anything typed elsewhere leaves it there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.undo = ActionButton(_("Annuler"), kind="secondary", icon="rotate-ccw")
        super().__init__("info", "", self.undo, parent=parent)
        self._put_back: Callable[[], None] | None = None
        self.undo.clicked.connect(self._on_undo)

    def offer(self, text: str, put_back: Callable[[], None]) -> None:
        """Say what was removed; `put_back` undoes it. Only the last removal can be undone."""
        self._put_back = put_back
        self.tell("info", text)
        self.undo.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._show_undo)  # once the strip has its place

    def withdraw(self) -> None:
        """Take the offer away: another subject, or another gesture, came."""
        self._put_back = None
        self.tell("info", "")

    @Slot()
    def _show_undo(self) -> None:
        bring_into_sight(self.undo)

    @Slot()
    def _on_undo(self) -> None:
        put_back = self._put_back
        self.withdraw()
        if put_back is not None:
            put_back()
