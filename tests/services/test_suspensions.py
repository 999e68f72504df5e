"""Suspension and exclusion: heard first, told by one table, and lifted; what the till and the lists make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.access import Reason, VerdictState
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import Suspension
from epicerie_desktop.services.queries.counter import open_visit
from epicerie_desktop.services.queries.suspensions import list_suspensions
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.suspensions import SuspensionForm, lift_suspension, record_suspension
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

WORDS = "Deux altercations avec l'équipe, après un rappel du règlement."
SUSPENDED, EXCLUDED, URGENT = SuspensionKind.SUSPENDED, SuspensionKind.EXCLUDED, SuspensionKind.CONSERVATORY


def at(days: int) -> date:
    return TODAY + timedelta(days=days)


HEARD = Measure(SUSPENDED, TODAY, at(29), asked_on=at(-10), heard_on=at(-2))


def form(shop: SmallShop, measure: Measure, reason: str = WORDS) -> SuspensionForm:
    return SuspensionForm(shop.household, measure, SuspensionReason.RULES, reason)


def verdict(shop: SmallShop, day: date) -> tuple[VerdictState, Reason]:
    found = open_visit(shop.desk, shop.household, day).verdict
    return found.state, found.reason


def test_the_till_is_closed_from_the_first_day_to_the_last_and_not_a_day_more(small_shop: SmallShop) -> None:
    record_suspension(small_shop.desk, form(small_shop, HEARD))
    closed = (VerdictState.CLOSED, Reason.SUSPENDED)
    states = [verdict(small_shop, at(n)) for n in (-1, 0, 29, 30)]
    assert [s == closed for s in states] == [False, True, True, False]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (replace(HEARD, asked_on=None, heard_on=None), "invité à venir"),
        (replace(HEARD, asked_on=at(1), heard_on=None), "futur"),
        (replace(HEARD, heard_on=at(-11)), "avant d.y être invité"),
        (replace(HEARD, since=at(-3)), "avant que le foyer soit entendu"),
        (replace(HEARD, until=None), "jusqu.à quand"),
        (replace(HEARD, until=at(-1)), "précède"),
        (replace(HEARD, until=at(1200)), "trois ans"),
        (Measure(URGENT, TODAY, at(8)), "8.jours au plus"),
        (Measure(URGENT, TODAY, None), "8.jours au plus"),
    ],
)
def test_what_does_not_hold_is_refused_in_a_sentence(small_shop: SmallShop, wrong: Measure, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        record_suspension(small_shop.desk, form(small_shop, wrong))
    assert list_suspensions(small_shop.desk) == ()


def test_a_household_that_did_not_come_may_be_excluded_without_end_and_stays_so_when_its_right_lapses(
    small_shop: SmallShop,
) -> None:
    record_suspension(small_shop.desk, form(small_shop, Measure(EXCLUDED, TODAY, None, asked_on=at(-8))))
    assert verdict(small_shop, at(900)) == (VerdictState.CLOSED, Reason.SUSPENDED), "not « ask the team »"
    with pytest.raises(RuleRefused, match="exclu"):
        decide.open_right(small_shop.desk, small_shop.household, RightForm(at(61), at(90), 100, ()))


def test_an_urgent_measure_gives_way_to_the_hearing_and_is_not_given_twice(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    record_suspension(desk, form(small_shop, Measure(URGENT, TODAY, at(7)), reason=""))
    with pytest.raises(BadInput, match="entendez"):
        record_suspension(desk, form(small_shop, Measure(URGENT, at(8), at(15))))
    record_suspension(desk, form(small_shop, HEARD))
    with pytest.raises(BadInput, match="levez-la"):
        record_suspension(desk, form(small_shop, replace(HEARD, since=at(29), until=at(60))))


def test_once_lifted_the_household_comes_again_the_same_day_and_its_next_right_may_begin(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    measure = record_suspension(desk, form(small_shop, replace(HEARD, until=at(100))))
    following = RightForm(at(61), at(90), 100, ())
    with pytest.raises(RuleRefused, match=r"suspendu jusqu.au"):
        decide.open_right(desk, small_shop.household, following)
    lift_suspension(desk, measure)
    assert verdict(small_shop, TODAY)[0] is VerdictState.OPEN
    decide.open_right(desk, small_shop.household, following)
    with pytest.raises(RuleRefused, match="déjà terminée"):
        lift_suspension(desk, measure)
    (row,) = list_suspensions(desk, household=small_shop.household)
    assert row.measure.last == at(-1)
    assert list_suspensions(desk) == ()


def test_the_words_are_sealed_and_never_reach_the_journal(small_shop: SmallShop) -> None:
    record_suspension(small_shop.desk, form(small_shop, HEARD))
    with small_shop.desk.db.read() as session:
        sealed = session.scalars(select(Suspension.sealed)).one()
        bodies = session.scalars(text("SELECT body FROM journal")).all()
    assert sealed is not None
    assert b"altercation" not in sealed
    assert not [b for b in bodies if "altercation" in b]
    volunteer = replace(small_shop.desk, social_key=None)
    assert [r.reason for r in list_suspensions(volunteer)] == [None]
    with pytest.raises(RuleRefused):
        record_suspension(volunteer, form(small_shop, replace(HEARD, since=at(30), until=at(40))))
    with pytest.raises(BadInput, match="motif"):
        record_suspension(volunteer, form(small_shop, replace(HEARD, since=at(30), until=at(40)), reason=""))
