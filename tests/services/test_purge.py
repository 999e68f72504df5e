"""The purge: what names a household is nowhere any more, and no figure moves."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.household import Link, Sex
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.support import PaperKind, UndertakingKind
from epicerie_desktop.persistence.models import Base, Household, Journal, Member, Person, load_all
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, purge
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, figures
from epicerie_desktop.services.queries.households import household_file, list_households
from epicerie_desktop.services.support import file, notes, papers, undertakings
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests import decrypted
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import SmallShop

load_all()
MONTH = TODAY.isoformat()[:7]
LATER = TODAY + timedelta(days=800)
PLANTED = ("Zzyzxov", "Quetzalia", "zzyzxov", "quetzalia", "1971-02-27", "0611223344", "06 11 22 33 44", "12 impasse Plantée", "Mot planté",
           "Porteur Planté")  # fmt: skip


def at(desk: Desk, day: date) -> Desk:
    return replace(desk, clock=FrozenClock.on(day))


@pytest.fixture
def planted(small_shop: SmallShop) -> SmallShop:
    """The small shop, with a household that came once, whose file holds a bit of everything."""
    desk = small_shop.desk
    household = enrol.save_household(
        desk,
        HouseholdForm(
            (
                MemberForm("Zzyzxov", "Quetzalia", Link.HOLDER, Sex.FEMALE, "1971-02-27"),
                MemberForm("Zzyzxov", "Petit", Link.CHILD, Sex.MALE, "2019"),
            ),
            AddressForm(lines="12 impasse Plantée", postcode="15100", commune_code="15187"),
            phone="06 11 22 33 44",
            note="Mot planté",
        ),
    )
    PLANTED_CARD.append(enrol.issue_card(desk, household).code)
    file.open_file(desk, household, file.OrientationForm())
    notes.write_note(desk, household, "Mot planté")
    paper = papers.record_paper(desk, household, papers.PaperForm(next(iter(PaperKind)), TODAY))
    papers.attach_scan(desk, paper, b"%PDF-1.7 planted")
    undertakings.record_undertaking(
        desk, household, undertakings.UndertakingForm(UndertakingKind.PROXY, TODAY, name="Porteur Planté")
    )
    for one in (household, small_shop.household):
        basket = Basket(str(uuid.uuid4()), 100).with_weighed(
            str(uuid.uuid4()), counter.price_list(desk).offers[small_shop.carrots], 750, WeightSource.SCALE
        )
        sell.record_sale(desk, one, basket, sell.PaymentForm(basket.paid_cents), override="accord")
    return replace(small_shop, household=household)


PLANTED_CARD: list[str] = []


def residues(path: Path) -> list[str]:
    """Return what of the planted household can still be read under the cipher."""
    _owner, keys = opening.open_slot(path, PASSPHRASE)
    clear = decrypted.pages(path, keys.main)
    return [text for text in (*PLANTED, *PLANTED_CARD[-1:]) if text.encode() in clear]


def test_what_named_a_household_is_nowhere_and_no_figure_moves(planted: SmallShop, shop_file: Path) -> None:
    desk = at(planted.desk, LATER)
    months.close_month(desk, MONTH)
    desk.db.fold()
    assert set(residues(shop_file)) >= {"Zzyzxov", "1971-02-27", "12 impasse Plantée"}, (
        "the control: they are there before"
    )
    before = figures.figures_of(desk, MONTH, MONTH)
    rows = purge.purge_list(desk)
    assert [r.may_go for r in rows] == [True, True]

    assert purge.purge(desk, [planted.household]) == 1

    assert residues(shop_file) == []
    wal = shop_file.with_name(shop_file.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0
    assert figures.figures_of(desk, MONTH, MONTH) == before
    assert months.month_state(desk, MONTH).pending == (), "a purge corrects no closed month"
    with desk.db.read() as session:
        row = session.get_one(Household, planted.household)
        assert (row.purged_on, row.phone, row.note) == (LATER, "", "")
        people = session.scalars(select(Person).join(Member).where(Member.household_id == planted.household)).all()
        assert {(p.last_name, p.born, p.age_band) for p in people} == {("–", None, "25-64"), ("–", None, "4-14")}
        told = session.scalars(select(Journal.body).where(Journal.kind == "household.purged")).all()
        assert [str(t) for t in told] == ['{"files":1}']
    assert purge.purge(desk) == 1, "the other file went with the next purge, and this one is not listed again"
    assert purge.purge(desk) == 0
    # Nobody finds it any more but by its number, which a ticket bears.
    assert household_file(desk, planted.household).form.members[0].last_name == "–"
    assert list_households(desk, only_open=False) == ()


def test_a_file_waits_for_its_months_to_be_closed_or_is_kept_for_a_reason(planted: SmallShop) -> None:
    desk = at(planted.desk, LATER)
    row = next(r for r in purge.purge_list(desk) if r.household == planted.household)
    assert (row.may_go, row.waits_for, row.last_contact) == (False, MONTH, TODAY)
    assert "clôture" in purge.why_kept(row)
    assert purge.purge(desk) == 0
    with pytest.raises(RuleRefused, match="ne peut pas être purgé"):
        purge.purge(desk, [planted.household])
    months.close_month(desk, MONTH)
    with pytest.raises(BadInput, match="pourquoi"):
        purge.hold_file(desk, planted.household, LATER + timedelta(days=90), " ")
    with pytest.raises(BadInput, match="cinq ans"):
        purge.hold_file(desk, planted.household, LATER + timedelta(days=3000), "Recours")
    purge.hold_file(desk, planted.household, LATER + timedelta(days=90), "Recours en cours")
    row = next(r for r in purge.purge_list(desk) if r.household == planted.household)
    assert (row.may_go, row.held_for) == (False, "Recours en cours")
    assert "gardé jusqu" in purge.why_kept(row)
    assert purge.purge(desk) == 1
    over = at(desk, LATER + timedelta(days=91))
    assert [r.household for r in purge.purge_list(over) if r.may_go] == [planted.household]
    purge.hold_file(over, planted.household, LATER + timedelta(days=200), "Encore")
    purge.hold_file(over, planted.household, None)
    assert purge.purge(over) == 1


def test_a_recent_contact_a_running_right_or_a_volunteer_purges_nothing(planted: SmallShop) -> None:
    months.close_month(at(planted.desk, LATER), MONTH)
    assert purge.purge_list(at(planted.desk, TODAY + timedelta(days=700))) == ()
    desk = at(planted.desk, LATER)
    notes.write_note(desk, planted.household, "Revue")
    assert planted.household not in [r.household for r in purge.purge_list(desk)]
    with pytest.raises(RuleRefused):
        purge.purge_list(replace(desk, actor=replace(desk.actor, role=Role.VOLUNTEER)))


def test_a_person_of_another_file_still_kept_keeps_their_name(planted: SmallShop) -> None:
    desk = at(planted.desk, LATER)
    months.close_month(desk, MONTH)
    with desk.db.write() as session:
        child = session.scalars(select(Person).where(Person.first_name == "Petit")).one().id
        other = session.scalars(select(Household.id).where(Household.id != planted.household)).first()
        session.add(Member(household_id=other, person_id=child, link=Link.CHILD, joined_on=TODAY))
    purge.purge(desk, [planted.household])
    with desk.db.read() as session:
        assert session.get_one(Person, child).first_name == "Petit"
        assert session.scalars(select(Person).where(Person.first_name == "Quetzalia")).all() == []


KEPT = frozenset(
    {"household_member", "household_address", "access_grant", "decision", "suspension", "waiting_entry", "absence", "fee_paid", "sale",
     "purse_move", "attendance", "support_file"}
)  # fmt: skip
"""Tables of a household whose rows stay, without what names it: days, codes, cents and grams, which the accounts and reports count."""


def test_every_table_that_knows_a_household_is_erased_or_kept_for_a_reason() -> None:
    known = {t.name for t in Base.metadata.tables.values() if "household_id" in t.columns}
    erased = {model.__tablename__ for model in purge._ERASED} | {"assessment"}
    assert known == erased | KEPT
    assert not erased & KEPT
    sealed = {t.name for t in Base.metadata.tables.values() if {"household_id", "sealed"} <= set(t.columns.keys())}
    assert sealed - erased == {model.__tablename__ for model in purge._UNSEALED}
