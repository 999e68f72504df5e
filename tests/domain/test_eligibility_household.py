"""Who counts and for how much, lines together, periods, doubts, rows by age or answer, what some households have instead."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from epicerie_desktop.domain.eligibility.engine import (
    Member,
    Outcome,
    OutcomeKind,
    Situation,
    SituationInvalid,
    evaluate,
    outcome_to_json,
    parse_situation,
)  # fmt: skip
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit
from epicerie_desktop.domain.eligibility.ruleset import RulesetInvalid, parse_ruleset
from epicerie_desktop.domain.eligibility.sensitivity import sensitivity
from epicerie_desktop.domain.household import HouseholdType

DAY = date(2026, 11, 22)
ADULT, CHILD = Member(age=40), Member(age=8)
HALF = Member(age=8, shared=True)
GONE = Member(age=40, away=True)


def text(more: str = "", *, per: str = "person", bounds: str = "at_most = 300", duration: str = "months = 3",
         share: str = "percent = 10") -> str:  # fmt: skip
    return f"""format = 1
name = "Essai"
version = "1"
valid_from = 2000-01-01
source = "essai"
[[resources]]
code = "wages"
label = "Salaires"
[[charges]]
code = "rent"
label = "Loyer"
[[charges]]
code = "energy"
label = "Énergie"
[[charges]]
code = "water"
label = "Eau"
[[indicators]]
code = "rav"
label = "Reste à vivre"
kind = "remaining_income"
per = "{per}"
period = "month"
[[bounds]]
{bounds}
[[share]]
{share}
[duration]
{duration}
{more}
"""


def answer(
    more: str = "", *members: Member, wages: int = 1000, charges: tuple[tuple[str, int | None], ...] = (), **how: str
) -> Outcome:  # fmt: skip
    at = Situation(DAY, members or (ADULT,), None, None, (("wages", wages * 100),), charges)
    return evaluate(parse_ruleset(text(more, **how)), at)


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


def sentences(found: Outcome, code: str) -> list[str]:
    return [plain(s.sentence()) for s in found.steps if s.code == code]


def test_a_child_there_half_of_the_time_counts_for_half_unless_the_rule_says_otherwise() -> None:
    assert answer("", ADULT, HALF).indicators["rav"] == Fraction(100_000 * 2, 3)
    assert answer('[household]\nshared = "whole"', ADULT, HALF).indicators["rav"] == 50_000
    assert answer('[household]\nshared = "none"', ADULT, HALF).indicators["rav"] == 100_000
    parts = "[[parts]]\nper_adult = 1\nper_child = 0.5"
    assert answer(parts, ADULT, HALF, per="part").indicators["rav"] == Fraction(100_000) / Fraction(5, 4)
    assert answer("", ADULT, HALF, per="consumption_unit").indicators["rav"] == Fraction(100_000) / Fraction(115, 100)


def test_half_a_person_is_read_on_the_next_line_of_a_table_and_halves_a_sum_a_head() -> None:
    ceilings = """[[ceilings]]
