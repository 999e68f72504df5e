"""Closing, reading, archiving and verifying the till from the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_commands import asked, lines


def test_a_year_is_closed_archived_and_verified(epicerie: Run, shop: Path, tmp_path: Path) -> None:
    at = ("--database", shop, "--json")
    epicerie("sell", "-", "--database", shop, stdin=lines(asked(), asked()))
    held = epicerie("reading", *at).json
    assert held["tickets"] == 2
    assert sum(held["means"].values()) == held["paid_cents"]
    assert epicerie("close", "--today", *at).json["closings"] == 1
    assert epicerie("reading", *at).json["tickets"] == 0
    assert "dernière clôture" in epicerie("close", "--today", *at).complaint(1)
    out = tmp_path / "out"
    out.mkdir()
    assert epicerie("archive", datetime.now(UTC).year, out, *at).code == 0
    (made,) = out.glob("caisse-*.zip")
    assert epicerie("verify-archive", made, "--json").json == {"ok": True}
    made.write_bytes(made.read_bytes()[:-30])
    assert "archive de caisse" in epicerie("verify-archive", made).complaint(1)
    assert epicerie("verify", *at).json["ok"] is True
    assert "1999" in epicerie("archive", 1999, out, *at).complaint(1)
