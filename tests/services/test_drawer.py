"""The drawer and the closings: whatever is sold, cancelled, paid ahead, left to pay, counted or closed, nothing is lost or counted twice."""

from __future__ import annotations

import shutil
import uuid
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
from sqlalchemy import text

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.cash import DENOMINATIONS, CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.payments import Part, PaymentKind
from epicerie_desktop.persistence.models import Closing, TillSession
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.features import features_of, save_feature
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.drawer import closings_now, drawer_now
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.till import closings, drawer, purse, regie, sell
from epicerie_desktop.services.till.drawer import CountForm
from epicerie_desktop.services.till.regie import PaymentForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold


class Till(RuleBasedStateMachine):
    """The model is the money in the drawer, what each means brought, what the household has ahead, and what is closed."""

    def __init__(self, blank: Path, scratch: Path) -> None:
        super().__init__()
        self.folder = scratch / uuid.uuid4().hex
        shutil.copytree(blank, self.folder)
        self.desk = opening.open_desk(self.folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        self.cash: int | None = None
        self.ahead = self.steps = 0
        self.net = self.gross = self.unclosed = self.to_pay = 0
        self.tickets: dict[int, tuple[int, dict[PaymentKind, int]]] = {}

    @initialize()
    def open_the_shop(self) -> None:
        families = {f.code: f.id for f in stock.families(self.desk)}
        self.article = catalogue.save_article(
            self.desk, ArticleForm(families["EPI"], "Conserve", SoldBy.PIECE, 400, 100)
        )
        self.household = enrol.save_household(self.desk, HouseholdForm((MemberForm("Petit", "Anna", Link.HOLDER),)))
        for code in ("means", "vouchers", "purse", "slate"):
            save_feature(self.desk, code, True)

    def book(self, amounts: dict[PaymentKind, int]) -> None:
        for kind, cents in amounts.items():
            if kind is PaymentKind.CASH and self.cash is not None:
                self.cash += cents
            if kind in (PaymentKind.PURSE, PaymentKind.SLATE):
                self.ahead -= cents
            else:
                self.to_pay += cents

    @rule(
        pieces=st.integers(1, 20),
        kind=st.sampled_from(PaymentKind),
        part=st.integers(1, 2_000),
        extra=st.integers(0, 500),
    )
    def sell(self, pieces: int, kind: PaymentKind, part: int, extra: int) -> None:
        offer = counter.price_list(self.desk).offers[self.article]
        basket = Basket(str(uuid.uuid4()), 1000).with_pieces(str(uuid.uuid4()), offer, pieces)
        due = basket.paid_cents
        parts = () if kind is PaymentKind.CASH else (Part(kind, part),)
        rest = due - sum(p.cents for p in parts)
        form = sell.PaymentForm(max(0, rest) + (extra if rest > 0 else 0), parts)
        refused = rest < 0 or (kind is PaymentKind.PURSE and part > self.ahead)
        if refused:
            with pytest.raises((BadInput, RuleRefused)):
                sell.record_sale(self.desk, self.household, basket, form, override="accord de l'équipe")
            return
        receipt = sell.record_sale(self.desk, self.household, basket, form, override="accord de l'équipe")
        assert receipt.change_cents == (extra if rest > 0 else 0)
        amounts = {p.kind: p.cents for p in parts} | ({PaymentKind.CASH: rest} if rest else {})
        self.tickets[receipt.sale] = (due, amounts)
        self.book(amounts)
        self.net, self.gross, self.unclosed = self.net + due, self.gross + due, self.unclosed + 1

    @precondition(lambda self: self.tickets)
    @rule(pick=st.integers(0))
    def cancel(self, pick: int) -> None:
        sale = list(self.tickets)[pick % len(self.tickets)]
        due, amounts = self.tickets.pop(sale)
        sell.cancel_sale(self.desk, sale, "erreur de foyer")
        self.book({k: -v for k, v in amounts.items()})
        self.net, self.gross, self.unclosed = self.net - due, self.gross + due, self.unclosed + 1
        with pytest.raises(RuleRefused):
            sell.cancel_sale(self.desk, sale, "encore")

    @rule(cents=st.integers(1, 5_000))
    def pay_ahead(self, cents: int) -> None:
        assert purse.pay_in(self.desk, self.household, cents).balance_cents == self.ahead + cents
        self.ahead, self.to_pay = self.ahead + cents, self.to_pay + cents
        self.cash = None if self.cash is None else self.cash + cents

    @rule(cents=st.integers(1, 5_000))
    def give_back(self, cents: int) -> None:
        if cents > self.ahead:
            with pytest.raises(RuleRefused):
                purse.give_back(self.desk, self.household, cents, "départ du foyer")
            return
        purse.give_back(self.desk, self.household, cents, "départ du foyer")
        self.ahead, self.to_pay = self.ahead - cents, self.to_pay - cents
        self.cash = None if self.cash is None else self.cash - cents

    @rule()
    def undo_at_the_counter(self) -> None:
        """What the counter offers to undo is never refused, whatever was sold, spent or closed since."""
        view = purse.purse_view(self.desk, self.household)
        assert (view.balance_cents, view.gives) == (self.ahead, self.ahead > 0)
        if view.undo is None:
            return
        assert purse.cancel_pay_in(self.desk, view.undo, "autre foyer") == self.ahead - view.undo_cents
        self.ahead, self.to_pay = self.ahead - view.undo_cents, self.to_pay - view.undo_cents
        self.cash = None if self.cash is None else self.cash - view.undo_cents

    @rule(cents=st.integers(0, 10_000))
    def open(self, cents: int) -> None:
        if self.cash is not None:
            with pytest.raises(RuleRefused):
                drawer.open_session(self.desk, cents)
            return
        drawer.open_session(self.desk, cents)
        self.cash = cents

    @rule(
        kind=st.sampled_from((CashMoveKind.FLOAT, CashMoveKind.DEPOSIT, CashMoveKind.SPENT)),
        cents=st.integers(1, 3_000),
        undone=st.booleans(),
    )
    def move(self, kind: CashMoveKind, cents: int, undone: bool) -> None:
        made = drawer.move_cash(self.desk, kind, cents, "sacs")
        if undone:
            drawer.reverse_cash_move(self.desk, made, "montant mal tapé")
        elif self.cash is not None:
            self.cash += cents if kind is CashMoveKind.FLOAT else -cents

    @precondition(lambda self: self.cash is not None)
    @rule(apart=st.integers(-300, 300), deposit=st.integers(0, 4_000), go_on=st.booleans())
    def count(self, apart: int, deposit: int, go_on: bool) -> None:
        assert self.cash is not None
        counted = max(0, self.cash + apart)
        form = CountForm(counted, deposit_cents=min(deposit, counted), note="Deux cagettes de poires à finir")
        if counted != self.cash:
            with pytest.raises(BadInput):
                drawer.close_session(self.desk, form, go_on=go_on)
            form = replace(form, reason="un rendu de monnaie faux")
        next_one = drawer.close_session(self.desk, form, go_on=go_on)
        assert (next_one is not None) is go_on
        self.cash = counted - form.deposit_cents if go_on else None

    @rule()
    def pay_the_accountant(self) -> None:
        if self.to_pay <= 0:
            with pytest.raises(RuleRefused):
                regie.pay_accountant(self.desk, PaymentForm())
            return
        made = regie.pay_accountant(self.desk, PaymentForm())
        assert regie.payment_paper(self.desk, made).total_cents == self.to_pay
        self.to_pay = 0

    @rule()
    def close_the_day(self) -> None:
        if not self.unclosed:
            with pytest.raises(RuleRefused):
                closings.close_day(self.desk)
            return
        closings.close_day(self.desk)
        self.unclosed = 0

    @rule(days=st.sampled_from((1, 2, 35, 400)))
    def days_pass(self, days: int) -> None:
        self.desk = replace(self.desk, clock=FrozenClock.on(self.desk.clock.today() + timedelta(days=days)))
        closings.close_due(self.desk)
        assert closings.close_due(self.desk) == 0, "closed twice"
        self.unclosed = 0

    @invariant()
    def the_books_say_the_same(self) -> None:
        if not hasattr(self, "household"):
            return
        self.steps += 1
        # The whole file is read again at each step of a short play; a campaign would spend its night on it.
        if self.steps < 40 or self.steps % 25 == 0:
            assert safeguard.verify_file(self.desk) == ()
        assert purse.purse_cents(self.desk, self.household) == self.ahead
        with self.desk.db.read() as session:
            held = drawer.session_in(session, self.desk.post.id)
            assert (held is None) is (self.cash is None)
            if held is not None:
                assert drawer.state_in(session, held).expected_cents == self.cash
            last = session.query(Closing).filter_by(kind="DAY").order_by(Closing.id.desc()).first()
        today = self.desk.clock.today()
        assert regie.register(self.desk, TODAY, today).after_cents == self.to_pay
        assert regie.regie_view(self.desk).held.total_cents == self.to_pay
        x = closings.reading(self.desk)
        closed = (last.perpetual_cents, last.perpetual_gross_cents) if last else (0, 0)
        assert (closed[0] + x.paid_cents, closed[1] + x.gross_cents) == (self.net, self.gross)
        assert x.tickets + x.cancelled == self.unclosed

    def teardown(self) -> None:
        assert safeguard.verify_file(self.desk) == ()
        self.desk.db.close()
        shutil.rmtree(self.folder)


def test_nothing_is_lost_or_counted_twice(blank_shop: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Till(blank_shop, tmp_path),
        settings=settings(
            max_examples=7,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_a_day_is_counted_coin_by_coin_and_the_next_team_reads_the_note(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    counts = {20_00: 1, 20: 2, 10: 1}
    drawer.close_session(desk, CountForm(counts=counts, note="Le congélateur 2 givre.", deposit_cents=50))
    with desk.db.read() as session:
        row = session.query(TillSession).one()
        assert (row.expected_cents, row.counted_cents, row.counts) == (20_50, 20_50, {"2000": 1, "20": 2, "10": 1})
        assert row.note == "Le congélateur 2 givre."
    assert set(counts) <= set(DENOMINATIONS)


def test_a_session_is_no_calendar_day_and_its_note_begins_with_what_is_left_open(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    later = replace(small_shop, desk=replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=1))))
    assert closings.close_due(later.desk) > 0, "the day is closed, the drawer is not"
    sell.save_draft(later.desk, small_shop.household, a_basket(small_shop))
    found = drawer_now(later.desk)
    assert (found.number, found.sales_cents) == (1, 50)
    assert found.note_begun.startswith("1 panier en attente.")
    sold(later, a_basket(small_shop))
    drawer.close_session(later.desk, CountForm(20_00 + 50 + 50))
    closings.close_day(later.desk)
    days = [c.paid_cents for c in closings_now(later.desk).rows if c.kind is PeriodKind.DAY]
    assert days == [50, 50]


def test_a_closing_changed_behind_the_programs_back_is_named(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sold(small_shop, a_basket(small_shop))
    closings.close_day(desk)
    assert safeguard.verify_file(desk) == ()
    with desk.db.write() as session:
        session.execute(text("DROP TRIGGER closing_no_update"))
        session.execute(text("UPDATE closing SET paid_cents = paid_cents - 10"))
    (found,) = safeguard.verify_file(desk)
    assert (found.what, found.where) == ("closing", "DAY/1")


def test_a_closing_or_a_move_of_cash_is_never_changed_nor_erased(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    sold(small_shop, a_basket(small_shop))
    closings.close_day(desk)
    drawer.move_cash(desk, CashMoveKind.FLOAT, 10_00, "")
    save_feature(desk, "purse", True)
    assert features_of(desk).purse
    purse.pay_in(desk, small_shop.household, 5_00)
    regie.pay_accountant(desk, PaymentForm())
    for table in ("closing", "cash_move", "purse_move", "payment_slip"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET made_by = made_by"):
            with pytest.raises(Exception, match="append-only"), desk.db.write() as session:
                session.execute(text(statement))


def test_what_the_shop_does_not_use_is_refused_with_what_to_do(small_shop: SmallShop) -> None:
    basket = a_basket(small_shop)
    with pytest.raises(RuleRefused, match="encaissez le tout"):
        sell.record_sale(
            small_shop.desk,
            small_shop.household,
            basket,
            sell.PaymentForm(0, (Part(PaymentKind.SLATE, basket.paid_cents),)),
        )
    with pytest.raises(RuleRefused, match="avance"):
        purse.pay_in(small_shop.desk, small_shop.household, 5_00)


def test_a_session_or_a_payment_changed_behind_the_programs_back_is_named(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    drawer.close_session(desk, CountForm(20_50, deposit_cents=50))
    regie.pay_accountant(desk, PaymentForm())
    assert safeguard.verify_file(desk) == ()
    with desk.db.write() as session:
        session.execute(text("UPDATE till_session SET expected_cents = 2040, counted_cents = 2040"))
        session.execute(text("DROP TRIGGER payment_slip_no_update"))
        session.execute(text("UPDATE payment_slip SET total_cents = 40"))
    found = [(f.what, f.where, f.expected, f.found) for f in safeguard.verify_file(desk)]
    assert found == [("session", "1", 2040, 2050), ("payment", "1", 40, 50)]
