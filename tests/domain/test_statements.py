"""What a statement says: periods converted exactly, doubtful amounts asked, a whole situation kept and read back."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.eligibility.situation import LinePeriod, Member, Situation, parse_situation
from epicerie_desktop.domain.eligibility.situation_json import named_commune, situation_from_json, situation_to_json
from epicerie_desktop.domain.household import HouseholdType, HousingKind, PartialDate
from epicerie_desktop.domain.statements import (
    Debt,
    DebtKind,
    Doubt,
    Said,
    Stated,
    doubt,
    monthly,
    parse_stated,
    said_from_json,
    said_to_json,
)
from epicerie_desktop.support.errors import BadInput


def test_a_yearly_amount_is_a_twelfth_a_month_and_a_week_is_a_52nd_of_a_year() -> None:
    assert Stated(1_200_00, LinePeriod.YEAR).month == 100_00
    assert Stated(1_000_00, LinePeriod.YEAR).exact == Fraction(100000, 12)
    assert Stated(1_000_00, LinePeriod.YEAR).month == 83_33
    assert Stated(300_00, LinePeriod.QUARTER).month == 100_00
    assert monthly(60_00, LinePeriod.WEEK) == 260_00


@given(st.integers(min_value=0, max_value=1_000_000_00), st.sampled_from(LinePeriod))
def test_the_rounding_of_a_month_is_never_more_than_half_a_cent(cents: int, period: LinePeriod) -> None:
    stated = Stated(cents, period)
    assert abs(stated.month - stated.exact) <= Fraction(1, 2)


@pytest.mark.parametrize(("typed", "cents"), [("0", 0), (" Rien ", 0), ("14 400", 14_400_00), ("912,40 €", 912_40)])
def test_nothing_is_an_amount_and_a_yearly_one_is_not_too_large(typed: str, cents: int) -> None:
    assert parse_stated(typed) == cents


@pytest.mark.parametrize("typed", ["-5", "1000001", "3250392081083", "douze"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_stated(typed)


def test_an_amount_that_looks_yearly_is_asked_about_and_an_ordinary_one_is_not() -> None:
    month, year = LinePeriod.MONTH, LinePeriod.YEAR
    assert doubt(Stated(14_400_00, month), resource=True) is Doubt.YEARLY
    assert doubt(Stated(1_900_00, month), resource=True) is None
    assert doubt(Stated(2_400_00, month), resource=False) is Doubt.YEARLY
    assert doubt(Stated(480_00, month), resource=False, before=40_00) is Doubt.YEARLY
    assert doubt(Stated(480_00, month), resource=False, before=450_00) is None
    assert doubt(Stated(1_200_00, year), resource=True, before=1_200_00) is Doubt.MONTHLY
    assert doubt(Stated(14_400_00, year), resource=True, before=1_200_00) is None
    assert doubt(Stated(0, month), resource=True, before=0) is None


def test_debts_and_periods_come_back_as_said_and_a_debt_is_due_to_someone() -> None:
    said = Said(
        {"wages": Stated(14_400_00, LinePeriod.YEAR)}, {}, (Debt("Régie de l'eau", DebtKind.WATER, 180_00, None),),
        {"qf": date(2026, 9, 1)},
    )  # fmt: skip
    assert said_from_json(json.loads(json.dumps(said_to_json(said)))) == said
    assert said_from_json({"resources": [], "charges": []}) == Said()
    for creditor in ("  ", "1 85 05 78 006 084 36"):
        with pytest.raises(BadInput):
            said_to_json(Said(debts=(Debt(creditor, DebtKind.OTHER),)))


WHOLE = Situation(
    on=date(2026, 11, 20),
    members=(
        Member(birth=PartialDate(1985, 3)),
        Member(age=6),
        Member(child=True),
        Member(child=False),
        Member(birth=PartialDate(2019, 6, 2), shared=True, away=True),
    ),
    household_type=HouseholdType.OTHER,
    commune="2A004",
    resources=(("wages", 0), ("rsa", None), ("rsa", 100)),
    charges=(),
    declared=(("qf", 345_00),),
    other_aids=(),
    last_right_until=date(2026, 10, 1),
    households_served=12,
    persons_served=30,
    rights_before=((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 7, 1), date(2026, 10, 1))),
    referred=False,
    answers=(("looks_for_work", True), ("met", None)),
    housing=HousingKind.HOSTED,
    living_since=date(2024, 2, 29),
)


@pytest.mark.parametrize("situation", [WHOLE, Situation(date(2026, 11, 20), (Member(age=30),))])
def test_a_situation_kept_is_the_one_the_command_line_reads(situation: Situation) -> None:
    text = json.dumps(situation_to_json(situation))
    assert parse_situation(text) == situation


def test_a_commune_told_by_its_name_comes_back_too_and_an_unreadable_situation_is_none() -> None:
    abroad = Situation(date(2026, 11, 20), (Member(age=30),), commune="Villeneuve-sur-Nulle-Part")
    assert named_commune(abroad) == abroad.commune
    assert situation_from_json(situation_to_json(abroad), named_commune(abroad)) == abroad
    assert situation_from_json({"on": "2026-11-20", "members": [], "later": 1}) is None
