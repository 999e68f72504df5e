"""The foot of the till: one question at a time, always at the same place; Enter answers, Escape goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.till.keys import Keys
from epicerie_desktop.ui.till.parts import button, is_large_text, label

T = TypeVar("T")


class Step(QFrame):
    """A question with one line to type in. Subclasses read the line in `answer`, raising `RuleRefused` to stay."""

    answered = Signal(object)
    left = Signal()

    def __init__(self, name: str, confirm: str, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self.title = label("section", name)
        self.hint = label("soft")
        self.trouble = label("error")
        self.line = QLineEdit()
        self.line.setObjectName("stepLine")
        self.line.setAccessibleName(name)
        self.keys = Keys(self.line)
        self.confirm = button(confirm, "Return", primary=True)
        self.back = button(back, "Esc")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 14, 20, 16)
        self.body.setSpacing(8)
        self._lay_out()
        self.keys.entered.connect(self.submit)
        self.keys.escaped.connect(self.go_back)
        self.confirm.clicked.connect(self.submit)
        self.back.clicked.connect(self.go_back)
        self.line.textEdited.connect(self._on_edited)

    def _lay_out(self) -> None:
        self.body.addWidget(self.title)
        self.body.addWidget(self.hint)
        self.body.addLayout(self.answer_row())
        self.body.addWidget(self.trouble)

    def answer_row(self, *others: QWidget) -> QBoxLayout:
        """Return the line to type in, with its buttons beside it, or below where the text is large."""
        made, row = QVBoxLayout(), QHBoxLayout()
        row.setSpacing(12)
        for widget in (*others, self.confirm, self.back):
            row.addWidget(widget)
        if not is_large_text():
            row.insertWidget(0, self.line, 1)
            return row
        made.setSpacing(8)
        made.addWidget(self.line)
        row.insertStretch(0, 1)
        made.addLayout(row)
        return made

    def answer(self, typed: str) -> Any:
        """Return what was answered. Raises `RuleRefused` with what to do when it cannot be understood."""
        return typed

    def begin(self) -> None:
        """Show the step anew: nothing typed, no trouble."""
        self.line.clear()
        self.tell("")
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """Close the step while its answer is being written, so that a second press does nothing."""
        self.confirm.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.line.setReadOnly(busy)

    def tell(self, sentence: str) -> None:
        """Show why the answer was not taken; an empty sentence takes it away."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        theme.set_role(self.line, "wrong", bool(sentence))
        if sentence:
            self.line.selectAll()

    @Slot()
    def go_back(self) -> None:
        """Leave the question."""
        self.left.emit()

    def understood(self, read: Callable[[], T]) -> T | None:
        """Return what `read` makes of what was typed; None where it refuses, which is then told under the line."""
        try:
            found = read()
        except RuleRefused as refusal:
            self.tell(str(refusal))
            return None
        self.tell("")
        return found

    @Slot()
    def submit(self) -> None:
        """Read the line and answer, or say what is wrong; an answer of None asks for more."""
        if not self.confirm.isEnabled():
            return
        answer = self.understood(lambda: self.answer(self.line.text().strip()))
        if answer is not None:
            self.answered.emit(answer)

    @Slot()
    def _on_edited(self) -> None:
        self.tell("")
