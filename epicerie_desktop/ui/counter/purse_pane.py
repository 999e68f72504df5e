"""What a household has ahead or owes, on its card at the counter, where the shop keeps it: told, taken, undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout

from epicerie_desktop.services.features import Features
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ask_reason
from epicerie_desktop.ui.common.fields import FieldFrame, MoneyField
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.till.parts import Tinted, button, label

if TYPE_CHECKING:
    from epicerie_desktop.services.till import purse
    from epicerie_desktop.services.till.purse import PurseView, TakenIn
    from epicerie_desktop.ui.counter.screen import CounterScreen
    from epicerie_desktop.ui.till import ticket, wording

else:
    purse = late("epicerie_desktop.services.till.purse")
    ticket = late("epicerie_desktop.ui.till.ticket")
    wording = late("epicerie_desktop.ui.till.wording")


class TakeDialog(QuestionDialog):
    """Asks how much cash the household hands over; what it owes is proposed, and is the most where nothing is kept ahead."""

    def __init__(self, counter: CounterScreen, balance: int, *, ahead: bool) -> None:
        self._most = None if ahead else max(0, -balance)
        told = wording.balance(balance) or _("Ce foyer ne doit rien.")
        then = (
            _("Ce qui dépasse le reste dû est gardé d'avance.") if ahead else _("Le reste dû, en entier ou en partie.")
        )
        super().__init__(
            counter, _("Encaisser une avance ou un reste dû"), f"{told}. {then}", _("Encaisser"), _("Revenir"), armed_after_ms=0
        )  # fmt: skip
        self.amount = MoneyField(required=True)
        self.body.addWidget(FormRow(_("Reçu en espèces"), self.amount))
        if balance < 0:
            self.amount.set_value(-balance)
            self.amount.line.selectAll()
        self.amount.setFocus()

    def may_accept(self) -> bool:
        """Return whether an amount that may be taken is typed; the field tells it otherwise."""
        if not self.amount.check() or not self.amount.value:
            return False
        if self._most is not None and self.amount.value > self._most:
            self.amount.show_error(_("Ce foyer doit {owed} : rien de plus.").format(owed=shown.money(self._most)))
            self.amount.setFocus()
            return False
        return True


class GiveDialog(QuestionDialog):
    """Asks how much of what it has ahead the household is given back, and why."""

    def __init__(self, counter: CounterScreen, balance: int) -> None:
        super().__init__(
            counter, _("Rendre de l'argent d'avance"), f"{wording.balance(balance)}. " + _("Vide, c'est tout."),
            _("Rendre"), _("Revenir"), armed_after_ms=0,
        )  # fmt: skip
        self._most = balance
        self.amount, self.why = MoneyField(), FieldFrame()
        self.body.addWidget(FormRow(_("Rendu en espèces"), self.amount))
        self.body.addWidget(FormRow(_("La raison, en quelques mots"), self.why))
        self.amount.set_value(balance)
        self.amount.line.selectAll()
        self.amount.setFocus()

    @property
    def cents(self) -> int:
        """Return what is given back: all of it where no sum is typed."""
        return self._most if self.amount.value is None else self.amount.value

    def may_accept(self) -> bool:
        """Return whether the sum can be given, and a reason is; each field tells it otherwise."""
        if not self.amount.check():
            return False
        if not 0 < self.cents <= self._most:
            self.amount.show_error(_("Ce foyer a {held} d'avance.").format(held=shown.money(self._most)))
            self.amount.setFocus()
            return False
        if not self.why.text:
            self.why.show_error(_("Dites pourquoi, même en deux mots : cela sera relu plus tard."))
            self.why.setFocus()
            return False
        return True


class PursePane(QObject):
    """A box on the card, read only where the shop keeps money ahead or lets some be owed; it offers what may be done, nothing else."""

    def __init__(self, counter: CounterScreen) -> None:
        super().__init__(counter)
        self._counter = counter
        self.view: PurseView | None = None
        self.box = Tinted("sunken")
        self.told = label("strong")
        self.take_button = button(_("Encaisser une avance"), "Ctrl+E", icon="euro")
        self.give_button = button(_("Rendre"))
        self.undo_button = button(_("Annuler"), icon="undo-2")
        inside = QVBoxLayout(self.box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.told)
        inside.addWidget(Wrapped(self.take_button, self.give_button, self.undo_button))
        self.take_button.clicked.connect(self.ask_take)
        self.give_button.clicked.connect(self.ask_give)
        self.undo_button.clicked.connect(self.ask_undo)
        self.box.hide()

    @property
    def balance(self) -> int:
        """Return what the household shown has ahead (+) or owes (−), in cents."""
        return 0 if self.view is None else self.view.balance_cents

    def read(self, household: int, uses: Features) -> None:
        """Read the balance of a household, where the shop keeps one."""
        if not (uses.purse or uses.slate):
            self.box.hide()
            return
        if self.view is None or household != self.view.household:
            self.box.hide()
        self._read(household)

    def _read(self, household: int) -> None:
        self._counter.ask(partial(purse.purse_view, self._counter.desk, household), self._show, key="purse")

    def _show(self, view: PurseView) -> None:
        self.view = view
        told = wording.balance(self.balance) or _("Rien d'avance, rien de dû.")
        if self.balance < 0:
            told = _("{told}. La famille fait ses courses comme d'habitude.").format(told=told)
        self.told.setText(told)
        self.take_button.set_text(_("Encaisser le reste dû") if self.balance < 0 else _("Encaisser une avance"))
        self.take_button.setVisible(self.balance < 0 or view.takes_ahead)
        self.give_button.setVisible(view.gives)
        self.undo_button.setVisible(view.undo is not None)
        self.box.show()

    @Slot()
    def ask_take(self) -> None:
        """Take cash from the household shown."""
        counter = self._counter
        if self.view is None or self.box.isHidden() or self.take_button.isHidden() or counter.card.visit is None:
            return
        household = self.view.household
        dialog = TakeDialog(counter, self.balance, ahead=self.view.takes_ahead)
        cents = dialog.amount.value if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if cents:
            counter.act(partial(purse.pay_in, counter.desk, household, cents), partial(self._on_taken, household))
        counter.give_back_focus()

    def _on_taken(self, household: int, taken: TakenIn) -> None:
        self._read(household)
        self._counter.tell(
            _("{amount} encaissés. {balance}").format(
                amount=shown.money(taken.settled_cents + taken.ahead_cents), balance=wording.balance(taken.balance_cents)
            )
        )  # fmt: skip
        ticket.show_receipt(self._counter, taken.cash_move)

    @Slot()
    def ask_give(self) -> None:
        """Give back to the household shown what it has ahead, all or a part."""
        counter = self._counter
        if self.view is None:
            return
        household = self.view.household
        dialog = GiveDialog(counter, self.balance)
        given = (dialog.cents, dialog.why.text) if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if given is not None:
            cents, why = given
            counter.act(
                partial(purse.give_back, counter.desk, household, cents, why), partial(self._on_given, household, cents)
            )
        counter.give_back_focus()

    def _on_given(self, household: int, cents: int, balance: int) -> None:
        self._read(household)
        self._counter.tell(
            _("Rendez {amount} à la famille. {balance}").format(
                amount=shown.money(cents), balance=wording.balance(balance)
            )
        )

    @Slot()
    def ask_undo(self) -> None:
        """Undo the last money taken or given back, after asking why."""
        counter, view = self._counter, self.view
        if view is None or view.undo is None:
            return
        amount = shown.money(abs(view.undo_cents))
        if view.undo_cents > 0:
            asked = (
                _("Annuler cet encaissement de {amount} ?"), _("L'argent est rendu à la famille. Le reçu reste, marqué annulé."),
                _("Annuler l'encaissement"),
            )  # fmt: skip
        else:
            asked = (
                _("Annuler cette somme rendue, {amount} ?"), _("La famille remet l'argent : il redevient son avance."),
                _("Annuler la somme rendue"),
            )  # fmt: skip
        why = ask_reason(counter, asked[0].format(amount=amount), asked[1], asked[2], _("Le garder"))
        if why is not None:
            counter.act(
                partial(purse.cancel_pay_in, counter.desk, view.undo, why), lambda _balance: self._read(view.household)
            )
        counter.give_back_focus()
