"""« Froid »: the units with their limits and last reading, the readings of today, the register to print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QStackedWidget, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.safety import UnitKind, range_of
from epicerie_desktop.services.safety import cold_chain
from epicerie_desktop.services.safety.cold_chain import UnitForm, UnitRow, degrees, range_words
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import GAP, MARGIN, FormRow, column, label, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import grow, scrolled
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.safety.reading_fields import ReadingFields
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_LEAST_BOXES = 4
"""How many of the boxes are in sight on the lowest screen."""


class ColdPage(GesturePage):
    """The units, those to read first told at the top."""

    tables: ClassVar[frozenset[str]] = frozenset({"cold_unit", "cold_reading"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.units: tuple[UnitRow, ...] = ()
        self.told = Notice("info")
        self.summary = label("", "strong")
        self.read_button = ActionButton(_("Relever les températures"), "F5", "clipboard-list", "primary")
        self.month = QComboBox()
        self.month.setAccessibleName(_("Mois du registre"))
        self.print_button = ActionButton(_("Registre"), "F9", "printer")
        self.new_button = ActionButton(_("Ajouter un appareil"), "F10", "plus")
        today = self.desk.clock.today()
        self.table: RowsTable[UnitRow] = RowsTable(
            (
                Column(_("Appareil"), lambda u: u.form.name, bold=True, stretch=True),
                Column(_("Genre"), lambda u: called(u.form.kind)),
                Column(_("Limite"), lambda u: range_words(u.limits)),
                Column(_("Dernier relevé"), lambda u: _last(u, today), tone=lambda u: _tone(u, today)),
                Column(_("Ce qui a été fait"), lambda u: called(u.last.action) if u.last and u.last.action else "", stretch=True),
            ),
            lambda u: u.form.id or 0, name=_("Appareils froids"), sortable=False,
        )  # fmt: skip
        first = ActionButton(_("Ajouter un appareil"), icon="plus", kind="primary")
        first.clicked.connect(self.open_new)
        self.empty = EmptyState(
            "clipboard-list", _("Aucun appareil froid."), _("Ajoutez vos réfrigérateurs et congélateurs : chacun a sa limite."), first
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        foot = row(self.new_button, None, self.month, self.print_button, self.read_button)
        whole = column(self.summary, self.told, self._stack, foot, spacing=12)
        whole.setStretchFactor(self._stack, 1)
        self.setLayout(whole)
        for i in range(24):
            month = _month(today, i)
            self.month.addItem(shown.month(f"{month:%Y-%m}"), month)
        self.read_button.clicked.connect(self.open_readings)
        self.print_button.clicked.connect(self.print_register)
        self.new_button.clicked.connect(self.open_new)
        self.table.opened.connect(self._on_opened)

    def first_field(self) -> QWidget | None:
        """Return the list, or the button that adds a unit."""
        return self.table if self.units else self.empty.findChild(ActionButton)

    def refresh(self) -> None:
        """Read the units again."""
        self.ask(partial(cold_chain.units, self.desk), self._on_units, key="cold")

    def _on_units(self, units: tuple[UnitRow, ...]) -> None:
        self.units = units
        self.table.set_rows(units)
        self.table.size_columns()
        self._stack.setCurrentIndex(1 if units else 0)
        today = self.desk.clock.today()
        left = sum(1 for u in units if not u.read_on(today))
        self.summary.setText(
            _("À relever aujourd'hui : {left} sur {all}.").format(left=left, all=len(units))
            if left
            else _("Tous les appareils sont relevés aujourd'hui.")
        )
        self.summary.setVisible(bool(units))
        for widget in (self.read_button, self.print_button, self.month):
            widget.setEnabled(bool(units))

    @Slot()
    def open_readings(self) -> None:
        """Ask the temperatures, unit after unit."""
        if self.units:
            self.open_dialog(ReadingsDialog(self, self.units))

    @Slot()
    def open_new(self) -> None:
        """Add a unit."""
        self.open_dialog(UnitDialog(self))

    @Slot(object)
    def _on_opened(self, unit: UnitRow) -> None:
        self.open_dialog(UnitDialog(self, unit.form))

    @Slot()
    def print_register(self) -> None:
        """Show the register of the month chosen."""
        first = self.month.currentData()
        last = min(_next_month(first) - timedelta(days=1), self.desk.clock.today())
        desk = self.desk
        look_at(
            self.owner, lambda: cold_chain.register_pdf(desk, first, last), _("Relevé des températures"),
            _("temperatures-{month}").format(month=f"{first:%Y-%m}"),
        )  # fmt: skip


class ReadingsDialog(WritingDialog):
    """The temperatures of now; a unit left empty is not read."""

    def __init__(self, page: GesturePage, units: tuple[UnitRow, ...]) -> None:
        super().__init__(page, _("Relever les températures"), _("Entrée passe au suivant."), _("Enregistrer"))
        self.readings = ReadingFields()
        self.readings.show_units(units)
        self.readings.done.connect(self.yes_button.setFocus)
        self.body.addWidget(self.readings)
        self.body.addWidget(self.notice)
        self.readings.fields[0].typed.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed."""
        if not self.readings.check():
            return None
        if not self.readings.forms:
            self.notice.tell("warn", _("Tapez au moins une température."))
            self.readings.fields[0].typed.setFocus()
            return None
        return partial(cold_chain.record_readings, self.page.desk, self.readings.forms)


