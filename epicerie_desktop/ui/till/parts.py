"""Small pieces shared by the counter and the till; those that need a colour of their own paint it from the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common import layout
from epicerie_desktop.ui.common.buttons import ActionButton

_LARGE_TEXT = 1.15


def scaled(pixels: int) -> int:
    """Return a width or height meant for the normal text size, at the text size in use."""
    return round(pixels * theme.tokens().scale)


def is_large_text() -> bool:
    """Return whether the text is so large that what stands side by side must stand one above the other."""
    return theme.tokens().scale > _LARGE_TEXT


def label(role: str, text: str = "", *, wrap: bool = True, right: bool = False) -> QLabel:
    """Return a text in a role of the type scale."""
    made = layout.label(text, role, wrap=wrap)
    if right:
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def button(text: str, key: str = "", *, primary: bool = False, icon: str = "") -> ActionButton:
    """Return a button that shows its key; the screen itself listens to that key, whichever button is shown or closed."""
    made = ActionButton(text, key, icon, "primary" if primary else "secondary")
    for shortcut in made.findChildren(QShortcut):
        shortcut.setEnabled(False)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def figures(left: tuple[QWidget, QWidget], right: tuple[QWidget, QWidget]) -> QGridLayout:
    """Return two sums in large figures, each after its words: side by side, or one above the other where the text is large."""
    made = QGridLayout()
    made.setHorizontalSpacing(24)
    made.addWidget(left[0], 0, 0)
    made.addWidget(left[1], 0, 1)
    line, column = (1, 0) if is_large_text() else (0, 3)
    made.addWidget(right[0], line, column)
    made.addWidget(right[1], line, column + 1)
    made.setColumnStretch(2, 1)
    return made


class Tinted(QFrame):
    """A frame with rounded corners, filled with a colour of the theme."""

    def __init__(self, colour: str = "sunken", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour

    def tint(self, colour: str) -> None:
        """Fill it with another colour of the theme."""
        if colour != self._colour:
            self._colour = colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the whole is drawn
        """Fill the frame."""
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(self._colour))
        painter.drawRoundedRect(QRectF(self.rect()), tokens.radius, tokens.radius)


class Gauge(QWidget):
    """A bar that fills with what was taken; a word always stands beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken, self._limit = 0, 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a thin bar."""
        return QSize(120, 12)

    def show_part(self, taken: int, limit: int) -> None:
        """Show `taken` out of `limit`."""
        if (taken, limit) != (self._taken, self._limit):
            self._taken, self._limit = taken, limit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the whole is drawn
        """Draw the ground, then the part taken."""
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(tokens.colour("line"))
        painter.setBrush(tokens.colour("sunken"))
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(whole, 5, 5)
        over = self._taken > self._limit
        part = 1.0 if over or self._limit <= 0 else max(0.0, self._taken / self._limit)
        if part <= 0:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour("ask" if over else "primary"))
        filled = QRectF(whole.left(), whole.top(), max(8.0, whole.width() * part), whole.height())
        painter.drawRoundedRect(filled, 5, 5)
