"""The rarer gestures of the counter: fees, an exceptional visit and its validation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog, accepted, ask_confirm, ask_reason

if TYPE_CHECKING:
    from epicerie_desktop.domain import access, labels
    from epicerie_desktop.domain.access import ExceptionalReason
    from epicerie_desktop.domain.card import CardNumber
    from epicerie_desktop.services.rights import fees
    from epicerie_desktop.ui.counter import welcome
    from epicerie_desktop.ui.counter.screen import CounterScreen
else:
    access = late("epicerie_desktop.domain.access")
    labels = late("epicerie_desktop.domain.labels")
    fees = late("epicerie_desktop.services.rights.fees")
    welcome = late("epicerie_desktop.ui.counter.welcome")


class ExceptionalDialog(QuestionDialog):
    """Asks why a household is served out of turn: one reason of a short list, chosen with the arrows."""

    def __init__(
        self, parent: QWidget | None, name: str, permille: int | None, *, armed_after_ms: int = ARMED_AFTER_MS
    ) -> None:
        super().__init__(
            parent, _("Passage exceptionnel"), _terms_told(name, permille),
            _("Accorder ce passage"), _("Revenir"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._group = QButtonGroup(self)
        never = permille is not None
        self._reasons = tuple(
            r for r in access.ExceptionalReason if not (never and r is access.ExceptionalReason.RIGHT_ENDED)
        )
        for i, reason in enumerate(self._reasons):
            choice = QRadioButton(labels.label(reason))
            self._group.addButton(choice, i)
            self.body.addWidget(choice)
        self._group.button(0).setChecked(True)
        self._group.button(0).setFocus()

    @property
    def reason(self) -> ExceptionalReason:
        """Return the reason chosen."""
        return self._reasons[self._group.checkedId()]


def _terms_told(name: str, permille: int | None) -> str:
    """Return what an exceptional visit will cost: the share of one that never had a right, else that of the last right."""
    if permille is None:
        told = _(
            "{name} pourra faire ses courses aujourd'hui, aux conditions de son dernier droit. L'équipe le verra demain."
        )
    elif permille:
        told = _(
            "{name} pourra faire ses courses aujourd'hui et paiera {share} de la valeur en rayon. L'équipe le verra demain."
        )
    else:
        told = _("{name} pourra faire ses courses aujourd'hui, sans rien payer. L'équipe le verra demain.")
    return told.format(name=name, share=shown.percent(permille or 0))


class SideGestures(QObject):
    """Done from the card of a household, or from the reminders of the day."""

    def __init__(self, counter: CounterScreen) -> None:
        super().__init__(counter)
        self._counter = counter

    def welcome(self, card: CardNumber) -> None:
        """Ask who shows a card of another shop of the contract, and open what the answer calls for."""
        dialog = welcome.WelcomeDialog(self._counter.window(), card.spaced)
        if not accepted(dialog):
            return
        self._counter.clear()
        who = dialog.who
        self._counter.go(
            "households", new=who is not welcome.Newcomers.KNOWN_HERE,
            foreign="" if who is welcome.Newcomers.LEFT_IT else card.spaced,
        )  # fmt: skip

    @Slot()
    def settle_fees(self) -> None:
        """Record the fees due as paid, or cancel those recorded today, after asking why."""
        visit = self._counter.card.visit
        if visit is None:
            return
        due = tuple(f for f in visit.fees if f.paid is None)
        told = due or tuple(f for f in visit.fees if f.paid_on == visit.day)
        total, text = shown.money(sum(f.cents for f in told)), ", ".join(f.label for f in told)
        if due:
            title = _("Encaisser {total} ?").format(total=total)
            if ask_confirm(self._counter, title, text, _("C'est réglé"), _("Revenir")):
                done = _("{total} encaissés : {what}.").format(total=total, what=text)
                self._counter.act(partial(fees.pay_fees, self._counter.desk, visit.household, due), self._told_of(done))
            return
        title = _("Annuler ce règlement de {total} ?").format(total=total)
        why = ask_reason(self._counter, title, text, _("Annuler le règlement"), _("Revenir"))
        if why is not None:
            done = _("Règlement annulé, rendez {total} : {what}.").format(total=total, what=text)
            paid = tuple(f.paid for f in told if f.paid is not None)
            self._counter.act(partial(fees.cancel_fees, self._counter.desk, paid, why), self._told_of(done))

    def _told_of(self, sentence: str) -> Callable[[object], None]:
        return partial(self._told, sentence)

    @Slot()
    def grant_exceptional(self) -> None:
        """Grant an exceptional visit after its reason is chosen."""
        visit = self._counter.card.visit
        if visit is None or visit.exceptional is None:
            return
        dialog = ExceptionalDialog(self._counter, visit.name, visit.exceptional.permille)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            # Deciding brings the whole engine with it: the counter opens without.
            from epicerie_desktop.services.rights import exceptional

            job = partial(exceptional.grant_exceptional_visit, self._counter.desk, visit.household, dialog.reason)
            self._counter.act(job, self._on_granted)
        dialog.deleteLater()

    def _on_granted(self, _grant: int) -> None:
        self._told(_("Le passage exceptionnel est accordé pour aujourd'hui. Entrée ouvre la caisse."), None)

    @Slot()
    def validate_first(self) -> None:
        """Validate the exceptional visit chosen, or the first that waits."""
        self._counter.today.reminders.validate_first()

    @Slot(int)
    def validate(self, grant: int) -> None:
        """Say that an exceptional visit was seen."""
        from epicerie_desktop.services.rights import exceptional

        job = partial(exceptional.validate_exceptional, self._counter.desk, grant)
        self._counter.act(job, partial(self._told, _("Le passage exceptionnel est validé.")))

    def _told(self, sentence: str, _nothing: object) -> None:
        self._counter.tell(sentence)
        self._counter.give_back_focus()
