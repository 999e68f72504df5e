"""The food part of a report: what it adds up, what a closed month keeps, and lots that close."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.reports.lot_accounts import Column
from epicerie_desktop.domain.reports.shape import Section, Standing
from epicerie_desktop.domain.stock import LossReason, Origin, Place, SlipKind
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.lot_balances import Amounts, book_marks, marks_of, unlike_in
from epicerie_desktop.services.queries.moves import last_move
from epicerie_desktop.services.reports.food import food_parts, food_sections
from epicerie_desktop.services.reports.food_facts import food_facts
from epicerie_desktop.services.stock import moves, receive, repack
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import SmallShop, small_shop_of
from tests.services.test_sell import a_basket


def sections(desk: Desk, first: date, last: date) -> tuple[Section, ...]:
    with desk.db.read() as session:
        return food_sections(session, first, last)


def figures(found: tuple[Section, ...]) -> dict[str, object]:
    return {f.code: f.value for s in found for f in s.figures}


def test_what_came_in_was_given_and_is_left_adds_up(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    sell.record_sale(desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord")
    found = sections(desk, today.replace(day=1), today)
    told = figures(found)
    with desk.db.read() as session:
        facts = food_facts(session, today.replace(day=1), today)
    assert told["received_grams"] == 20_000 + 24 * 400 + 12 * 1030
    assert told["grams"] == facts.given_grams().grams > 0
    assert told["stock_grams"] == told["received_grams"] - told["grams"]  # type: ignore[operator]
    assert (told["gap_grams"], told["gap_cents"], told["gap_lots"]) == (0, 0, 0)
    assert told["meals"] == told["grams"] // 500  # type: ignore[operator]


def test_every_line_of_the_reconciliation_adds_up_to_the_stock(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    sell.record_sale(desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord")
    for section in sections(desk, today, today):
        for table in section.tables:
            if table.headings[-1].name.startswith("Stock à la fin"):
                for row in table.rows:
                    numbers = [n for n in row[-12:] if isinstance(n, int)]
                    assert sum(numbers[:-1]) == numbers[-1]


def test_a_closed_month_keeps_its_kilos_and_a_correction_since_is_seen(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    sale = sell.record_sale(
        desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord"
    )
    first, last = today.replace(day=1), date(2026, 11, 30)
    later = replace(desk, clock=FrozenClock.on(last + timedelta(days=5)))
    months.close_month(later, "2026-11")
    before = sections(later, first, last)
    sell.cancel_sale(later, sale.sale, "erreur")
    after = sections(later, first, last)
    assert figures(before)["grams"] == figures(after)["grams"] != 0
    assert [f.standing for f in after[0].figures if f.code in ("grams", "received_grams")] == [Standing.CLOSED] * 2
    by_financing = next(t for t in after[0].tables if t.headings[0].name == "Financement")
    assert by_financing.rows[-1][0] == "Écart avec les mois clos"
    assert by_financing.rows[-1][3] == figures(after)["grams"]
    months.amend_month(later, "2026-11", "ticket annulé")
    assert figures(sections(later, first, last))["grams"] == 0


GESTURES = (
    "sell", "cancel", "lose", "carry", "send", "bring_back", "parcel", "repack", "receive", "count", "undo", "next_day", "close",
)  # fmt: skip


class Storeroom:
    """A shop where anything may happen, in any order; a gesture that the shop refuses changes nothing."""

    def __init__(self, shop: SmallShop) -> None:
        self.shop, self.desk, self.tickets = replace(shop), shop.desk, list[int]()

    def play(self, gesture: str, pick: int) -> None:
        with contextlib.suppress(BadInput, RuleRefused):
            getattr(self, gesture)(pick)

    def _lot(self, pick: int) -> stock.LotRow:
        lots = stock.lots_in_stock(self.desk)
        if not lots:
            raise BadInput("")
        return lots[pick % len(lots)]

    @staticmethod
    def _some(lot: stock.LotRow, pick: int) -> dict[str, int]:
        if lot.sold_by is SoldBy.PIECE:
            return {"pieces": 1 + pick % max(1, lot.pieces)}
        return {"grams": 1 + pick * 37 % max(1, lot.grams)}

    def sell(self, pick: int) -> None:
        basket = a_basket(self.shop, grams=100 + pick * 31 % 4_000, pieces=1 + pick % 3)
        found = sell.record_sale(self.desk, self.shop.household, basket, sell.PaymentForm(10_000), override="accord")
        self.tickets.append(found.sale)

    def cancel(self, pick: int) -> None:
        if self.tickets:
            sell.cancel_sale(self.desk, self.tickets.pop(pick % len(self.tickets)), "erreur")

    def lose(self, pick: int) -> None:
        lot = self._lot(pick)
        receive.record_loss(self.desk, lot.id, reason=LossReason.DAMAGED, **self._some(lot, pick))

    def carry(self, pick: int) -> None:
        lot = self._lot(pick)
        moves.move_to_place(self.desk, lot.id, list(Place)[pick % 4], **self._some(lot, pick))

    def send(self, pick: int) -> None:
        lot, kind = self._lot(pick), list(SlipKind)[pick % 2]
        reason = Refusal.OTHER if kind is SlipKind.RETURNED else None
        moves.send(self.desk, moves.Leaving(kind, lot.id, "Le Secours", reason=reason, **self._some(lot, pick)))

    def bring_back(self, pick: int) -> None:
        lot = self._lot(pick)
        moves.take_back(self.desk, lot.id, **self._some(lot, 1))

    def parcel(self, pick: int) -> None:
        found = parcels.give_emergency_parcel(self.desk, a_basket(self.shop, grams=200, pieces=1), 2)
        if pick % 3 == 0:
            parcels.cancel_emergency_parcel(self.desk, found, "erreur")

    def repack(self, pick: int) -> None:
        lots = [n for n in stock.lots_in_stock(self.desk) if n.article_id == self.shop.carrots]
        if not lots:
            return
        lot = lots[pick % len(lots)]
        taken, waste = 1 + pick * 53 % lot.grams, pick % 40
        made = repack.Made(self.shop.carrots, grams=max(1, taken - waste))
        repack.record_repacking(self.desk, repack.RepackForm((repack.Taken(lot.id, grams=taken),), (made,), waste))

    def receive(self, pick: int) -> None:
        line = ReceivedLine(
            pieces=1 + pick % 9, grams=390 * (1 + pick % 9), article_id=self.shop.peas, unit_cents=pick % 2 * 77 or None
        )
        origin = list(Origin)[pick % 8]
        receive.record_reception(self.desk, ReceptionForm(origin, (line,), financing=("", "FSE", "CNES")[pick % 3]))

    def count(self, pick: int) -> None:
        lot = self._lot(pick)
        receive.correct_lot(self.desk, lot.id, **{f"counted_{k}": n for k, n in self._some(lot, pick).items()})

    def undo(self, pick: int) -> None:
        last = last_move(self.desk)
        if last is not None:
            moves.undo_move(self.desk, last.id)

    def next_day(self, pick: int) -> None:
        day = self.desk.clock.today() + timedelta(days=1 + pick % 9)
        self.desk = replace(self.desk, clock=FrozenClock.on(day))
        self.shop = replace(self.shop, desk=self.desk)

    def close(self, pick: int) -> None:
        months.close_month(self.desk, "2026-11")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(GESTURES), st.integers(0, 500)), min_size=8, max_size=25),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_whatever_moved_every_lot_closes_and_every_table_adds_up(
    blank_shop: Path, tmp_path_factory: pytest.TempPathFactory, gestures: list[tuple[str, int]], start: int, days: int
) -> None:
    folder = tmp_path_factory.mktemp("moves") / "shop"
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    room = Storeroom(small_shop_of(desk))
    for gesture, pick in gestures:
        room.play(gesture, pick)
    first = TODAY + timedelta(days=start - 10)
    last = first + timedelta(days=days)
    with desk.db.read() as session:
        parts = food_parts(session, first, last, ("food", "food.reconciliation", "lots", "groups"))
        facts = food_facts(session, first, last)
    desk.db.close()
    told = {f.code: f.value for s in parts.values() for f in s.figures}
    assert (told["gap_grams"], told["gap_cents"], told["gap_lots"]) == (0, 0, 0)
    for table in (*parts["food.reconciliation"].tables, *parts["lots"].tables):
        for row in table.rows:
            numbers = [n for n in row[-12:] if isinstance(n, int)]
            assert sum(numbers[:-1]) == numbers[-1]
    whole = [told["received_grams"], told["received_estimated_grams"], told["grams"], told["estimated_grams"], facts.apart.grams,
             told["lost_grams"], told["lost_estimated_grams"]]  # fmt: skip
    for table in parts["food"].tables:
        assert [sum(r[n] for r in table.rows if isinstance(r[n], int)) for n in range(1, 8)] == whole
    (groups,) = parts["groups"].tables
    assert sum(r[5] for r in groups.rows if isinstance(r[5], int)) == sum(
        n.grams[Column.AFTER] for n in facts.lots if n.food
    )


def test_a_ticket_that_its_stock_does_not_know_is_shown_as_a_gap(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    sale = sell.record_sale(
        desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord"
    )
    assert figures(sections(desk, today, today))["gap_lots"] == 0, "the control"
    with desk.db.write() as session:
        session.execute(text("DROP TRIGGER stock_move_no_delete"))
        session.execute(text("DELETE FROM stock_move WHERE sale_id = :sale AND pieces = 0"), {"sale": sale.sale})
        session.execute(
            text("UPDATE lot SET balance_grams = balance_grams + 1250 WHERE article_id = :a"), {"a": small_shop.carrots}
        )
    found = sections(desk, today, today)
    assert (figures(found)["gap_grams"], figures(found)["gap_cents"], figures(found)["gap_lots"]) == (1250, 200, 1)
    account = next(s for s in found if s.title == "Rapprochement des lots")
    (row,) = account.tables[-1].rows
    assert (row[1], row[-2]) == ("Carottes", 1250)


def test_a_lot_whose_written_stock_is_not_its_moves_is_told_with_both(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    assert figures(sections(desk, today, today))["unlike_lots"] == 0, "the control"
    with desk.db.write() as session:
        # A plus and a minus: neither the kilos of the shop nor those of the article move.
        first, second = session.execute(text("SELECT id FROM lot ORDER BY id LIMIT 2")).scalars()
        session.execute(text("UPDATE lot SET balance_grams = balance_grams + 700 WHERE id = :lot"), {"lot": first})
        session.execute(text("UPDATE lot SET balance_grams = balance_grams - 700 WHERE id = :lot"), {"lot": second})
    found = sections(desk, today, today)
    assert (figures(found)["unlike_lots"], figures(found)["gap_lots"]) == (2, 0)
    table = next(s for s in found if s.title == "Rapprochement des lots").tables[-1]
    assert [(r[0], r[-2] - r[-1]) for r in table.rows] == [(str(first), 700), (str(second), -700)]  # type: ignore[operator]


@pytest.mark.parametrize(
    "tampered", ["UPDATE stock_move SET grams = grams + 9 WHERE id = :move", "DELETE FROM stock_move WHERE id = :move"]
)
def test_moves_that_their_tickets_do_not_tell_are_added_up_lot_by_lot(small_shop: SmallShop, tampered: str) -> None:
    desk, today = small_shop.desk, small_shop.today
    sale = sell.record_sale(
        desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord"
    )
    with desk.db.read() as session:
        before = {n.lot: n for n in food_facts(session, today, today).lots}
    with desk.db.write() as session:
        for trigger in ("stock_move_no_update", "stock_move_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        move, lot, grams = session.execute(
            text("SELECT id, lot_id, grams FROM stock_move WHERE sale_id = :sale AND pieces = 0"), {"sale": sale.sale}
        ).one()
        session.execute(text(tampered), {"move": move})
    apart = -9 if tampered.startswith("UPDATE") else grams
    with desk.db.read() as session:
        after = {n.lot: n for n in food_facts(session, today, today).lots}
    assert after[lot].grams[Column.GAP] == before[lot].grams[Column.GAP] - apart
    assert {n for n in after if after[n] != before.get(n)} == {lot}


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(-9, 9), st.integers(-5_000, 5_000)), max_size=30), st.data())
def test_two_books_of_moves_have_the_same_marks_only_when_each_lot_does(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    book = [Amounts(*row) for row in rows]
    assert marks_of(reversed(book)) == marks_of(book)
    other = [Amounts(n.lot + data.draw(st.integers(0, 3)), n.pieces, n.grams) for n in book]

    def by_lot(found: list[Amounts]) -> dict[int, tuple[int, int]]:
        sums: dict[int, tuple[int, int]] = {}
        for n in found:
            pieces, grams = sums.get(n.lot, (0, 0))
            sums[n.lot] = (pieces + n.pieces, grams + n.grams)
        return {lot: told for lot, told in sums.items() if any(told)}

    assert (marks_of(book) == marks_of(other)) is (by_lot(book) == by_lot(other))


def test_the_marks_of_the_till_are_those_of_its_tickets(small_shop: SmallShop) -> None:
    desk, today = small_shop.desk, small_shop.today
    kept = sell.record_sale(
        desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord"
    )
    sell.cancel_sale(desk, kept.sale, "erreur")
    sell.record_sale(desk, small_shop.household, a_basket(small_shop), sell.PaymentForm(10_000), override="accord")
    with desk.db.read() as session:
        lines = session.execute(text("SELECT lot_id, -pieces, -grams FROM sale_line")).all()
        marks, balances = book_marks(session, today, today), unlike_in(session)
        lots = session.execute(text("SELECT id, balance_pieces, balance_grams FROM lot")).all()
    assert any(marks.taken)
    assert marks.taken == marks_of(Amounts(*row) for row in lines)
    assert (marks.moves, balances) == (marks_of(Amounts(*row) for row in lots), [])
