"""Reading a ruleset: what it can say, and how a mistake is told with its place."""

from __future__ import annotations

import re
import string
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, OutcomeKind, Scale
from epicerie_desktop.domain.eligibility.ruleset import RulesetInvalid, parse_ruleset

RULESETS = Path(__file__).parents[2] / "resources" / "rulesets"

SMALL = """format = 1
name = "Essai"
version = "1"
valid_from = 2026-01-01
source = "essai"
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
[[bounds]]
below = "8"
[[share]]
percent = 10
[duration]
months = 3
"""


def answer(text: str) -> str:
    try:
        return parse_ruleset(text).name
    except RulesetInvalid as refused:
        return str(refused)


@pytest.mark.parametrize("path", sorted(RULESETS.glob("*.toml")), ids=lambda p: p.stem)
def test_every_ruleset_that_is_delivered_can_be_read_and_tells_its_source(path: Path) -> None:
    ruleset = parse_ruleset(path.read_text(encoding="utf-8"))
    assert ruleset.source
    assert ruleset.reading
    assert ruleset.example or ruleset.source.startswith("http")


def test_the_smallest_ruleset_takes_the_published_divisor_and_keeps_figures_exact() -> None:
    ruleset = parse_ruleset(SMALL)
    assert ruleset.valid_from == date(2026, 1, 1)
    assert ruleset.indicators[0].divisor == 30
    assert ruleset.bounds[0].upper is not None
    assert not ruleset.bounds[0].upper.inclusive
    assert ruleset.bounds[0].over is OutcomeKind.TOO_HIGH
    assert ruleset.shares[0].permille == 100
    assert ruleset.duration == Duration(DurationUnit.MONTHS, 3)


MISTAKES = {
    "an unknown key at the top": ('name = "Essai"', 'name = "Essai"\nnom = "x"', "nom"),
    "an unknown key in a row": ('below = "8"', 'below = "8"\nseuil = 3', "bounds[1].seuil"),
    "a missing threshold": ('below = "8"', 'over = "committee"', "bounds[1]"),
    "no bounds at all": ('[[bounds]]\nbelow = "8"', "", "bounds"),
    "inverted bounds": ('below = "8"', 'at_least = 12\nat_most = 4', "bounds[1]"),
    "bounds that let nobody in": ('below = "8"', "above = 8\nat_most = 8", "bounds[1]"),
    "two ways of saying a threshold": ('below = "8"', "below = 8\nat_most = 8", "bounds[1].at_most"),
    "a threshold with three decimals": ('below = "8"', "below = 7.605", "bounds[1].below"),
    "a threshold that is a word": ('below = "8"', 'below = "huit"', "bounds[1].below"),
    "a threshold that is true": ('below = "8"', "below = true", "bounds[1].below"),
    "an infinite threshold": ('below = "8"', "below = inf", "bounds[1].below"),
    "a threshold with a huge exponent": ('below = "8"', "below = 1e999999999", "bounds[1].below"),
    "a negative threshold": ('below = "8"', "below = -8", "bounds[1].below"),
    "an outcome that is not possible": ('below = "8"', 'below = 8\nover = "incomplete"', "bounds[1].over"),
    "an indicator that does not exist": ('below = "8"', 'below = 8\nindicator = "x"', "bounds[1].indicator"),
    "a condition on the last row": ('below = "8"', "below = 8\nwhen = { persons_max = 1 }", "bounds[1]"),
    "a row that is never reached": ('below = "8"', "below = 8\n[[bounds]]\nbelow = 9", "bounds[2]"),
    "a date that does not exist in quotes": ("2026-01-01", '"2026-02-31"', "valid_from"),
    "an instant in place of a date": ("2026-01-01", "2026-01-01T10:00:00", "valid_from"),
    "a type written twice": ('code = "rent"', 'code = "rent"\nlabel = "x"\n[[charges]]\ncode = "rent"', "charges[2].code"),
    "a divisor that is not a month": ('period = "day"', 'period = "day"\ndivisor = 12', "indicators[1].divisor"),
    "an unknown unit": ('per = "person"', 'per = "personne"', "indicators[1].per"),
    "a share over 100": ("percent = 10", "percent = 110", "share[1].percent"),
    "a duration said twice": ("months = 3", "months = 3\nweeks = 2", "duration"),
    "a duration of nothing": ("months = 3", "months = 0", "duration.months"),
    "a text in place of a table": ("[duration]\nmonths = 3", '[residence]\ncommunes = ["x"]\n[duration]\nmonths = 3',
                                   "residence.communes"),
    "a hole in a table": ("months = 3", 'months = 3\n[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\nby = "persons"\n'
                          "amounts = { 1 = 6, 3 = 8 }", "ceilings[1].amounts"),
    "bands that go down": ("[[share]]", '[[bands]]\ncode = "a"\nlabel = "A"\nbelow = 5\n[[bands]]\ncode = "b"\nlabel = "B"\n'
                           'below = 4\n[[bands]]\ncode = "c"\nlabel = "C"\n[[share]]', "bands[2]"),
    "parts without their table": ('per = "person"', 'per = "part"', "parts"),
    "a newer format": ("format = 1", "format = 2", "format"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    broken = SMALL.replace(old, new, 1)
    assert broken != SMALL
    with pytest.raises(RulesetInvalid) as caught:
        parse_ruleset(broken)
    assert caught.value.fields["place"] == place
    assert str(caught.value).startswith(f"{place}\N{NO-BREAK SPACE}:")


def test_an_unreadable_document_is_told_with_its_line() -> None:
    with pytest.raises(RulesetInvalid, match="ligne 3"):
        parse_ruleset('format = 1\nname = "x"\nversion = = 2\n')


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-01-01", "2026-02-31", r"^Ligne 4, colonne \d+ : cette date n.existe pas"),
        ("months = 3", "months = 3\nmonths = 4", r"^Ligne \d+, colonne \d+ : cette clé est écrite deux fois"),
        (
            "[duration]",
            "[duration]\nweeks = 1\n[duration]",
            r"^Ligne \d+, colonne \d+ : ce tableau est écrit deux fois",
        ),
    ],
)
def test_ordinary_slips_of_toml_are_told_in_french_with_their_line(old: str, new: str, words: str) -> None:
    with pytest.raises(RulesetInvalid) as refused:
        parse_ruleset(SMALL.replace(old, new, 1))
    assert re.search(words, str(refused.value).replace("\N{NO-BREAK SPACE}", " "))


