"""The counting key goes from the custodian's sheet to the counters, and to nobody else."""

from __future__ import annotations

import base64
from datetime import date

import pypdfium2
import pytest
from sqlalchemy import select

from epicerie_desktop.domain import counting_key
from epicerie_desktop.domain.paper_groups import GroupMistyped
from epicerie_desktop.persistence.models import Base, Contract, Journal
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import consolidate, custody, share
from epicerie_desktop.services.demonstration import PASSPHRASE
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account


@pytest.fixture
def joined(hub: Desk, small_shop: SmallShop) -> int:
    contract = consolidate.create_contract(hub, "Contrat social", date(2026, 9, 1), date(2028, 12, 31))
    return share.join_contract(small_shop.desk, consolidate.add_site(hub, contract, "SF01", "Épicerie"))


def test_a_counter_reads_the_sheet_once_and_a_slip_changes_nothing(joined: int, small_shop: SmallShop) -> None:
    desk, sheet = small_shop.desk, custody.draw_counting_key()
    assert custody.counting_key_number(desk, joined) == ""
    with pytest.raises(GroupMistyped):
        custody.take_counting_key(desk, joined, sheet[:-1] + ("0" if sheet[-1] != "0" else "1"))
    assert custody.counting_key_number(desk, joined) == ""
    read = custody.take_counting_key(desk, joined, sheet.lower().replace("-", " "))
    assert (read.changed, read.replaced, read.key_id) == (True, "", custody.check_counting_key(sheet))
    again = custody.take_counting_key(desk, joined, sheet)
    assert (again.changed, custody.counting_key_number(desk, joined)) == (False, read.key_id)
    with desk.db.read() as session:
        entries = session.scalars(select(Journal.body).where(Journal.kind == "contract.counting_key")).all()
    assert len(entries) == 1
    assert counting_key.read(sheet).hex() not in entries[0]


def test_another_key_is_asked_about_with_what_it_costs(joined: int, small_shop: SmallShop) -> None:
    desk, first, second = small_shop.desk, custody.draw_counting_key(), custody.draw_counting_key()
    custody.take_counting_key(desk, joined, first)
    with pytest.raises(custody.AnotherCountingKey, match="ne se comparent jamais") as asked:
        custody.take_counting_key(desk, joined, second)
    assert custody.check_counting_key(first) in str(asked.value)
    assert custody.counting_key_number(desk, joined) == custody.check_counting_key(first)
    read = custody.take_counting_key(desk, joined, second, replace=True)
    assert (read.replaced, read.key_id) == (custody.check_counting_key(first), custody.check_counting_key(second))


def test_the_coordinator_s_program_and_a_volunteer_s_account_refuse_it(
    hub: Desk, joined: int, small_shop: SmallShop
) -> None:
    sheet = custody.draw_counting_key()
    (contract,) = consolidate.list_contracts(hub)
    with pytest.raises(RuleRefused, match="ne doit pas détenir"):
        custody.take_counting_key(hub, contract.id, sheet)
    with pytest.raises(RuleRefused, match="équipe"):
        custody.take_counting_key(an_account(small_shop.desk, role="VOLUNTEER"), joined, sheet)
    with hub.db.read() as session:
        assert session.scalars(select(Contract.counting_key)).all() == [None]


def test_the_sheet_bears_the_key_for_the_eye_and_not_among_its_properties() -> None:
    sheet = custody.draw_counting_key()
    data = custody.counting_key_pdf(sheet, TODAY)
    with pypdfium2.PdfDocument(data) as document:
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
        told = " ".join(str(v) for v in document.get_metadata_dict().values())
    assert all(group in text for group in sheet.split("-")), "typed by hand where there is no scanner"
    assert custody.check_counting_key(sheet) in text
    assert not any(group in told for group in sheet.split("-")[1:])
    assert sheet != custody.draw_counting_key()


def test_the_coordinator_s_folder_and_database_hold_the_demonstration_s_key_in_no_form(demo_files: DemoFiles) -> None:
    sheets = [p.read_text("utf-8").strip() for p in sorted(demo_files.custodian.glob("*.txt"))]
    assert len(sheets) == 2
    assert demo_files.coordinator.parent not in demo_files.custodian.parents
    keys = [counting_key.read(sheet) for sheet in sheets]
    wanted = {form for key, sheet in zip(keys, sheets, strict=True) for form in _forms(key, sheet)}
    for path in demo_files.coordinator.parent.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(form in data for form in wanted), path.name
    hub = opening.open_desk(demo_files.coordinator, PASSPHRASE, FrozenClock.on(TODAY))
    shop = opening.open_desk(demo_files.shops[0], PASSPHRASE, FrozenClock.on(TODAY))
    try:
        assert not any(form in _everything(hub) for form in wanted)
        # The control: the same reading of a shop's file finds both keys.
        told = _everything(shop)
        assert all(any(form in told for form in _forms(key, sheet)) for key, sheet in zip(keys, sheets, strict=True))
    finally:
        hub.db.close()
        shop.db.close()


def _forms(key: bytes, sheet: str) -> tuple[bytes, ...]:
    return (
        key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key), base64.b32encode(key), repr(key)[2:-1].encode(),
        sheet.encode(), sheet.replace("-", "").encode(), sheet.removeprefix("EPCK-").encode(), repr(list(key))[1:-1].encode(),
    )  # fmt: skip


def _everything(desk: Desk) -> bytes:
    """Every column of every table of a file, bytes as they are."""
    with desk.db.read() as session:
        cells = [c for t in Base.metadata.sorted_tables for row in session.execute(select(t)) for c in row]
    return b"\0".join(c if isinstance(c, bytes) else str(c).encode() for c in cells)


def test_the_demonstration_s_shops_hold_the_key_of_each_contract(demo_files: DemoFiles) -> None:
    shop = opening.open_desk(demo_files.shops[0], PASSPHRASE, FrozenClock.on(TODAY))
    try:
        for contract in share.joined_contracts(shop):
            sheet = (demo_files.custodian / f"cle-de-comptage-{contract.number:04d}.txt").read_text("utf-8")
            assert custody.counting_key_number(shop, contract.id) == custody.check_counting_key(sheet)
    finally:
        shop.db.close()
