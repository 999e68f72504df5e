"""The verdict at the counter: large, calm, told by colour, shape and word. Knows no rule and never shows an income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.shapes import Shape, draw_badge
from epicerie_desktop.ui.common.text import WrapLabel

MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    shape: Shape
    icon: str


_LOOKS: dict[VerdictState | None, _Look] = {
    VerdictState.OPEN: _Look("ok", "disc", "check"),
    VerdictState.ASK_TEAM: _Look("ask", "diamond", "message-circle-question-mark"),
    VerdictState.CLOSED: _Look("no", "octagon", "minus"),
    None: _Look("neutral", "square", "scan-barcode"),
}


class _Badge(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = _LOOKS[None]
        self.compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = round((44 if self.compact else 84) * theme.tokens().scale)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # A disc or an octagon inscribed in the same box looks larger than a diamond.
        inset = 0 if self.look.shape == "diamond" else self.width() * 0.06
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        draw_badge(painter, box, self.look.shape, self.look.icon, self.look.colour, self.devicePixelRatioF())
        painter.end()


class VerdictBanner(QFrame):
    """A wide band: the silhouette, the words of the verdict, then at most three lines (period, ceiling, what is left).

    `compact` keeps it to one height of two lines, for the till, where the basket needs the room.
    """

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self._state: VerdictState | None = None
        self._compact = compact
        self._badge = _Badge(self)
        self._badge.compact = compact
        self._title = WrapLabel("", self)
        self._title.setProperty("role", "section" if compact else "figure")
        self._lines = [WrapLabel("", self) for _line in range(MOST_LINES)]
        words = QVBoxLayout()
        words.setSpacing(0 if compact else 2)
        words.addStretch(1)
        words.addWidget(self._title)
        for line in self._lines:
            words.addWidget(line)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8) if compact else row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(12 if compact else 24)
        row.addWidget(self._badge)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._measure()
        self.show_verdict(None, "")

    @property
    def state(self) -> VerdictState | None:
        """Return the state shown, None for the neutral one."""
        return self._state

    def show_verdict(self, state: VerdictState | None, title: str, lines: Sequence[str] = ()) -> None:
        """Show a state (None: nobody yet), its words and up to three lines; further lines are left out."""
        self._state = state
        self._badge.look = _LOOKS[state]
        self._title.setText(title)
        kept = [line for line in lines if line][:MOST_LINES]
        for i, label in enumerate(self._lines):
            label.setText(kept[i] if i < len(kept) else "")
            label.setVisible(i < len(kept))
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(kept))
        self._dress()
        self._measure()
        self._badge.update()
        self.update()

    def _dress(self) -> None:
        theme.set_role(self._title, "tone", _LOOKS[self._state].colour)

    def _measure(self) -> None:
        height = theme.tokens().heights["banner"]
        least = round(height * 0.55) if self._compact else height
        inside = self.layout()
        # In a crowded column, a title of two lines keeps its room.
        self.setMinimumHeight(max(least, inside.heightForWidth(self.width()) if inside is not None else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the words at the new width."""
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours and sizes of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_lines"):
            self._measure()
            self._badge.updateGeometry()
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the pale ground, and the edge in the colour of the state."""
        t = theme.tokens()
        colour = _LOOKS[self._state].colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(t.colour(f"{colour}_tint"))
        painter.setPen(QPen(t.colour(colour), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), t.radius + 2, t.radius + 2)
        painter.end()
