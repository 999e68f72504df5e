"""Before adoption: what would change for the households whose right is open."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import Card, column, label
from epicerie_desktop.ui.screen import Screen


class AdoptPage(QWidget):
    """The règlement about to be adopted."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self.words = label("", "strong")
        card = Card()
        card.add(self.words)
        self.setLayout(column(card, None))

    def compare(self, ruleset: Ruleset, text: str) -> None:
        """Show what is about to be adopted."""
        self.words.setText(
            _("« {name} », à partir du {day}.").format(name=ruleset.name, day=shown.day(ruleset.valid_from))
        )

    @property
    def busy(self) -> bool:
        """Return whether households are being compared."""
        return False

    def stop(self) -> None:
        """Stop comparing."""

    @Slot()
    def print_comparison(self) -> None:
        """Print."""
