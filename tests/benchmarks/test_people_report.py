"""The people of a year's report, at the end of ten years of 250,000 lines: all of it live, then all of its months closed."""

from __future__ import annotations

import gc
import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from epicerie_desktop.domain.figures import months_between
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.people import people_sections
from epicerie_desktop.support.clock import FrozenClock
from tests.benchmarks.measure import tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

SHOP = Volume(households=400, persons=1_000, articles=2_000, lines=250_000, years=10)
ROUNDS = 7
GOAL_MS = 400.0
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def shop(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("people") / "shop"
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, SHOP)
    yield desk
    desk.db.close()


def spent(desk: Desk) -> float:
    """Return the processor's milliseconds of the sections of a year, the median of some rounds."""
    taken = []
    gc.collect()
    for i in range(ROUNDS + 1):
        start = time.process_time()
        with desk.db.read() as session:
            sections = people_sections(session, FIRST, LAST)
        if i:
            taken.append((time.process_time() - start) * 1000)
        assert sum(1 for s in sections for _t in s.tables) > 10
    return statistics.median(taken)


def test_the_people_of_a_year_are_told_in_time(shop: Desk) -> None:
    live = spent(shop)
    for month in months_between(f"{FIRST:%Y-%m}", f"{LAST - timedelta(days=1):%Y-%m}"):
        months.close_month(shop, month)
    closed = spent(shop)
    tell(
        "people of a year",
        {"live ms": live, "closed ms": closed},
        f"goal {GOAL_MS:.0f} ms of processor, visits read included",
    )
    assert max(live, closed) <= GOAL_MS
