"""The rules of the contract: what is typed is understood or told wrong, and what adds up is counted once."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.contract import (
    SOURCES,
    Counter,
    Measure,
    Method,
    Unit,
    check_measure,
    checked_code,
    checked_period,
    checked_year,
    counter_of,
    read_amount,
)
from epicerie_desktop.domain.contract_values import (
    Standing,
    TypedValue,
    clashing,
    in_force,
    refuse_shop_of_distinct,
    standings,
    value_over,
)
from epicerie_desktop.support.errors import BadInput, RuleRefused

SETTLED = date(2013, 2, 7)


def told(
    n: int, first: str, last: str, value: int | None, site: int | None = None, replaces: int | None = None
) -> TypedValue:
    return TypedValue(n, site, first, last, value, SETTLED, replaces)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("10 t", Unit.GRAM, 10_000_000), ("1 250,5", Unit.GRAM, 1_250_500), ("800 g", Unit.GRAM, 800),
        ("550 000 €", Unit.CENT, 55_000_000), ("24490", Unit.CENT, 2_449_000), ("12.5", Unit.CENT, 1250),
        ("200", Unit.HOUSEHOLD, 200), ("0", Unit.COUNT, 0),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, unit: Unit, value: int) -> None:
    assert read_amount(typed, unit) == value


@pytest.mark.parametrize(
    ("typed", "unit", "sentence"),
    [
        ("", Unit.COUNT, "Tapez la valeur"), ("beaucoup", Unit.COUNT, "est pas un nombre"), ("2,5", Unit.PERSON, "entier"),
        ("1,0005", Unit.GRAM, "gramme"), ("1,005", Unit.CENT, "deux décimales"), ("-3", Unit.COUNT, "négative"),
        ("9" * 14, Unit.COUNT, "trop grande"), ("3 50", Unit.CENT, "est pas un nombre"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_one_says_what_is_expected(typed: str, unit: Unit, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_amount(typed, unit)


def test_a_source_goes_with_its_own_unit_and_method() -> None:
    for source, (unit, method) in SOURCES.items():
        check_measure(Measure(unit, method, source))
        for other in product(Unit, Method):
            if other != (unit, method):
                with pytest.raises(BadInput):
                    check_measure(Measure(*other, source))
    assert counter_of("action:HOUSING:FUNDED:cents") == Counter("HOUSING", "FUNDED", cents=True)
    assert counter_of("action:LICENCE:OBTAINED") == Counter("LICENCE", "OBTAINED")
    assert counter_of("families") is counter_of("action:x") is None
    check_measure(Measure(Unit.CENT, Method.SUM, "action:HOUSING:FUNDED:cents"))
    check_measure(Measure(Unit.PERSON, Method.SUM, "action:LICENCE:OBTAINED"))
    for wrong in (
        Measure(Unit.COUNT, Method.SUM, "action:HOUSING:FUNDED:cents"), Measure(Unit.CENT, Method.SUM, "action:HOUSING:FUNDED"),
        Measure(Unit.COUNT, Method.LAST, "action:LICENCE:OBTAINED"), Measure(Unit.COUNT, Method.SUM, "kilos"),
        Measure(Unit.GRAM, Method.DISTINCT), Measure(Unit.COUNT, Method.SUM), Measure(Unit.PERSON, Method.SUM, target=-1),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            check_measure(wrong)


def test_codes_periods_and_years_are_told_wrong_with_what_to_do() -> None:
    assert checked_code(" a1.2 ") == "A1.2"
    for wrong in ("", "é", "A B", "-A", "A" * 25):
        with pytest.raises(BadInput):
            checked_code(wrong)
    assert checked_period("2010-01", "2012-12", "2010-01", "2012-12") == ("2010-01", "2012-12")
    for first, last in (("2012-12", "2012-01"), ("2009-12", "2010-01"), ("2012-12", "2013-01"), ("2010-1", "2010-02")):
        with pytest.raises(BadInput):
            checked_period(first, last, "2010-01", "2012-12")
    assert checked_year(2014, "2010-01", "2012-12") == 2014
    for year in (2008, 2015):
        with pytest.raises(BadInput, match="2009 à 2014"):
            checked_year(year, "2010-01", "2012-12")


def test_a_replaced_value_is_never_counted_and_a_withdrawn_one_leaves_nothing() -> None:
    rows = [
        told(1, "2011-01", "2011-12", 12), told(2, "2011-01", "2011-12", 14, replaces=1), told(3, "2012-01", "2012-12", 5),
        told(4, "2012-01", "2012-12", None, replaces=3),
    ]  # fmt: skip
    assert [r.id for r in in_force(rows)] == [2]
    assert standings(rows, Method.SUM, "2010-01", "2012-12") == {
        1: Standing.REPLACED, 2: Standing.COUNTED, 3: Standing.REPLACED, 4: Standing.WITHDRAWN,
    }  # fmt: skip
    assert value_over(rows, Method.SUM, "2010-01", "2012-12") == 14
    assert value_over(rows[2:], Method.SUM, "2010-01", "2012-12") is None, "not known is not a nought"


def test_a_sum_never_cuts_a_period_in_two() -> None:
    rows = [told(1, "2010-01", "2010-12", 3), told(2, "2011-07", "2012-06", 4), told(3, "2012-07", "2012-12", 0)]
    assert value_over(rows, Method.SUM, "2010-01", "2011-12") == 3
    assert standings(rows, Method.SUM, "2010-01", "2011-12")[2] is Standing.STRADDLES
    assert standings(rows, Method.SUM, "2010-01", "2011-12")[3] is Standing.OUTSIDE
    assert value_over(rows, Method.SUM, "2012-07", "2012-12") == 0


def test_the_last_state_is_the_latest_of_each_shop_not_after_the_period() -> None:
    rows = [
        told(1, "2010-03", "2010-03", 10, 1),
        told(2, "2011-03", "2011-03", 8, 1),
        told(3, "2010-06", "2010-06", 5, 2),
    ]
    assert value_over(rows, Method.LAST, "2010-01", "2010-12") == 15
    assert value_over(rows, Method.LAST, "2011-01", "2011-12") == 13, "a state lasts until another is told"
    assert value_over(rows, Method.LAST, "2010-01", "2010-04") == 10
    assert standings(rows, Method.LAST, "2011-01", "2011-12")[1] is Standing.EARLIER


def test_heads_are_never_added_the_longest_period_counts_alone() -> None:
    rows = [told(1, "2010-01", "2010-12", 120), told(2, "2010-01", "2012-12", 200), told(3, "2012-01", "2012-12", 90)]
    assert value_over(rows, Method.DISTINCT, "2010-01", "2012-12") == 200
    assert value_over(rows, Method.DISTINCT, "2010-01", "2011-12") == 120
    assert value_over(rows, Method.DISTINCT, "2012-01", "2012-12") == 90
    assert value_over(rows, Method.DISTINCT, "2011-01", "2012-12") is None
    with pytest.raises(RuleRefused, match="tout le contrat"):
        refuse_shop_of_distinct(Method.DISTINCT, 1)


def test_a_value_told_twice_is_found_whoever_tells_it() -> None:
    year = [told(1, "2011-01", "2011-12", 12, 1)]
    assert clashing(year, Method.SUM, 1, "2011-12", "2012-01") is year[0]
    assert clashing(year, Method.SUM, None, "2011-06", "2011-06") is year[0], "the whole contract holds the shop"
    assert clashing(year, Method.SUM, 2, "2011-06", "2011-06") is None
    assert clashing(year, Method.SUM, 1, "2012-01", "2012-01") is None
    assert clashing(year, Method.SUM, 1, "2011-01", "2011-12", replaces=1) is None
    assert clashing(year, Method.LAST, 1, "2011-03", "2011-12") is year[0]
    assert clashing(year, Method.LAST, 1, "2011-03", "2011-11") is None
    assert clashing(year, Method.LAST, None, "2012-01", "2012-01") is year[0]
    assert clashing(year, Method.DISTINCT, None, "2011-01", "2011-11") is None
    assert clashing(year, Method.DISTINCT, None, "2011-01", "2011-12") is year[0]


MONTHS = [f"2011-{m:02d}" for m in range(1, 13)]


@given(
    st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.integers(0, 11), st.integers(0, 11), st.integers(0, 50)), max_size=25)
)  # fmt: skip
def test_a_sum_over_a_cut_year_is_the_sum_of_its_parts(drawn: list[tuple[int | None, int, int, int]]) -> None:
    kept: list[TypedValue] = []
    for site, a, b, value in drawn:
        first, last = MONTHS[min(a, b)], MONTHS[max(a, b)]
        if clashing(kept, Method.SUM, site, first, last) is None:
            kept.append(TypedValue(len(kept) + 1, site, first, last, value, SETTLED))
    for row in kept:
        rivals = [r for r in kept if r is not row and (r.site == row.site or None in (r.site, row.site))]
        assert not any(r.first <= row.last and row.first <= r.last for r in rivals), "no month counted twice"
    whole = value_over(kept, Method.SUM, MONTHS[0], MONTHS[-1])
    assert whole == (sum(r.value or 0 for r in kept) if kept else None)
    for cut in range(1, 12):
        halves = [
            value_over(kept, Method.SUM, MONTHS[0], MONTHS[cut - 1]),
            value_over(kept, Method.SUM, MONTHS[cut], MONTHS[-1]),
        ]
        across = sum(r.value or 0 for r in kept if r.first < MONTHS[cut] <= r.last)
        assert sum(h or 0 for h in halves) + across == (whole or 0)
