"""Making a contract, adding a shop to it, and giving that shop its file and its sheet."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from epicerie_desktop.services import sheets
from epicerie_desktop.services.contract import consolidate, making
from epicerie_desktop.services.contract.consolidate import ContractFile
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.exchange.fingerprint import FingerprintView
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.screen import Screen


class ServiceDialog(QuestionDialog):
    """A form whose answer is tried at once: a refusal is shown in it, and it closes only once the work is done."""

    def __init__(self, screen: Screen, title: str, text: str, yes: str, armed_after_ms: int) -> None:
        super().__init__(screen, title, text, yes, _("Ne rien faire"), armed_after_ms=armed_after_ms)
        self._screen = screen
        self._done = False
        self.refusal = Notice("warn")

    def may_accept(self) -> bool:
        """Try the service; the dialog closes when it succeeded."""
        if not self._done:
            self.yes_button.setEnabled(False)
            self._try()
        return self._done

    def _try(self) -> None:
        raise NotImplementedError

    def _succeeded(self) -> None:
        self._done = True
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.yes_button.setEnabled(True)
        if isinstance(error, Trouble):
            self.refusal.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
            grow(self)
        else:
            trouble.show(self, error)


class ContractDialog(ServiceDialog):
    """Name and dates of a new contract; its keys are made and stay in the coordinator's encrypted file."""

    def __init__(self, screen: Screen, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            screen, _("Nouveau contrat"),
            _("Ses clés seront créées dans ce fichier : sauvegardez-le ensuite, elles seules ouvrent les envois des épiceries."),
            _("Créer le contrat"), armed_after_ms,
        )  # fmt: skip
        self.made: int | None = None
        year = screen.desk.clock.today().year
        self.name = FieldFrame(message=False)
        self.first = DayField(date(year, 1, 1))
        self.last = DayField(date(year + 2, 12, 31))
        self.body.addWidget(FormRow(_("Nom du contrat"), self.name))
        self.body.addLayout(
            row(FormRow(_("Premier jour"), self.first), FormRow(_("Dernier jour"), self.last), spacing=16)
        )
        self.same = QCheckBox(_("La personne qui coordonne gère aussi une épicerie de ce contrat"))
        self.worth = Notice("warn")
        self.same.toggled.connect(self._on_same_toggled)
        self.body.addWidget(self.same)
        self.body.addWidget(self.worth)
        self.body.addWidget(self.refusal)
        in_order(self.name.line, self.first.line, self.last.line, self.same, self.no_button, self.yes_button)
        self.name.setFocus()

    def _try(self) -> None:
        desk, name, first, last = self._screen.desk, self.name.text, self.first.value, self.last.value
        same = self.same.isChecked()
        if not (self.first.check() and self.last.check()) or first is None or last is None:
            self.yes_button.setEnabled(True)
            return
        self._screen.context.data.submit(
            self, lambda: making.create_contract(desk, name, first, last, same_person=same), self._made, self._refused
        )

    @Slot()
    def _on_same_toggled(self) -> None:
        self.worth.tell("warn", _(making.SAME_PERSON) if self.same.isChecked() else "")
        grow(self)

    def _made(self, contract: int) -> None:
        self.made = contract
        self._succeeded()


class ShopDialog(ServiceDialog):
    """Code and name of a shop to add; it then receives its file."""

    def __init__(self, screen: Screen, contract: int, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            screen, _("Ajouter une épicerie"),
            _("Le code est court et ne changera plus : il nomme ses fichiers et ses cartes."),
            _("Ajouter l'épicerie"), armed_after_ms,
        )  # fmt: skip
        self._contract = contract
        self.file: ContractFile | None = None
        self.code = FieldFrame(message=False)
        self.code.line.setMaxLength(6)
        self.code.line.setPlaceholderText("SF01")
        self.name = FieldFrame(message=False)
        self.body.addWidget(FormRow(_("Code, de 2 à 6 lettres ou chiffres"), self.code))
        self.body.addWidget(FormRow(_("Nom de l'épicerie"), self.name))
        self.body.addWidget(self.refusal)
        in_order(self.code.line, self.name.line, self.no_button, self.yes_button)
        self.code.setFocus()

    def _try(self) -> None:
        desk, contract, code, name = self._screen.desk, self._contract, self.code.text, self.name.text
        self._screen.context.data.submit(
            self, lambda: consolidate.add_site(desk, contract, code, name), self._added, self._refused
        )

    def _added(self, file: ContractFile) -> None:
        self.file = file
        self._succeeded()


class FileDialog(QuestionDialog):
    """The file to carry to a shop, and the sheet of its fingerprint: the two must travel by different hands."""

    def __init__(self, screen: Screen, site: int, file: ContractFile) -> None:
        super().__init__(
            screen, _("Fichier pour l'épicerie {code}").format(code=file.site_code),
            _("Écrivez ce fichier sur une clé pour l'épicerie, et imprimez la fiche : le comptoir compare l'empreinte avant de l'accepter."),
            _("C'est fait"), armed_after_ms=0,
        )  # fmt: skip
        self._screen, self._site, self._file = screen, site, file
        self.fingerprint = FingerprintView(file.fingerprint)
        self.write = ActionButton(_("Écrire le fichier"), "Ctrl+S", "usb")
        self.print = ActionButton(_("Imprimer la fiche"), "Ctrl+P", "printer")
        self.notice = Notice("info")
        self.body.addWidget(label(_("Empreinte de ce fichier"), "label"))
        self.body.addWidget(self.fingerprint)
        self.body.addLayout(row(self.write, self.print, None))
        self.body.addWidget(self.notice)
        self.write.clicked.connect(self._on_write_clicked)
        self.print.clicked.connect(self._on_print_clicked)
        in_order(self.write, self.print, self.yes_button)
        self.write.setFocus()

    @Slot()
    def _on_write_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Sur quelle clé, dans quel dossier ?"), str(Path.home()))
        if folder:
            self.write_to(Path(folder))

    def write_to(self, folder: Path) -> None:
        """Write the file to a folder or a stick, and say so once it was read back."""
        desk, site = self._screen.desk, self._site
        self._screen.context.long.submit(
            self, lambda: consolidate.write_enrolment_file(desk, site, folder), self._written, self._failed
        )

    def _written(self, path: Path) -> None:
        self.notice.tell("success", _("« {file} » est écrit et relu.").format(file=path.name))
        grow(self)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("error", trouble.sentence(error))
            grow(self)
        else:
            trouble.show(self, error)

    @Slot()
    def _on_print_clicked(self) -> None:
        desk, file = self._screen.desk, self._file
        name = _("fiche-{code}").format(code=file.site_code)
        papers.offer_pdf(self._screen, lambda: sheets.enrolment_pdf(desk, file), name)


def in_order(*widgets: QWidget) -> None:
    """Have the keyboard go through widgets in this order."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
