"""Who stands in the lists of the counter and of the files: what was cancelled, suspended or closed does not count."""

from __future__ import annotations

from datetime import timedelta

from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.queries import counter, households
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.services.till import sell
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold


def expected(shop: SmallShop) -> list[int]:
    return [f.id for f in counter.expected_this_week(shop.desk)]


def test_a_household_whose_only_ticket_was_cancelled_is_still_expected(small_shop: SmallShop) -> None:
    assert expected(small_shop) == [small_shop.household]
    receipt = sold(small_shop, a_basket(small_shop))
    assert expected(small_shop) == []
    assert households.household_file(small_shop.desk, small_shop.household).last_visit == small_shop.today
    sell.cancel_sale(small_shop.desk, receipt.sale, "erreur de foyer")
    assert expected(small_shop) == [small_shop.household]
    assert households.household_file(small_shop.desk, small_shop.household).last_visit is None


def test_a_closed_file_is_no_longer_expected(small_shop: SmallShop) -> None:
    enrol.close_household(small_shop.desk, small_shop.household)
    assert expected(small_shop) == []


def test_a_suspended_right_is_not_among_the_open_ones(small_shop: SmallShop) -> None:
    assert len(households.list_households(small_shop.desk, only_open=True)) == 1
    urgent = Measure(SuspensionKind.CONSERVATORY, small_shop.today, small_shop.today + timedelta(days=7))
    record_suspension(small_shop.desk, SuspensionForm(small_shop.household, urgent, SuspensionReason.RULES))
    assert households.list_households(small_shop.desk, only_open=True) == ()
    assert expected(small_shop) == []
    assert len(households.list_households(small_shop.desk)) == 1
