"""The food part of a report in a shop of ten years: the last year, whatever the years before it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.food import food_sections
from epicerie_desktop.support.clock import FrozenClock
from tests.benchmarks.measure import tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

GOAL_MS = 300.0


@pytest.fixture(scope="module")
def ten_years(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("food-report") / "shop"
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, Volume(households=600, persons=1600, articles=800, lines=250_000, years=10))
    yield desk
    desk.db.close()


def _cpu_ms(desk: Desk, first: date, last: date) -> float:
    """Return the least processor time of a few readings, in milliseconds."""
    found = []
    for _n in range(5):
        with desk.db.read() as session:
            begun = time.process_time()
            food_sections(session, first, last)
            found.append((time.process_time() - begun) * 1000)
    return min(found)


@pytest.mark.benchmark
def test_a_year_of_food_is_counted_without_a_wait(ten_years: Desk) -> None:
    year = _cpu_ms(ten_years, TODAY - timedelta(days=365), TODAY)
    old = _cpu_ms(ten_years, TODAY - timedelta(days=365 * 6), TODAY - timedelta(days=365 * 5))
    tell("Denrées", {"année écoulée, ms": year, "il y a cinq ans, ms": old}, f"moins de {GOAL_MS:.0f} ms de processeur")
    assert year < GOAL_MS
