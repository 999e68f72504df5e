"""The record of a scale and its checks, and what a ticket keeps of each weighing, on a real database."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.weighing import Standing
from epicerie_desktop.persistence.models import Lot, Sale, SaleLine, StockMove, WeighingScale
from epicerie_desktop.services import safeguard, weighing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.services.weighing import ScaleForm
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.services.conftest import SmallShop


def test_a_scale_is_noted_checked_and_its_standing_follows_the_day(desk: Desk) -> None:
    assert weighing.weighing_rule(desk).standing is Standing.NO_RECORD
    scale = weighing.save_scale(desk, ScaleForm("METTLER", "Ariva-S", "B123", "III", 15_000, 40, 2))
    today = desk.clock.today()
    assert weighing.weighing_rule(desk).standing is Standing.UNCHECKED
    weighing.record_check(desk, scale, today - timedelta(days=700), today + timedelta(days=30))
    assert weighing.weighing_rule(desk).standing is Standing.SOON
    assert weighing.weighing_rule(desk, today + timedelta(days=31)).forbids_price
    weighing.record_check(desk, scale, today, today + timedelta(days=730), accepted=False)
    assert weighing.weighing_rule(desk).standing is Standing.REFUSED
    weighing.record_check(desk, scale, today, today + timedelta(days=730))
    rule = weighing.weighing_rule(desk)
    assert (rule.standing, rule.record and rule.record.minimum_grams) == (Standing.VALID, 40)


def test_the_second_to_change_the_record_is_told_and_wrong_figures_are_refused(desk: Desk) -> None:
    scale = weighing.save_scale(desk, ScaleForm("METTLER"))
    record = weighing.weighing_rule(desk).record
    assert record is not None
    weighing.save_scale(desk, ScaleForm("METTLER", "Ariva", id=scale, version=record.version))
    with pytest.raises(Stale):
        weighing.save_scale(desk, ScaleForm("Autre", id=scale, version=record.version))
    for wrong in (
        ScaleForm(""),
        ScaleForm("X", minimum_grams=20_000),
        ScaleForm("X", division_grams=0),
        ScaleForm("X", accuracy_class="V"),
    ):
        with pytest.raises(BadInput):
            weighing.save_scale(desk, wrong)
    today = desk.clock.today()
    for day, then in ((today + timedelta(days=1), today + timedelta(days=400)), (today, today)):
        with pytest.raises(BadInput):
            weighing.record_check(desk, scale, day, then)


def test_a_new_scale_takes_the_place_of_the_older_one_which_keeps_its_name(desk: Desk) -> None:
    first = weighing.save_scale(desk, ScaleForm("METTLER"))
    second = weighing.save_scale(desk, ScaleForm("DIBAL"))
    record = weighing.weighing_rule(desk).record
    assert record is not None
    assert (record.id, record.make) == (second, "DIBAL")
    with desk.db.read() as session:
        assert session.get_one(WeighingScale, first).retired_on == desk.clock.today()


def test_every_weighing_of_a_ticket_keeps_its_gross_tare_net_origin_scale_and_operator(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    scale = weighing.save_scale(desk, ScaleForm("METTLER"))
    carrots = counter.price_list(desk).offers[small_shop.carrots]
    basket = Basket(str(uuid.uuid4()), 100)
    basket = basket.with_weighed("a", carrots, 1250, WeightSource.SCALE, tare_grams=50, gross_grams=1300, scale=scale)
    basket = basket.with_weighed("b", carrots, 400, WeightSource.TYPED, tare_grams=20, gross_grams=420)
    basket = basket.with_weighed("c", carrots, 750, WeightSource.LABEL)
    basket = basket.with_bags("d", carrots, 2, 90)
    sell.save_draft(desk, small_shop.household, basket)
    kept = counter.open_visit(desk, small_shop.household).draft
    assert kept == basket
    receipt = sell.record_sale(desk, small_shop.household, basket, sell.PaymentForm(basket.paid_cents))
    with desk.db.read() as session:
        lines = session.execute(
            select(SaleLine.grams, SaleLine.tare_grams, SaleLine.gross_grams, SaleLine.source, SaleLine.scale_id, Sale.made_by,
                   SaleLine.shelf_cents)
            .join(Sale, Sale.id == SaleLine.sale_id).where(Sale.id == receipt.sale).order_by(SaleLine.n)
        ).all()  # fmt: skip
    me = desk.actor.id
    assert [tuple(line[:6]) for line in lines] == [
        (1250, 50, 1300, WeightSource.SCALE, scale, me),
        (400, 20, 420, WeightSource.TYPED, None, me),
        (750, 0, None, WeightSource.LABEL, None, me),
        (round(180 * 1000 / (carrots.reference_cents or 1)), 0, None, WeightSource.ESTIMATED, None, me),
    ]
    assert lines[-1].shelf_cents == 180
    sell.cancel_sale(desk, receipt.sale, "erreur")
    assert safeguard.verify_file(desk) == ()


def test_an_arrival_keeps_where_its_weight_comes_from(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    scale = weighing.save_scale(desk, ScaleForm("METTLER"))
    lines = (
        ReceivedLine(
            grams=12_000, article_id=small_shop.carrots, source=WeightSource.SCALE, tare_grams=400, gross_grams=12_400
        ),
        ReceivedLine(grams=5_000, article_id=small_shop.carrots),
        ReceivedLine(pieces=6, article_id=small_shop.peas),
    )
    reception = receive.record_reception(desk, ReceptionForm(Origin.DONATION, lines))
    with desk.db.read() as session:
        moves = session.execute(
            select(StockMove.weight_source, StockMove.gross_grams, StockMove.tare_grams, StockMove.scale_id)
            .join(Lot, Lot.id == StockMove.lot_id).where(Lot.reception_id == reception).order_by(StockMove.id)
        ).all()  # fmt: skip
    assert [tuple(m) for m in moves] == [
        (WeightSource.SCALE, 12_400, 400, scale), (WeightSource.TYPED, None, 0, None), (WeightSource.NET, None, None, None)
    ]  # fmt: skip


def test_the_weight_of_an_expired_scale_is_never_sold_read_or_typed_but_a_bag_is(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    today = desk.clock.today()
    scale = weighing.save_scale(desk, ScaleForm("METTLER"))
    weighing.record_check(desk, scale, today - timedelta(days=800), today - timedelta(days=1))
    carrots = counter.price_list(desk).offers[small_shop.carrots]
    for source in (WeightSource.SCALE, WeightSource.TYPED):
        basket = Basket(str(uuid.uuid4()), 100).with_weighed("a", carrots, 1250, source)
        with pytest.raises(RuleRefused):
            sell.record_sale(desk, small_shop.household, basket, sell.PaymentForm(9_999), override="accord")
    label = (
        Basket(str(uuid.uuid4()), 100)
        .with_weighed("a", carrots, 1250, WeightSource.LABEL)
        .with_bags("b", carrots, 1, 90)
    )
    assert sell.record_sale(desk, small_shop.household, label, sell.PaymentForm(9_999)).grams > 1250
    yesterday = Basket(str(uuid.uuid4()), 100).with_weighed("a", carrots, 500, WeightSource.SCALE)
    past = today - timedelta(days=1)
    sell.record_sale(desk, small_shop.household, yesterday, sell.PaymentForm(9_999), day=past, override="papier")
