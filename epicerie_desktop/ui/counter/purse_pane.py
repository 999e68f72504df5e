"""What a household has ahead or owes, on its card at the counter, where the shop keeps it: told, taken, undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ask_reason
from epicerie_desktop.ui.common.fields import MoneyField
from epicerie_desktop.ui.common.layout import FormRow
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.till.parts import Tinted, button, label

if TYPE_CHECKING:
    from epicerie_desktop.services.till import purse
    from epicerie_desktop.services.till.purse import PurseRow, TakenIn
    from epicerie_desktop.ui.counter.screen import CounterScreen
    from epicerie_desktop.ui.till import ticket, wording

    _Read = tuple[int, int, tuple[PurseRow, ...]]
else:
    purse = late("epicerie_desktop.services.till.purse")
    ticket = late("epicerie_desktop.ui.till.ticket")
    wording = late("epicerie_desktop.ui.till.wording")


class TakeDialog(QuestionDialog):
    """Asks how much cash the household hands over; what it owes is proposed."""

    def __init__(self, counter: CounterScreen, balance: int, *, ahead: bool) -> None:
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
        """Return whether an amount is typed; the field tells it otherwise."""
        return self.amount.check() and bool(self.amount.value)


class PursePane(QObject):
    """A box on the card, read only where the shop keeps money ahead or lets some be owed."""

    def __init__(self, counter: CounterScreen) -> None:
        super().__init__(counter)
        self._counter = counter
        self._uses = Features()
        self._household, self.balance = 0, 0
        self._last: PurseRow | None = None
        self.box = Tinted("sunken")
        self.told = label("strong")
        self.take_button = button(_("Encaisser une avance"), "Ctrl+E", icon="euro")
        self.undo_button = button(_("Annuler"), icon="undo-2")
        inside = QVBoxLayout(self.box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.told)
        inside.addWidget(Wrapped(self.take_button, self.undo_button))
        self.take_button.clicked.connect(self.ask_take)
        self.undo_button.clicked.connect(self.ask_undo)
        self.box.hide()

    def read(self, household: int, uses: Features) -> None:
        """Read the balance of a household, where the shop keeps one."""
        self._uses = uses
        if not (uses.purse or uses.slate):
            self.box.hide()
            return
        if household != self._household:
            self.box.hide()
        self._counter.ask(partial(_read, self._counter.desk, household), self._show, key="purse")

    def _show(self, read: _Read) -> None:
        self._household, self.balance, rows = read
        today = self._counter.desk.clock.today()
        last = next((r for r in rows if not r.undone and r.kind in purse.TAKEN), None)
        self._last = last if last is not None and last.day == today else None
        told = wording.balance(self.balance) or _("Rien d'avance, rien de dû.")
        if self.balance < 0:
            told = _("{told}. La famille fait ses courses comme d'habitude.").format(told=told)
        self.told.setText(told)
        self.take_button.set_text(_("Encaisser le reste dû") if self.balance < 0 else _("Encaisser une avance"))
        self.take_button.setVisible(self.balance < 0 or self._uses.purse)
        self.undo_button.setVisible(self._last is not None)
        self.box.show()

    @Slot()
    def ask_take(self) -> None:
        """Take cash from the household shown."""
        counter = self._counter
        if self.box.isHidden() or self.take_button.isHidden() or counter.card.visit is None:
            return
        household = self._household
        dialog = TakeDialog(counter, self.balance, ahead=self._uses.purse)
        cents = dialog.amount.value if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if cents:
            counter.act(partial(purse.pay_in, counter.desk, household, cents), partial(self._on_taken, household))
        counter.give_back_focus()

    def _on_taken(self, household: int, taken: TakenIn) -> None:
        self.read(household, self._uses)
        self._counter.tell(
            _("{amount} encaissés. {balance}").format(
                amount=shown.money(taken.settled_cents + taken.ahead_cents), balance=wording.balance(taken.balance_cents)
            )
        )  # fmt: skip
        ticket.show_receipt(self._counter, taken.cash_move)

    @Slot()
    def ask_undo(self) -> None:
        """Undo the last money taken today, after asking why."""
        counter, last = self._counter, self._last
        if last is None or last.cash_move is None:
            return
        why = ask_reason(
            counter, _("Annuler cet encaissement ?"), _("L'argent est rendu à la famille. Le reçu reste, marqué annulé."),
            _("Annuler l'encaissement"), _("Le garder"),
        )  # fmt: skip
        if why is not None:
            household = self._household
            counter.act(
                partial(purse.cancel_pay_in, counter.desk, last.cash_move, why),
                lambda _balance: self.read(household, self._uses),
            )
        counter.give_back_focus()


def _read(desk: Desk, household: int) -> _Read:
    return household, purse.purse_cents(desk, household), purse.purse_rows(desk, household, 5)
