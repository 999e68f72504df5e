"""What published règlements add to thresholds: prices, limits, phases, renewals, conditions, several figures at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.eligibility.engine import (
    Member,
    OutcomeKind,
    Situation,
    SituationInvalid,
    evaluate,
    outcome_to_json,
    parse_situation,
    right_dates,
)  # fmt: skip
from epicerie_desktop.domain.eligibility.extras import held, last_day_within
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, Ruleset
from epicerie_desktop.domain.eligibility.ruleset import RulesetInvalid, parse_ruleset
from epicerie_desktop.domain.household import HouseholdType, HousingKind, PartialDate
from epicerie_desktop.domain.units import share_of

RULESETS = Path(__file__).parents[2] / "resources" / "rulesets"
DAY = date(2026, 11, 22)
ADULT, CHILD = Member(age=40), Member(age=8)
HEAD = """format = 1
name = "Essai"
version = "1"
valid_from = 2000-01-01
source = "essai"
"""
LINES = """
[[resources]]
code = "wages"
label = "Salaires"
[[charges]]
code = "rent"
label = "Loyer"
[[indicators]]
code = "rav"
label = "Reste à vivre"
kind = "remaining_income"
per = "person"
period = "day"
"""


def rule(name: str) -> Ruleset:
    return parse_ruleset((RULESETS / f"{name}.toml").read_text(encoding="utf-8"))


def inline(more: str = "", *, top: str = "", bounds: str = "at_most = 10", share: str = "percent = 10",
           duration: str = "months = 3", lines: str = LINES) -> Ruleset:  # fmt: skip
    return parse_ruleset(
        f"{HEAD}{top}\n{lines}\n[[bounds]]\n{bounds}\n[[share]]\n{share}\n[duration]\n{duration}\n{more}"
    )


def right_of(ruleset: Ruleset, *members: Member, **said: Any) -> dict[str, Any]:
    commune = min(ruleset.communes) if ruleset.communes else None
    at = Situation(DAY, members or (ADULT,), commune=commune, resources=(), charges=())
    found: dict[str, Any] = outcome_to_json(evaluate(ruleset, replace(at, **said)))["right"]
    assert found is not None
    return found


def ceilings(name: str, *members: Member, **said: Any) -> list[tuple[str, str, int]]:
    return [(c["measure"], c["period"], c["amount"]) for c in right_of(rule(name), *members, **said)["ceilings"]]


@pytest.mark.parametrize(
    ("name", "members", "kind", "expected"),
    [
        ("episode", (ADULT,), None, [("SHELF_VALUE", "WEEK", 1800)]),  # C1
        ("la-rochelle", (ADULT,), None, [("SHELF_VALUE", "MONTH", 15000), ("SHELF_VALUE", "WEEK", 3000)]),  # C2
        ("neuhof", (ADULT, CHILD, CHILD), None, [("SHELF_VALUE", "WEEK", 4400)]),  # C3, the example
        ("neuhof-par-personne", (ADULT, CHILD, CHILD), None, [("SHELF_VALUE", "WEEK", 5100)]),  # C3, the letter
        ("romans", (ADULT,), None, [("PAID", "WEEK", 600)]),  # C7
        ("lesneven", (ADULT, ADULT, CHILD), None, [("PAID", "MONTH", 1000)]),
        ("vitry", (ADULT,), None, [("PAID", "MONTH", 2000)]),
        ("vitry", (ADULT, ADULT, CHILD, CHILD, CHILD, CHILD), None, [("PAID", "MONTH", 11000)]),
        ("vannes", (ADULT,), None, [("SHELF_VALUE", "MONTH", 1200)]),
        ("vannes", (ADULT, ADULT), HouseholdType.COUPLE, [("SHELF_VALUE", "MONTH", 2400)]),
        ("vannes", (ADULT, ADULT, CHILD), HouseholdType.COUPLE_WITH_CHILDREN, [("SHELF_VALUE", "MONTH", 3000)]),
        ("vannes", (ADULT, CHILD), None, [("SHELF_VALUE", "MONTH", 1800)]),
    ],
)
def test_each_published_ceiling_is_found(
    name: str, members: tuple[Member, ...], kind: HouseholdType | None, expected: list[tuple[str, str, int]]
) -> None:
    assert ceilings(name, *members, household_type=kind) == expected


@pytest.mark.parametrize(
    ("name", "permille", "basket", "paid"),
    [("episode", 100, 1800, 180), ("neuhof", 100, 4400, 440), ("laval", 100, 2000, 200), ("la-rochelle", None, 3000, 600)],
)  # fmt: skip
def test_each_published_amount_paid_is_found(name: str, permille: int | None, basket: int, paid: int) -> None:
    found = right_of(rule(name))["share_permille"]
    assert found == permille
    # La Rochelle decides 10, 20 or 30 %; the published basket is at 20 %.
    assert share_of(basket, found or 200) == paid


def test_nappies_follow_the_age_in_months_of_each_child() -> None:
    def baby(born: PartialDate) -> Member:
        return Member(birth=born)

    found = right_of(rule("longjumeau"), ADULT, baby(PartialDate(2025, 5, 23)), baby(PartialDate(2025, 5, 22)))
    assert {o["code"]: o["units"] for o in found["outside"]} == {
        "nappies_young": 5, "infant_milk": 1, "nappies_older": 2,
    }  # fmt: skip
    assert right_of(rule("longjumeau"), ADULT, CHILD)["outside"] == []


def test_prices_by_origin_and_family_are_handed_to_the_till() -> None:
    chalon = right_of(rule("grand-chalon"))
    assert chalon["share"] == 30
    assert [(r["origins"], r["share"]) for r in chalon["rates"]] == [
        (["FOOD_BANK", "PICKUP"], 10), (["COLLECTION", "DONATION"], 20),
    ]  # fmt: skip
    lesneven = right_of(rule("lesneven"))["rates"]
    assert lesneven[0]["families"] == ["Fruits et légumes"]
    assert lesneven[0]["price"] == {"per": "visit", "cents": 50}


@pytest.mark.parametrize(
    ("share", "price", "permille"),
    [
        ("per_kilo = 0.60", {"per": "kilo", "cents": 60}, None),
        ("per_month = { base = 5, per_person = 2 }", {"per": "month", "cents": 900}, 0),
        ("per_visit = 3", {"per": "visit", "cents": 300}, 0),
    ],
)
def test_a_price_may_do_without_a_share(share: str, price: dict[str, Any], permille: int | None) -> None:
    found = right_of(inline(share=share), ADULT, CHILD)
    assert (found["price"], found["share_permille"]) == (price, permille)


def test_phases_follow_one_another_and_the_first_one_sets_the_share() -> None:
    phases = '[[phases]]\ncode = "a"\nlabel = "A"\nweeks = 2\n[[phases]]\ncode = "b"\nlabel = "B"\n'
    found = right_of(inline('[[share]]\npercent = 30\nphases = ["a"]\n' + phases))
    assert found["share"] == 30
    assert [(p["code"], p["from"], p["until"]) for p in found["phases"]] == [
        ("a", "2026-11-22", "2026-12-05"), ("b", "2026-12-06", None),
    ]  # fmt: skip


TWO = LINES + '[[indicators]]\ncode = "qf"\nlabel = "QF"\nkind = "declared"\n'


@pytest.mark.parametrize(
    ("combine", "wages", "qf", "expected"),
    [
        ("all", 30_000, 60_000, "eligible"), ("all", 30_000, 70_000, "too_high"), ("any", 30_000, 70_000, "eligible"),
        ("any", 90_000, 60_000, "eligible"), ("any", 90_000, 70_000, "too_high"), ("all", 30_000, None, "incomplete"),
        ("any", 30_000, None, "eligible"), ("any", 90_000, None, "incomplete"), ("any", None, 60_000, "eligible"),
    ],
)  # fmt: skip
def test_several_figures_combine_as_the_rule_says(
    combine: str, wages: int | None, qf: int | None, expected: str
) -> None:
    ruleset = inline(top=f'combine = "{combine}"', lines=TWO,
                     bounds='indicator = "rav"\nat_most = 10\n[[bounds]]\nindicator = "qf"\nat_most = 650')  # fmt: skip
    found = evaluate(
        ruleset, Situation(DAY, (ADULT,), resources=(("wages", wages),), charges=(), declared=(("qf", qf),))
    )
    assert found.kind == expected


def test_a_threshold_may_grow_with_the_household_and_a_charge_count_in_part() -> None:
    lines = LINES.replace('label = "Loyer"', 'label = "Prêt"\npercent = 50\ncap = 300').replace(
        '"person"', '"household"'
    )
    lines = lines.replace('"day"', '"month"')
    ruleset = inline(lines=lines, bounds='at_most = { by = "persons", amounts = { 1 = 500, 2 = 800 }, extra = 200 }')

    def kind(rent: int, *members: Member) -> OutcomeKind:
        return evaluate(
            ruleset, Situation(DAY, members, resources=(("wages", 100_000),), charges=(("rent", rent),))
        ).kind

    assert kind(40_000, ADULT, CHILD) is OutcomeKind.ELIGIBLE
    assert kind(39_999, ADULT, CHILD) is OutcomeKind.TOO_HIGH
    assert kind(90_000, ADULT) is OutcomeKind.TOO_HIGH
    assert kind(0, ADULT, CHILD, CHILD) is OutcomeKind.ELIGIBLE


def test_a_flat_charge_counts_whatever_was_answered() -> None:
    lines = LINES.replace('label = "Loyer"', 'label = "Énergie"\nflat = { per_person = 60 }')
    found = evaluate(inline(lines=lines), Situation(DAY, (ADULT, CHILD), resources=(("wages", 60_000),), charges=()))
    assert found.indicators["rav"] == 800


@pytest.mark.parametrize(
    ("rights", "renewal", "expected", "until"),
    [
        ([], "most = 0", "eligible", "2027-02-21"),
        ([("2026-01-01", "2026-02-28")], "most = 0", "committee", None),
        ([("2026-01-01", "2026-02-28")], 'most = 0\notherwise = "not_covered"', "not_covered", None),
        ([("2020-01-01", "2020-02-28")], "most = 0\nforgotten_after = { months = 12 }", "eligible", "2027-02-21"),
        ([("2026-01-01", "2026-02-28")], "most = 1", "eligible", "2027-02-21"),
        ([("2026-01-01", "2026-02-28")], "total = { months = 4 }", "eligible", "2027-01-21"),
        ([("2026-01-01", "2026-04-30")], "total = { months = 4 }", "committee", None),
        ([("2026-01-01", "2026-04-30")], "a_year = { months = 4 }", "waiting_period", None),
        ([("2025-01-01", "2025-04-30")], "a_year = { months = 4 }", "eligible", "2027-02-21"),
        ([("2026-07-01", "2026-09-01")], 'a_year = { weeks = 12 }\nyear = "sliding"', "eligible", "2026-12-12"),
    ],
)
def test_past_rights_close_or_shorten_the_next_one(
    rights: list[tuple[str, str]], renewal: str, expected: str, until: str | None
) -> None:
    before = tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in rights)
    at = Situation(DAY, (ADULT,), resources=(), charges=(), rights_before=before)
    found = evaluate(inline(f"[renewal]\n{renewal}\n"), at)
    assert found.kind == expected
    if until:
        assert found.right is not None
        assert right_dates(found.right, DAY)[1].isoformat() == until
        assert outcome_to_json(found)["right"]["until"] == until


def test_two_rights_of_two_months_fill_the_year_of_lesneven() -> None:
    first, second = (date(2026, 2, 1), date(2026, 3, 31)), (date(2026, 7, 1), date(2026, 8, 31))
    at = Situation(DAY, (ADULT,), resources=(), charges=())
    assert evaluate(rule("lesneven"), replace(at, rights_before=(first,))).kind is OutcomeKind.COMMITTEE
    assert evaluate(rule("lesneven"), replace(at, rights_before=(first, second))).kind is OutcomeKind.WAITING_PERIOD


def test_referral_questions_exceptions_and_places() -> None:
    ruleset = inline(
        '[referral]\nrequired = true\n[[conditions]]\ncode = "student"\nlabel = "Étudie ici"\n'
        '[[exceptions]]\nby = "Bureau"\noutcomes = ["too_high"]\n[capacity]\npersons = 30\norder = ["urgency"]\n'
    )
    at = Situation(DAY, (ADULT, CHILD), resources=(), charges=())
    assert evaluate(ruleset, at).kind is OutcomeKind.ELIGIBLE
    assert evaluate(ruleset, replace(at, referred=False)).kind is OutcomeKind.INCOMPLETE
    assert evaluate(ruleset, replace(at, answers=(("student", False),))).kind is OutcomeKind.NOT_COVERED
    rich = evaluate(ruleset, replace(at, resources=(("wages", 900_000),)))
    assert [e.by for e in rich.exceptions] == ["Bureau"]
    full = [evaluate(ruleset, replace(at, persons_served=n)) for n in (28, 29)]
    assert [f.kind for f in full] == [OutcomeKind.ELIGIBLE, OutcomeKind.WAITING_LIST]
    assert any("urgence" in s.sentence() for s in full[1].steps)
    with pytest.raises(SituationInvalid, match="student"):
        evaluate(ruleset, replace(at, answers=(("lottery", True),)))


def test_residence_looks_at_dates_housing_and_time_lived_there() -> None:
    ruleset = inline('[residence]\ncommunes = ["15187"]\nhousing = ["HOME", "HOSTED_BY_THIRD_PARTY"]\nmonths = 3\n'
                     '[[residence.dated]]\ncommune = "15014"\nuntil = 2025-12-31\n')  # fmt: skip

    def kind(commune: str, housing: HousingKind | None, since: date) -> OutcomeKind:
        return evaluate(ruleset, Situation(DAY, (ADULT,), commune=commune, housing=housing, living_since=since,
                                           resources=(), charges=())).kind  # fmt: skip

    long_ago = date(2020, 1, 1)
    assert kind("15187", HousingKind.HOSTED, date(2026, 8, 22)) is OutcomeKind.ELIGIBLE
    assert kind("15187", HousingKind.HOSTED, date(2026, 8, 23)) is OutcomeKind.NOT_COVERED
    assert kind("15014", HousingKind.HOME, long_ago) is OutcomeKind.NOT_COVERED
    assert kind("15187", HousingKind.DOMICILED, long_ago) is OutcomeKind.NOT_COVERED
    assert kind("15187", None, long_ago) is OutcomeKind.INCOMPLETE


def test_limits_in_points_units_or_on_some_goods_stay_apart_from_ceilings() -> None:
    found = right_of(inline(
        '[[ceilings]]\nmeasure = "POINTS"\nperiod = "FORTNIGHT"\nper_person = 50\n'
        '[[ceilings]]\nmeasure = "UNITS"\nperiod = "VISIT"\nfamilies = ["Viande"]\nbase = 2\n'
        '[[ceilings]]\nmeasure = "GRAMS"\nperiod = "SEMESTER"\nbase = 12.5\ncarried_over = true\n'
        '[[fees]]\ncode = "card"\nlabel = "Adhésion"\nbase = 2\nevery = "year"\n[guards]\nfse_free = false\nfood_bank_limited = false\n'
    ), ADULT, CHILD)  # fmt: skip
    assert found["ceilings"] == [{"measure": "GRAMS", "period": "SEMESTER", "amount": 12_500, "unit": "grams"}]
    assert [(q["measure"], q["amount"], q["unit"]) for q in found["limits"]] == [
        ("POINTS", 100, "points"), ("UNITS", 2, "units"),
    ]  # fmt: skip
    assert found["carried_over"] == [{"measure": "GRAMS", "period": "SEMESTER"}]
    assert found["fees"] == [{"code": "card", "label": "Adhésion", "cents": 200, "every": "year"}]
    assert found["guards"] == {"fse_free": False, "food_bank_most_permille": None}


@pytest.mark.parametrize("path", sorted(RULESETS.glob("*.toml")), ids=lambda p: p.stem)
def test_every_delivered_ruleset_answers_and_tells_every_step(path: Path) -> None:
    ruleset = parse_ruleset(path.read_text(encoding="utf-8"))
    found = evaluate(ruleset, Situation(DAY, (ADULT, CHILD), HouseholdType.LONE_PARENT, resources=(), charges=(),
                                        commune=min(ruleset.communes, default=None), declared=(("quotient_familial", 0),)
                                        if path.stem == "au-5" else ()))  # fmt: skip
    assert found.kind in {OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.TOO_LOW}
    assert all(s.sentence() for s in found.steps)
    assert outcome_to_json(found)


def test_past_rights_and_answers_are_read_with_their_place() -> None:
    text = "on = 2026-11-22\nadults = 1\n[answers]\nproject = true\nother = '?'\n"
    found = parse_situation(text + "[[rights_before]]\nfrom = 2026-01-01\nuntil = 2026-02-28\n")
    assert found.answers == (("project", True), ("other", None))
    assert found.last_right == date(2026, 2, 28)
    for broken, place in (
        ("from = 2026-03-01\nuntil = 2026-02-28", "rights_before[1].until"),
        ("from = 2026-03-01\nuntil = 2026-12-28", "rights_before[1].until"),
        (
            "from = 2026-03-01\nuntil = 2026-04-01\n[[rights_before]]\nfrom = 2026-04-01\nuntil = 2026-04-02",
            "rights_before[2]",
        ),
    ):
        with pytest.raises(SituationInvalid) as caught:
            parse_situation(f"{text}[[rights_before]]\n{broken}\n")
        assert caught.value.fields["place"] == place


@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 3))
def test_one_more_person_never_lowers_a_published_ceiling(adults: int, children: int, more: int) -> None:
    for name in ("neuhof", "neuhof-par-personne", "lesneven"):
        here, there = (ceilings(name, *(ADULT,) * adults, *(CHILD,) * n) for n in (children, children + more))
        assert here[0][2] <= there[0][2]


@given(st.sampled_from(list(DurationUnit)), st.integers(1, 24), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_right_of_the_length_of_its_cap_fills_it_exactly(unit: DurationUnit, count: int, start: date) -> None:
    cap = Duration(unit, count)
    assert last_day_within(cap, Fraction(0), start) == cap.end(start)
    used = held(((start, cap.end(start)),), unit)
    assert used >= count
    assert last_day_within(cap, used, start) is None


MISTAKES = {
    "an unknown key": ("[visits]\nmots = 3", "visits.mots"),
    "a phase that refers to itself": ('[[phases]]\ncode = "a"\nlabel = "A"\nmonths = 1\nnext = "a"', "phases[1].next"),
    "phases in a ring": ('[[phases]]\ncode = "a"\nlabel = "A"\nmonths = 1\n[[phases]]\ncode = "b"\nlabel = "B"\nmonths = 1\nnext = "a"',
                         "phases[2].next"),
    "a phase without length": ('[[phases]]\ncode = "a"\nlabel = "A"\n[[phases]]\ncode = "b"\nlabel = "B"', "phases[1]"),
    "a phase nobody reaches": ('[[phases]]\ncode = "a"\nlabel = "A"\nmonths = 1\nnext = "c"\n[[phases]]\ncode = "b"\nlabel = "B"\n'
                               '[[phases]]\ncode = "c"\nlabel = "C"', "phases[2]"),
    "a share of a phase that does not exist": ('[[share]]\npercent = 5\nphases = ["x"]', "share[2].phases"),
    "the same goods twice": ('[[share]]\npercent = 5\norigins = ["FSE"]\n[[share]]\npercent = 6\norigins = ["FSE"]', "share[3]"),
    "two prices": ("[[share]]\nfamilies = ['x']\nper_kilo = 1\nper_piece = 2", "share[2].per_piece"),
    "an unknown origin": ('[[share]]\npercent = 5\norigins = ["BA"]', "share[2].origins"),
    "a ceiling split over longer": ('[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\nbase = 1\nsplit = { period = "MONTH", parts = 2 }',
                                    "ceilings[1].split.period"),
    "ages inverted": ('[[outside]]\ncode = "n"\nlabel = "N"\nmonths_min = 18\nmonths_max = 3', "outside[1].months_max"),
    "units without a period": ('[[outside]]\ncode = "n"\nlabel = "N"\nunits = 3', "outside[1].period"),
    "communes whose dates overlap": ('[residence]\n[[residence.dated]]\ncommune = "15187"\n[[residence.dated]]\ncommune = "15187"',
                                     "residence.dated[2]"),
    "an answer that is not possible": ('[renewal]\nmost = 1\notherwise = "eligible"', "renewal.otherwise"),
    "a waiting order twice": ('[capacity]\nhouseholds = 3\norder = ["urgency", "urgency"]', "capacity.order"),
    "an empty capacity": ("[capacity]", "capacity.households"),
}  # fmt: skip


@pytest.mark.parametrize(("more", "place"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_terms_is_refused_with_its_place(more: str, place: str) -> None:
    with pytest.raises(RulesetInvalid) as caught:
        inline(more + "\n")
    assert caught.value.fields["place"] == place
    assert str(caught.value).startswith(place)


def test_bounds_inverted_for_some_households_are_refused() -> None:
    with pytest.raises(RulesetInvalid, match=r"bounds\[1\]"):
        inline(bounds="at_least = { per_person = 5 }\nat_most = 12")


def test_a_right_may_count_visits_or_be_decided_between_two_lengths() -> None:
    assert right_of(inline(duration="visits = 5"))["visits_in_right"] == 5
    found = right_of(rule("merignac"))
    assert (found["duration"], found["duration_least"]["count"], found["duration_most"]["count"]) == (None, 9, 12)


def test_a_year_s_allowance_begins_again_in_january_and_no_more() -> None:
    situation = Situation(
        on=date(2026, 11, 28), members=(ADULT,), resources=(("wages", 0),), charges=(("rent", 0),),
        rights_before=((date(2026, 1, 1), date(2026, 2, 18)),),
    )  # fmt: skip
    for weeks, latest in ((12, date(2027, 3, 25)), (60, None)):
        found = evaluate(parse_ruleset(a_year_of(weeks)), situation).right
        assert found is not None
        assert found.latest == latest, weeks


def a_year_of(weeks: int) -> str:
    return (
        HEAD + LINES + "[[bounds]]\nat_most = 10\n[[share]]\npercent = 10\n[duration]\nmonths = 8\n"
        f"[renewal]\na_year = {{ weeks = {weeks} }}\n"
    )


def test_a_renewal_may_last_and_cost_otherwise_than_the_first_right() -> None:
    text = (
        HEAD + LINES + "[[bounds]]\nat_most = 10\n[[share]]\nwhen = { rights_max = 0 }\npercent = 10\n[[share]]\npercent = 20\n"
        "[duration]\nmonths = 6\n[[instead]]\nwhen = { rights_min = 1 }\nduration = { months = 3 }\n"
    )  # fmt: skip
    first = Situation(on=DAY, members=(ADULT,), resources=(("wages", 0),), charges=(("rent", 0),))
    again = replace(first, rights_before=((date(2025, 1, 1), date(2025, 6, 30)),))
    told = [evaluate(parse_ruleset(text), at).right for at in (first, again)]
    assert [(r.share_permille, r.duration.count) for r in told if r and r.duration] == [(100, 6), (200, 3)]
