"""Every ending of a command: 0, 1, 2 or 3, one sentence on the standard error, never a trace, never half a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from epicerie_desktop.persistence import vault
from tests.cli.conftest import Run
from tests.conftest import PASSPHRASE


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "command"),
        (("vendre",), "command"),
        (("totals",), "--from, --to"),
        (("totals", "--from", "2026-01", "--to", "2026-02", "--tout"), "--tout"),
        (("demo",), "folder"),
        (("demo", "/x", "--shops", "deux"), "--shops"),
        (("sell", "fichier"), "source"),
        (("decode", "barcode"), "code"),
        (("eligibility", "--ruleset", "x"), "--situation"),
        (("eligibility", "--ruleset", "x", "--situation", "y", "--on", "31/12/2026"), "--on"),
        (("report", "autre", "-o", "x"), "name"),
        (("contract", "create", "--name", "x", "--from", "2026-13-01", "--to", "2027-01-01"), "--from"),
    ],
)
def test_a_wrong_command_ends_with_two_and_names_what_is_wrong(
    epicerie: Run, arguments: tuple[str, ...], named: str
) -> None:
    ran = epicerie(*arguments)
    sentence = ran.complaint(2)
    assert named in sentence
    assert "--help" in sentence
    assert ran.out == ""


@pytest.mark.parametrize(
    "month",
    ["novembre", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "２０２６-11", " 2026-1", "+026-11", "0000-01"],
)
def test_a_month_that_is_none_ends_with_two(epicerie: Run, shop: Path, month: str) -> None:
    for arguments in (
        ("totals", f"--from={month}", "--to=2026-11"),
        ("totals", "--from=2026-11", f"--to={month}"),
        ("sheet", "-o", "x", "--", month),
    ):
        assert "2026-11" in epicerie(*arguments[:1], "--database", shop, *arguments[1:]).complaint(2)


def test_months_in_the_wrong_order_or_out_of_all_measure_end_at_once(epicerie: Run, shop: Path) -> None:
    epicerie("totals", "--from", "2026-02", "--to", "2026-01", "--database", shop).complaint(2)
    assert epicerie("totals", "--from", "0001-01", "--to", "9999-12", "--database", shop, "--json").json["visits"] == 0


def test_a_period_upside_down_ends_with_two(epicerie: Run, shop: Path, tmp_path: Path) -> None:
    upside_down = ("--from", "2026-12", "--to", "2026-11", "--database", shop)
    epicerie("totals", *upside_down).complaint(2)
    epicerie("report", "balance", "-o", tmp_path / "b.pdf", *upside_down).complaint(2)


def test_no_file_named_ends_with_two(epicerie: Run) -> None:
    for arguments in (("verify",), ("init", "--name", "É", "--code", "SF01"), ("sell", "-")):
        assert "--database" in epicerie(*arguments).complaint(2)


def test_what_this_machine_lacks_ends_with_three_and_a_code(
    epicerie: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_file = tmp_path / "fichier"
    a_file.write_bytes(b"\xff\xfe")
    endings = {
        "BDD-201": epicerie("verify", "--database", tmp_path / "rien.db"),
        "CLE-104": epicerie("verify", "--database", shop, "--passphrase-file", tmp_path / "rien"),
        "FIC-101": epicerie("eligibility", "--ruleset", tmp_path / "rien", "--situation", "-"),
        "FIC-102": epicerie("sheet", "2026-01", "-o", tmp_path / "rien" / "s.pdf", "--database", shop),
        "FIC-103": epicerie("export", a_file, "--database", shop),
        "SAU-104": epicerie("backup", a_file, "--database", shop),
    }
    assert "CLE-104" in epicerie("verify", "--database", shop, "--passphrase-file", a_file).complaint(3)
    monkeypatch.delenv("EPICERIE_PASSPHRASE")
    endings["CLE-105"] = epicerie("verify", "--database", shop)
    for code, ran in endings.items():
        assert code in ran.complaint(3)
    monkeypatch.setenv("EPICERIE_PASSPHRASE", PASSPHRASE)
    for folder in (a_file, a_file / "dessous"):
        assert "FIC-103" in epicerie("dump", folder, "--database", shop).complaint(3)
    keys = vault.vault_path(shop)
    keys.write_bytes(keys.read_bytes()[:-9])
    assert "CLE-102" in epicerie("verify", "--database", shop).complaint(3)
    keys.unlink()
    assert "CLE-101" in epicerie("verify", "--database", shop).complaint(3)
    os.truncate(shop, 0)
    epicerie("verify", "--database", shop).complaint(3)


def test_a_refusal_ends_with_one(epicerie: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    epicerie("visit", "personne", "--database", shop).complaint(1)
    epicerie("verify", "--database", shop, "--account", "Inconnu").complaint(1)
    epicerie("export", tmp_path / "clé", "--database", shop).complaint(1)
    epicerie("init", "--name", "É", "--code", "trop long", "--database", tmp_path / "n.db").complaint(1)
    epicerie("demo", tmp_path / "d", "--shops", "99").complaint(1)
    assert not (tmp_path / "d").exists()
    monkeypatch.setenv("EPICERIE_PASSPHRASE", "une autre")
    epicerie("verify", "--database", shop).complaint(1)
    epicerie("init", "--name", "É", "--code", "SF01", "--database", tmp_path / "n.db").complaint(1)
    assert not (tmp_path / "n.db").exists()


def test_a_damaged_file_is_reported_by_verify(epicerie: Run, shop: Path) -> None:
    assert epicerie("verify", "--database", shop, "--json").json == {"ok": True, "findings": []}
    whole = shop.read_bytes()
    for page in range(0, len(whole), 4096 * 7):
        shop.write_bytes(whole[: page + 99] + bytes([whole[page + 99] ^ 1]) + whole[page + 100 :])
        ran = epicerie("verify", "--database", shop, "--json")
        assert "BDD-" in ran.complaint(3)
        assert (ran.json["ok"], ran.json["findings"][0]["what"]) == (False, "file")


def test_the_passphrase_may_be_the_recovery_code(
    epicerie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = epicerie(
        "init",
        "--name",
        "Épicerie",
        "--code",
        "SF01",
        "--account",
        "Camille",
        "--database",
        tmp_path / "n.db",
        "--json",
    )
    code = made.json["recovery_code"]
    monkeypatch.setenv("EPICERIE_PASSPHRASE", code.lower().replace("-", " "))
    assert epicerie("verify", "--database", tmp_path / "n.db").code == 0
    monkeypatch.setenv("EPICERIE_PASSPHRASE", code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert "faute de frappe" in epicerie("verify", "--database", tmp_path / "n.db").complaint(1)
    typed = tmp_path / "phrase"
    typed.write_text(PASSPHRASE + "\r\n", "utf-8")
    assert epicerie("verify", "--database", tmp_path / "n.db", "--passphrase-file", typed).code == 0


def test_help_and_version_end_well(epicerie: Run) -> None:
    assert epicerie("--version").out.startswith("epicerie ")
    for command in ("", "demo", "totals", "sell", "contract", "decode"):
        ran = epicerie(*command.split(), "--help")
        assert (ran.code, ran.err) == (0, "")
        assert "usage" in ran.out


@pytest.mark.skipif(sys.platform == "win32", reason="un tube fermé n'y est pas un signal")
def test_a_reader_that_goes_away_is_no_fault(shop: Path) -> None:
    line = json.dumps({"household": "1-0001", "override": "essai", "lines": [{"article": 13, "grams": 100}]}) + "\n"
    child = subprocess.Popen(
        [sys.executable, "-m", "epicerie_desktop.cli", "sell", "-", "--database", shop],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "EPICERIE_PASSPHRASE": PASSPHRASE, "EPICERIE_HOME": str(shop.parent / "home")},
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.close()
    child.stdout = None
    _, err = child.communicate((line * 5).encode(), timeout=30)
    assert (child.returncode, err) == (3, b"")
