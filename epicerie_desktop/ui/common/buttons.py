"""Buttons that show their key and answer once a press, whatever is held down, clicked twice or scanned."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.keys import BurstGuard, is_enter, key_label

Kind = Literal["primary", "secondary", "danger", "quiet"]
_RING = 5.0
"""Room the focus ring and its light gap take from the button's own edge: nothing moves and edges stay aligned."""
_PAD = 18.0
_GAP = 10.0


class ActionButton(QPushButton):
    """A button with an icon, a verb and its key, for example « Encaisser F12 ».

    `clicked` comes once a press: a held key and the second click of a double click are ignored (except when
    `repeatable`), and so is the Enter of a scanner. Its shortcut works wherever the focus is in the window.
    """

    def __init__(
        self,
        text: str,
        shortcut: str = "",
        icon: str = "",
        kind: Kind = "secondary",
        *,
        repeatable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shortcut_text = shortcut
        self._icon_name = icon
        self._kind: Kind = kind
        self._repeatable = repeatable
        self._burst = BurstGuard()
        self.setAutoDefault(False)
        self.setDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_text(text)
        self._keys: QShortcut | None = None
        if shortcut:
            self._keys = QShortcut(QKeySequence(shortcut), self)
            self._keys.setAutoRepeat(False)
            self._keys.activated.connect(self.click)
            self.setAccessibleDescription(key_label(shortcut))

    @property
    def shortcut_text(self) -> str:
        """Return its key as Qt writes it (`F12`), empty for none."""
        return self._shortcut_text

    def set_text(self, text: str) -> None:
        """Change the verb, on the button and for a screen reader."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_icon(self, icon: str) -> None:
        """Change the icon, or take it off with an empty name."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Change how much the button stands out."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press once for Enter or Space, never for a held key nor for a scanner's Enter."""
        scanned = self._burst.saw(event)
        if is_enter(event):
            event.accept()
            if not scanned and not (event.isAutoRepeat() and not self._repeatable):
                self.click()
            return
        if event.key() == Qt.Key.Key_Space and event.isAutoRepeat():
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second click of a double click for a trembling hand, unless the button may be repeated."""
        if self._repeatable:
            super().mouseDoubleClickEvent(event)
        else:
            event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when theme or text size changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()

    def _text_font(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        t = theme.tokens()
        return QFontMetricsF(t.font("base", bold=self._kind != "quiet")), QFontMetricsF(t.font("small"))

    def _key_width(self) -> float:
        label = key_label(self._shortcut_text)
        return self._text_font()[1].horizontalAdvance(label) + 14 if label else 0.0

    def sizeHint(self) -> QSize:
        """Return the room for icon, verb, key and focus ring; at least as high as a field."""
        t = theme.tokens()
        text_metrics = self._text_font()[0]
        parts = [text_metrics.horizontalAdvance(self.accessibleName())] if self.accessibleName() else []
        if self._icon_name:
            parts.append(float(t.heights["icon"]))
        if self._shortcut_text:
            parts.append(self._key_width())
        width = sum(parts) + _GAP * max(len(parts) - 1, 0) + 2 * _PAD
        return QSize(round(width + 1), t.heights["control"])

    def minimumSizeHint(self) -> QSize:
        """Return the same: a verb is never cut."""
        return self.sizeHint()

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return the fill, the edge and the writing of the present state."""
        t = theme.tokens()
        clear = QColor(0, 0, 0, 0)
        if not self.isEnabled():
            flat = self._kind == "quiet"
            return (
                clear if flat else t.colour("sunken"),
                clear if flat else t.colour("line"),
                t.colour("ink_disabled"),
            )
        state = "_pressed" if self.isDown() else "_hover" if self.underMouse() else ""
        if self._kind in ("primary", "danger"):
            fill = t.colour(self._kind + state)
            return fill, fill, t.colour("on_" + self._kind)
        raised = t.colour("tint") if state else clear if self._kind == "quiet" else t.colour("surface")
        return raised, clear if self._kind == "quiet" else t.colour("edge"), t.colour("primary")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the button, its key in a small frame, and the focus ring set apart from it."""
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, edge, ink = self._colours()
        body = QRectF(self.rect())
        filled = body
        if self.hasFocus():
            half = t.focus_width / 2
            painter.setPen(QPen(t.colour("focus"), t.focus_width))
            painter.setBrush(t.colour("surface"))
            painter.drawRoundedRect(body.adjusted(half, half, -half, -half), t.radius, t.radius)
            filled = body.adjusted(_RING, _RING, -_RING, -_RING)
        painter.setPen(Qt.PenStyle.NoPen if self.hasFocus() else QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(filled.adjusted(0.5, 0.5, -0.5, -0.5), t.radius - 2, t.radius - 2)
        self._draw_content(painter, body, ink)
        painter.end()

    def _draw_content(self, painter: QPainter, body: QRectF, ink: QColor) -> None:
        t = theme.tokens()
        text = self.accessibleName()
        text_metrics, key_metrics = self._text_font()
        wanted = float(self.sizeHint().width()) - 2 * _PAD - 1
        x = body.left() + max(_PAD, (body.width() - wanted) / 2)
        if self._icon_name:
            size = t.heights["icon"]
            drawn = theme.pixmap(self._icon_name, ink.name(), size, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x, body.center().y() - size / 2), drawn)
            x += size + _GAP
        painter.setPen(ink)
        painter.setFont(t.font("base", bold=self._kind != "quiet"))
        width = text_metrics.horizontalAdvance(text)
        place = QRectF(x, body.top(), width + 1, body.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        label = key_label(self._shortcut_text)
        if label:
            x += width + _GAP if text else 0
            height = key_metrics.height() + 4
            chip = QRectF(x, body.center().y() - height / 2, self._key_width(), height)
            frame = QColor(ink)
            frame.setAlphaF(0.55)
            painter.setPen(QPen(frame, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(ink)
            painter.setFont(t.font("small"))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, label)
