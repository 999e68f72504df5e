"""One model of stock, ceilings and cash together: three hundred gestures of every kind lose nothing and count nothing twice.

The long campaign, five hundred gestures a shop: `tests/campaigns/test_five_hundred_gestures.py`.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.parcel_types import Wanted, filled
from epicerie_desktop.domain.stock import LossReason, Origin
from epicerie_desktop.persistence.models import Lot, Payment, Sale
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.figures import figures_of
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.safety import recalls
from epicerie_desktop.services.stock import catalogue, receive, stock_take
from epicerie_desktop.services.stock import repack as repacking
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import drawer, sell
from epicerie_desktop.services.till.drawer import CountForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY

MONTH_CENTS, WEEK_GRAMS = 30_00, 12_000
HOUSEHOLDS, ARTICLES, PICKS = st.integers(0, 2), st.integers(0, 2), st.integers(0)


class Ticket:
    """What a ticket of the model took."""

    def __init__(self, household: int, basket: Basket, day: date, cash: bool) -> None:
        self.household, self.day, self.in_drawer = household, day, cash
        self.shelf, self.paid = basket.shelf_cents, basket.paid_cents
        self.grams = sum(line.grams for line in basket.lines)
        self.goods: Counter[int] = Counter()
        for line in basket.lines:
            self.goods[line.article] += line.pieces if line.sold_by is SoldBy.PIECE else line.grams


class Shop(RuleBasedStateMachine):
    """The model: what each article has in all, what each lot set aside holds, each ticket, each basket in hand, the drawer."""

    def __init__(self, blank: Path, scratch: Path) -> None:
        super().__init__()
        self.folder = scratch / uuid.uuid4().hex
        shutil.copytree(blank, self.folder)
        self.desk = opening.open_desk(self.folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        self.stock: Counter[int] = Counter()
        self.aside: dict[int, tuple[int, int]] = {}
        self.hand: dict[int, Basket] = {}
        self.tickets: dict[int, Ticket] = {}
        self.cash: int | None = None
        self.counts: dict[int, int] = {}
        self.opened = False

    @initialize()
    def open_the_shop(self) -> None:
        families = {f.code: f.id for f in stock.families(self.desk) if f.id is not None}
        self.articles = [
            catalogue.save_article(self.desk, ArticleForm(families[code], name, by, net, cents))
            for code, name, by, net, cents in (
                ("EPI", "Conserves", SoldBy.PIECE, 400, 150), ("EPI", "Pâtes", SoldBy.PIECE, 500, 95), ("FL", "Pommes", SoldBy.WEIGHT, None, 210),
            )
        ]  # fmt: skip
        ceilings = (
            Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, MONTH_CENTS),
            Ceiling(CeilingMeasure.GRAMS, CeilingPeriod.WEEK, WEEK_GRAMS),
        )
        self.households = []
        for n in range(3):
            household = enrol.save_household(
                self.desk, HouseholdForm((MemberForm("Petit", f"Anna{n}", Link.HOLDER),), opened_on=TODAY)
            )
            span = (TODAY - timedelta(days=5), TODAY + timedelta(days=900))
            decide.open_right(self.desk, household, decide.RightForm(*span, 100, ceilings))
            self.households.append(household)
        self.opened = True

    # -- what is read ------------------------------------------------------------------------------------------------

    def by_piece(self, article: int) -> bool:
        return article != self.articles[2]

    def amounts(self, article: int, quantity: int) -> dict[str, int]:
        return {"pieces": quantity} if self.by_piece(article) else {"grams": quantity * 100}

    def quantity(self, article: int, quantity: int) -> int:
        return quantity if self.by_piece(article) else quantity * 100

    def lots(self) -> dict[int, tuple[int, int]]:
        """Return each lot's article and what it holds, in pieces or grams."""
        with self.desk.db.read() as session:
            rows = session.execute(select(Lot.id, Lot.article_id, Lot.balance_pieces, Lot.balance_grams)).all()
        return {lot: (a, pieces if self.by_piece(a) else grams) for lot, a, pieces, grams in rows}

    def a_lot(self, pick: int) -> int:
        lots = [k for k, (_a, q) in self.lots().items() if q > 0]
        return lots[pick % len(lots)]

    def look_at_aside(self) -> None:
        """Take what the lots set aside hold now: a loss, a count or a correction may change it, a sale may not."""
        lots = self.lots()
        self.aside = {lot: (quarantine, lots[lot][1]) for lot, (quarantine, _q) in self.aside.items()}

    def something_in_stock(self) -> bool:
        return self.opened and any(q > 0 for _a, q in self.lots().values())

    # -- goods -------------------------------------------------------------------------------------------------------

    @rule(article=ARTICLES, quantity=st.integers(1, 60))
    def receive(self, article: int, quantity: int) -> None:
        line = ReceivedLine(article_id=self.articles[article], **self.amounts(self.articles[article], quantity))
        form = ReceptionForm(Origin.DONATION, (line,), uid=uuid.uuid4())
        first = receive.record_reception(self.desk, form)
        assert receive.record_reception(self.desk, form) == first
        self.stock[self.articles[article]] += self.quantity(self.articles[article], quantity)

    @precondition(something_in_stock)
    @rule(pick=PICKS, quantity=st.integers(1, 30))
    def lose(self, pick: int, quantity: int) -> None:
        lot = self.a_lot(pick)
        article, held = self.lots()[lot]
        if self.quantity(article, quantity) > held:
            with pytest.raises(BadInput):
                receive.record_loss(self.desk, lot, reason=LossReason.UNFIT, **self.amounts(article, quantity))
            return
        receive.record_loss(self.desk, lot, reason=LossReason.UNFIT, **self.amounts(article, quantity))
        self.stock[article] -= self.quantity(article, quantity)
        self.look_at_aside()

    @precondition(something_in_stock)
    @rule(pick=PICKS, quantity=st.integers(0, 60))
    def correct(self, pick: int, quantity: int) -> None:
        lot = self.a_lot(pick)
        article, held = self.lots()[lot]
        counted = {f"counted_{k}": v for k, v in self.amounts(article, quantity).items()}
        receive.correct_lot(self.desk, lot, **counted)
        self.stock[article] += self.quantity(article, quantity) - held
        self.look_at_aside()

    @precondition(something_in_stock)
    @rule(pick=PICKS, pieces=st.integers(1, 9), waste=st.integers(0, 50))
    def repack(self, pick: int, pieces: int, waste: int) -> None:
        """Make bags of pasta of what a lot weighs; goods set aside are not touched."""
        lot = self.a_lot(pick)
        article, held = self.lots()[lot]
        with self.desk.db.read() as session:
            weight = session.get_one(Lot, lot).balance_grams
        wasted = weight * waste // 100
        taken = repacking.Taken(lot, **({"pieces": held} if self.by_piece(article) else {"grams": held}))
        made = repacking.Made(self.articles[1], pieces, weight - wasted)
        form = repacking.RepackForm((taken,), (made,), wasted)
        if lot in self.aside or weight <= wasted:
            with pytest.raises(BadInput):
                repacking.record_repacking(self.desk, form)
            return
        repacking.record_repacking(self.desk, form)
        self.stock[article] -= held
        self.stock[self.articles[1]] += pieces

    @rule(article=ARTICLES, quantity=st.integers(0, 60))
    def count_a_shelf(self, article: int, quantity: int) -> None:
        """Count what is on the shelf: what is set aside is not there, and stays as it is."""
        known = self.articles[article]
        take = stock_take.open_stock_take(self.desk)
        stock_take.count_article(self.desk, take, known, **self.amounts(known, quantity))
        lots = self.lots()
        apart = sum(held for lot, (_q, held) in self.aside.items() if lots[lot][0] == known)
        self.counts[known] = self.quantity(known, quantity) - (self.stock[known] - apart)

    @precondition(lambda self: self.counts)
    @rule()
    def close_the_stock_take(self) -> None:
        stock_take.close_stock_take(self.desk, stock_take.open_stock_take(self.desk))
        for article, difference in self.counts.items():
            self.stock[article] += difference
        self.counts = {}
        self.look_at_aside()

    @precondition(something_in_stock)
    @rule(pick=PICKS)
    def set_aside(self, pick: int) -> None:
        lot = self.a_lot(pick)
        if lot in self.aside:
            with pytest.raises(RuleRefused):
                recalls.quarantine_lot(self.desk, lot, "doute de l'équipe")
            return
        self.aside[lot] = (recalls.quarantine_lot(self.desk, lot, "doute de l'équipe"), self.lots()[lot][1])

    @precondition(lambda self: self.aside)
    @rule(pick=PICKS)
    def let_out_again(self, pick: int) -> None:
        lot = list(self.aside)[pick % len(self.aside)]
        recalls.lift_quarantine(self.desk, self.aside.pop(lot)[0], "ce n'est pas ce lot")

    # -- the till ----------------------------------------------------------------------------------------------------

    @rule(household=HOUSEHOLDS, article=ARTICLES, quantity=st.integers(1, 12))
    def add_and_hold(self, household: int, article: int, quantity: int) -> None:
        """Resume a basket, which must be the one that was left, and leave it again with one more article."""
        kept = counter.open_visit(self.desk, self.households[household]).draft
        assert kept == self.hand.get(household)
        wanted = Wanted(self.articles[article], self.quantity(self.articles[article], quantity))
        offers = counter.price_list(self.desk).offers
        basket, left_out = filled(kept or Basket(str(uuid.uuid4()), 100), (wanted,), offers)
        assert not left_out
        sell.save_draft(self.desk, self.households[household], basket)
        self.hand[household] = basket

    @precondition(lambda self: self.hand)
    @rule(pick=PICKS)
    def give_up(self, pick: int) -> None:
        household = list(self.hand)[pick % len(self.hand)]
        del self.hand[household]
        sell.drop_draft(self.desk, self.households[household])

    def over(self, household: int, basket: Basket) -> bool:
        shelf, grams = self.taken(household)
        return shelf + basket.shelf_cents > MONTH_CENTS or grams + sum(line.grams for line in basket.lines) > WEEK_GRAMS

    def taken(self, household: int) -> tuple[int, int]:
        """Return what a household has taken: cents of shelf value this month, grams this week."""
        today = self.desk.clock.today()
        own = [t for t in self.tickets.values() if t.household == household]
        return (
            sum(t.shelf for t in own if (t.day.year, t.day.month) == (today.year, today.month)),
            sum(t.grams for t in own if t.day.isocalendar()[:2] == today.isocalendar()[:2]),
        )

    @precondition(lambda self: self.hand)
    @rule(pick=PICKS, extra=st.integers(0, 500), twice=st.booleans())
    def pay(self, pick: int, extra: int, twice: bool) -> None:
        household = list(self.hand)[pick % len(self.hand)]
        basket, before = self.hand[household], self.lots()
        who, agreed = self.households[household], ""
        with pytest.raises(BadInput):
            sell.record_sale(self.desk, who, basket, sell.PaymentForm(basket.paid_cents - 1), override="accord")
        if self.over(household, basket):
            with pytest.raises(sell.CeilingExceeded):
                sell.record_sale(self.desk, who, basket, sell.PaymentForm(basket.paid_cents))
            agreed = "déjà dans le sac"
        assert self.lots() == before
        receipt = sell.record_sale(self.desk, who, basket, sell.PaymentForm(basket.paid_cents + extra), override=agreed)
        assert receipt.change_cents == extra
        if twice:
            again = sell.record_sale(self.desk, who, basket, sell.PaymentForm(basket.paid_cents))
            assert (again.sale, again.again) == (receipt.sale, True)
        del self.hand[household]
        ticket = Ticket(household, basket, self.desk.clock.today(), self.cash is not None)
        self.tickets[receipt.sale] = ticket
        self.stock.subtract(ticket.goods)
        self.cash = None if self.cash is None else self.cash + ticket.paid

    @precondition(lambda self: self.tickets)
    @rule(pick=PICKS)
    def cancel(self, pick: int) -> None:
        sale = list(self.tickets)[pick % len(self.tickets)]
        sell.cancel_sale(self.desk, sale, "erreur de foyer")
        ticket = self.tickets.pop(sale)
        self.stock.update(ticket.goods)
        self.cash = None if self.cash is None else self.cash - ticket.paid
        self.look_at_aside()
        with pytest.raises(RuleRefused):
            sell.cancel_sale(self.desk, sale, "encore")

    # -- the drawer --------------------------------------------------------------------------------------------------

    @rule(cents=st.integers(0, 10_000))
    def open_the_drawer(self, cents: int) -> None:
        if self.cash is not None:
            with pytest.raises(RuleRefused):
                drawer.open_session(self.desk, cents)
            return
        drawer.open_session(self.desk, cents)
        self.cash = cents

    @precondition(lambda self: self.cash is not None)
    @rule(
        kind=st.sampled_from((CashMoveKind.FLOAT, CashMoveKind.DEPOSIT, CashMoveKind.SPENT)),
        cents=st.integers(1, 3_000),
        undone=st.booleans(),
    )
    def move_cash(self, kind: CashMoveKind, cents: int, undone: bool) -> None:
        assert self.cash is not None
        made = drawer.move_cash(self.desk, kind, cents, "sacs")
        if undone:
            drawer.reverse_cash_move(self.desk, made, "montant mal tapé")
        else:
            self.cash += cents if kind is CashMoveKind.FLOAT else -cents

    @precondition(lambda self: self.cash is not None)
    @rule(apart=st.integers(-300, 300), go_on=st.booleans())
    def count_the_drawer(self, apart: int, go_on: bool) -> None:
        assert self.cash is not None
        counted = max(0, self.cash + apart)
        drawer.close_session(self.desk, CountForm(counted, reason="un rendu de monnaie faux"), go_on=go_on)
        self.cash = counted if go_on else None

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.desk = replace(self.desk, clock=FrozenClock.on(self.desk.clock.today() + timedelta(days=days)))

    # -- nothing lost, nothing counted twice -------------------------------------------------------------------------

    @invariant()
    def the_stock_is_that_of_the_model(self) -> None:
        if not self.opened:
            return
        lots = self.lots()
        found: Counter[int] = Counter()
        for article, quantity in lots.values():
            found[article] += quantity
        assert {a: n for a, n in found.items() if n} == {a: n for a, n in self.stock.items() if n}
        assert {lot: lots[lot][1] for lot in self.aside} == {lot: held for lot, (_q, held) in self.aside.items()}

    @invariant()
    def the_ceilings_are_those_of_the_model(self) -> None:
        for n, household in enumerate(self.households if self.opened else ()):
            left = counter.open_visit(self.desk, household).ceilings
            assert tuple(c.taken for c in left) == self.taken(n)

    @invariant()
    def the_cash_is_that_of_the_model(self) -> None:
        with self.desk.db.read() as session:
            held = drawer.session_in(session, self.desk.post.id)
            assert (held is None) is (self.cash is None)
            if held is not None:
                assert drawer.state_in(session, held).expected_cents == self.cash
            paid = session.scalar(select(func.coalesce(func.sum(Payment.cents), 0)))
            due = session.scalar(select(func.coalesce(func.sum(Sale.paid_cents), 0)))
        assert paid == due == sum(t.paid for t in self.tickets.values())

    @invariant()
    def every_basket_is_where_it_was_left(self) -> None:
        held = {r.household: r.lines for r in counter.held_baskets(self.desk)}
        assert held == {self.households[h]: len(b.lines) for h, b in self.hand.items()}

    def teardown(self) -> None:
        assert safeguard.verify_file(self.desk) == ()
        today = self.desk.clock.today()
        months = figures_of(self.desk, f"{TODAY:%Y-%m}", f"{today:%Y-%m}")
        kept = self.tickets.values()
        assert sum(h.paid_cents for m in months for h in m.households) == sum(t.paid for t in kept)
        assert sum(h.visits for m in months for h in m.households) == len({(t.household, t.day) for t in kept})
        self.desk.db.close()
        shutil.rmtree(self.folder)


def test_a_shop_loses_nothing_and_counts_nothing_twice(blank_shop: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: Shop(blank_shop, tmp_path),
        settings=settings(
            max_examples=10, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
