"""A closed month never moves again: a correction stands beside it, then becomes an amendment that says what, who and why."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.figures import totals
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.months import ChangeKind, Sums
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.sheets import SheetState
from epicerie_desktop.domain.stock import LossReason
from epicerie_desktop.persistence.database import Database
from epicerie_desktop.persistence.models import MonthClosing
from epicerie_desktop.services import month_sheets, months, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import life, unite
from epicerie_desktop.services.queries import counter, figures, stock
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.till import parcels, sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop, at_second_post
from tests.services.test_figures import another, book

MONTH, AFTER = "2026-11", "2026-12"


def in_december(desk: Desk, days: int = 20) -> Desk:
    return replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=days)))


def late(desk: Desk, household: int, article: int, grams: int, day: date = TODAY) -> sell.Receipt:
    """Book a visit of November in December: a morning on paper entered late."""
    at = desk if day != TODAY else in_december(desk)
    basket = Basket(str(uuid.uuid4()), 100).with_weighed(
        "w", counter.price_list(at).offers[article], grams, WeightSource.SCALE
    )
    return sell.record_sale(
        at, household, basket, sell.PaymentForm(basket.paid_cents), day=day, override="feuille papier"
    )


def test_a_running_month_is_not_closed_a_month_over_is_once(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=700)
    with pytest.raises(RuleRefused, match="pas fini"):
        months.close_month(desk, MONTH)
    december = in_december(desk)
    assert months.close_month(december, MONTH) == 1
    with pytest.raises(RuleRefused, match="déjà clos"):
        months.close_month(december, MONTH)
    state = months.month_state(december, MONTH)
    assert (state.closed, state.versions[0].version, state.pending) == (True, 1, ())
    with pytest.raises(BadInput):
        months.close_month(december, "2026-13")


def test_a_volunteer_closes_nothing(small_shop: SmallShop) -> None:
    december = in_december(small_shop.desk)
    volunteer = replace(december, actor=replace(december.actor, role=Role.VOLUNTEER.value))
    with pytest.raises(RuleRefused, match="responsable"):
        months.close_month(volunteer, MONTH)


def test_what_is_corrected_after_the_closing_changes_no_figure_until_it_is_amended(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    wrong = book(desk, home, small_shop.carrots, grams=700)
    december = in_december(desk)
    months.close_month(december, MONTH)
    before = figures.figures_of(december, MONTH, MONTH)
    sell.cancel_sale(december, wrong.sale, "erreur de foyer")
    assert figures.figures_of(december, MONTH, MONTH) == before
    state = months.month_state(december, MONTH)
    assert [(c.kind, c.number, c.before.grams, c.after.grams) for c in state.pending] == [
        (ChangeKind.REMOVED, before[0].households[0].number, 700, 0)
    ]
    with pytest.raises(BadInput, match="pourquoi"):
        months.amend_month(december, MONTH, "  ")
    assert months.amend_month(december, MONTH, "Ticket annulé") == 2
    assert figures.totals_of(december, MONTH, MONTH).visits == 0
    state = months.month_state(december, MONTH)
    assert [(v.version, v.reason, len(v.changes)) for v in state.versions] == [(2, "Ticket annulé", 1), (1, "", 0)]
    assert state.pending == ()
    with pytest.raises(RuleRefused, match="changé dans ce mois"):
        months.amend_month(december, MONTH, "encore")
    assert safeguard.verify_file(december) == ()


def test_a_late_morning_waits_beside_the_closed_month(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    book(desk, home, small_shop.carrots, grams=700)
    months.close_month(in_december(desk), MONTH)
    late(desk, another(desk), small_shop.carrots, 400)
    december = in_december(desk)
    assert figures.totals_of(december, MONTH, MONTH).families == 1
    assert [c.kind for c in months.month_state(december, MONTH).pending] == [ChangeKind.ADDED]
    months.amend_month(december, MONTH, "Feuille papier du jour saisie après coup")
    assert figures.totals_of(december, MONTH, MONTH).families == 2


def test_ages_sizes_and_files_stay_those_of_the_closing(small_shop: SmallShop) -> None:
    """A birth told late and two files united rewrite an open month's persons; a closed one keeps its own."""
    desk, home = small_shop.desk, small_shop.household
    other = another(desk, 2)
    for household in (home, other):
        book(desk, household, small_shop.carrots, grams=700)
    december = in_december(desk)
    months.close_month(december, MONTH)
    before = figures.figures_of(december, MONTH, MONTH)
    unite.merge_files(december, other, home)
    life.arrive(december, home, life.Newcomer("Petit", "Paul", Link.CHILD, TODAY - timedelta(days=5)))
    assert figures.figures_of(december, MONTH, MONTH) == before