measure = "PAID"
period = "WEEK"
per_adult = 10
per_child = 5
[[ceilings]]
measure = "SHELF_VALUE"
period = "MONTH"
by = "persons"
amounts = { 1 = 60, 2 = 90, 3 = 115 }
"""
    right = answer(ceilings, ADULT, CHILD, HALF, wages=300).right
    assert right is not None
    assert [c.amount for c in right.ceilings] == [1750, 11500]


def test_someone_away_counts_or_not_as_the_rule_says_and_an_empty_household_is_refused() -> None:
    assert answer("", ADULT, GONE).indicators["rav"] == 50_000
    not_counted = '[household]\naway = "not_counted"'
    assert answer(not_counted, ADULT, GONE).indicators["rav"] == 100_000
    with pytest.raises(SituationInvalid, match="ne compte personne"):
        answer(not_counted, GONE)


def test_a_couple_of_whom_one_is_away_and_not_counted_is_a_lone_parent() -> None:
    rule = parse_ruleset(
        text(
            '[household]\naway = "not_counted"',
            bounds="when = { household_types = ['LONE_PARENT'] }\nat_most = 500\n[[bounds]]\nat_most = 1",
        )
    )
    at = Situation(DAY, (ADULT, GONE, CHILD), HouseholdType.COUPLE_WITH_CHILDREN, None, (("wages", 100_000),), ())
    assert evaluate(rule, at).kind is OutcomeKind.ELIGIBLE


def test_the_age_under_which_one_is_a_child_is_a_setting() -> None:
    young = Member(age=19)
    assert "dont 1 enfant" in sentences(answer("[household]\nchild_under = 20", ADULT, young), "persons")[0]
    assert "dont 0 enfant" in sentences(answer("", ADULT, young), "persons")[0]


def test_lines_capped_together_count_up_to_the_cap_and_it_is_told() -> None:
    cap = '[[caps]]\nlabel = "Énergie et eau"\ncharges = ["energy", "water"]\nbase = 100\nper_child = 20'
    found = answer(cap, ADULT, CHILD, charges=(("energy", 9000), ("water", 5000), ("rent", 20_000)))
    assert found.indicators["rav"] == (100_000 - 20_000 - 12_000) // 2
    assert sentences(found, "cap") == [
        "Énergie et eau : 140,00 € par mois ensemble, compté dans la limite de 120,00 €."
    ]
    assert not sentences(answer(cap, ADULT, charges=(("energy", 9000), ("water", 1000))), "cap")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ('[[caps]]\nlabel = "x"\ncharges = ["energy", "gas"]\nbase = 1', "caps[1].charges"),
        ('[[caps]]\nlabel = "x"\ncharges = ["energy"]\nbase = 1', "caps[1].charges"),
        ('[[caps]]\nlabel = "x"\nbase = 1', "caps[1].charges"),
        ('[household]\nshared = "quarter"', "household.shared"),
        ('[[instead]]\nwhen = { children_min = 1 }', "instead[1]"),
        ("[[instead]]\nduration = { months = 6 }", "instead[1].when"),
        ('[[ceilings]]\nwhen = { yes = ["x"] }\nmeasure = "PAID"\nperiod = "WEEK"\nbase = 1',
         "ceilings[1].when.yes"),
        ('[absences]\nmost = 3\nthen = "warn"\nlasting = { weeks = 2 }', "absences.lasting"),
        ("[[points]]\nper_kilo = 1\nper_piece = 1", "points[1].per_piece"),
        ("[[fees]]\ncode = 'a'\nlabel = 'a'\nbase = 1\nevery = 'year'\nwhen = {}", "fees[1].when"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_new_tables_is_told_with_its_place(more: str, place: str) -> None:
    with pytest.raises(RulesetInvalid) as refused:
        parse_ruleset(text(more))
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize("day", ["02-31", "13-01", "1-1", "31/12"])
def test_a_right_cannot_end_on_a_day_that_no_year_has(day: str) -> None:
    with pytest.raises(RulesetInvalid, match=r"^duration\.until"):
        parse_ruleset(text(duration=f'until = "{day}"'))


def test_a_right_ends_on_the_day_of_the_year_the_rule_says() -> None:
    at = Situation(DAY, (ADULT,), None, None, (("wages", 0),), ())
    for length, until in (('until = "12-31"', date(2026, 12, 31)), ('months = 1\nuntil = "06-30"', date(2026, 12, 21)),
                          ('until = "11-22"', DAY)):  # fmt: skip
        right = evaluate(parse_ruleset(text(duration=length)), at).right
        assert right is not None
        assert right.until(DAY) == until


def test_amounts_of_a_year_a_quarter_or_a_week_are_brought_to_a_month() -> None:
    at = parse_situation(
        'on = 2026-11-22\nadults = 1\n[resources]\nwages = { amount = 14400, period = "year" }\n'
        '[[charges]]\ntype = "water"\namount = 90\nperiod = "quarter"\n[[charges]]\ntype = "rent"\ncents = 10000\nperiod = "week"\n'
    )
    assert at.resources == (("wages", 120_000),)
    assert at.charges == (("water", 3000), ("rent", 43_333))
    with pytest.raises(SituationInvalid, match=r"^resources\.wages\.period"):
        parse_situation('on = 2026-11-22\nadults = 1\n[resources]\nwages = { amount = 1, period = "day" }')


def test_an_amount_far_from_a_month_is_told_and_changes_nothing() -> None:
    usual = text().replace('label = "Loyer"', 'label = "Loyer"\nusual = 500')
    for rent, words in ((6000, "montant annuel"), (40, "mois entier"), (5000, ""), (50, ""), (0, "")):
        at = Situation(DAY, (ADULT,), None, None, (("wages", 80_000),), (("rent", rent * 100),))
        found = evaluate(parse_ruleset(usual), at)
        assert found.indicators["rav"] == 80_000 - rent * 100
        told = sentences(found, "doubt")
        assert bool(told) == bool(words)
        assert words in "".join(told)
    assert "annuel" in sentences(answer(wages=14_400), "doubt")[0]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ((Member(age=60),), OutcomeKind.ELIGIBLE),
        ((Member(age=59), CHILD), OutcomeKind.TOO_HIGH),
        ((ADULT, Member(age=71), Member(child=False)), OutcomeKind.ELIGIBLE),
        ((ADULT, Member(child=False)), OutcomeKind.INCOMPLETE),
    ],
)
def test_a_row_for_those_over_sixty_needs_one_such_age_and_asks_for_an_unknown_one(
    members: tuple[Member, ...], found: OutcomeKind
) -> None:
    bounds = "when = { oldest_min = 60 }\nat_most = 2000\n[[bounds]]\nat_most = 100"
    assert answer("", *members, bounds=bounds).kind is found


def test_a_row_for_a_baby_holds_only_with_one() -> None:
    bounds = "when = { youngest_max = 2 }\nat_most = 2000\n[[bounds]]\nat_most = 100"
    assert answer("", ADULT, Member(age=2), bounds=bounds).kind is OutcomeKind.ELIGIBLE
    assert answer("", ADULT, CHILD, bounds=bounds).kind is OutcomeKind.TOO_HIGH
    assert answer("", ADULT, Member(child=True), bounds=bounds).kind is OutcomeKind.INCOMPLETE


def test_a_question_that_closes_nothing_chooses_between_rows() -> None:
    question = '[[conditions]]\ncode = "student"\nlabel = "Étudiant"\notherwise = "eligible"'
    bounds = "when = { yes = ['student'] }\nat_most = 2000\n[[bounds]]\nat_most = 100"
    rule = parse_ruleset(text(question, bounds=bounds))
    for said, found in (((("student", True),), OutcomeKind.ELIGIBLE), ((("student", False),), OutcomeKind.TOO_HIGH),
                        ((), OutcomeKind.INCOMPLETE)):  # fmt: skip
        at = Situation(DAY, (ADULT,), None, None, (("wages", 100_000),), (), answers=said)
        assert evaluate(rule, at).kind is found


def test_some_households_have_another_length_other_visits_other_renewals() -> None:
    more = """[visits]
