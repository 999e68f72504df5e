"""The custodian's window: a counting key drawn, its sheet printed, a sheet read back. It opens no file and keeps nothing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from epicerie_desktop.services.contract import custody
from epicerie_desktop.services.contract.custody import DrawnSheet
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.pdf_view import PdfView


class CustodianDialog(QDialog):
    """Draws a key when asked; its sheet is shown to be printed, and forgotten when that window closes."""

    def __init__(self, parent: QWidget | None, today: date) -> None:
        super().__init__(parent)
        self._today = today
        self._worker = Background("custodian")
        self.setWindowTitle(_("Dépositaire de la clé de comptage"))
        self.setMinimumWidth(640)
        self.draw = ActionButton(_("Faire une clé et imprimer sa feuille"), "F12", "printer", "primary")
        self.leave = ActionButton(_("Fermer"), "Esc")
        self.typed = FieldFrame()
        self.typed.line.setAccessibleName(_("Relire une feuille"))
        self.notice = Notice("info")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(32, 28, 32, 24)
        lines.setSpacing(12)
        lines.addWidget(label(_("Clé de comptage"), "title"))
        for words in (
            _("Cette clé permet aux épiceries d'un contrat de reconnaître, sans échanger de nom, un foyer passé de l'une à l'autre. Elle va aux "
              "comptoirs, jamais à la coordination : c'est pourquoi une autre personne la garde, par exemple le délégué à la protection des "
              "données ou la direction du CCAS."),
            _("Le programme tire une clé au hasard, en montre la feuille à imprimer, et n'en garde rien : une fois la fenêtre fermée, "
              "seul le papier la porte."),
        ):  # fmt: skip
            lines.addWidget(label(words))
        lines.addLayout(row(self.draw, None))
        lines.addSpacing(8)
        lines.addWidget(
            FormRow(_("Relire une feuille : tapez ses groupes, ou lisez son carré, puis Entrée"), self.typed)
        )
        lines.addWidget(self.notice)
        lines.addStretch(1)
        lines.addLayout(row(None, self.leave))
        for before, after in ((self.draw, self.typed.line), (self.typed.line, self.leave)):
            QWidget.setTabOrder(before, after)
        self.draw.clicked.connect(self._on_draw_clicked)
        self.typed.submitted.connect(self._on_typed_submitted)
        self.typed.changed.connect(self._on_typed_changed)
        self.leave.clicked.connect(self.accept)
        self.draw.setFocus()

    @Slot()
    def _on_draw_clicked(self) -> None:
        today = self._today
        self.draw.setEnabled(False)
        self._worker.submit(self, lambda: custody.drawn_sheet(today), self._show_sheet, self._failed)

    def _show_sheet(self, sheet: DrawnSheet) -> None:
        accepted(PdfView(self, self._worker, sheet.pdf, _("Clé de comptage"), _("cle-de-comptage")))
        self.draw.setEnabled(True)
        self.notice.tell(
            "success",
            _("La feuille de la clé n° {number} a été montrée ; le programme n'en garde rien.").format(
                number=sheet.key_id
            ),
        )
        grow(self)

    def _failed(self, error: Exception) -> None:
        self.draw.setEnabled(True)
        trouble.show(self, error)

    @Slot()
    def _on_typed_submitted(self) -> None:
        try:
            number = custody.check_counting_key(self.typed.text)
        except BadInput as slip:
            self.notice.tell("warn", trouble.sentence(slip))
        else:
            self.notice.tell("success", _("La feuille est bien recopiée : clé n° {number}.").format(number=number))
        grow(self)

    @Slot()
    def _on_typed_changed(self) -> None:
        self.notice.tell("info", "")

    def done(self, result: int) -> None:
        """End the worker and forget what was typed."""
        self._worker.stop()
        self.typed.line.clear()
        super().done(result)
