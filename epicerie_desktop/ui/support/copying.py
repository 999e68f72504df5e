"""The copy of a file for whoever asks to see it: shown as a paper, and kept as a file for a machine where it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot

from epicerie_desktop.services.subject_file import Copy, copy_pdf
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.papers import ask_where, written
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen


class CopyDialog(QuestionDialog):
    """Says what the copy holds; F12 makes it and shows it, F9 keeps it as a file once it is made."""

    def __init__(self, screen: Screen, make: Callable[[], Copy]) -> None:
        super().__init__(
            screen, _("Copie du dossier"),
            _("Tout ce que l'épicerie garde sur ce foyer, en clair, pour la personne qui le demande. Remettez-la-lui en main propre, dans le "
              "mois qui suit sa demande : elle contient ses ressources et vos notes."),
            _("Faire la copie"), _("Fermer"), armed_after_ms=0,
        )  # fmt: skip
        self._screen, self._make = screen, make
        self._copy: Copy | None = None
        self.notice = Notice("info")
        self.file_button = ActionButton(_("Garder aussi un fichier"), "F9", "save")
        self.file_button.setEnabled(False)
        self.body.addWidget(self.notice)
        self.body.addLayout(row(self.file_button, None))
        self.file_button.clicked.connect(self._on_keep)

    def may_accept(self) -> bool:
        """Make the copy and show it; the window stays, for the file."""
        self.notice.tell("info", _("Un instant…"))
        self._screen.context.data.submit(self, self._make, self._made, self._failed)
        return False

    def _made(self, copy: Copy) -> None:
        self._copy = copy
        self.file_button.setEnabled(True)
        told = ngettext("La copie est faite : {n} ligne.", "La copie est faite : {n} lignes.", copy.entries).format(
            n=copy.entries
        )
        self.notice.tell("success", told)
        look_at(self._screen, partial(copy_pdf, copy), _("Copie du dossier"), _("copie-du-dossier"))

    @Slot()
    def _on_keep(self) -> None:
        copy = self._copy
        path = (
            ask_where(self, _("copie-du-dossier"), ".json", _("Fichiers JSON (*.json)")) if copy is not None else None
        )
        if copy is not None and path is not None:
            content = copy.json
            self._screen.context.long.submit(self, lambda: written(content, path), self._kept, self._failed)

    def _kept(self, _path: object) -> None:
        self.notice.tell(
            "success", _("Le fichier est gardé. Remettez-le sur la clé de la personne, puis effacez-le d'ici.")
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            self._screen.on_trouble(error)
