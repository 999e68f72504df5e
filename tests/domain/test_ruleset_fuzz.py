"""Documents mutated at random are read or refused by a sentence, never anything else; thresholds flip exactly where they say."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.eligibility.engine import (
    Member,
    OutcomeKind,
    Situation,
    SituationInvalid,
    evaluate,
    outcome_to_json,
    parse_situation,
)  # fmt: skip
from epicerie_desktop.domain.eligibility.rules import RulesetInvalid
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.sensitivity import sensitivity
from epicerie_desktop.domain.household import HouseholdType
from tests.examples import examples

ROOT = Path(__file__).parents[2]
INVENTED = ROOT / "tests" / "data" / "rulesets"
FILES = sorted(
    [*(ROOT / "resources" / "rulesets").glob("*.toml"), *(p for p in INVENTED.glob("*.toml") if ".cases" not in p.name)]
)
SITUATIONS = [
    (path.name.removesuffix(".cases.toml"), tomllib.loads(case["situation"]))
    for path in sorted(INVENTED.glob("*.cases.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["cases"]
]
DAY = date(2026, 11, 22)


def written(value: Any) -> str:
    """Return a value as TOML, every table on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ", ".join(f"{written(str(k))} = {written(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=True) if value.isascii() else json.dumps(value, ensure_ascii=False)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def document(table: dict[str, Any]) -> str:
    return "\n".join(f"{written(str(k))} = {written(v)}" for k, v in table.items())


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give every container of a document with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from places(inner)


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


ODD = st.one_of(
    st.sampled_from(
        [
            "", "?", "0", "-1", "12,5", "1e9", "x" * 600, "é\u0301", "\u202e15187", "٣", "½", "🥕", "2026-02-31", "2026-13-01", 10**30,
            -(10**30), 0, -1, 1, 31, 99999, Decimal("1E+400"), Decimal("-0.001"), Decimal("0.1"), True, False, [], {}, [{}], [[]], {"a": 1},
            nested(60), date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), datetime(2026, 1, 1, 12, 0, 0), time(12, 0),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12),
    st.integers(-5, 400),
    st.sampled_from([*OutcomeKind, "persons", "children", "day", "months", "half", "truncate", "PAID", "WEEK", "GRANT", "POINTS"]),
)  # fmt: skip


def mutated(data: st.DataObject, table: dict[str, Any]) -> dict[str, Any]:
    table = copy.deepcopy(table)
    for _ in range(data.draw(st.integers(1, 3))):
        spots = list(places(table))
        if not spots:
            break
        holder, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        gesture = data.draw(st.sampled_from(["delete", "rename", "retype", "retype", "retype", "double", "move"]))
        if gesture == "delete":
            del holder[key]
        elif gesture == "rename" and isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["x", "é", f"{key}s", "when", "of", "percent", "base", "until"]))] = (
                holder.pop(key)
            )
        elif gesture == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif gesture == "move":
            other, into = spots[data.draw(st.integers(0, len(spots) - 1))]
            holder[key] = (
                copy.deepcopy(other[into]) if into in (other if isinstance(other, dict) else range(len(other))) else 1
            )
        else:
            holder[key] = copy.deepcopy(data.draw(ODD))
    return table


def asked(rule: Any) -> Situation:
    """Return a situation that answers every line of a rule."""
    return Situation(
        max(DAY, rule.valid_from), (Member(age=40), Member(age=38), Member(age=9)), HouseholdType.COUPLE_WITH_CHILDREN,
        min(rule.communes, default="15187"), tuple((t.code, 90_000) for t in rule.resources), tuple((t.code, 10_000) for t in rule.charges),
        tuple((i.code, 30_000) for i in rule.indicators if i.kind.value == "declared"), (), None, 3, 9,
        ((date(2025, 1, 1), date(2025, 3, 31)),), True, tuple((c.code, True) for c in rule.terms.conditions), None, date(2020, 1, 1),
    )  # fmt: skip


def weighed(rule_text: str, situation_text: str | None) -> str:
    """Return the outcome, or the sentence of a refusal; anything else a document may raise passes through."""
    try:
        rule = parse_ruleset(rule_text)
        at = asked(rule) if situation_text is None else parse_situation(situation_text)
        found = evaluate(rule, at)
        sensitivity(rule, at, found)
        return json.dumps(outcome_to_json(found))
    except (SituationInvalid, RulesetInvalid) as refused:
        return str(refused)


@settings(max_examples=examples(800))
@given(st.data(), st.sampled_from(FILES))
def test_a_mutated_ruleset_is_read_or_refused_by_a_sentence(data: st.DataObject, path: Path) -> None:
    assert weighed(document(mutated(data, tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))), None)


@settings(max_examples=examples(640))
@given(st.data(), st.sampled_from(range(len(SITUATIONS))))
def test_a_mutated_situation_is_read_or_refused_by_a_sentence(data: st.DataObject, which: int) -> None:
    name, table = SITUATIONS[which]
    assert weighed((INVENTED / f"{name}.toml").read_text("utf-8"), document(mutated(data, table)))


