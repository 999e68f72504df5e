"""A ticket of another day: found by its number, its day or its household, cancelled by the team, in the till of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.ticket import ticket_number
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries.past_tickets import find_tickets
from epicerie_desktop.services.till import closings, sell
from epicerie_desktop.services.till.limits import TillLimits, save_limits
from epicerie_desktop.support.errors import RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_dates_and_receptions import on
from tests.services.test_figures import another, book
from tests.services.test_reserved import an_account


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1-000042", (1, 42)), (" 12 - 123456 ", (12, 123456)), ("&)àààà'é", (1, 42)), ("1-0001", None), ("1000042", None),
        ("21/11", None), ("3017620422003", None), ("", None),
    ],
)  # fmt: skip
def test_a_ticket_number_is_known_by_its_shape_even_from_a_scanner_set_to_qwerty(
    typed: str, number: tuple[int, int] | None
) -> None:
    assert ticket_number(typed) == number


def test_a_ticket_is_found_by_its_number_its_day_or_its_household(small_shop: SmallShop) -> None:
    desk, home = small_shop.desk, another(small_shop.desk)
    mine = book(desk, small_shop.household, small_shop.carrots, grams=500)
    other = book(desk, home, small_shop.carrots, grams=300)
    later = on(desk, 9)
    number = f"{mine.number}"

    def found(typed: str, ago: int | None = None) -> list[int]:
        day = small_shop.today - timedelta(days=ago) if ago is not None else None
        return [t.sale for t in find_tickets(later, typed, day)]

    assert found("") == [other.sale, mine.sale] == found("21/11", 0)
    assert found("", 1) == found("personne de ce nom") == found("9-000001") == []
    assert found(number) == [mine.sale] == found(str(int(number.split("-")[1])))
    assert found("almeida") == [mine.sale]
    assert [t.day for t in find_tickets(later, number)] == [small_shop.today]


def test_a_closed_day_does_not_move_and_the_contrary_ticket_is_in_the_till_of_today(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    receipt = book(desk, small_shop.household, small_shop.carrots, grams=500)
    later = on(desk, 9)
    closings.close_due(later)
    assert closings.reading(later).tickets == 0
    sell.cancel_sale(later, receipt.sale, "erreur de foyer")
    since = closings.reading(later)
    assert (since.cancelled, since.paid_cents) == (1, -receipt.paid_cents)
    closings.close_day(later)
    assert closings.broken_closings(later) == []
    assert safeguard.verify_file(later) == ()


def test_a_volunteer_cancels_what_was_entered_today_and_leaves_other_days_to_the_team(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    volunteer = an_account(desk, role=Role.VOLUNTEER).actor
    first = book(desk, small_shop.household, small_shop.carrots, grams=500)
    second = book(desk, small_shop.household, small_shop.carrots, grams=200)
    sell.cancel_sale(replace(desk, actor=volunteer), first.sale, "erreur")
    later = on(desk, 1)
    with pytest.raises(RuleRefused, match="autre jour"):
        sell.cancel_sale(replace(later, actor=volunteer), second.sale, "erreur")
    sell.cancel_sale(later, second.sale, "erreur")


def test_a_regie_gives_back_what_was_taken_another_day_only_where_it_may(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    paid = book(desk, small_shop.household, small_shop.carrots, grams=500)
    same_day = book(desk, small_shop.household, small_shop.carrots, grams=200)
    assert paid.paid_cents > 0
    save_feature(desk, "regie", True)
    sell.cancel_sale(desk, same_day.sale, "erreur de saisie")
    later = on(desk, 1)
    with pytest.raises(RuleRefused, match="acte constitutif"):
        sell.cancel_sale(later, paid.sale, "erreur")
    save_limits(later, TillLimits(act_refund="arrêté du 2 mars 2026"))
    sell.cancel_sale(later, paid.sale, "erreur")
