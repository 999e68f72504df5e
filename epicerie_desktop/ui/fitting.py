"""Making things fit a small screen or a large text: a dialog that grows, two columns that stack, a line that wraps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from epicerie_desktop.ui.common.layout import FollowingArea


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
            # Placed at once: left to the next turn, one would see the fields squeezed for a moment.
            self._line.activate()
            self.updateGeometry()


class Wrapped(QWidget):
    """Widgets on one line where their width allows it, else on as many as it takes: a large text cuts no verb.

    `right` sets each line against the right, where the main action stands.
    """

    _GAP = 12

    def __init__(self, *widgets: QWidget, right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets, self._right = widgets, right
        for widget in widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _lines(self, width: int) -> list[list[QWidget]]:
        lines: list[list[QWidget]] = [[]]
        used = 0
        for widget in (w for w in self._widgets if not w.isHidden()):
            needed = widget.sizeHint().width()
            if lines[-1] and used + self._GAP + needed > width:
                lines.append([])
                used = 0
            used += needed + (self._GAP if lines[-1] else 0)
            lines[-1].append(widget)
        return lines

    def _height(self, line: list[QWidget]) -> int:
        return max((w.sizeHint().height() for w in line), default=0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrower place makes it higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of its lines in a width."""
        lines = self._lines(width)
        return sum(self._height(line) for line in lines) + self._GAP * (len(lines) - 1)

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        shown = [w for w in self._widgets if not w.isHidden()]
        return QSize(sum(w.sizeHint().width() for w in shown) + self._GAP * max(len(shown) - 1, 0), self._height(shown))

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest one."""
        return QSize(max((w.sizeHint().width() for w in self._widgets), default=0), self._height(list(self._widgets)))

    def event(self, event: QEvent) -> bool:
        """Place the widgets again when one of them says something else."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the widgets in the new width."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        top = 0
        for line in self._lines(self.width()):
            high = self._height(line)
            taken = sum(w.sizeHint().width() for w in line) + self._GAP * max(len(line) - 1, 0)
            left = max(0, self.width() - taken) if self._right else 0
            for widget in line:
                size = widget.sizeHint()
                widget.setGeometry(
                    left, top + (high - size.height()) // 2, min(size.width(), self.width()), size.height()
                )
                left += size.width() + self._GAP
            top += high + self._GAP


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
    area = FollowingArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
