"""Who is still expected today and what is too scarce for them, on a real file with weeks behind it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import time, timedelta
from fractions import Fraction

import pytest

from epicerie_desktop.domain.agenda import AppointmentKind
from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.fair_share import expected_sizes, shares_of_day, usual_pace
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.support import agenda
from epicerie_desktop.services.till import orders, sell
from epicerie_desktop.support.clock import FrozenClock
from tests.services.conftest import SmallShop


def household_of(desk: Desk, n: int) -> int:
    members = (
        MemberForm(f"Nom{n}", "Ana", Link.HOLDER),
        *(MemberForm(f"Nom{n}", f"E{i}", Link.CHILD) for i in range(n)),
    )
    return enrol.save_household(desk, HouseholdForm(members, opened_on=desk.clock.today() - timedelta(days=90)))


def take(desk: Desk, household: int, article: int, pieces: int) -> int:
    offer = counter.price_list(desk).offers[article]
    rate = counter.open_visit(desk, household).participation_permille
    basket = Basket(str(uuid.uuid4()), rate).with_pieces(str(uuid.uuid4()), offer, pieces)
    return sell.record_sale(desk, household, basket, sell.PaymentForm(basket.paid_cents), override="essai").sale


@pytest.fixture
def weeks(small_shop: SmallShop) -> tuple[SmallShop, list[int]]:
    """Three weeks of the same weekday: 3, 4 and 4 households, of one to four persons, two packs of peas each."""
    desk = small_shop.desk
    homes = [household_of(desk, n) for n in range(4)]
    for back, came in ((21, homes[:3]), (14, homes), (7, homes)):
        past = replace(desk, clock=FrozenClock.on(small_shop.today - timedelta(days=back)))
        for home in came:
            take(past, home, small_shop.peas, 2)
    return small_shop, homes


def test_the_usual_pace_is_the_median_of_the_same_weekday(weeks: tuple[SmallShop, list[int]]) -> None:
    shop, _homes = weeks
    pace = usual_pace(shop.desk)
    assert pace.households == 4
    assert sorted(set(pace.sizes)) == [1, 2, 3, 4]
    assert pace.a_visit[shop.peas][0] == Fraction(2)


def test_who_was_served_is_expected_no_more_and_a_cancelled_ticket_brings_the_household_back(
    weeks: tuple[SmallShop, list[int]],
) -> None:
    shop, homes = weeks
    pace = usual_pace(shop.desk)
    assert len(expected_sizes(shop.desk, pace, homes[0])) == 4
    sale = take(shop.desk, homes[1], shop.peas, 1)
    assert len(expected_sizes(shop.desk, pace, homes[0])) == 3
    sell.cancel_sale(shop.desk, sale, "erreur")
    assert len(expected_sizes(shop.desk, pace, homes[0])) == 4


def test_appointments_and_orders_of_the_day_are_expected_by_their_own_size(weeks: tuple[SmallShop, list[int]]) -> None:
    shop, homes = weeks
    desk = shop.desk
    pace = replace(usual_pace(desk), households=0)
    assert expected_sizes(desk, pace, homes[3]) == (4,)
    agenda.save_appointment(desk, agenda.AppointmentForm(homes[0], shop.today, time(16), AppointmentKind.RENEWAL))
    agenda.save_appointment(desk, agenda.AppointmentForm(homes[2], shop.today, time(17), AppointmentKind.PHONE))
    basket = Basket(str(uuid.uuid4()), 100).with_pieces("l", counter.price_list(desk).offers[shop.peas], 1)
    orders.prepare_order(desk, homes[1], shop.today, basket)
    assert sorted(expected_sizes(desk, pace, homes[3])) == [1, 2, 4]


def test_what_is_scarce_is_shared_within_what_is_there_and_plenty_is_not_told(
    weeks: tuple[SmallShop, list[int]],
) -> None:
    shop, homes = weeks
    desk = shop.desk
    pace = usual_pace(desk)
    left = sum(lot.quantity for lot in counter.price_list(desk).stock.lots.get(shop.peas, ()))
    assert left == 2
    receive.record_reception(
        desk,
        receive.ReceptionForm(Origin.FOOD_BANK, (receive.ReceivedLine(pieces=4, article_id=shop.peas),)),
    )
    shares = shares_of_day(desk, pace, counter.price_list(desk), homes[0])
    share = shares[shop.peas]
    assert (share.left, share.households) == (6, 4)
    assert share.steps[0][0] == 1
    assert shop.milk not in shares
    receive.record_reception(
        desk,
        receive.ReceptionForm(Origin.FOOD_BANK, (receive.ReceivedLine(pieces=2, article_id=shop.peas),)),
    )
    assert shop.peas not in shares_of_day(desk, pace, counter.price_list(desk), homes[0])
