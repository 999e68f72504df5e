"""The demonstration: the published balance from its lines, a shop alive today, the same data for the same seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.closings import PeriodKind
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.contract import consolidate, funding, values
from epicerie_desktop.services.demonstration.build import DemoFiles, make_demonstration
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.drawer import closings_now, drawer_now, sessions_counted
from epicerie_desktop.services.queries.households import list_households
from epicerie_desktop.services.till import papers
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY


def passphrase(files: DemoFiles, name: str) -> str:
    return str(json.loads(files.passphrases.read_text("utf-8"))[name])


@pytest.fixture
def shop(demo_files: DemoFiles) -> Iterator[Desk]:
    desk = opening.open_desk(demo_files.shops[0], passphrase(demo_files, "shop-1"), FrozenClock.on(TODAY))
    yield desk
    desk.db.close()


def test_the_closed_contract_adds_up_from_its_lines(shop: Desk) -> None:
    past = "day BETWEEN '2010-01-01' AND '2012-12-31' AND reverses_id IS NULL"
    with shop.db.read() as session:
        connection = session.connection()
        families = connection.execute(text(f"SELECT count(DISTINCT household_id) FROM sale WHERE {past}")).scalar_one()
        persons = connection.execute(
            text(f"SELECT count(DISTINCT m.person_id) FROM sale s JOIN household_member m ON m.household_id = s.household_id "
                 f"AND m.joined_on <= s.day AND (m.left_on IS NULL OR s.day < m.left_on) WHERE {past}")
        ).scalar_one()  # fmt: skip
        grams = connection.execute(
            text(f"SELECT sum(l.grams) FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.food AND {past}")
        ).scalar_one()
        smallest = connection.execute(
            text(f"SELECT min(l.grams) FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.food AND {past}")
        ).scalar_one()
        days = connection.execute(text(f"SELECT count(DISTINCT day) FROM sale WHERE {past}")).scalar_one()
    assert (families, persons, grams) == (190, 500, 10_000_000)
    assert smallest > 0
    assert days > 150, "a contract lived over three years, not one great day"


def test_the_coordinator_holds_the_published_balance(demo_files: DemoFiles) -> None:
    hub = opening.open_desk(demo_files.coordinator, passphrase(demo_files, "coordinator"), FrozenClock.on(TODAY))
    contract = next(c for c in consolidate.list_contracts(hub) if c.starts_on.year == 2010)
    found = consolidate.contract_totals(hub, contract.id, "2010-01", "2012-12")
    assert (found.families, found.persons, found.grams) == (190, 500, 10_000_000)
    told = {f.indicator.code: f.value for f in values.indicator_figures(hub, contract.id, "2010-01", "2012-12")}
    assert told["FAMILLES"] == 190
    assert {k: told[k] for k in ("EMPLOIS", "PERMIS", "TRAVAUX", "CENTRE")} == {
        "EMPLOIS": 14, "PERMIS": 24, "TRAVAUX": 55_000_000, "CENTRE": 200,
    }  # fmt: skip
    assert funding.total_of(funding.funding_of(hub, contract.id)) == funding.FundingTotal(150_000_000, 150_000_000)
    with hub.db.read() as session:
        for table in ("household", "person", "sale", "sale_line"):
            assert session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    hub.db.close()


def test_everything_in_it_adds_up(shop: Desk) -> None:
    assert safeguard.verify_file(shop) == ()
    assert shop.db.damage() == ()


def test_its_drawer_was_counted_its_past_is_closed_and_one_evening_two_euros_were_missing(shop: Desk) -> None:
    counted = sessions_counted(shop)
    assert [s.difference_cents for s in counted if s.reason] == [-2_00]
    assert sum(s.difference_cents for s in counted) == -2_00
    assert drawer_now(shop).number == len(counted) + 1
    assert {c.kind for c in closings_now(shop, 2_000).rows} == set(PeriodKind)
    carried = [s for s in counted if s.deposit_cents]
    assert all(papers.deposit_slip(shop, s.id).counts for s in carried)
    assert carried


def test_the_shop_is_alive_today(shop: Desk) -> None:
    living = [h for h in list_households(shop) if h.verdict.grant and h.verdict.grant.valid_until.year >= TODAY.year]
    assert len(living) == 8
    states = [counter.open_visit(shop, h.id).verdict.state for h in living]
    assert states.count(VerdictState.OPEN) >= 5
    assert VerdictState.CLOSED in states, "one right is suspended, to show that banner"
    fresh = [lot for lot in stock.lots_in_stock(shop) if lot.received_on == TODAY]
    assert len({lot.article_id for lot in fresh}) > 10
    assert not [lot for lot in fresh if lot.limit_on is not None and lot.limit_on < TODAY]
    assert counter.price_list(shop).expired_only == frozenset()
    assert stock.lots_to_mend(shop) == ()
    with shop.db.read() as session:
        last = session.connection().execute(text("SELECT max(day) FROM sale")).scalar_one()
    assert (TODAY - timedelta(days=8)).isoformat() <= last < TODAY.isoformat()


def test_a_folder_that_holds_a_demonstration_is_not_overwritten(demo_files: DemoFiles) -> None:
    before = demo_files.shops[0].stat().st_mtime_ns
    with pytest.raises(RuleRefused):
        make_demonstration(demo_files.passphrases.parent, FrozenClock.on(TODAY))
    assert demo_files.shops[0].stat().st_mtime_ns == before


@pytest.mark.parametrize("wrong", [{"shops": 0}, {"households": 0}, {"months": 0}, {"shops": 21}])
def test_a_demonstration_out_of_bounds_is_refused_and_nothing_is_made(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(RuleRefused):
        make_demonstration(tmp_path / "d", FrozenClock.on(TODAY), **wrong)
    assert not (tmp_path / "d").exists()


LIVING = """
import hashlib, random, sys
from datetime import date
from pathlib import Path
from sqlalchemy import text
from epicerie_desktop.persistence import vault
from epicerie_desktop.services.demonstration import build
from epicerie_desktop.support.clock import FrozenClock
clock = FrozenClock.on(date.fromisoformat(sys.argv[2]))
desk = build._shop(Path(sys.argv[1]) / "shop.db", 0, clock, vault.Cost(passes=1, memory=8 * 1024))
build._living(random.Random(sys.argv[3]), desk, build._settle(desk), 6, 1)
wanted = (
    "SELECT last_name, first_name, sex, born FROM person ORDER BY id",
    "SELECT household_id, person_id, link, joined_on FROM household_member ORDER BY id",
    "SELECT day, at, household_id, number, grams, shelf_cents, paid_cents, persons FROM sale ORDER BY id",
    "SELECT sale_id, n, article_id, lot_id, origin, pieces, grams, paid_cents FROM sale_line ORDER BY sale_id, n",
    "SELECT article_id, origin, received_on, limit_on, balance_pieces, balance_grams FROM lot ORDER BY id",
    "SELECT body FROM journal ORDER BY seq",
)
with desk.db.read() as session:
    rows = [session.connection().execute(text(w)).fetchall() for w in wanted]
print(hashlib.sha256(repr([[tuple(r) for r in t] for t in rows]).encode()).hexdigest(), len(rows[2]))
desk.db.close()
"""


def test_the_same_seed_and_day_give_the_same_data_in_any_process(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", LIVING, tmp_path / name, "2026-11-20", seed],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": hashing},
        )
        for name, seed, hashing in (("a", "1/0", "1"), ("b", "1/0", "2"), ("c", "2/0", "1"))
    ]  # fmt: skip
    first, again, other = (maker.communicate(timeout=120)[0] for maker in makers)
    assert int(first.split()[1]) > 5
    assert (again, other != first) == (first, True)
