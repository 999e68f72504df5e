"""The keys that scripts rely on, and lines that nobody should have sent."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.support.clock import FrozenClock
from tests.cli.conftest import Run
from tests.conftest import PASSPHRASE, TODAY

ARTICLE = 13


def asked(**more: object) -> dict[str, object]:
    return {"household": "1-0001", "override": "essai", "lines": [{"article": ARTICLE, "grams": 1250}]} | more


def lines(*rows: object) -> str:
    return "".join(json.dumps(r) + "\n" for r in rows)


def test_a_sale_is_answered_line_by_line(epicerie: Run, shop: Path) -> None:
    rows = (
        asked(),
        asked(lines=[{"article": "carottes", "grams": 500}, {"article": ARTICLE, "grams": 500}], paid={"cash": 100}),
        asked(household="secretnom"),
    )
    ran = epicerie("sell", "-", "--database", shop, stdin=lines(*rows) + "\n\n")
    assert (ran.code, ran.err) == (0, "")
    assert [(a["receipt"], a["total_cents"], a["grams"], a["shelf_cents"]) for a in ran.lines] == [
        ("1-000001", 0, 1250, 200),
        ("1-000002", 0, 1000, 160),
        ("1-000003", 0, 1250, 200),
    ]
    assert ran.lines[1]["change_cents"] == 100


def test_a_line_sent_twice_with_its_identity_is_booked_once(epicerie: Run, shop: Path) -> None:
    row = asked(uid="7a1b3c52-0000-4000-8000-000000000001")
    first = epicerie("sell", "-", "--database", shop, stdin=lines(row)).lines[0]
    again = epicerie("sell", "-", "--database", shop, stdin=lines(row, row))
    assert [(a["receipt"], a["again"]) for a in again.lines] == [("1-000001", True)] * 2
    assert (first["receipt"], first["again"]) == ("1-000001", False)


BAD = [
    asked(lines=[]),
    asked(lines=[{"article": ARTICLE}]),
    asked(lines=[{"article": ARTICLE, "grams": 0}]),
    asked(lines=[{"article": ARTICLE, "grams": -5}]),
    asked(lines=[{"article": ARTICLE, "grams": 10**30}]),
    asked(lines=[{"article": ARTICLE, "grams": 12.5}]),
    asked(lines=[{"article": ARTICLE, "grams": "1250"}]),
    asked(lines=[{"article": ARTICLE, "grams": True}]),
    asked(lines=[{"article": ARTICLE, "pieces": 3}]),
    asked(lines=[{"article": 999, "grams": 5}]),
    asked(lines=[{"article": True, "grams": 5}]),
    asked(lines=[{"article": [1], "grams": 5}]),
    asked(lines=[{"grams": 5}]),
    asked(lines=["carottes"]),
    asked(lines={"article": ARTICLE}),
    asked(lines=[{"article": ARTICLE, "grams": 5}] * 201),
    asked(paid={"cash": -1}),
    asked(paid={"cash": 10**30}),
    asked(paid={"cash": "0"}),
    asked(paid=[5]),
    asked(uid=5),
    asked(uid="pas-une-identité"),
    asked(household=None),
    asked(household=["1-0001"]),
    asked(household=None, card="K1234"),
    asked(household=None, card="K" + "0" * 14),
    asked(household=None, card="K12340110004299"),
    asked(override=""),
    [],
    5,
    None,
    "K",
]


def test_lines_that_mean_nothing_are_refused_one_by_one_and_the_good_ones_booked(epicerie: Run, shop: Path) -> None:
    text = lines(*BAD) + "{\n" + "[" * 100_000 + "\n" + '{"lines": ' + "9" * 5000 + "}\n" + "NaN\n" + lines(asked())
    ran = epicerie("sell", "-", "--database", shop, stdin=text.encode() + b"\xff\xfe{}\n" + lines(asked()).encode())
    assert "refusée" in ran.complaint(1)
    answers = ran.lines
    assert len(answers) == len(BAD) + 4 + 1 + 1 + 1
    refused = [a for a in answers if "error" in a]
    assert all(a["error"].strip().endswith(".") or len(a["error"]) > 15 for a in refused)
    assert [a["receipt"] for a in answers if "receipt" in a] == ["1-000001", "1-000002"]
    assert epicerie("verify", "--database", shop).code == 0


def test_visit_tells_where_a_household_stands(epicerie: Run, shop: Path) -> None:
    found = epicerie("visit", "1-0001", "--database", shop, "--json").json
    assert (found["household"], found["state"], found["reason"]) == ("1-0001", "ASK_TEAM", "NEVER_OPENED")


def test_what_is_decoded_has_its_fixed_keys(epicerie: Run, tmp_path: Path) -> None:
    found = epicerie("decode", "barcode", "3017620422003", "--json").json
    keys = {"valid", "kind", "gtin", "weight_g", "price_cents", "count", "lot", "use_by", "best_before", "item"}
    assert found.keys() >= keys
    assert (found["valid"], found["gtin"][-13:]) == (True, "3017620422003")
    assert epicerie("decode", "barcode", "3017620422004", "--json").json["valid"] is False
    rows = [
        {"code": "3017620422003"},
        {"code": "2112345012506", "layouts": [{"pattern": "21IIIIIWWWWWC"}]},
        {},
        {"code": 5},
        [],
    ]
    ran = epicerie("decode", "barcode", "-", stdin=lines(*rows) + "pas du json\n")
    assert [a["valid"] for a in ran.lines] == [True, True, False, False, False, False]
    assert ran.lines[1]["weight_g"] == 1250
    layouts = tmp_path / "layouts.json"
    layouts.write_text("[", "utf-8")
    epicerie("decode", "barcode", "3017620422003", "--layouts", layouts).complaint(1)
    ran = epicerie("decode", "scale", "toledo_8217", "02202031323530300d", "--json")
    assert ran.code in (0, 1)
    assert ran.json.keys() >= {"weight_g", "stable", "net", "error"}
    epicerie("decode", "scale", "toledo_8217", "zz").complaint(1)
    epicerie("decode", "scale", "balance inconnue", "00").complaint(1)


def test_eligibility_has_its_fixed_keys(epicerie: Run, tmp_path: Path) -> None:
    ruleset = Path(__file__).parents[2] / "resources" / "rulesets" / "reste-a-vivre.toml"
    situation = {"adults": 1, "resources": {"rsa": 635}, "charges": {"rent": 400}}
    ran = epicerie(
        "eligibility",
        "--ruleset",
        ruleset,
        "--situation",
        "-",
        "--on",
        "2026-11-20",
        "--json",
        stdin=json.dumps(situation),
    )
    assert ran.code == 0
    assert ran.json.keys() >= {"outcome", "indicators", "steps", "right"}
    assert ran.json["outcome"] in (
        "eligible", "committee", "too_high", "too_low", "not_covered", "waiting_list", "waiting_period", "cumulation", "incomplete",
    )  # fmt: skip
    assert ran.json["right"].keys() >= {"duration", "share", "ceilings"}
    epicerie("eligibility", "--ruleset", ruleset, "--situation", "-", stdin="{").complaint(1)
    scaled = tmp_path / "scaled.toml"
    text = re.sub(
        r"(?m)^(below|at_most) = .*$", 'at_most = { percent = 60, of = "inconnu" }', ruleset.read_text("utf-8"), count=1
    )
    scaled.write_text(text, "utf-8")
    epicerie("eligibility", "--ruleset", scaled, "--situation", "-", stdin=json.dumps(situation)).complaint(1)


@pytest.fixture
def demo(demo_files: DemoFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a demonstration of this test's own."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_files.passphrases.parent, folder)
    passphrases = json.loads((folder / "passphrases.json").read_text("utf-8"))
    assert passphrases.keys() == {"shop-1", "coordinator"}
    monkeypatch.setenv("EPICERIE_PASSPHRASE", passphrases["shop-1"])
    return folder


def test_a_parcel_goes_from_the_shop_to_the_contract_by_commands_alone(
    epicerie: Run, demo: Path, tmp_path: Path
) -> None:
    shop, hub = demo / "shop-1" / "shop.db", demo / "coordinator" / "coordinator.db"
    contracts = epicerie("contract", "list", "--database", shop, "--json").json["contracts"]
    past = next(c["contract"] for c in contracts if c["from"] == "2010-01-01")
    wanted = {"families_distinct": 190, "persons_distinct": 500, "grams_distributed": 10_000_000}
    for database in (shop, hub):
        found = epicerie("totals", "--from", "2010-01", "--to", "2012-12", "--database", database, "--json").json
        assert found.items() >= wanted.items()
        assert found.keys() >= {"visits", "value_cents", "paid_cents"}
    balance = epicerie("contract", "balance", "--contract", past, "--database", hub, "--json").json
    assert balance.items() >= wanted.items()
    sent = epicerie("export", tmp_path / "clé", "--contract", past, "--database", shop, "--json")
    assert sent.code == 0
    parcel = sent.json["parcel"]
    assert Path(parcel).is_file()
    for outcome in ("known", None):
        ran = epicerie("consolidate", parcel, parcel, "--database", hub, "--json")
        assert ran.code == 0, ran
        assert [o["file"] for o in ran.json["outcomes"]] == [parcel, parcel]
        assert outcome is None or ran.json["outcomes"][1]["outcome"].casefold() == outcome
    cut = tmp_path / "coupé.epc"
    cut.write_bytes(Path(parcel).read_bytes()[:-40])
    ran = epicerie("consolidate", cut, parcel, "--database", hub, "--json")
    ran.complaint(1)
    assert ran.json["outcomes"][0]["accepted"] is False
    ran = epicerie("consolidate", cut, tmp_path / "absent", parcel, "--database", hub, "--json")
    ran.complaint(3)
    assert len(ran.json["outcomes"]) == 3
    after = epicerie("totals", "--from", "2010-01", "--to", "2012-12", "--database", hub, "--json").json
    assert after.items() >= wanted.items()


def test_a_copy_is_made_and_brought_back_by_commands_alone(epicerie: Run, shop: Path, tmp_path: Path) -> None:
    epicerie("sell", "-", "--database", shop, stdin=lines(asked()))
    made = epicerie("backup", tmp_path / "copies", "--database", shop, "--json").json
    assert (made["ok"], made["findings"]) == (True, [])
    copy = Path(made["path"])
    assert copy.stat().st_size
    epicerie("sell", "-", "--database", shop, stdin=lines(asked()))
    shop.write_bytes(b"ruined" * 1000)
    back = epicerie("restore", copy, "--database", shop, "--json")
    assert (back.code, back.json) == (0, {"ok": True, "findings": []})
    assert epicerie("verify", "--database", shop).code == 0
    assert epicerie("sell", "-", "--database", shop, stdin=lines(asked())).lines[0]["receipt"] == "1-000002"
    assert [p.read_bytes() for p in shop.parent.iterdir() if "abime" in p.name and p.name.startswith("shop.db.")] == [
        b"ruined" * 1000
    ]


def test_a_restored_shop_begins_a_new_generation(epicerie: Run, demo: Path, tmp_path: Path) -> None:
    shop = demo / "shop-1" / "shop.db"
    secret = json.loads((demo / "passphrases.json").read_text("utf-8"))["shop-1"]

    def generations() -> set[object]:
        desk = opening.open_desk(shop, secret, FrozenClock.on(TODAY))
        with desk.db.read() as session:
            found = {row[0] for row in session.connection().exec_driver_sql("SELECT generation FROM contract")}
        assert len(share.joined_contracts(desk)) == 2
        desk.db.close()
        return found

    before = generations()
    copy = epicerie("backup", tmp_path / "copies", "--database", shop, "--json").json["path"]
    assert epicerie("restore", copy, "--database", shop).code == 0
    after = generations()
    assert len(after) == 2
    assert not before & after


def test_the_papers_have_their_fixed_keys(epicerie: Run, demo: Path, tmp_path: Path) -> None:
    shop, hub = demo / "shop-1" / "shop.db", demo / "coordinator" / "coordinator.db"
    for i, ran in enumerate(
        (
            epicerie("sheet", "2011-05", "-o", tmp_path / "0.pdf", "--database", shop, "--json"),
            epicerie(
                "report",
                "balance",
                "-o",
                tmp_path / "1.pdf",
                "--from",
                "2010-01",
                "--to",
                "2012-12",
                "--database",
                hub,
                "--json",
            ),
        )
    ):
        told = ran.json
        assert told.keys() >= {"path", "pages", "version", "hash"}
        assert Path(told["path"]) == tmp_path / f"{i}.pdf"
        assert (tmp_path / f"{i}.pdf").read_bytes().startswith(b"%PDF")
    assert PASSPHRASE not in ran.out
