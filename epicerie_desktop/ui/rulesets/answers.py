"""How one question of the règlement's form is answered: a line, a choice, boxes to tick. What is typed is kept as typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.draft import typed, written
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind
from epicerie_desktop.domain.eligibility.form_words import named
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import label

_SHORT = 170
"""The width of a figure or a day."""


class Line(FieldFrame):
    """A line whose text is judged by the règlement as a whole, not by the field. `left`: the keyboard went elsewhere."""

    left = Signal()

    def __init__(self, *, short: bool = False, suffix: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, message=False, suffix=suffix)
        if short:
            self.line.setFixedWidth(_SHORT)
            inner = self.layout()
            assert inner is not None
            top = inner.itemAt(0)
            assert top is not None
            line = top.layout()
            assert line is not None
            line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.submitted.connect(self._on_submitted)

    def check(self) -> bool:
        """Tell that the field was left; nothing typed is refused here."""
        self.left.emit()
        return True

    def show_value(self, value: Any) -> None:
        """Write a value of the document as a person types it."""
        self.line.setText(written(value))

    @Slot()
    def _on_submitted(self) -> None:
        go_on(self.line)


class AnswerEditor(QWidget):
    """A question under its label, and beneath what is wrong with the answer. `changed` follows the hand."""

    changed = Signal()
    left = Signal()

    def __init__(self, field: Field, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.unit = unit
        self.caption = label(_(field.label), "label")
        self._note = label("", "small")
        self._wrong = ""
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._lines.addWidget(self.caption)
        self._build()
        self._lines.addWidget(self._note)
        self._tell()
        for stop in self.stops:
            if not stop.accessibleName():
                stop.setAccessibleName(_(field.label))
            stop.setAccessibleDescription(_(field.help) if field.help else "")

    def _build(self) -> None:
        raise NotImplementedError

    def _put(self, widget: QWidget) -> None:
        self._lines.addWidget(widget)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the answer for the document, None where there is none."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show an answer of the document."""
        raise NotImplementedError

    @property
    def error(self) -> str:
        """Return what is said to be wrong, empty where nothing is."""
        return self._wrong

    def show_error(self, sentence: str) -> None:
        """Say beneath what is wrong; an empty sentence brings the help back."""
        if sentence != self._wrong:
            self._wrong = sentence
            self._tell()

    def _tell(self) -> None:
        words = self._wrong or (_(self.field.help) if self.field.help else "")
        theme.set_role(self._note, "role", "error" if self._wrong else "small")
        self._note.setText(words)
        self._note.setVisible(bool(words))
        for stop in self.stops:
            theme.set_role(stop, "wrong", bool(self._wrong))

    def take_focus(self) -> None:
        """Give the keyboard to the answer."""
        self.stops[0].setFocus(Qt.FocusReason.OtherFocusReason)


class LineAnswer(AnswerEditor):
    """A text, a code, a day, a figure, or a list with commas."""

    def _build(self) -> None:
        short = self.field.kind in (Kind.DAY, Kind.NUMBER, Kind.WHOLE)
        self.box = Line(short=short, suffix=self.unit)
        if self.field.kind is Kind.DAY:
            self.box.line.setPlaceholderText(_("jour/mois/année"))
        if self.field.kind in (Kind.NUMBER, Kind.WHOLE):
            self.box.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.box.changed.connect(self.changed)
        self.box.left.connect(self.left)
        self._put(self.box)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the line."""
        return (self.box.line,)

    def value(self) -> Any:
        """Return what is typed, as the value it means or as it stands."""
        return typed(self.field.kind, self.box.text) if self.box.text else None

    def show_value(self, value: Any) -> None:
        """Write the value as it is typed."""
        self.box.show_value(value)


class YesAnswer(AnswerEditor):
    """A box to tick; the question is written beside it."""

    def _build(self) -> None:
        self.caption.hide()
        self.box = QCheckBox(_(self.field.label))
        self.box.setChecked(self.field.default)
        self.box.toggled.connect(self.changed)
        self._put(self.box)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the box."""
        return (self.box,)

    def value(self) -> Any:
        """Return yes or no."""
        return self.box.isChecked()

    def show_value(self, value: Any) -> None:
        """Tick the box, or not."""
        self.box.setChecked(self.field.default if value is None else value is True)


class ChoiceAnswer(AnswerEditor):
    """One of several, or none where the format allows none. `codes` are the rows a reference may name."""

    def __init__(self, field: Field, codes: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        self._codes = tuple(codes) or tuple((str(c), _(named(c))) for c in field.choices)
        super().__init__(field, "", parent)

    def _build(self) -> None:
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        if not self.field.required:
            self.box.addItem(_("(non précisé)"), None)
        for code, words in self._codes:
            self.box.addItem(words[:1].upper() + words[1:], code)
        self.box.currentIndexChanged.connect(self.changed)
        self._put(self.box)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the list."""
        return (self.box,)

    def value(self) -> Any:
        """Return the code chosen."""
        return self.box.currentData()

    def show_value(self, value: Any) -> None:
        """Choose a code; one that no row has is added, to be seen and mended."""
        at = self.box.findData(None if value is None else str(value))
        if at < 0 and value is not None:
            self.box.addItem(str(value), str(value))
            at = self.box.count() - 1
        self.box.setCurrentIndex(max(0, at))


class BoxesAnswer(AnswerEditor):
    """Several of many, kept in the order they are ticked. `codes` are the rows that may be named; then « toutes » means no choice."""

    def __init__(self, field: Field, codes: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        self._codes = tuple(codes) if field.ref else tuple((str(c), _(named(c))) for c in field.choices)
        self._order: list[str] = []
        super().__init__(field, "", parent)

    def _build(self) -> None:
        self.every = QCheckBox(_("Toutes")) if self.field.key in ("resources", "charges") else None
        self.boxes = {code: QCheckBox(words) for code, words in self._codes}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for n, box in enumerate(([self.every] if self.every else []) + list(self.boxes.values())):
            grid.addWidget(box, n // 2, n % 2)
        for code, box in self.boxes.items():
            box.toggled.connect(lambda on, code=code: self._on_toggled(code, on))
        if self.every is not None:
            self.every.setChecked(True)
            self.every.toggled.connect(self._on_every)
        self._put(inside)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the boxes."""
        return (*((self.every,) if self.every is not None else ()), *self.boxes.values())

    def value(self) -> Any:
        """Return the codes ticked; None for all of them, or for none where that says nothing."""
        if self.every is not None:
            return None if self.every.isChecked() else list(self._order)
        return list(self._order) or None

    def show_value(self, value: Any) -> None:
        """Tick the codes of an answer."""
        self._order = [str(v) for v in value] if isinstance(value, list) else []
        for code, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(code in self._order)
            box.blockSignals(False)
        if self.every is not None:
            self.every.blockSignals(True)
            self.every.setChecked(value is None)
            self.every.blockSignals(False)

    def _on_toggled(self, code: str, on: bool) -> None:
        self._order = [c for c in self._order if c != code] + ([code] if on else [])
        if on and self.every is not None and self.every.isChecked():
            self.every.blockSignals(True)
            self.every.setChecked(False)
            self.every.blockSignals(False)
        self.changed.emit()

    @Slot(bool)
    def _on_every(self, on: bool) -> None:
        if on:
            self.show_value(None)
        self.changed.emit()
