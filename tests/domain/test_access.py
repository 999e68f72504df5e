"""The verdict at the door, what ceilings leave, and the basket in the making."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.access import (
    Ceiling,
    CeilingLeft,
    CeilingMeasure,
    CeilingPeriod,
    Grant,
    Reason,
    VerdictState,
    period_start,
    verdict_on,
)
from epicerie_desktop.domain.basket import MAX_LINES, ArticleOffer, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.units import share_of, value_of
from epicerie_desktop.support.errors import BadInput

DAY = date(2026, 11, 20)


def right(number: int, start: int, end: int, *, suspended: bool = False) -> Grant:
    return Grant(number, DAY + timedelta(days=start), DAY + timedelta(days=end), 100, (), suspended)


@pytest.mark.parametrize(
    ("grants", "persons", "served", "state", "reason"),
    [
        ((), 3, False, VerdictState.ASK_TEAM, Reason.NEVER_OPENED),
        ((right(1, -30, -1),), 3, False, VerdictState.ASK_TEAM, Reason.LAPSED),
        ((right(1, 1, 30),), 3, False, VerdictState.ASK_TEAM, Reason.NOT_STARTED),
        ((right(1, -60, -30), right(2, 5, 30)), 3, False, VerdictState.ASK_TEAM, Reason.NOT_STARTED),
        ((right(1, -30, 60),), 3, False, VerdictState.OPEN, Reason.RIGHT_OPEN),
        ((right(1, 0, 60),), 3, False, VerdictState.OPEN, Reason.RIGHT_OPEN),
        ((right(1, -30, 0),), 3, False, VerdictState.OPEN, Reason.ENDS_SOON),
        ((right(1, -30, 15),), 3, False, VerdictState.OPEN, Reason.ENDS_SOON),
        ((right(1, -30, 16),), 3, False, VerdictState.OPEN, Reason.RIGHT_OPEN),
        ((right(1, -30, 60, suspended=True),), 3, False, VerdictState.CLOSED, Reason.SUSPENDED),
        ((right(1, -30, 60, suspended=True), right(2, -5, 60)), 3, False, VerdictState.OPEN, Reason.RIGHT_OPEN),
        ((right(1, -30, 60),), 0, False, VerdictState.ASK_TEAM, Reason.NO_MEMBER),
        ((right(1, -30, 60),), 3, True, VerdictState.ASK_TEAM, Reason.ALREADY_SERVED_TODAY),
    ],
)
def test_the_banner_says_what_the_rights_say(
    grants: tuple[Grant, ...], persons: int, served: bool, state: VerdictState, reason: Reason
) -> None:
    for order in (grants, grants[::-1]):
        found = verdict_on(DAY, order, persons, served_today=served)
        assert (found.state, found.reason) == (state, reason)


def test_a_ceiling_runs_from_monday_from_the_first_or_from_the_opening() -> None:
    grant = right(1, -3, 60)
    assert {p: period_start(p, DAY, grant) for p in CeilingPeriod} == {
        CeilingPeriod.VISIT: DAY,
        CeilingPeriod.WEEK: date(2026, 11, 17),
        CeilingPeriod.FORTNIGHT: date(2026, 11, 17),
        CeilingPeriod.SEMESTER: date(2026, 11, 17),
        CeilingPeriod.MONTH: date(2026, 11, 17),
        CeilingPeriod.GRANT: date(2026, 11, 17),
    }
    old = right(1, -300, 60)
    assert period_start(CeilingPeriod.WEEK, DAY, old) == date(2026, 11, 16)
    assert period_start(CeilingPeriod.MONTH, DAY, old) == date(2026, 11, 1)
    assert period_start(CeilingPeriod.SEMESTER, DAY, old) == date(2026, 7, 1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_a_fortnight_starts_on_a_monday_an_even_number_of_weeks_after_the_opening(opened: date, later: int) -> None:
    grant = Grant(1, opened, opened + timedelta(days=1000), 100, ())
    day = opened + timedelta(days=later)
    start = period_start(CeilingPeriod.FORTNIGHT, day, grant)
    assert opened <= start <= day < start + timedelta(days=14)
    if start != opened:
        assert start.weekday() == 0
        assert (start - (opened - timedelta(days=opened.weekday()))).days % 14 == 0


CARROTS = ArticleOffer(1, "Carottes", 1, "Fruits et légumes", SoldBy.WEIGHT, 160)
PEAS = ArticleOffer(2, "Petits pois", 2, "Épicerie", SoldBy.PIECE, 150, 400)
SOAP = ArticleOffer(3, "Savon", 3, "Hygiène", SoldBy.PIECE, 99, 100, food=False)
GIFT = ArticleOffer(4, "Pain", 4, "Pain", SoldBy.PIECE, 120, 250, shared_permille=0)

gestures = st.lists(
    st.tuples(
        st.sampled_from([CARROTS, PEAS, SOAP, GIFT]), st.integers(1, 400), st.sampled_from([None, 7]), st.booleans()
    ),
    max_size=25,
)


@given(gestures, st.integers(0, 1000))
def test_a_basket_is_the_sum_of_its_lines_whatever_is_done(
    done: list[tuple[ArticleOffer, int, int | None, bool]], rate: int
) -> None:
    basket = Basket("b", rate)
    for n, (offer, quantity, lot, then_removed) in enumerate(done):
        before = basket
        if offer.sold_by is SoldBy.WEIGHT:
            basket = basket.with_weighed(str(n), offer, quantity, WeightSource.SCALE, lot=lot)
        else:
            basket = basket.with_pieces(str(n), offer, quantity, lot=lot)
        assert before == replace(before), "each gesture gives another basket"
        if then_removed:
            basket = basket.without(basket.lines[-1].uid)
    for line in basket.lines:
        offer = {o.id: o for o in (CARROTS, PEAS, SOAP, GIFT)}[line.article]
        value = value_of(line.grams, 160) if offer is CARROTS else line.pieces * (offer.reference_cents or 0)
        assert line.shelf_cents == value
        assert line.paid_cents == share_of(value, 0 if offer is GIFT else rate)
        assert line.grams == (line.grams if offer is CARROTS else line.pieces * (offer.net_grams or 0))
        assert line.pieces <= 999
    assert basket.shelf_cents == sum(line.shelf_cents for line in basket.lines)
    assert basket.grams == sum(line.grams for line in basket.lines if line.article != SOAP.id)
    assert len({line.uid for line in basket.lines}) == len(basket.lines)
    assert baskets.from_json(json.loads(json.dumps(baskets.to_json(basket)))) == basket


def test_the_same_article_scanned_again_enlarges_its_line() -> None:
    basket = (
        Basket("b", 100)
        .with_pieces("a", PEAS, 1)
        .with_weighed("b", CARROTS, 500, WeightSource.SCALE)
        .with_pieces("c", PEAS, 2)
    )
    assert [(line.uid, line.pieces, line.paid_cents) for line in basket.lines] == [("a", 3, 45), ("b", 0, 8)]
    dated = basket.with_pieces("d", PEAS, 1, pack_date=DAY)
    assert [line.uid for line in dated.lines] == ["a", "b", "d"]


def test_absurd_quantities_and_unknown_values_are_refused() -> None:
    empty = Basket("b", 100)
    for grams in (0, -5, 15_001):
        with pytest.raises(BadInput):
            empty.with_weighed("a", CARROTS, grams, WeightSource.SCALE, capacity_grams=15_000)
    for pieces in (0, -1, 1000):
        with pytest.raises(BadInput):
            empty.with_pieces("a", PEAS, pieces)
    with pytest.raises(BadInput, match="valeur de référence"):
        empty.with_pieces("a", replace(PEAS, reference_cents=None), 1)
    full = empty
    for n in range(MAX_LINES):
        full = full.with_weighed(str(n), CARROTS, 100, WeightSource.TYPED)
    with pytest.raises(BadInput, match=str(MAX_LINES)):
        full.with_weighed("x", CARROTS, 100, WeightSource.TYPED)


@given(st.integers(0, 10_000), st.integers(-500, 20_000), st.integers(0, 10_000), st.sampled_from(list(CeilingMeasure)))
def test_what_is_left_and_what_is_over_agree(amount: int, taken: int, more: int, measure: CeilingMeasure) -> None:
    left = CeilingLeft(Ceiling(measure, CeilingPeriod.MONTH, amount), taken)
    spent = replace(Basket("b", 0).spent, paid_cents=more, shelf_cents=more, grams=more)
    assert left.left == max(0, amount - taken)
    weight = spent.of(measure)
    assert left.over(weight) == (max(0, taken + more - amount) if more else 0)
    if taken <= amount:
        assert (left.over(weight) == 0) == (more <= left.left)
