"""The months of a shop, from its tickets: what counts, what does not, and on which day."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.domain.figures import Apart, month_of
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.stock import LossReason
from epicerie_desktop.services import month_sheets, safeguard, sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, figures, stock
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.till import parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput
from tests.conftest import TODAY
from tests.services.conftest import SmallShop


def book(desk: Desk, household: int, article: int, *, grams: int = 0, pieces: int = 0, days: int = 0) -> sell.Receipt:
    at = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=days)))
    offer = counter.price_list(at).offers[article]
    basket = Basket(str(uuid.uuid4()), 100)
    basket = (
        basket.with_pieces("p", offer, pieces) if pieces else basket.with_weighed("w", offer, grams, WeightSource.SCALE)
    )
    return sell.record_sale(at, household, basket, sell.PaymentForm(basket.paid_cents), override="essai")


def another(desk: Desk, members: int = 1) -> int:
    links = [Link.HOLDER, *[Link.CHILD] * (members - 1)]
    return enrol.save_household(
        desk, HouseholdForm(tuple(MemberForm("Autre", f"N{n}", link) for n, link in enumerate(links)))
    )


def test_two_tickets_the_same_day_are_one_visit_and_two_months_one_family(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    for days in (0, 0, 1, 15):
        book(desk, home, small_shop.carrots, grams=500, days=days)
    november, december = figures.figures_of(desk, "2026-11", "2026-12")
    assert (november.totals.visits, december.totals.visits) == (2, 1)
    whole = figures.totals_of(desk, "2026-11", "2026-12")
    assert (whole.families, whole.persons, whole.visits, whole.person_visits, whole.grams) == (1, 3, 3, 9, 2000)


def test_what_is_no_food_what_is_thrown_away_and_what_is_cancelled_weigh_nothing(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    hygiene = next(f for f in stock.families(desk) if not f.food)
    soap = catalogue.save_article(desk, catalogue.ArticleForm(hygiene.id or 0, "Savon", SoldBy.PIECE, 100, 190))
    book(desk, home, soap, pieces=3)
    book(desk, home, small_shop.peas, pieces=2)
    cancelled = book(desk, another(desk), small_shop.carrots, grams=900)
    sell.cancel_sale(desk, cancelled.sale, "essai")
    lot = next(lot for lot in stock.lots_in_stock(desk) if lot.article_id == small_shop.carrots)
    receive.record_loss(desk, lot.id, grams=1000, reason=LossReason.UNFIT)
    found = figures.totals_of(desk, "2026-11", "2026-11")
    assert (found.families, found.visits, found.grams, found.shelf_cents) == (1, 1, 800, 3 * 190 + 2 * 150)
    assert dict(found.grams_by_family) == {"EPI": 800}
    assert safeguard.verify_file(desk) == ()


def test_a_cancellation_of_a_past_month_corrects_that_month(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    receipt = book(desk, small_shop.household, small_shop.carrots, grams=700)
    later = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=20)))
    sell.cancel_sale(later, receipt.sale, "erreur")
    november, december = figures.figures_of(later, "2026-11", "2026-12")
    assert [(m.totals.visits, m.totals.grams, m.totals.paid_cents) for m in (november, december)] == [(0, 0, 0)] * 2
    assert november.households == ()


def test_a_person_who_changes_household_counts_once(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=100)
    after = replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=3)))
    form = household_file(after, small_shop.household).form
    enrol.save_household(after, replace(form, members=form.members[:2]))
    book(after, small_shop.household, small_shop.carrots, grams=100, days=3)
    found = figures.totals_of(desk, "2026-11", "2026-11")
    assert (found.persons, found.visits, found.person_visits) == (3, 2, 5)


def test_a_period_that_ends_before_it_begins_is_refused(small_shop: SmallShop) -> None:
    with pytest.raises(BadInput):
        figures.figures_of(small_shop.desk, "2026-12", "2026-11")


tickets = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-25, 40), st.integers(1, 2000), st.booleans()), min_size=1, max_size=10
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tickets)
def test_any_life_of_a_shop_adds_up_month_by_month(
    small_shop: SmallShop, life: list[tuple[int, int, int, bool]]
) -> None:
    """Run again and again on the same shop: what was there before is taken off."""
    desk = small_shop.desk
    before = figures.figures_of(desk, "2026-10", "2026-12")
    homes = [small_shop.household, another(desk), another(desk, 4)]
    kept = []
    for home, days, grams, cancelled in life:
        receipt = book(desk, homes[home], small_shop.carrots, grams=grams, days=days)
        if cancelled:
            sell.cancel_sale(desk, receipt.sale, "essai")
        else:
            kept.append((homes[home], TODAY + timedelta(days=days), grams))
    after = figures.figures_of(desk, "2026-10", "2026-12")
    for was, now in zip(before, after, strict=True):
        mine = [k for k in kept if f"{k[1]:%Y-%m}" == now.month]
        assert now.totals.grams - was.totals.grams == sum(g for _, _, g in mine)
        new = [line for line in now.households if line.number != "1-0001"]
        old = [line for line in was.households if line.number != "1-0001"]
        assert len(new) - len(old) == len({h for h, _, _ in mine if h != small_shop.household})
        fresh = {(h, d) for h, d, _ in mine if h != small_shop.household}
        assert sum(n.visits for n in new) - sum(o.visits for o in old) == len(fresh)
        assert now.totals.visits == sum(line.visits for line in now.households)
    assert safeguard.verify_file(desk) == ()


def test_emergency_parcels_stand_beside_the_figures_and_enter_none(small_shop: SmallShop) -> None:
    desk, month = small_shop.desk, month_of(small_shop.today)
    before = month_sheets.month_sheet(desk, month)
    assert before.apart is None
    offer = counter.price_list(desk).offers[small_shop.peas]
    for pieces, persons in ((3, 2), (5, 4)):
        basket = Basket(str(uuid.uuid4()), 0).with_pieces("l", offer, pieces)
        parcels.give_emergency_parcel(desk, basket, persons)
    third = Basket(str(uuid.uuid4()), 0).with_pieces("l", offer, 1)
    parcels.cancel_emergency_parcel(desk, parcels.give_emergency_parcel(desk, third, 1), "erreur")
    after = month_sheets.month_sheet(desk, month)
    assert after.apart == Apart(2, 6, 8 * 400)
    assert after.figures == before.figures
    told = PdfReader(io.BytesIO(month_sheets.month_sheet_pdf(desk, month))).pages[0].extract_text()
    assert "À part : 2 colis d’urgence sans dossier" in told.replace("\xa0", " ").replace("\u202f", " ")
    whole = PdfReader(io.BytesIO(sheets.shop_balance_pdf(desk, month, month, "Bilan")))
    assert any("3,200" in page.extract_text() for page in whole.pages)
