"""The long campaigns: `pytest -m campaign tests/campaigns`. The seed is in the report of a failure."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

from epicerie_desktop.services import opening
from tests.cli.conftest import Run, epicerie
from tests.conftest import PASSPHRASE
from tests.persistence.conftest import make_busy

pytestmark = pytest.mark.campaign

__all__ = ["epicerie"]


@pytest.mark.skipif(sys.platform == "win32", reason="les processus s'y tuent autrement")
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_kills_lose_no_answered_sale(shop_file: Path, part: int) -> None:
    from tests.cli import selling

    seed = int(os.environ.get("EPICERIE_SEED", "1")) * 1000 + part
    busy = make_busy(opening.open_desk(shop_file, PASSPHRASE))
    busy.desk.db.close()
    with selling.server() as control:
        tally = selling.kill_while_selling(control, shop_file, busy.article, random.Random(seed), 100, each=20)
    assert (tally.problems, tally.kills) == ([], 100), seed
    assert tally.acknowledged >= 700, seed


def test_the_demonstration_of_three_shops_is_made_by_its_command(
    epicerie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = epicerie("demo", tmp_path / "d", "--shops", "3", "--households", "30", "--months", "2", "--json").json
    assert [Path(s["database"]).parent.name for s in made["shops"]] == ["shop-1", "shop-2", "shop-3"]
    secrets = json.loads((tmp_path / "d" / "passphrases.json").read_text("utf-8"))
    assert secrets.keys() == {"shop-1", "shop-2", "shop-3", "coordinator"}
    for database in (*(s["database"] for s in made["shops"]), made["coordinator"]["database"]):
        monkeypatch.setenv("EPICERIE_PASSPHRASE", secrets[Path(database).parent.name])
        assert epicerie("verify", "--database", database, "--json").json == {"ok": True, "findings": []}
