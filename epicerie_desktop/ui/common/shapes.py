"""Icons and shapes drawn at paint time, so that they follow the theme and the text size. Knows no data."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from epicerie_desktop.ui import theme

Shape = Literal["disc", "diamond", "octagon", "square"]


class IconMark(QWidget):
    """A Lucide icon in a token's colour; purely decorative, a word always stands beside it."""

    def __init__(
        self, name: str, colour: str = "ink_soft", height: str = "icon", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._colour, self._height = name, colour, height
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str, colour: str) -> None:
        """Show another icon, in another colour."""
        self._name, self._colour = name, colour
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when theme or text size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the square of the icon at the text size in use."""
        side = theme.tokens().heights[self._height]
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the icon in the middle."""
        t = theme.tokens()
        side = t.heights[self._height]
        drawn = theme.pixmap(self._name, t.colours[self._colour], side, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(QPointF((self.width() - side) / 2, (self.height() - side) / 2), drawn)
        painter.end()


def outline(shape: Shape, box: QRectF) -> QPolygonF:
    """Return the corners of a diamond, an octagon or a square inside `box`."""
    c, w, h = box.center(), box.width(), box.height()
    if shape == "diamond":
        points = [(c.x(), box.top()), (box.right(), c.y()), (c.x(), box.bottom()), (box.left(), c.y())]
    elif shape == "octagon":
        a, b = w * 0.293, h * 0.293
        points = [
            (box.left() + a, box.top()), (box.right() - a, box.top()), (box.right(), box.top() + b),
            (box.right(), box.bottom() - b), (box.right() - a, box.bottom()), (box.left() + a, box.bottom()),
            (box.left(), box.bottom() - b), (box.left(), box.top() + b),
        ]  # fmt: skip
    else:
        points = [
            (box.left(), box.top()),
            (box.right(), box.top()),
            (box.right(), box.bottom()),
            (box.left(), box.bottom()),
        ]
    return QPolygonF([QPointF(x, y) for x, y in points])


def draw_badge(painter: QPainter, box: QRectF, shape: Shape, icon: str, colour: str, ratio: float) -> None:
    """Draw a filled silhouette in a token's colour with a white icon in it."""
    t = theme.tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.colour(colour))
    if shape == "disc":
        painter.drawEllipse(box)
    elif shape == "square":
        painter.drawRoundedRect(box, 10, 10)
    else:
        painter.drawPolygon(outline(shape, box))
    side = round(box.width() * (0.42 if shape == "diamond" else 0.56))
    drawn = theme.pixmap(icon, t.colours["on_verdict"], side, ratio)
    painter.drawPixmap(QPointF(box.center().x() - side / 2, box.center().y() - side / 2), drawn)
