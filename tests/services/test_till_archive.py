"""The archive of the till: complete, readable by anyone, and one cent changed anywhere is found and named."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.payments import Part, PaymentKind
from epicerie_desktop.exchange.till_archive import COLUMNS, Fault, verify_archive
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.till import closings, drawer, regie, sell
from epicerie_desktop.services.till.archive import archive_year
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket, sold


@pytest.fixture
def archive(small_shop: SmallShop, tmp_path: Path) -> bytes:
    for grams in (400, 1250, 90):
        first = sold(small_shop, a_basket(small_shop, grams=grams))
    sell.cancel_sale(small_shop.desk, first.sale, "mauvais foyer")
    closings.close_day(small_shop.desk)
    (tmp_path / "out").mkdir()
    return archive_year(small_shop.desk, 2026, tmp_path / "out").read_bytes()


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {n: list(csv.DictReader(io.StringIO(bundle.read(f"{n}.csv").decode()))) for n in COLUMNS}


def forged(data: bytes, change: Callable[[dict[str, bytes]], None], *, resigned: bool = True) -> bytes:
    """Return the archive with something changed; a careful forger also writes the digests of the manifest again."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        files = {n: bundle.read(n) for n in bundle.namelist()}
    change(files)
    if resigned:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "manifest.json"}
        files["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def test_an_archive_holds_every_ticket_line_and_closing_and_verifies(archive: bytes) -> None:
    assert verify_archive(archive) is None
    found = tables(archive)
    assert len(found["tickets"]) == 4
    assert sum(int(t["paid_cents"]) for t in found["tickets"]) == int(found["closings"][0]["perpetual_cents"])
    assert {"sale", "cancel", "closing"} <= {j["kind"] for j in found["journal"]}
    assert verify_archive(forged(archive, lambda files: None)) is None, (
        "the forger's tools, changing nothing, break nothing"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("journal.csv", b'""paid"":', b'""pAid"":', "journal.csv"),
        ("tickets.csv", None, None, "tickets.csv"),
        ("closings.csv", None, None, "closings.csv"),
        ("lines.csv", None, None, "tickets.csv"),
        ("payments.csv", None, None, "tickets.csv"),
    ],
)
def test_a_cent_changed_is_found_even_where_the_digests_are_written_again(
    archive: bytes, file: str, old: bytes | None, new: bytes | None, told: str
) -> None:
    def change(files: dict[str, bytes]) -> None:
        if old is not None and new is not None:
            files[file] = files[file].replace(old, new, 1)
            return
        rows = list(csv.reader(io.StringIO(files[file].decode())))
        column = rows[0].index("cents" if file == "payments.csv" else "paid_cents")
        rows[1][column] = str(int(rows[1][column]) + 1)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        files[file] = out.getvalue().encode()

    fault = verify_archive(forged(archive, change))
    assert fault is not None
    assert fault.file == told
    assert fault.entry.startswith("1/")
    lazy = verify_archive(forged(archive, change, resigned=False))
    assert lazy == Fault(file, file, "digest")


def test_a_ticket_taken_out_of_the_journal_is_missed(archive: bytes) -> None:
    def drop(files: dict[str, bytes]) -> None:
        lines = files["journal.csv"].split(b"\n")
        gone = next(i for i, line in enumerate(lines) if b",sale," in line)
        files["journal.csv"] = b"\n".join(lines[:gone] + lines[gone + 1 :])

    fault = verify_archive(forged(archive, drop))
    assert fault is not None
    assert fault.why == "gap"


@given(st.binary(max_size=200))
def test_a_file_that_is_no_archive_is_refused_in_a_sentence(noise: bytes) -> None:
    with pytest.raises(BadInput, match="archive de caisse"):
        verify_archive(noise)


def test_a_damaged_archive_is_never_taken_for_a_good_one(archive: bytes) -> None:
    rng = random.Random(11)
    for _ in range(300):
        place = rng.randrange(len(archive))
        damaged = archive[:place] + bytes([archive[place] ^ (1 << rng.randrange(8))]) + archive[place + 1 :]
        try:
            fault = verify_archive(damaged)
        except BadInput:
            continue
        assert fault is not None or same_content(damaged, archive)


def same_content(one: bytes, other: bytes) -> bool:
    """Return whether two zips hold the same files: a bit of a date or an attribute tells nothing."""
    with zipfile.ZipFile(io.BytesIO(one)) as a, zipfile.ZipFile(io.BytesIO(other)) as b:
        return {n: a.read(n) for n in a.namelist()} == {n: b.read(n) for n in b.namelist()}


def test_a_year_without_anything_is_not_archived(small_shop: SmallShop, tmp_path: Path) -> None:
    with pytest.raises(RuleRefused, match="2019"):
        archive_year(small_shop.desk, 2019, tmp_path)


def test_a_year_with_a_regie_and_counted_drawers_verifies_too(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    drawer.open_session(desk, 20_00)
    sold(small_shop, a_basket(small_shop))
    drawer.close_session(desk, drawer.CountForm(20_50, deposit_cents=10_00))
    regie.pay_accountant(desk, regie.PaymentForm())
    closings.close_day(desk)
    data = archive_year(desk, 2026, tmp_path).read_bytes()
    assert verify_archive(data) is None
    kinds = {row["kind"] for row in tables(data)["journal"]}
    assert {"session", "session-close", "payment", "closing"} <= kinds


def test_a_cheque_made_cash_in_an_archive_is_found(small_shop: SmallShop, tmp_path: Path) -> None:
    """The sum of a ticket's payments says nothing of their means: the journal seals these where not all is cash."""
    desk = small_shop.desk
    save_feature(desk, "means", True)
    basket = a_basket(small_shop)
    half = basket.paid_cents // 2
    form = sell.PaymentForm(basket.paid_cents - half, (Part(PaymentKind.CHEQUE, half, "0123456"),))
    first = sell.record_sale(desk, small_shop.household, basket, form)
    sell.cancel_sale(desk, first.sale, "mauvais foyer")
    (tmp_path / "out").mkdir()
    data = archive_year(desk, 2026, tmp_path / "out").read_bytes()
    assert verify_archive(data) is None
    for old, new in (("CHEQUE", "SLATE"), (f"CHEQUE,-{half}", f"CARD,-{half}")):

        def change(files: dict[str, bytes], old: str = old, new: str = new) -> None:
            assert old.encode() in files["payments.csv"]
            files["payments.csv"] = files["payments.csv"].replace(old.encode(), new.encode())

        fault = verify_archive(forged(data, change))
        assert fault is not None
        assert fault.file == "tickets.csv"
