"""The few questions that open a window: our own words on the buttons, the harmless answer in focus, no answer by accident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.keys import is_enter
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice, NoticeKind

ARMED_AFTER_MS = 300
"""A key pressed twice must not answer a question that nobody has read."""


class QuestionDialog(QDialog):
    """A question: title, text, whatever is added to `body`, the harmless answer, then the one that acts (F12).

    Escape takes the harmless answer; Enter presses the button in focus and nothing else.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        yes: str,
        no: str = "",
        *,
        danger: bool = False,
        armed_after_ms: int = ARMED_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setModal(True)
        self.setMinimumWidth(520)
        self.setMaximumWidth(760)
        self._armed = armed_after_ms <= 0
        self.no_button = ActionButton(no, "Esc", kind="secondary", parent=self)
        self.no_button.clicked.connect(self.reject)
        self.no_button.setVisible(bool(no))
        self.yes_button = ActionButton(yes, "F12", kind="danger" if danger else "primary", parent=self)
        self.yes_button.clicked.connect(self._on_yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        if text:
            column.addWidget(label(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self.no_button)
        buttons.addWidget(self.yes_button)
        column.addLayout(buttons)
        self._arming = QTimer(self)
        self._arming.setSingleShot(True)
        self._arming.setInterval(armed_after_ms)
        self._arming.timeout.connect(self._on_armed)
        (self.no_button if no else self.yes_button).setFocus()

    def may_accept(self) -> bool:
        """Return whether the question is answered well enough; a subclass says what is missing."""
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Begin the moment during which no key acts."""
        super().showEvent(event)
        if not self._armed:
            self._arming.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter away from the dialog's default button; Escape takes the harmless answer."""
        if is_enter(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_armed(self) -> None:
        self._armed = True

    def _on_yes(self) -> None:
        if self._armed and self.may_accept():
            self.accept()


class ReasonDialog(QuestionDialog):
    """A question that also asks why: one of the usual reasons, or a few words."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        yes: str,
        no: str,
        *,
        reasons: Sequence[str] = (),
        danger: bool = True,
        armed_after_ms: int = ARMED_AFTER_MS,
    ) -> None:
        super().__init__(parent, title, text, yes, no, danger=danger, armed_after_ms=armed_after_ms)
        self._group = QButtonGroup(self)
        self._free = FieldFrame(self)
        for reason in reasons:
            choice = QRadioButton(reason, self)
            choice.setAccessibleName(reason)
            self._group.addButton(choice)
            self.body.addWidget(choice)
        self._row = FormRow(_("Ou en quelques mots") if reasons else _("La raison, en quelques mots"), self._free)
        self.body.addWidget(self._row)
        self._free.changed.connect(self._on_typed)
        for button in self._group.buttons():
            button.toggled.connect(self._on_ticked)
        first = self._group.buttons()[0] if reasons else self._free
        first.setFocus()
        self._order([*self._group.buttons(), self._free.line, self.no_button, self.yes_button])

    def _order(self, widgets: Sequence[QWidget]) -> None:
        for before, after in pairwise(widgets):
            QWidget.setTabOrder(before, after)

    @property
    def line(self) -> QLineEdit:
        """Return the line of the free reason."""
        return self._free.line

    def first_choice(self) -> QAbstractButton | None:
        """Return the first of the usual reasons, None where there is none."""
        return next(iter(self._group.buttons()), None)

    @property
    def reason(self) -> str:
        """Return the words typed, else the reason ticked, else nothing."""
        ticked = self._group.checkedButton()
        return self._free.text or (ticked.text().replace("&", "") if ticked else "")

    def may_accept(self) -> bool:
        """Ask for a reason when none is given."""
        if self.reason:
            return True
        self._free.show_error(_("Dites pourquoi, même en deux mots : cela sera relu plus tard."))
        self._free.setFocus()
        return False

    def _on_typed(self) -> None:
        ticked = self._group.checkedButton()
        if self._free.text and ticked is not None:
            self._group.setExclusive(False)
            ticked.setChecked(False)
            self._group.setExclusive(True)

    def _on_ticked(self, checked: bool) -> None:
        if checked:
            self._free.clear()


@contextmanager
def asked_of(field: QWidget) -> Iterator[None]:
    """Give the keyboard to a field when what is checked within, and passed on, is `BadInput` about it."""
    try:
        yield
    except BadInput:
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        raise


def accepted(dialog: QDialog) -> bool:
    """Ask a question and return whether it was answered; what it holds may be read until the person's next event."""
    # Left to Python, a dialog would be taken apart by whichever thread collects the garbage.
    try:
        return dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()


def ask_confirm(parent: QWidget | None, title: str, text: str, yes: str, no: str, *, danger: bool = False) -> bool:
    """Ask a question and return whether the person chose `yes`; closing the window is `no`."""
    dialog = QuestionDialog(parent, title, text, yes, no, danger=danger)
    try:
        return dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()


def ask_reason(
    parent: QWidget | None,
    title: str,
    text: str,
    yes: str,
    no: str,
    *,
    reasons: Sequence[str] = (),
    danger: bool = True,
) -> str | None:
    """Ask a question and why; return the reason, None if the person gave up."""
    dialog = ReasonDialog(parent, title, text, yes, no, reasons=reasons, danger=danger)
    try:
        return dialog.reason if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


def tell(parent: QWidget | None, title: str, text: str, *, kind: NoticeKind = "info", detail: str = "") -> None:
    """Tell something that stops the person (a trouble of the machine): what happened, what to do, and its code in small."""
    dialog = QuestionDialog(parent, title, "", _("J'ai compris"), armed_after_ms=0)
    dialog.body.addWidget(Notice(kind, text))
    if detail:
        dialog.body.addWidget(label(detail, "small", selectable=True))
    try:
        dialog.exec()
    finally:
        dialog.deleteLater()
