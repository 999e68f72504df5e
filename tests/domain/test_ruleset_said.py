"""What a règlement says of cases, percentages, ages and amounts outside ceilings, and how each answer is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from epicerie_desktop.domain.access import CeilingPeriod, Grant
from epicerie_desktop.domain.eligibility.checks import check_scales
from epicerie_desktop.domain.eligibility.draft import Draft, problems
from epicerie_desktop.domain.eligibility.draft_answers import told
from epicerie_desktop.domain.eligibility.engine import (
    Member,
    Outcome,
    OutcomeKind,
    Situation,
    SituationInvalid,
    evaluate,
    outcome_to_json,
)
from epicerie_desktop.domain.eligibility.form_schema import TABLES
from epicerie_desktop.domain.eligibility.rules import Ruleset, RulesetInvalid, ScaleFigure
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.sensitivity import sensitivity
from epicerie_desktop.domain.household import HouseholdType, PartialDate
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.terms_at_till import Item, ceilings_of, read_terms
from epicerie_desktop.domain.till_account import Account, Portion, Taken

DAY = date(2026, 11, 20)
HEAD = 'format = 1\nname = "Essai"\nversion = "1"\nvalid_from = 2000-01-01\nsource = "essai"\n'
LINES = (
    '[[resources]]\ncode = "wages"\nlabel = "Salaires"\n[[charges]]\ncode = "rent"\nlabel = "Loyer"\n'
    '[[charges]]\ncode = "loan"\nlabel = "Crédit"\n'
)
RAV = (
    '[[indicators]]\ncode = "rav"\nlabel = "Reste à vivre"\nkind = "remaining_income"\nper = "person"\nperiod = "day"\n'
)
EFFORT = '[[indicators]]\ncode = "effort"\nlabel = "Taux d\'effort"\nkind = "charge_ratio"\ncharges = ["rent"]\n'
ADULT = Member(age=40)


def rule(more: str = "", *, sums: str = RAV, lines: str = LINES, bounds: str = "at_most = 10", share: str = "percent = 10",
         duration: str = "months = 3") -> Ruleset:  # fmt: skip
    return parse_ruleset(f"{HEAD}{lines}{sums}[[bounds]]\n{bounds}\n[[share]]\n{share}\n[duration]\n{duration}\n{more}")


def at(*members: Member, wages: int | None = 0, rent: int = 0, **more: Any) -> Situation:
    said = Situation(DAY, members or (ADULT,), resources=(("wages", wages),), charges=(("rent", rent),))
    return replace(said, **more)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("’", "'")


def told_by(outcome: Outcome, code: str) -> list[str]:
    return [plain(s.sentence()) for s in outcome.steps if s.code == code]


def refused(text: str) -> str:
    with pytest.raises(RulesetInvalid) as found:
        parse_ruleset(text)
    return plain(str(found.value))


# -- one of several cases ----------------------------------------------------------------------------------------------

CASES = (
    "over = 'committee'\nat_most = 20\n"
    'when = { persons_min = 2, any = [{ household_types = ["LONE_PARENT"] }, { children_min = 3 }] }\n'
    "[[bounds]]\nat_most = 10"
)
CHILD = Member(age=8)


def test_one_of_several_cases_is_enough_and_the_answer_says_which_condition_was_met() -> None:
    found = rule(bounds=CASES)
    alone = evaluate(found, at(ADULT, CHILD, wages=900_00))
    assert alone.kind is OutcomeKind.ELIGIBLE
    assert told_by(alone, "when") == [
        "Le foyer remplit une condition de la règle : 2 personnes ou plus, Parent seul avec enfants ou 3 enfants ou plus."
    ]
    # Three children: nobody has to say whether the two adults are a couple.
    many = evaluate(found, at(ADULT, ADULT, CHILD, CHILD, CHILD, wages=2400_00))
    assert (many.kind, many.missing) == (OutcomeKind.ELIGIBLE, ())
    couple = at(ADULT, ADULT, CHILD, wages=1500_00, household_type=HouseholdType.COUPLE_WITH_CHILDREN)
    assert evaluate(found, couple).kind is OutcomeKind.TOO_HIGH
    unsaid = evaluate(found, replace(couple, household_type=None))
    assert [m.code for m in unsaid.missing] == ["household_type"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("any = [{ children_min = 3 }]", "bounds[1].when.any : dites au moins deux cas"),
        ("any = [{ children_min = 3 }, { }]", "bounds[1].when.any[2] : ce cas est vide"),
        ("any = [{ children_min = 3 }, { children = 2 }]", "bounds[1].when.any[2].children : clé inconnue"),
        ('any = [{ children_min = 3 }, { yes = ["alone"] }]', "bounds[1].when.any[2].yes : la question « alone »"),
    ],
)
def test_a_case_that_says_nothing_or_nothing_known_is_refused_at_its_place(condition: str, said: str) -> None:
    text = f"{HEAD}{LINES}{RAV}[[bounds]]\nwhen = {{ {condition} }}\nat_most = 20\n[[bounds]]\nat_most = 10\n"
    assert said in refused(text + "[[share]]\npercent = 10\n[duration]\nmonths = 3\n")


def test_cases_open_in_the_form_are_read_in_a_line_and_written_back_the_same() -> None:
    text = f"{HEAD}{LINES}{RAV}[[bounds]]\n{CASES}\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n"
    draft = Draft.read(text)
    assert problems(draft) == ()
    assert parse_ruleset(draft.text()) == parse_ruleset(text)
    table = next(t for t in TABLES if t.key == "bounds")
    line = plain(told(draft, table, ("bounds", 0)))
    assert "Seulement dans l'un de ces cas : Parent seul avec enfants ou 3 enfants ou plus" in line
    wrong = draft.put(("bounds", 0, "when", "any", 1, "children_min"), "trois")
    assert [p.path for p in problems(wrong)] == [("bounds", 0, "when", "any", 1, "children_min")]


# -- charges in percent of resources -----------------------------------------------------------------------------------


def test_an_effort_rate_is_compared_exactly_and_told_in_percent() -> None:
    found = rule(sums=EFFORT, bounds="above = 40\nunder = 'too_low'")
    over = evaluate(found, at(wages=1000_00, rent=400_01))
    assert over.kind is OutcomeKind.ELIGIBLE
    assert told_by(over, "ratio") == ["Taux d'effort : 400,01 € ÷ 1 000,00 € = 40,001 %."]
    assert told_by(over, "compare") == ["40,001 % est supérieur au seuil de 40 %."]
    assert evaluate(found, at(wages=1000_00, rent=400_00)).kind is OutcomeKind.TOO_LOW
    answer = outcome_to_json(over)
    assert (answer["indicators"], answer["ratios"], answer["ratios_exact"]) == (
        {},
        {"effort": 4000},
        {"effort": "40001/10"},
    )


@pytest.mark.parametrize(
    ("more", "kind"), [("", "committee"), ('without_resources = "eligible"\n', "eligible")]
)  # fmt: skip
def test_without_resources_no_rate_is_invented_and_the_rule_says_what_is_answered(more: str, kind: str) -> None:
    found = evaluate(rule(sums=EFFORT + more, bounds="above = 40"), at(wages=0, rent=300_00))
    assert found.kind == kind
    assert not found.indicators
    assert "aucune ressource comptée, ce taux ne se calcule pas" in told_by(found, "ratio")[0]
    assert evaluate(rule(sums=EFFORT, bounds="above = 40"), at(wages=None)).kind is OutcomeKind.INCOMPLETE


def test_an_effort_rate_goes_with_another_figure_and_keeps_out_what_has_no_meaning() -> None:
    both = rule(
        sums=RAV + EFFORT, bounds='indicator = "rav"\nat_most = 10\n[[bounds]]\nindicator = "effort"\nat_least = 30'
    )
    assert evaluate(both, at(wages=500_00, rent=250_00)).kind is OutcomeKind.ELIGIBLE
    base = f"{HEAD}{LINES}%s[[bounds]]\n%s\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n"
    assert "ne se partage pas" in refused(base % (EFFORT + 'per = "person"\n', "above = 40"))
    assert "pas à un barème" in refused(base % (EFFORT, 'above = { percent = 60, of = "poverty_line" }'))
    assert "seul un taux d'effort" in refused(base % (RAV + 'without_resources = "eligible"\n', "at_most = 10"))


# -- outside the ceilings, by amount and by age ------------------------------------------------------------------------

MILK = Item.of(2, ("Lait infantile",), ("BEBE", "Bébé"))
CARROTS = Item.of(1, ("Carottes",), ("FL", "Fruits et légumes"))
MONTH = '[[ceilings]]\nmeasure = "SHELF_VALUE"\nperiod = "MONTH"\nbase = 60\n'


def portion(item: Item, shelf: int, *, units: int = 1, grams: int = 800, food: bool = True) -> Portion:
    return Portion(0, item, Origin.PURCHASE, units, grams, shelf, food)


def till(found: Outcome, day: date, *taken: Taken) -> tuple[Account, tuple[Any, ...]]:
    assert found.right is not None
    terms = read_terms(outcome_to_json(found)["right"])
    grant = Grant(1, DAY, date(2027, 11, 19), 100, found.right.ceilings)
    account = Account(terms, terms.usual(day, 100), day, taken)
    return account, tuple(account.left(c, grant) for c in ceilings_of(terms, grant.ceilings, day))


@pytest.mark.parametrize(
    ("limit", "measure", "before", "over", "said"),
    [
        ('measure = "SHELF_VALUE"\nmost = 10', "SHELF_VALUE", 600, 200, "10,00 € de valeur en rayon au plus par mois"),
        ('measure = "PAID"\nmost = 1', "PAID", 60, 20, "1,00 € payés au plus par mois"),
        ('measure = "GRAMS"\nmost = 1.5', "GRAMS", 800, 100, "1,5 kg au plus par mois"),
        ("units = 1", "UNITS", 1, 1, "1 au plus par mois"),
    ],
)
def test_what_lies_outside_is_limited_by_amount_and_weighs_on_no_ceiling(
    limit: str, measure: str, before: int, over: int, said: str
) -> None:
    milk = f'[[outside]]\ncode = "milk"\nlabel = "Laits"\nfamilies = ["BEBE"]\n{limit}\nperiod = "MONTH"\n'
    found = evaluate(rule(MONTH + milk), at())
    assert told_by(found, "outside") == [f"Hors plafond : Laits, {said}."]
    earlier = Taken(DAY.replace(day=21), portion(MILK, 600), 60)
    account, (month, outside) = till(found, date(2026, 11, 24), earlier)
    assert (outside.ceiling.measure, outside.ceiling.period) == (measure, CeilingPeriod.MONTH)
    assert (month.taken, outside.taken) == (0, before)
    basket = [portion(MILK, 600), portion(CARROTS, 400)]
    paid = account.paid(basket)
    assert [c.over(account.weight(c.ceiling, basket, paid)) for c in (month, outside)] == [0, over]
    assert account.weight(month.ceiling, basket, paid) == 400


def test_the_limit_outside_is_said_once_with_its_period() -> None:
    row = '[[outside]]\ncode = "milk"\nlabel = "Laits"\n'
    tail = f"{HEAD}{LINES}{RAV}[[bounds]]\nat_most = 10\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n{row}"
    assert "outside[1].period" in refused(tail + 'measure = "PAID"\nmost = 10\n')
    assert "outside[1].most : « measure » et « most » vont ensemble" in refused(tail + 'most = 10\nperiod = "MONTH"\n')
    assert "pas les deux" in refused(tail + 'units = 2\nmeasure = "PAID"\nmost = 10\nperiod = "MONTH"\n')


NAPPIES = (
    '[[outside]]\ncode = "nappies"\nlabel = "Couches"\nfamilies = ["BEBE"]\nunits = 2\nperiod = "WEEK"\nmonths_min = 3\n'
    "months_max = 29\n"
)


def test_what_is_for_a_child_s_age_follows_the_children_on_the_day_of_the_visit() -> None:
    older, newborn = Member(birth=PartialDate(2024, 6, 10)), Member(birth=PartialDate(2026, 10, 5))
    grown = Member(birth=PartialDate(2020, 1, 1))
    found = evaluate(rule(MONTH + NAPPIES, duration="months = 12"), at(ADULT, older, newborn, grown))
    assert told_by(found, "outside") == [
        "Hors plafond : Couches, 2 au plus par semaine.",
        "Couches : compté selon l'âge des enfants le jour du passage.",
    ]
    kept = outcome_to_json(found)["right"]["outside"][0]
    # Of each child, only the days that count; nothing of the one who is too old.
    assert kept["days"] == [
        {"from": "2026-11-20", "until": "2026-12-09"},
        {"from": "2027-01-05", "until": "2029-04-04"},
    ]
    mosts = {}
    for day in (DAY, date(2026, 12, 9), date(2026, 12, 10), date(2027, 1, 4), date(2027, 1, 5)):
        _account, (_month, *outside) = till(found, day)
        mosts[day] = [c.ceiling.amount for c in outside]
    assert list(mosts.values()) == [[2], [2], [], [], [2]]


def test_two_ages_of_the_same_goods_add_up() -> None:
    ages = "".join(
        f'[[outside]]\ncode = "{code}"\nlabel = "{code}"\nfamilies = ["BEBE"]\nunits = {units}\nperiod = "WEEK"\n{months}\n'
        for code, units, months in (("baby", 5, "months_max = 17"), ("toddler", 2, "months_min = 18\nmonths_max = 35"))
    )
    baby, brother = Member(birth=PartialDate(2026, 3, 1)), Member(birth=PartialDate(2024, 10, 1))
    account, (_month, nappies) = till(
        evaluate(rule(MONTH + ages, duration="months = 12"), at(ADULT, baby, brother)), DAY
    )
    assert nappies.ceiling.amount == 7
    basket = [portion(MILK, 600, units=8)]
    assert nappies.over(account.weight(nappies.ceiling, basket, [0])) == 1
    account, (_month, nappies) = till(evaluate(rule(MONTH + ages), at(ADULT, brother)), DAY)
    assert (nappies.ceiling.amount, account.weight(nappies.ceiling, basket, [0])) == (2, 8)


def test_with_no_child_of_the_age_the_goods_weigh_on_the_ceiling_as_any_other() -> None:
    older = Member(birth=PartialDate(2024, 6, 10))
    found = evaluate(rule(MONTH + NAPPIES, duration="months = 12"), at(ADULT, older))
    account, (month,) = till(found, date(2026, 12, 12), Taken(date(2026, 12, 8), portion(MILK, 700), 70))
    assert month.taken == 0  # bought while the child was of the age
    assert account.weight(month.ceiling, [portion(MILK, 500)], [50]) == 500


def test_a_right_kept_with_a_count_alone_is_still_read() -> None:
    old = {"outside": [{"code": "n", "label": "Couches", "units": 4, "period": "WEEK", "families": ["Bébé"]}]}
    (ceiling,) = ceilings_of(read_terms(old), (), DAY)
    assert (ceiling.amount, ceiling.outside) == (4, "n")


PHASED = """
[[phases]]
code = "start"
label = "Démarrage"
months = 1
[[phases]]
code = "after"
label = "Suite"
[[ceilings]]
measure = "SHELF_VALUE"
period = "WEEK"
phases = ["start"]
base = 20
carried_over = true
[[ceilings]]
measure = "SHELF_VALUE"
period = "WEEK"
phases = ["after"]
base = 10
"""


def test_a_ceiling_may_change_with_the_phase_and_leave_its_rest_to_the_next_period() -> None:
    found = evaluate(rule(PHASED), at())
    assert told_by(found, "limit") == [
        "Limite (tous les articles, Démarrage) : 20,00 € par semaine.", "Limite (tous les articles, Suite) : 10,00 € par semaine.",
    ]  # fmt: skip
    assert len(told_by(found, "carried_over")) == 1
    _account, (first,) = till(found, date(2026, 11, 24), Taken(DAY, portion(CARROTS, 500), 50))
    assert (first.ceiling.amount, first.carried, first.left) == (2000, 1500, 3500)
    _account, (later,) = till(found, date(2026, 12, 29))
    assert (later.ceiling.amount, later.left) == (1000, 1000)
    both = rule(PHASED.replace("base = 10", "base = 10\ncarried_over = true"))
    _account, (after,) = till(evaluate(both, at()), date(2026, 12, 29))
    # The phase began on the 20th of December, a Sunday: that week and the next left 10 € each.
    assert (after.ceiling.amount, after.carried) == (1000, 2000)
    assert "phases : la phase « end »" in refused_with(PHASED.replace('["after"]', '["end"]'))


def refused_with(more: str) -> str:
    base = f"{HEAD}{LINES}{RAV}[[bounds]]\nat_most = 10\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n{more}"
    return refused(base)


# -- what could change the answer --------------------------------------------------------------------------------------


def test_a_birth_known_by_its_year_near_a_bound_is_told_as_what_could_change_the_answer() -> None:
    found = rule(bounds='when = { oldest_min = 60 }\nalways = "eligible"\n[[bounds]]\nat_most = 1')
    doubtful = at(Member(birth=PartialDate(1966)), wages=900_00)
    outcome = evaluate(found, doubtful)
    assert outcome.kind is OutcomeKind.TOO_HIGH
    (step,) = (s for s in sensitivity(found, doubtful, outcome) if s.code == "birth")
    assert plain(step.sentence()) == (
        "Naissance connue en partie (1966), la personne est comptée à son plus jeune âge possible ; à son plus grand âge, la réponse serait : "
        "Remplit les conditions. À vérifier."
    )
    sure = at(Member(birth=PartialDate(1950)), wages=900_00)
    assert not [s for s in sensitivity(found, sure, evaluate(found, sure)) if s.code == "birth"]
    child = '[[ceilings]]\nmeasure = "SHELF_VALUE"\nperiod = "MONTH"\nper_adult = 30\nper_child = 10\n'
    teen = at(ADULT, Member(birth=PartialDate(2008)))
    told_of = [plain(s.sentence()) for s in sensitivity(rule(child), teen, evaluate(rule(child), teen))]
    assert any("le droit ne serait pas le même" in s for s in told_of)


# -- lengths, phases, figures and slips --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        ("months = 3", "Durée du droit : 3 mois."),
        ('months = 3\nuntil = "12-31"', "Durée du droit : 3 mois, sans dépasser le 31/12/2026."),
        ('until = "12-31"', "Durée du droit : jusqu'au 31/12/2026."),
        (
            'decided = true\nuntil = "12-31"',
            "Durée du droit : fixée par la décision, jusqu'au 31/12/2026 au plus tard.",
        ),
        ("decided = true", "Durée du droit : fixée par la décision."),
    ],
)
def test_a_length_is_said_as_it_ends(duration: str, said: str) -> None:
    assert told_by(evaluate(rule(duration=duration), at()), "duration") == [said]


def test_no_phase_is_told_after_the_end_of_the_right() -> None:
    phases = "".join(
        f'[[phases]]\ncode = "{c}"\nlabel = "{c}"\n{n}\n'
        for c, n in (("a", "weeks = 2"), ("b", "months = 3"), ("c", ""))
    )
    found = evaluate(rule(phases, duration='until = "12-31"'), at())
    assert told_by(found, "phase") == [
        "Phase « a » : du 20/11/2026 au 03/12/2026.",
        "Phase « b » : du 04/12/2026 au 31/12/2026.",
    ]
    assert [p["code"] for p in outcome_to_json(found)["right"]["phases"]] == ["a", "b"]


BANDS = '[[bands]]\ncode = "low"\nlabel = "Basse"\nbelow = 5\n[[bands]]\ncode = "high"\nlabel = "Haute"\n'


def test_a_figure_is_asked_for_a_band_only_where_something_depends_on_the_band() -> None:
    always = "always = 'eligible'"
    unsaid = at(resources=None)
    assert evaluate(rule(BANDS, bounds=always), unsaid).kind is OutcomeKind.ELIGIBLE
    priced = rule(BANDS, bounds=always, share='when = { bands = ["low"] }\npercent = 5\n[[share]]\npercent = 10')
    found = evaluate(priced, unsaid)
    assert found.kind is OutcomeKind.INCOMPLETE
    assert "mais la tranche du foyer en a besoin" in told_by(found, "band")[0]


def test_a_line_counted_in_part_is_told_once() -> None:
    lines = LINES.replace('label = "Loyer"', 'label = "Loyer"\npercent = 80\ncap = 400')
    assert told_by(evaluate(rule(lines=lines), at(rent=300_00)), "line")[1:] == [
        "Loyer : 300,00 € par mois, compté à 80 % : 240,00 €."
    ]
    assert told_by(evaluate(rule(lines=lines), at(rent=600_00)), "line")[1:] == [
        "Loyer : 600,00 € par mois, compté à 80 % (480,00 €) dans la limite de 400,00 €."
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("percent = 10", 'percent = "10 %"', "share[1].percent : « 10 % » : écrivez le nombre seul"),
        ("at_most = 10", 'at_most = "1 410,30 €"', 'par exemple "1410,30"'),
        ("at_most = 10", 'at_most = ""', "bounds[1].at_most : ce texte est vide"),
        ('source = "essai"', 'source = " "', "source : ce texte est vide"),
    ],
)
def test_a_figure_dressed_or_a_text_left_empty_is_refused_with_the_form_expected(old: str, new: str, said: str) -> None:
    text = f"{HEAD}{LINES}{RAV}[[bounds]]\nat_most = 10\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n"
    assert said in refused(text.replace(old, new))


def test_an_aid_or_a_scale_nobody_knows_is_refused_by_its_name_and_place() -> None:
    known = rule('[[not_with]]\ncode = "parcel"\nlabel = "Colis"\n')
    with pytest.raises(SituationInvalid) as found:
        evaluate(known, at(other_aids=("parcle",)))
    assert (
        plain(str(found.value)) == "other_aids : la règle ne connaît pas l'aide « parcle ». Aides possibles : parcel."
    )
    scaled = rule(bounds='at_most = { percent = 60, of = "poverty_lin" }')
    figures = (ScaleFigure("poverty_line", date(2025, 1, 1), 1288_00, "INSEE"),)
    with pytest.raises(RulesetInvalid) as scale:
        check_scales(scaled, figures)
    assert plain(str(scale.value)).startswith(
        "bounds[1].at_most.of : le barème « poverty_lin » n'a aucun chiffre. Choix : poverty_line"
    )
    check_scales(rule(bounds='below = { percent = 60, of = "poverty_line" }'), figures)
