"""What was just decided, and the paper to give: the last page of the worker's screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import column
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.rights.decision import Settled


def told(settled: Settled) -> str:
    """Return what was decided, in a sentence."""
    if settled.answer is Answer.REFUSED:
        return _("Le refus est enregistré.")
    if settled.answer is Answer.ADJOURNED or settled.right is None:
        return _("L'ajournement est enregistré.")
    return _("Le droit est ouvert du {start} au {end}.").format(
        start=shown.day(settled.right.valid_from), end=shown.day(settled.right.valid_until)
    )


class DonePage(QWidget):
    """The decision written; `words` tells it, `decision` is its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decision = 0
        self.words = ""
        self._state = EmptyState("circle-check", " ", " ")
        self.setLayout(column(self._state, spacing=0))

    def show_decision(self, decision: int, settled: Settled, goes_on: str) -> None:
        """Show a decision just written; `goes_on` tells what becomes of the right under way where it is a refusal."""
        self.decision, self.words = decision, told(settled)
        hint = _("Imprimez la décision pour la remettre au foyer : elle dit le calcul, les raisons et les recours.")
        if settled.answer is Answer.REFUSED:
            hint += "\n" + goes_on + "\n" + _("Aide proposée aujourd'hui : {help}").format(help=settled.same_day_help)
        self._state.set_words(self.words, hint)
