"""Thresholds told as a part of a social scale, the lines of each figure, and what could change an answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from epicerie_desktop.domain.eligibility.engine import Member, Situation, evaluate
from epicerie_desktop.domain.eligibility.ruleset import RulesetInvalid, parse_ruleset
from epicerie_desktop.domain.eligibility.scales import parse_scales
from epicerie_desktop.domain.eligibility.sensitivity import sensitivity

SHIPPED = parse_scales((Path(__file__).parents[2] / "resources" / "scales.toml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 22)


def rule(bound: str, lines: str = ""):
    return parse_ruleset(
        'format = 1\nname = "Essai"\nversion = "1"\nvalid_from = 2000-01-01\nsource = "essai"\n'
        '[[resources]]\ncode = "wages"\nlabel = "Salaires"\n[[charges]]\ncode = "rent"\nlabel = "Loyer"\n'
        '[[charges]]\ncode = "phone"\nlabel = "Téléphone"\n[[charges]]\ncode = "debts"\nlabel = "Dettes"\ncounted = false\n'
        '[[indicators]]\ncode = "rav"\nlabel = "Reste"\nkind = "remaining_income"\nper = "person"\nperiod = "month"\n'
        f"{lines}[[bounds]]\n{bound}\n[[share]]\npercent = 10\n[duration]\nmonths = 3\n"
    )


def household(cents: int, **charges: int) -> Situation:
    return Situation(DAY, (Member(age=40),), resources=(("wages", cents),), charges=tuple(charges.items()))


@pytest.mark.parametrize(("cents", "kind"), [(77_280, "eligible"), (77_281, "too_high")])
def test_sixty_percent_of_the_poverty_line_is_exact_to_the_cent(cents: int, kind: str) -> None:
    found = evaluate(rule('at_most = { percent = 60, of = "poverty_line" }'), household(cents), SHIPPED)
    assert found.kind == kind
    step = next(s.sentence() for s in found.steps if s.code == "scale")
    assert "07/07/2025" in step
    assert "INSEE" in step


def test_a_scale_without_a_figure_that_day_is_missing_not_guessed() -> None:
    found = evaluate(rule('at_most = { percent = 60, of = "poverty_line" }'), household(1))
    assert found.kind == "incomplete"
    assert [m.code for m in found.missing] == ["poverty_line"]


def test_an_indicator_takes_only_the_charges_it_names() -> None:
    found = evaluate(rule("at_most = 500", 'charges = ["rent"]\n'), household(90_000, rent=30_000, phone=20_000))
    assert found.indicators["rav"] == 60_000
    assert found.kind == "too_high"


def test_an_indicator_names_only_lines_of_the_rule() -> None:
    with pytest.raises(RulesetInvalid, match=r"indicators\[1\].charges"):
        rule("at_most = 500", 'charges = ["car"]\n')


def test_an_uncounted_charge_that_would_turn_the_answer_is_told() -> None:
    one, at = rule("at_most = 500"), household(60_000, debts=10_000)
    assert [s.code for s in sensitivity(one, at, evaluate(one, at))] == ["line"]
