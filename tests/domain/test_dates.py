"""Dates as packs write them: the last day they cover, the tolerance after it, the 48 hours, the freezer."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.dates import (
    BestBefore,
    Precision,
    ToleranceClass,
    Tolerances,
    best_before_on,
    classes_on,
    fitting,
    last_day,
    short_lived,
    too_late_to_freeze,
    written,
)
from epicerie_desktop.domain.receptions import too_warm
from epicerie_desktop.domain.safety import ColdLimit
from epicerie_desktop.domain.stock import DateKind, LotState, Origin, first_expired_first
from epicerie_desktop.ui.stock.limits import parse_limit, precision_of

DAY = date(2026, 11, 20)
DLC, DDM = DateKind.USE_BY, DateKind.BEST_BEFORE
DATES = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@given(DATES, st.sampled_from(Precision))
def test_what_is_written_is_read_again_with_its_precision(on: date, precision: Precision) -> None:
    covered = {Precision.DAY: on, Precision.MONTH: last_day(on.year, on.month), Precision.YEAR: last_day(on.year)}[
        precision
    ]
    typed = written(covered, precision)
    assert fitting(covered, precision)
    assert parse_limit(typed, DAY, DDM) == (DDM, covered)
    assert precision_of(f"ddm {typed}") is precision


@given(DATES, st.integers(0, 400) | st.none(), st.integers(-10, 500))
def test_a_best_before_date_is_fine_then_checked_then_too_old(limit: date, days: int | None, later: int) -> None:
    found = best_before_on(DDM, limit, limit + timedelta(days=later), days)
    if later <= 0:
        assert found is BestBefore.FINE
    else:
        assert found is (BestBefore.TO_CHECK if days is not None and later <= days else BestBefore.BEYOND)
    assert best_before_on(DLC, limit, limit + timedelta(days=later), days) is BestBefore.FINE, "another rule holds"


def test_a_month_leaves_after_its_days_and_before_the_next_month() -> None:
    dates = [date(2027, 12, 1), last_day(2027, 11), date(2027, 11, 29)]
    lots = [LotState(n, 5, DDM, on, DAY, Origin.FOOD_BANK) for n, on in enumerate(dates)]
    assert [lot.id for lot in first_expired_first(lots, DAY)] == [2, 1, 0]


def test_48_hours_and_the_freezer_are_counted_in_days() -> None:
    for days, short in ((0, True), (1, True), (2, False)):
        assert short_lived(DLC, DAY + timedelta(days=days), DAY) is short
        assert too_late_to_freeze(DLC, DAY + timedelta(days=days), DAY) is short
    assert not short_lived(DDM, DAY, DAY)


def test_what_the_shop_chose_holds_but_never_for_what_is_fixed() -> None:
    old = ToleranceClass("limited", "", date(2010, 1, 1), 0, fixed=False, source="")
    new = ToleranceClass("limited", "", date(2026, 1, 1), 7, fixed=False, source="")
    infant = ToleranceClass("infant", "", date(2010, 1, 1), None, fixed=True, source="")
    classes = classes_on((new, old, infant), DAY)
    found = Tolerances({"BEBE": "infant"}, classes, {"BEBE": 90, "PAIN": 3})
    assert (found.of("BEBE"), found.of("PAIN"), found.of("MIEL")) == (None, 3, 7)
    assert classes_on((new, old), date(2025, 6, 1))["limited"].days == 0


def test_a_warm_arrival_names_the_strictest_limit_it_breaks() -> None:
    meat, dairy = (ColdLimit(c, c, date(2010, 1, 1), most, None, "") for c, most in (("meat", 40), ("dairy", 80)))
    assert too_warm(60, (dairy, meat)) == meat
    assert too_warm(125, (dairy, meat)) == meat
    assert too_warm(40, (dairy, meat)) is None
    assert too_warm(None, (dairy,)) is None
