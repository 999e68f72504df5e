"""Two rules on the same household: who gains, who loses, and when it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from epicerie_desktop.domain.eligibility.comparison import Change, Stated, compare, totals
from epicerie_desktop.domain.eligibility.engine import Member, OutcomeKind, Situation
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset

DAY = date(2026, 11, 22)
ASKED = frozenset({"wages"}), frozenset({"rent"})


def rule(
    below: str = "10", share: str = "percent = 10", ceiling: str = "30", months: int | str = 3, lines: str = "", since: str = "2020-01-01"
) -> Ruleset:  # fmt: skip
    return parse_ruleset(
        f'format = 1\nname = "Essai"\nversion = "1"\nvalid_from = {since}\nsource = "essai"\n'
        '[[resources]]\ncode = "wages"\nlabel = "Salaires"\n[[charges]]\ncode = "rent"\nlabel = "Loyer"\n'
        f'{lines}\n[[indicators]]\ncode = "rav"\nlabel = "Reste à vivre"\nkind = "remaining_income"\n'
        f'per = "person"\nperiod = "day"\n[[bounds]]\nbelow = {below}\n[[share]]\n{share}\n[duration]\nmonths = {months}\n'
        f'[[ceilings]]\nmeasure = "PAID"\nperiod = "MONTH"\nbase = {ceiling}\n'
    )


def household(wages_euros: int = 600, number: int = 1) -> Stated:
    lines = (("wages", wages_euros * 100),), (("rent", 40_000),)
    return Stated(number, Situation(DAY, (Member(age=40),), None, None, *lines), *ASKED)


def change(old: Ruleset, new: Ruleset, wages: int = 600) -> Change:
    return next(compare(old, new, [household(wages)])).change


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (rule(below="6"), Change.LOSES),
        (rule(share="percent = 20"), Change.LOSES),
        (rule(ceiling="40"), Change.GAINS),
        (rule(ceiling="40", share="percent = 20"), Change.CHANGES),
        (rule(months=6), Change.GAINS),
        (rule(months='6\nuntil = "12-31"'), Change.LOSES),
        (rule(months='3\nuntil = "06-30"'), Change.SAME),
        (
            rule(below="20\nwhen = { any = [{ persons_max = 1 }, { children_min = 3 }] }\n[[bounds]]\nbelow = 10"),
            Change.SAME,
        ),
        (
            rule(ceiling='30\n[[outside]]\ncode = "m"\nlabel = "M"\nmeasure = "PAID"\nmost = 5\nperiod = "MONTH"'),
            Change.CHANGES,
        ),
        (rule(share="per_visit = 2"), Change.CHANGES),
        (rule(below="9", since="2027-01-01"), Change.SAME),
        (rule(lines='[[charges]]\ncode = "car"\nlabel = "Voiture"'), Change.CANNOT_TELL),
        (rule(lines='[[charges]]\ncode = "car"\nlabel = "Voiture"\ncounted = false'), Change.SAME),
        (rule(lines='[[charges]]\ncode = "car"\nlabel = "Voiture"\nflat = 60'), Change.SAME),
    ],
)
def test_a_new_rule_tells_what_it_changes_for_a_household(new: Ruleset, found: Change) -> None:
    assert change(rule(), new) is found


def test_a_household_refused_before_gains_when_the_bound_rises_even_to_the_committee() -> None:
    assert change(rule(), rule(below="20"), 800) is Change.GAINS
    assert change(rule(), rule(below="12"), 800) is Change.SAME


def test_a_line_the_new_rule_does_not_know_is_left_out_and_the_answers_are_shown() -> None:
    other = rule(lines='[[charges]]\ncode = "car"\nlabel = "Voiture"')
    row = household()
    asked = Stated(1, row.situation, row.resources, row.charges | {"car"})
    found = next(compare(other, rule(), [asked]))
    assert found.before is not None
    assert found.after is not None
    assert (found.before.kind, found.after.share_permille, found.change) == (OutcomeKind.ELIGIBLE, 100, Change.SAME)


def test_an_aid_only_the_old_rule_asked_about_is_left_out_of_the_new_one() -> None:
    row = household()
    old = rule(lines='[[not_with]]\ncode = "parcel"\nlabel = "Colis"')
    told = Stated(1, replace(row.situation, other_aids=("parcel",)), row.resources, row.charges)
    found = next(compare(old, rule(), [told]))
    assert (found.before.kind, found.change) == (OutcomeKind.CUMULATION, Change.GAINS)  # type: ignore[union-attr]


def test_totals_count_every_change_and_a_household_of_nobody_cannot_be_told() -> None:
    nobody = Stated(3, Situation(DAY, (), resources=(), charges=()), *ASKED)
    rows = list(compare(rule(), rule(below="6"), [household(), household(500, 2), nobody]))
    assert [r.change for r in rows] == [Change.LOSES, Change.SAME, Change.CANNOT_TELL]
    assert rows[2].before is None
    assert totals(rows) == {
        Change.GAINS: 0, Change.LOSES: 1, Change.SAME: 1, Change.CHANGES: 0, Change.CANNOT_TELL: 1,
    }  # fmt: skip
