"""The totals and the sheet, computed again from `epicerie dump` alone: only the csv module and the printed definitions."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest

from epicerie_desktop.services.demonstration.build import DemoFiles
from tests.cli.conftest import Run

Row = dict[str, str]


class Dump:
    """A dump read back, and nothing of the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
        self.tables: dict[str, list[Row]] = {}
        for resource in self.package["resources"]:
            with (folder / resource["path"]).open(newline="", encoding="utf-8") as handle:
                self.tables[resource["name"]] = list(csv.DictReader(handle))

    def kept(self, first: str, last: str) -> list[Row]:
        """Return the tickets of these months that are neither cancelled nor a cancellation."""
        tickets = self.tables["tickets"]
        cancelled = {t["reverses_id"] for t in tickets if t["reverses_id"]}
        return [
            t for t in tickets if first <= t["day"][:7] <= last and not t["reverses_id"] and t["id"] not in cancelled
        ]

    def totals(self, first: str, last: str) -> dict[str, int]:
        tickets = self.kept(first, last)
        visits = {(t["household_id"], t["day"]) for t in tickets}
        persons: set[str] = set()
        person_visits = 0
        by_household: dict[str, list[Row]] = {}
        for m in self.tables["members"]:
            by_household.setdefault(m["household_id"], []).append(m)
        for household, day in visits:
            there = [
                m for m in by_household[household] if m["joined_on"] <= day and (not m["left_on"] or day < m["left_on"])
            ]
            persons |= {m["person_id"] for m in there}
            person_visits += len(there)
        ids = {t["id"] for t in tickets}
        food = {f["code"] for f in self.tables["families"] if f["food"] == "true"}
        lines = [n for n in self.tables["lines"] if n["ticket_id"] in ids]
        payments = [p for p in self.tables["payments"] if p["ticket_id"] in ids]
        return {
            "families_distinct": len({h for h, _ in visits}),
            "persons_distinct": len(persons),
            "visits": len(visits),
            "person_visits": person_visits,
            "grams_distributed": sum(int(n["grams"]) for n in lines if n["family"] in food),
            "value_cents": sum(int(n["shelf_cents"]) for n in lines),
            "paid_cents": sum(int(p["cents"]) for p in payments),
        }


