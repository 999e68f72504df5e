"""Rights as decided, règlements as adopted, and statements of resources that only social workers read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, Reason, VerdictState
from epicerie_desktop.domain.eligibility.scales import Scales
from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.persistence.models import AccessGrant, Assessment, SocialScale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.households import household_file, list_households
from epicerie_desktop.services.queries.statements import KeptStatement, last_statement_in
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.scales import scales_in, shipped_scales
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop


def last_statement(desk: Desk, household: int) -> KeptStatement | None:
    with desk.db.read() as session:
        return last_statement_in(session, desk, household)


def days(start: int, end: int, *, permille: int = 100) -> RightForm:
    ceiling = Ceiling(CeilingMeasure.PAID, CeilingPeriod.WEEK, 700)
    return RightForm(TODAY + timedelta(days=start), TODAY + timedelta(days=end), permille, (ceiling,))


@pytest.mark.parametrize(
    "wrong", [days(70, 69), days(70, 70 + 1101), days(70, 80, permille=-1), days(70, 80, permille=1001)]
)
def test_an_absurd_right_is_refused(small_shop: SmallShop, wrong: RightForm) -> None:
    with pytest.raises(BadInput):
        decide.open_right(small_shop.desk, small_shop.household, wrong)


@pytest.mark.parametrize(("start", "end"), [(60, 90), (-60, -30), (-40, 100), (0, 1)])
def test_a_right_does_not_overlap_another_by_a_single_day(small_shop: SmallShop, start: int, end: int) -> None:
    with pytest.raises(BadInput):
        decide.open_right(small_shop.desk, small_shop.household, days(start, end))
    decide.open_right(small_shop.desk, small_shop.household, days(61, 90, permille=0))
    decide.open_right(small_shop.desk, small_shop.household, days(-60, -31, permille=1000))


def test_the_right_of_the_day_is_the_one_shown(small_shop: SmallShop) -> None:
    decide.open_right(small_shop.desk, small_shop.household, days(61, 61, permille=0))
    found = counter.open_visit(small_shop.desk, small_shop.household, TODAY + timedelta(days=61))
    assert (found.verdict.state, found.participation_permille) == (VerdictState.OPEN, 0)
    assert [(c.ceiling.measure, c.left) for c in found.ceilings] == [(CeilingMeasure.PAID, 700)]
    after = counter.open_visit(small_shop.desk, small_shop.household, TODAY + timedelta(days=62))
    assert (after.verdict.state, after.verdict.reason) == (VerdictState.ASK_TEAM, Reason.LAPSED)
    assert [g.valid_until for g in household_file(small_shop.desk, small_shop.household).grants] == [
        TODAY + timedelta(days=61),
        TODAY + timedelta(days=60),
    ]


def test_a_committees_right_never_opens_a_closed_file_again(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    enrol.close_household(desk, household)
    with desk.db.write() as session, pytest.raises(RuleRefused, match="fermé"):
        decide.open_right_in(session, desk, household, days(61, 90), reopen=False)
    decide.open_right(desk, household, days(61, 90))
    assert [f.id for f in list_households(desk)] == [household], "a worker who opens a right opens the file too"


def test_the_reglement_of_the_day_is_the_one_applied(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with pytest.raises(RuleRefused, match="Aucun règlement"):
        decide.ruleset_on(desk, TODAY)
    old = ruleset_text("reste-a-vivre")
    starts = decide.adopt_ruleset(desk, old).valid_from
    newer = re.sub(
        r'(?m)^name = ".*"$', 'name = "Le suivant"', re.sub(r"(?m)^valid_from = .*$", f"valid_from = {TODAY}", old)
    )
    with pytest.raises(RuleRefused, match="commence déjà"):
        decide.adopt_ruleset(desk, old)
    with pytest.raises(RuleRefused):
        decide.adopt_ruleset(desk, "format = 1\nname =")
    decide.adopt_ruleset(desk, newer)
    names = [decide.ruleset_on(desk, d).name for d in (starts, TODAY - timedelta(days=1), TODAY, date(2099, 1, 1))]
    assert names[0] == names[1] != "Le suivant" == names[2] == names[3]
    with pytest.raises(RuleRefused):
        decide.ruleset_on(desk, starts - timedelta(days=1))


SITUATION = Situation(
    TODAY,
    (Member(age=41), Member(age=6)),
    commune="15187",
    resources=(("rsa", 98_765), ("wages", None)),
    charges=(("rent", 43_210),),
)


def test_a_statement_is_sealed_for_social_workers_and_comes_back_as_said(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    number, outcome = decide.record_assessment(desk, small_shop.household, SITUATION)
    assert outcome.kind == decide.weigh(desk, SITUATION).kind
    kept = last_statement(desk, small_shop.household)
    assert kept is not None
    assert (kept.resources, kept.charges, kept.day) == (SITUATION.resources, SITUATION.charges, TODAY)
    closed = replace(desk, social_key=None)
    for ask in (
        lambda: last_statement(closed, small_shop.household),
        lambda: decide.record_assessment(closed, small_shop.household, SITUATION),
    ):
        with pytest.raises(RuleRefused, match="travailleurs sociaux"):
            ask()
    with desk.db.read() as session:
        row = session.get_one(Assessment, number)
        bodies = session.connection().execute(text("SELECT group_concat(body) FROM journal")).scalar_one()
        for amount in (b"98765", b"43210", b"rent", outcome.kind.value.encode()):
            assert amount not in row.sealed
        assert "43210" not in bodies
    with pytest.raises(EnvironmentTrouble):
        last_statement(replace(desk, social_key=bytes(32)), small_shop.household)


def test_a_sealed_statement_cannot_be_lent_to_another_household(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    first, _ = decide.record_assessment(desk, small_shop.household, SITUATION)
    second, _ = decide.record_assessment(
        replace(desk, clock=FrozenClock.on(TODAY, 11)), small_shop.household, SITUATION
    )
    with desk.db.write() as session:
        sealed = session.scalars(select(Assessment.sealed).where(Assessment.id == first)).one()
        session.get_one(Assessment, second).sealed = sealed
    with pytest.raises(EnvironmentTrouble) as refused:
        last_statement(desk, small_shop.household)
    assert refused.value.code == "CLE-103"


def test_a_household_never_heard_has_said_nothing(small_shop: SmallShop) -> None:
    assert last_statement(small_shop.desk, small_shop.household) is None


def test_the_shops_own_figure_of_a_social_scale_wins_over_the_one_shipped(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with desk.db.write() as session:
        session.add(SocialScale(code="poverty_line", valid_from=date(2025, 7, 7), value=130_000, source="essai"))
    with desk.db.read() as session:
        found = Scales(scales_in(session)).on("poverty_line", date(2026, 11, 20))
    assert found is not None
    assert (found.cents, found.source) == (130_000, "essai")
    assert Scales(shipped_scales()).on("poverty_line", date(2025, 7, 6)) is None


def test_a_right_keeps_all_that_the_reglement_gave_that_day(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    given = {"guards": {"fse_free": True, "food_bank_most_permille": 100}}
    grant = decide.open_right(desk, small_shop.household, replace(days(70, 80), terms=given))
    by_hand = decide.open_right(desk, small_shop.household, days(81, 90))
    with desk.db.read() as session:
        assert session.get_one(AccessGrant, grant).terms == given
        assert session.get_one(AccessGrant, by_hand).terms == {}
