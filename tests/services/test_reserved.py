"""A reserved file: served by everyone, opened and found by name only by the accounts named, its openings told."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.persistence.models import Account, Household, Journal
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services import dump as dumping
from epicerie_desktop.services import month_sheets, sheets
from epicerie_desktop.services.desk import Actor, Desk
from epicerie_desktop.services.households import enrol, life, reserve, separation, unite
from epicerie_desktop.services.households.life import Newcomer
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.households import household_file, list_households
from epicerie_desktop.services.queries.life import household_life
from epicerie_desktop.services.queries.statements import statements_of
from epicerie_desktop.services.rights import decide, waiting
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold
from tests.services.test_separation import parting

TOLD = "Dossier réservé\u00a0: voir Camille"


def an_account(desk: Desk, name: str = "Dominique", role: str = "MANAGER") -> Desk:
    """Return a desk at which another account works, without the second key."""
    with desk.db.write() as session:
        session.execute(insert(table_of(Account)), {"uid": uuid.uuid4(), "name": name, "role": role, "active": True})
        found = session.scalars(select(Account.id).where(Account.name == name)).one()
    return replace(desk, actor=Actor(found, name, role), social_key=None)


@pytest.fixture
def card(small_shop: SmallShop) -> CardNumber:
    return enrol.issue_card(small_shop.desk, small_shop.household)


@pytest.fixture
def other(small_shop: SmallShop, card: CardNumber) -> Desk:
    desk = small_shop.desk
    enrol.save_household(desk, replace(household_file(desk, small_shop.household).form, note="Portail bleu"))
    other = an_account(desk)
    reserve.reserve(desk, small_shop.household, [desk.actor.id])
    return other


def test_a_reserved_file_is_found_by_nobody_else_but_its_family_is_served(
    small_shop: SmallShop, other: Desk, card: CardNumber
) -> None:
    desk, h = small_shop.desk, small_shop.household
    assert [f.id for f in counter.find_households(desk, "almeida")] == [h]
    for typed in ("almeida", "jean pierre", "04 71 60 00 00", "1-00"):
        assert counter.find_households(other, typed) == (), typed
    assert list_households(other) == counter.expected_this_week(other) == ()
    assert [f.id for f in list_households(desk)] == [f.id for f in counter.expected_this_week(desk)] == [h]
    by_card, by_number = counter.find_by_card(other, card), counter.find_households(other, "1-0001")
    assert by_card is not None
    assert by_number == (by_card,)
    assert (by_card.holder, by_card.members, by_card.commune, by_card.persons) == (TOLD, (), "", 3)
    visit = counter.open_visit(other, h)
    assert (visit.name, visit.note, visit.persons, visit.verdict.state.value) == (TOLD, "", 3, "OPEN")
    sold(replace(small_shop, desk=other), a_basket(small_shop))
    assert [t.name for t in counter.tickets_of_day(other)] == [TOLD]
    assert [t.name for t in counter.tickets_of_day(desk)] == ["Fátima D."]


def test_a_reserved_file_is_neither_opened_nor_changed_by_another_account(small_shop: SmallShop, other: Desk) -> None:
    desk, h = small_shop.desk, small_shop.household
    form = household_file(desk, h).form
    gestures = (
        lambda: household_file(other, h),
        lambda: household_life(other, h),
        lambda: enrol.save_household(other, form),
        lambda: enrol.issue_card(other, h),
        lambda: enrol.close_household(other, h),
        lambda: life.arrive(other, h, Newcomer("X", "Y", form.members[1].link, other.clock.today())),
        lambda: reserve.unreserve(other, h),
        lambda: reserve.reserve(other, h, [other.actor.id]),
        lambda: sheets.decision_pdf(other, h),
    )
    for gesture in gestures:
        with pytest.raises(RuleRefused, match="voir Camille"):
            gesture()
    assert household_file(desk, h).form == form
    with pytest.raises(BadInput, match="Nommez au moins une personne"):
        reserve.reserve(desk, h, [])
    reserve.reserve(desk, h, [desk.actor.id, other.actor.id])
    assert household_file(other, h).reserved
    reserve.unreserve(other, h)
    assert counter.find_households(other, "almeida")[0].holder == "D'Almeida Fátima"


def test_each_opening_of_a_reserved_file_is_told_once_a_day(small_shop: SmallShop, other: Desk) -> None:
    desk, h = small_shop.desk, small_shop.household
    reserve.reserve(desk, h, [desk.actor.id, other.actor.id])
    for at in (desk, desk, other, desk):
        household_file(at, h)
    with desk.db.read() as session:
        told = session.execute(
            select(Journal.kind, Journal.actor_id).where(Journal.kind.startswith("household."))
        ).all()
    assert [tuple(t) for t in told][-4:] == [
        ("household.reserved", desk.actor.id), ("household.reserved", desk.actor.id), ("household.opened", desk.actor.id),
        ("household.opened", other.actor.id),
    ]  # fmt: skip


def test_what_another_account_takes_away_names_nobody(small_shop: SmallShop, other: Desk, tmp_path: Path) -> None:
    sold(small_shop, a_basket(small_shop))
    dumping.dump(other, tmp_path / "theirs")
    dumping.dump(small_shop.desk, tmp_path / "ours")
    texts = {w: "".join(p.read_text("utf-8") for p in (tmp_path / w).iterdir()) for w in ("theirs", "ours")}
    for secret in ("Almeida", "Jean-Pierre", "04 71 60", "Portail bleu", "15187", "1985-03-12"):
        assert (secret in texts["theirs"], secret in texts["ours"]) == (False, True), secret
    assert "Almeida" not in repr(month_sheets.month_sheet(other, "2026-11", names=True))
    assert "Almeida" in repr(month_sheets.month_sheet(small_shop.desk, "2026-11", names=True))


def test_a_separation_and_a_merge_keep_what_was_reserved(small_shop: SmallShop) -> None:
    desk, first = small_shop.desk, small_shop.household
    reserve.reserve(desk, first, [desk.actor.id])
    second = separation.separate(desk, parting(small_shop))
    other = an_account(desk)
    assert not {f.id for f in list_households(other)} & {first, second}
    unite.merge_files(desk, second, first)
    reserve.reserve(desk, first, [desk.actor.id])
    with desk.db.read() as session:
        assert [session.get_one(Household, h).reserved for h in (first, second)] == [True, True]


def test_an_account_that_may_not_open_a_file_neither_reads_nor_writes_its_right(small_shop: SmallShop) -> None:
    desk, file = small_shop.desk, small_shop.household
    reserve.reserve(desk, file, [desk.actor.id])
    other = replace(an_account(desk, role="WORKER"), social_key=desk.social_key)
    for gesture in (
        lambda: statements_of(other, file),
        lambda: decide.open_right(other, file, decide.RightForm(TODAY + timedelta(days=90), TODAY + timedelta(days=120), 100, ())),
        lambda: waiting.put_on_list(other, file),
    ):  # fmt: skip
        with pytest.raises(RuleRefused, match="réservé"):
            gesture()