most = 1
[renewal]
most = 0
[[instead]]
when = { children_min = 1 }
duration = { months = 6 }
visits = { most = 2, weeks = "even", weekdays = ["friday", "tuesday"] }
[[instead]]
when = { persons_min = 2 }
duration = { months = 4 }
renewal = { most = 3 }
"""
    alone, family = answer(more, wages=100).right, answer(more, ADULT, CHILD, wages=100).right
    assert alone is not None
    assert family is not None
    assert alone.duration == Duration(DurationUnit.MONTHS, 3)
    assert family.duration == Duration(DurationUnit.MONTHS, 6)
    assert (alone.extras.terms.renewal.most, family.extras.terms.renewal.most) == (0, 3)
    told = sentences(answer(more, ADULT, CHILD, wages=100), "visits")
    assert told[1:] == [
        "Les passages ont lieu les semaines paires.",
        "Jour de passage : mardi.",
        "Jour de passage : vendredi.",
    ]


def test_some_households_have_a_right_told_in_visits_where_others_are_left_to_the_decision() -> None:
    more = "[[instead]]\nwhen = { children_min = 1 }\nduration = { visits = 5 }"
    decided = "decided = true\nat_least = { months = 3 }"
    alone, family = (
        outcome_to_json(answer(more, *members, wages=100, duration=decided))["right"]
        for members in ((ADULT,), (ADULT, CHILD))
    )
    assert (alone["visits_in_right"], alone["duration_least"]) == (None, {"count": 3, "unit": "months"})
    assert (family["visits_in_right"], family["duration_least"], family["duration"]) == (5, None, None)
    with pytest.raises(RulesetInvalid, match=r"^instead\[1\]\.duration"):
        parse_ruleset(text(more.replace("visits = 5", "decided = true")))


def test_fees_goods_outside_and_obligations_may_be_for_some_and_points_and_absences_are_handed_over() -> None:
    more = """[[fees]]
code = "year"
label = "Adhésion"
every = "year"
base = 5
when = { persons_max = 1 }
[[outside]]
code = "soap"
label = "Savon"
when = { persons_min = 4 }
[[obligations]]
code = "workshop"
label = "Atelier"
when = { children_min = 1 }
[[points]]
families = ["Viande"]
per_kilo = 12
[absences]
most = 3
then = "suspend"
within = { months = 3 }
consecutive = true
lasting = { weeks = 2 }
"""
    right = outcome_to_json(answer(more, wages=100))["right"]
    assert (len(right["fees"]), right["outside"], right["obligations"]) == (1, [], [])
    assert right["points"] == [{"per": "kilo", "points": 12, "origins": [], "families": ["Viande"], "articles": []}]
    assert right["absences"]["within"] == {"count": 3, "unit": "months"}
    assert right["absences"]["lasting"] == {"count": 2, "unit": "weeks"}
    family = outcome_to_json(answer(more, ADULT, CHILD, wages=100))["right"]
    assert (family["fees"], len(family["obligations"])) == ([], 1)


def test_bands_may_grow_with_the_household_or_follow_a_social_scale() -> None:
    more = """[[bands]]
