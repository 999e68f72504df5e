"""What a scale may be used for: by its class, its checks, the day, and whose scale it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy, WeightSource, from_json, to_json
from epicerie_desktop.domain.weighing import (
    Check,
    ScaleRecord,
    Standing,
    TypedWeight,
    next_check,
    parse_weighed,
    rule_for,
)
from epicerie_desktop.support.errors import BadInput

DAY = date(2026, 11, 28)


def record(next_on=None, *, accepted=True, accuracy_class="III", minimum=100, number=1):
    last = None if next_on is None else Check(date(2024, 11, 28), next_on, accepted)
    return ScaleRecord(number, number, "Ariva", accuracy_class=accuracy_class, minimum_grams=minimum, last=last)


@pytest.mark.parametrize(
    ("scale", "standing"),
    [
        (record(), Standing.UNCHECKED),
        (record(DAY), Standing.SOON),
        (record(DAY - timedelta(days=1)), Standing.OVERDUE),
        (record(DAY + timedelta(days=60)), Standing.SOON),
        (record(DAY + timedelta(days=61)), Standing.VALID),
        (record(DAY + timedelta(days=400), accepted=False), Standing.REFUSED),
        (record(DAY + timedelta(days=400), accuracy_class="NONE"), Standing.NOT_APPROVED),
    ],
)
def test_a_scale_stands_by_its_last_check_and_its_class(scale, standing):
    assert scale.standing(DAY) is standing
    forbids = {Standing.OVERDUE, Standing.REFUSED, Standing.NOT_APPROVED}
    assert rule_for(scale, (), DAY).forbids_price == (standing in forbids)


def test_typing_at_a_post_without_a_scale_is_no_way_round_an_expired_one():
    expired, good = record(DAY - timedelta(days=1)), record(DAY + timedelta(days=300), number=2)
    assert rule_for(None, (expired,), DAY).forbids_price
    assert not rule_for(None, (expired, good), DAY).forbids_price
    assert rule_for(expired, (good,), DAY).forbids_price
    assert not rule_for(None, (), DAY).forbids_price


def test_goods_under_the_least_weight_are_told_by_the_record_else_by_the_scale_in_use():
    assert rule_for(record(minimum=40), (), DAY).too_light(39, 100)
    assert not rule_for(record(minimum=40), (), DAY).too_light(40, 100)
    assert rule_for(None, (), DAY).too_light(99, 100)
    assert not rule_for(None, (), DAY).too_light(5, None)


def test_the_check_after_is_two_years_later_for_direct_sale_and_one_year_else():
    assert next_check(date(2024, 2, 29), 15_000) == date(2026, 2, 28)
    assert next_check(date(2026, 11, 28), 30_000) == date(2028, 11, 28)
    assert next_check(date(2026, 11, 28), 60_000) == date(2027, 11, 28)


def test_a_weight_is_typed_net_or_gross_less_its_tare():
    assert parse_weighed("1,250") == TypedWeight(1250)
    assert parse_weighed("1,300-0,050") == TypedWeight(1250, 50)
    assert parse_weighed("1,300 - 50 g").gross_grams == 1300
    for wrong in ("1-1", "0,5-1", "-0,5", "1,250-", "1-0,2-0,1x"):
        with pytest.raises(BadInput):
            parse_weighed(wrong)


@given(st.text(alphabet="0123456789,.- kg", max_size=14))
def test_whatever_is_typed_is_a_positive_weight_or_refused(typed):
    try:
        found = parse_weighed(typed)
    except BadInput:
        return
    assert found.grams > 0
    assert found.tare_grams >= 0


def test_a_bag_has_the_price_it_was_given_and_kilos_that_make_none():
    tomatoes = ArticleOffer(7, "Tomates", 1, "Légumes", SoldBy.WEIGHT, 200, piece_cents=80)
    basket = Basket("b", 100).with_bags("l", tomatoes, 3, 80)
    (line,) = basket.lines
    assert (line.shelf_cents, line.paid_cents, line.grams, line.source) == (240, 24, 1200, WeightSource.ESTIMATED)
    assert from_json(to_json(basket)) == basket
    free = Basket("b", 100).with_bags("l", ArticleOffer(7, "Pain", 1, "Pain", SoldBy.WEIGHT, 0), 1, 0)
    assert free.lines[0].grams == 1
    with pytest.raises(BadInput):
        basket.with_bags("m", tomatoes, 0, 80)
