"""The till's gesture: one durable transaction, never twice, never half, whatever the stock book says."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import Lot
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.queries import counter, figures, households, stock
from epicerie_desktop.services.stock import lots_drawn, receive
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop


def a_basket(shop: SmallShop, *, grams: int = 1250, pieces: int = 2) -> Basket:
    prices = counter.price_list(shop.desk)
    basket = Basket(str(uuid.uuid4()), 100)
    if grams:
        basket = basket.with_weighed(str(uuid.uuid4()), prices.offers[shop.carrots], grams, WeightSource.SCALE)
    if pieces:
        basket = basket.with_pieces(str(uuid.uuid4()), prices.offers[shop.peas], pieces)
    return basket


def sold(shop: SmallShop, basket: Basket, **kwargs: object) -> sell.Receipt:
    return sell.record_sale(shop.desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), **kwargs)  # type: ignore[arg-type]


def test_a_basket_is_booked_with_its_stock_its_payment_and_its_journal(small_shop: SmallShop) -> None:
    receipt = sold(small_shop, a_basket(small_shop))
    assert (receipt.number, receipt.shelf_cents, receipt.paid_cents, receipt.grams) == ("1-000001", 500, 50, 2050)
    lots = {lot.article_id: lot for lot in stock.lots_in_stock(small_shop.desk)}
    assert lots[small_shop.carrots].grams == 18_750
    assert (lots[small_shop.peas].pieces, lots[small_shop.peas].grams) == (22, 22 * 400)
    month = figures.totals_of(small_shop.desk, "2026-11", "2026-11")
    assert (month.families, month.persons, month.visits, month.grams, month.shelf_cents, month.paid_cents) == (
        1,
        3,
        1,
        2050,
        500,
        50,
    )
    assert dict(month.grams_by_origin) == {"FOOD_BANK": 2050}
    assert safeguard.verify_file(small_shop.desk) == ()


def test_the_same_basket_booked_twice_makes_one_ticket(small_shop: SmallShop) -> None:
    basket = a_basket(small_shop)
    first, second = sold(small_shop, basket), sold(small_shop, basket)
    assert (second.sale, second.again) == (first.sale, True)
    assert len(counter.tickets_of_day(small_shop.desk)) == 1


def test_a_basket_over_the_ceiling_is_refused_and_nothing_is_written(small_shop: SmallShop) -> None:
    sold(small_shop, a_basket(small_shop, grams=0, pieces=20))
    with pytest.raises(sell.CeilingExceeded):
        sold(small_shop, a_basket(small_shop, grams=13_000, pieces=0))
    assert len(counter.tickets_of_day(small_shop.desk)) == 1
    sold(small_shop, a_basket(small_shop, grams=13_000, pieces=0), override="accord de Camille")
    assert safeguard.verify_file(small_shop.desk) == ()


def test_what_the_bag_holds_is_booked_below_zero_and_listed_to_mend(small_shop: SmallShop) -> None:
    sold(small_shop, a_basket(small_shop, grams=0, pieces=26))
    (lot,) = stock.lots_to_mend(small_shop.desk)
    assert (lot.article_id, lot.pieces) == (small_shop.peas, -2)
    receive.correct_lot(small_shop.desk, lot.id, counted_pieces=0)
    assert stock.lots_to_mend(small_shop.desk) == ()
    assert safeguard.verify_file(small_shop.desk) == ()


def test_a_lot_past_its_use_by_date_asks_the_date_on_the_pack(small_shop: SmallShop) -> None:
    later = small_shop.today + timedelta(days=6)
    prices = counter.price_list(small_shop.desk, later)
    assert prices.expired_only == {small_shop.milk}
    offer = prices.offers[small_shop.milk]
    empty = Basket(str(uuid.uuid4()), 100)
    with pytest.raises(lots_drawn.DateToRead):
        sold(small_shop, empty.with_pieces("l", offer, 1), day=later)
    with pytest.raises(BadInput):
        sold(small_shop, empty.with_pieces("l", offer, 1, pack_date=later - timedelta(days=1)), day=later)
    sold(small_shop, empty.with_pieces("l", offer, 1, pack_date=later + timedelta(days=9)), day=later)
    (lot,) = stock.lots_to_mend(small_shop.desk)
    assert (lot.origin, lot.limit_on) == (Origin.UNKNOWN, later + timedelta(days=9))


def test_the_first_to_expire_leaves_first_and_a_line_may_come_from_two_lots(small_shop: SmallShop) -> None:
    soon = small_shop.today + timedelta(days=2)
    line = receive.ReceivedLine(pieces=1, article_id=small_shop.milk, date_kind=DateKind.USE_BY, limit_on=soon)
    receive.record_reception(small_shop.desk, receive.ReceptionForm(Origin.PICKUP, (line,)))
    offer = counter.price_list(small_shop.desk).offers[small_shop.milk]
    sold(small_shop, Basket(str(uuid.uuid4()), 100).with_pieces("l", offer, 3))
    month = figures.totals_of(small_shop.desk, "2026-11", "2026-11")
    assert dict(month.grams_by_origin) == {"PICKUP": 1030, "FOOD_BANK": 2060}
    with small_shop.desk.db.read() as session:
        assert sorted(lot.balance_pieces for lot in session.query(Lot).where(Lot.article_id == small_shop.milk)) == [
            0,
            10,
        ]


def test_a_cancelled_ticket_gives_everything_back_and_stays_visible(small_shop: SmallShop) -> None:
    receipt = sold(small_shop, a_basket(small_shop))
    with pytest.raises(BadInput):
        sell.cancel_sale(small_shop.desk, receipt.sale, "  ")
    sell.cancel_sale(small_shop.desk, receipt.sale, "erreur de foyer")
    with pytest.raises(RuleRefused):
        sell.cancel_sale(small_shop.desk, receipt.sale, "encore")
    month = figures.totals_of(small_shop.desk, "2026-11", "2026-11")
    assert (month.visits, month.grams, month.paid_cents) == (0, 0, 0)
    tickets = counter.tickets_of_day(small_shop.desk)
    assert [(t.cancelled, t.cancels) for t in tickets] == [(False, True), (True, False)]
    assert counter.open_visit(small_shop.desk, small_shop.household).ceilings[0].taken == 0
    assert safeguard.verify_file(small_shop.desk) == ()


def test_a_basket_in_hand_survives_and_is_offered_again(small_shop: SmallShop) -> None:
    basket = a_basket(small_shop)
    sell.save_draft(small_shop.desk, small_shop.household, basket)
    assert counter.open_visit(small_shop.desk, small_shop.household).draft == basket
    assert [h.lines for h in counter.held_baskets(small_shop.desk)] == [2]
    sold(small_shop, basket)
    assert counter.held_baskets(small_shop.desk) == ()


def test_a_household_is_found_by_any_member_whatever_the_spelling(small_shop: SmallShop) -> None:
    for typed in ("almeida", "dalmeida fat", "CREVECOEUR", "jeanpierre", "leo", "0471600000", "1-0001"):
        assert [f.id for f in counter.find_households(small_shop.desk, typed)] == [small_shop.household], typed
    assert counter.find_households(small_shop.desk, "zorro") == ()


def test_a_basket_begun_under_an_older_rate_is_refused_then_booked_at_the_new_one(small_shop: SmallShop) -> None:
    desk, offers = small_shop.desk, counter.price_list(small_shop.desk).offers
    basket = Basket(str(uuid.uuid4()), 300).with_pieces("l", offers[small_shop.peas], 2)
    with pytest.raises(sell.RateChanged):
        sold(small_shop, basket)
    assert counter.tickets_of_day(desk) == ()
    receipt = sold(small_shop, basket.at_rate(100, offers))
    assert (receipt.shelf_cents, receipt.paid_cents) == (300, 30)


def test_a_common_name_finds_the_living_files_before_the_closed_ones(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    form = households.household_file(desk, small_shop.household).form
    closed = [
        replace(form, id=None, version=None, members=tuple(replace(m, member_id=None) for m in form.members))
    ] * 40
    for one in closed:
        enrol.close_household(desk, enrol.save_household(desk, one))
    last = enrol.save_household(desk, closed[0])
    found = {f.id for f in counter.find_households(desk, "almeida")}
    assert len(found) == counter.MOST_FOUND
    assert {small_shop.household, last} <= found
