"""Opening a file: the wrong passphrase, the damaged file, the empty one and the newer one are told apart, and left alone."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import unicodedata
from pathlib import Path

import pytest

from epicerie_desktop.persistence import migrate, vault
from epicerie_desktop.persistence.database import SCHEMA_VERSION, Database, connect
from epicerie_desktop.persistence.vault import Cost, Keys, Vault, WrongPassphrase
from epicerie_desktop.services import opening
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from tests.conftest import FAST, PASSPHRASE, TODAY


def code_of(path: Path, secret: str = PASSPHRASE) -> str:
    """Return the code of the trouble met when opening `path`, or `open`."""
    try:
        opening.open_desk(path, secret).db.close()
    except EnvironmentTrouble as trouble:
        return trouble.code
    return "open"


def test_a_wrong_passphrase_is_not_a_damaged_file(shop_file: Path) -> None:
    before = shop_file.read_bytes()
    for wrong in ("un autre mot de passe", PASSPHRASE.upper(), PASSPHRASE + " ", "", "\udc80octet"):
        with pytest.raises(WrongPassphrase):
            opening.open_desk(shop_file, wrong)
    assert shop_file.read_bytes() == before
    shop_file.write_bytes(before[:2000] + bytes(1000) + before[3000:])
    assert code_of(shop_file) == "BDD-202"


def test_the_same_passphrase_typed_with_another_keyboard_opens(tmp_path: Path) -> None:
    keys = vault.new_keys()
    box = Vault.create(tmp_path / "x.keys.json")
    box.put("Camille", unicodedata.normalize("NFC", "été à la planèze"), keys, FAST)
    assert Vault.load(tmp_path / "x.keys.json").open(unicodedata.normalize("NFD", "été à la planèze")) == keys


@pytest.mark.parametrize("length", [0, 1, 511])
def test_a_file_cut_to_nothing_is_refused_and_its_last_sales_are_kept(shop_file: Path, length: int) -> None:
    os.truncate(shop_file, length)
    left = shop_file.with_name("shop.db-wal")
    left.write_bytes(b"the sales of the morning")
    assert code_of(shop_file) == "BDD-203"
    assert (shop_file.stat().st_size, left.read_bytes()) == (length, b"the sales of the morning")


def test_a_new_file_is_never_made_over_another_nor_over_its_last_sales(shop_file: Path) -> None:
    before = shop_file.read_bytes()
    new = opening.NewShop("Autre", "AU01", "Camille")
    with pytest.raises(RuleRefused):
        opening.create_shop(shop_file, new, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    vault.vault_path(shop_file).unlink()
    with pytest.raises(EnvironmentTrouble):
        opening.create_shop(shop_file, new, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    assert shop_file.read_bytes() == before
    orphan = shop_file.with_name("autre.db-wal")
    orphan.write_bytes(b"sales")
    with pytest.raises(EnvironmentTrouble) as refused:
        migrate.create(shop_file.with_name("autre.db"), bytes(32))
    assert (refused.value.code, orphan.read_bytes()) == ("BDD-205", b"sales")


def test_a_shop_that_cannot_be_made_whole_leaves_nothing_behind(tmp_path: Path) -> None:
    path, new = tmp_path / "shop.db", opening.NewShop("É", "SF01", "C")
    with pytest.raises(ValueError, match=r".*"):
        opening.create_shop(path, new, PASSPHRASE, FrozenClock.on(TODAY), cost=vault.Cost(passes=0, memory=FAST.memory))
    assert list(tmp_path.iterdir()) == []
    opening.create_shop(path, new, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    assert code_of(path) == "open"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shop.db", "shop.keys.json"]


@pytest.mark.parametrize("reached", ["keys", "database", "keys in place"])
def test_a_creation_killed_half_way_does_not_forbid_a_second_try(shop_file: Path, tmp_path: Path, reached: str) -> None:
    path = tmp_path / "new" / "shop.db"
    aside = path.parent / "shop.creation"
    aside.mkdir(parents=True)
    keys = path if reached == "keys in place" else aside / "shop.db"
    vault.copy_keys(shop_file, keys)
    if reached != "keys":
        (aside / "shop.db").write_bytes(shop_file.read_bytes())
    opening.create_shop(path, opening.NewShop("É", "NV01", "C"), PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    desk = opening.open_desk(path, PASSPHRASE, FrozenClock.on(TODAY))
    assert desk.shop.code == "NV01"
    desk.db.close()
    assert sorted(p.name for p in path.parent.iterdir()) == ["shop.db", "shop.keys.json"]


def test_the_keys_of_a_lost_file_are_never_thrown_away(shop_file: Path) -> None:
    keys = vault.vault_path(shop_file)
    before = keys.read_bytes()
    shop_file.unlink()
    aside = shop_file.parent / "shop.creation"
    aside.mkdir()
    vault.copy_keys(shop_file, aside / "shop.db")
    with pytest.raises(RuleRefused):
        opening.create_shop(shop_file, opening.NewShop("É", "SF01", "C"), PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    assert keys.read_bytes() == before


def test_a_new_recovery_code_and_a_new_passphrase_replace_the_old_ones(shop_file: Path) -> None:
    desk = opening.open_desk(shop_file, PASSPHRASE, FrozenClock.on(TODAY))
    try:
        first = opening.renew_recovery_code(desk, PASSPHRASE, cost=FAST)
        second = opening.renew_recovery_code(desk, PASSPHRASE, cost=FAST)
        with pytest.raises(vault.WrongPassphrase):
            opening.renew_recovery_code(desk, "pas la bonne phrase", cost=FAST)
        opening.change_passphrase(desk, PASSPHRASE, "une autre phrase", cost=FAST)
    finally:
        desk.db.close()
    for wrong in (first, PASSPHRASE):
        with pytest.raises(vault.WrongPassphrase):
            opening.open_keys(shop_file, wrong)
    assert opening.open_keys(shop_file, second) == opening.open_keys(shop_file, "une autre phrase")


def test_the_file_of_a_newer_program_is_refused_and_not_touched(shop_file: Path) -> None:
    key = opening.open_keys(shop_file, PASSPHRASE).main
    raw = connect(shop_file, key)
    raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    raw.close()
    before = shop_file.read_bytes()
    assert code_of(shop_file) == "BDD-204"
    assert shop_file.read_bytes() == before


def test_a_file_that_is_not_ours_is_refused_and_not_touched(shop_file: Path) -> None:
    plain = shop_file.with_name("plain.db")
    other = sqlite3.connect(plain)
    other.execute("CREATE TABLE t (x)")
    other.commit()
    other.close()
    for content in (random.Random(1).randbytes(40_000), plain.read_bytes(), b"%PDF-1.7 " * 200, bytes(8192)):
        shop_file.write_bytes(content)
        assert code_of(shop_file) in ("BDD-202", "BDD-203")
        assert shop_file.read_bytes() == content
    key = opening.open_keys(shop_file, PASSPHRASE).main
    shop_file.unlink()
    foreign = connect(shop_file, key, mode="rwc")
    foreign.execute("CREATE TABLE t (x)")
    foreign.close()
    assert code_of(shop_file) == "BDD-203", "opened by the right key, it is still not a shop"


def test_a_missing_file_and_missing_keys_are_told_apart(shop_file: Path) -> None:
    assert code_of(shop_file.with_name("autre.db")) == "BDD-201"
    assert code_of(shop_file.parent) == "BDD-201"
    vault.vault_path(shop_file).unlink()
    assert code_of(shop_file) == "CLE-101"


def test_a_damaged_vault_is_never_taken_for_a_wrong_passphrase(shop_file: Path) -> None:
    keys = vault.vault_path(shop_file)
    whole = keys.read_bytes()
    rng = random.Random(2)
    for _ in range(120):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        keys.write_bytes(bytes(damaged))
        assert code_of(shop_file) in ("CLE-102", "open"), bytes(damaged)
    for cut in (0, 1, len(whole) // 2, len(whole) - 2):
        keys.write_bytes(whole[:cut])
        assert code_of(shop_file) == "CLE-102"
    for content in (
        b"[]",
        b"null",
        b'{"format": 1}',
        b'{"format": 2, "slots": []}',
        b'{"format": "1", "slots": [], "check": ""}',
    ):
        keys.write_bytes(content)
        assert code_of(shop_file) == "CLE-102"


def test_the_keys_and_the_data_are_private_to_the_account(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        opening.create_shop(
            tmp_path / "s.db", opening.NewShop("É", "SF01", "C"), PASSPHRASE, FrozenClock.on(TODAY), cost=FAST
        )
        vault.copy_keys(tmp_path / "s.db", tmp_path / "copie.db")
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert modes == {"s.db": 0o600, "s.keys.json": 0o600, "copie.keys.json": 0o600}


@pytest.fixture(scope="module")
def with_recovery(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("recovery") / "shop.db"
    clock = FrozenClock.on(TODAY)
    return path, opening.create_shop(path, opening.NewShop("É", "SF01", "Camille"), PASSPHRASE, clock, cost=FAST)


def test_the_recovery_code_opens_however_it_is_copied(with_recovery: tuple[Path, str]) -> None:
    path, code = with_recovery
    by_hand = code.replace("1", "l").replace("0", "o")
    for typed in (
        code,
        code.lower(),
        f"  {code.replace('-', ' ')} ",
        code.replace("-", ""),
        by_hand,
        code.replace("-", " - "),
    ):
        desk = opening.open_desk(path, typed)
        assert desk.social_key is not None
        desk.db.close()


def test_any_slip_in_a_recovery_code_is_told_as_a_slip(with_recovery: tuple[Path, str]) -> None:
    path, code = with_recovery
    letters = code.replace("-", "")
    rng = random.Random(3)
    slips = []
    for i in range(28):
        other = rng.choice([c for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if c != letters[i]])
        slips.append(letters[:i] + other + letters[i + 1 :])
    slips += [
        letters[:i] + letters[i + 1] + letters[i] + letters[i + 2 :] for i in range(27) if letters[i] != letters[i + 1]
    ]
    typed = ["-".join(s[i : i + 4] for i in range(0, 28, 4)) for s in slips]
    for slip in (*typed, code[:-1], code + "A", letters[1:], letters + "7"):
        with pytest.raises(BadInput, match="faute de frappe"):
            opening.open_keys(path, slip)


def test_another_shops_recovery_code_is_a_wrong_one_and_not_a_slip(with_recovery: tuple[Path, str]) -> None:
    with pytest.raises(WrongPassphrase):
        opening.open_keys(with_recovery[0], vault.new_recovery_code())


def test_a_passphrase_that_looks_like_a_recovery_code_opens(shop_file: Path) -> None:
    keys = opening.open_keys(shop_file, PASSPHRASE)
    for i, plain in enumerate(("motdepassetreslongsansespace", "bleu chat lune pain sept noix fort")):
        assert len(plain.replace(" ", "")) == 28
        Vault.load(vault.vault_path(shop_file)).put(f"Compte {i}", plain, keys, FAST)
        assert opening.open_keys(shop_file, plain) == keys


def test_a_passphrase_is_changed_without_losing_the_other_ways_in(shop_file: Path) -> None:
    keys = opening.open_keys(shop_file, PASSPHRASE)
    box = Vault.load(vault.vault_path(shop_file))
    box.put("Paul", "bénévole du mardi", Keys(keys.main), FAST)
    box.put("Camille", "une autre phrase de passe", keys, Cost(2, 16 * 1024))
    again = Vault.load(vault.vault_path(shop_file))
    assert set(again.names) == {"Camille", "Paul"}
    assert again.open("bénévole du mardi") == Keys(keys.main), (
        "who may not read the social columns holds no key to them"
    )
    assert again.open("une autre phrase de passe", "Camille") == keys
    with pytest.raises(WrongPassphrase):
        again.open(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        again.open("bénévole du mardi", "Camille")


def test_a_slot_cannot_be_given_to_another_name(shop_file: Path) -> None:
    import json

    keys = vault.vault_path(shop_file)
    data = json.loads(keys.read_text("utf-8"))
    data["slots"][0]["name"] = "Intrus"
    data["check"] = vault._sum(data["slots"])
    keys.write_text(json.dumps(data), "utf-8")
    with pytest.raises(WrongPassphrase):
        Vault.load(keys).open(PASSPHRASE, "Intrus")


def test_a_sealed_cell_cannot_be_moved_nor_read_with_another_key() -> None:
    key, other = bytes(32), bytes([1]) * 32
    sealed = vault.seal(key, b"1 200 euros", "assessment|1|sealed")
    assert vault.unseal(key, sealed, "assessment|1|sealed") == b"1 200 euros"
    for k, s, place in (
        (other, sealed, "assessment|1|sealed"),
        (key, sealed, "assessment|2|sealed"),
        (key, sealed[:-1], "assessment|1|sealed"),
    ):
        with pytest.raises(EnvironmentTrouble) as refused:
            vault.unseal(k, s, place)
        assert refused.value.code == "CLE-103"


def test_an_older_backup_left_beside_does_not_open_by_itself(shop_file: Path) -> None:
    shutil.copy(shop_file, shop_file.with_name("seule.db"))
    assert code_of(shop_file.with_name("seule.db")) == "CLE-101"
    with pytest.raises(ValueError, match="key length"):
        Database.open(shop_file, b"short")


def test_an_account_is_named_without_the_blanks_around(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    shop = opening.NewShop(" Épicerie ", " sf01 ", " Camille ")
    opening.create_shop(path, shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    desk = opening.open_desk(path, PASSPHRASE, account="Camille")
    assert (desk.actor.name, desk.shop.name, desk.shop.code) == ("Camille", "Épicerie", "SF01")
    assert Vault.load(vault.vault_path(path)).names == ("Camille",)
    desk.db.close()
