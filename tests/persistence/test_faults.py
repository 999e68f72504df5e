"""Bits that flip, disks that fill up, copies that lie: nothing acknowledged is lost, nothing damaged is believed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from epicerie_desktop.persistence import backup, vault
from epicerie_desktop.persistence.database import Database, connect
from epicerie_desktop.persistence.models import Lot, Sale
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import EnvironmentTrouble
from tests.conftest import PASSPHRASE, TODAY
from tests.persistence.conftest import Busy, make_busy

SEED = 20261120


def shut(busy: Busy) -> tuple[Path, bytes]:
    """Sell a little, close the file, and return it with its key."""
    path = busy.desk.db.path
    assert path is not None
    for _ in range(5):
        busy.sell()
    busy.desk.db.close()
    return path, opening.open_keys(path, PASSPHRASE).main


def seen(path: Path, key: bytes) -> bool:
    """Return whether the damage of a file is noticed, at its opening or by its check."""
    try:
        db = Database.open(path, key)
    except EnvironmentTrouble as trouble:
        return trouble.code in ("BDD-202", "BDD-203")
    with suppress(EnvironmentTrouble):
        found = bool(db.damage())
    db.close()
    return found


def test_one_flipped_bit_anywhere_in_the_file_is_noticed(busy: Busy) -> None:
    path, key = shut(busy)
    whole = path.read_bytes()
    rng = random.Random(SEED)
    missed = []
    for place in [0, 15, 16, 4095, len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(115))]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(damaged))
        if not seen(path, key):
            missed.append(place)
    assert missed == []
    path.write_bytes(whole)
    assert not seen(path, key), "the control: the same file, whole, is not accused"


def test_a_file_cut_or_with_a_page_of_another_day_is_noticed(busy: Busy) -> None:
    path, key = shut(busy)
    early = path.read_bytes()
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    for _ in range(30):
        Busy(desk, busy.household, busy.article).sell()
    desk.db.close()
    late = path.read_bytes()
    for damaged in (late[:-4096], late[: len(late) // 2], late[:4096], late + bytes(4096), late[:8192] + late[12288:]):
        path.write_bytes(damaged)
        assert seen(path, key)
    changed = [p for p in range(4096, len(early), 4096) if early[p : p + 4096] != late[p : p + 4096]]
    assert changed
    missed = []
    for page in changed:
        path.write_bytes(late[:page] + early[page : page + 4096] + late[page + 4096 :])
        if not seen(path, key):
            desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
            if safeguard.verify_file(desk) == ():
                missed.append(page // 4096)
            desk.db.close()
    assert len(missed) < len(changed), "an old page carries a right seal: only the sums of the books can tell"


def test_a_damaged_page_read_in_the_middle_of_the_day_is_told_as_damage(busy: Busy) -> None:
    path, _ = shut(busy)
    whole = path.read_bytes()
    codes = set()
    for page in range(4096, len(whole), 4096 * 5):
        path.write_bytes(whole[: page + 100] + bytes(64) + whole[page + 164 :])
        try:
            desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
            with closing(desk.db):
                safeguard.verify_file(desk)
                Busy(desk, busy.household, busy.article).sell()
        except EnvironmentTrouble as trouble:
            codes.add(trouble.code)
        path.with_name("shop.db-wal").unlink(missing_ok=True)
    path.write_bytes(whole)
    assert codes == {"BDD-202"}


def test_an_account_book_altered_by_hand_does_not_add_up(busy: Busy) -> None:
    receipt = busy.sell()
    path = busy.desk.db.path
    assert path is not None
    with busy.desk.db.write() as session:
        session.execute(update(Lot).values(balance_grams=Lot.balance_grams + 1))
    told = safeguard.verify_file(busy.desk)
    assert {f.what for f in told} == {"stock"}
    assert all(f.found == f.expected + 1 for f in told), "the figure told is the one that is wrong"
    with busy.desk.db.write() as session:
        session.execute(update(Lot).values(balance_grams=Lot.balance_grams - 1))
    raw = connect(path, opening.open_keys(path, PASSPHRASE).main)
    raw.execute("DROP TRIGGER sale_no_update")
    for column in ("paid_cents", "shelf_cents", "grams"):
        raw.execute(f"UPDATE sale SET {column} = {column} - 1 WHERE id = ?", (receipt.sale,))
        (found,) = safeguard.verify_file(busy.desk)
        assert (found.what, found.where, found.found - found.expected) == ("tickets", str(receipt.sale), 1), column
        raw.execute(f"UPDATE sale SET {column} = {column} + 1 WHERE id = ?", (receipt.sale,))
    raw.execute("DROP TRIGGER journal_no_update")
    raw.execute("UPDATE journal SET body = replace(body, '\"sale\"', '\"sold\"') WHERE kind = 'sale'")
    seq = raw.execute("SELECT min(seq) FROM journal WHERE kind = 'sale'").fetchone()[0]
    raw.close()
    assert [(f.what, f.where) for f in safeguard.verify_file(busy.desk)] == [("journal", f"1/{seq} (digest)")]


def test_no_name_lies_in_clear_beside_the_program(busy: Busy) -> None:
    path = busy.desk.db.path
    assert path is not None
    busy.sell()
    key = opening.open_keys(path, PASSPHRASE).main
    backup.copy_to(path, key, path.with_name("copie.db"))
    vault.copy_keys(path, path.with_name("copie.db"))
    found = [p for p in path.parent.rglob("*") if p.is_file()]
    assert {p.name for p in found} >= {"shop.db", "shop.db-wal", "shop.keys.json", "copie.db", "copie.keys.json"}
    for file in found:
        content = file.read_bytes()
        for secret in ("Secretnom", "Zélie", "secretnom", "zelie", "Carottes", PASSPHRASE):
            assert secret.encode() not in content, (file.name, secret)
        for bare in (key, key.hex().encode()):
            assert bare not in content, file.name
    with busy.desk.db.read() as session:
        bodies = session.connection().exec_driver_sql("SELECT group_concat(body) FROM journal").scalar_one()
    assert "ecretnom" not in bodies
    assert "lie" not in bodies


# --- copies


def test_a_copy_is_one_whole_private_file_made_while_the_till_sells(busy: Busy) -> None:
    path = busy.desk.db.path
    assert path is not None
    key = opening.open_keys(path, PASSPHRASE).main
    busy.sell()
    with busy.desk.db.read():
        target = path.with_name("copie.db")
        check = backup.copy_to(path, key, target)
    assert check.sales == 1
    assert (target.stat().st_mode & 0o777) == 0o600
    before = target.read_bytes()
    busy.sell()
    assert backup.verify(target, key) == check
    assert target.read_bytes() == before, "checking a copy does not change it"
    assert sorted(p.name for p in path.parent.glob("copie*")) == ["copie.db"]


def test_a_damaged_copy_is_not_believed_and_moves_nothing(busy: Busy) -> None:
    path, key = shut(busy)
    copy = path.with_name("copie.db")
    backup.copy_to(path, key, copy)
    whole, here = copy.read_bytes(), path.read_bytes()
    before = sorted(p.name for p in path.parent.iterdir())
    rng = random.Random(SEED)
    for damaged in (b"", whole[:-4096], whole[: len(whole) // 2], *(flipped(whole, rng) for _ in range(40))):
        copy.write_bytes(damaged)
        with pytest.raises(EnvironmentTrouble) as refused:
            backup.bring_back(copy, key, path, "abime")
        assert refused.value.code in ("SAU-103", "BDD-202", "BDD-203")
        assert (path.read_bytes(), sorted(p.name for p in path.parent.iterdir())) == (here, before)


def flipped(whole: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(whole))
    return whole[:place] + bytes([whole[place] ^ (1 << rng.randrange(8))]) + whole[place + 1 :]


def test_a_copy_brought_back_sets_aside_the_file_and_its_last_sales(busy: Busy) -> None:
    path, key = shut(busy)
    copy = path.with_name("copie.db")
    backup.copy_to(path, key, copy)
    path.write_bytes(b"ruined")
    path.with_name("shop.db-wal").write_bytes(b"last sales")
    backup.put_in_place(backup.bring_back(copy, key, path, "abime"), path, "abime")
    assert path.with_name("shop.db.abime").read_bytes() == b"ruined"
    assert path.with_name("shop.db-wal.abime").read_bytes() == b"last sales"
    assert not path.with_name("shop.db-wal").exists()
    assert not list(path.parent.glob("*.partial*"))
    desk = opening.open_desk(path, PASSPHRASE)
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Sale)) == 5
    assert safeguard.verify_file(desk) == ()
    desk.db.close()


def test_a_shop_is_restored_whole_or_not_at_all(busy: Busy) -> None:
    path, _ = shut(busy)
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    copy = safeguard.back_up(desk, path.parent / "copies", PASSPHRASE)
    desk.db.close()
    modes = {p.name.partition(".")[2]: p.stat().st_mode & 0o777 for p in copy.parent.iterdir()}
    assert modes == {"db": 0o600, "keys.json": 0o600}
    whole, before = copy.read_bytes(), sorted(p.name for p in path.parent.rglob("*"))
    copy.write_bytes(whole[:-4096])
    with pytest.raises(EnvironmentTrouble):
        safeguard.restore(copy, path, PASSPHRASE, FrozenClock.on(TODAY))
    assert sorted(p.name for p in path.parent.rglob("*")) == before
    copy.write_bytes(whole)
    safeguard.restore(copy, path, PASSPHRASE, FrozenClock.on(TODAY))
    safeguard.restore(path, path, PASSPHRASE, FrozenClock.on(TODAY, 11))
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    assert safeguard.verify_file(desk) == ()
    desk.db.close()
    assert not [p.name for p in path.parent.iterdir() if "partial" in p.name]


def test_a_shop_open_elsewhere_is_not_restored_and_goes_on(busy: Busy) -> None:
    path, _ = shut(busy)
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    copy = safeguard.back_up(desk, path.parent / "copies", PASSPHRASE)
    before = sorted(p.name for p in path.parent.rglob("*.db*"))
    with pytest.raises(EnvironmentTrouble) as refused:
        safeguard.restore(copy, path, PASSPHRASE, FrozenClock.on(TODAY))
    assert refused.value.code == "SAU-106"
    assert sorted(p.name for p in path.parent.rglob("*.db*")) == before
    assert safeguard.verify_file(desk) == ()
    desk.db.close()
    safeguard.restore(copy, path, PASSPHRASE, FrozenClock.on(TODAY))


# --- disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes; skipped where this account may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True).returncode
    ):
        pytest.skip("monter un petit disque demande les droits de root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_told_and_no_acknowledged_sale_is_lost(shop_file: Path, small_disk: Path) -> None:
    path = small_disk / "shop.db"
    for file in shop_file.parent.iterdir():
        shutil.copy(file, small_disk)
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    busy = make_busy(desk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 400_000))
    acknowledged = []
    told: list[frozenset[str]] = []
    desk.db.on_commit(told.append)

    def sell_on() -> None:
        while True:
            acknowledged.append(busy.sell(lines=20).number)

    with pytest.raises(EnvironmentTrouble) as refused:
        sell_on()
    assert refused.value.code == "BDD-301"
    assert len(told) == len(acknowledged) > 3
    with pytest.raises(EnvironmentTrouble), desk.db.write():
        busy.sell(lines=20)
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Sale)) == len(acknowledged), "reading still works"
    desk.db.close()
    again = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    assert (safeguard.verify_file(again), again.db.damage()) == ((), ())
    names = sorted(p.name for p in small_disk.iterdir())
    with pytest.raises(EnvironmentTrouble) as no_room:
        safeguard.back_up(again, small_disk, PASSPHRASE)
    assert no_room.value.code == "CLE-301"
    assert sorted(p.name for p in small_disk.iterdir()) == names
    ballast.unlink()
    assert Busy(again, busy.household, busy.article).sell().number == f"1-{len(acknowledged) + 1:06d}", (
        "and no number is lost"
    )
    with again.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Sale)) == len(acknowledged) + 1
    again.db.close()


def test_a_full_disk_forbids_a_new_shop_and_leaves_nothing_of_it(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 150_000))
    with pytest.raises(EnvironmentTrouble) as refused:
        opening.create_shop(small_disk / "s.db", opening.NewShop("É", "SF01", "C"), PASSPHRASE, FrozenClock.on(TODAY))
    assert refused.value.code == "BDD-301"
    assert [p.name for p in small_disk.iterdir()] == ["ballast"]


def test_the_command_tells_a_full_disk_and_what_it_answered_is_there(shop_file: Path, small_disk: Path) -> None:
    path = small_disk / "shop.db"
    for file in shop_file.parent.iterdir():
        shutil.copy(file, small_disk)
    desk = opening.open_desk(path, PASSPHRASE)
    busy = make_busy(desk)
    desk.db.close()
    (small_disk / "ballast").write_bytes(bytes(shutil.disk_usage(small_disk).free - 400_000))
    lines = [{"article": busy.article, "grams": 100}] * 20
    line = json.dumps({"household": "1-0001", "override": "essai", "lines": lines}) + "\n"
    ran = subprocess.run(
        [sys.executable, "-m", "epicerie_desktop.cli", "sell", "-", "--database", path],
        input=line * 300, capture_output=True, text=True, timeout=60,
        env={**os.environ, "EPICERIE_PASSPHRASE": PASSPHRASE, "EPICERIE_HOME": str(shop_file.parent)},
    )  # fmt: skip
    answered = ran.stdout.splitlines()
    assert (ran.returncode, "BDD-301" in ran.stderr, len(ran.stderr.splitlines())) == (3, True, 1), ran.stderr
    assert 3 < len(answered) < 300
    again = opening.open_desk(path, PASSPHRASE)
    with again.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Sale)) == len(answered)
    assert safeguard.verify_file(again) == ()
    again.db.close()
