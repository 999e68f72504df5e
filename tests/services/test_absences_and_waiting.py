"""Absences counted by the règlement, and the waiting list called in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.eligibility.terms import AbsenceThen
from epicerie_desktop.domain.household import Link, TimeAway
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.domain.waiting import LeftFor
from epicerie_desktop.persistence.models import Task
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.households.life import set_away
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.absences import absences_to_see, expected_on
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.queries.study import study_of
from epicerie_desktop.services.queries.waiting import waiting_list
from epicerie_desktop.services.rights import decide, rulesets
from epicerie_desktop.services.rights.absences import erase_absence, record_absence
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.services.rights.waiting import leave_list, put_on_list
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

TERMS = '\n[absences]\nmost = 2\nthen = "suspend"\n\n[capacity]\nhouseholds = 2\norder = ["urgency", "lowest_figure"]\n'


def adopt(desk: Desk) -> None:
    rulesets.adopt_ruleset(desk, ruleset_text("reste-a-vivre") + TERMS)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_absences_call_for_something_only_beyond_the_number_of_the_reglement(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    adopt(desk)
    for n, excused in ((25, True), (18, False), (11, False)):
        record_absence(desk, household, days_ago(n), excused=excused)
    (row,) = absences_to_see(desk)
    assert (row.count.unexcused, row.count.excused, row.count.proposed) == (2, 1, None)
    record_absence(desk, household, days_ago(25), excused=False)
    assert absences_to_see(desk)[0].count.proposed is AbsenceThen.SUSPEND
    heard = Measure(SuspensionKind.SUSPENDED, TODAY, TODAY + timedelta(days=20), days_ago(5), days_ago(1))
    record_suspension(desk, SuspensionForm(household, heard, SuspensionReason.ABSENCES, "Trois absences."))
    assert absences_to_see(desk) == (), "a measure was taken: the count starts again"


def test_an_absence_is_noted_from_those_expected_and_never_of_who_came(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    (row,) = expected_on(desk, TODAY)
    assert row.absence is None
    noted = record_absence(desk, household, TODAY, excused=True)
    assert expected_on(desk, TODAY)[0].excused
    erase_absence(desk, noted)
    assert expected_on(desk, TODAY)[0].absence is None
    with pytest.raises(BadInput):
        record_absence(desk, household, TODAY + timedelta(days=1), excused=False)
    sold(small_shop, a_basket(small_shop))
    assert expected_on(desk, TODAY) == ()
    with pytest.raises(RuleRefused, match="venu"):
        record_absence(desk, household, TODAY, excused=False)


def newcomer(desk: Desk, name: str) -> int:
    return enrol.save_household(desk, HouseholdForm((MemberForm(name, "A", Link.HOLDER, born="1990"),)))


def state(desk: Desk, household: int, wages: int) -> None:
    situation = Situation(TODAY, (Member(age=36),), commune="15187", resources=(("wages", wages),), charges=())
    decide.record_assessment(desk, household, situation)


def test_the_list_is_called_in_the_order_of_the_reglement_and_a_call_becomes_a_task(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    adopt(desk)
    richer, poorer, urgent = (newcomer(desk, n) for n in ("Un", "Deux", "Trois"))
    state(desk, richer, 90_000)
    state(desk, poorer, 60_000)
    entries = {h: put_on_list(desk, h, since=days_ago(5), urgent=h == urgent) for h in (richer, poorer, urgent)}
    found = waiting_list(desk)
    assert [r.household.id for r in found.rows] == [urgent, poorer, richer]
    assert "plus bas" in found.rows[2].ranked.why.sentence()
    assert (found.places.households, found.places.free_households) == (1, 1)
    with pytest.raises(RuleRefused, match="déjà"):
        put_on_list(desk, urgent)
    assert leave_list(desk, entries[urgent], LeftFor.CALLED) == urgent
    leave_list(desk, entries[richer], LeftFor.GAVE_UP)
    with pytest.raises(RuleRefused):
        leave_list(desk, entries[richer], LeftFor.CALLED)
    with desk.db.read() as session:
        tasks = session.execute(select(Task.household_id, Task.due_on)).all()
    assert tasks == [(urgent, TODAY + timedelta(days=7))]
    assert [r.household.id for r in waiting_list(desk).rows] == [poorer]


def test_a_volunteer_is_told_when_the_order_asks_for_a_figure_they_may_not_read(small_shop: SmallShop) -> None:
    adopt(small_shop.desk)
    put_on_list(small_shop.desk, newcomer(small_shop.desk, "Un"))
    volunteer = replace(small_shop.desk, social_key=None)
    found = waiting_list(volunteer)
    assert (len(found.rows), found.in_order) == (1, False)


def test_the_study_and_the_waiting_list_count_the_same_places(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    adopt(desk)
    newcomer = enrol.save_household(desk, HouseholdForm((MemberForm("Le Goff", "Anne", Link.HOLDER),)))

    def counted() -> tuple[int | None, int | None]:
        study, places = study_of(desk, newcomer), waiting_list(desk).places
        assert (study.served, study.persons_served) == (places.households, places.persons)
        return study.served, study.persons_served

    assert counted() == (1, 3)
    child = household_life(desk, household).present[-1]
    set_away(desk, household, child.member, TimeAway(TODAY, None))
    assert counted() == (1, 2), "one who is away takes no place"
    assert study_of(desk, household).served == 0, "a household does not take its own place"