@settings(max_examples=examples(240))
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_by_a_sentence(text: str) -> None:
    for read, refusal in ((parse_ruleset, RulesetInvalid), (parse_situation, SituationInvalid)):
        with pytest.raises(refusal):
            read(text)
        with pytest.raises(refusal):
            read("{" + text)


def test_a_shipped_ruleset_survives_the_writer_of_these_tests() -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        assert parse_ruleset(document(tomllib.loads(text, parse_float=Decimal))) == parse_ruleset(text)


FAVOUR = {OutcomeKind.ELIGIBLE: 3, OutcomeKind.COMMITTEE: 2, OutcomeKind.WAITING_LIST: 1}


@settings(max_examples=examples(240))
@given(st.sampled_from(FILES), st.integers(0, 300_000), st.integers(1, 300_000), st.integers(0, 20))
def test_more_income_never_gives_a_better_answer_unless_there_is_a_floor(
    path: Path, income: int, more: int, which: int
) -> None:
    rule = parse_ruleset(path.read_text("utf-8"))
    counted = [t.code for t in rule.resources if t.counted and t.flat is None]
    if not counted or any(b.lower for b in rule.bounds):
        return
    code = counted[which % len(counted)]
    at = asked(rule)

    def favour(cents: int) -> int:
        lines = tuple((c, cents if c == code else v) for c, v in at.resources or ())
        return FAVOUR.get(evaluate(rule, replace(at, resources=lines)).kind, 0)

    assert favour(income + more) <= favour(income)


@pytest.mark.parametrize(
    ("key", "at_the_bound", "above", "below"),
    [
        ("below", False, False, True), ("at_most", True, False, True), ("above", False, True, False), ("at_least", True, True, False),
    ],
)  # fmt: skip
def test_a_cent_around_a_bound_flips_exactly_as_strictness_says(
    key: str, at_the_bound: bool, above: bool, below: bool
) -> None:
    rule = parse_ruleset(
        'format = 1\nname = "E"\nversion = "1"\nvalid_from = 2000-01-01\nsource = "e"\n[[resources]]\ncode = "w"\nlabel = "W"\n'
        '[[indicators]]\ncode = "i"\nlabel = "I"\nkind = "net_income"\nper = "person"\nperiod = "day"\ndivisor = "30.4"\n'
        f"[[bounds]]\n{key} = 10\n[[share]]\npercent = 10\n[duration]\ndays = 1\n"
    )
    for cents, held in ((91_200, at_the_bound), (91_201, above), (91_199, below)):
        at = Situation(DAY, (Member(age=40),) * 3, None, None, (("w", cents),), ())
        assert (evaluate(rule, at).kind is OutcomeKind.ELIGIBLE) is held


def test_one_more_day_opens_what_a_waiting_period_a_residence_or_a_birthday_closed() -> None:
    rule = parse_ruleset(
        'format = 1\nname = "E"\nversion = "1"\nvalid_from = 2000-01-01\nsource = "e"\n[[resources]]\ncode = "w"\nlabel = "W"\n'
        '[residence]\nmonths = 3\n[waiting_period]\nmonths = 2\n[[indicators]]\ncode = "i"\nlabel = "I"\nkind = "net_income"\n'
        'per = "person"\nperiod = "month"\n[[bounds]]\nwhen = { oldest_min = 60 }\nalways = "eligible"\n[[bounds]]\nat_most = 0\n'
        "[[share]]\npercent = 10\n[duration]\ndays = 1\n"
    )
    cases = {
        date(2026, 5, 1): replace(_open(), living_since=date(2026, 2, 1)),
        date(2026, 4, 16): replace(_open(), last_right_until=date(2026, 2, 15)),
        date(2026, 6, 3): replace(_open(), members=(Member(birth=_born("1966-06-03")),)),
    }
    for day, at in cases.items():
        assert evaluate(rule, replace(at, on=day)).kind is OutcomeKind.ELIGIBLE, day
        assert evaluate(rule, replace(at, on=day - timedelta(days=1))).kind is not OutcomeKind.ELIGIBLE, day


def _open() -> Situation:
    return Situation(DAY, (Member(age=70),), None, None, (("w", 100),), (), living_since=date(2000, 1, 1))


def _born(text: str) -> Any:
    from epicerie_desktop.domain.household import PartialDate

    return PartialDate.from_iso(text)


def test_a_day_from_which_no_length_can_be_counted_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(SituationInvalid, match=r"^on.: l.année 9999"):
        parse_situation("adults = 1", on=date(9999, 12, 31))
    with pytest.raises(SituationInvalid, match=r"^last_right_until"):
        parse_situation("on = 2026-01-01\nadults = 1\nlast_right_until = 0026-01-01")
