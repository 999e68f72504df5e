"""A few lines of free text, with room for its refusal beneath; Tab leaves it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.ui.common.layout import column
from epicerie_desktop.ui.households.parts import Labelled

_LINES = 3


class TextArea(QWidget):
    """A labelled free text; `check` tells beneath why it cannot be kept."""

    changed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * _LINES + 24)
        self.frame = Labelled(text, self.edit)
        self.setLayout(column(self.frame, spacing=0))
        self.edit.textChanged.connect(self._on_typed)

    @property
    def text(self) -> str:
        """Return what is typed, without blanks at its ends."""
        return self.edit.toPlainText().strip()

    def set_label(self, text: str) -> None:
        """Change what is asked."""
        self.frame.label.setText(text)
        self.edit.setAccessibleName(text)

    def clear(self) -> None:
        """Empty it, and its message."""
        self.edit.clear()
        self.frame.tell("")

    def check(self) -> bool:
        """Return whether the text may be kept, telling why not beneath."""
        try:
            checked_text(self.text)
        except BadInput as error:
            self.frame.tell(str(error), wrong=True)
            return False
        self.frame.tell("")
        return True

    @Slot()
    def _on_typed(self) -> None:
        if self.edit.property("wrong"):
            self.check()
        self.changed.emit()

    def refuse(self, sentence: str) -> None:
        """Tell beneath why it cannot stay so, until something is typed."""
        self.frame.tell(sentence, wrong=True)
