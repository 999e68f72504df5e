"""Distinct families over shops: what a shop tells, what the coordinator finds in it, and what stays found."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop.domain import counting_key
from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.figures import HouseholdMonth, MonthFigures
from epicerie_desktop.domain.household import Link, PartialDate, Sex
from epicerie_desktop.domain.linking import Adult, ShopLinks, tokens_of
from epicerie_desktop.exchange.records import month_to_record
from epicerie_desktop.persistence.models import (
    Contract,
    Household,
    HouseholdDouble,
    HouseholdKey,
    ParcelReceived,
    Site,
    SiteMonth,
    load_all,
)
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.contract.distinct import counted, distinct, distinct_words
from epicerie_desktop.services.contract.doubles import keep_links_in
from epicerie_desktop.services.contract.links import links_of_shop
from epicerie_desktop.services.contract.pseudonyms import pseudonyms
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.dump import dump
from epicerie_desktop.services.households import enrol, purge, reserve
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests import decrypted
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.services.conftest import SmallShop

load_all()
KEY = bytes(range(32))
KEY_ID = counting_key.key_id(KEY)
STARTS, ENDS = date(2026, 9, 1), date(2028, 12, 31)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    shop = opening.NewShop("Coordination", "COORD", "Dominique", kind=opening.COORDINATOR)
    opening.create_shop(folder / "hub.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    return folder


@pytest.fixture
def hub(blank: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(blank, tmp_path / "hub")
    found = opening.open_desk(tmp_path / "hub" / "hub.db", PASSPHRASE, FrozenClock.on(TODAY))
    yield found
    found.db.close()


@pytest.fixture
def contract(hub: Desk) -> int:
    made = consolidate.create_contract(hub, "Contrat social", STARTS, ENDS)
    for n in range(1, 4):
        consolidate.add_site(hub, made, f"EP0{n}", f"Épicerie {n}")
    return made


def token(name: str) -> str:
    return name.encode().hex().ljust(32, "0")


def receive(
    hub: Desk, contract: int, site: int, households: dict[str, int], links: ShopLinks | None, *, month: str = "2026-10", seq: int = 1
) -> int:  # fmt: skip
    """Put in the coordinator's file what an accepted parcel of a shop leaves there; return how many doubles it made known."""
    with hub.db.write() as session:
        row = session.scalars(select(Site).where(Site.contract_id == contract, Site.number == site)).one()
        parcel = ParcelReceived(
            site_id=row.id, post=1, generation=uuid.UUID(int=site), seq=seq, digest=f"{site}/{seq}".encode(),
            created_at=hub.clock.now(), imported_at=hub.clock.now(), imported_by=hub.actor.id,
        )  # fmt: skip
        session.add(parcel)
        session.flush()
        lines = tuple(
            HouseholdMonth(token(h), "", tuple(token(f"{site}{h}{i}") for i in range(n)), 1, n, (("FL", 500),), 100, 10)
            for h, n in households.items()
        )
        record = month_to_record(MonthFigures(month, lines, (("FOOD_BANK", 500 * len(lines)),)), lambda t: t)
        session.merge(
            SiteMonth(site_id=row.id, post=1, month=month, revision=1, closed=True, parcel_id=parcel.id, figures=record)
        )
        return keep_links_in(session, hub, parcel, links)


def told(*rows: str, key: str = KEY_ID) -> ShopLinks:
    """Return links written « household means value »."""
    parts = [row.split() for row in rows]
    return ShopLinks(key, tuple((token(h), means, token(value)) for h, means, value in parts))


def test_a_family_of_two_shops_counts_once_by_its_card_or_its_name_and_the_figure_says_by_which(
    hub: Desk, contract: int
) -> None:
    receive(hub, contract, 1, {"a": 2, "b": 1, "c": 4}, told("a CARD k1", "a C ca", "b C cb", "b D db", "c C cc"))
    assert (
        receive(hub, contract, 2, {"x": 3, "y": 1, "z": 1}, told("x CARD k1", "x C cx", "y C cy", "y D db", "z C cz"))
        == 2
    )
    totals, found = counted(hub, contract, "2026-10", "2026-10")
    assert (found.families, found.by_card, found.by_name) == (4, 1, 1)
    assert (found.persons, found.persons_twice) == (3 + 1 + 4 + 1, 3)
    assert (totals.families, totals.persons, totals.visits) == (4, 9, 6)
    assert consolidate.contract_totals(hub, contract, "2026-10", "2026-10") == totals
    words = " ".join(distinct_words(found))
    assert "1 reconnues par leur carte, 1 par leur empreinte" in words
    assert "Erreur mesurée" in words
    assert distinct(hub, contract, "2026-11", "2026-12").families == 0


