"""Five hundred random gestures at two posts of the till against a model: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from datetime import timedelta
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

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted, filled, size_for
from epicerie_desktop.domain.payments import PURSE_KINDS, Part, PaymentKind
from epicerie_desktop.persistence.models import EmergencyParcel, Lot, Payment, Sale
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.till import drawer, hand_over, orders, parcels, purse, sell
from epicerie_desktop.services.till.limits import TillLimits, save_limits
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import at_second_post

POSTS, HOUSEHOLDS, ARTICLES = st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)
MOST = 4
OWED = 150
"""What a household may owe at most, in cents."""
Goods = Counter[int]


class Till(RuleBasedStateMachine):
    """The model: what is in each basket, each order, each ticket, by article; the stock is what all of them took.

    And what each means brought, what each household has ahead or owes, what each drawer should hold.
    """

    def __init__(self, blank: Path, scratch: Path) -> None:
        super().__init__()
        self.folder = scratch / uuid.uuid4().hex
        shutil.copytree(blank, self.folder)
        first = opening.open_desk(self.folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        self.desks: tuple[Desk, Desk] = (first, at_second_post(first))
        self.hand: dict[tuple[int, int], Basket] = {}
        self.stale: list[tuple[int, int, Basket]] = []
        self.orders: dict[int, tuple[int, Basket]] = {}
        self.tickets: dict[int, tuple[Goods, int]] = {}
        self.cancelled = 0
        self.emergencies: dict[int, Goods] = {}
        self.paid: dict[int, dict[PaymentKind, int]] = {}
        self.ahead: Counter[int] = Counter()
        self.drawers: dict[int, int] = {}
        self.taken: dict[int, tuple[int, int]] = {}

    @initialize()
    def open_the_shop(self) -> None:
        desk = self.desks[0]
        families = {f.code: f.id for f in stock.families(desk)}
        self.articles = [
            catalogue.save_article(desk, ArticleForm(families["EPI"], name, by, net, 100))
            for name, by, net in (("Conserves", SoldBy.PIECE, 400), ("Pâtes", SoldBy.PIECE, 500), ("Pommes", SoldBy.WEIGHT, None))
        ]  # fmt: skip
        self.households = []
        for n in range(3):
            members = (
                MemberForm("Petit", f"Anna{n}", Link.HOLDER),
                *(MemberForm("Petit", f"E{k}", Link.CHILD) for k in range(n)),
            )
            household = enrol.save_household(desk, HouseholdForm(members, opened_on=TODAY - timedelta(days=9)))
            decide.open_right(
                desk, household, decide.RightForm(TODAY - timedelta(days=9), TODAY + timedelta(days=60), 100, ())
            )
            self.households.append(household)
        self.parcel = parcels.save_parcel_type(
            desk,
            parcels.ParcelTypeForm(
                "Colis sec",
                (
                    ParcelSize(1, (Wanted(self.articles[0], 2), Wanted(self.articles[2], 1_000))),
                    ParcelSize(3, (Wanted(self.articles[0], 5), Wanted(self.articles[1], 2))),
                ),
            ),
        )
        parcels.set_most_emergencies_a_day(desk, MOST)
        for code in ("means", "vouchers", "purse", "slate"):
            save_feature(desk, code, True)
        save_limits(desk, TillLimits(slate_cents=OWED))

    def goods(self, basket: Basket) -> Goods:
        found: Goods = Counter()
        for line in basket.lines:
            found[line.article] += line.pieces if line.sold_by is SoldBy.PIECE else line.grams
        return found

    def opened(self, post: int, household: int) -> Basket:
        """Return the basket as the till resumes it, which must be the one that was left."""
        kept = counter.open_visit(self.desks[post], self.households[household]).draft
        assert kept == self.hand.get((post, household))
        return kept or Basket(str(uuid.uuid4()), 100)

    def keep(self, post: int, household: int, basket: Basket) -> None:
        sell.save_draft(self.desks[post], self.households[household], basket)
        self.hand[post, household] = basket

    @rule(post=POSTS, household=HOUSEHOLDS, article=ARTICLES, quantity=st.integers(1, 40))
    def add(self, post: int, household: int, article: int, quantity: int) -> None:
        offers = counter.price_list(self.desks[post]).offers
        wanted = (Wanted(self.articles[article], quantity),)
        self.keep(post, household, filled(self.opened(post, household), wanted, offers)[0])

    @rule(post=POSTS, household=HOUSEHOLDS)
    def add_a_parcel(self, post: int, household: int) -> None:
        (kind,) = parcels.list_parcel_types(self.desks[post])
        persons = counter.open_visit(self.desks[post], self.households[household]).persons
        assert persons == household + 1
        offers = counter.price_list(self.desks[post]).offers
        before = self.opened(post, household)
        after, left_out = filled(before, size_for(kind.sizes, persons), offers)
        assert not left_out
        added = self.goods(after) - self.goods(before)
        pieces, pasta, apples = self.articles
        assert added == (Counter({pieces: 5, pasta: 2}) if persons >= 3 else Counter({pieces: 2, apples: 1_000}))
        self.keep(post, household, after)

    @rule(post=POSTS, household=HOUSEHOLDS)
    def begin_with_the_last_visit(self, post: int, household: int) -> None:
        last = [t for t in self.tickets.values() if t[1] == household]
        wanted = orders.last_taken(self.desks[post], self.households[household])
        expected = Counter({a: q for a, q in last[-1][0].items() if a != self.articles[2]}) if last else Counter()
        assert Counter({w.article: w.quantity for w in wanted}) == expected

    @precondition(lambda self: self.hand)
    @rule(pick=st.integers(0))
    def take_over(self, pick: int) -> None:
        post, household = list(self.hand)[pick % len(self.hand)]
        other = 1 - post
        assert (post, household) in {
            (0 if r.post == self.desks[0].post.id else 1, self.households.index(r.household))
            for r in hand_over.baskets_elsewhere(self.desks[other])
        }
        if (other, household) in self.hand:
            with pytest.raises(RuleRefused):
                hand_over.take_over(self.desks[other], self.households[household], self.desks[post].post.id)
            return
        hand_over.take_over(self.desks[other], self.households[household], self.desks[post].post.id)
        basket = self.hand.pop((post, household))
        self.stale.append((post, household, basket))
        self.hand[other, household] = basket

    @precondition(lambda self: self.stale)
    @rule(pick=st.integers(0))
    def go_on_at_the_post_it_left(self, pick: int) -> None:
        """What was on the screen of the post it left may neither be kept nor paid a second time."""
        post, household, basket = self.stale.pop(pick % len(self.stale))
        if (1 - post, household) not in self.hand or self.hand[1 - post, household].uid != basket.uid:
            return
        with pytest.raises(RuleRefused):
            sell.save_draft(self.desks[post], self.households[household], basket)
        with pytest.raises(RuleRefused):
            self.book(post, household, basket)

    def book(self, post: int, household: int, basket: Basket) -> sell.Receipt:
        payment = sell.PaymentForm(basket.paid_cents)
        return sell.record_sale(self.desks[post], self.households[household], basket, payment)

    def count_in(self, post: int, household: int, amounts: dict[PaymentKind, int], sign: int = 1) -> None:
        if post in self.drawers:
            self.drawers[post] += sign * amounts.get(PaymentKind.CASH, 0)
        self.ahead[household] -= sign * sum(amounts.get(k, 0) for k in PURSE_KINDS)

    @rule(post=POSTS, household=HOUSEHOLDS, cents=st.integers(1, 120))
    def pay_ahead_or_settle(self, post: int, household: int, cents: int) -> None:
        made = purse.pay_in(self.desks[post], self.households[household], cents)
        assert made.settled_cents == min(cents, max(0, -self.ahead[household]))
        self.count_in(post, household, {PaymentKind.CASH: cents, PaymentKind.PURSE: -cents})
        self.taken[made.cash_move] = (household, cents)

    @precondition(lambda self: self.taken)
    @rule(pick=st.integers(0), post=POSTS)
    def undo_money_taken(self, pick: int, post: int) -> None:
        move = list(self.taken)[pick % len(self.taken)]
        household, cents = self.taken[move]
        try:
            purse.cancel_pay_in(self.desks[post], move, "foyer pris pour un autre")
        except RuleRefused:
            assert self.ahead[household] < cents, "refused while the money is still there"
            return
        del self.taken[move]
        self.count_in(post, household, {PaymentKind.CASH: -cents, PaymentKind.PURSE: cents})

    @rule(post=POSTS, cents=st.integers(0, 5_000))
    def open_or_count_the_drawer(self, post: int, cents: int) -> None:
        if post in self.drawers:
            held = self.drawers.pop(post)
            drawer.close_session(
                self.desks[post],
                drawer.CountForm(max(0, held), reason="le reste est au poste voisin" if held < 0 else ""),
            )
        else:
            drawer.open_session(self.desks[post], cents)
            self.drawers[post] = cents

    @precondition(lambda self: self.hand)
    @rule(
        pick=st.integers(0),
        others=st.lists(
            st.tuples(st.sampled_from([k for k in PaymentKind if k is not PaymentKind.CASH]), st.integers(1, 60)),
            max_size=3,
        ),
        more=st.integers(0, 500),
    )
    def pay_with_several_means(self, pick: int, others: list[tuple[PaymentKind, int]], more: int) -> None:
        post, household = list(self.hand)[pick % len(self.hand)]
        basket = self.hand[post, household]
        due, ahead = basket.paid_cents, self.ahead[household]
        amounts: Counter[PaymentKind] = Counter()
        for kind, cents in others:
            amounts[kind] += cents
        rest = due - amounts.total()
        used, owed = amounts[PaymentKind.PURSE], sum(amounts[k] for k in PURSE_KINDS) - ahead
        form = sell.PaymentForm(max(0, rest) + more, tuple(Part(k, c) for k, c in others))
        if rest < 0 or used > max(0, ahead) or (amounts[PaymentKind.SLATE] and owed > OWED):
            with pytest.raises(RuleRefused):
                sell.record_sale(self.desks[post], self.households[household], basket, form)
            return
        del self.hand[post, household]
        receipt = sell.record_sale(self.desks[post], self.households[household], basket, form)
        assert receipt.change_cents == (more if rest or not others else 0)
        amounts[PaymentKind.CASH] = rest
        self.tickets[receipt.sale] = (self.goods(basket), household)
        self.paid[receipt.sale] = dict(+amounts)
        self.count_in(post, household, self.paid[receipt.sale])

    @precondition(lambda self: self.hand)
    @rule(pick=st.integers(0), twice=st.booleans())
    def pay(self, pick: int, twice: bool) -> None:
        post, household = list(self.hand)[pick % len(self.hand)]
        basket = self.hand.pop((post, household))
        sale = self.book(post, household, basket).sale
        self.tickets[sale] = (self.goods(basket), household)
        self.paid[sale] = {PaymentKind.CASH: basket.paid_cents}
        self.count_in(post, household, self.paid[sale])
        if twice:
            again = self.book(post, household, basket)
            assert (again.sale, again.again) == (sale, True)

    @precondition(lambda self: self.hand)
    @rule(pick=st.integers(0), days=st.integers(0, 2))
    def put_aside_as_an_order(self, pick: int, days: int) -> None:
        post, household = list(self.hand)[pick % len(self.hand)]
        basket = self.hand.pop((post, household))
        order = orders.prepare_order(self.desks[post], self.households[household], TODAY + timedelta(days=days), basket)
        self.orders[order] = (household, basket)

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0), post=POSTS)
    def take_an_order(self, pick: int, post: int) -> None:
        order = list(self.orders)[pick % len(self.orders)]
        household, basket = self.orders[order]
        if any((p, household) in self.hand for p in (0, 1)):
            with pytest.raises(RuleRefused):
                orders.take_order(self.desks[post], order)
            return
        orders.take_order(self.desks[post], order)
        self.hand[post, household] = basket
        del self.orders[order]
        with pytest.raises(RuleRefused):
            orders.take_order(self.desks[post], order)

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0))
    def drop_an_order(self, pick: int) -> None:
        order = list(self.orders)[pick % len(self.orders)]
        del self.orders[order]
        orders.drop_order(self.desks[0], order)

    @precondition(lambda self: self.tickets)
    @rule(pick=st.integers(0), post=POSTS)
    def cancel_a_ticket(self, pick: int, post: int) -> None:
        sale = list(self.tickets)[pick % len(self.tickets)]
        sell.cancel_sale(self.desks[post], sale, "erreur de saisie")
        _goods, household = self.tickets.pop(sale)
        self.count_in(post, household, self.paid.pop(sale), -1)
        self.cancelled += 1
        with pytest.raises(RuleRefused):
            sell.cancel_sale(self.desks[post], sale, "encore")

    @rule(post=POSTS, article=ARTICLES, quantity=st.integers(1, 9), persons=st.integers(1, 6))
    def give_an_emergency_parcel(self, post: int, article: int, quantity: int, persons: int) -> None:
        desk = self.desks[post]
        wanted = (Wanted(self.articles[article], quantity),)
        basket, _ = filled(Basket(str(uuid.uuid4()), 0), wanted, counter.price_list(desk).offers)
        if len(self.emergencies) >= MOST:
            with pytest.raises(RuleRefused):
                parcels.give_emergency_parcel(desk, basket, persons)
            return
        parcel = parcels.give_emergency_parcel(desk, basket, persons)
        assert parcels.give_emergency_parcel(desk, basket, persons) == parcel
        self.emergencies[parcel] = self.goods(basket)

    @precondition(lambda self: self.emergencies)
    @rule(pick=st.integers(0))
    def cancel_an_emergency_parcel(self, pick: int) -> None:
        parcel = list(self.emergencies)[pick % len(self.emergencies)]
        del self.emergencies[parcel]
        parcels.cancel_emergency_parcel(self.desks[0], parcel, "remis par erreur")
        with pytest.raises(RuleRefused):
            parcels.cancel_emergency_parcel(self.desks[0], parcel, "encore")

    @invariant()
    def the_stock_is_what_tickets_and_parcels_took(self) -> None:
        taken: Goods = Counter()
        for goods in (*(t[0] for t in self.tickets.values()), *self.emergencies.values()):
            taken.update(goods)
        with self.desks[0].db.read() as session:
            rows = session.execute(
                select(Lot.article_id, func.sum(Lot.balance_pieces), func.sum(Lot.balance_grams)).group_by(
                    Lot.article_id
                )
            ).all()
            paid = session.scalar(select(func.coalesce(func.sum(Payment.cents), 0)))
            due = session.scalar(select(func.coalesce(func.sum(Sale.paid_cents), 0)))
            count = session.scalar(select(func.count()).select_from(Sale))
        weighed = self.articles[2] if hasattr(self, "articles") else 0
        found = {a: -(grams if a == weighed else pieces) for a, pieces, grams in rows}
        assert {a: n for a, n in found.items() if n} == dict(taken)
        assert paid == due
        assert count == len(self.tickets) + 2 * self.cancelled
        given = [p for p in parcels.emergencies_of_day(self.desks[0]) if not p.cancelled]
        assert len(given) == len(self.emergencies)

    @invariant()
    def every_cent_is_in_its_drawer_or_its_balance(self) -> None:
        if not hasattr(self, "parcel"):
            return
        for n, household in enumerate(self.households):
            assert purse.purse_cents(self.desks[0], household) == self.ahead[n]
        expected: Counter[PaymentKind] = Counter()
        for amounts in self.paid.values():
            expected.update(amounts)
        with self.desks[0].db.read() as session:
            for post, desk in enumerate(self.desks):
                held = drawer.session_in(session, desk.post.id)
                found = None if held is None else drawer.state_in(session, held).expected_cents
                assert found == self.drawers.get(post)
            rows = session.execute(select(Payment.kind, func.sum(Payment.cents)).group_by(Payment.kind)).all()
        assert {k: c for k, c in rows if c} == {k: c for k, c in expected.items() if c}

    @invariant()
    def every_basket_and_order_is_where_it_was_left(self) -> None:
        for post, desk in enumerate(self.desks):
            held = {r.household: r.lines for r in counter.held_baskets(desk)}
            expected = {self.households[h]: len(b.lines) for (p, h), b in self.hand.items() if p == post}
            assert held == expected
        waiting = {r.id: r.lines for r in orders.waiting_orders(self.desks[0])}
        assert waiting == {o: len(b.lines) for o, (_h, b) in self.orders.items()}

    def teardown(self) -> None:
        with self.desks[0].db.read() as session:
            assert session.scalar(select(func.coalesce(func.sum(EmergencyParcel.persons), 0))) >= len(self.emergencies)
        assert safeguard.verify_file(self.desks[0]) == ()
        self.desks[0].db.close()
        shutil.rmtree(self.folder)


def test_random_gestures_at_two_posts_lose_and_double_nothing(blank_shop: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: Till(blank_shop, tmp_path),
        settings=settings(
            max_examples=5, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