def test_an_unknown_key_is_answered_with_the_keys_that_are_possible() -> None:
    with pytest.raises(RulesetInvalid, match=r"clé inconnue.*months"):
        parse_ruleset(SMALL.replace("months = 3", "mois = 3"))


@pytest.mark.parametrize("missing", ["name", "version", "valid_from", "source", "format"])
def test_what_every_ruleset_must_say_is_asked_for(missing: str) -> None:
    text = "\n".join(line for line in SMALL.splitlines() if not line.startswith(f"{missing} ="))
    with pytest.raises(RulesetInvalid) as caught:
        parse_ruleset(text)
    assert caught.value.fields["place"] == missing


@given(st.text(max_size=200) | st.text(alphabet=string.printable, max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    assert answer(text)


@given(st.integers(0, len(SMALL) - 1), st.text(alphabet='[]{}="\n.,0aé', max_size=4))
def test_a_ruleset_damaged_anywhere_is_read_or_refused_with_a_sentence(at: int, junk: str) -> None:
    assert answer(SMALL[:at] + junk + SMALL[at + 1 :])


def test_a_nest_of_brackets_is_refused() -> None:
    with pytest.raises(RulesetInvalid):
        parse_ruleset("a = " + "[" * 5000)


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        (date(2026, 1, 1), Duration(DurationUnit.MONTHS, 1), date(2026, 1, 31)),
        (date(2026, 1, 15), Duration(DurationUnit.MONTHS, 3), date(2026, 4, 14)),
        (date(2026, 1, 31), Duration(DurationUnit.MONTHS, 1), date(2026, 2, 28)),
        (date(2028, 1, 31), Duration(DurationUnit.MONTHS, 1), date(2028, 2, 29)),
        (date(2026, 1, 29), Duration(DurationUnit.MONTHS, 1), date(2026, 2, 28)),
        (date(2026, 1, 28), Duration(DurationUnit.MONTHS, 1), date(2026, 2, 27)),
        (date(2026, 11, 30), Duration(DurationUnit.MONTHS, 3), date(2027, 2, 28)),
        (date(2026, 11, 22), Duration(DurationUnit.WEEKS, 2), date(2026, 12, 5)),
        (date(2026, 11, 22), Duration(DurationUnit.DAYS, 1), date(2026, 11, 22)),
    ],
)
def test_a_right_runs_to_the_eve_of_the_same_day_or_to_the_end_of_a_shorter_month(
    start: date, length: Duration, last: date
) -> None:
    assert length.end(start) == last


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_a_right_that_starts_later_never_ends_sooner(start: date, months: int) -> None:
    length = Duration(DurationUnit.MONTHS, months)
    assert length.end(start) <= length.end(start.fromordinal(start.toordinal() + 1))


def test_a_scale_below_its_table_takes_the_first_figure_and_above_it_adds_the_extra() -> None:
    scale = parse_ruleset(
        SMALL + '[[ceilings]]\nmeasure = "SHELF_VALUE"\nperiod = "MONTH"\nby = "persons"\namounts = { 2 = 60, 3 = "90,50" }\nextra = 20\n'
    ).ceilings[0].scale  # fmt: skip
    assert [scale.value(n, 0) for n in (1, 2, 3, 5)] == [6000, 6000, 9050, 13050]
    assert Scale(base=Fraction(3000), per_child=Fraction(700)).value(1, 2) == 4400
