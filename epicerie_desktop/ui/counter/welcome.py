"""A card of another shop of the contract shown at the counter: what to ask, since a move and a separation are not counted alike."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog


class Newcomers(Enum):
    """Who stands there, as a volunteer says it; the card follows the household, never somebody who left it."""

    NEW_HERE = N_("Le foyer vient maintenant ici : ouvrir son dossier, avec cette carte")
    KNOWN_HERE = N_("Le foyer a déjà un dossier ici : le chercher, et y rattacher cette carte")
    LEFT_IT = N_("La personne a quitté le foyer de cette carte : ouvrir un dossier sans elle")


class WelcomeDialog(QuestionDialog):
    """One question, three answers, chosen with the arrows; Escape changes nothing."""

    def __init__(self, parent: QWidget | None, card: str, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            parent, _("Une carte d'une autre épicerie"),
            _("Carte {card}. Demandez si tout le foyer vient désormais ici : il ne comptera qu'une fois dans le contrat.").format(card=card),
            _("Continuer"), _("Revenir"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._group = QButtonGroup(self)
        for n, who in enumerate(Newcomers):
            choice = QRadioButton(_(who.value))
            self._group.addButton(choice, n)
            self.body.addWidget(choice)
        self._group.button(0).setChecked(True)
        self._group.button(0).setFocus()

    def choose(self, who: Newcomers) -> None:
        """Check an answer."""
        self._group.button(list(Newcomers).index(who)).setChecked(True)

    @property
    def who(self) -> Newcomers:
        """Return the answer chosen."""
        return list(Newcomers)[self._group.checkedId()]
