"""Closing a basket: the team's agreement where it is needed, the payment, the booking once only, the ticket's number."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.payments import Paying
from epicerie_desktop.domain.till_account import with_paid
from epicerie_desktop.services.queries.counter import Visit
from epicerie_desktop.services.stock.best_before import BestBeforeToCheck
from epicerie_desktop.services.stock.lots_drawn import DateToRead
from epicerie_desktop.services.till import sell
from epicerie_desktop.services.till.means import drawer_over
from epicerie_desktop.services.till.sell import CeilingExceeded, PaymentForm, RateChanged, Receipt
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.held_keys import HeldKeys, is_text
from epicerie_desktop.ui.till import gestures, wording
from epicerie_desktop.ui.till.best_before import BestBeforeStep, Checked
from epicerie_desktop.ui.till.mixed_payment import MixedPaymentStep, used_kinds
from epicerie_desktop.ui.till.payment_step import DoneStep, PaymentStep
from epicerie_desktop.ui.till.questions import DateStep, ReasonStep
from epicerie_desktop.ui.till.step import Step

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen


class Closing(QObject):
    """The last steps of a basket. `basket` is the one being booked: nothing else can be added meanwhile."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self._visit: Visit | None = None
        self._basket: Basket | None = None
        self._excess_agreed = ""
        self._payment: PaymentForm | None = None
        self._article = 0
        self._held = HeldKeys(till, is_text)
        self.agreement = ReasonStep(_("L'équipe est d'accord"))
        self.payment = PaymentStep()
        self.mixed = MixedPaymentStep()
        self.paying: Step = self.payment
        self.pack_date = DateStep(till.desk.clock.today())
        self.stale = BestBeforeStep(till.desk.clock.today())
        self._asked: BestBeforeToCheck | None = None
        self.done = DoneStep()
        self.steps: tuple[Step, ...] = (self.agreement, self.payment, self.mixed, self.pack_date, self.stale, self.done)
        self.stale.answered.connect(self._on_stale)
        self.agreement.answered.connect(self._on_agreed)
        self.payment.answered.connect(self._on_paid)
        self.mixed.answered.connect(self._on_paid)
        self.mixed.moved.connect(self._on_moved)
        self.pack_date.answered.connect(self._on_pack_date)
        self.done.answered.connect(self._on_next)
        self.done.left.connect(self._on_counter)
        self.done.print_asked.connect(self._on_print)
        for step in (self.agreement, self.payment, self.mixed, self.pack_date, self.stale):
            step.left.connect(self._on_back)

    def begin(self, visit: Visit, basket: Basket) -> None:
        """Begin to close this basket."""
        self._visit, self._basket, self._excess_agreed = visit, basket, ""
        over = gestures.exceeded(visit.ceilings, self._till.weights_of(basket))
        if over:
            self._ask_agreement(wording.excess(over))
        elif visit.verdict.state is not VerdictState.OPEN and not self._till.agreed:
            self._ask_agreement(wording.reason(visit.verdict))
        else:
            self._ask_payment()

    @property
    def _override(self) -> str:
        return " ; ".join(reason for reason in (self._till.agreed, self._excess_agreed) if reason)

    def _ask_agreement(self, why: str) -> None:
        self.agreement.ask(
            why, _("Échap revient au panier, pour retirer un article. Sinon, notez l'accord de l'équipe et sa raison.")
        )
        self._till.show_step(self.agreement)

    def _ask_payment(self) -> None:
        assert self._basket is not None
        extras = self._till.extras
        kinds = used_kinds(extras.uses, extras.money)
        if kinds:
            self.paying = self.mixed
            self.mixed.ask(self._basket, kinds, extras.money)
        else:
            self.paying = self.payment
            self.payment.ask(self._basket)
        self._till.show_step(self.paying)

    @Slot(object)
    def _on_agreed(self, reason: str) -> None:
        self._excess_agreed = reason
        self._ask_payment()

    @Slot(object)
    def _on_paid(self, payment: PaymentForm) -> None:
        self._payment = payment
        self._book()

    @Slot(object)
    def _on_moved(self, paying: Paying) -> None:
        self._till.extras.show_paying(paying)

    def _book(self) -> None:
        assert self._visit is not None
        assert self._basket is not None
        assert self._payment is not None
        self.paying.set_busy(True)
        self._held.hold()
        job = partial(
            sell.record_sale,
            self._till.desk,
            self._visit.household,
            self._basket,
            self._payment,
            override=self._override,
        )
        self._till.submit(job, self._on_booked, self._on_refused)

    def _on_booked(self, receipt: Receipt) -> None:
        self.paying.set_busy(False)
        if self._gone_elsewhere():
            self._held.drop()
            return
        self._till.booked()
        self.done.show_receipt(receipt)
        self._till.show_step(self.done)
        machine = self._till.context.settings
        if self._till.extras.uses.regie:
            self._till.ask(partial(drawer_over, self._till.desk), self._on_drawer, key="drawer")
        if machine.ticket_printer and machine.ticket_drawer != "off" and not receipt.again:
            from epicerie_desktop.services.till.ticket_printing import open_for_cash

            job = partial(open_for_cash, self._till.desk, receipt.sale, machine)
            self._till.context.long.submit(self._till, job, lambda _none: None, self._on_printer_silent)
        self._held.release()

    def _on_drawer(self, over: tuple[int, int] | None) -> None:
        self.done.tell_kindly(wording.drawer_over(over))

    def _gone_elsewhere(self) -> bool:
        """Return whether another household was opened meanwhile: its basket is not touched, the ticket is in the day's list."""
        now = self._till.visit
        return now is None or self._visit is None or now.household != self._visit.household

    def _on_refused(self, error: Exception) -> None:
        self.paying.set_busy(False)
        self._held.drop()
        if self._gone_elsewhere():
            self._till.on_trouble(error)
        elif isinstance(error, DateToRead):
            self._article = error.article
            self.pack_date.ask(self._name_of(error.article))
            self._till.show_step(self.pack_date)
        elif isinstance(error, BestBeforeToCheck):
            self._asked = error
            self.stale.ask(self._name_of(error.article), error.stale)
            self._till.show_step(self.stale)
        elif isinstance(error, CeilingExceeded):
            self._ask_agreement(str(error))
        elif isinstance(error, RateChanged) and error.paid is not None and self._basket is not None:
            self._basket = with_paid(self._basket, error.paid)
            self._till.take(self._basket)
            self._ask_payment()
            self.paying.tell(str(error))
        elif isinstance(error, RuleRefused):
            self.paying.tell(str(error))
        else:
            self._till.on_trouble(error)

    def _name_of(self, article: int) -> str:
        lines = self._basket.lines if self._basket is not None else ()
        return next((n.name for n in lines if n.article == article), "")

    @Slot(object)
    def _on_stale(self, seen: Checked | date) -> None:
        if self._asked is None:
            return
        if isinstance(seen, date):
            self._article = self._asked.article
            self._on_pack_date(seen)
            return
        self._till.checks.note_check(self._asked.stale, self._asked.article, seen)
        self._till.show_step(self.paying)
        self._book()

    @Slot(object)
    def _on_pack_date(self, read: date) -> None:
        assert self._basket is not None
        self._basket = gestures.dated(self._basket, self._article, read)
        self._till.take(self._basket)
        self._till.show_step(self.paying)
        self._book()

    @Slot()
    def _on_back(self) -> None:
        self._till.back_to_entry()

    @Slot(object)
    def _on_next(self, typed: str) -> None:
        self._till.forget()
        self._till.go("counter", **({"typed": typed} if typed else {"fresh": True}))

    @Slot()
    def _on_counter(self) -> None:
        self._till.forget()
        self._till.go("counter", fresh=True)

    @Slot(int)
    def _on_print(self, sale: int) -> None:
        from epicerie_desktop.ui.till.ticket import print_or_show

        print_or_show(self._till, sale, self.done.say, self._on_printer_silent)

    def _on_printer_silent(self, error: Exception) -> None:
        if isinstance(error, EnvironmentTrouble):
            self.done.tell(trouble.sentence(error))
        else:
            self._till.on_trouble(error)
