"""What a screen says when it has nothing to show, something to tell, or work under way. Knows no data."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.shapes import IconMark
from epicerie_desktop.ui.common.text import WrapLabel

NoticeKind = Literal["info", "warn", "error", "success"]
_NOTICES: dict[NoticeKind, tuple[str, str]] = {
    "info": ("info", "info"),
    "warn": ("ask", "triangle-alert"),
    "error": ("no", "circle-alert"),
    "success": ("ok", "circle-check"),
}
BUSY_AFTER_MS = 250


class EmptyState(QWidget):
    """An icon, why it is empty, what to do, and the button that does it."""

    def __init__(
        self, icon: str, title: str, hint: str = "", action: ActionButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(IconMark(icon, "ink_soft", "icon_large", self), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self._title = self._words(title, "section")
        self._hint = self._words(hint, "soft")
        column.addWidget(self._title)
        column.addWidget(self._hint)
        if action is not None:
            column.addSpacing(8)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_words(self, title: str, hint: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)

    def _words(self, text: str, role: str) -> QLabel:
        label = WrapLabel(text, self)
        label.setProperty("role", role)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setVisible(bool(text))
        return label


class Notice(QFrame):
    """A strip in the screen: icon, sentence, perhaps a remedy. It stays until it is closed or replaced."""

    closed = Signal()

    def __init__(
        self,
        kind: NoticeKind = "info",
        text: str = "",
        action: ActionButton | None = None,
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._colour = "info"
        self._mark = IconMark("info", "info", "icon", self)
        self._text = WrapLabel("", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        if action is not None:
            row.addWidget(action)
        if closable:
            close = ActionButton(_("Fermer l'avis"), icon="x", kind="quiet", parent=self)
            close.clicked.connect(self.dismiss)
            row.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tell(kind, text)

    def tell(self, kind: NoticeKind, text: str) -> None:
        """Say a sentence; an empty one hides the strip."""
        self._colour, mark = _NOTICES[kind]
        self._mark.set_icon(mark, self._colour)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setMinimumHeight(theme.tokens().heights["control"])
        if self.parentWidget() is not None or not text:
            # Without a parent yet, showing it would open a window of its own.
            self.setVisible(bool(text))
        self.update()

    def dismiss(self) -> None:
        """Hide the strip, as the person asks."""
        self.hide()
        self.closed.emit()

    @property
    def text(self) -> str:
        """Return the sentence shown."""
        return self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the pale ground and the bar of its kind."""
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.colour(self._colour), 1))
        painter.setBrush(t.colour(f"{self._colour}_tint"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), t.radius, t.radius)
        painter.end()


class BusyOverlay(QWidget):
    """A veil over its parent while work is under way; it takes the keyboard and gives it back.

    It appears after a quarter of a second, so that quick work does not flicker. `cancelled`: the person asks to stop.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._veiled = parent
        self._before: QWidget | None = None
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(BUSY_AFTER_MS)
        self._delay.timeout.connect(self._appear)
        self._text = WrapLabel("", self)
        self._text.setProperty("role", "section")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(360)
        self._stop = ActionButton(_("Interrompre"), "Esc", "x", "secondary", parent=self)
        self._stop.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._text)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        parent.installEventFilter(self)
        self.hide()

    def start(self, text: str, *, cancellable: bool = False) -> None:
        """Say what is being done, from a quarter of a second on."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._stop.setVisible(cancellable)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(text)
        if not self.isVisible():
            self._delay.start()

    def progress(self, done: int, total: int) -> None:
        """Show how far the work is; a total of 0 means it is not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def stop(self) -> None:
        """Lift the veil and give the keyboard back."""
        self._delay.stop()
        if self.isVisible():
            self.hide()
            if self._before is not None:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def _appear(self) -> None:
        self._before = QApplication.focusWidget()
        self.setGeometry(self._veiled.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let no key through to what is veiled."""
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what is veiled."""
        if watched is self._veiled and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._veiled.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the veil."""
        veil = QColor(theme.tokens().colour("page"))
        veil.setAlphaF(0.96)
        painter = QPainter(self)
        painter.fillRect(self.rect(), veil)
        painter.end()
