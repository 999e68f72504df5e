"""Households: opened, edited by two people, grown and shrunk; found by any name; their cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.household import HousingKind, Link
from epicerie_desktop.persistence.models import Address, Card, Household, Person
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, figures
from epicerie_desktop.services.queries.households import household_file, list_referrers
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, Stale
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold

HOLDER = MemberForm("Crèvecœur", "Zoé", Link.HOLDER, born="1985")


def later(desk: Desk, days: int) -> Desk:
    return replace(desk, clock=FrozenClock.on(TODAY + timedelta(days=days)))


@pytest.mark.parametrize(
    "members",
    [
        (),
        (replace(HOLDER, last_name="  "),),
        (replace(HOLDER, first_name=""),),
        (replace(HOLDER, last_name="x" * 81),),
        (replace(HOLDER, born="2030"),),
        (replace(HOLDER, born="31/02/2000"),),
        (replace(HOLDER, born="1850"),),
        (replace(HOLDER, link=Link.CHILD),),
        (HOLDER, replace(HOLDER, first_name="Ana")),
        (replace(HOLDER, left_on=TODAY),),
        (replace(HOLDER, joined_on=TODAY, left_on=TODAY - timedelta(days=1)),),
        (HOLDER, replace(HOLDER, link=Link.CHILD, joined_on=TODAY, left_on=TODAY - timedelta(days=1))),
    ],
)
def test_an_impossible_household_is_refused_and_nothing_is_written(desk: Desk, members: tuple[MemberForm, ...]) -> None:
    with pytest.raises(BadInput):
        enrol.save_household(desk, HouseholdForm(members))
    with desk.db.read() as session:
        assert [session.scalar(select(func.count()).select_from(t)) for t in (Household, Person)] == [0, 0]
    first = enrol.save_household(desk, HouseholdForm((HOLDER,)))
    assert household_file(desk, first).form.number == "1-0001", "a refusal takes no number"


def test_the_second_of_two_people_who_edit_a_file_is_told(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    mine = theirs = household_file(desk, small_shop.household).form
    enrol.save_household(desk, replace(mine, phone="06 00 00 00 01"))
    with pytest.raises(Stale):
        enrol.save_household(desk, replace(theirs, phone="06 00 00 00 02", note="perdue"))
    kept = household_file(desk, small_shop.household).form
    assert (kept.phone, kept.note) == ("06 00 00 00 01", "")
    enrol.save_household(desk, replace(kept, note="gardée"))
    assert household_file(desk, small_shop.household).form.note == "gardée"


def test_an_arrival_and_a_departure_leave_the_past_as_it_was(small_shop: SmallShop) -> None:
    sold(small_shop, a_basket(small_shop))
    before = figures.totals_of(small_shop.desk, "2026-11", "2026-11")
    assert (before.persons, before.person_visits) == (3, 3)
    tomorrow = later(small_shop.desk, 1)
    form = household_file(tomorrow, small_shop.household).form
    holder, _, child = form.members
    baby = MemberForm("D'Almeida", "Inès", Link.CHILD, born="2026-11-21")
    enrol.save_household(tomorrow, replace(form, members=(holder, child, baby)))
    assert figures.totals_of(tomorrow, "2026-11", "2026-11") == before
    assert counter.open_visit(small_shop.desk, small_shop.household, TODAY).persons == 3
    assert counter.open_visit(tomorrow, small_shop.household).persons == 3, "one left, one was born"
    kept = household_file(tomorrow, small_shop.household).form.members
    assert [(m.first_name, m.left_on) for m in kept] == [
        ("Fátima", None), ("Jean-Pierre", TODAY + timedelta(days=1)), ("Léo", None), ("Inès", None),
    ]  # fmt: skip
    assert kept[3].joined_on == TODAY + timedelta(days=1)
    with tomorrow.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 4, "nobody is erased"
    assert safeguard.verify_file(tomorrow) == ()


def test_a_new_holder_takes_over_the_file(small_shop: SmallShop) -> None:
    form = household_file(small_shop.desk, small_shop.household).form
    first, second, child = form.members
    swapped = (replace(first, link=Link.OTHER), replace(second, link=Link.HOLDER), child)
    enrol.save_household(small_shop.desk, replace(form, members=swapped))
    assert counter.open_visit(small_shop.desk, small_shop.household).name == "Jean-Pierre C."


def test_a_letter_alone_beside_a_name_is_the_initial_of_another(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    enrol.save_household(desk, HouseholdForm((MemberForm("Bernard", "Zoltan", Link.HOLDER),)))
    enrol.save_household(desk, HouseholdForm((MemberForm("Vidal", "Zoltan", Link.HOLDER),)))

    def holders(typed: str) -> list[str]:
        return [f.holder for f in counter.find_households(desk, typed)]

    assert len(holders("zoltan")) == 2
    assert holders("zoltan b") == holders("B. Zoltan") == ["Bernard Zoltan"]
    assert holders("zoltan k") == []
    assert holders("b") == holders("b z") == []


def test_a_change_of_name_is_found_and_the_old_one_is_not(small_shop: SmallShop) -> None:
    form = household_file(small_shop.desk, small_shop.household).form
    renamed = (
        replace(form.members[0], last_name="Łukaszewicz"),
        form.members[1],
        replace(form.members[2], last_name="Yılmaz"),
    )
    enrol.save_household(small_shop.desk, replace(form, members=renamed, phone="+33 4 71 60 12 34"))
    for typed in (
        "lukas",
        "YILMAZ leo",
        "yılmaz",
        "jean pierre",
        "crevecoeur",
        "1-0001",
        "+33 4 71 60 12 34",
        "04.71.60.12.34",
        "0471",
    ):
        assert [f.id for f in counter.find_households(small_shop.desk, typed)] == [small_shop.household], typed
    for typed in ("almeida", "0471600000", "7160"):
        assert counter.find_households(small_shop.desk, typed) == (), typed


def test_an_address_is_dated_and_the_past_keeps_its_commune(small_shop: SmallShop) -> None:
    sold(small_shop, a_basket(small_shop))
    month_later = later(small_shop.desk, 30)
    form = household_file(month_later, small_shop.household).form
    assert form.address.commune_name == "Saint-Flour"
    enrol.save_household(
        month_later, replace(form, address=AddressForm(HousingKind.HOSTED, "chez M. X", "15045", "15045"))
    )
    form = household_file(month_later, small_shop.household).form
    enrol.save_household(month_later, replace(form, note="sans changer d'adresse"))
    (line,) = figures.figures_of(month_later, "2026-11", "2026-11")[0].households
    assert line.commune == "15187"
    with month_later.db.read() as session:
        assert [a.valid_from for a in session.scalars(select(Address).order_by(Address.valid_from))] == [
            TODAY - timedelta(days=30),
            TODAY + timedelta(days=30),
        ]
    elsewhere = AddressForm(HousingKind.NO_FIXED_ADDRESS, commune_name=" Ailleurs ")
    enrol.save_household(
        month_later, replace(household_file(month_later, small_shop.household).form, address=elsewhere)
    )
    assert household_file(month_later, small_shop.household).form.address.commune_name == "Ailleurs"


def test_a_new_card_replaces_the_lost_one(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    lost = enrol.issue_card(desk, small_shop.household)
    new = enrol.issue_card(desk, small_shop.household)
    assert lost != new
    assert not lost.needs_its_letter
    assert counter.find_by_card(desk, lost) is None
    found = counter.find_by_card(desk, new)
    assert found is not None
    assert found.id == small_shop.household
    assert household_file(desk, small_shop.household).cards == (new.code,)
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Card)) == 2, "revoked, never erased"


def test_cards_never_look_like_an_article(small_shop: SmallShop) -> None:
    cards = [enrol.issue_card(small_shop.desk, small_shop.household) for _ in range(40)]
    assert len({c.code for c in cards}) == 40
    assert not any(c.needs_its_letter for c in cards)


def test_the_card_of_another_shop_is_tied_to_one_household(small_shop: SmallShop) -> None:
    foreign = CardNumber(7, 2, 1, 5)
    enrol.attach_foreign_card(small_shop.desk, small_shop.household, foreign)
    enrol.attach_foreign_card(small_shop.desk, small_shop.household, foreign)
    other = enrol.save_household(small_shop.desk, HouseholdForm((HOLDER,)))
    with pytest.raises(BadInput):
        enrol.attach_foreign_card(small_shop.desk, other, foreign)
    found = counter.find_by_card(small_shop.desk, foreign)
    assert found is not None
    assert found.id == small_shop.household


def test_a_referring_person_is_kept_and_edited(desk: Desk) -> None:
    made = enrol.save_referrer(desk, "  Mme   Haddad ", "Secours populaire")
    (row,) = list_referrers(desk)
    assert (row.id, row.name) == (made, "Mme Haddad")
    enrol.save_referrer(desk, "Mme Haddad", "CCAS", referrer=made, version=row.version)
    with pytest.raises(Stale):
        enrol.save_referrer(desk, "X", referrer=made, version=row.version)
    with pytest.raises(BadInput):
        enrol.save_referrer(desk, " ")


def test_the_journal_tells_the_gesture_and_no_name(small_shop: SmallShop) -> None:
    enrol.issue_card(small_shop.desk, small_shop.household)
    with small_shop.desk.db.read() as session:
        kinds, bodies = (
            session.connection().execute(text("SELECT group_concat(kind), group_concat(body) FROM journal")).one()
        )
    assert {"household.new", "card", "right"} <= set(kinds.split(","))
    for word in ("lmeida", "tima", "Jean", "15187", "0471"):
        assert word not in bodies
