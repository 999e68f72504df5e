"""A till killed in the middle of anything: what it answered is there, whole, and what it had in hand is sold once."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

from epicerie_desktop.services import opening
from tests.conftest import PASSPHRASE
from tests.persistence.conftest import make_busy

if sys.platform == "win32":
    pytest.skip("les processus s'y tuent autrement", allow_module_level=True)

from tests.cli import selling

SEED = 20261120


@pytest.fixture
def stocked(shop_file: Path) -> tuple[Path, int]:
    busy = make_busy(opening.open_desk(shop_file, PASSPHRASE))
    busy.desk.db.close()
    return shop_file, busy.article


def test_thirty_kills_lose_no_answered_sale_and_leave_none_half(stocked: tuple[Path, int]) -> None:
    database, article = stocked
    with selling.server() as control:
        tally = selling.kill_while_selling(control, database, article, random.Random(SEED), 30)
    assert tally.problems == []
    assert tally.kills == 30
    assert tally.acknowledged >= 60


def test_the_audit_sees_a_till_that_answers_before_the_sale_is_durable(stocked: tuple[Path, int]) -> None:
    """The control of the test above: the same audit, on a till that does it wrong."""
    database, article = stocked
    rows = [selling.row(article) for _ in range(4)]
    with selling.server() as control:
        till = selling.Till(control, database, stop_at=2)
        till.feed(rows)
        answered, status = till.end()
    assert os.WIFSIGNALED(status)
    receipts = {r["uid"]: json.loads(a)["receipt"] for r, a in zip(rows, answered, strict=False)}
    assert len(receipts) == 3
    assert selling.audit(database, receipts, 3) == ["perdu : 1-000003"]


def test_the_audit_sees_a_sale_left_half(stocked: tuple[Path, int]) -> None:
    database, article = stocked
    with selling.server() as control:
        tally = selling.kill_while_selling(control, database, article, random.Random(SEED), 2)
    assert tally.problems == []
    desk = opening.open_desk(database, PASSPHRASE)
    with desk.db.write() as session:
        run = session.connection().exec_driver_sql
        run("DROP TRIGGER sale_line_no_delete")
        run("DELETE FROM sale_line WHERE sale_id = 1 AND n = 5")
    desk.db.close()
    found = selling.audit(database, {}, tally.acknowledged + 1)
    assert [f for f in found if f.startswith("à moitié")]