class UnitDialog(WritingDialog):
    """A unit: its name, its kind, what it holds, from which its limit comes."""

    def __init__(self, page: GesturePage, known: UnitForm | None = None) -> None:
        super().__init__(page, _("L'appareil") if known else _("Nouvel appareil"), "", _("Enregistrer"))
        self.known, self._limits = known, cold_chain.limits_today(page.desk)
        self.name, self.kind, self.active = FieldFrame(message=False), QComboBox(), QCheckBox(_("En service"))
        self.name.line.setPlaceholderText(_("par exemple : frigo du fond"))
        for kind in UnitKind:
            self.kind.addItem(called(kind), kind)
        self.holds = {code: QCheckBox(f"{n.name}  ({range_words(range_of([code], self._limits))})") for code, n in self._limits.items()}  # fmt: skip
        self.limit = label("", "strong")
        self.body.addLayout(row(FormRow(_("Nom"), self.name), FormRow(_("Genre"), self.kind), spacing=12))
        self.body.addWidget(label(_("Ce qu'il garde"), "label"))
        boxes = scrolled(*self.holds.values(), spacing=0)
        boxes.setMinimumHeight(_LEAST_BOXES * next(iter(self.holds.values())).sizeHint().height())
        widest = max(box.sizeHint().width() for box in self.holds.values()) + 2 * GAP
        self.setMaximumWidth(max(self.maximumWidth(), widest + 2 * MARGIN))
        boxes.setMinimumWidth(widest)
        self.body.addWidget(boxes, 1)
        for box in self.holds.values():
            box.toggled.connect(self._show_limit)
        self.body.addWidget(self.limit)
        self.body.addWidget(self.active)
        self.body.addWidget(self.notice)
        self.active.setChecked(known is None or known.active)
        self.active.setVisible(known is not None)
        if known is not None:
            self.name.line.setText(known.name)
            self.kind.setCurrentIndex(max(0, self.kind.findData(known.kind)))
            for code in known.contents:
                if code in self.holds:
                    self.holds[code].setChecked(True)
        self._show_limit()
        tab_order(self.name.line, self.kind, *self.holds.values(), self.active, self.no_button, self.yes_button)
        self.name.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that all it holds asks for, or all the screen has: the boxes scroll then."""
        super().showEvent(event)
        grow(self)

    @property
    def contents(self) -> tuple[str, ...]:
        """Return the codes ticked."""
        return tuple(code for code, box in self.holds.items() if box.isChecked())

    @Slot()
    def _show_limit(self) -> None:
        told = range_words(range_of(self.contents, self._limits))
        self.limit.setText(_("Sa limite : {limit}").format(limit=told) if self.contents else _("Cochez ce qu'il garde : sa limite en vient."))  # fmt: skip

    def service(self) -> Callable[[], object] | None:
        """Return the writing of the unit."""
        form = UnitForm(
            self.name.text, UnitKind(self.kind.currentData()), self.contents, self.active.isChecked(),
            self.known.id if self.known else None, self.known.version if self.known else None,
        )  # fmt: skip
        return partial(cold_chain.save_unit, self.page.desk, form)


def _last(u: UnitRow, today: date) -> str:
    if u.last is None:
        return _("jamais relevé")
    when = shown.hour(u.last.at) if u.last.day == today else f"{u.last.day:%d/%m}"
    return _("{degrees}, {when}").format(degrees=degrees(u.last.tenths), when=when)


def _tone(u: UnitRow, today: date) -> str | None:
    if u.last is not None and not u.last.right:
        return "no"
    return None if u.read_on(today) else "ask"


def _month(today: date, back: int) -> date:
    month = today.year * 12 + today.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
