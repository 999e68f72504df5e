"""What the till and the counter apply of a right's terms, on a real file."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.eligibility.terms import OtherMeasure
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.till_account import TillAccount, with_paid
from epicerie_desktop.persistence.models import AccessGrant, SaleLine
from epicerie_desktop.services import receive, safeguard, sell
from epicerie_desktop.services.queries import counter
from tests.services.conftest import SmallShop

GUARDS = {"guards": {"fse_free": True, "food_bank_most_permille": 100}}


def with_terms(shop: SmallShop, data: dict[str, Any], permille: int = 300) -> None:
    with shop.desk.db.write() as session:
        grant = session.scalars(select(AccessGrant)).one()
        grant.terms, grant.participation_permille = data, permille


def at_till(shop: SmallShop, article: int, quantity: int) -> tuple[TillAccount, Basket]:
    prices, visit = counter.price_list(shop.desk), counter.open_visit(shop.desk, shop.household)
    till, offer = visit.till_account(prices), prices.offers[article]
    empty = Basket(str(uuid.uuid4()), visit.participation_permille)
    if article == shop.carrots:
        return till, till.priced(empty.with_weighed("l", offer, quantity, WeightSource.SCALE))
    return till, till.priced(empty.with_pieces("l", offer, quantity))


def sold(shop: SmallShop, basket: Basket, **more: Any) -> sell.Receipt:
    return sell.record_sale(shop.desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), **more)


def receive_peas(shop: SmallShop, origin: Origin, pieces: int) -> None:
    receive.record_reception(
        shop.desk, receive.ReceptionForm(origin, (receive.ReceivedLine(pieces=pieces, article_id=shop.peas),))
    )


def test_each_lot_is_paid_as_its_funder_asks_and_the_basket_shows_it_beforehand(small_shop: SmallShop) -> None:
    with_terms(small_shop, GUARDS)
    receive_peas(small_shop, Origin.PURCHASE, 10)
    _till, basket = at_till(small_shop, small_shop.peas, 26)
    assert basket.paid_cents == 24 * 15 + 2 * 45
    receipt = sold(small_shop, basket)
    with small_shop.desk.db.read() as session:
        lines = session.execute(
            select(SaleLine.origin, SaleLine.paid_cents).where(SaleLine.sale_id == receipt.sale).order_by(SaleLine.n)
        ).all()
    assert [tuple(r) for r in lines] == [(Origin.FOOD_BANK, 360), (Origin.PURCHASE, 90)]
    assert safeguard.verify_file(small_shop.desk) == ()


def test_a_lot_gone_meanwhile_changes_the_amount_which_is_told_before_it_is_paid(small_shop: SmallShop) -> None:
    with_terms(small_shop, GUARDS)
    receive_peas(small_shop, Origin.PURCHASE, 10)
    _till, basket = at_till(small_shop, small_shop.peas, 20)
    other = at_till(small_shop, small_shop.peas, 8)[1]
    sold(small_shop, other)
    with pytest.raises(sell.RateChanged) as told:
        sold(small_shop, basket)
    assert told.value.paid == (16 * 15 + 4 * 45,)
    assert len(counter.tickets_of_day(small_shop.desk)) == 1
    sold(small_shop, with_paid(basket, told.value.paid or ()))


def test_goods_outside_the_ceilings_have_their_own_count(small_shop: SmallShop) -> None:
    milk = {"code": "milk", "label": "Lait infantile", "units": 2, "period": "WEEK", "share_permille": 0, "origins": [],
            "families": [], "articles": ["Lait"]}  # fmt: skip
    with_terms(small_shop, {"outside": [milk]})
    sold(small_shop, at_till(small_shop, small_shop.milk, 2)[1])
    visit = counter.open_visit(small_shop.desk, small_shop.household)
    assert [(c.ceiling.measure, c.left) for c in visit.ceilings[1:]] == [(OtherMeasure.UNITS, 0)]
    assert visit.ceilings[0].taken == 0
    till, basket = at_till(small_shop, small_shop.milk, 1)
    assert (basket.paid_cents, till.weights(basket)) == (0, (0, 1))
    with pytest.raises(sell.CeilingExceeded):
        sold(small_shop, basket)
    sold(small_shop, basket, override="accord de Camille")
    sold(small_shop, at_till(small_shop, small_shop.carrots, 31_000)[1])
    with pytest.raises(sell.CeilingExceeded):
        sold(small_shop, at_till(small_shop, small_shop.carrots, 1_000)[1])


def test_the_rhythm_of_visits_asks_the_team_and_never_turns_anyone_away(small_shop: SmallShop) -> None:
    with_terms(small_shop, {"visits": {"most": 1, "period": "WEEK", "days_between": 4}})
    sold(small_shop, at_till(small_shop, small_shop.peas, 1)[1])
    today = counter.open_visit(small_shop.desk, small_shop.household)
    assert today.verdict.reason == "ALREADY_SERVED_TODAY"
    later = small_shop.today + timedelta(days=1)
    verdict = counter.open_visit(small_shop.desk, small_shop.household, later).verdict
    assert (verdict.state, verdict.reason) == ("ASK_TEAM", "TOO_SOON")
    _till, basket = at_till(small_shop, small_shop.peas, 1)
    sold(small_shop, replace(basket), day=later, override="accord de Camille")
    assert counter.open_visit(small_shop.desk, small_shop.household, later + timedelta(days=9)).verdict.state == "OPEN"
