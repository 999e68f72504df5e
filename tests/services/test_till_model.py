"""Five hundred random gestures at two posts of the till against a model: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from dataclasses import replace
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
from sqlalchemy import func, insert, select

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted, filled, size_for
from epicerie_desktop.persistence.models import EmergencyParcel, Lot, Payment, Post, Sale
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.desk import Post as AtPost
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.till import hand_over, orders, parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import PASSPHRASE, TODAY

POSTS, HOUSEHOLDS, ARTICLES = st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)
MOST = 4
Goods = Counter[int]


class Till(RuleBasedStateMachine):
    """The model: what is in each basket, each order, each ticket, by article; the stock is what all of them took."""

    def __init__(self, blank: Path, scratch: Path) -> None:
        super().__init__()
        self.folder = scratch / uuid.uuid4().hex
        shutil.copytree(blank, self.folder)
        first = opening.open_desk(self.folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        with first.db.write() as session:
            second = session.execute(
                insert(Post).values(uid=uuid.uuid4(), number=2, name="Poste 2").returning(Post.id)
            ).scalar_one()
        self.desks: tuple[Desk, Desk] = (first, replace(first, post=AtPost(second, 2, "Poste 2")))
        self.hand: dict[tuple[int, int], Basket] = {}
        self.stale: list[tuple[int, int, Basket]] = []
        self.orders: dict[int, tuple[int, Basket]] = {}
        self.tickets: dict[int, tuple[Goods, int]] = {}
        self.cancelled = 0
        self.emergencies: dict[int, Goods] = {}

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

    @precondition(lambda self: self.hand)
    @rule(pick=st.integers(0), twice=st.booleans())
    def pay(self, pick: int, twice: bool) -> None:
        post, household = list(self.hand)[pick % len(self.hand)]
        basket = self.hand.pop((post, household))
        sale = self.book(post, household, basket).sale
        self.tickets[sale] = (self.goods(basket), household)
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
        del self.tickets[sale]
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
        given = parcels.emergencies_between(self.desks[0], TODAY, TODAY)
        assert given.parcels == len(self.emergencies)

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


def test_five_hundred_gestures_lose_and_double_nothing(blank_shop: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: Till(blank_shop, tmp_path),
        settings=settings(
            max_examples=10, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
