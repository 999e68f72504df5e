"""Trying a règlement on every open file: who gains, who loses, nothing written, a stop heard, reserved files left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from epicerie_desktop.domain.eligibility.comparison import Change
from epicerie_desktop.domain.eligibility.engine import OutcomeKind
from epicerie_desktop.domain.eligibility.ruleset import RulesetInvalid
from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.persistence.models import Assessment, Away, Household, Journal, ReservedTo
from epicerie_desktop.persistence.models import Member as MemberRow
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.rights import compare, decide
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.support.errors import RuleRefused
from tests.services.conftest import SmallShop


def stated(shop: SmallShop, rent_cents: int = 40_000) -> int:
    """Three persons, 1 200 € a month less the rent, under the ordinary règlement."""
    decide.adopt_ruleset(shop.desk, ruleset_text("reste-a-vivre"))
    at = Situation(
        shop.today, (Member(age=41), Member(age=46), Member(age=7)), commune="15187",
        resources=(("wages", 120_000),), charges=(("rent", rent_cents),),
    )  # fmt: skip
    return decide.record_assessment(shop.desk, shop.household, at)[0]


def tighter() -> str:
    return ruleset_text("reste-a-vivre").replace("at_most = 10\n", "at_most = 5\n")


def test_a_stricter_rule_shows_who_loses_with_number_and_holder_and_writes_nothing(small_shop: SmallShop) -> None:
    stated(small_shop, 55_000)
    desk = small_shop.desk
    with desk.db.read() as session:
        before = list(session.scalars(select(Journal.seq)))
    seen: list[tuple[int, int]] = []
    found = compare.compare_rulesets(desk, tighter(), small_shop.today, lambda done, of: seen.append((done, of)))
    (row,) = found.rows
    assert row.holder == "D'Almeida Fátima"
    assert row.before is not None
    assert row.after is not None
    assert (row.before.kind, row.after.kind) == (OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE)
    assert found.totals[Change.LOSES] == 1
    assert sum(found.totals.values()) == 1
    assert seen == [(0, 1), (1, 1)]
    with desk.db.read() as session:
        assert list(session.scalars(select(Journal.seq))) == before


def test_a_household_without_a_statement_cannot_be_told(small_shop: SmallShop) -> None:
    decide.adopt_ruleset(small_shop.desk, ruleset_text("reste-a-vivre"))
    (row,) = compare.compare_rulesets(small_shop.desk, tighter(), small_shop.today).rows
    assert (row.before, row.after, row.change) == (None, None, Change.CANNOT_TELL)


def test_a_statement_kept_whole_is_used_as_it_was_told(small_shop: SmallShop) -> None:
    desk, kept = small_shop.desk, stated(small_shop, 55_000)
    whole = {
        "on": small_shop.today.isoformat(), "members": [{"age": 41}], "commune": "15187",
        "resources": [{"type": "wages", "cents": 120_000}], "charges": [{"type": "rent", "cents": 55_000}],
    }  # fmt: skip
    with desk.db.write() as session:
        row = session.get_one(Assessment, kept)
        row.sealed = seal_json(
            desk, "assessment", row.uid, {"resources": [], "charges": [], "outcome": {}, "situation": whole}
        )
    (found,) = compare.compare_rulesets(desk, tighter(), small_shop.today + timedelta(days=9)).rows
    assert found.before is not None
    assert found.before.kind is OutcomeKind.COMMITTEE  # one person, 650 € left: over both bounds


def test_a_stop_is_heard_and_says_so(small_shop: SmallShop) -> None:
    stated(small_shop)
    found = compare.compare_rulesets(small_shop.desk, tighter(), small_shop.today, cancelled=lambda: True)
    assert found.stopped
    assert found.rows == ()


def test_reserved_files_are_compared_only_for_those_who_may_open_them(small_shop: SmallShop) -> None:
    stated(small_shop)
    desk = small_shop.desk
    with desk.db.write() as session:
        session.execute(update(Household).values(reserved=True))
    assert compare.compare_rulesets(desk, tighter(), small_shop.today).reserved == 1
    with desk.db.write() as session:
        session.add(ReservedTo(household_id=small_shop.household, account_id=desk.actor.id))
    found = compare.compare_rulesets(desk, tighter(), small_shop.today)
    assert (found.reserved, len(found.rows)) == (0, 1)


def test_an_account_without_the_key_a_bad_candidate_or_no_rule_in_force_are_refused(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    with pytest.raises(RuleRefused, match="travailleurs sociaux"):
        compare.compare_rulesets(replace(desk, social_key=None), tighter(), small_shop.today)
    with pytest.raises(RuleRefused, match="Aucun règlement"):
        compare.compare_rulesets(desk, tighter(), small_shop.today)
    with pytest.raises(RulesetInvalid, match="format"):
        compare.compare_rulesets(desk, "x = 1", small_shop.today)


def test_a_file_closed_meanwhile_is_not_compared(small_shop: SmallShop) -> None:
    stated(small_shop)
    enrol.close_household(small_shop.desk, small_shop.household)
    assert compare.compare_rulesets(small_shop.desk, tighter(), small_shop.today).rows == ()


def test_an_older_statement_is_weighed_with_who_is_there_that_day(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    stated(small_shop, 55_000)
    alone = tighter().replace("[duration]", '[household]\naway = "not_counted"\n\n[duration]')
    with desk.db.write() as session:
        child = session.scalars(select(MemberRow).order_by(MemberRow.id.desc())).first()
        assert child is not None
        session.add(Away(member_id=child.id, since=small_shop.today, until=small_shop.today))
    with desk.db.write() as session:
        row = session.scalars(select(Assessment)).one()
        content = {"resources": [["wages", 30_000]], "charges": [], "outcome": {}}
        row.sealed = seal_json(desk, "assessment", row.uid, content)
    found = {
        day: compare.compare_rulesets(desk, alone, small_shop.today + timedelta(days=day)).rows[0].after
        for day in (0, 1)
    }
    # 300 € a month: 5 € a day for two, 3.33 € for three.
    assert [a.band for a in found.values() if a] == ["b", "a"]
