"""The pieces a screen is laid out with: header, card, form row, section, figure. Knows no data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.text import WrapLabel

MARGIN, GAP, SMALL_GAP = 24, 16, 12


def label(text: str, role: str = "", *, wrap: bool = True, selectable: bool = False) -> QLabel:
    """Return plain text in a role of the type scale (`title`, `section`, `figure`, `soft`, `small`, `strong` …)."""
    made = WrapLabel(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def page(widget: QWidget) -> QVBoxLayout:
    """Return the column of a screen, with its margins."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(MARGIN, MARGIN - 4, MARGIN, MARGIN - 4)
    column.setSpacing(GAP)
    return column


def row(*widgets: QWidget | QLayout | None, spacing: int = SMALL_GAP) -> QHBoxLayout:
    """Return widgets side by side; None is a stretch. Form rows share the width and keep their labels on one line."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for item in widgets:
        if item is None:
            made.addStretch(1)
        elif isinstance(item, QLayout):
            made.addLayout(item)
        elif isinstance(item, FormRow):
            made.addWidget(item, 1, Qt.AlignmentFlag.AlignTop)
        else:
            made.addWidget(item)
    return made


def column(*widgets: QWidget | QLayout | None, spacing: int = SMALL_GAP) -> QVBoxLayout:
    """Return widgets one under the other; None is a stretch."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for item in widgets:
        if item is None:
            made.addStretch(1)
        elif isinstance(item, QLayout):
            made.addLayout(item)
        else:
            made.addWidget(item)
    return made


class FollowingArea(QScrollArea):
    """A scroll area that brings into sight whatever inside it takes the keyboard; Qt does so for Tab alone."""

    def __init__(self) -> None:
        super().__init__()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self.horizontalScrollBar().valueChanged.connect(self._on_sideways)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        inside = self.widget()
        if now is not None and inside is not None and inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 48)
            self.horizontalScrollBar().setValue(0)

    @Slot(int)
    def _on_sideways(self, _value: int) -> None:
        # Qt brings a field reached by Tab into sight with a margin, and would cut the first letters of a column too wide.
        if self.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            self.horizontalScrollBar().setValue(0)

    def to_top(self) -> None:
        """Show the beginning again: another subject, or a form emptied."""
        self.verticalScrollBar().setValue(0)


def scrolled(content: QWidget) -> FollowingArea:
    """Return a scroll area around a long form: nothing is cut at a large text size or on a small screen."""
    area = FollowingArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def rule() -> QFrame:
    """Return a thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


class PageHeader(QWidget):
    """Where one is: the title, a quiet line beneath, and the actions of the screen on the right."""

    def __init__(
        self, title: str, subtitle: str = "", actions: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = label(title, "title")
        self._subtitle = label(subtitle, "soft")
        if not subtitle:
            # Without a parent yet, showing it would open a window of its own, and take the keyboard away.
            self._subtitle.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SMALL_GAP)
        words = column(self._title, self._subtitle, spacing=0)
        line.addLayout(words, 1)
        for action in actions:
            line.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, title: str, subtitle: str = "") -> None:
        """Change the title and the line beneath."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))


class Card(QFrame):
    """A white sheet on the page, with a title or none; put things in `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(GAP, GAP, GAP, GAP)
        self.body.setSpacing(12)
        if title:
            self.body.addWidget(label(title, "section"))
            self.setAccessibleName(title)

    def add(self, *items: QWidget | QLayout) -> Card:
        """Add widgets or layouts beneath; returns the card."""
        for item in items:
            if isinstance(item, QLayout):
                self.body.addLayout(item)
            else:
                self.body.addWidget(item)
        return self


class FormRow(QWidget):
    """A label above its field; the label names the field for a screen reader and Alt+letter is never needed."""

    def __init__(self, text: str, field: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label(text, "label")
        self.field = field
        self.label.setBuddy(field)
        field.setAccessibleName(text)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self.label)
        lines.addWidget(field)
        if hint and isinstance(field, FieldFrame):
            field.set_hint(hint)
        elif hint:
            lines.addWidget(label(hint, "small"))
            field.setAccessibleDescription(hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class SectionTitle(QWidget):
    """The title of a part of a screen, with what acts on it at the right."""

    def __init__(self, text: str, actions: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label(text, "section")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SMALL_GAP)
        line.addWidget(self._label, 1)
        for action in actions:
            line.addWidget(action)

    def set_text(self, text: str) -> None:
        """Change the title."""
        self._label.setText(text)


class StatTile(QFrame):
    """One big figure: what it is above, the figure, and a note beneath; `tone` names a token's colour or none."""

    def __init__(
        self, title: str, value: str = "", note: str = "", *, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = label(title, "label")
        self._value = label(value, "display" if large else "figure", wrap=False)
        self._note = label(note, "small")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(GAP, 12, GAP, 12)
        lines.setSpacing(2)
        lines.addWidget(self._title)
        lines.addWidget(self._value)
        lines.addWidget(self._note)
        lines.addStretch(1)
        self.set_value(value, note)

    def set_value(self, value: str, note: str = "", tone: str = "") -> None:
        """Show another figure and note; `tone` is `ok`, `ask`, `no` or nothing."""
        self._value.setText(value)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        theme.set_role(self._value, "tone", tone)
        self.setAccessibleName(f"{self._title.text()} {value}")
        self.setAccessibleDescription(note)
