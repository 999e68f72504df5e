"""The règlement in force, and the way to those adopted and to the one being written."""

from __future__ import annotations

from PySide6.QtCore import Slot

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, label, row
from epicerie_desktop.ui.screen import Screen


def in_force(desk: Desk) -> Ruleset | None:
    """Return the règlement of today, None where none was adopted yet."""
    try:
        return rulesets.ruleset_on(desk, desk.clock.today())
    except BadInput:
        raise
    except RuleRefused:
        return None


class RulesetCard(Card):
    """Says which règlement applies, and opens the screen where it is read, written and followed by another."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Règlement de l'épicerie"))
        self._screen = screen
        self.name = label("", "strong")
        self.since = label("", "soft")
        self.open = ActionButton(_("Voir, écrire ou changer le règlement"), "F6", "file-text")
        self.add(self.name, self.since, row(self.open, None))
        self.open.clicked.connect(self._on_open)

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
    def _on_open(self) -> None:
        self._screen.go("ruleset")
