"""The règlement in force, and adopting another one from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import Card, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen


def in_force(desk: Desk) -> Ruleset | None:
    """Return the règlement of today, None where none was adopted yet."""
    try:
        return decide.ruleset_on(desk, desk.clock.today())
    except BadInput:
        raise
    except RuleRefused:
        return None


class RulesetCard(Card):
    """Says which règlement applies; a new one follows it from its own date, and replaces nothing before."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Règlement de l'épicerie"))
        self._screen = screen
        self.name = label("", "strong")
        self.since = label("", "soft")
        self.adopt = ActionButton(_("Adopter un règlement"), icon="file-text")
        self.notice = Notice("info")
        self.add(self.name, self.since, row(self.adopt, None), self.notice)
        self.adopt.clicked.connect(self._on_adopt_clicked)

    def read(self) -> None:
        """Read the règlement in force."""
        desk = self._screen.desk
        self._screen.ask(lambda: in_force(desk), self._show, key="ruleset")

    def _show(self, found: Ruleset | None) -> None:
        if found is None:
            self.name.setText(_("Aucun règlement n'est en vigueur"))
            self.since.setText(_("Adoptez celui de la délibération : sans lui, aucun droit ne peut être calculé."))
            return
        self.name.setText(f"{found.name} ({found.version})" if found.version else found.name)
        words = _("En vigueur depuis le {day}.").format(day=shown.day(found.valid_from))
        if found.example:
            words += " " + _("C'est un exemple : ses chiffres sont à remplacer par ceux de la délibération.")
        self.since.setText(words)

    @Slot()
    def _on_adopt_clicked(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Quel règlement ?"), str(Path.home()), _("Règlements (*.toml)")
        )
        if chosen:
            self.read_from(Path(chosen))

    def read_from(self, path: Path) -> None:
        """Read a file and ask whether to adopt it."""
        self.notice.tell("info", "")
        self._screen.context.data.submit(self, lambda: decide.read_ruleset_file(path), self._ask, self._failed)

    def _ask(self, found: tuple[Ruleset, str]) -> None:
        ruleset, text = found
        title = _("Adopter « {name} » ?").format(name=ruleset.name)
        words = _("Il s'appliquera aux droits décidés à partir du {day}. Ceux d'avant gardent leur règlement.").format(
            day=shown.day(ruleset.valid_from)
        )
        if ask_confirm(self, title, words, _("Adopter ce règlement"), _("Garder l'ancien")):
            desk = self._screen.desk
            self._screen.context.data.submit(
                self, lambda: decide.adopt_ruleset(desk, text), self._adopted, self._failed
            )

    def _adopted(self, ruleset: Ruleset) -> None:
        self.notice.tell("success", _("« {name} » est adopté.").format(name=ruleset.name))
        self.read()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            trouble.show(self, error)
