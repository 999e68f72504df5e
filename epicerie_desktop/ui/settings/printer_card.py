"""The ticket printer of this machine: where it is, how wide its paper, whether it cuts and opens the drawer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from epicerie_desktop.hardware.printer import parse_address
from epicerie_desktop.services.till import ticket_printing
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen

_DRAWERS = (
    ("off", N_("Ne pas l'ouvrir")),
    ("pin_2", N_("À l'encaissement (broche 2)")),
    ("pin_5", N_("À l'encaissement (broche 5)")),
)


class PrinterCard(Card):
    """What is chosen here is saved with the rest; the test prints with what is shown."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Imprimante de tickets"))
        self._screen = screen
        self.address = QLineEdit()
        self.columns = QComboBox()
        for n in ticket_printing.COLUMNS:
            self.columns.addItem(_("{n} signes").format(n=n), n)
        self.drawer = QComboBox()
        for value, words in _DRAWERS:
            self.drawer.addItem(_(words), value)
        self.cut = QCheckBox(_("Couper le papier"))
        self.barcode = QCheckBox(_("Code-barres du numéro"))
        self.barcode.setToolTip(
            _("Scanné à l'accueil, il retrouve le ticket. Imprimez un essai : certaines imprimantes ne le savent pas.")
        )
        self.test = ActionButton(_("Imprimer un essai"), icon="printer")
        self.notice = Notice("info")
        self.add(
            FormRow(
                _("Adresse"), self.address, _("Vide : tickets en PDF. Sinon 192.168.1.50, COM3@19200 ou /dev/usb/lp0")
            ),
            row(FormRow(_("Largeur du papier"), self.columns), FormRow(_("Tiroir"), self.drawer), spacing=12),
            row(self.cut, None, self.test),
            self.barcode,
            self.notice,
        )  # fmt: skip
        self.notice.hide()
        self.test.clicked.connect(self._on_test)

    def show_settings(self, machine: MachineSettings) -> None:
        """Show what is saved."""
        self.address.setText(machine.ticket_printer)
        self.columns.setCurrentIndex(max(0, self.columns.findData(machine.ticket_columns)))
        self.drawer.setCurrentIndex(max(0, self.drawer.findData(machine.ticket_drawer)))
        self.cut.setChecked(machine.ticket_cut)
        self.barcode.setChecked(machine.ticket_barcode)

    def typed(self, machine: MachineSettings) -> MachineSettings:
        """Return the settings with what is shown here. Raises `BadInput` for an address that is none."""
        address = self.address.text().strip()
        parse_address(address)
        return replace(
            machine, ticket_printer=address, ticket_columns=int(self.columns.currentData()), ticket_cut=self.cut.isChecked(),
            ticket_drawer=str(self.drawer.currentData()), ticket_barcode=self.barcode.isChecked(),
        )  # fmt: skip

    @Slot()
    def _on_test(self) -> None:
        try:
            machine = self.typed(self._screen.context.settings)
        except BadInput as error:
            self.notice.tell("warn", trouble.sentence(error))
            return
        desk = self._screen.desk
        self.test.setEnabled(False)
        self._screen.context.long.submit(
            self._screen, lambda: ticket_printing.print_test(desk, machine), self._on_printed, self._on_failed
        )

    def _on_printed(self, _none: None) -> None:
        self.test.setEnabled(True)
        self.notice.tell("success", _("L'essai est parti à l'imprimante : les accents et l'euro doivent s'y lire."))

    def _on_failed(self, error: Exception) -> None:
        self.test.setEnabled(True)
        if isinstance(error, BadInput | EnvironmentTrouble):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)
