"""A field a cold unit: the temperature typed, and what was done where it is out of its limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.safety import ColdAction, parse_tenths
from epicerie_desktop.services.safety.cold_chain import ReadingForm, UnitRow, degrees, range_words
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.stock.parts import EnterMoves


class UnitField(QWidget):
    """One unit: its name and limits, the temperature, then what was done when it is needed."""

    done = Signal()

    def __init__(self, unit: UnitRow) -> None:
        super().__init__()
        self.unit = unit
        self.typed: ValueField[int] = ValueField(parse_tenths, shown.tenths, say=self._said, suffix="°C", message=False)
        self.action, self.note = QComboBox(), FieldFrame(message=False)
        self.action.addItem(_("Qu'avez-vous fait ?"), None)
        for action in ColdAction:
            self.action.addItem(called(action), action)
        name = _("Température de « {unit} »").format(unit=unit.form.name)
        self.typed.setAccessibleName(name)
        self.action.setAccessibleName(_("Ce qui a été fait"))
        self.note.setAccessibleName(_("Précision"))
        self.note.line.setPlaceholderText(_("précision, au besoin"))
        self.typed.setFixedWidth(340)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.addWidget(label(unit.form.name, "strong"), 0, 0)
        grid.addWidget(label(self._hint(), "small"), 1, 0)
        grid.addWidget(self.typed, 0, 1, 2, 1)
        # On a line of their own: in the column of the names, they pushed the temperature and its message out of the window.
        done = QHBoxLayout()
        done.setSpacing(12)
        done.addWidget(self.action)
        done.addWidget(self.note, 1)
        grid.addLayout(done, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.typed.changed.connect(self._on_changed)
        self._moves = EnterMoves(self)
        self._moves.chain(self.typed.line, self._on_typed)
        self._moves.chain(self.action, self._on_action)
        self._moves.chain(self.note.line, self._on_note)
        self._on_changed()

    def _hint(self) -> str:
        told = range_words(self.unit.limits)
        last = self.unit.last
        if last is not None:
            told += " · " + _("dernier relevé {degrees}, le {day}").format(
                degrees=degrees(last.tenths), day=f"{last.day:%d/%m}"
            )
        return told

    def _said(self, tenths: int) -> str:
        return _("conforme") if self.unit.limits.holds(tenths) else _("hors limites : dites ce que vous faites")

    @property
    def out(self) -> bool:
        """Return whether what is typed is out of the limits."""
        return self.typed.value is not None and not self.unit.limits.holds(self.typed.value)

    @property
    def chosen(self) -> ColdAction | None:
        """Return what was done, None while nothing is chosen."""
        # Qt gives back a plain text in the place of the code.
        data = self.action.currentData()
        return None if data is None else ColdAction(data)

    @property
    def form(self) -> ReadingForm | None:
        """Return what is typed, None where nothing is."""
        if self.typed.value is None:
            return None
        action = self.chosen if self.out else None
        return ReadingForm(self.unit.form.id or 0, self.typed.value, action, self.note.text if self.out else "")

    def check(self) -> bool:
        """Show what is missing and go there; return whether all is said. An empty field is no mistake."""
        if self.typed.text and not self.typed.check():
            self.typed.setFocus()
            return False
        if self.out and self.chosen is None:
            self.typed.show_error(_("Hors limites : choisissez ce qui a été fait."))
            self.action.setFocus()
            return False
        if self.out and self.chosen is ColdAction.OTHER and not self.note.text:
            self.note.setFocus()
            return False
        return True

    @Slot()
    def _on_changed(self) -> None:
        for widget in (self.action, self.note):
            widget.setVisible(self.out)

    def _on_typed(self) -> None:
        if self.typed.text and not self.typed.check():
            return
        if self.out:
            self.action.setFocus()
        else:
            self.done.emit()

    def _on_action(self) -> None:
        if self.chosen is ColdAction.OTHER:
            self.note.setFocus()
        elif self.chosen is not None:
            self.done.emit()

    def _on_note(self) -> None:
        if self.check():
            self.done.emit()


class ReadingFields(QWidget):
    """The units one under the other; Enter goes from one to the next, then `done`."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[UnitField] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(8)

    def show_units(self, units: Sequence[UnitRow]) -> None:
        """Show these units; what was typed before is forgotten."""
        for old in self.fields:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.fields = [UnitField(u) for u in units]
        for i, field in enumerate(self.fields):
            self._grid.addWidget(field, i, 0)
            field.done.connect(self._after(i))

    def _after(self, i: int) -> Callable[[], None]:
        def move() -> None:
            if i + 1 < len(self.fields):
                self.fields[i + 1].typed.setFocus()
            else:
                self.done.emit()

        return move

    def check(self) -> bool:
        """Show the first thing that is missing; return whether all is said."""
        return all(f.check() for f in self.fields)

    @property
    def forms(self) -> tuple[ReadingForm, ...]:
        """Return what was typed."""
        return tuple(form for f in self.fields if (form := f.form) is not None)
