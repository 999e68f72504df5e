"""The custodian's commands and those of a contract's keys, as a script meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from epicerie_desktop.services.contract import custody
from tests.cli.conftest import Run


def groups_of(pdf: Path) -> str:
    """The groups of a sheet, as an eye copies them: ranks left out."""
    with pypdfium2.PdfDocument(pdf) as document:
        words = document[0].get_textpage().get_text_range().split()
    start = next(n for n, w in enumerate(words) if w.startswith("EPC"))
    return " ".join(
        [
            words[start],
            *(w for w in words[start + 1 :] if (len(w) == 4 and w.isupper()) or (w.isdigit() and len(w) == 4)),
        ]
    )


def test_the_custodian_s_sheet_reads_back_and_nothing_else_is_left(epicerie: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "feuilles" / "cle.pdf"
    sheet.parent.mkdir()
    made = epicerie("counting-key", "sheet", "-o", sheet, "--json").json
    checked = epicerie("counting-key", "check", "--json", stdin=groups_of(sheet))
    assert checked.json == {"key": made["key"]}
    assert [p.name for p in sheet.parent.iterdir()] == ["cle.pdf"]
    assert sheet.stat().st_mode & 0o077 == 0, "for the custodian's eyes"
    home = tmp_path / "home"
    assert not [p for p in home.rglob("*") if p.is_file()] if home.exists() else True
    before = sheet.read_bytes()
    assert "remplace jamais" in epicerie("counting-key", "sheet", "-o", sheet).complaint(1)
    assert sheet.read_bytes() == before
    epicerie("counting-key", "sheet", "-o", tmp_path / "absent" / "cle.pdf").complaint(3)


def test_a_slip_in_a_typed_sheet_is_told_with_its_group(epicerie: Run) -> None:
    groups = custody.draw_counting_key().split("-")
    groups[7] = groups[7][:3] + ("0" if groups[7][3] != "0" else "1")
    told = epicerie("counting-key", "check", stdin=" ".join(groups)).complaint(1)
    assert "groupe n° 7" in told.replace("\xa0", " ")
    epicerie("counting-key", "check", stdin="A" * 5000).complaint(2)
    epicerie("counting-key", "check", stdin="").complaint(1)


def test_drawing_a_key_writes_no_file_but_its_sheet(tmp_path: Path) -> None:
    """A whole process, its temporary folder, its home and its working folder looked into afterwards."""
    places = {name: tmp_path / name for name in ("tmp", "home", "here")}
    for place in places.values():
        place.mkdir()
    env = os.environ | {
        "TMPDIR": str(places["tmp"]), "EPICERIE_HOME": str(places["home"]), "HOME": str(places["home"]), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "epicerie_desktop.cli", "counting-key", "sheet", "-o", "-"],
        cwd=places["here"], env=env, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert ran.stdout.startswith(b"%PDF")
    assert [p for place in places.values() for p in place.rglob("*") if p.is_file()] == []
    with pypdfium2.PdfDocument(ran.stdout) as document:
        text = document[0].get_textpage().get_text_range()
    assert not any(w in ran.stderr.decode() for w in text.split() if len(w) == 4 and w.isupper())


def test_a_counter_reads_the_sheet_and_the_coordinator_s_file_refuses_it(
    epicerie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, hub, sheet = tmp_path / "shop.db", tmp_path / "hub.db", custody.draw_counting_key()
    monkeypatch.chdir(tmp_path)
    for path, more in ((shop, ()), (hub, ("--coordinator",))):
        assert epicerie("init", "--name", "Épicerie", "--code", "SF01", "--database", path, *more).code == 0
    made = epicerie(
        "contract",
        "create",
        "--name",
        "Contrat",
        "--from",
        "2026-01-01",
        "--to",
        "2028-12-31",
        "--database",
        hub,
        "--json",
    ).json
    file = epicerie(
        "contract", "enrol", "--contract", made["contract"], "--code", "SF01", "--name", "Épicerie", tmp_path,
        "--database", hub, "--json",
    ).json  # fmt: skip
    assert (
        epicerie("contract", "join", file["file"], "--fingerprint", file["fingerprint"], "--database", shop).code == 0
    )
    told = epicerie("contract", "counting-key", "--database", shop, "--json", stdin=sheet).json
    assert told == {"key": custody.check_counting_key(sheet), "replaced": "", "changed": True}
    other = tmp_path / "feuille.txt"
    other.write_text(custody.draw_counting_key(), "utf-8")
    assert "deux clés" in epicerie("contract", "counting-key", other, "--database", shop).complaint(1)
    assert epicerie("contract", "counting-key", other, "--replace", "--database", shop).code == 0
    assert "coordination" in epicerie("contract", "counting-key", "--database", hub, stdin=sheet).complaint(1)


def test_a_contract_lives_and_is_made_again_by_commands_alone(
    epicerie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, hub, again = (tmp_path / f"{name}.db" for name in ("shop", "hub", "again"))
    monkeypatch.chdir(tmp_path)
    epicerie("init", "--name", "Épicerie", "--code", "SF01", "--database", shop)
    epicerie("init", "--name", "Coordination", "--code", "COORD", "--coordinator", "--database", hub)
    year = f"{date.today().year}"
    span = ("--from", f"{year}-01-01", "--to", f"{int(year) + 2}-12-31")
    epicerie("contract", "create", "--name", "Contrat", *span, "--database", hub)

    def on(database: Path, *args: object, stdin: str = "") -> dict[str, Any]:
        ran = epicerie("contract", *args, "--database", database, "--json", stdin=stdin)
        assert ran.code == 0, ran
        return ran.json

    number = on(hub, "list")["contracts"][0]["contract"]
    file = on(hub, "enrol", "--contract", number, "--code", "SF01", "--name", "Épicerie", tmp_path)
    assert "--fingerprint" in epicerie("contract", "join", file["file"], "--database", shop).complaint(2)
    assert on(shop, "join", file["file"], "--fingerprint", file["fingerprint"])["standing"] == "new"
    sent = epicerie("export", tmp_path / "cle", "--database", shop, "--json").json["parcel"]
    assert epicerie("consolidate", sent, "--database", hub).code == 0
    signature = on(hub, "posts")["posts"][0]["signature"]
    wrong = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    epicerie("contract", "confirm", "--code", "SF01", "--fingerprint", wrong, "--database", hub).complaint(1)
    on(hub, "confirm", "--code", "SF01", "--fingerprint", signature)
    assert on(hub, "posts")["posts"][0]["confirmed"] is True
    (tmp_path / "articles.csv").write_text("nom,famille,vente,poids\nLentilles blondes,FEC,piece,500\n", "utf-8")
    assert on(hub, "publish", "--articles", tmp_path / "articles.csv")["edition"] == 2
    assert on(hub, "rotate", "--reason", "nouvel ordinateur")["edition"] == 3
    later = on(hub, "file", "--code", "sf01", tmp_path)
    assert on(shop, "join", later["file"])["standing"] == "later"
    assert on(shop, "offers")["articles"] == ["Lentilles blondes"]
    assert on(shop, "adopt", "--articles")["adopted"] == ["Lentilles blondes"]
    sheet = tmp_path / "secours.pdf"
    assert on(hub, "recovery-sheet", "-o", sheet)["pages"] == 1
    groups = groups_of(sheet)
    slip = groups.split()
    slip[3] = slip[3][:3] + ("0" if slip[3][3] != "0" else "1")
    told = epicerie("contract", "restore", "--name", "Contrat", "--database", again, stdin=" ".join(slip)).complaint(1)
    assert "groupe n° 3" in told.replace("\xa0", " ")
    assert not again.exists()
    made = on(again, "restore", "--name", "Contrat", stdin=groups)
    assert (made["contract"], bool(made["recovery_code"])) == (number, True)
    on(again, "enrol", "--contract", number, "--code", "SF01", "--name", "Épicerie", "--number", "1", tmp_path)
    last = epicerie("export", tmp_path / "cle", "--database", shop, "--json").json["parcel"]
    assert epicerie("consolidate", last, "--database", again).code == 0
    period = ("--from", f"{year}-01", "--to", f"{year}-12", "--json")
    found = [epicerie("totals", *period, "--database", d).json["grams_distributed"] for d in (shop, again)]
    assert found[0] == found[1]
    today = f"{date.today()}"
    epicerie("contract", "leave", "--on", today, "--database", hub).complaint(2)
    on(hub, "leave", "--code", "SF01", "--on", today, "--reason", "fermeture")
    on(shop, "leave", "--on", today)
    assert on(hub, "posts")["sites"][0]["left_reason"] == "fermeture"
    on(hub, "stay", "--code", "SF01")
    on(hub, "revoke", "--code", "SF01", "--reason", "ordinateur changé")
    assert on(hub, "posts")["posts"][0]["revoked"] is True
