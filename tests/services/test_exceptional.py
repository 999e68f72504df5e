"""Exceptional visits: granted by any volunteer, limited, and seen the next day by those who decide."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import AccessGrant
from epicerie_desktop.services import opening
from epicerie_desktop.services.households import reserve
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.exceptional import ExceptionalRule, exceptional_to_validate
from epicerie_desktop.services.rights import exceptional, rulesets, suspensions, waiting
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.services.conftest import SmallShop


def later(shop: SmallShop, days: int, *, key: bool = False) -> SmallShop:
    """The same shop `days` later, at an account that reads support or not."""
    desk = replace(shop.desk, clock=FrozenClock.on(shop.today + timedelta(days=days)))
    return replace(shop, desk=desk if key else replace(desk, social_key=None))


def test_a_volunteer_grants_one_day_at_the_last_terms_and_the_worker_sees_it_the_next_day(
    small_shop: SmallShop,
) -> None:
    saturday = later(small_shop, 63)
    assert counter.open_visit(saturday.desk, saturday.household).verdict.state is VerdictState.ASK_TEAM
    grant = exceptional.grant_exceptional_visit(saturday.desk, saturday.household, "RIGHT_ENDED")
    visit = counter.open_visit(saturday.desk, saturday.household)
    assert (visit.verdict.state, visit.participation_permille) == (VerdictState.OPEN, 100)
    assert [c.ceiling.amount for c in visit.ceilings] == [5000]
    worker = later(small_shop, 65, key=True)
    assert counter.open_visit(worker.desk, worker.household).verdict.state is VerdictState.ASK_TEAM
    row = exceptional_to_validate(worker.desk)[0]
    assert (row.grant, row.day, row.by, row.name) == (grant, saturday.today, "Camille", "D'Almeida Fátima")
    with pytest.raises(RuleRefused, match="travailleurs sociaux"):
        exceptional.validate_exceptional(later(small_shop, 65).desk, grant)
    exceptional.validate_exceptional(worker.desk, grant)
    assert exceptional_to_validate(worker.desk) == ()


def test_a_second_one_waits_for_the_limit_of_the_shop(small_shop: SmallShop) -> None:
    first = later(small_shop, 63)
    exceptional.grant_exceptional_visit(first.desk, first.household, "RIGHT_ENDED")
    for days in (70, 92):
        with pytest.raises(RuleRefused, match="déjà eu"):
            exceptional.grant_exceptional_visit(later(small_shop, days).desk, first.household, "RIGHT_ENDED")
    assert exceptional.grant_exceptional_visit(later(small_shop, 93).desk, first.household, "RIGHT_ENDED")
    exceptional.set_exceptional_rule(later(small_shop, 94).desk, ExceptionalRule(most=3))
    assert exceptional.grant_exceptional_visit(later(small_shop, 95).desk, first.household, "RIGHT_ENDED")


def test_none_is_granted_over_an_open_right_or_a_suspension(small_shop: SmallShop) -> None:
    with pytest.raises(RuleRefused, match="déjà ouvert"):
        exceptional.grant_exceptional_visit(small_shop.desk, small_shop.household, "RIGHT_ENDED")
    after = later(small_shop, 63, key=True)
    suspensions.record_suspension(
        after.desk,
        suspensions.SuspensionForm(
            after.household,
            Measure(
                SuspensionKind.SUSPENDED, after.today, after.today + timedelta(days=30),
                asked_on=after.today - timedelta(days=10), heard_on=after.today - timedelta(days=1),
            ),
            SuspensionReason.OTHER, "Propos blessants.",
        ),
    )  # fmt: skip
    with pytest.raises(RuleRefused):
        exceptional.grant_exceptional_visit(after.desk, after.household, "RIGHT_ENDED")
    with after.desk.db.read() as session:
        assert session.query(AccessGrant).filter(AccessGrant.exceptional).count() == 0


def test_what_the_month_already_took_still_weighs_on_an_exceptional_day(small_shop: SmallShop) -> None:
    shop = small_shop
    with shop.desk.db.write() as session:
        grant = session.query(AccessGrant).one()
        grant.valid_until = shop.today - timedelta(days=1)
    yesterday = later(shop, -1).desk
    offer = counter.price_list(yesterday).offers[shop.peas]
    basket = Basket(str(uuid.uuid4()), 100).with_pieces(str(uuid.uuid4()), offer, 3)
    sell.record_sale(yesterday, shop.household, basket, sell.PaymentForm(basket.paid_cents))
    before = counter.open_visit(later(shop, -1).desk, shop.household).ceilings[0]
    exceptional.grant_exceptional_visit(shop.desk, shop.household, "URGENT")
    after = counter.open_visit(shop.desk, shop.household).ceilings[0]
    assert (before.left, after.left) == (5000 - 450, 5000 - 450)


def test_a_volunteer_leaves_measures_lists_and_the_shop_s_own_rules_to_the_team(small_shop: SmallShop) -> None:
    desk = replace(small_shop.desk, actor=replace(small_shop.desk.actor, role="VOLUNTEER"), social_key=None)
    measure = Measure(SuspensionKind.CONSERVATORY, small_shop.today, small_shop.today + timedelta(days=3))
    form = suspensions.SuspensionForm(small_shop.household, measure, SuspensionReason.RULES)
    for gesture in (
        lambda: suspensions.record_suspension(desk, form),
        lambda: suspensions.lift_suspension(desk, 1),
        lambda: waiting.put_on_list(desk, small_shop.household),
        lambda: exceptional.set_exceptional_rule(desk, ExceptionalRule(5)),
        lambda: rulesets.adopt_ruleset(desk, ruleset_text("reste-a-vivre")),
        lambda: opening.save_identity(desk, opening.Identity("Autre nom")),
        lambda: reserve.reserve(desk, small_shop.household, [desk.actor.id]),
    ):
        with pytest.raises(RuleRefused, match="revient à l"):
            gesture()
