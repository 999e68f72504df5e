"""From the shop's tickets to the contract's totals: every parcel gets its own outcome, and a refused one changes no row."""

from __future__ import annotations

import random
import shutil
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.domain.household import Link, Sex
from epicerie_desktop.exchange import parcel
from epicerie_desktop.exchange.enrolment import EnrolmentRefused
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey
from epicerie_desktop.exchange.refusals import (
    ParcelNewer,
    ParcelOtherContract,
    ParcelOtherRecipient,
    ParcelRefused,
    ParcelUnknownSigner,
    ParcelUnreadable,
)
from epicerie_desktop.persistence.database import Database
from epicerie_desktop.persistence.models import Base, Contract, Household, Person, load_all
from epicerie_desktop.services import (
    opening,
    safeguard,
    sheets,
)
from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.contract.consolidate import Outcome
from epicerie_desktop.services.contract.judge import ParcelUnknownSite
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, figures
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import SmallShop

SURE = "Vu au téléphone avec Camille"
STARTS, ENDS = date(2026, 9, 1), date(2028, 12, 31)


load_all()


@pytest.fixture
def contract(hub: Desk, small_shop: SmallShop) -> int:
    """A contract that the small shop has joined by its file."""
    made = consolidate.create_contract(hub, "Contrat social 2026–2028", STARTS, ENDS)
    join(hub, made, small_shop.desk, "SF01", "Épicerie des Quatre-Vents")
    return made


def join(hub: Desk, contract: int, desk: Desk, code: str, name: str) -> None:
    site = consolidate.add_site(hub, contract, code, name)
    row = next(s for s in consolidate.list_sites(hub, contract) if s.code == code)
    path = consolidate.write_enrolment_file(hub, row.id, desk_folder(hub))
    read = share.read_contract_file(path)
    assert read.fingerprint == site.fingerprint
    share.join_contract(desk, read)


def desk_folder(desk: Desk) -> Path:
    assert desk.db.path is not None
    return desk.db.path.parent


def serve(shop: SmallShop, *, grams: int = 1250, pieces: int = 2, day: date | None = None) -> sell.Receipt:
    prices = counter.price_list(shop.desk)
    basket = Basket(str(uuid.uuid4()), 100)
    basket = basket.with_weighed(str(uuid.uuid4()), prices.offers[shop.carrots], grams, WeightSource.SCALE)
    basket = basket.with_pieces(str(uuid.uuid4()), prices.offers[shop.peas], pieces)
    return sell.record_sale(
        shop.desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), day=day, override="accord de Camille"
    )


def at(desk: Desk, day: date, hour: int = 10) -> Desk:
    return replace(desk, clock=FrozenClock.on(day, hour))


def exported(desk: Desk, folder: Path) -> bytes:
    return consolidate.read_parcel_file(share.export_parcel(desk, folder).path)


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with desk.db.read() as session:
        return {
            t.name: sorted((tuple(r) for r in session.execute(select(t))), key=repr)
            for t in Base.metadata.sorted_tables
        }


def refused(hub: Desk, data: bytes, cause: type[Exception]) -> None:
    before = rows(hub)
    with pytest.raises(cause) as told:
        consolidate.look_at_parcel(hub, data)
    assert str(told.value)
    with pytest.raises(cause):
        consolidate.accept_parcel(hub, data, reason=SURE)
    assert rows(hub) == before


def unchanged(hub: Desk, data: bytes, outcome: Outcome, reason: str = SURE) -> consolidate.ImportReport:
    before = rows(hub)
    assert consolidate.look_at_parcel(hub, data).outcome is outcome
    report = consolidate.accept_parcel(hub, data, reason=reason)
    assert (report.outcome, report.accepted) == (outcome, False)
    assert report.sentence.format(**report.fields)
    assert rows(hub) == before
    return report


