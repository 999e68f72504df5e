"""A contract of several shops made by the real program, real files and real parcels: its true families are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, epicerie

pytestmark = pytest.mark.campaign

__all__ = ["epicerie"]


def test_the_coordinator_of_five_shops_counts_those_who_moved_once_and_comes_within_the_error_it_prints(
    epicerie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "d"
    made = epicerie("demo", folder, "--shops", "5", "--households", "36", "--months", "2", "--json").json
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    secrets = json.loads((folder / "passphrases.json").read_text("utf-8"))
    assert not list((folder / "coordinator").rglob("truth*"))
    monkeypatch.setenv("EPICERIE_PASSPHRASE", secrets["coordinator"])
    hub = ("--database", made["coordinator"]["database"], "--json")
    told = epicerie("totals", "--from", truth["from"], "--to", truth["to"], *hub).json
    assert (told["not_compared"], told["error_permille"] > 0) == ([], True)
    assert truth["moved"] >= 8
    # Of so few movers one whose birth is not known any more weighs more than a thousandth; two may hide from five shops.
    allowed = max(2, told["error_permille"] * truth["families_distinct"] // 1000)
    assert abs(told["families_distinct"] - truth["families_distinct"]) <= allowed
    assert abs(told["persons_distinct"] - truth["persons_distinct"]) <= 8
    assert min(told["by_card"], told["by_name"]) >= 1
    assert told["families_counted_twice"] == told["by_card"] + told["by_name"]
    summed = told["families_distinct"] + told["families_counted_twice"]
    assert summed - truth["families_distinct"] > allowed, "the control: the sum of the shops is further than the error"
    past = epicerie("totals", "--from", "2010-01", "--to", "2012-12", *hub).json
    assert (past["families_distinct"], past["persons_distinct"], past["grams_distributed"]) == (190, 500, 10_000_000)
