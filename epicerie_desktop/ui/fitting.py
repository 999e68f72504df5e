"""Making things fit a small screen or a large text: a dialog that grows with what it says, two columns that stack."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget


def grow(dialog: QDialog) -> None:
    """Make a dialog high enough for what it now says; Qt alone stops at two thirds of the screen and squeezes the rest."""
    layout = dialog.layout()
    if layout is None:
        return
    layout.activate()
    width = max(dialog.width(), layout.totalMinimumSize().width())
    wanted = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
    screen = dialog.screen().availableGeometry().height() - 40
    dialog.resize(width, min(max(dialog.height(), wanted), max(screen, dialog.height())))


class Sides(QWidget):
    """Two widgets side by side where their width allows it, one under the other otherwise."""

    def __init__(
        self, left: QWidget, right: QWidget, *, shares: tuple[int, int] = (1, 1), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sides = (left, right)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(16)
        for widget, share in zip(self._sides, shares, strict=True):
            self._line.addWidget(widget, share)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider one: the other may go beneath."""
        left, right = (side.minimumSizeHint() for side in self._sides)
        if self._line.direction() == QBoxLayout.Direction.LeftToRight:
            return QSize(max(left.width(), right.width()), max(left.height(), right.height()))
        return QSize(max(left.width(), right.width()), left.height() + right.height() + self._line.spacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between side by side and one under the other."""
        super().resizeEvent(event)
        wanted = sum(side.minimumSizeHint().width() for side in self._sides) + self._line.spacing()
        fits = wanted <= event.size().width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction != self._line.direction():
            self._line.setDirection(direction)
            self.updateGeometry()


def scrolled(
    *items: QWidget | QLayout, growing: QWidget | None = None, spacing: int = 16, above: int = 0
) -> QScrollArea:
    """Return things one under the other that scroll, without a frame, where the screen is too low for them.

    `growing` takes the room left; `above` is the margin over the first.
    """
    inner = QWidget()
    lines = QVBoxLayout(inner)
    lines.setContentsMargins(0, above, 0, 0)
    lines.setSpacing(spacing)
    for item in items:
        if isinstance(item, QLayout):
            lines.addLayout(item)
        else:
            lines.addWidget(item, 1 if item is growing else 0)
    if growing is None:
        lines.addStretch(1)
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