def test_a_shop_s_parcel_gives_the_contract_the_shop_s_own_totals(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    serve(small_shop, grams=640, day=TODAY - timedelta(days=25))
    preview = share.preview_parcel(small_shop.desk)
    assert (preview.months, preview.seq) == (("2026-09", "2026-10", "2026-11"), 1)
    data = exported(small_shop.desk, tmp_path)
    looked = consolidate.look_at_parcel(hub, data)
    assert (looked.outcome, looked.first_signature, looked.accepted) == (Outcome.NEW, True, False)
    assert looked.signer == share.joined_contracts(small_shop.desk)[0].signature
    assert [(c.month, c.before) for c in looked.changes] == [("2026-09", None), ("2026-10", None), ("2026-11", None)]
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-11") == Totals()
    assert consolidate.accept_parcel(hub, data).accepted
    for first, last in (("2026-09", "2026-11"), ("2026-10", "2026-10"), ("2026-11", "2026-11"), ("2026-09", "2026-09")):
        own = figures.totals_of(small_shop.desk, first, last)
        assert consolidate.contract_totals(hub, contract, first, last) == own
    assert preview.totals == figures.totals_of(small_shop.desk, "2026-09", "2026-11")
    assert preview.totals.visits == 2
    assert preview.totals.grams == 1250 + 640 + 4 * 400


def test_the_same_parcel_twice_changes_nothing(hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path) -> None:
    serve(small_shop)
    data = exported(small_shop.desk, tmp_path)
    consolidate.accept_parcel(hub, data)
    report = unchanged(hub, data, Outcome.KNOWN)
    assert report.fields["day"] == "20/11/2026"


def test_a_later_parcel_replaces_only_what_changed_and_an_older_one_is_refused(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop, day=TODAY - timedelta(days=25))
    first = exported(small_shop.desk, tmp_path)
    serve(small_shop)
    second, third = exported(small_shop.desk, tmp_path), exported(small_shop.desk, tmp_path)
    consolidate.accept_parcel(hub, first)
    report = consolidate.accept_parcel(hub, third)
    assert (report.accepted, [c.month for c in report.changes], report.missed) == (True, ["2026-11"], 1)
    assert unchanged(hub, second, Outcome.OLDER).fields["seq"] == 3
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-11").visits == 2
    assert consolidate.list_sites(hub, contract)[0].last_seq == 3


def test_two_parcels_with_one_number_tell_a_copied_computer(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    source = small_shop.desk.db.path
    assert source is not None
    copy = safeguard.back_up(small_shop.desk, tmp_path / "copie", PASSPHRASE)
    twin = opening.open_desk(copy, PASSPHRASE, small_shop.desk.clock)
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    unchanged(hub, exported(at(twin, TODAY, 16), tmp_path), Outcome.FORK)
    twin.db.close()


def test_a_restored_shop_is_taken_only_once_the_coordinator_is_sure_and_its_figures_then_count(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    copy = safeguard.back_up(small_shop.desk, tmp_path / "copie", PASSPHRASE)
    for grams in (500, 700):
        serve(small_shop, grams=grams, day=TODAY - timedelta(days=1))
        consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    target = tmp_path / "neuf" / "shop.db"
    safeguard.restore(copy, target, PASSPHRASE, small_shop.desk.clock)
    fresh = opening.open_desk(target, PASSPHRASE, small_shop.desk.clock)
    data = exported(fresh, tmp_path)
    unchanged(hub, data, Outcome.RESTORED, reason="")
    report = consolidate.accept_parcel(hub, data, reason=SURE)
    assert report.accepted
    assert [(c.month, c.shrinks) for c in report.changes] == [("2026-11", True)]
    whole = consolidate.contract_totals(hub, contract, "2026-09", "2026-11")
    assert whole == figures.totals_of(fresh, "2026-09", "2026-11")
    unchanged(hub, exported(small_shop.desk, tmp_path), Outcome.OLDER)
    fresh.db.close()


def test_a_closed_month_that_falls_waits_for_the_coordinator(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    receipt = serve(small_shop)
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    december = at(small_shop.desk, date(2026, 12, 5))
    closing = exported(december, tmp_path)
    assert consolidate.look_at_parcel(hub, closing).outcome is Outcome.FUTURE
    hub = at(hub, date(2026, 12, 5))
    assert [c.month for c in consolidate.look_at_parcel(hub, closing).changes] == ["2026-12"]
    consolidate.accept_parcel(hub, closing)
    assert consolidate.received_months(hub, contract)[1] == {
        "2026-09": True,
        "2026-10": True,
        "2026-11": True,
        "2026-12": False,
    }
    sell.cancel_sale(december, receipt.sale, "erreur de foyer")
    data = exported(december, tmp_path)
    unchanged(hub, data, Outcome.SHRANK, reason="")
    assert consolidate.accept_parcel(hub, data, reason=SURE).accepted
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-12").visits == 0


def test_a_number_too_far_ahead_is_refused(hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path) -> None:
    data = exported(small_shop.desk, tmp_path)
    consolidate.accept_parcel(hub, data)
    header = parcel.read_header(data)
    unchanged(hub, resealed(hub, small_shop, replace(header, seq=header.seq + 1001), data), Outcome.TOO_FAR)
    near = resealed(hub, small_shop, replace(header, seq=header.seq + 1000), data)
    assert consolidate.accept_parcel(hub, near).missed == 999


def resealed(hub: Desk, shop: SmallShop, header: parcel.ParcelHeader, data: bytes, **body: object) -> bytes:
    """The content of a parcel under another label or changed, rightly signed and sealed."""
    with hub.db.read() as session:
        made = session.execute(select(Contract)).scalar_one()
        assert made.identity is not None
        opened = parcel.open_parcel(
            data,
            AgeIdentity.from_string(made.identity),
            expected_contract=parcel.read_header(data).contract,
            verify_key=None,
        )
    with shop.desk.db.read() as session:
        joined = session.execute(select(Contract)).scalar_one()
        key = SigningKey.from_bytes(joined.signing_key)
    return parcel.write_parcel(header, opened.body | body, key, [joined.recipient])


def month_block(month: str, origins: list[list[object]] | None = None) -> dict[str, object]:
    """The block of one month without a visit."""
    row = {"record": 2, "month": month, "origins": origins or [], "households": [], "revision": 1, "closed": True}
    return {"version": 2, "required": True, "rows": [{**row, "closing": None}]}


def test_a_parcel_of_another_contract_shop_coordinator_signer_or_future_is_refused_with_its_cause(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    data = exported(small_shop.desk, tmp_path)
    header = parcel.read_header(data)
    refused(hub, resealed(hub, small_shop, replace(header, contract=str(uuid.uuid4())), data), ParcelOtherContract)
    refused(hub, resealed(hub, small_shop, replace(header, site="XX99"), data), ParcelUnknownSite)
    refused(hub, resealed(hub, small_shop, replace(header, min_reader=2), data), ParcelNewer)
    elsewhere = AgeIdentity.generate().recipient
    refused(
        hub, parcel.write_parcel(header, {"kind": "shop"}, SigningKey.generate(), [elsewhere]), ParcelOtherRecipient
    )
    consolidate.accept_parcel(hub, data)
    with small_shop.desk.db.write() as session:
        session.execute(select(Contract)).scalar_one().signing_key = SigningKey.generate().to_bytes()
    refused(hub, resealed(hub, small_shop, replace(header, seq=2), data), ParcelUnknownSigner)


@pytest.mark.parametrize(
    "body",
    [
        {"months": "rien"},
        {"control": {}},
        {"kind": "coordinator"},
        {"blocks": {"families": {"version": 1, "required": False, "rows": [["FL"]]}}},
        {"blocks": {}},
        {"blocks": {"months": month_block("2031-01")}},
        {"blocks": {"months": month_block("2026-11", [["FSE", 5]])}},
        {"blocks": {"months": month_block("2026-13")}},
    ],
)
def test_a_rightly_signed_parcel_whose_content_does_not_hold_together_is_refused(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path, body: dict[str, object]
) -> None:
    data = exported(small_shop.desk, tmp_path)
    refused(hub, resealed(hub, small_shop, parcel.read_header(data), data, **body), ParcelUnreadable)


def test_a_damaged_or_cut_parcel_is_refused_whatever_the_byte(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    data = exported(small_shop.desk, tmp_path)
    before = rows(hub)
    chance = random.Random(2026)
    for place in {0, 5, 6, 9, 10, len(data) - 1, *chance.sample(range(len(data)), 120)}:
        spoilt = bytearray(data)
        spoilt[place] ^= 1 << chance.randrange(8)
        with pytest.raises(ParcelRefused):
            consolidate.accept_parcel(hub, bytes(spoilt), reason=SURE)
    for length in {0, 3, 8, len(data) - 1, *chance.sample(range(len(data)), 30)}:
        with pytest.raises(ParcelRefused):
            consolidate.accept_parcel(hub, data[:length], reason=SURE)
    assert rows(hub) == before
    assert consolidate.accept_parcel(hub, data).accepted


def test_two_shops_add_up_and_the_balance_names_their_families_of_products(
    hub: Desk, contract: int, small_shop: SmallShop, blank_shop: Path, tmp_path: Path
) -> None:
    serve(small_shop)
    shutil.copytree(blank_shop, tmp_path / "other")
    other = opening.open_desk(tmp_path / "other" / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    join(hub, contract, other, "PI02", "Épicerie de Pierrefort")
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    consolidate.accept_parcel(hub, exported(other, tmp_path))
    assert [(s.code, s.last_month) for s in consolidate.list_sites(hub, contract)] == [
        ("SF01", "2026-11"),
        ("PI02", "2026-11"),
    ]
    balance = sheets.contract_balance(hub, sheets.BalanceForm(contract, "2026-09", "2026-11"))
    assert [p.totals.visits for p in balance.by_shop] == [1, 0]
    assert balance.whole == figures.totals_of(small_shop.desk, "2026-09", "2026-11")
    named = {f.code: f.label for f in balance.families}
    assert set(dict(balance.whole.grams_by_family)) <= set(named)
    assert sheets.contract_balance_pdf(hub, sheets.BalanceForm(contract, "2026-09", "2026-11")).startswith(b"%PDF")
    other.db.close()


def test_a_parcel_holds_no_name_phone_birth_date_or_number_of_a_household(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    enrol.save_household(
        small_shop.desk,
        HouseholdForm(
            (MemberForm("Vandervelde", "Philomène", Link.HOLDER, Sex.FEMALE, "1971-08-09"),),
            AddressForm(postcode="15100", commune_code="15187", lines="14 rue des Agials"),
            phone="06 12 34 56 78",
            opened_on=TODAY,
        ),
    )
    serve(small_shop)
    data = exported(small_shop.desk, tmp_path)
    with hub.db.read() as session:
        made = session.execute(select(Contract)).scalar_one()
        assert made.identity is not None
        opened = parcel.open_parcel(
            data, AgeIdentity.from_string(made.identity), expected_contract=str(made.uid), verify_key=None
        )
    clear = (repr(opened.header) + repr(opened.body)).casefold()
    with small_shop.desk.db.read() as session:
        people, homes = session.scalars(select(Person)).all(), session.scalars(select(Household)).all()
        words = {w for p in people for w in (p.last_name, p.first_name, p.token.hex, str(p.uid), p.uid.hex, p.born)}
        words |= {w for h in homes for w in (h.number, h.phone, h.token.hex, str(h.uid), h.uid.hex)}
    for word in words | {"agials", "15187", "0612345678", "camille"}:
        if word and word not in ("1980",):
            assert word.casefold() not in clear, word
    assert all(c["visits"] for m in opened.body["blocks"]["months"]["rows"] for c in m["households"])  # type: ignore[attr-defined]


def test_the_contract_file_is_refused_when_damaged_and_joined_only_once(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    site = consolidate.list_sites(hub, contract)[0]
    path = consolidate.write_enrolment_file(hub, site.id, tmp_path)
    with pytest.raises(RuleRefused):
        share.join_contract(small_shop.desk, share.read_contract_file(path))
    data = path.read_bytes()
    for place in random.Random(7).sample(range(len(data)), 60):
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        path.write_bytes(bytes(spoilt))
        with pytest.raises(EnrolmentRefused):
            share.read_contract_file(path)
    assert share.desk_now(small_shop.desk).shop.contract_number == consolidate.list_contracts(hub)[0].number


def test_a_shop_without_a_contract_or_before_its_first_day_has_nothing_to_send(
    hub: Desk, desk: Desk, tmp_path: Path
) -> None:
    with pytest.raises(RuleRefused):
        share.preview_parcel(desk)
    with pytest.raises(RuleRefused):
        share.export_parcel(desk, tmp_path)
    later = consolidate.create_contract(hub, "Contrat à venir", date(2027, 1, 1), date(2029, 12, 31))
    join(hub, later, desk, "SF01", "Épicerie des Quatre-Vents")
    with pytest.raises(RuleRefused) as told:
        share.export_parcel(desk, tmp_path)
    assert "01/01/2027" in str(told.value)
    assert list(tmp_path.glob("*.epic")) == []


def test_a_contract_or_a_shop_wrongly_named_is_refused_and_writes_nothing(hub: Desk) -> None:
    before = rows(hub)
    for name, starts, ends in (("  ", STARTS, ENDS), ("Contrat", ENDS, STARTS)):
        with pytest.raises(BadInput):
            consolidate.create_contract(hub, name, starts, ends)
    assert rows(hub) == before
    made = consolidate.create_contract(hub, "Contrat", STARTS, ENDS)
    consolidate.add_site(hub, made, "sf01", "Épicerie")
    before = rows(hub)
    for code, name, cause in (("SF01", "Autre", RuleRefused), ("é", "Autre", BadInput), ("PI02", "", BadInput)):
        with pytest.raises(cause):
            consolidate.add_site(hub, made, code, name)
    assert rows(hub) == before


def test_the_coordinator_s_own_contract_is_not_one_it_could_send_to(hub: Desk, tmp_path: Path) -> None:
    consolidate.create_contract(hub, "Contrat", STARTS, ENDS)
    assert share.joined_contracts(hub) == ()


def test_a_copy_to_a_folder_that_cannot_be_written_tells_so(desk: Desk, tmp_path: Path) -> None:
    from epicerie_desktop.support.errors import EnvironmentTrouble

    blocked = tmp_path / "fichier"
    blocked.write_text("")
    with pytest.raises(EnvironmentTrouble) as told:
        safeguard.back_up(desk, blocked, PASSPHRASE)
    assert told.value.code == "SAU-104"
    assert isinstance(desk.db, Database)
