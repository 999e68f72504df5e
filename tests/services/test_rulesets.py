"""The règlements of a shop: adopted, listed, taken back, and the one being written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from epicerie_desktop.domain.eligibility.draft import Draft, problems
from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import published_rulesets, ruleset_text, ruleset_types
from epicerie_desktop.services.queries.counter import held_baskets
from epicerie_desktop.services.rights import decide, rulesets, scales
from epicerie_desktop.services.rights.rulesets import RulesetState
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

OLD = ruleset_text("reste-a-vivre")


def dated(day: date, name: str) -> str:
    text = re.sub(r"(?m)^valid_from = .*$", f"valid_from = {day}", OLD)
    return re.sub(r'(?m)^name = ".*"$', f'name = "{name}"', text, count=1)


def journal(desk: Desk) -> str:
    with desk.db.read() as session:
        rows = session.connection().execute(sql("SELECT kind || ' ' || body FROM journal ORDER BY seq DESC LIMIT 3"))
        return "\n".join(rows.scalars())


def test_each_type_is_a_ruleset_once_dated_and_sourced_and_every_published_one_is_proposed():
    assert len(ruleset_types()) == 5
    for kind in ruleset_types():
        draft = Draft.read(kind.text)
        assert [p.path for p in problems(draft)] == [("valid_from",), ("source",)]
        draft = draft.put(("valid_from",), date(2027, 1, 1)).put(("source",), "Conseil du 3 décembre 2026")
        assert problems(draft) == ()
    assert len(published_rulesets()) >= 30
    assert all(r.source for r in published_rulesets())


def test_a_reglement_over_decisions_already_taken_is_refused_naming_their_last_day(small_shop: SmallShop):
    desk = small_shop.desk
    decide.adopt_ruleset(desk, OLD)
    decide.record_assessment(
        desk, small_shop.household, Situation(TODAY, (Member(age=41),), commune="15187", resources=(("rsa", 60_000),))
    )
    before = rulesets.list_rulesets(desk)
    for day in (TODAY - timedelta(days=300), TODAY):
        with pytest.raises(RuleRefused, match="Des décisions ont été prises jusqu") as refused:
            rulesets.adopt_ruleset(desk, dated(day, "Trop tôt"))
        assert TODAY.strftime("%d/%m/%Y") in str(refused.value)
    assert rulesets.list_rulesets(desk) == before
    assert rulesets.adopt_ruleset(desk, dated(TODAY + timedelta(days=1), "Demain")).name == "Demain"


def test_a_reglement_naming_a_scale_without_any_figure_is_refused_until_the_shop_adds_it(small_shop: SmallShop):
    desk = small_shop.desk
    text = re.sub(r"(?m)^(below|at_most) = .*$", 'at_most = { percent = 60, of = "seuil_local" }', OLD, count=1)
    with pytest.raises(BadInput, match=r"bounds\[\d+\]\.at_most\.of.*seuil_local"):
        rulesets.adopt_ruleset(desk, text)
    assert rulesets.list_rulesets(desk) == ()
    scales.add_scale(desk, ScaleFigure("seuil_local", TODAY - timedelta(days=1), 900_00, "Conseil"))
    assert rulesets.adopt_ruleset(desk, text).bounds[0].upper is not None


def test_past_present_and_coming_reglements_are_listed_with_their_days(small_shop: SmallShop):
    desk = small_shop.desk
    coming = TODAY + timedelta(days=40)
    for day, name in ((TODAY - timedelta(days=10), "Présent"), (coming, "Futur"), (date(2020, 1, 1), "Passé")):
        rulesets.adopt_ruleset(desk, dated(day, name))
    found = [(r.name, r.state, r.valid_until) for r in rulesets.list_rulesets(desk)]
    assert found == [
        ("Futur", RulesetState.TO_COME, None),
        ("Présent", RulesetState.IN_FORCE, coming - timedelta(days=1)),
        ("Passé", RulesetState.PAST, TODAY - timedelta(days=11)),
    ]


def test_a_reglement_to_come_is_taken_back_with_a_trace_and_one_that_began_or_was_used_is_not(small_shop: SmallShop):
    desk = small_shop.desk
    rulesets.adopt_ruleset(desk, OLD)
    coming = TODAY + timedelta(days=40)
    rulesets.adopt_ruleset(desk, dated(coming, "Futur"))
    future, present = rulesets.list_rulesets(desk)
    with pytest.raises(RuleRefused, match="a commencé"):
        rulesets.withdraw_ruleset(desk, present.id)
    right = decide.open_right(
        desk, small_shop.household, decide.RightForm(TODAY + timedelta(days=61), coming + timedelta(days=60), 100, ())
    )
    assert right
    with pytest.raises(RuleRefused, match="reposent déjà"):
        rulesets.withdraw_ruleset(desk, future.id)
    rulesets.adopt_ruleset(desk, dated(coming + timedelta(days=90), "Plus tard"))
    later = rulesets.list_rulesets(desk)[0]
    rulesets.withdraw_ruleset(desk, later.id)
    assert [r.name for r in rulesets.list_rulesets(desk)] == ["Futur", present.name]
    assert f'ruleset.withdrawn {{"from":"{later.valid_from}"}}' in journal(desk).replace(": ", ":")
    with pytest.raises(RuleRefused, match="déjà été retiré"):
        rulesets.withdraw_ruleset(desk, later.id)


def test_the_one_being_written_is_kept_until_adopted_and_is_no_basket(small_shop: SmallShop):
    desk = small_shop.desk
    assert rulesets.kept_ruleset_draft(desk) is None
    rulesets.keep_ruleset_draft(desk, "format = 1\nname = 3")
    rulesets.keep_ruleset_draft(desk, OLD)
    kept = rulesets.kept_ruleset_draft(desk)
    assert kept is not None
    assert kept.text == OLD
    assert held_baskets(desk) == ()
    rulesets.adopt_ruleset(desk, OLD)
    assert rulesets.kept_ruleset_draft(desk) is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00r", b"name = \xe9", b"format = 1\nwhen = ["])
def test_a_file_that_is_no_ruleset_is_refused_with_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "reglement.toml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"règlement|TOML"):
        rulesets.read_ruleset_file(path)
