"""Applying a ruleset: the published examples, the edges of thresholds, zero and negative figures, what is missing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.engine import (
    Member,
    Outcome,
    OutcomeKind,
    Situation,
    SituationInvalid,
    evaluate,
    outcome_to_json,
    parse_situation,
    right_dates,
)  # fmt: skip
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import NBSP

RULESETS = Path(__file__).parents[2] / "resources" / "rulesets"
DAY = date(2026, 11, 22)
ADULT, CHILD = Member(age=40), Member(age=8)


def rule(name: str) -> Ruleset:
    return parse_ruleset((RULESETS / f"{name}.toml").read_text(encoding="utf-8"))


def inline(indicator: str, bounds: str, more: str = "") -> Ruleset:
    return parse_ruleset(
        'format = 1\nname = "Essai"\nversion = "1"\nvalid_from = 2000-01-01\nsource = "essai"\n'
        '[[resources]]\ncode = "wages"\nlabel = "Salaires"\n'
        '[[charges]]\ncode = "rent"\nlabel = "Loyer"\ncap = 600\n'
        '[[charges]]\ncode = "phone"\nlabel = "Téléphone"\ncounted = false\n'
        f'[[indicators]]\ncode = "rav"\nlabel = "Reste à vivre"\n{indicator}\n'
        f"[[bounds]]\n{bounds}\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n{more}"
    )


PER_DAY = 'kind = "remaining_income"\nper = "person"\nperiod = "day"'
ALL = {p.stem: rule(p.stem) for p in RULESETS.glob("*.toml")}
REMAINING = {name: r for name, r in ALL.items() if any(t.code == "wages" for t in r.resources)}
COMMUNES = {name: min(r.communes) for name, r in ALL.items() if r.communes}


def single(remaining_cents: int, *, commune: str | None = None) -> Situation:
    """One person with that much left a month once 500 € of rent are paid."""
    return Situation(
        DAY, (ADULT,), commune=commune, resources=(("rsa", remaining_cents + 50_000),), charges=(("rent", 50_000),)
    )


def answer(name: str, euros_a_day: str) -> OutcomeKind:
    monthly = int(Decimal(euros_a_day) * 3000)
    return evaluate(REMAINING[name], single(monthly, commune=COMMUNES.get(name))).kind


@pytest.mark.parametrize(
    ("resources", "charges", "members", "a_day"),
    [
        (72_400, 40_000, (ADULT, CHILD, CHILD), 360),  # V1: Savigny 2008
        (70_000, 13_000, (ADULT, ADULT, CHILD, CHILD), 475),  # V2: Arcueil 2023
        (30_000, 0, (ADULT,), 1000),  # R1: 10 € a day is 300 € a month
        (57_000, 0, (ADULT,), 1900),  # R3
    ],
)
def test_the_published_households_give_the_published_remaining_income(
    resources: int, charges: int, members: tuple[Member, ...], a_day: int
) -> None:
    found = evaluate(rule("reste-a-vivre"),
                     Situation(DAY, members, resources=(("rsa", resources),), charges=(("rent", charges),)))  # fmt: skip
    assert found.indicators["reste_a_vivre"] == a_day


def test_the_divisor_and_the_strictness_flip_the_answer_of_the_published_edge() -> None:
    edge = Situation(DAY, (ADULT,), resources=(("wages", 24_000),), charges=())
    assert evaluate(inline(PER_DAY, "below = 8"), edge).kind is OutcomeKind.TOO_HIGH
    assert evaluate(inline(PER_DAY, "at_most = 8"), edge).kind is OutcomeKind.ELIGIBLE
    assert evaluate(inline(PER_DAY + "\ndivisor = 30.5", "below = 8"), edge).kind is OutcomeKind.ELIGIBLE
    assert answer("la-clairiere", "8.00") is OutcomeKind.TOO_HIGH


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [('"truncate"\ndecimals = 0', 36_600), ('"half_up"\ndecimals = 2', 36_667), ('"exact"', Fraction(110_000, 3))],
)
def test_a_family_of_three_with_1100_has_366_each_once_truncated(rounding: str, expected: Fraction) -> None:
    ruleset = inline(
        f'kind = "remaining_income"\nper = "person"\nperiod = "month"\nrounding = {rounding}', "at_most = 400"
    )
    found = evaluate(ruleset, Situation(DAY, (ADULT, CHILD, CHILD), resources=(("wages", 110_000),), charges=()))
    assert found.indicators["rav"] == expected


@pytest.mark.parametrize(
    ("name", "euros_a_day", "expected"),
    [
        ("les-epis", "7.99", "eligible"), ("les-epis", "8", "committee"), ("les-epis", "40", "committee"),
        ("la-clairiere", "7.99", "eligible"), ("reunion", "8.99", "eligible"), ("reunion", "9", "too_high"),
        ("escourtines", "3.99", "too_low"), ("escourtines", "4", "eligible"), ("escourtines", "12", "eligible"),
        ("escourtines", "12.01", "too_high"), ("rertr", "4.99", "too_low"), ("rertr", "5", "eligible"),
        ("rertr", "12", "eligible"), ("rertr", "12.01", "too_high"), ("millau", "2.99", "too_low"),
        ("millau", "3", "eligible"), ("millau", "16", "eligible"), ("millau", "16.01", "too_high"),
        ("amiens", "7.99", "eligible"), ("amiens", "8", "too_high"), ("episcia", "10", "eligible"),
        ("episcia", "10.01", "too_high"), ("reste-a-vivre", "10", "eligible"), ("reste-a-vivre", "10.01", "committee"),
    ],
)  # fmt: skip
def test_each_published_threshold_answers_on_both_sides(name: str, euros_a_day: str, expected: str) -> None:
    assert answer(name, euros_a_day) == expected


def test_the_threshold_of_a_single_person_is_not_the_threshold_of_a_family() -> None:
    two = Situation(DAY, (ADULT, CHILD), commune="91570", resources=(("wages", 45_000),), charges=())
    assert evaluate(rule("la-clairiere"), two).indicators["reste_a_vivre"] == 750
    assert evaluate(rule("la-clairiere"), two).kind is OutcomeKind.TOO_HIGH
    assert answer("la-clairiere", "7.50") is OutcomeKind.ELIGIBLE


@pytest.mark.parametrize(
    ("kind", "children", "cents"),
    [("SINGLE", 0, 2000), ("COUPLE", 0, 3000), ("COUPLE_WITH_CHILDREN", 1, 3500), ("COUPLE_WITH_CHILDREN", 3, 4500),
     ("COUPLE_WITH_CHILDREN", 6, 5000), ("LONE_PARENT", 1, 3000), ("LONE_PARENT", 5, 5000)],
)  # fmt: skip
def test_the_monthly_purchase_right_of_la_reunion_follows_its_table(kind: str, children: int, cents: int) -> None:
    adults = (ADULT,) * (2 if kind.startswith("COUPLE") else 1)
    found = evaluate(rule("reunion"), Situation(DAY, adults + (CHILD,) * children, HouseholdType(kind),
                                                resources=(), charges=()))  # fmt: skip
    assert found.right is not None
    assert found.right.ceilings == (Ceiling(CeilingMeasure.PAID, CeilingPeriod.MONTH, cents),)


def test_the_example_of_neuhof_is_expressed_in_the_reading_that_gives_the_printed_44_euros() -> None:
    ruleset = inline(PER_DAY, "at_most = 10", '[[ceilings]]\nmeasure = "SHELF_VALUE"\nperiod = "WEEK"\nby = "persons"\n'
                     "amounts = { 1 = 30 }\nextra = 7\n")  # fmt: skip
    found = evaluate(ruleset, Situation(DAY, (ADULT, CHILD, CHILD), resources=(), charges=()))
    assert found.right is not None
    assert found.right.ceilings[0].amount == 4400
    assert found.right.share_permille == 100


@pytest.mark.parametrize(("resources", "rent"), [(0, 0), (0, 30_000), (10_000, 45_000)])
def test_zero_resources_and_a_negative_remaining_income_are_valid_answers(resources: int, rent: int) -> None:
    found = evaluate(
        rule("reste-a-vivre"), Situation(DAY, (ADULT,), resources=(("rsa", resources),), charges=(("rent", rent),))
    )
    assert found.kind is OutcomeKind.ELIGIBLE
    assert found.indicators["reste_a_vivre"] == Fraction(resources - rent, 30)
    assert found.band == "a"


def test_only_a_line_that_counts_and_nobody_answered_is_missing() -> None:
    ruleset = inline(PER_DAY, "at_most = 8")
    unanswered = Situation(DAY, (ADULT,), resources=(("wages", None),), charges=(("phone", None),))
    found = evaluate(ruleset, unanswered)
    assert found.kind is OutcomeKind.INCOMPLETE
    assert [m.code for m in found.missing] == ["wages"]
    assert found.right is None
    nobody_asked = evaluate(ruleset, Situation(DAY, (ADULT,)))
    assert [m.kind for m in nobody_asked.missing] == ["resources", "charges"]
    assert evaluate(ruleset, Situation(DAY, (ADULT,), resources=(), charges=())).kind is OutcomeKind.ELIGIBLE


def test_a_capped_charge_counts_up_to_its_cap_and_the_step_says_so() -> None:
    found = evaluate(inline(PER_DAY, "at_most = 10"),
                     Situation(DAY, (ADULT,), resources=(("wages", 100_000),), charges=(("rent", 70_000), ("phone", 2_000))))  # fmt: skip
    assert found.indicators["rav"] == Fraction(40_000, 30)
    sentences = [s.sentence() for s in found.steps]
    assert f"Loyer{NBSP}: 700,00{NBSP}€ par mois, compté dans la limite de 600,00{NBSP}€." in sentences
    assert f"Téléphone{NBSP}: non compté." in sentences
    # 13.333… is cut to the cent, and the sentence says so.
    assert any(s.endswith(f"= un peu plus de 13,33{NBSP}€.") for s in sentences)


def test_a_figure_just_under_the_threshold_is_never_shown_as_the_threshold() -> None:
    nine = Situation(DAY, (ADULT,) * 9, resources=(("wages", 8 * 30 * 9 * 100 - 1),), charges=())
    found = evaluate(inline(PER_DAY, "below = 8"), nine)
    assert found.kind is OutcomeKind.ELIGIBLE
    shown = next(s.sentence() for s in found.steps if s.code == "compare")
    assert shown.startswith("Un peu plus de 7,99")


def test_consumption_units_count_half_and_three_tenths() -> None:
    ruleset = inline('kind = "remaining_income"\nper = "consumption_unit"\nperiod = "month"', "at_most = 500")
    members = (ADULT, ADULT, Member(age=14), Member(age=13))
    found = evaluate(ruleset, Situation(DAY, members, resources=(("wages", 115_000),), charges=()))
    assert found.indicators["rav"] == Fraction(115_000) / Fraction("2.3")
    unknown = evaluate(ruleset, Situation(DAY, (ADULT, Member(child=True)), resources=(), charges=()))
    assert [m.kind for m in unknown.missing] == ["members"]


def test_parts_follow_the_table_of_a_department_and_the_type_is_asked_where_it_matters() -> None:
    ruleset = inline(
        'kind = "remaining_income"\nper = "part"\nperiod = "month"', "at_most = 500",
        '[[parts]]\nwhen = { household_types = ["LONE_PARENT"] }\nby = "children"\namounts = { 1 = 2.5 }\nextra = 0.5\n'
        '[[parts]]\nwhen = { household_types = ["COUPLE", "COUPLE_WITH_CHILDREN"] }\nby = "children"\n'
        "amounts = { 0 = 2, 1 = 3 }\nextra = 0.5\n[[parts]]\nper_adult = 1\nper_child = 0.5\n",
    )  # fmt: skip
    resources = (("wages", 90_000),)
    lone = evaluate(ruleset, Situation(DAY, (ADULT, CHILD), resources=resources, charges=()))
    assert lone.indicators["rav"] == 36_000
    couple = Situation(DAY, (ADULT, ADULT, CHILD), HouseholdType.COUPLE_WITH_CHILDREN, resources=resources, charges=())
    assert evaluate(ruleset, couple).indicators["rav"] == 30_000
    unsaid = evaluate(ruleset, Situation(DAY, (ADULT, ADULT, CHILD), resources=resources, charges=()))
    assert unsaid.kind is OutcomeKind.INCOMPLETE
    assert [m.kind for m in unsaid.missing] == ["household_type"]


def test_a_quotient_is_read_on_its_certificate() -> None:
    ruleset = rule("au-5")
    at = [
        evaluate(ruleset, Situation(DAY, (ADULT,), declared=(("quotient_familial", c),))).kind for c in (65_000, 65_001)
    ]
    assert at == [OutcomeKind.ELIGIBLE, OutcomeKind.TOO_HIGH]
    assert evaluate(ruleset, Situation(DAY, (ADULT,))).kind is OutcomeKind.INCOMPLETE


def test_what_closes_the_door_is_said_before_anything_is_asked() -> None:
    more = '[residence]\ncommunes = ["15187"]\n[[not_with]]\ncode = "restos"\nlabel = "Restos du Cœur"\n[waiting_period]\nmonths = 3\n'
    ruleset = inline(PER_DAY, "at_most = 10", more)

    def kind(commune: str | None, aids: tuple[str, ...] | None, last: date | None) -> OutcomeKind:
        return evaluate(ruleset, Situation(DAY, (ADULT,), commune=commune, other_aids=aids, last_right_until=last,
                                           resources=(), charges=())).kind  # fmt: skip

    assert kind("15014", None, None) is OutcomeKind.NOT_COVERED
    assert kind("15187", ("restos",), None) is OutcomeKind.CUMULATION
    assert kind("15187", (), date(2026, 8, 22)) is OutcomeKind.WAITING_PERIOD
    assert kind("15187", (), date(2026, 8, 21)) is OutcomeKind.ELIGIBLE
    assert kind(None, (), None) is OutcomeKind.INCOMPLETE
    assert kind("15187", None, None) is OutcomeKind.INCOMPLETE


def test_a_full_shop_puts_on_the_waiting_list() -> None:
    ruleset = inline(PER_DAY, "at_most = 10", "[capacity]\nhouseholds = 30\n")
    kinds = [
        evaluate(ruleset, Situation(DAY, (ADULT,), resources=(), charges=(), households_served=n)).kind
        for n in (29, 30)
    ]
    assert kinds == [OutcomeKind.ELIGIBLE, OutcomeKind.WAITING_LIST]


def test_a_household_too_low_is_told_where_to_go() -> None:
    assert evaluate(rule("escourtines"), single(9_000)).advice == ("Orienter vers les associations d'aide d'urgence.",)


@pytest.mark.parametrize(
    "situation",
    [
        Situation(DAY, (), resources=(), charges=()),
        Situation(date(1999, 1, 1), (ADULT,), resources=(), charges=()),
        Situation(DAY, (ADULT,), resources=(("lottery", 1),), charges=()),
        Situation(DAY, (ADULT,), resources=(("wages", -1),), charges=()),
        Situation(DAY, (ADULT,), resources=(), charges=(), declared=(("qf", 1),)),
    ],
)
def test_what_the_rule_cannot_be_applied_to_is_refused(situation: Situation) -> None:
    with pytest.raises(SituationInvalid):
        evaluate(inline(PER_DAY, "at_most = 10"), situation)


TOML = """on = 2026-11-22
commune = "15187"
members = [{ age = 34 }, { birth = "2019-05" }, { birth = 2021-02-03 }]
[resources]
rsa = "607,75"
housing_aid_cents = 31000
family_benefits = "?"
[charges]
rent = 512.40
"""


def test_a_situation_is_read_alike_from_toml_and_from_json() -> None:
    found = parse_situation(TOML)
    assert found.resources == (("rsa", 60_775), ("housing_aid", 31_000), ("family_benefits", None))
    assert found.charges == (("rent", 51_240),)
    assert (found.persons, found.children, found.kind) == (3, 2, HouseholdType.LONE_PARENT)
    as_json = {
        "on": "2026-11-22", "commune": "15187", "members": [{"age": 34}, {"birth": "2019-05"}, {"birth": "2021-02-03"}],
        "resources": [{"type": "rsa", "amount": 607.75}, {"type": "housing_aid", "cents": 31000},
                      {"type": "family_benefits", "amount": None}],
        "charges": {"rent": "512.4"},
    }  # fmt: skip
    assert parse_situation(json.dumps(as_json)) == found
    assert parse_situation(TOML, on=date(2026, 12, 1)).on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("rent = 512.40", "rent = 512.405", "charges.rent"),
        ("rent = 512.40", "rent = -1", "charges.rent"),
        ("rent = 512.40", "rent_cents = 5.5", "charges.rent_cents"),
        ("rent = 512.40", "rent = 900000000", "charges.rent"),
        ("age = 34", "age = 134", "members[1].age"),
        ("age = 34", 'age = 34, nom = "x"', "members[1].nom"),
        ("2021-02-03", '"2021-02-31"', "members[3].birth"),
        ("2021-02-03", '"2031-02-03"', "members[3].birth"),
        ("members = [{ age = 34 }, { birth = \"2019-05\" }, { birth = 2021-02-03 }]", "adults = 0", "members"),
        ('"15187"', '"Saint-Flour"', "commune"),
        ("commune =", 'household_type = "SINGLE"\ncommune =', "household_type"),
        ("commune =", "ville =", "ville"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_situation_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    with pytest.raises(SituationInvalid) as caught:
        parse_situation(TOML.replace(old, new, 1))
    assert caught.value.fields["place"] == place
    assert str(caught.value)


def test_the_json_of_an_outcome_keeps_the_fixed_keys_and_whole_figures() -> None:
    found = outcome_to_json(evaluate(rule("reste-a-vivre"), single(24_001)))
    assert json.loads(json.dumps(found)) == found
    assert found["outcome"] == "eligible"
    assert found["indicators"] == {"reste_a_vivre": 800}
    assert found["indicators_exact"] == {"reste_a_vivre": "24001/30"}
    right = found["right"]
    assert right["guards"] == {"fse_free": True, "food_bank_most_permille": 100}
    assert {k: right[k] for k in ("duration", "from", "until", "share", "share_permille", "ceilings")} == {
        "duration": {"count": 3, "unit": "months"}, "from": "2026-11-22", "until": "2027-02-21",
        "share": 30, "share_permille": 300,
        "ceilings": [{"measure": "SHELF_VALUE", "period": "MONTH", "amount": 6000, "unit": "cents"}],
    }  # fmt: skip
    assert all(step["sentence"] for step in found["steps"])


def test_the_dates_of_a_right_left_to_the_decision_are_asked_for() -> None:
    found = evaluate(rule("rertr"), single(24_000)).right
    assert found is not None
    with pytest.raises(RuleRefused, match="jusqu’à quand"):
        right_dates(found, DAY)


cents = st.integers(0, 1_000_000)
households = st.lists(st.sampled_from([ADULT, CHILD, Member(age=16), Member(age=70)]), min_size=1, max_size=8).map(
    tuple
)
names = st.sampled_from(sorted(REMAINING))


def worked_out(name: str, members: tuple[Member, ...], income: int, rent: int) -> Outcome:
    return evaluate(REMAINING[name], Situation(DAY, members, HouseholdType.OTHER, COMMUNES.get(name),
                                               resources=(("wages", income),), charges=(("rent", rent),)))  # fmt: skip


@given(names, households, cents, cents, cents)
def test_more_income_never_brings_back_a_household_that_was_too_high(
    name: str, members: tuple[Member, ...], income: int, more: int, rent: int
) -> None:
    order = [OutcomeKind.TOO_LOW, OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.TOO_HIGH]
    before, after = (worked_out(name, members, i, rent) for i in (income, income + more))
    assert order.index(before.kind) <= order.index(after.kind)
    assert before.indicators["reste_a_vivre"] <= after.indicators["reste_a_vivre"]


@given(households, cents, cents)
def test_one_more_person_never_raises_a_remaining_income_that_is_not_negative(
    members: tuple[Member, ...], income: int, rent: int
) -> None:
    rent = min(rent, income)
    alone, more = (
        worked_out("reste-a-vivre", m, income, rent).indicators["reste_a_vivre"] for m in (members, (*members, CHILD))
    )
    assert more <= alone


@given(households, cents, cents)
def test_the_sum_agrees_with_the_one_done_by_hand_in_decimal(
    members: tuple[Member, ...], income: int, rent: int
) -> None:
    with localcontext() as context:
        context.prec = 60
        by_hand = (Decimal(income) - Decimal(rent)) / len(members) / 30
    found = worked_out("reste-a-vivre", members, income, rent)
    assert abs(found.indicators["reste_a_vivre"] - Fraction(by_hand)) < Fraction(1, 10**40)
    assert found.kind is (OutcomeKind.ELIGIBLE if income - rent <= 1000 * 30 * len(members) else OutcomeKind.COMMITTEE)
    assert all(step.sentence() for step in found.steps)


def test_thousands_are_set_apart_as_in_french() -> None:
    found = evaluate(rule("reste-a-vivre"), single(123_456))
    assert any("1\N{NARROW NO-BREAK SPACE}234,56" in s.sentence() for s in found.steps)
