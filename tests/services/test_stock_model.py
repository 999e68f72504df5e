"""Whatever is received, lost, counted, sold or cancelled, in any order and over days, the stock book stays right."""

from __future__ import annotations

import shutil
import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

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

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.domain.dates import BestBefore, Precision, last_day
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin, Place, SlipKind
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up
from epicerie_desktop.persistence.models import Lot, RepackingMove, StockMove
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, moves, stock
from epicerie_desktop.services.stock import (
    best_before,
    catalogue,
    lots_drawn,
    receive,
    stock_take,
)
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock import repack as repacking
from epicerie_desktop.services.stock.best_before import BestBeforeToCheck
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY

NET = 400
QUANTITIES = st.integers(1, 60)


class Held(NamedTuple):
    """A lot as the test reads it: its quantity in pieces or grams."""

    article: int
    quantity: int
    expired: bool
    order: tuple[bool, date, date, int]
    stale: bool


class StockBook(RuleBasedStateMachine):
    """The model is one number an article: received, less lost and sold, plus what counts and cancellations bring back."""

    def __init__(self, blank: Path, scratch: Path) -> None:
        super().__init__()
        self.folder = scratch / uuid.uuid4().hex
        shutil.copytree(blank, self.folder)
        self.desk = opening.open_desk(self.folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        self.model: dict[int, int] = defaultdict(int)
        self.sales: dict[int, dict[int, int]] = {}
        self.counts: dict[int, int] = {}
        self.checked: set[tuple[int, date]] = set()
        self.repacked: dict[int, dict[int, int]] = {}

    @initialize()
    def open_the_shop(self) -> None:
        families = {f.code: f.id for f in stock.families(self.desk)}

        def made(code: str, name: str, sold_by: SoldBy, net: int | None) -> int:
            return catalogue.save_article(self.desk, ArticleForm(families[code], name, sold_by, net, 100))  # type: ignore[arg-type]

        self.articles = {
            made("FL", "Pommes", SoldBy.WEIGHT, None): SoldBy.WEIGHT,
            made("EPI", "Conserves", SoldBy.PIECE, NET): SoldBy.PIECE,
            made("LAIT", "Yaourts", SoldBy.PIECE, None): SoldBy.PIECE,
        }
        self.household = enrol.save_household(self.desk, HouseholdForm((MemberForm("Petit", "Anna", Link.HOLDER),)))
        assert counter.open_visit(self.desk, self.household).verdict.state is not VerdictState.OPEN

    def lots(self, day: date | None = None) -> dict[int, Held]:
        """Read the lots, their dates judged on `day`."""
        today = day or self.desk.clock.today()
        with self.desk.db.read() as session:
            return {
                lot.id: Held(
                    lot.article_id,
                    lot.balance_pieces if self.articles[lot.article_id] is SoldBy.PIECE else lot.balance_grams,
                    lot.date_kind is DateKind.USE_BY and lot.limit_on is not None and lot.limit_on < today,
                    (lot.place is not Place.SHELF, lot.limit_on or date.max, lot.received_on, lot.id),
                    lot.date_kind is DateKind.BEST_BEFORE and lot.limit_on is not None and lot.limit_on < today,
                )
                for lot in session.scalars(select(Lot))
            }

    def amounts(self, article: int, quantity: int) -> dict[str, int]:
        return {"pieces": quantity} if self.articles[article] is SoldBy.PIECE else {"grams": quantity}

    @rule(
        pick=st.integers(0, 2), quantity=QUANTITIES, days=st.integers(0, 3), kind=st.sampled_from(DateKind),
        precision=st.sampled_from(Precision), frozen=st.booleans(),
    )  # fmt: skip
    def receive(
        self, pick: int, quantity: int, days: int, kind: DateKind, precision: Precision, *, frozen: bool
    ) -> None:
        article = list(self.articles)[pick]
        if pick == 2 and kind is DateKind.NONE:
            kind = DateKind.USE_BY
        limit = None if kind is DateKind.NONE else self.desk.clock.today() + timedelta(days=days)
        line = receive.ReceivedLine(
            article_id=article, date_kind=kind, limit_on=limit, financing="GIFT", **self.amounts(article, quantity),
            frozen_on=self.desk.clock.today() if frozen else None,
        )  # fmt: skip
        if limit is not None and kind is DateKind.BEST_BEFORE:
            before = self.lots()
            covered = {
                Precision.DAY: limit - timedelta(days=3),
                Precision.MONTH: last_day(limit.year, limit.month),
                Precision.YEAR: last_day(limit.year),
            }
            line = replace(line, limit_on=covered[precision], precision=precision)
            if precision is not Precision.DAY:
                wrong = replace(line, limit_on=covered[precision] - timedelta(days=1))
                with pytest.raises(BadInput):
                    receive.record_reception(self.desk, receive.ReceptionForm(Origin.PICKUP, (wrong,)))
            assert self.lots() == before
        form = receive.ReceptionForm(Origin.PICKUP, (line,))
        if kind is DateKind.USE_BY and days < 2:
            with pytest.raises(receive.ShortLife):
                receive.record_reception(self.desk, form)
            form = replace(form, short_reason="distribué aujourd'hui")
        receive.record_reception(self.desk, form)
        self.model[article] += quantity

    @precondition(lambda self: self.lots())
    @rule(pick=st.integers(0), quantity=QUANTITIES)
    def lose(self, pick: int, quantity: int) -> None:
        lots = self.lots()
        lot = list(lots)[pick % len(lots)]
        held, asked = lots[lot], self.amounts(lots[lot].article, quantity)
        if quantity > held.quantity:
            with pytest.raises(BadInput):
                receive.record_loss(self.desk, lot, reason=LossReason.UNFIT, **asked)
            return
        receive.record_loss(self.desk, lot, reason=LossReason.UNFIT, **asked)
        self.model[held.article] -= quantity

    @precondition(lambda self: self.lots())
    @rule(pick=st.integers(0), quantity=st.integers(0, 60))
    def count(self, pick: int, quantity: int) -> None:
        lots = self.lots()
        lot = list(lots)[pick % len(lots)]
        amounts = {f"counted_{k}": v for k, v in self.amounts(lots[lot].article, quantity).items()}
        receive.correct_lot(self.desk, lot, **amounts)
        self.model[lots[lot].article] += quantity - lots[lot].quantity
        assert self.lots()[lot].quantity == quantity

    @rule(wanted=st.dictionaries(st.integers(0, 2), QUANTITIES, min_size=1), ago=st.integers(0, 2))
    def sell(self, wanted: dict[int, int], ago: int) -> None:
        """Sell today, or enter a paper of some days ago: its dates are judged on its own day."""
        day = self.desk.clock.today() - timedelta(days=ago)
        bag = {list(self.articles)[pick]: quantity for pick, quantity in wanted.items()}
        before = self.lots(day)
        asked = {
            a for a in bag if (known := [h for h in before.values() if h.article == a and h.quantity > 0]) and all(h.expired for h in known)
        }  # fmt: skip
        if asked:
            with pytest.raises(lots_drawn.DateToRead):
                self.book(bag, frozenset(), day)
            assert self.lots(day) == before
        sale = self.book_checked(bag, frozenset(asked), day)
        self.check_draws(bag, before, day)
        after = self.lots(day)
        self.sales[sale] = {k: after[k].quantity - (before[k].quantity if k in before else 0) for k in after}
        for article, quantity in bag.items():
            self.model[article] -= quantity

    def book_checked(self, bag: dict[int, int], dated: frozenset[int], day: date) -> int:
        """Book a bag, checking on the way each lot past its best-before date: asked once a day, and nothing is written before."""
        while True:
            before = self.lots(day)
            try:
                return self.book(bag, dated, day)
            except BestBeforeToCheck as asked:
                lot, beyond = asked.stale.lot, asked.stale.state is BestBefore.BEYOND
                assert before[lot].stale
                assert (lot, day) not in self.checked
                assert beyond is (before[lot].article != list(self.articles)[1])
                with pytest.raises(BadInput):
                    best_before.record_check(self.desk, lot, packaging=True, aspect=False, day=day)
                if beyond:
                    with pytest.raises(BadInput):
                        best_before.record_check(self.desk, lot, packaging=True, aspect=True, day=day)
                agreed = "déjà dans le sac" if beyond else ""
                best_before.record_check(self.desk, lot, packaging=True, aspect=True, agreed=agreed, day=day)
                self.checked.add((lot, day))
                assert self.lots(day) == before

    def book(self, bag: dict[int, int], dated: frozenset[int], day: date) -> int:
        basket, offers = Basket(str(uuid.uuid4()), 0), counter.price_list(self.desk).offers
        for article, quantity in bag.items():
            uid = str(uuid.uuid4())
            if self.articles[article] is SoldBy.PIECE:
                basket = basket.with_pieces(uid, offers[article], quantity)
            else:
                basket = basket.with_weighed(uid, offers[article], quantity, WeightSource.TYPED)
        on_pack = self.desk.clock.today() + timedelta(days=2)
        lines = tuple(replace(n, pack_date=on_pack) if n.article in dated else n for n in basket.lines)
        basket = replace(basket, lines=lines)
        payment = sell.PaymentForm(0)
        receipt = sell.record_sale(self.desk, self.household, basket, payment, override="essai", day=day)
        assert sell.record_sale(self.desk, self.household, basket, payment).again
        return receipt.sale

    def check_draws(self, bag: dict[int, int], before: dict[int, Held], day: date) -> None:
        """Nothing expired on the day left, nothing stale unchecked, and no lot was spared while a later one was taken from."""
        after = self.lots(day)
        for article, quantity in bag.items():
            taken = {
                k: (before[k].quantity if k in before else 0) - held.quantity for k, held in after.items() if held.article == article
            }  # fmt: skip
            assert sum(taken.values()) == quantity
            assert all(n >= 0 for n in taken.values())
            assert not any(n for k, n in taken.items() if after[k].expired)
            assert all((k, day) in self.checked for k, n in taken.items() if n and after[k].stale)
            usable = {k: h for k, h in before.items() if h.article == article and not h.expired and h.quantity > 0}
            rest = quantity
            for k in sorted(usable, key=lambda k: usable[k].order):
                expected = min(rest, usable[k].quantity)
                assert taken[k] >= expected
                rest -= expected
            assert len([k for k in taken if taken[k] and after[k].quantity < 0]) == (1 if rest else 0)

    @precondition(lambda self: self.sales)
    @rule(pick=st.integers(0))
    def cancel(self, pick: int) -> None:
        sale = list(self.sales)[pick % len(self.sales)]
        before, drawn = self.lots(), self.sales.pop(sale)
        try:
            sell.cancel_sale(self.desk, sale, "essai")
        except RuleRefused:
            assert self.lots() == before
            assert any(drawn.get(lot, 0) < 0 and self.given(lot) < -drawn[lot] for lot in drawn)
            self.sales[sale] = drawn
            return
        after = self.lots()
        assert {k: before[k].quantity - after[k].quantity for k in after} == {k: drawn.get(k, 0) for k in after}
        for lot, quantity in drawn.items():
            self.model[after[lot].article] -= quantity
        with pytest.raises(RuleRefused):
            sell.cancel_sale(self.desk, sale, "encore")

    @precondition(lambda self: any(h.quantity > 0 for h in self.lots().values()))
    @rule(pick=st.integers(0), part=QUANTITIES, into=st.integers(0, 2), pieces=QUANTITIES, waste=st.integers(0, 100))
    def repack(self, pick: int, part: int, into: int, pieces: int, waste: int) -> None:
        lots = {k: h for k, h in self.lots().items() if h.quantity > 0}
        lot = list(lots)[pick % len(lots)]
        held, made = lots[lot], list(self.articles)[into]
        quantity = min(part, held.quantity)
        with self.desk.db.read() as session:
            row = session.get_one(Lot, lot)
            weight = (
                quantity
                if self.articles[held.article] is SoldBy.WEIGHT
                else round_half_up(Fraction(row.balance_grams * quantity, held.quantity))
            )
        wasted = weight * waste // 100
        kept = weight - wasted
        taken = repacking.Taken(lot, **self.amounts(held.article, quantity))
        fresh = {"date_kind": DateKind.USE_BY, "limit_on": self.desk.clock.today()} if into == 2 else {}
        line = repacking.Made(made, pieces if self.articles[made] is SoldBy.PIECE else 0, kept, **fresh)  # type: ignore[arg-type]
        before = self.lots()
        for wrong in (replace(line, grams=kept + 1), replace(line, grams=kept - 1)):
            with pytest.raises(BadInput):
                repacking.record_repacking(self.desk, repacking.RepackForm((taken,), (wrong,), wasted))
        form = repacking.RepackForm((taken,), (line,) if kept else (), wasted)
        if (
            held.expired
            or weight < 1
            or kept > MAX_GRAMS
            or (
                kept
                and row.date_kind is DateKind.USE_BY
                and row.limit_on
                and fresh
                and row.limit_on < fresh["limit_on"]
            )
        ):
            with pytest.raises(BadInput):
                repacking.record_repacking(self.desk, form)
            assert self.lots() == before
            return
        done = repacking.record_repacking(self.desk, form)
        after = self.lots()
        changed = {k: after[k].quantity - (before[k].quantity if k in before else 0) for k in after}
        for k, n in changed.items():
            self.model[after[k].article] += n
        assert changed[lot] == -quantity
        self.repacked[done] = {k: n for k, n in changed.items() if n}

    @precondition(lambda self: self.repacked)
    @rule(pick=st.integers(0))
    def undo_a_repacking(self, pick: int) -> None:
        done = list(self.repacked)[pick % len(self.repacked)]
        before = self.lots()
        try:
            repacking.undo_repacking(self.desk, done)
        except RuleRefused:
            assert self.lots() == before
            return
        changed, after = self.repacked.pop(done), self.lots()
        assert {k: before[k].quantity - after[k].quantity for k in changed} == changed
        for k, n in changed.items():
            self.model[after[k].article] -= n

    @rule(pick=st.integers(0, 2), quantity=st.integers(0, 60))
    def count_a_shelf(self, pick: int, quantity: int) -> None:
        article = list(self.articles)[pick]
        take = stock_take.open_stock_take(self.desk)
        stock_take.count_article(self.desk, take, article, **self.amounts(article, quantity))
        self.counts[article] = quantity - self.model[article]

    @precondition(lambda self: self.counts)
    @rule()
    def close_the_stock_take(self) -> None:
        take = stock_take.open_stock_take(self.desk)
        shown = {
            r.article: r.difference_pieces if r.sold_by is SoldBy.PIECE else r.difference_grams
            for r in stock_take.stock_take(self.desk, take)
        }
        assert {a: n for a, n in shown.items() if n is not None} == self.counts
        stock_take.close_stock_take(self.desk, take)
        for article, difference in self.counts.items():
            self.model[article] += difference
        self.counts = {}

    @precondition(lambda self: self.lots())
    @rule(pick=st.integers(0), quantity=QUANTITIES, place=st.sampled_from(Place))
    def carry(self, pick: int, quantity: int, place: Place) -> None:
        """Carry a part of a lot elsewhere: what one lot loses the other has, to the gram, and the model does not move."""
        before = self.lots()
        lot = list(before)[pick % len(before)]
        asked, weight = self.amounts(before[lot].article, quantity), self.grams()
        with self.desk.db.read() as session:
            there = session.get_one(Lot, lot).place is place
        if there or quantity > before[lot].quantity:
            with pytest.raises(RuleRefused):
                gestures.move_to_place(self.desk, lot, place, **asked)
            assert self.lots() == before
            return
        made = gestures.move_to_place(self.desk, lot, place, **asked)
        after = self.lots()
        assert (after[lot].quantity, after[made].quantity) == (before[lot].quantity - quantity, quantity)
        assert sum(self.grams().values()) == sum(weight.values())

    @precondition(lambda self: self.lots())
    @rule(pick=st.integers(0), quantity=QUANTITIES, kind=st.sampled_from(SlipKind))
    def send(self, pick: int, quantity: int, kind: SlipKind) -> None:
        before = self.lots()
        lot = list(before)[pick % len(before)]
        held = before[lot]
        form = gestures.Leaving(kind, lot, "Ailleurs", reason=Refusal.OTHER, **self.amounts(held.article, quantity))
        if quantity > held.quantity or (kind is SlipKind.SENT and held.expired):
            with pytest.raises(RuleRefused):
                gestures.send(self.desk, form)
            assert self.lots() == before
            return
        gestures.send(self.desk, form)
        self.model[held.article] -= quantity

    @precondition(lambda self: self.lots())
    @rule(pick=st.integers(0), quantity=QUANTITIES)
    def bring_back(self, pick: int, quantity: int) -> None:
        before = self.lots()
        lot = list(before)[pick % len(before)]
        held = before[lot]
        asked = self.amounts(held.article, quantity)
        if quantity > self.given(lot):
            with pytest.raises(BadInput):
                gestures.take_back(self.desk, lot, **asked)
            assert self.lots() == before
            return
        if gestures.take_back(self.desk, lot, **asked):
            assert held.article == list(self.articles)[1]
            assert not held.expired
            assert not held.stale
            self.model[held.article] += quantity
        else:
            assert self.lots() == before

    def given(self, lot: int) -> int:
        """Return what households have of a lot, in pieces or grams."""
        kinds = (MoveKind.SALE, MoveKind.CANCELLATION, MoveKind.BROUGHT_BACK)
        with self.desk.db.read() as session:
            by_piece = self.articles[session.get_one(Lot, lot).article_id] is SoldBy.PIECE
            column = StockMove.pieces if by_piece else StockMove.grams
            found = session.scalars(select(func.sum(-column)).where(StockMove.lot_id == lot, StockMove.kind.in_(kinds)))
            return found.one() or 0

    def grams(self) -> dict[int, int]:
        with self.desk.db.read() as session:
            return {lot.id: lot.balance_grams for lot in session.scalars(select(Lot))}

    @rule()
    def undo_the_last(self) -> None:
        """Undo the last gesture of the day: every lot has again what it had, or it is refused and nothing moves."""
        last, before = moves.last_move(self.desk), self.lots()
        if last is None:
            return
        with self.desk.db.read() as session:
            repacked = session.scalars(
                select(RepackingMove.repacking_id).where(RepackingMove.move_id == last.id)
            ).first()
        try:
            gestures.undo_move(self.desk, last.id)
        except RuleRefused:
            assert self.lots() == before
            return
        if repacked is not None:
            self.repacked.pop(repacked, None)
        for lot, held in self.lots().items():
            self.model[held.article] += held.quantity - before[lot].quantity
        with self.desk.db.read() as session:
            touched = session.scalars(select(StockMove).where(StockMove.reverses_id == last.id)).one()
            assert (touched.pieces, touched.grams) == (-last.pieces, -last.grams)
        with pytest.raises(RuleRefused):
            gestures.undo_move(self.desk, last.id)

    @invariant()
    def every_gram_and_cent_that_came_is_somewhere(self) -> None:
        """Received = given + lost + moved out + returned + in stock (counts and sortings apart), lot by lot and in the whole."""
        with self.desk.db.read() as session:
            sums: dict[int, dict[MoveKind, int]] = defaultdict(lambda: defaultdict(int))
            for lot, kind, grams in session.execute(
                select(StockMove.lot_id, StockMove.kind, func.sum(StockMove.grams)).group_by(
                    StockMove.lot_id, StockMove.kind
                )
            ):
                sums[lot][kind] = grams
            held = {lot.id: lot.balance_grams for lot in session.scalars(select(Lot))}
            cents = (
                session.scalars(select(func.sum(StockMove.value_cents)).where(StockMove.kind == MoveKind.LOSS)).one()
                or 0
            )
            unfit = session.scalars(select(StockMove).where(StockMove.kind == MoveKind.LOSS)).all()
            assert all((m.value_cents or 0) * m.grams <= 0 for m in unfit)
        assert all(self.given(lot) >= 0 for lot in held)
        for lot, by in sums.items():
            came = by[MoveKind.RECEPTION] + by[MoveKind.PLACE_IN] + by[MoveKind.REPACK_IN] + by[MoveKind.CORRECTION]
            given = -sum(by[k] for k in (MoveKind.SALE, MoveKind.CANCELLATION, MoveKind.BROUGHT_BACK))
            gone = -sum(
                by[k]
                for k in (MoveKind.LOSS, MoveKind.PLACE_OUT, MoveKind.REPACK_OUT, MoveKind.SENT, MoveKind.RETURNED)
            )
            assert came == given + gone + held[lot]
        whole = {k: sum(by[k] for by in sums.values()) for k in MoveKind}
        assert whole[MoveKind.PLACE_IN] == -whole[MoveKind.PLACE_OUT]
        assert whole[MoveKind.REPACK_IN] == -whole[MoveKind.REPACK_OUT]
        month = f"{self.desk.clock.today():%Y-%m}"
        if month == f"{TODAY:%Y-%m}":
            found = moves.losses_of(self.desk, month)
            back = found.brought_back
            assert found.grams + sum(r.grams for r in back) == -whole[MoveKind.LOSS]
            assert found.cents + sum(r.cents for r in back) == cents

    @rule()
    def sleep(self) -> None:
        tomorrow = self.desk.clock.today() + timedelta(days=1)
        self.desk = replace(self.desk, clock=FrozenClock.on(tomorrow))

    @invariant()
    def every_balance_is_the_sum_of_its_moves(self) -> None:
        with self.desk.db.read() as session:
            sums = {
                lot: (pieces, grams)
                for lot, pieces, grams in session.execute(
                    select(StockMove.lot_id, func.sum(StockMove.pieces), func.sum(StockMove.grams)).group_by(
                        StockMove.lot_id
                    )
                )
            }
            stored = {r.id: (r.balance_pieces, r.balance_grams) for r in session.scalars(select(Lot))}
        assert stored == sums

    @invariant()
    def the_book_agrees_with_the_model(self) -> None:
        found: dict[int, int] = defaultdict(int)
        lots = self.lots() if hasattr(self, "articles") else {}
        for held in lots.values():
            found[held.article] += held.quantity
        assert {a: n for a, n in found.items() if n} == {a: n for a, n in self.model.items() if n}
        assert {r.id for r in stock.lots_in_stock(self.desk)} == {k for k, h in lots.items() if h.quantity > 0}
        assert {r.id for r in stock.lots_to_mend(self.desk)} == {k for k, h in lots.items() if h.quantity < 0}

    def teardown(self) -> None:
        assert safeguard.verify_file(self.desk) == ()
        self.desk.db.close()
        shutil.rmtree(self.folder)


def test_balances_are_the_sum_of_moves_whatever_happens(blank_shop: Path, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: StockBook(blank_shop, tmp_path),
        settings=settings(
            max_examples=11, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
