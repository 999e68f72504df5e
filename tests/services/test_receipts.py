"""Receipts: what the shop knows was received; a forged, replayed, older or foreign one is told apart and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from epicerie_desktop.exchange.keys import SigningKey
from epicerie_desktop.exchange.receipt import (
    ReceiptDamaged,
    ReceiptForged,
    ReceiptNotOurs,
    ReceiptRefused,
    read_receipt,
    write_receipt,
)
from epicerie_desktop.persistence.models import Contract
from epicerie_desktop.services import months
from epicerie_desktop.services.contract import consolidate, receipts, share
from epicerie_desktop.services.contract.receipts import Reading, Sending
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.safety.day_end import safety_reminders
from epicerie_desktop.support.errors import BadInput
from tests.conftest import TODAY
from tests.services import test_share_and_consolidate as shared
from tests.services.conftest import SmallShop
from tests.services.test_share_and_consolidate import at, exported, rows, serve

contract = shared.contract


def sent_and_received(hub: Desk, contract: int, shop: Desk, folder: Path) -> Path:
    consolidate.accept_parcel(hub, exported(shop, folder), reason="Vu au téléphone")
    (path,) = receipts.write_receipts(hub, contract, folder, message="Merci à toute l'équipe.")
    return path


def states(desk: Desk) -> dict[str, tuple[str, date | None]]:
    found = share.preview_parcel(desk).sendings
    assert found == receipts.months_sent(desk, share.joined_contracts(desk)[0].id)
    return {m.month: (m.sending.value, m.received_on) for m in found}


def test_a_month_is_not_sent_then_received_on_a_day_then_corrected_since(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    receipt = serve(small_shop, day=TODAY - timedelta(days=25))
    assert states(desk) == {"2026-10": ("not_yet", None), "2026-09": ("not_yet", None)}
    assert receipts.late_months(desk) == ("2026-09", "2026-10")
    assert safety_reminders(desk).unsent == ("2026-09", "2026-10")
    path = sent_and_received(hub, contract, desk, tmp_path)
    assert path.name == "accuse-SF01-1-00001.epic-recu"
    read = receipts.read_receipt_file(desk, path)
    assert (read.reading, read.seq, read.message) == (Reading.TAKEN, 1, "Merci à toute l'équipe.")
    assert states(desk) == {"2026-10": ("received", TODAY), "2026-09": ("received", TODAY)}
    assert receipts.late_months(desk) == ()
    from epicerie_desktop.services.till import sell

    sell.cancel_sale(desk, receipt.sale, "erreur de foyer")
    assert states(desk)["2026-10"] == ("changed", None)
    later = at(hub, TODAY + timedelta(days=2))
    receipts.read_receipt_file(desk, sent_and_received(later, contract, at(desk, TODAY + timedelta(days=1)), tmp_path))
    assert states(desk) == {"2026-10": ("received", TODAY + timedelta(days=2)), "2026-09": ("received", TODAY)}


def test_the_reminder_waits_as_many_days_as_the_setting_says_and_zero_is_never(
    hub: Desk, contract: int, small_shop: SmallShop
) -> None:
    early = at(small_shop.desk, date(2026, 10, 10))
    assert receipts.late_months(early) == ()
    assert receipts.late_months(at(early, date(2026, 10, 11))) == ("2026-09",)
    receipts.save_remind_after(small_shop.desk, 30)
    assert (receipts.remind_after(small_shop.desk), receipts.late_months(small_shop.desk)) == (30, ("2026-09",))
    receipts.save_remind_after(small_shop.desk, 0)
    assert receipts.late_months(small_shop.desk) == ()
    with pytest.raises(BadInput):
        receipts.save_remind_after(small_shop.desk, 91)


def test_a_receipt_read_twice_or_after_a_later_one_changes_nothing(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    first = sent_and_received(hub, contract, small_shop.desk, tmp_path)
    second = sent_and_received(hub, contract, small_shop.desk, tmp_path)
    receipts.read_receipt_file(small_shop.desk, second)
    before = rows(small_shop.desk)
    assert receipts.read_receipt_file(small_shop.desk, second).reading is Reading.KNOWN
    assert receipts.read_receipt_file(small_shop.desk, first).reading is Reading.OLDER
    with small_shop.desk.db.write() as session:
        kept = session.execute(select(Contract.generation)).scalar_one()
        session.execute(update(Contract).values(generation=type(kept)(int=kept.int ^ 1)))
    third = write_again(hub, contract, tmp_path / "trois.epic-recu", seq=3)
    assert receipts.read_receipt_file(small_shop.desk, third).reading is Reading.BEFORE_RESTORE
    with small_shop.desk.db.write() as session:
        session.execute(update(Contract).values(generation=kept))
    assert rows(small_shop.desk) == before


def write_again(hub: Desk, made: int, path: Path, key: SigningKey | None = None, **changes: object) -> Path:
    """The shop's receipt with something else in it, signed by the coordinator or by whom one wants."""
    with hub.db.read() as session:
        signing = key or SigningKey.from_bytes(session.get_one(Contract, made).signing_key)
    (receipt,) = receipts.receipts_of(hub, made)
    path.write_bytes(write_receipt(replace(receipt, **changes), signing))  # type: ignore[arg-type]
    return path


