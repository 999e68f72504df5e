"""The food part of a report: what it adds up, what a closed month keeps, and lots that close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from epicerie_desktop.domain.reports.shape import Section, Standing
from epicerie_desktop.services import months
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.food import food_sections
from epicerie_desktop.services.reports.food_facts import food_facts
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests.services.conftest import SmallShop
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
