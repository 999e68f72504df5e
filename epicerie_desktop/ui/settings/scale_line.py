"""The fine settings of a scale's line: speed, and how its lines of text are written. Seldom needed; the search fills them."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from epicerie_desktop.hardware.dialogues import SPOKEN
from epicerie_desktop.hardware.line_format import (
    ALWAYS,
    BLANK_UNIT,
    ENDS,
    HEADER_LINE,
    MARK,
    UNTOLD,
    VALUE_LINE,
)
from epicerie_desktop.hardware.settings import USUAL_LINE, USUAL_LINES
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, column, row

PROTOCOLS = {
    "toledo_8217": N_("Toledo 8217 (Mettler, Ariva…)"),
    "cas_dc1": N_("CAS, Samsung, ECR (ENQ/DC1)"),
    "tisa": N_("TISA (Dibal, Epelsa, Exa)"),
    "mt_sics": N_("MT-SICS (Mettler, Ohaus)"),
    "kern_kcp": N_("KERN KCP"),
    "nci_ecr": N_("NCI, Weigh-Tronix, ECR"),
    "sma": N_("SMA SCP-0499"),
    "gram_pc0": N_("Gram, Baxtran PC0"),
    "cas_22": N_("CAS 22 signes, en continu"),
    HEADER_LINE: N_("Ligne « ST,GS,… » (A&D, T-Scale, KERN…)"),
    VALUE_LINE: N_("Ligne « 1,250 kg » (Ohaus, Sartorius, Adam…)"),
}
_STABILITIES = (
    (UNTOLD, N_("Pas encore su : montré, jamais pris")),
    (MARK, N_("Un « ? » suit l'unité")),
    (BLANK_UNIT, N_("L'unité disparaît")),
    (ALWAYS, N_("Elle n'envoie que des poids stables")),
)
_UNITS = (("", N_("la balance l'écrit")), ("kg", N_("kilogrammes")), ("g", N_("grammes")))
_HELD = (("", N_("laisser")), ("on", N_("haut")), ("off", N_("bas")))
_LINE = re.compile(r"(\d{3,6})[ ,]+([78])([NEOMS])([12])", re.IGNORECASE)


class ScaleLine(QWidget):
    """Protocol and line of the scale of this machine."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol = _choice(tuple((code, _(PROTOCOLS[code])) for code in SPOKEN))
        self.line = FieldFrame()
        self.request = FieldFrame(message=False)
        self.end = _choice(tuple((name, name) for name in ENDS))
        self.stability = _choice(tuple((code, _(text)) for code, text in _STABILITIES))
        self.unit = _choice(tuple((code, _(text)) for code, text in _UNITS))
        self.dtr, self.rts = (_choice(tuple((code, _(text)) for code, text in _HELD)) for _n in range(2))
        self.on_demand = QCheckBox(_("N'interroger la balance qu'à chaque pesée (elle bipe, ou ne répond qu'une fois)"))
        self.text_rows = (
            FormRow(_("Demande de poids"), self.request, _("Vide : la balance envoie d'elle-même. Exemple : P\\r\\n")),
            FormRow(_("Quand le poids bouge"), self.stability),
            FormRow(_("Unité absente"), self.unit),
            FormRow(_("Fin de ligne"), self.end),
            self.on_demand,
        )
        self.fine = QWidget()
        asked, moves, unit, end, demand = self.text_rows
        self.fine.setLayout(
            column(
                row(FormRow(_("Ligne"), self.line, _("9600 7E1 ou 9600 8N1")), FormRow("DTR", self.dtr), FormRow("RTS", self.rts)),
                asked, row(moves, unit, end), demand, spacing=8,
            )
        )  # fmt: skip
        self.setLayout(column(FormRow(_("Protocole"), self.protocol), self.fine, spacing=8))
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.fine.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.protocol.activated.connect(self._on_chosen)
        self.protocol.currentIndexChanged.connect(self._on_shown)

    def show_settings(self, machine: MachineSettings) -> None:
        """Show what is saved, or what was found."""
        for choice, value in (
            (self.protocol, machine.scale_protocol), (self.end, machine.scale_line_end), (self.dtr, machine.scale_dtr),
            (self.stability, machine.scale_stability), (self.unit, machine.scale_unit_absent), (self.rts, machine.scale_rts),
        ):  # fmt: skip
            choice.setCurrentIndex(max(0, choice.findData(value)))
        self.line.line.setText(
            f"{machine.scale_baud} {machine.scale_bits}{machine.scale_parity}{machine.scale_stop_bits}"
        )
        self.request.line.setText(machine.scale_request)
        self.on_demand.setChecked(machine.scale_on_demand)
        self._on_shown()
        if machine.scale == "serial" and (machine.scale_protocol, machine.scale_stability) == (VALUE_LINE, UNTOLD):
            # Nothing is taken from this scale until somebody says how it shows a weight that moves.
            self.fine.show()

    def typed(self, machine: MachineSettings) -> MachineSettings:
        """Return `machine` with what is chosen here. Raises `BadInput` for a line that cannot be read.

        The unit confirmed against a known weight is forgotten where the way to read the scale changes.
        """
        found = _LINE.fullmatch(self.line.text.strip())
        if found is None:
            raise BadInput(
                N_("« {typed} » n'est pas un réglage de ligne : écrivez par exemple 9600 8N1."), typed=self.line.text
            )
        made = replace(
            machine, scale_protocol=str(self.protocol.currentData()), scale_baud=int(found[1]), scale_bits=int(found[2]),
            scale_parity=found[3].upper(), scale_stop_bits=int(found[4]), scale_dtr=str(self.dtr.currentData()),
            scale_rts=str(self.rts.currentData()), scale_request=self.request.text.strip(),
            scale_line_end=str(self.end.currentData()), scale_unit_absent=str(self.unit.currentData()),
            scale_stability=str(self.stability.currentData()), scale_on_demand=self.on_demand.isChecked(),
        )  # fmt: skip
        same = (made.scale_protocol, made.scale_unit_absent) == (machine.scale_protocol, machine.scale_unit_absent)
        return made if same else replace(made, scale_unit="")

    def _on_chosen(self) -> None:
        """Set the line that the maker gives for the protocol just chosen."""
        baud, bits, parity = USUAL_LINES.get(str(self.protocol.currentData()), USUAL_LINE)
        self.line.line.setText(f"{baud} {bits}{parity}1")

    def _on_shown(self) -> None:
        protocol = self.protocol.currentData()
        for each in self.text_rows:
            each.setVisible(protocol in {HEADER_LINE, VALUE_LINE})
        for each in self.text_rows[1:3]:
            each.setVisible(protocol == VALUE_LINE)


def _choice(items: tuple[tuple[str, str], ...]) -> QComboBox:
    made = QComboBox()
    for value, text in items:
        made.addItem(text, value)
    return made
