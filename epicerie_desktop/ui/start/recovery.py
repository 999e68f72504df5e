"""The recovery code shown once: printed or copied out, then proven by its last group."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from epicerie_desktop.services import sheets
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.exchange.fingerprint import FingerprintView
from epicerie_desktop.ui.pdf_view import PdfView


class RecoveryPage(QWidget):
    """Shows a code, prints its sheet, and asks for its last group."""

    def __init__(self, worker: Background, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker, self._today = worker, today
        self._name = self.code = ""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        lines.addWidget(label(_("Votre code de secours"), "title"))
        lines.addWidget(
            label(_("Si la phrase de passe est perdue, ce code seul ouvre les données. Il n'est montré qu'une fois : imprimez-le ou "
                    "recopiez-le, puis mettez la feuille sous enveloppe fermée, hors d'ici."))
        )  # fmt: skip
        self._place = QVBoxLayout()
        lines.addLayout(self._place)
        self.print = ActionButton(_("Imprimer la feuille"), "Ctrl+P", "printer")
        self.print.clicked.connect(self._on_print_clicked)
        lines.addLayout(row(self.print, None))
        self.last = FieldFrame(message=True)
        self.last.line.setMaxLength(8)
        lines.addWidget(FormRow(_("Pour vérifier, tapez le dernier groupe de quatre signes"), self.last))
        lines.addStretch(1)

    def show_code(self, name: str, code: str) -> None:
        """Show the code of the shop `name`, the keyboard on its proof."""
        self._name, self.code = name, code
        self._place.addWidget(FingerprintView(code.replace("-", " "), _("Code de secours")))
        self.last.setFocus()

    def proven(self) -> bool:
        """Return whether the last group typed is the one of the code; tell it beside the field when it is not."""
        plain = self.last.text.upper().translate(str.maketrans("ILOU", "110V", " -"))
        if plain == self.code.split("-")[-1]:
            return True
        self.last.show_error(_("Ce n'est pas le dernier groupe : relisez votre feuille."))
        self.last.setFocus()
        return False

    @Slot()
    def _on_print_clicked(self) -> None:
        name, code, today = self._name, self.code, self._today
        if code:
            self._worker.submit(self, lambda: sheets.recovery_pdf(name, code, today), self._show_sheet, self._failed)

    def _show_sheet(self, content: bytes) -> None:
        accepted(PdfView(self, self._worker, content, _("Code de secours"), _("code-de-secours")))

    def _failed(self, error: Exception) -> None:
        trouble.show(self, error)


class RecoveryDialog(QDialog):
    """A code just made, in its own window: it closes only once its last group was typed."""

    def __init__(self, parent: QWidget | None, worker: Background, today: date, name: str, code: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Code de secours"))
        self.setMinimumWidth(620)
        self.page = RecoveryPage(worker, today)
        self.noted = ActionButton(_("C'est noté"), "F12", "check", "primary")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(32, 24, 32, 20)
        lines.addWidget(self.page)
        lines.addLayout(row(None, self.noted))
        self.noted.clicked.connect(self._on_noted)
        self.page.show_code(name, code)

    @Slot()
    def _on_noted(self) -> None:
        if self.page.proven():
            self.accept()

    def reject(self) -> None:
        """Stay: the code is shown only now."""
        self.page.last.setFocus()