def test_what_was_found_stays_when_the_keys_are_gone_and_the_keys_do_go(hub: Desk, contract: int) -> None:
    receive(hub, contract, 1, {"a": 2}, told("a CARD k1", "a C ca"))
    receive(hub, contract, 2, {"x": 2}, told("x CARD k1"))
    before = distinct(hub, contract, "2026-10", "2026-10")
    assert before.families == 1
    receive(hub, contract, 1, {"a": 2}, None, seq=2)
    receive(hub, contract, 2, {"x": 2}, told(), seq=2)
    with hub.db.read() as session:
        assert session.scalars(select(HouseholdKey)).all() == []
        assert len(session.scalars(select(HouseholdDouble)).all()) == 1
    assert distinct(hub, contract, "2026-10", "2026-10") == before


def test_the_same_parcel_told_again_finds_nothing_more_and_a_changed_household_is_compared_again(
    hub: Desk, contract: int
) -> None:
    receive(hub, contract, 1, {"a": 2}, told("a C ca", "a A aa"))
    assert receive(hub, contract, 2, {"x": 2}, told("x C cx", "x A ax")) == 0
    assert receive(hub, contract, 2, {"x": 2}, told("x C cx", "x A ax"), seq=2) == 0
    assert receive(hub, contract, 2, {"x": 2}, told("x C ca", "x A aa"), seq=3) == 1
    assert receive(hub, contract, 2, {"x": 2}, told("x C ca", "x A aa"), seq=4) == 0
    assert distinct(hub, contract, "2026-10", "2026-10").by_name == 1


def test_two_counting_keys_are_never_compared_and_the_figure_names_the_shop(hub: Desk, contract: int) -> None:
    receive(hub, contract, 1, {"a": 2}, told("a C same"))
    receive(hub, contract, 2, {"x": 2, "y": 1}, told("x C same", key="0badcafe"))
    found = distinct(hub, contract, "2026-10", "2026-10")
    assert (found.families, found.not_compared, found.error_permille) == (3, ("Épicerie 1",), None)
    receive(hub, contract, 3, {"z": 1}, None)
    receive(hub, contract, 2, {"x": 2}, told("x C same"), seq=2)
    found = distinct(hub, contract, "2026-10", "2026-10")
    assert (found.families, found.not_compared) == (2, ("Épicerie 3",))
    assert "Épicerie 3" in " ".join(distinct_words(found))


def test_a_shop_alone_says_nothing_of_doubles_and_a_newer_kind_of_token_is_left_aside(hub: Desk, contract: int) -> None:
    receive(hub, contract, 1, {"a": 2}, told("a Z zz", "a C ca"))
    found = distinct(hub, contract, "2026-10", "2026-10")
    assert (found.families, found.not_compared, found.error_permille, distinct_words(found)) == (1, (), None, ())
    with hub.db.read() as session:
        assert session.scalars(select(HouseholdKey.means)).all() == ["C"]


@pytest.fixture
def joined(hub: Desk, contract: int, small_shop: SmallShop) -> SmallShop:
    """The small shop, a member of the contract with a counting key, whose household came once."""
    site = next(s for s in consolidate.list_sites(hub, contract) if s.code == "EP01")
    share.join_contract(small_shop.desk, consolidate.enrolment_of(hub, site.id))
    with small_shop.desk.db.write() as session:
        session.scalars(select(Contract)).one().counting_key = KEY
    come(small_shop.desk, small_shop.household, small_shop.carrots)
    return replace(small_shop, desk=share.desk_now(small_shop.desk))


def come(desk: Desk, household: int, article: int) -> None:
    prices = counter.price_list(desk)
    basket = Basket(str(uuid.uuid4()), 100).with_weighed(
        str(uuid.uuid4()), prices.offers[article], 500, WeightSource.SCALE
    )
    sell.record_sale(desk, household, basket, sell.PaymentForm(basket.paid_cents), override="accord de Camille")


def links_now(shop: SmallShop) -> dict[str, list[tuple[str, str]]]:
    with shop.desk.db.read() as session:
        found = links_of_shop(session, shop.desk, session.scalars(select(Contract)).one())
    rows: dict[str, list[tuple[str, str]]] = {}
    for household, means, value in found.rows:
        rows.setdefault(household, []).append((means, value))
    assert found.key_id == KEY_ID
    return rows


def pseudonym_of(shop: SmallShop, household: int) -> str:
    with shop.desk.db.read() as session:
        uid = session.scalars(select(Contract)).one().uid
        return pseudonyms(uid)(session.get_one(Household, household).token.hex)


