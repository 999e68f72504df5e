"""A shop stocked to sell many baskets, for what disks, kills and neighbours do to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.till import sell


@dataclass(frozen=True)
class Busy:
    """A household and the article it takes."""

    desk: Desk
    household: int
    article: int

    def basket(self, lines: int = 3) -> Basket:
        offer = counter.price_list(self.desk).offers[self.article]
        basket = Basket(str(uuid.uuid4()), 100)
        for n in range(lines):
            basket = basket.with_weighed(str(n), offer, 100 + n, WeightSource.SCALE)
        return basket

    def sell(self, lines: int = 3) -> sell.Receipt:
        basket = self.basket(lines)
        return sell.record_sale(
            self.desk, self.household, basket, sell.PaymentForm(basket.paid_cents), override="essai"
        )


def make_busy(desk: Desk) -> Busy:
    """Return the desk with a household and much stock of one article."""
    family = stock.families(desk)[0]
    form = catalogue.ArticleForm(family.id or 0, "Carottes", SoldBy.WEIGHT, reference_cents=160)
    article = catalogue.save_article(desk, form)
    line = receive.ReceivedLine(grams=4_000_000, article_id=article)
    receive.record_reception(desk, receive.ReceptionForm(Origin.FOOD_BANK, (line,)))
    household = enrol.save_household(desk, HouseholdForm((MemberForm("Secretnom", "Zélie", Link.HOLDER),)))
    return Busy(desk, household, article)


@pytest.fixture
def busy(desk: Desk) -> Busy:
    return make_busy(desk)
