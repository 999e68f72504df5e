"""Tries a scanner on two known codes and says what to set on it."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout

from epicerie_desktop.domain.gs1 import SEPARATOR
from epicerie_desktop.domain.scanner import Diagnosis, Finding, diagnose_article, diagnose_gs1
from epicerie_desktop.services.sheets import scanner_sheet_pdf
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.separator import SHOWN, take_separator
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen

_HUMAN_SECONDS = 0.15
"""A scanner sends Enter at once; a hand comes later."""
_ENDED_MS = 900
"""Without Enter, a scan is over when nothing came for so long."""
_ADVICE = {
    Finding.RIGHT: N_("Ce code est bien lu."),
    Finding.KEYBOARD: N_(
        "La douchette écrit comme sur un clavier américain (QWERTY) : réglez-la sur « clavier français (AZERTY) », "
        "avec le code de sa notice."
    ),
    Finding.CAPITALS: N_(
        "Les chiffres arrivent décalés : la touche Verr. Maj est enfoncée, ou la douchette l'inverse."
    ),
    Finding.NO_ENTER: N_("La douchette n'envoie pas Entrée : réglez son suffixe sur « Entrée » (CR)."),
    Finding.NO_IDENTIFIER: N_(
        "Elle n'annonce pas le genre de code : le programme s'en passe le plus souvent. S'il confond, réglez-la pour envoyer "
        "l'identifiant de symbologie (AIM)."
    ),
    Finding.NO_SEPARATOR: N_(
        "Elle n'envoie pas le séparateur FNC1 : le lot avalerait la date. Réglez « FNC1 = GS (ASCII 29) », ou passez-la en port série (USB-COM)."
    ),
    Finding.TYPED_SEPARATOR: N_("Elle écrit le séparateur à sa façon ; le programme la comprend."),
    Finding.PREFIX: N_("Elle ajoute des signes au code : retirez le préfixe ou le suffixe ajouté, hors Entrée."),
    Finding.CUT: N_(
        "Le code arrive coupé : retirez l'option qui ôte des chiffres, ou ralentissez l'envoi des touches."
    ),
    Finding.OTHER: N_("Ce n'est pas le code de la planche : scannez celui qui est demandé, seul."),
}


def advice(told: Diagnosis) -> str:
    """Return what to do, a sentence a finding; what is right is said only when it is all there is."""
    wrong = tuple(f for f in told.findings if f is not Finding.RIGHT)
    return " ".join(_(_ADVICE[f]) for f in wrong) or _(_ADVICE[Finding.RIGHT])


class ScannerDialog(QDialog):
    """Two codes, one after the other; nothing is kept."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._gs1 = False
        self._last_key = 0.0
        title = _("Essayer la douchette")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(700, 380)
        self.line = QLineEdit()
        self.line.installEventFilter(self)
        self.ask = label("", "section")
        self.notice = Notice("info")
        self.sheet = ActionButton(_("Voir la planche d'essai"), icon="printer")
        self.again = ActionButton(_("Recommencer"), icon="undo-2", kind="quiet")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self._ended = QTimer(self)
        self._ended.setSingleShot(True)
        self._ended.setInterval(_ENDED_MS)
        self._ended.timeout.connect(self._on_ended)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label(title, "title"))
        whole.addWidget(
            label(
                _("Imprimez la planche, puis scannez ses deux codes. Le programme dit quoi régler sur la douchette."),
                "soft",
            )
        )
        whole.addLayout(row(self.sheet, self.again, None))
        whole.addWidget(self.ask)
        whole.addWidget(FormRow(_("Ce que la douchette écrit"), self.line))
        whole.addWidget(self.notice)
        whole.addStretch(1)
        whole.addLayout(row(None, self.close_button))
        for each in (self.sheet, self.again, self.close_button):
            each.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        self.again.clicked.connect(self._on_again)
        self.sheet.clicked.connect(self._on_sheet)
        self._on_again()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the scanner: its separator, its Enter or Tab, and when each came."""
        if watched is not self.line or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            if self.line.text():
                self._judge(entered=time.monotonic() - self._last_key < _HUMAN_SECONDS)
            return True
        if not event.text():
            return False
        self._last_key = time.monotonic()
        self._ended.start()
        return take_separator(self.line, event)

    @Slot()
    def _on_ended(self) -> None:
        if self.line.text():
            self._judge(entered=False)

    def _judge(self, *, entered: bool) -> None:
        self._ended.stop()
        typed = self.line.text().replace(SHOWN, SEPARATOR)
        told = (diagnose_gs1 if self._gs1 else diagnose_article)(typed, entered=entered)
        self.line.selectAll()
        words = advice(told)
        if told.right and not self._gs1:
            self._gs1 = True
            self._ask()
            self.line.clear()
        elif told.right:
            words = " ".join((words, _("La douchette est bien réglée.")))
        self.notice.tell("success" if told.right else "warn", words)

    def _ask(self) -> None:
        self.ask.setText(
            _("2. Scannez l'étiquette de lot et de date.")
            if self._gs1
            else _("1. Scannez le code d'article de la planche.")
        )

    @Slot()
    def _on_again(self) -> None:
        self._gs1 = False
        self.notice.tell("info", "")
        self.line.clear()
        self._ask()
        self.line.setFocus()

    @Slot()
    def _on_sheet(self) -> None:
        look_at(self._screen, scanner_sheet_pdf, _("Planche d'essai de la douchette"), _("planche-douchette"))
        self.line.setFocus()
