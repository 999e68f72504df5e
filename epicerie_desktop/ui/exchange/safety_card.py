"""The copy of the shop's file and the check of its accounts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from epicerie_desktop.services import safeguard, sticks
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.sticks import Use
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog
from epicerie_desktop.ui.common.layout import Card, FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.start.secret import SecretField

_SAID = {
    "file": N_("Le fichier de données est abîmé. Ne l'effacez pas ; restaurez la dernière sauvegarde."),
    "journal": N_("Journal, entrée {where} : la suite a été rompue."),
    "stock": N_("Stock, lot n° {where} : le solde gardé ({expected}) n'est pas la somme des mouvements ({found})."),
    "tickets": N_("Ticket n° {where} : le total gardé n'est pas la somme de ses lignes."),
    "purse": N_("Argent d'un foyer ({where}) : {expected} attendu, {found} dans ses mouvements."),
    "closing": N_("Clôture {where} : le total gardé ({expected}) n'est pas celui des tickets ({found})."),
    "session": N_("Caisse n° {where} : ses tickets et ses mouvements font {found}, elle a gardé {expected}."),
    "payment": N_("Versement n° {where} : ses recettes font {found}, il a gardé {expected}."),
}
_MOST_SHOWN = 4


class PassphraseDialog(QuestionDialog):
    """Asks the passphrase again; a copy is of no use to somebody who does not know it."""

    def __init__(self, parent: QWidget | None, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            parent, _("Sauvegarder les données"),
            _("La copie s'ouvrira avec la même phrase de passe. Tapez-la : elle n'est gardée nulle part."),
            _("Choisir où l'écrire"), _("Ne pas sauvegarder"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self.field = SecretField(self)
        self.body.addWidget(FormRow(_("Phrase de passe"), self.field))
        self.field.setFocus()

    def may_accept(self) -> bool:
        """Ask for the passphrase when it is missing."""
        if not self.field.secret:
            self.field.show_error(_("Tapez la phrase de passe de l'épicerie."))
            self.field.setFocus()
            return False
        return True


class SafetyCard(Card):
    """Two gestures, and what came of them in one strip."""

    def __init__(self, screen: Screen, *, stacked: bool = False) -> None:
        super().__init__()
        self._screen = screen
        self.copy = ActionButton(_("Sauvegarder maintenant"), icon="shield-check")
        self.check = ActionButton(_("Vérifier les comptes"), icon="circle-check")
        self.notice = Notice("info")
        self._asked_by = self.copy
        words = column(
            label(_("Vos données à l'abri"), "section"),
            label(_("Une copie complète et relue, sur une clé à part, rangée ailleurs."), "soft"),
            label(_("Elle se remet au démarrage du programme : « Remettre une copie… »."), "soft"),
            spacing=0,
        )
        if stacked:
            self.add(words, row(self.copy, self.check, None))
        else:
            gestures = row(spacing=8)
            gestures.addLayout(words, 1)
            gestures.addWidget(self.copy)
            gestures.addWidget(self.check)
            self.add(gestures)
        self.add(self.notice)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.check.clicked.connect(self._on_check_clicked)

    @Slot()
    def _on_copy_clicked(self) -> None:
        dialog = PassphraseDialog(self)
        try:
            secret = dialog.field.secret if dialog.exec() else ""
        finally:
            dialog.deleteLater()
        if not secret:
            return
        folder = QFileDialog.getExistingDirectory(self, _("Où garder la copie ?"), str(Path.home()))
        if folder:
            self.copy_to(Path(folder), secret)

    def copy_to(self, folder: Path, secret: str) -> None:
        """Write a verified copy to a folder on the long thread, and say what came of it."""
        desk = self._screen.desk
        self._run(
            self.copy, lambda: (safeguard.back_up(desk, folder, secret), Use.BACKUP in sticks.uses(folder)), self._copied,
            _("La copie s'écrit, puis elle est relue…"),
        )  # fmt: skip

    def _run(
        self, asked_by: ActionButton, job: Callable[[], object], then: Callable[[object], None], words: str
    ) -> None:
        self._asked_by = asked_by
        self.notice.tell("info", words)
        for button in (self.copy, self.check):
            button.setEnabled(False)
        self._screen.context.long.submit(self, job, then, self._failed)

    def _free(self) -> None:
        for button in (self.copy, self.check):
            button.setEnabled(True)
        # A button put to sleep had given the keyboard away, out of the screen.
        held = QApplication.focusWidget()
        if self.isVisible() and (held is None or not self._screen.isAncestorOf(held)):
            self._asked_by.setFocus()

    def _copied(self, found: object) -> None:
        self._free()
        assert isinstance(found, tuple)
        path, kept = found
        assert isinstance(path, Path)
        words = _("Sauvegarde relue et complète : « {file} » et son fichier de clés, dans « {folder} ».").format(
            file=path.name, folder=path.parent.name or str(path.parent)
        )
        if kept:
            words += "\n" + _("Cette clé est réservée aux sauvegardes : rangez-la ailleurs que dans l'épicerie.")
        self.notice.tell("success", words)

    @Slot()
    def _on_check_clicked(self) -> None:
        desk = self._screen.desk
        self._run(self.check, lambda: safeguard.verify_file(desk), self._checked, _("Les comptes sont recalculés…"))

    def _checked(self, found: object) -> None:
        self._free()
        assert isinstance(found, tuple)
        if not found:
            self.notice.tell("success", _("Tout tombe juste : journal, stock et tickets ont été recalculés un par un."))
        else:
            self.notice.tell("error", told(found))

    def _failed(self, error: Exception) -> None:
        self._free()
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        elif isinstance(error, Trouble):
            self.notice.tell("error", trouble.sentence(error))
        else:
            self.notice.tell("info", "")
            trouble.show(self, error)


def told(found: tuple[Finding, ...]) -> str:
    """Return what does not add up, in a few lines, and what to do."""
    lines = [
        _(_SAID[f.what]).format(where=f.where, expected=shown.number(f.expected), found=shown.number(f.found))
        for f in found[:_MOST_SHOWN]
    ]
    if len(found) > _MOST_SHOWN:
        lines.append(_("Et {n} autres.").format(n=len(found) - _MOST_SHOWN))
    if any(f.what == "file" for f in found):
        return lines[0]
    lines.append(_("Rien n'est perdu : faites une sauvegarde et prévenez la personne qui s'occupe du programme."))
    return "\n".join(lines)
