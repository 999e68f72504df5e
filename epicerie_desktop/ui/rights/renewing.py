"""Renewing a right in one gesture: what it would be, until when, on which amounts; F12 validates."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.services.rights.decisions import RecordedDecision
from epicerie_desktop.services.rights.renewal import Renewal, renew, renewal_of
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.screen import Screen


class RenewDialog(QuestionDialog):
    """The renewal as it would be written; where it cannot be done in one gesture, why, and the way to the study."""

    def __init__(self, parent: QWidget, renewal: Renewal) -> None:
        right = renewal.right
        title = _("Renouveler le droit de {name} ?").format(name=renewal.name)
        if right is None:
            super().__init__(
                parent, title, _("Le règlement répond : « {answer} ».").format(answer=_(LABELS[renewal.outcome.kind])),
                _("Étudier la situation"), _("Laisser le droit"),
            )  # fmt: skip
        else:
            super().__init__(parent, title, "", _("Renouveler le droit"), _("Ne pas renouveler"))
        self.words = told(renewal)
        for role, words in self.words:
            if role == "warn":
                self.body.addWidget(Notice("warn", words))
            else:
                self.body.addWidget(label(words, role))


def told(renewal: Renewal) -> list[tuple[str, str]]:
    """Return what is shown before validation, each with the role of its text."""
    found: list[tuple[str, str]] = []
    right = renewal.right
    if right is not None:
        period = _("Du {start} au {end}").format(
            start=shown.middle_day(right.valid_from), end=shown.middle_day(right.valid_until)
        )
        found.append(("section", period))
        found.append(("", wording.right_terms(right.participation_permille, right.ceilings)))
    else:
        found += [("", f"– {m.sentence()}") for m in renewal.outcome.missing[:4]]
        told_steps = (
            "renewal",
            "waiting_period",
            "ratio",
            "compare",
            "capacity",
            "residence",
            "cumulation",
            "condition",
        )
        found += [("", s.sentence()) for s in renewal.outcome.steps if s.code in told_steps]
    said = _("Sur les ressources et les charges déclarées le {day}.").format(day=shown.middle_day(renewal.stated_on))
    found.append(("soft", said))
    if renewal.old:
        found.append(("warn", _("Cette déclaration a plus de six mois : vérifiez qu'elle est encore juste.")))
    if renewal.review:
        found.append(("warn", _("Le règlement demande un bilan avant le renouvellement.")))
    found += [
        ("warn", _("À faire avant le renouvellement : {what}.").format(what=what)) for what in renewal.obligations
    ]
    return found


def ask_renewal(screen: Screen, household: int, then: Callable[[str], None], refused: Callable[[str], None]) -> None:
    """Read what a renewal would give, show it, and write it once validated; `then` gets the sentence to tell.

    `refused` gets why it cannot be done at all. Where the situation is to be studied, the screen of the right opens.
    """

    def failed(error: Exception) -> None:
        if isinstance(error, RuleRefused):
            refused(str(error))
        else:
            screen.on_trouble(error)

    def done(renewal: Renewal, _recorded: RecordedDecision) -> None:
        assert renewal.right is not None
        then(
            _("Le droit est renouvelé du {start} au {end}.").format(
                start=shown.day(renewal.right.valid_from), end=shown.day(renewal.right.valid_until)
            )
        )

    def accepted(renewal: Renewal) -> None:
        if renewal.right is None:
            screen.go("right", household=household)
            return
        screen.context.data.submit(screen, partial(renew, screen.desk, renewal), partial(done, renewal), failed)

    def show(renewal: Renewal) -> None:
        dialog = RenewDialog(screen.window(), renewal)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(accepted, renewal))
        dialog.open()

    screen.context.data.submit(screen, partial(renewal_of, screen.desk, household), show, failed)
