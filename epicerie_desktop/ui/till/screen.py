"""The till: from the household's basket to its ticket, by keyboard alone. Each line is kept at once; closing books it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import ArticleOffer, Basket
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.domain.till_account import Account, Stock, TillAccount
from epicerie_desktop.domain.units import MAX_GRAMS
from epicerie_desktop.domain.weighing import WeighingRule
from epicerie_desktop.services.labels import LabelRules, label_rules
from epicerie_desktop.services.queries.counter import PriceList, Visit, open_visit, price_list
from epicerie_desktop.services.safety.open_catalogue import Proposal, proposal
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.till import sell
from epicerie_desktop.services.weighing import weighing_rule
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.held_keys import HeldKeys, is_text
from epicerie_desktop.ui.common.layout import GAP, MARGIN
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.till import gestures
from epicerie_desktop.ui.till.allergens import AllergenHelp
from epicerie_desktop.ui.till.bags import ByBag
from epicerie_desktop.ui.till.basket_pane import BasketPane
from epicerie_desktop.ui.till.checks import Checks
from epicerie_desktop.ui.till.closing import Closing
from epicerie_desktop.ui.till.donor_step import DonorStep
from epicerie_desktop.ui.till.entry import Reader, UnknownCode, WhichDonor, read_typed
from epicerie_desktop.ui.till.entry_step import EntryStep
from epicerie_desktop.ui.till.extras import Extras
from epicerie_desktop.ui.till.gestures import Pending
from epicerie_desktop.ui.till.parts import button, scaled
from epicerie_desktop.ui.till.questions import DateStep, ValueStep
from epicerie_desktop.ui.till.side_pane import SidePane
from epicerie_desktop.ui.till.step import Step
from epicerie_desktop.ui.till.weigh_step import TooLight, Weighed, WeighStep

_SIDE_WIDTH, _WIDEST_SIDE = 348, 392
_TILL, _NOBODY = 1, 0
_Read = tuple[Visit, PriceList, WeighingRule, LabelRules]


class TillScreen(Screen):
    """The basket on the left, who and how much on the right, one question at a time at the foot."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "article",
            "article_code",
            "article_value",
            "family",
            "family_value",
            "lot",
            "access_grant",
            "weighing_scale",
            "scale_check",
            "label_layout",
            "quarantine",
        }
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.visit: Visit | None = None
        self.basket: Basket | None = None
        self.account = TillAccount(Account(), {}, Stock())
        self.agreed = ""
        self._before: list[Basket] = []
        self._pending: Pending | None = None
        self._capacity = self._scale_capacity()
        today = self.desk.clock.today()
        shop = self.desk.shop
        self.pane, self.side = BasketPane(), SidePane()
        self.entry = EntryStep(self, Reader(shop.contract_number, shop.number, today))
        self._held = HeldKeys(self, is_text)
        self.weighing = WeighStep(context.scale, self._capacity)
        self.value, self.pack_date = ValueStep(), DateStep(today)
        self.closing = Closing(self)
        self.checks = Checks(self)
        self.allergens = AllergenHelp(self)
        self.extras = Extras(self)
        self.bags = ByBag(self)
        self.donor = DonorStep()
        self._which: WhichDonor | None = None
        self._filling: tuple[Step, ...] = (
            self.entry,
            self.weighing,
            self.value,
            self.pack_date,
            self.bags.step,
            self.donor,
            *self.checks.steps,
        )
        self._steps: tuple[Step, ...] = (*self._filling, *self.closing.steps)
        self.step: Step = self.entry
        self._lay_out()
        self._connect()
        self.show_step(self.entry)

    def _scale_capacity(self) -> int:
        scale = self.context.scale.scale
        return int(scale.settings.capacity_grams) if scale is not None else self.context.settings.scale_capacity_grams

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self.pane, 1)
        for step in self._steps:
            left.addWidget(step)
        till = QWidget()
        row = QHBoxLayout(till)
        row.setContentsMargins(MARGIN, MARGIN - 4, MARGIN, MARGIN - 4)
        row.setSpacing(GAP)
        row.addLayout(left, 1)
        self.side.setFixedWidth(min(scaled(_SIDE_WIDTH), _WIDEST_SIDE))
        row.addWidget(self.side)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._nobody())
        self._pages.addWidget(till)

    def _nobody(self) -> QWidget:
        self.to_counter = button(_("Aller à l'accueil"), primary=True)
        self.to_counter.clicked.connect(self._on_to_counter)
        return EmptyState(
            "shopping-basket", _("Aucun panier ouvert"), _("La caisse s'ouvre depuis l'accueil : choisissez d'abord le foyer."),
            self.to_counter,
        )  # fmt: skip

    def _connect(self) -> None:
        self.entry.answered.connect(self._on_entry)
        self.entry.left.connect(self.leave)
        self.entry.moved.connect(self.pane.move_by)
        self.entry.removed.connect(self.remove_selected)
        self.entry.undone.connect(self.undo)
        self.weighing.answered.connect(self._on_weighed)
        self.value.answered.connect(self._on_value)
        self.pack_date.answered.connect(self._on_pack_date)
        self.donor.answered.connect(self._on_donor)
        for step in (self.weighing, self.value, self.pack_date, self.donor):
            step.left.connect(self._on_given_up)
        self.side.close_button.clicked.connect(self.close_basket)
        self.side.undo_button.clicked.connect(self.undo)
        self.side.hold_button.clicked.connect(self.leave)
        self.side.remove_button.clicked.connect(self.remove_selected)
        for key, gesture in (
            (Qt.Key.Key_F12, self.close_basket), (Qt.Key.Key_F10, self.leave), (Qt.Key.Key_F8, self.undo),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(gesture)

    # -- opening and reading -------------------------------------------------------------------------------------------

    def open_with(self, **what: Any) -> None:
        """Open the till of a `household`; `override` is the team's agreement given at the counter, if any."""
        household = int(what["household"])
        self.agreed = str(what.get("override", ""))
        self.visit = self.basket = None
        self._before, self._pending = [], None
        self.checks.begin()
        self.pane.tell("")
        self.allergens.clear()
        self.pane.show_basket(None)
        self._pages.setCurrentIndex(_TILL)
        self.show_step(self.entry)
        self._held.hold(self.entry.line)
        self.context.data.submit(
            self, partial(_read, self.desk, household), self._on_opened, self._on_not_opened, key="open"
        )

    def _on_not_opened(self, error: Exception) -> None:
        self._held.drop()
        self.on_trouble(error)

    def refresh(self) -> None:
        """Read the prices and what is left again; the basket in hand is not touched."""
        if self.visit is not None:
            self.ask(partial(_read, self.desk, self.visit.household), self._on_read_again, key="open")

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        super()._on_changed(tables)
        if "setting" in tables:
            self.allergens.read()
            self.extras.read()

    def first_field(self) -> QWidget | None:
        """Return the field of the question now asked."""
        return self.step.line if self._pages.currentIndex() == _TILL else self.to_counter

    def _on_opened(self, read: _Read) -> None:
        self._learn(read)
        assert self.visit is not None
        kept = self.visit.draft
        if kept is not None and kept.participation_permille != self.visit.participation_permille:
            kept = kept.at_rate(self.visit.participation_permille, self.entry.prices.offers)
        kept = self.account.priced(kept) if kept is not None else None
        self.basket = kept or gestures.new_basket(self.visit.participation_permille)
        if kept is not None:
            self.pane.tell(_("Le panier a été repris là où il en était."))
        self._show(row=len(self.basket.lines) - 1 if self.basket.lines else None)
        self._held.release()

    def _on_read_again(self, read: _Read) -> None:
        if self.visit is None or read[0].household != self.visit.household:
            return
        self._learn(read)
        self._show()

    def _learn(self, read: _Read) -> None:
        self.visit, prices, rule, labels = read
        self.entry.learn_prices(prices)
        self.entry.learn_labels(labels)
        self.bags.learn(rule)
        self.account = self.visit.till_account(self.entry.prices)
        self.extras.fair_share.read()
        self.extras.read_balance()

    def weights_of(self, basket: Basket) -> tuple[int, ...]:
        """Return what a basket weighs on each ceiling of the visit."""
        return self.account.weights(basket)

    def _show(self, row: int | None = None) -> None:
        if self.visit is None or self.basket is None:
            return
        self.pane.show_basket(self.basket, row)
        self.extras.show_basket(self.basket)
        self.side.show_visit(self.visit, self.agreed)
        self.side.show_basket(self.basket, self.visit.ceilings, self.weights_of(self.basket))
        self._show_buttons()

    def _show_buttons(self) -> None:
        filling = self.step is self.entry and self.basket is not None
        self.side.close_button.setEnabled(filling and bool(self.basket and self.basket.lines))
        self.side.remove_button.setEnabled(filling and bool(self.basket and self.basket.lines))
        self.side.undo_button.setEnabled(filling and bool(self._before))
        self.side.hold_button.setEnabled(self._may_leave)

    def show_step(self, step: Step) -> None:
        """Show one question at the foot and give it the keyboard."""
        if step is not self.entry:
            self.entry.hide_suggestions()
        self.step = step
        for one in self._steps:
            one.setVisible(one is step)
        self._show_buttons()
        step.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def back_to_entry(self) -> None:
        """Ask for the next article."""
        self._pending = None
        self.entry.wait_for_article()
        self.show_step(self.entry)

    # -- filling -------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_entry(self, answer: Pending | UnknownCode | ArticleOffer | WhichDonor) -> None:
        if self.basket is None or self.visit is None:
            return
        if isinstance(answer, WhichDonor):
            self._which = answer
            self.donor.ask(read_typed(answer.text).text, answer.layouts)
            self.show_step(self.donor)
            return
        if isinstance(answer, UnknownCode):
            self.entry.ask_which(answer)
            self.ask(partial(proposal, self.desk, answer.code), partial(self._on_proposal, answer), key="proposal")
        elif isinstance(answer, ArticleOffer):
            self._name_code(answer)
        else:
            self.advance(answer)

    @Slot(object)
    def _on_donor(self, layout: Layout) -> None:
        which, self._which = self._which, None
        self.back_to_entry()
        if which is None:
            return
        try:
            self._on_entry(self.entry.by_donor(which, layout))
        except RuleRefused as refusal:
            self.entry.tell(str(refusal))

    def _on_proposal(self, unknown: UnknownCode, found: Proposal | None) -> None:
        if found is not None and self.entry.asking is unknown:
            self.entry.propose(found.title)

    def _name_code(self, offer: ArticleOffer) -> None:
        unknown = self.entry.asking
        assert unknown is not None
        try:
            pending = unknown.pending.of(self.entry.prices, offer.id, self.desk.clock.today())
        except RuleRefused as refusal:
            self.entry.tell(str(refusal))
            return
        if unknown.remember:
            self.act(partial(catalogue.attach_code, self.desk, offer.id, unknown.remember))
        self.advance(pending)

    def advance(self, pending: Pending) -> None:
        """Ask what is still missing of an article, one question at a time, then add it."""
        self._pending = pending
        if self.checks.stop(pending):
            return
        if pending.offer.reference_cents is None:
            self.value.ask(pending.offer)
            self.show_step(self.value)
        elif pending.offer.id in self.entry.prices.expired_only and pending.pack_date is None:
            self.pack_date.ask(pending.offer.name)
            self.show_step(self.pack_date)
        elif pending.needs_weight:
            if self.bags.stop(pending):
                return
            self.weighing.ask(
                pending.offer, partial(self.would_pay, pending), priced=self.bags.costs_by_weight(pending)
            )
            self.show_step(self.weighing)
        else:
            self._add(pending)

    def _add(self, pending: Pending) -> None:
        assert self.basket is not None
        try:
            grown = self.account.priced(gestures.add(self.basket, pending, self._capacity))
        except RuleRefused as refusal:
            self.back_to_entry()
            self.entry.tell(str(refusal))
            return
        row = gestures.changed_line(self.basket, grown)
        self.pane.tell(pending.said)
        self.take(grown, row)
        self.back_to_entry()

    def would_pay(self, pending: Pending, grams: int) -> int:
        """Return what so many grams of an article would add to the amount to pay, in cents; 0 for what cannot be added."""
        assert self.basket is not None
        try:
            grown = self.account.priced(gestures.add(self.basket, replace(pending, grams=grams), MAX_GRAMS))
        except RuleRefused:
            return 0
        return grown.paid_cents - self.basket.paid_cents

    def take(self, basket: Basket, row: int | None = None) -> None:
        """Make this the basket in hand, keeping the one before for « Défaire », and keep its draft."""
        assert self.basket is not None
        self._before.append(self.basket)
        self.basket = basket
        self._show(row)
        self._keep()

    def _keep(self) -> None:
        assert self.basket is not None
        assert self.visit is not None
        self.act(partial(sell.save_draft, self.desk, self.visit.household, self.basket))

    @Slot(object)
    def _on_weighed(self, weighed: Weighed | TooLight) -> None:
        if self._pending is None:
            return
        if isinstance(weighed, TooLight):
            self.bags.ask(self._pending, weighed.sentence)
            return
        self.advance(
            replace(
                self._pending, grams=weighed.grams, source=weighed.source, tare_grams=weighed.tare_grams,
                gross_grams=weighed.gross_grams, scale=weighed.scale,
            )
        )  # fmt: skip

    @Slot(object)
    def _on_value(self, cents: int) -> None:
        if self._pending is None:
            return
        offer = replace(self._pending.offer, reference_cents=cents)
        prices = self.entry.prices
        self.entry.prices = replace(prices, offers=prices.offers | {offer.id: offer})
        self.act(partial(catalogue.set_reference_value, self.desk, offer.id, cents))
        self.advance(replace(self._pending, offer=offer))

    @Slot(object)
    def _on_pack_date(self, read: Any) -> None:
        if self._pending is not None:
            self.advance(replace(self._pending, pack_date=read))

    @Slot()
    def _on_given_up(self) -> None:
        self.back_to_entry()

    @Slot()
    def remove_selected(self) -> None:
        """Take the selected line off; « Défaire » brings it back."""
        line = self.pane.selected
        if line is None or self.basket is None or self.step is not self.entry:
            return
        self.pane.tell(_("« {article} » est retiré du panier. F8 le remet.").format(article=line.name))
        self.take(self.account.priced(self.basket.without(line.uid)))
        self.first_line_focus()

    @Slot()
    def undo(self) -> None:
        """Bring back the basket as it was before the last gesture."""
        if self.step is not self.entry or not self._before or self.basket is None:
            return
        after, self.basket = self.basket, self._before.pop()
        self._show(gestures.changed_line(after, self.basket))
        self.pane.tell(_("Le dernier geste est défait."))
        self._keep()
        self.first_line_focus()

    def first_line_focus(self) -> None:
        """Give the keyboard back to the field."""
        self.step.line.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- leaving and closing -------------------------------------------------------------------------------------------

    @Slot()
    def leave(self) -> None:
        """Go back to the counter; the basket stays kept as it is."""
        if self._may_leave:
            self.forget()
            self.go("counter", fresh=True)

    def booked(self) -> None:
        """The basket is a ticket now: nothing of it can be changed or kept any more."""
        self.basket = None
        self._before, self._pending = [], None
        self.pane.tell("")

    @property
    def _may_leave(self) -> bool:
        return self.step in self._filling

    def forget(self) -> None:
        """Show nobody's basket any more; what was kept stays kept."""
        self._held.drop()
        self.visit = self.basket = None
        self._before, self._pending = [], None
        self.extras.show_basket(None)
        self.extras.fair_share.clear()
        self.back_to_entry()
        self.entry.hide_suggestions()
        self._pages.setCurrentIndex(_NOBODY)

    @Slot()
    def close_basket(self) -> None:
        """Ask for the payment, after the team's agreement where one is needed."""
        if self.step is not self.entry or self.basket is None or self.visit is None:
            return
        if not self.basket.lines:
            self.entry.tell(_("Ce panier est vide : ajoutez un article, ou F10 pour revenir à l'accueil."))
            return
        self.closing.begin(self.visit, self.basket)

    @Slot()
    def _on_to_counter(self) -> None:
        self.go("counter", fresh=True)

    def submit(self, job: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run a service whose refusal is answered by a question instead of a dialog."""
        self.context.data.submit(self, job, then, failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring what is typed beside the field into it: a scanner does not look where the keyboard is."""
        if event.text().isprintable() and event.text() and self._pages.currentIndex() == _TILL:
            self.first_line_focus()
            self.step.line.insert(event.text())
            event.accept()
            return
        super().keyPressEvent(event)


def _read(desk: Any, household: int) -> _Read:
    return open_visit(desk, household), price_list(desk), weighing_rule(desk), label_rules(desk)
