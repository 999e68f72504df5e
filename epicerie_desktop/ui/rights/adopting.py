"""Where no règlement is in force yet: adopt the example, or a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import column, row
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.screen import Screen

EXAMPLE = "reste-a-vivre"
"""The ruleset of resources/rulesets proposed where a shop has none yet."""


class AdoptPage(QWidget):
    """Why nothing can be decided yet, and the two ways out; `adopted` carries the règlement."""

    adopted = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self.example = ActionButton(_("Adopter le règlement d'exemple"), icon="clipboard-list", kind="primary")
        self.file = ActionButton(_("Choisir un fichier…"), icon="file-text")
        words = EmptyState(
            "clipboard-list",
            _("Aucun règlement n'est encore en vigueur"),
            _(
                "Le règlement dit qui peut faire ses courses et à quel prix. Vous pouvez commencer avec l'exemple fourni, puis "
                "le remplacer par celui de votre délibération."
            ),
        )
        self.setLayout(column(None, words, row(None, self.example, self.file, None), None))
        self.example.clicked.connect(self._on_example)
        self.file.clicked.connect(self._on_file)

    @Slot()
    def _on_example(self) -> None:
        if ask_confirm(
            self._screen.window(), _("Adopter le règlement d'exemple ?"),
            _("Ses seuils et ses participations sont des exemples : chaque calcul le rappellera tant que celui de votre "
              "délibération ne l'aura pas remplacé."),
            _("Adopter l'exemple"), _("Ne rien changer"),
        ):  # fmt: skip
            self._screen.act(lambda: decide.adopt_ruleset(self._screen.desk, ruleset_text(EXAMPLE)), self.adopted.emit)

    @Slot()
    def _on_file(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, _("Choisir un règlement"), "", _("Règlements (*.toml)"))
        if chosen:
            self._screen.act(partial(adopted_from, self._screen.desk, Path(chosen)), self.adopted.emit)


def adopted_from(desk: Desk, path: Path) -> Ruleset:
    """Adopt the règlement of a file. Raises `BadInput` where it is none, `EnvironmentTrouble` where it cannot be read."""
    return decide.adopt_ruleset(desk, decide.read_ruleset_file(path)[1])
