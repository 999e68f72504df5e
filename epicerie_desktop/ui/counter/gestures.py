"""The rarer gestures of the counter: fees, an exceptional visit and its validation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog, ask_confirm

if TYPE_CHECKING:
    from epicerie_desktop.domain import access, labels
    from epicerie_desktop.domain.access import ExceptionalReason
    from epicerie_desktop.services.queries.fees import Fee
    from epicerie_desktop.ui.counter.screen import CounterScreen
else:
    access = late("epicerie_desktop.domain.access")
    labels = late("epicerie_desktop.domain.labels")


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

    @Slot()
    def settle_fees(self) -> None:
        """Record the fees due as paid, or cancel those recorded today."""
        visit = self._counter.card.visit
        if visit is None:
            return
        due = tuple(f for f in visit.fees if f.paid is None)
        told = due or tuple(f for f in visit.fees if f.paid_on == visit.day)
        total = shown.money(sum(f.cents for f in told))
        title = _("Encaisser {total} ?") if due else _("Annuler ce règlement de {total} ?")
        text = ", ".join(f.label for f in told)
        yes = _("C'est réglé") if due else _("Annuler le règlement")
        if ask_confirm(self._counter, title.format(total=total), text, yes, _("Revenir"), danger=not due):
            job = _pay if due else _cancel
            done = _("{total} encaissés : {what}.") if due else _("Règlement annulé, rendez {total} : {what}.")
            self._counter.act(
                partial(job, self._counter.desk, visit.household, told),
                partial(self._told, done.format(total=total, what=text)),
            )

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


def _pay(desk: Desk, household: int, fees: tuple[Fee, ...]) -> None:
    from epicerie_desktop.services.rights.fees import pay_fee

    for fee in fees:
        pay_fee(desk, household, fee.code, fee.period, fee.cents)


def _cancel(desk: Desk, _household: int, fees: tuple[Fee, ...]) -> None:
    from epicerie_desktop.services.rights.fees import cancel_fee

    for fee in fees:
        if fee.paid is not None:
            cancel_fee(desk, fee.paid)
