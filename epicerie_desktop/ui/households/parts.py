"""Small pieces of the household and rights screens: a state's pill, a field with its label, a day, Enter that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.shapes import Shape, draw_badge

_PAD, _MARK = 10, 24


class Pill(QWidget):
    """A state told by a silhouette, a word and a pale ground: never by colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape = "square"
        self._icon, self._colour, self._text = "info", "neutral", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def tell(self, look: tuple[Shape, str, str], text: str) -> None:
        """Show a silhouette, its icon and its colour (`ok`, `ask`, `no`, `neutral`, `info`), and a word."""
        self._shape, self._icon, self._colour = look
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """Return what is told."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the room of the silhouette and the text."""
        metrics = QFontMetrics(theme.tokens().font("base", bold=True))
        return QSize(metrics.horizontalAdvance(self._text) + _MARK + _PAD * 3, max(metrics.height(), _MARK) + _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the ground, the silhouette and the word."""
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.colour(f"{self._colour}_tint"))
        painter.drawRoundedRect(self.rect(), t.radius, t.radius)
        badge = QRectF(_PAD, (self.height() - _MARK) / 2, _MARK, _MARK)
        draw_badge(painter, badge, self._shape, self._icon, self._colour, self.devicePixelRatioF())
        painter.setFont(t.font("base", bold=True))
        painter.setPen(t.colour(self._colour))
        place = self.rect().adjusted(_PAD * 2 + _MARK, 0, -_PAD, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text)
        painter.end()


class Labelled(QWidget):
    """A field under its label, with room kept under it for what was understood or what is wrong."""

    def __init__(self, text: str, field: QWidget, parent: QWidget | None = None, *, note: bool = False) -> None:
        super().__init__(parent)
        self.field = field
        self.label = label(text, "label")
        self.label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(text)
        self.note = label("", "understood")
        self.note.setVisible(note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(field)
        column.addWidget(self.note)

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """Write under the field what was understood, or what is wrong; an empty text takes it away."""
        theme.set_role(self.note, "role", "error" if wrong else "understood")
        theme.set_role(self.field, "wrong", wrong)
        self.note.setText(text)
        self.note.setVisible(bool(text))


class EnterGoesOn(QObject):
    """Lets Enter go to the next field of a form, as Tab does; Enter never saves, for a scanner ends its reading with it."""

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self._form = form

    def watch(self, *fields: QWidget) -> None:
        """Watch fields; a combo box and a line are watched alike."""
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn Enter into Tab, and let an open list or a button keep it."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if isinstance(watched, QAbstractButton):
                    watched.click()
                elif isinstance(watched, QLineEdit | QComboBox):
                    go_on(watched)
                return True
        return super().eventFilter(watched, event)


def chain(stops: Sequence[QWidget]) -> None:
    """Have Tab go through these in order. Widgets made later would otherwise come last, wherever they stand."""
    # Qt moves a field and the line it stands for together, and leaves a loop when only the line is named.
    owners = [(o, s) for s in stops if (o := s.parentWidget()) is not None and o.focusProxy() is s]
    for owner, _line in owners:
        owner.setFocusProxy(None)  # type: ignore[arg-type]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)
    for owner, line in owners:
        owner.setFocusProxy(line)
