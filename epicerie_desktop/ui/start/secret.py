"""The field of a passphrase: hidden as it is typed, shown on request. It keeps nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.fields import FieldFrame


class SecretField(FieldFrame):
    """A passphrase: never trimmed, never proposed again; the eye shows it (F4 does the same)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye: QAction = self.line.addAction(
            theme.icon("eye", "ink_soft"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._eye.setShortcut("F4")
        self._eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._eye.setToolTip(_("Montrer ou cacher ce qui est tapé (F4)"))
        self._eye.triggered.connect(self._on_eye)

    @property
    def secret(self) -> str:
        """Return what is typed, blanks included."""
        return self.line.text()

    @property
    def shown(self) -> bool:
        """Return whether what is typed can be read."""
        return self.line.echoMode() == QLineEdit.EchoMode.Normal

    def show_typed(self, shown: bool) -> None:
        """Let what is typed be read, or hide it."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(theme.icon("eye", "primary" if shown else "ink_soft"))

    def changeEvent(self, event: QEvent) -> None:
        """Tint the eye again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_eye"):
            self.show_typed(self.shown)

    def _on_eye(self) -> None:
        self.show_typed(not self.shown)