def test_a_forged_foreign_damaged_or_unknown_receipt_is_told_apart_and_changes_nothing(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    good = sent_and_received(hub, contract, small_shop.desk, tmp_path)
    before = rows(small_shop.desk)
    file = tmp_path / "autre.epic-recu"
    cases: list[tuple[Path, type[Exception]]] = [
        (write_again(hub, contract, file, SigningKey.generate()), ReceiptForged),
        (write_again(hub, contract, tmp_path / "b", site="PI02"), receipts.ReceiptElsewhere),
        (write_again(hub, contract, tmp_path / "c", contract="0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"), receipts.ReceiptElsewhere),
        (write_again(hub, contract, tmp_path / "d", parcel="ab" * 32), receipts.ReceiptUnknownParcel),
        (write_again(hub, contract, tmp_path / "e", seq=9), receipts.ReceiptUnknownParcel),
    ]  # fmt: skip
    (tmp_path / "f").write_bytes(good.read_bytes()[:-3])
    (tmp_path / "g").write_bytes(b"\xff\xd8\xff" + bytes(200))
    for path, cause in (*cases, (tmp_path / "f", ReceiptDamaged), (tmp_path / "g", ReceiptNotOurs)):
        with pytest.raises(cause) as told:
            receipts.read_receipt_file(small_shop.desk, path)
        assert str(told.value)
        assert rows(small_shop.desk) == before
    assert receipts.read_receipt_file(small_shop.desk, good).reading is Reading.TAKEN, "the control"


def test_no_bit_of_a_receipt_can_be_flipped(hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path) -> None:
    data = sent_and_received(hub, contract, small_shop.desk, tmp_path).read_bytes()
    with hub.db.read() as session:
        key = session.get_one(Contract, contract).verify_key
    assert read_receipt(data, key)[0].seq == 1
    for bit in range(0, 8 * len(data), 5):
        spoilt = bytearray(data)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ReceiptRefused):
            read_receipt(bytes(spoilt), key)


def test_receipts_written_again_are_the_same_files_and_a_long_message_is_refused(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    months.close_month(small_shop.desk, "2026-10")
    first = sent_and_received(hub, contract, small_shop.desk, tmp_path)
    assert receipts.write_receipts(hub, contract, tmp_path, message="Merci à toute l'équipe.") == (first,)
    (receipt,) = receipts.receipts_of(hub, contract)
    assert [(m.month, m.closed) for m in receipt.months] == [("2026-09", True), ("2026-10", True), ("2026-11", False)]
    with pytest.raises(BadInput):
        receipts.receipts_of(hub, contract, "a" * 501)
    assert Sending.RECEIVED.value == "received"