@pytest.fixture
def dumped(
    epicerie: Run,
    demo_files: DemoFiles,
    kept_dumps: dict[str, Dump],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Dump:
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    monkeypatch.setenv("EPICERIE_PASSPHRASE", secret)
    if "shop-1" not in kept_dumps:
        folder = tmp_path_factory.mktemp("dumped") / "dump"
        ran = epicerie("dump", folder, "--database", demo_files.shops[0], "--json")
        assert (ran.code, ran.json["path"]) == (0, str(folder / "datapackage.json"))
        kept_dumps["shop-1"] = Dump(folder)
    return kept_dumps["shop-1"]


PERIODS = [
    ("2010-01", "2012-12"),
    ("2011-01", "2011-12"),
    ("2011-05", "2011-05"),
    ("2026-10", "2026-11"),
    ("2026-11", "2026-11"),
    ("2010-09", "2026-11"),
]


def test_the_totals_are_those_of_the_dump(epicerie: Run, dumped: Dump, demo_files: DemoFiles) -> None:
    for first, last in PERIODS:
        told = epicerie("totals", "--from", first, "--to", last, "--database", demo_files.shops[0], "--json").json
        again = dumped.totals(first, last)
        assert again["visits"] > 0
        assert {k: told[k] for k in again} == again, (first, last)
        assert (
            sum(told["grams_by_family"].values()) == sum(told["grams_by_origin"].values()) == told["grams_distributed"]
        )
    assert dumped.totals("2010-01", "2012-12").items() >= {
        "families_distinct": 190, "persons_distinct": 500, "grams_distributed": 10_000_000,
    }.items()  # fmt: skip


def test_the_printed_sheet_shows_the_same_lines_and_totals(
    epicerie: Run, dumped: Dump, demo_files: DemoFiles, tmp_path: Path
) -> None:
    month = "2011-05"
    ran = epicerie("sheet", month, "-o", tmp_path / "sheet.pdf", "--database", demo_files.shops[0], "--json")
    assert ran.json["hash"] == hashlib.sha256((tmp_path / "sheet.pdf").read_bytes()).hexdigest()
    reader = pypdf.PdfReader(tmp_path / "sheet.pdf")
    assert len(reader.pages) == ran.json["pages"]
    text = "\n".join(page.extract_text() for page in reader.pages)
    flat = re.sub(r"[\u00a0\u202f]", "", text)
    again = dumped.totals(month, month)

    total = next(line for line in flat.splitlines() if line.startswith("Total "))
    assert total.split()[1:3] == [str(again["persons_distinct"]), str(again["visits"])]
    assert total.split()[-3:] == [
        kilos(again["grams_distributed"]),
        euros(again["value_cents"]),
        euros(again["paid_cents"]),
    ]
    numbers = {h["id"]: h["number"] for h in dumped.tables["households"]}
    served = sorted({numbers[t["household_id"]] for t in dumped.kept(month, month)})
    rows = [line.split() for line in flat.splitlines() if re.match(r"1-\d{4} ", line)]
    assert [row[0] for row in rows] == served
    for number in served:
        tickets = [t for t in dumped.kept(month, month) if numbers[t["household_id"]] == number]
        ids = {t["id"] for t in tickets}
        mine = [n for n in dumped.tables["lines"] if n["ticket_id"] in ids]
        row = next(r for r in rows if r[0] == number)
        assert row[2] == str(len({t["day"] for t in tickets}))
        assert row[-3] == kilos(sum(int(n["grams"]) for n in mine))
        assert row[-2:] == [euros(sum(int(n[c]) for n in mine)) for c in ("shelf_cents", "paid_cents")]
    names = {m["last_name"] for m in dumped.tables["members"]}
    assert not [n for n in names if re.search(rf"\b{re.escape(n)}\b", text)], "a sheet carries no name unless asked"


def kilos(grams: int) -> str:
    return f"{grams // 1000},{grams % 1000:03d}"


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ORIGINS = {
    "FOOD_BANK": "Banque Alimentaire", "PICKUP": "Ramasse", "COLLECTION": "Collecte", "DONATION": "Don", "PURCHASE": "Achat",
    "GARDEN": "Potager", "FSE": "FSE+",
}  # fmt: skip


def by_line(dumped: Dump, month: str, form: str) -> dict[str, tuple[int, int, int, int, int]]:
    """Return visits, persons, grams, value and paid of each line of a form, from the dump alone."""
    tickets = {t["id"]: t for t in dumped.kept(month, month)}
    food = {f["code"]: f["short_name"] for f in dumped.tables["families"] if f["food"] == "true"}
    referrers = {r["id"]: f"{r['organisation']} – {r['name']}" for r in dumped.tables["referrers"]}
    households = {h["id"]: h for h in dumped.tables["households"]}

    def place(household: str, day: str) -> str:
        there = [a for a in dumped.tables["addresses"] if a["household_id"] == household and a["valid_from"] <= day]
        latest = max(there, key=lambda a: a["valid_from"], default={"commune_code": "", "commune_name": ""})
        return latest["commune_name"] if latest["commune_code"] else "Non connue"

    def keys(line: Row) -> str:
        ticket = tickets[line["ticket_id"]]
        household, day = ticket["household_id"], ticket["day"]
        if form == "day":
            on = date.fromisoformat(day)
            return f"{WEEKDAYS[on.weekday()]} {on.day}{'er' if on.day == 1 else ''} "
        if form == "commune":
            return place(household, day)
        if form == "referrer":
            return referrers[households[household]["referrer_id"]]
        return food[line["family"]] if form == "family" else ORIGINS[line["origin"]]

    found: dict[str, tuple[set[tuple[str, str]], list[int]]] = {}
    for line in dumped.tables["lines"]:
        if line["ticket_id"] not in tickets or (form in ("family", "origin") and line["family"] not in food):
            continue
        ticket = tickets[line["ticket_id"]]
        visits, sums = found.setdefault(keys(line), (set(), [0, 0, 0]))
        visits.add((ticket["household_id"], ticket["day"]))
        for n, value in enumerate(
            (line["grams"] if line["family"] in food else "0", line["shelf_cents"], line["paid_cents"])
        ):
            sums[n] += int(value)
    return {
        key: (len(visits), len(persons_there(dumped, visits)), *sums) for key, (visits, sums) in found.items()
    }  # fmt: skip


def persons_there(dumped: Dump, visits: set[tuple[str, str]]) -> set[str]:
    return {
        m["person_id"]
        for m in dumped.tables["members"]
        for household, day in visits
        if m["household_id"] == household and m["joined_on"] <= day and (not m["left_on"] or day < m["left_on"])
    }


@pytest.mark.parametrize("portrait", [False, True])
def test_every_form_of_the_sheet_prints_what_the_dump_says(
    epicerie: Run, dumped: Dump, demo_files: DemoFiles, tmp_path: Path, portrait: bool
) -> None:
    month, forms = "2011-05", ("day", "family", "origin", "commune", "referrer")
    ran = epicerie(
        "sheet", month, "-o", tmp_path / "f.pdf", "--by", ",".join(forms), *(["--portrait"] if portrait else []),
        "--database", demo_files.shops[0], "--json",
    )  # fmt: skip
    reader = pypdf.PdfReader(tmp_path / "f.pdf")
    assert {(float(p.mediabox.width) < float(p.mediabox.height)) for p in reader.pages} == {portrait}
    assert [s["form"] for s in ran.json["sheets"]] == list(forms)
    assert len(reader.outline) == len(forms)
    pages = [re.sub(r"[\u202f]", "", page.extract_text().replace("\u00a0", " ")) for page in reader.pages]
    for n, page in enumerate(pages, 1):
        assert f"Page {n} sur {len(pages)}" in page
        assert "provisoire" in page
    starts = [reader.get_destination_page_number(entry) for entry in reader.outline]
    for form, start, end in zip(forms, starts, [*starts[1:], len(pages)], strict=True):
        written = "\n".join(pages[start:end])
        told = [line for line in written.splitlines() if re.search(r"\d,\d", line)]
        again = by_line(dumped, month, form)
        for key, (visits, persons, grams, shelf, paid) in again.items():
            row = next(line for line in told if line.replace("’", "'").startswith(key)).removeprefix(key).split()
            if form in ("family", "origin"):
                assert row[1:4] == [str(persons), str(visits), kilos(grams)], (form, key)
            else:
                assert row[-3:] == [kilos(grams), euros(shelf), euros(paid)], (form, key)
                assert (str(persons), str(visits)) in pairwise(row), (form, key)
        assert written.count("Contrôle") == 1


def test_the_books_of_the_dump_add_up_by_themselves(dumped: Dump) -> None:
    tables = dumped.tables
    for lot in tables["lots"]:
        moves = [m for m in tables["moves"] if m["lot_id"] == lot["id"]]
        for balance, column in (("balance_pieces", "pieces"), ("balance_grams", "grams")):
            assert int(lot[balance]) == sum(int(m[column]) for m in moves)
        break
    balances: dict[str, list[int]] = {
        lot["id"]: [int(lot["balance_pieces"]), int(lot["balance_grams"])] for lot in tables["lots"]
    }
    for m in tables["moves"]:
        balances[m["lot_id"]][0] -= int(m["pieces"])
        balances[m["lot_id"]][1] -= int(m["grams"])
    assert not [lot for lot, rest in balances.items() if rest != [0, 0]]
    by_ticket: dict[str, list[Row]] = {}
    for n in tables["lines"]:
        by_ticket.setdefault(n["ticket_id"], []).append(n)
    for t in tables["tickets"]:
        mine = by_ticket[t["id"]]
        for column in ("grams", "shelf_cents", "paid_cents"):
            assert int(t[column]) == sum(int(n[column]) for n in mine)
    visits = tables["visits"]
    assert len({(v["household_id"], v["day"]) for v in visits}) == len(visits)
    assert sum(int(v["paid_cents"]) for v in visits) == sum(int(p["cents"]) for p in tables["payments"])


def test_the_dump_is_a_data_package_that_describes_itself(dumped: Dump) -> None:
    names = {r["name"] for r in dumped.package["resources"]}
    assert names >= {"households", "members", "visits", "lines", "moves", "payments"}
    assert dumped.tables["members"][0].keys() >= {"last_name", "first_name"}
    parse = {
        "integer": int,
        "date": date.fromisoformat,
        "boolean": {"true": 1, "false": 0}.__getitem__,
        "object": json.loads,
        "string": str,
        "datetime": str,
    }
    for resource in dumped.package["resources"]:
        data = (dumped.folder / resource["path"]).read_bytes()
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (resource["bytes"], resource["hash"])
        fields = resource["schema"]["fields"]
        rows = dumped.tables[resource["name"]]
        assert not rows or list(rows[0]) == [f["name"] for f in fields]
        for row in rows:
            for field in fields:
                if row[field["name"]] != "":
                    parse[field["type"]](row[field["name"]])


def test_social_columns_leave_only_with_a_social_key(demo_files: DemoFiles, dumped: Dump) -> None:
    assert "assessments" in dumped.tables
    assert not any("sealed" in f["name"] for r in dumped.package["resources"] for f in r["schema"]["fields"])
