"""Exceptional visits: granted by any volunteer, limited, and seen the next day by those who decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import AccessGrant
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.rights import exceptional, suspensions
from epicerie_desktop.services.rights.exceptional import ExceptionalRule
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
    row = exceptional.exceptional_to_validate(worker.desk)[0]
    assert (row.grant, row.day, row.by, row.name) == (grant, saturday.today, "Camille", "D'Almeida Fátima")
    with pytest.raises(RuleRefused, match="travailleurs sociaux"):
        exceptional.validate_exceptional(later(small_shop, 65).desk, grant)
    exceptional.validate_exceptional(worker.desk, grant)
    assert exceptional.exceptional_to_validate(worker.desk) == ()


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
