"""Every bar of the pictures is the sum of the lines behind it, and is drawn on paper as on screen."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.figures import DayVisit, month_of
from epicerie_desktop.domain.reports.dashboard import (
    PAST,
    Subject,
    amount,
    month_bars,
    near_names,
    near_range,
    twelve_months,
    year_before,
)
from epicerie_desktop.domain.stock import LossReason
from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.reports.dashboard import dashboard, dashboard_pdf, lines_behind, picture_pdf
from epicerie_desktop.services.stock import receive
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY

MONTH = f"{TODAY:%Y-%m}"

VISITS = st.lists(
    st.builds(
        DayVisit,
        day=st.dates(date(2024, 11, 1), date(2026, 11, 30)), household=st.sampled_from("abc"), number=st.just("1"),
        persons=st.just(("p",)), grams_by_family=st.dictionaries(st.sampled_from("xyz"), st.integers(0, 9000), max_size=3),
        grams_by_origin=st.just({}), shelf_cents=st.integers(0, 5000), paid_cents=st.integers(0, 5000),
    ),
    max_size=30,
)  # fmt: skip


@given(VISITS)
def test_the_months_and_those_of_the_year_before_hold_every_visit_once(visits: list[DayVisit]) -> None:
    months = twelve_months("2026-11")
    inside = [v for v in visits if month_of(v.day) in months or month_of(v.day) in {year_before(m) for m in months}]
    for subject in (Subject.KILOS, Subject.SAVINGS):
        bars = month_bars(subject, months, visits)
        assert sum(b.value + (b.before or 0) for b in bars) == amount(subject, inside)
    for bar in month_bars(Subject.FAMILIES, months, visits):
        assert bar.value == len({v.household for v in visits if month_of(v.day) == bar.key})


@given(st.integers(-400, 400))
def test_a_date_is_in_one_range_at_most(days: int) -> None:
    key = near_range(TODAY + timedelta(days=days), TODAY)
    assert key in near_names() or (key is None and days > 15)
    assert (key == PAST) == (days < 0)


def test_the_months_cross_the_years() -> None:
    assert twelve_months("2026-03", 4) == ("2025-12", "2026-01", "2026-02", "2026-03")


@pytest.fixture
def demo_shop(demo_files: DemoFiles) -> Iterator[Desk]:
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    found = opening.open_desk(demo_files.shops[0], secret, FrozenClock.on(TODAY))
    yield found
    found.db.close()


def test_every_bar_is_the_sum_of_the_lines_behind_it(demo_shop: Desk) -> None:
    board = dashboard(demo_shop, MONTH)
    seen = 0
    for picture in board.pictures:
        for bar in picture.bars:
            rows = lines_behind(demo_shop, picture, bar).rows
            if picture.subject is Subject.FAMILIES:
                assert len({r[1] for r in rows}) == bar.value
            elif picture.subject is Subject.EXPIRING:
                assert len(rows) == bar.value
            else:
                column = 3 if picture.subject is Subject.KILOS else -1
                assert sum(int(str(r[column])) for r in rows) == bar.value
            seen += bool(bar.value)
    assert seen > 15, "the control"


def test_a_loss_undone_leaves_its_picture(small_shop) -> None:
    desk = small_shop.desk
    lot = next(n for n in stock.lots_in_stock(desk) if n.grams >= 500)
    moves_before = dashboard(desk, MONTH).picture(Subject.LOSSES).bars
    receive.record_loss(desk, lot.id, grams=500, reason=LossReason.DAMAGED)
    (bar,) = dashboard(desk, MONTH).picture(Subject.LOSSES).bars
    assert (bar.key, bar.value) == ("DAMAGED", 500)
    assert moves_before == ()


def test_the_pictures_are_drawn_alike_and_say_their_figures(demo_shop: Desk) -> None:
    board = dashboard(demo_shop, MONTH)
    sheet = dashboard_pdf(demo_shop, board)
    assert sheet == dashboard_pdf(demo_shop, dashboard(demo_shop, MONTH))
    read = pypdf.PdfReader(io.BytesIO(sheet))
    assert len(read.pages) == 1
    text = read.pages[0].extract_text()
    for picture in board.pictures:
        assert picture.title.replace("\u00a0", " ") in text.replace("\u00a0", " ").replace("\u202f", " ")
        alone = pypdf.PdfReader(io.BytesIO(picture_pdf(picture))).pages[0].extract_text()
        assert str(max(b.value for b in board.picture(Subject.FAMILIES).bars)) in text
        assert alone


def test_no_month_and_no_volunteer(demo_shop: Desk) -> None:
    with pytest.raises(BadInput):
        dashboard(demo_shop, "2026-13")
    with pytest.raises(RuleRefused):
        dashboard(replace(demo_shop, actor=replace(demo_shop.actor, role="VOLUNTEER")), MONTH)