def test_an_open_month_beside_a_closed_one_is_read_from_the_tickets(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    book(desk, home, small_shop.carrots, grams=700)
    book(desk, home, small_shop.carrots, grams=300, days=16)
    december = in_december(desk)
    months.close_month(december, MONTH)
    assert [v.version for v in months.month_state(december, MONTH).versions] == [1]
    whole = figures.totals_of(december, MONTH, AFTER)
    assert (whole.families, whole.visits, whole.grams) == (1, 2, 1000)
    assert totals(figures.figures_between(december, TODAY + timedelta(days=1), TODAY + timedelta(days=20))).grams == 300


def test_the_sheet_of_a_closed_month_says_which_and_what_is_not_in_it(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, small_shop.household
    wrong = book(desk, home, small_shop.carrots, grams=700)
    december = in_december(desk)
    months.close_month(december, MONTH)
    sell.cancel_sale(december, wrong.sale, "erreur")
    sheet = month_sheets.month_sheet(december, MONTH)
    assert (sheet.version, sheet.corrected, sheet.state) == (1, 1, SheetState.CLOSED)
    assert months.month_state(december, MONTH).versions[0].short in sheet.mark
    assert month_sheets.month_sheet_pdf(december, MONTH) == month_sheets.month_sheet_pdf(december, MONTH)


def test_a_figure_rubbed_out_of_a_closed_month_is_found(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=700)
    december = in_december(desk)
    months.close_month(december, MONTH)
    with pytest.raises(Exception, match="append-only"), desk.db.write() as session:
        session.execute(text("UPDATE month_closing SET figures = replace(figures, '700', '900')"))
    assert safeguard.verify_file(december) == ()
    rewrite(desk.db)
    assert [(f.what, f.where) for f in safeguard.verify_file(december)] == [("month", f"{MONTH}/1")]


def rewrite(db: Database) -> None:
    """Do what only someone who takes the brakes off could do."""
    with db.write() as session:
        session.execute(text("DROP TRIGGER month_closing_no_update"))
        session.execute(text("UPDATE month_closing SET figures = replace(figures, '700', '900')"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["late", "cancel", "amend", "next month"]), max_size=12))
def test_whatever_is_corrected_the_month_printed_is_that_of_its_last_version(
    small_shop: SmallShop, gestures: list[str]
) -> None:
    """The control is the sum of the tickets themselves: it follows every gesture, and meets the month only at an amendment."""
    home, carrots = small_shop.household, small_shop.carrots
    # Each example has a month of its own.
    with small_shop.desk.db.read() as session:
        closed = set(session.scalars(select(MonthClosing.month)))
    first = date(2027 + len(closed), 3, 10)
    month = f"{first:%Y-%m}"
    here = replace(small_shop.desk, clock=FrozenClock.on(first))
    after = replace(here, clock=FrozenClock.on(first + timedelta(days=30)))
    tickets = [book(here, home, carrots, grams=100, days=(first - TODAY).days)]
    months.close_month(after, month)
    frozen, live = 100, [100]
    for gesture in gestures:
        if gesture == "late":
            tickets.append(late(after, home, carrots, 150, first))
            live.append(150)
        elif gesture == "cancel" and tickets:
            sell.cancel_sale(after, tickets.pop().sale, "essai")
            live.pop()
        elif gesture == "next month":
            book(after, home, carrots, grams=50, days=(first - TODAY).days + 30)
        elif gesture == "amend":
            if months.month_state(after, month).pending:
                months.amend_month(after, month, "essai")
                frozen = sum(live)
            else:
                assert frozen == sum(live)
        assert figures.totals_of(after, month, month).grams == frozen
    assert safeguard.verify_file(after) == ()


def test_what_stands_beside_the_visits_is_closed_with_them(small_shop: SmallShop) -> None:
    """Kilos received and lost, and parcels without a file: a gesture dated in a closed month waits for its amendment too."""
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=700)
    basket = Basket(str(uuid.uuid4()), 0).with_weighed(
        "w", counter.price_list(desk).offers[small_shop.carrots], 900, WeightSource.SCALE
    )
    parcel = parcels.give_emergency_parcel(desk, basket, 3)
    lot = next(n for n in stock.lots_in_stock(desk) if n.article_id == small_shop.carrots)
    receive.record_loss(desk, lot.id, grams=200, reason=LossReason.UNFIT)
    december = in_december(desk)
    months.close_month(december, MONTH)
    before = month_sheets.month_sheet(december, MONTH)
    assert (before.apart, before.moved.lost.grams) == ((1, 3, 900), 200)
    parcels.cancel_emergency_parcel(december, parcel, "erreur")
    receive.record_loss(desk, lot.id, grams=100, reason=LossReason.UNFIT)
    after = month_sheets.month_sheet(december, MONTH)
    assert (after.apart, after.moved, after.corrected) == (before.apart, before.moved, 2)
    assert months.apart_of(december, MONTH, AFTER) == before.apart
    assert [(c.kind, c.before, c.after) for c in months.month_state(december, MONTH).pending] == [
        (ChangeKind.EMERGENCY, Sums(3, 900), Sums()), (ChangeKind.LOST, Sums(grams=200), Sums(grams=300)),
    ]  # fmt: skip
    months.amend_month(december, MONTH, "Colis annulé, perte notée en retard")
    amended = month_sheets.month_sheet(december, MONTH)
    assert (amended.apart, amended.moved.lost.grams, amended.corrected) == (None, 300, 0)
    assert month_sheets.month_sheet_pdf(december, MONTH)
    assert safeguard.verify_file(december) == ()


def test_two_posts_close_months_in_one_book(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    book(desk, small_shop.household, small_shop.carrots, grams=700)
    book(desk, small_shop.household, small_shop.carrots, grams=300, days=16)
    january = in_december(desk, 50)
    assert [months.close_month(at, m) for at, m in ((january, MONTH), (at_second_post(january), AFTER))] == [1, 2]
    assert safeguard.verify_file(january) == ()