def test_a_shop_tells_of_who_came_and_no_name_is_in_it(joined: SmallShop) -> None:
    other = enrol.save_household(
        joined.desk, HouseholdForm((MemberForm("Absent", "Jamais", Link.HOLDER, Sex.MALE, "1970-01-02"),))
    )
    card = enrol.issue_card(joined.desk, joined.household)
    foreign = CardNumber(joined.desk.shop.contract_number, 42, 1, 7)
    enrol.attach_foreign_card(joined.desk, joined.household, foreign)
    rows = links_now(joined)
    assert list(rows) == [pseudonym_of(joined, joined.household)]
    assert pseudonym_of(joined, other) not in rows
    means = [m for m, _v in rows[pseudonym_of(joined, joined.household)]]
    assert means.count("CARD") == 2
    assert "C" in means
    text = repr(rows)
    assert card.code not in text
    assert foreign.digits not in text


def test_a_reserved_file_tells_nothing_and_one_opened_again_does(joined: SmallShop) -> None:
    enrol.issue_card(joined.desk, joined.household)
    before = links_now(joined)
    reserve.reserve(joined.desk, joined.household, [joined.desk.actor.id])
    assert links_now(joined) == {}
    reserve.unreserve(joined.desk, joined.household)
    assert links_now(joined) == before


PLANTED = ("D'Almeida", "Fátima", "Crèvecœur", "almeida", "crevecoeur", "1985-03-12", "04 71 60 00 00", "0471600000")
"""What names the household of the small shop."""


def parcel_of(shop: SmallShop, folder: Path) -> bytes:
    folder.mkdir(exist_ok=True)
    return consolidate.read_parcel_file(share.export_parcel(shop.desk, folder).path)


def attack(hub: Desk, key: bytes) -> list[str]:
    """Try a list of names and every birth date of some years on all the tokens that a coordinator holds; return who was found."""
    with hub.db.read() as session:
        held = set(session.scalars(select(HouseholdKey.value)))
    found = []
    for last, first in (("Dupont", "Marie"), ("D'ALMEIDA", "Fatima"), ("Nguyen", "Paul")):
        days = (date(1984, 1, 1) + timedelta(days=n) for n in range(900))
        if any(
            value in held for d in days for _m, value in tokens_of(Adult(last, first, PartialDate(d.year, d.month, d.day)), key)
        ):  # fmt: skip
            found.append(last)
    return found


def test_nobody_learns_a_name_from_all_that_the_coordinator_holds(
    joined: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    card = enrol.issue_card(joined.desk, joined.household)
    data = parcel_of(joined, tmp_path / "stick")
    report = consolidate.accept_parcel(hub, data)
    assert report.accepted
    folder = tmp_path / "dump"
    dump(hub, folder)
    hub.db.fold()
    assert hub.db.path is not None
    _owner, keys = opening.open_slot(hub.db.path, PASSPHRASE)
    held = {p.name: p.read_bytes() for p in (tmp_path / "stick", folder) for p in p.rglob("*") if p.is_file()}
    held["pages"] = decrypted.pages(hub.db.path, keys.main)
    assert b"Dominique" in held["pages"], "the control: what is there is read"
    with joined.desk.db.read() as session:
        uids = [str(u) for u in session.scalars(select(Household.token))] + [
            u.hex for u in session.scalars(select(Household.token))
        ]
    for name, content in held.items():
        for text in (*PLANTED, card.code, card.digits, *uids):
            assert text.encode() not in content, (name, text)
        assert KEY not in content
        assert counting_key.written(KEY).encode() not in content
    assert attack(hub, bytes(32)) == [], "without the counting key a dictionary finds nothing"
    assert attack(hub, KEY) == ["D'ALMEIDA"], "the control: with it, one accomplice counter is enough"


def test_a_purge_a_parcel_and_an_import_leave_the_distinct_families_where_they_were(
    joined: SmallShop, hub: Desk, contract: int, tmp_path: Path
) -> None:
    enrol.issue_card(joined.desk, joined.household)
    rows = links_now(joined)[pseudonym_of(joined, joined.household)]
    consolidate.accept_parcel(hub, parcel_of(joined, tmp_path / "stick"))
    again = ShopLinks(KEY_ID, tuple((token("x"), means, value) for means, value in rows if means != "CARD"))
    assert receive(hub, contract, 2, {"x": 2, "y": 1}, again, month="2026-11") == 1
    before = counted(hub, contract, "2026-09", "2026-12")
    assert (before[1].families, before[1].by_name) == (2, 1)

    later = replace(joined, desk=replace(joined.desk, clock=FrozenClock.on(TODAY + timedelta(days=760))))
    months.close_month(later.desk, "2026-11")
    assert purge.purge(later.desk) == 1
    report = consolidate.accept_parcel(
        replace(hub, clock=FrozenClock.on(TODAY + timedelta(days=760))), parcel_of(later, tmp_path / "stick")
    )
    assert report.accepted
    with hub.db.read() as session:
        sites = session.scalars(select(HouseholdKey.site_id).distinct()).all()
    assert len(sites) == 1, "nothing of the purged household is told any more"
    assert counted(hub, contract, "2026-09", "2026-12") == before