code = "a"
label = "A"
below = { base = 200, per_child = 100 }
[[bands]]
code = "b"
label = "B"
below = { base = 400, per_child = 100 }
[[bands]]
code = "c"
label = "C"
"""
    everyone = "always = 'eligible'"
    assert answer(more, wages=250, bounds=everyone, per="household").band == "b"
    assert answer(more, ADULT, CHILD, wages=250, bounds=everyone, per="household").band == "a"
    line = '[[scales]]\ncode = "line"\nvalid_from = 2020-01-01\namount = 1000\nsource = "essai"\n'
    shares = "".join(f"[[bands]]\ncode = '{c}'\nlabel = '{c}'\nat_most = {{ percent = {p}, of = 'line' }}\n"
                     for c, p in (("a", 40), ("b", 60))) + "[[bands]]\ncode = 'c'\nlabel = 'c'\n"  # fmt: skip
    assert [answer(line + shares, wages=w, bounds=everyone).band for w in (400, 401, 600, 601)] == ["a", "b", "b", "c"]
    with pytest.raises(RulesetInvalid, match=r"^bands\[2\]"):
        parse_ruleset(text(line + shares.replace("percent = 60", "percent = 30"), bounds=everyone))


def test_the_only_unanswered_amount_tells_from_how_much_the_answer_turns() -> None:
    rule = parse_ruleset(text(bounds="at_most = 300\nat_least = 100"))
    at = Situation(DAY, (ADULT,), None, None, (("wages", 80_000),), (("rent", None),))
    found = [plain(s.sentence()) for s in sensitivity(rule, at, evaluate(rule, at)) if s.code == "turn"]
    assert found == [
        "Loyer : à zéro, la réponse serait : Au-dessus du seuil.",
        "Loyer : à partir de 500,00 € par mois, la réponse serait : Remplit les conditions.",
        "Loyer : à partir de 701,00 € par mois, la réponse serait : En dessous du seuil.",
    ]
    two = Situation(DAY, (ADULT,), None, None, (("wages", None),), (("rent", None),))
    assert not [s for s in sensitivity(rule, two, evaluate(rule, two)) if s.code == "turn"]


def test_a_ceiling_may_be_left_to_the_decision() -> None:
    found = answer('[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\ndecided = true', wages=100)
    assert sentences(found, "ceiling") == ["Plafond (montant payé) : fixé par la décision, par semaine."]
    right = outcome_to_json(found)["right"]
    assert right["ceilings"] == []
    assert right["ceilings_decided"] == [
        {"measure": "PAID", "period": "WEEK", "least": None, "most": None, "unit": "cents"}
    ]


def test_a_share_and_a_ceiling_left_to_the_decision_may_have_a_least_and_a_most() -> None:
    more = (
        '[[ceilings]]\nmeasure = "GRAMS"\nperiod = "MONTH"\ndecided = true\n'
        "at_least = 2.5\nat_most = { per_person = 4 }"
    )
    found = answer(more, ADULT, CHILD, wages=100, share="decided = true\nat_least = 10\nat_most = 30")
    assert sentences(found, "share") == ["Participation : fixée par la décision, de 10 % à 30 % de la valeur en rayon."]
    assert sentences(found, "ceiling") == ["Plafond (poids) : fixé par la décision, de 2,5 kg à 8 kg par mois."]
    right = outcome_to_json(found)["right"]
    assert (right["share"], right["share_least_permille"], right["share_most_permille"]) == (None, 100, 300)
    assert [(c["least"], c["most"], c["unit"]) for c in right["ceilings_decided"]] == [(2500, 8000, "grams")]
    for wrong, place in (
        (more.replace("2.5", "9"), r"^ceilings\[1\]\.at_most"),
        (more + '\nsplit = { period = "WEEK", parts = 4 }', r"^ceilings\[1\]\.split"),
    ):
        with pytest.raises(RulesetInvalid, match=place):
            parse_ruleset(text(wrong))
    with pytest.raises(RulesetInvalid, match=r"^share\[1\]\.at_most"):
        parse_ruleset(text("", share="decided = true\nat_least = 30\nat_most = 10"))
