"""Finds the scale of this machine, then weighs something known with it: kilos or grams, nobody has to guess."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout

from epicerie_desktop.hardware.finding import Found, Match, compare, corrected, find_on
from epicerie_desktop.hardware.hid_scale import hid_scales
from epicerie_desktop.hardware.line_format import UNTOLD, VALUE_LINE
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading
from epicerie_desktop.hardware.scale import ports_found
from epicerie_desktop.hardware.sentences import reading_sentence
from epicerie_desktop.hardware.settings import USB_HID, ScaleSettings
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import WeightField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.scale_bridge import machine_with, scale_settings
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.scale_line import PROTOCOLS

_Search = Callable[[tuple[str, ...], threading.Event], tuple[Found, ...]]


def search(ports: tuple[str, ...], given_up: threading.Event) -> tuple[Found, ...]:
    """Return the scales found: USB ones by what they are, the others by listening to each port, then asking."""
    usb = tuple(Found(ScaleSettings(port, protocol=USB_HID), NOTHING_SAID) for port, _name in hid_scales())
    return usb or find_on(ports, given_up=given_up)


class ScaleAssistant(QDialog):
    """Search, weigh something known, use. The scale in use is let go of meanwhile, and taken again when the window closes.

    `chosen` is the settings of this machine with the scale found, None where none is to be used.
    """

    def __init__(self, screen: Screen, machine: MachineSettings, typed_port: str = "", find: _Search = search) -> None:
        super().__init__(screen)
        self._screen, self._machine, self._find = screen, machine, find
        self._typed_port = typed_port
        self._bridge = screen.context.scale
        self._given_up = threading.Event()
        self._reading: Reading | None = None
        self.found: Found | None = None
        self.chosen: MachineSettings | None = None
        title = _("Trouver la balance")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(720, 460)
        self.notice = Notice("info")
        self.figures = label("–", "figure", wrap=False)
        self.said = label("", "soft")
        self.known = WeightField()
        self.search_button = ActionButton(_("Chercher"), icon="search", kind="primary")
        self.check_button = ActionButton(_("Comparer"), icon="scale")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.use_button = ActionButton(_("Employer cette balance"), "F12", "check", "primary")
        self._lay_out(title)
        self.search_button.clicked.connect(self.start)
        self.check_button.clicked.connect(self.compare)
        self.known.submitted.connect(self.compare)
        self.close_button.clicked.connect(self.reject)
        self.use_button.clicked.connect(self._on_use)
        self.finished.connect(self._on_finished)
        self._bridge.reading_arrived.connect(self._on_reading)
        self._show_found()

    def _lay_out(self, title: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label(title, "title"))
        whole.addWidget(
            label(
                _(
                    "Allumez la balance, branchez-la, videz le plateau. Le programme écoute d'abord, puis ne fait que demander "
                    "le poids : il n'envoie rien qui la règle, la tare ou la fasse imprimer."
                ),
                "soft",
            )
        )
        whole.addLayout(row(self.search_button, None))
        whole.addWidget(self.notice)
        self.weigh_row = FormRow(
            _("Posez un objet dont vous savez le poids, et tapez-le"),
            self.known,
            _("Un paquet d'un kilo de sucre convient."),
        )
        whole.addWidget(self.figures)
        whole.addWidget(self.said)
        whole.addWidget(self.weigh_row)
        whole.addLayout(row(self.check_button, None))
        whole.addStretch(1)
        whole.addLayout(row(None, self.close_button, self.use_button))

    @Slot()
    def start(self) -> None:
        """Let go of the scale in use and look for one on every port."""
        self.search_button.setEnabled(False)
        self.found = None
        self._show_found()
        self.notice.tell("info", _("Recherche en cours : quelques secondes par port…"))
        bridge, find, typed, given_up = self._bridge, self._find, self._typed_port, self._given_up

        def work() -> tuple[Found, ...]:
            bridge.stop()
            ports = tuple(p.device for p in ports_found())
            return find((typed, *(p for p in ports if p != typed)) if typed else ports, given_up)

        self._screen.context.long.submit(self, work, self._on_found, self._screen.on_trouble)

    def _on_found(self, found: tuple[Found, ...]) -> None:
        self.search_button.setEnabled(True)
        self.found = found[0] if found else None
        if self.found is None:
            self.notice.tell(
                "warn",
                _(
                    "Aucune balance n'a répondu. Vérifiez le câble et qu'elle est allumée ; dans son menu, choisissez « Toledo 8217 » "
                    "ou « TISA ». Sans balance reconnue, les poids se tapent : c'est le même nombre de touches."
                ),
            )
            return
        settings = self.found.settings
        name = _(PROTOCOLS[settings.protocol]) if settings.protocol in PROTOCOLS else _("balance USB")
        self.notice.tell("success", _("Trouvée : {name}, sur {port}.").format(name=name, port=settings.port))
        self._listen(settings)

    def _listen(self, settings: ScaleSettings) -> None:
        self._reading = None
        self._bridge.start(machine_with(self._machine, settings))
        self._bridge.ask()
        self._show_found()
        self.known.setFocus()

    def _show_found(self) -> None:
        for widget in (self.figures, self.said, self.weigh_row, self.check_button):
            widget.setVisible(self.found is not None)
        self.use_button.setEnabled(self.found is not None)

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        if self.found is None:
            return
        self._reading = reading
        self.figures.setText(shown.kilos(reading.grams) if reading.grams is not None else "–")
        line = self.found.settings.line
        if self.found.settings.protocol == VALUE_LINE and line is not None and line.stability == UNTOLD:
            self.said.setText(
                _("Cette balance ne dit pas si le poids bouge : dites-le ensuite dans « Quand le poids bouge ».")
            )
        else:
            self.said.setText(reading_sentence(reading) or _("Le poids est stable."))

    @Slot()
    def compare(self) -> None:
        """Compare what the scale says with the weight that is known, and mend the unit where that is ours to mend."""
        known, reading, found = self.known.value, self._reading, self.found
        if found is None:
            return
        if self._bridge.on_demand:
            self._bridge.ask()
        if known is None or reading is None or not reading.grams:
            self.notice.tell("warn", _("Posez l'objet sur le plateau, et tapez son poids, par exemple 1."))
            return
        match = compare(known, reading, self._machine.scale_division_grams)
        mended = corrected(found.settings, match, reading.unit)
        if mended is not None:
            self.found = Found(mended, reading, found.streams)
        if match is Match.SAME:
            self.notice.tell("success", _("La balance dit le bon poids, dans la bonne unité."))
        elif mended is not None:
            self.notice.tell("success", _("L'unité était l'autre : elle est corrigée. Comparez encore une fois."))
            bridge = self._bridge
            self._screen.context.long.submit(
                self, bridge.stop, lambda _none: self._listen(mended), self._screen.on_trouble
            )
        elif match is Match.DIFFERENT:
            self.notice.tell(
                "warn",
                _("La balance dit {said} pour {known}. Retirez l'objet, vérifiez le zéro, puis reposez-le.").format(
                    said=shown.kilos(reading.grams), known=shown.kilos(known)
                ),
            )
        else:
            self.notice.tell(
                "warn", _("La balance compte dans une autre unité : mettez-la en kilogrammes dans son menu.")
            )

    @Slot()
    def _on_use(self) -> None:
        if self.found is not None:
            self.chosen = machine_with(self._machine, self.found.settings)
            self.accept()

    @Slot(int)
    def _on_finished(self, _result: int) -> None:
        self._given_up.set()
        machine, bridge, screen = self.chosen or self._machine, self._bridge, self._screen
        # The search that runs ends first: the port is free when the scale is taken again.
        screen.context.long.submit(screen, bridge.stop, lambda _none: _take_again(screen, machine), screen.on_trouble)


def _take_again(screen: Screen, machine: MachineSettings) -> None:
    if machine.scale != "serial" or machine.scale_port:
        scale_settings(machine)
        screen.context.scale.start(machine)
