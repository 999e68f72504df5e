"""The scale of this machine: which one, its port and plate, and what it says now."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFrame

from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.scale import ports_found
from epicerie_desktop.hardware.sentences import reading_sentence, state_sentence
from epicerie_desktop.hardware.settings import ScaleState
from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import WeightField
from epicerie_desktop.ui.common.layout import Card, FormRow, column, label, row
from epicerie_desktop.ui.scale_bridge import scale_settings
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.scale_assistant import ScaleAssistant
from epicerie_desktop.ui.settings.scale_line import ScaleLine

_KINDS = (
    ("none", N_("Pas de balance : les poids se tapent")),
    ("serial", N_("Balance branchée à l'ordinateur")),
    ("usb", N_("Balance USB sans port (HID)")),
    ("simulated", N_("Balance de démonstration")),
)
_BAG_GRAMS = 1_250


class ScaleCard(Card):
    """What is chosen here is saved with the rest; the live weight is that of the scale now in use."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Balance"))
        self._screen = screen
        self._bridge = screen.context.scale
        self.kind = QComboBox()
        for value, text in _KINDS:
            self.kind.addItem(_(text), value)
        self.port = QComboBox()
        self.port.setEditable(True)
        self.seek = ActionButton(_("Trouver la balance…"), icon="search")
        self.line = ScaleLine()
        self.fine = ActionButton(_("Réglages fins"), icon="settings", kind="quiet")
        self.capacity = WeightField(required=True)
        self.minimum = WeightField(required=True, unit="g")
        self.division = WeightField(required=True, unit="g")
        self.port_row = FormRow(_("Port"), self.port, _("Par exemple COM3 ou /dev/ttyUSB0"))
        self.capacity_row = FormRow(_("Portée (Max)"), self.capacity)
        self.minimum_row = FormRow(_("Minimum (Min)"), self.minimum)
        self.division_row = FormRow(_("Échelon (e)"), self.division)
        self.figures = label("–", "figure", wrap=False)
        self.said = label("", "soft")
        self.lay = ActionButton(_("Poser un sac"), icon="package", kind="quiet")
        self.clear = ActionButton(_("Vider le plateau"), icon="undo-2", kind="quiet")
        plate = row(self.capacity_row, self.minimum_row, self.division_row, spacing=12)
        self.face = QFrame()
        self.face.setLayout(
            column(
                label(_("Poids lu en ce moment"), "label"),
                self.figures,
                self.said,
                row(self.lay, self.clear, None),
                spacing=4,
            )
        )
        self.add(
            FormRow(_("Balance de ce poste"), self.kind), row(self.seek, self.fine, None), self.port_row, self.line, plate, self.face
        )  # fmt: skip
        self.line.fine.hide()
        self.seek.clicked.connect(self._on_find)
        self.fine.clicked.connect(self._on_fine)
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.lay.clicked.connect(self._on_bag_laid)
        self.clear.clicked.connect(self._on_plate_cleared)
        self._bridge.reading_arrived.connect(self._on_reading)
        self._bridge.state_changed.connect(self._on_state)

    def show_settings(self, machine: MachineSettings) -> None:
        """Show what is saved, and look for the ports of this machine."""
        self.kind.setCurrentIndex(max(0, self.kind.findData("simulated" if self._lent(machine) else machine.scale)))
        self.port.setEditText(machine.scale_port)
        self.capacity.set_value(machine.scale_capacity_grams)
        self.minimum.set_value(machine.scale_minimum_grams)
        self.division.set_value(machine.scale_division_grams)
        self.line.show_settings(machine)
        self._on_kind_changed()
        self.show_scale()
        self._screen.ask(lambda: tuple(p.device for p in ports_found()), self._show_ports, key="ports")

    def _lent(self, machine: MachineSettings) -> bool:
        """Return whether the demonstration lends its scale to a computer that has none."""
        return self._screen.desk.shop.demo and machine.scale == "none"

    def show_scale(self) -> None:
        """Show how the scale now in use is doing."""
        scale = self._bridge.scale
        self._on_state(scale.state if scale is not None else ScaleState.STOPPED)
        if scale is None:
            self.figures.setText("–")
        self.face.setVisible(scale is not None)
        for button in (self.lay, self.clear):
            button.setVisible(isinstance(scale, SimulatedScale))

    def _show_ports(self, devices: tuple[str, ...]) -> None:
        typed = self.port.currentText()
        self.port.clear()
        self.port.addItems(devices)
        self.port.setEditText(typed or (devices[0] if len(devices) == 1 else ""))

    def typed(self, machine: MachineSettings) -> MachineSettings | None:
        """Return `machine` with what is chosen here, None where a field is wrong (it says so). Raises `BadInput`."""
        wrong = [field for field in (self.capacity, self.minimum, self.division) if not field.check()]
        capacity, minimum, division = self.capacity.value, self.minimum.value, self.division.value
        if wrong or capacity is None or minimum is None or division is None:
            wrong[0].setFocus()
            return None
        kind = str(self.kind.currentData())
        if kind == "simulated" and self._lent(machine):
            kind = machine.scale  # the demonstration's own: this computer keeps none
        port = self.port.currentText().strip() if kind == "serial" else machine.scale_port
        found = replace(
            machine, scale=kind, scale_port=port, scale_capacity_grams=capacity, scale_minimum_grams=minimum,
            scale_division_grams=division,
        )  # fmt: skip
        try:
            if kind == "serial":
                found = self.line.typed(found)
            scale_settings(found)
        except BadInput:
            (self.division if port or kind != "serial" else self.port).setFocus(Qt.FocusReason.OtherFocusReason)
            raise
        return found

    @Slot()
    def _on_kind_changed(self) -> None:
        kind = self.kind.currentData()
        for each in (self.port_row, self.line, self.fine):
            each.setVisible(kind == "serial")
        self.seek.setVisible(kind in {"serial", "usb"})
        for each in (self.capacity_row, self.minimum_row, self.division_row):
            each.setVisible(kind != "none")

    @Slot()
    def _on_fine(self) -> None:
        self.line.fine.setVisible(self.line.fine.isHidden())

    @Slot()
    def _on_find(self) -> None:
        context = self._screen.context
        dialog = ScaleAssistant(self._screen, context.settings, self.port.currentText().strip())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_assisted(dialog.chosen))
        dialog.open()

    def _on_assisted(self, chosen: MachineSettings | None) -> None:
        """Keep the scale found, and show it; the rest of the screen is saved with F12 as ever."""
        if chosen is not None:
            context = self._screen.context
            context.settings = chosen
            context.save_settings(chosen)
            self.show_settings(chosen)

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        self.figures.setText(shown.kilos(reading.grams) if reading.grams is not None else "–")
        self.said.setText(reading_sentence(reading) or _("La balance est prête."))

    @Slot(object)
    def _on_state(self, state: ScaleState) -> None:
        self.said.setText(state_sentence(state))
        if state is not ScaleState.CONNECTED:
            self.figures.setText("–")

    @Slot()
    def _on_bag_laid(self) -> None:
        if isinstance(self._bridge.scale, SimulatedScale):
            self._bridge.scale.put(_BAG_GRAMS)

    @Slot()
    def _on_plate_cleared(self) -> None:
        if isinstance(self._bridge.scale, SimulatedScale):
            self._bridge.scale.remove()
