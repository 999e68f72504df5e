"""Sixteen règlements the program was not made for, thirteen of them invented, written from docs/ruleset.md alone, with results worked out by hand."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from epicerie_desktop.domain.eligibility.draft import Draft, problems
from epicerie_desktop.domain.eligibility.engine import evaluate, outcome_to_json, parse_situation
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset

FOLDER = Path(__file__).parents[1] / "data" / "rulesets"


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.cases.toml")):
        name = path.name.removesuffix(".cases.toml")
        for number, case in enumerate(tomllib.loads(path.read_text("utf-8"))["cases"], 1):
            yield pytest.param(name, case, id=f"{name}-{number}")


def told(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the cases tell of an answer, in their words."""
    right = found["right"] or {}

    def amounts(key: str) -> list[str]:
        return ["{measure} {period} {amount} {unit}".format(**c) for c in right.get(key, ())]

    price = right.get("price")
    return {
        "outcome": found["outcome"], "band": found["band"], "figures": found["indicators_exact"], "share": right.get("share"),
        "until": right.get("until"), "ceilings": amounts("ceilings"), "limits": amounts("limits"),
        "price": f"{price['per']} {price['cents']}" if price else None, "fees": [f["cents"] for f in right.get("fees", ())],
        "phases": ["{code} {from} {until}".format(**p) for p in right.get("phases", ())],
        "outside": [f"{o['code']} {o['units']}" for o in right.get("outside", ())],
        "visits_in_right": right.get("visits_in_right"), "doubts": sum(s["code"] == "doubt" for s in found["steps"]),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "case"), list(cases()))
def test_a_reglement_written_from_the_documentation_gives_the_result_worked_out_by_hand(
    name: str, case: dict[str, Any]
) -> None:
    rule = parse_ruleset((FOLDER / f"{name}.toml").read_text("utf-8"))
    found = outcome_to_json(evaluate(rule, parse_situation(case["situation"])))
    json.dumps(found)
    expected = {key: value for key, value in case.items() if key not in ("why", "situation")}
    shown = told(found)
    if "figures" in expected:
        shown["figures"] = {code: shown["figures"].get(code) for code in expected["figures"]}
    assert {key: shown[key] for key in expected} == expected, case["why"]


def test_thirteen_say_that_they_were_invented_and_the_others_where_they_were_published() -> None:
    published = []
    for path in (p for p in FOLDER.glob("*.toml") if not p.name.endswith(".cases.toml")):
        text = path.read_text("utf-8")
        source = parse_ruleset(text).source
        assert path.with_suffix(".cases.toml").exists()
        if source.startswith("http"):
            published.append(path.stem)
            assert text.startswith("# Règlement publié, transcrit pour les tests")
        else:
            assert text.startswith("# Règlement inventé pour les tests")
            assert source.startswith("Inventé")
    assert len(published) == 3
    assert len(list(FOLDER.glob("*.cases.toml"))) == 13 + 3


@pytest.mark.parametrize(
    "path", sorted(p for p in FOLDER.glob("*.toml") if not p.name.endswith(".cases.toml")), ids=lambda p: p.stem
)
def test_each_opens_in_the_form_and_is_written_back_with_the_same_meaning(path: Path) -> None:
    text = path.read_text("utf-8")
    draft = Draft.read(text)
    assert problems(draft) == ()
    assert parse_ruleset(draft.text()) == parse_ruleset(text)


def test_what_holds_for_some_households_is_in_the_form_s_reach() -> None:
    text = (FOLDER / "aines.toml").read_text("utf-8") + (
        '[[instead]]\nwhen = { persons_min = 4, bands = ["a"] }\nduration = { visits = 5, months = 2 }\n'
        'visits = { most = 2, weeks = "odd", weekdays = ["monday"] }\nrenewal = { most = 1, total = { months = 9 } }\n'
        '[[bands]]\ncode = "a"\nlabel = "A"\nbelow = { base = 100, per_person = 50 }\n[[bands]]\ncode = "b"\nlabel = "B"\n'
        '[household]\naway = "not_counted"\n[absences]\nmost = 2\nthen = "suspend"\nlasting = { weeks = 2 }\n'
    )
    draft = Draft.read(text)
    assert problems(draft) == ()
    assert parse_ruleset(draft.text()) == parse_ruleset(text)
