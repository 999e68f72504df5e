"""`epicerie dump` leaves nothing in the file but what is listed here, and why: a new table or column is caught until it is told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

from epicerie_desktop.persistence.models.base import Base
from epicerie_desktop.services import dump
from epicerie_desktop.services.households import reserve, separation
from epicerie_desktop.services.rights import decide, meetings
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account
from tests.services.test_separation import parting
from tests.services.test_who_may_write import SITUATION, Filled, filled

__all__ = ["filled"]
NAMED = {
    "household": "households", "household_member": "members", "person": "members", "member_away": "members_away",
    "household_address": "addresses", "access_grant": "grants", "waiting_entry": "waiting_list", "stock_move": "moves", "sale": "tickets",
    "sale_line": "lines", "fee_paid": "fees_paid", "month_sent": "months_sent", "parcel_sent": "parcels_sent",
    "parcel_received": "parcels_received", "axis": "axes", "contract_key": "contract_keys", "household_key": "household_keys", "receipt_read": "receipts_read", "action_status": "action_statuses",
    "reserved_to": "reserved_to", "paper_made": "papers_made",
    "lot_delivery": "lot_deliveries", "refused_goods": "refused_goods", "shop": "shop", "journal": "journal", "shelf": "shelves",
    "volunteer_hours": "volunteer_hours",
}  # fmt: skip
"""Where a table is, when it is not under its own name and an s."""
ABSENT = {
    "draft": "work in hand, forgotten once it is done",
    "number_series": "the last number given: the papers tell it",
    "paper_content": "scans stay in the encrypted file",
    "portrait": "photos stay in the encrypted file",
    "search_word": "the words of names and telephones, written again from them",
}
RENAMED = {
    ("household_member", "id"): None, ("person", "id"): "person_id", ("person", "token"): "person_token", ("member_away", "id"): None,
    ("member_away", "member_id"): "person_id", ("sale", "post_id"): "post", ("sale_line", "sale_id"): "ticket_id",
    ("sale_line", "family_id"): "family", ("payment", "sale_id"): "ticket_id",
}  # fmt: skip
"""Columns under another name; None where the row is told by its others."""
LEFT_OUT = {
    "uid": "an identity of the row for the program",
    "version": "counts the changes",
    "changed_at": "the journal tells it",
    "changed_by": "the journal tells it",
    "sealed": "opened as `content`, with the second key",
}
KEYS = {
    ("contract", c) for c in ("identity", "signing_key", "verify_key", "recipient", "spare_recipient", "counting_key", "generation")
} | {
    ("contract_key", c) for c in ("identity", "signing_key", "verify_key", "recipient")
} | {
    ("receipt_read", c) for c in ("generation", "parcel", "digest")
} | {
    ("site_post", "verify_key"), ("parcel_received", "prev"), ("household_key", "value"),
    ("parcel_sent", "generation"), ("parcel_sent", "digest"), ("parcel_sent", "prev"), ("month_sent", "digest"),
    ("parcel_received", "generation"), ("parcel_received", "digest"), ("article", "folded"), ("saved_question", "folded"), ("merge", "moved"),
}  # fmt: skip
"""Keys, the chain of parcels, what is made again from another column, and what only serves to undo."""


def package(folder: Path) -> dict[str, list[str]]:
    told = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in told["resources"]}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_table_and_every_column_is_in_the_dump_or_says_why_not(small_shop: SmallShop, tmp_path: Path) -> None:
    dump.dump(small_shop.desk, tmp_path / "all")
    found = package(tmp_path / "all")
    tables = {m.local_table.name: m.local_table for m in Base.registry.mappers}
    assert len(tables) > 60, "the control"
    assert ABSENT.keys() <= tables.keys()
    plural = {t: NAMED.get(t) or (f"{t[:-1]}ies" if t.endswith("y") else f"{t}s") for t in tables if t not in ABSENT}
    assert {t: r for t, r in plural.items() if r not in found} == {}
    extra = {"visits", "suspension_contents", "meeting_item_contents"}
    assert found.keys() - set(plural.values()) == extra
    missing = []
    for name, resource in plural.items():
        for c in tables[name].columns:
            told = RENAMED.get((name, c.name), c.name)
            if (
                told is not None
                and c.name not in LEFT_OUT
                and (name, c.name) not in KEYS
                and told not in found[resource]
            ):
                missing.append(f"{name}.{c.name}")
    assert missing == [], "write it in services/dump.py, or say here why it is not there"
    sealed = {plural[n] for n, t in tables.items() if "sealed" in t.columns and n in plural}
    opened = {r for r in sealed if "content" in found[r] or f"{r[:-1]}_contents" in found}
    assert sealed == opened


def test_no_key_and_no_passphrase_is_in_the_dump(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    dump.dump(desk, tmp_path / "all")
    assert desk.social_key is not None
    written = "".join(p.read_text("utf-8") for p in (tmp_path / "all").iterdir())
    assert desk.social_key.hex() not in written
    (account,) = rows(tmp_path / "all", "accounts")
    assert account == {"id": "1", "name": "Camille", "role": "MANAGER", "active": "true", "social": "true"}
    values = {(v["article_id"], v["cents"]) for v in rows(tmp_path / "all", "article_values")}
    assert values >= {(str(small_shop.carrots), "160"), (str(small_shop.peas), "150")}
    assert {"code": "3017620422003", "article_id": str(small_shop.peas)} in rows(tmp_path / "all", "article_codes")


def test_a_dump_ties_neither_a_rank_nor_a_named_child_to_a_file_reserved_to_others(
    small_shop: SmallShop, filled: Filled, tmp_path: Path
) -> None:
    desk = small_shop.desk
    second = separation.separate(desk, parting(small_shop))
    assessment, _outcome = decide.record_assessment(desk, second, SITUATION)
    meetings.add_item(desk, filled.meeting, assessment)
    reserve.reserve(desk, second, [desk.actor.id])
    other = replace(an_account(desk), social_key=desk.social_key)
    for who, folder in ((desk, tmp_path / "ours"), (other, tmp_path / "theirs")):
        dump.dump(who, folder)
    (ours,), (theirs,) = (rows(tmp_path / f, "meeting_items") for f in ("ours", "theirs"))
    assert (ours["household_id"], ours["assessment_id"]) == (str(second), str(assessment))
    assert (theirs["rank"], theirs["household_id"], theirs["assessment_id"]) == ("1", "", "")
    for folder, tied in (("ours", True), ("theirs", False)):
        people = {m["person_id"] for m in rows(tmp_path / folder, "members") if m["household_id"] == str(second)}
        named = {m["person_id"] for m in rows(tmp_path / folder, "members") if m["last_name"]}
        assert bool(people & named) is tied
    assert {r["household_id"] for r in rows(tmp_path / "theirs", "reserved_to")} == {str(second)}
