"""The report of a year, at the end of ten years of 250,000 lines: read whole, against only reading its lines; the window goes on.

A tenth of the lines are of the year asked; then all of them are, which is told beside only reading them (docs/mesures.md).
"""

from __future__ import annotations

import gc
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from epicerie_desktop import app
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports import whole
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui.background import Background
from tests.benchmarks.measure import ratio, spread, tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

SHOP = Volume(households=400, persons=1_000, articles=2_000, lines=250_000, years=10)
FULL = replace(SHOP, years=1)
ROUNDS = 5
GOAL_MS, LONGEST_WAIT_MS = 1_000.0, 50.0
GUARD_RATIO = 30.0
"""No goal was set for it: 22 was measured when it was written, and this only tells a report that grows slower than its lines."""
GUARD_FULL = 4.0
"""Of a year that holds every line: 2.2 to 3.0 was measured on a busy machine, 5.6 before people were counted without reading lines."""
ASKED = whole.Asked("year", date(2025, 11, 1), date(2026, 10, 31))


@contextmanager
def filled(blank_shop: Path, folder: Path, volume: Volume) -> Iterator[Desk]:
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, volume)
    yield desk
    desk.db.close()


@pytest.fixture(scope="module")
def shop(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with filled(blank_shop, tmp_path_factory.mktemp("report") / "shop", SHOP) as desk:
        yield desk


@pytest.fixture(scope="module")
def full_year(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with filled(blank_shop, tmp_path_factory.mktemp("full") / "shop", FULL) as desk:
        yield desk


LINES = """select s.household_id, s.day, l.family_id, l.lot_id, l.grams, l.shelf_cents, l.paid_cents
from sale s join sale_line l on l.sale_id = s.id where s.day between ? and ?"""


def lines_alone(desk: Desk) -> int:
    """Read the lines of the period as the bare driver gives them, and nothing else: what no report can do without."""
    with desk.db.read() as session:
        span = (ASKED.first.isoformat(), ASKED.last.isoformat())
        return len(session.connection().exec_driver_sql(LINES, span).fetchall())


def spent(arms: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the processor's milliseconds of each arm, round by round: what a busy neighbour changes least."""
    taken: dict[str, list[float]] = {name: [] for name in arms}
    gc.collect()
    for i in range(ROUNDS + 1):
        for name, arm in arms.items():
            start = time.process_time()
            arm()
            if i:
                taken[name].append((time.process_time() - start) * 1000)
    return taken


def test_the_report_of_a_year_is_read_and_printed_in_time(shop: Desk) -> None:
    assert lines_alone(shop) > 20_000, "the control"
    taken = spent(
        {
            "read": lambda: whole.report(shop, ASKED),
            "paper": lambda: whole.report_pdf(shop, ASKED),
            "lines": lambda: lines_alone(shop),
        }
    )
    over = ratio(taken, "read", "lines")
    told = {**spread(taken), "read ÷ lines": over}
    tell("report of a year", told, f"goal {GOAL_MS:.0f} ms of processor; guard {GUARD_RATIO:.0f} × its lines alone")
    assert statistics.median(taken["read"]) <= GOAL_MS
    assert over <= GUARD_RATIO


def test_the_report_of_a_year_that_holds_every_line_is_told_beside_only_reading_them(full_year: Desk) -> None:
    assert lines_alone(full_year) > 200_000, "the control"
    taken = spent({"read": lambda: whole.report(full_year, ASKED), "lines": lambda: lines_alone(full_year)})
    over = ratio(taken, "read", "lines")
    tell(
        "report of a full year",
        {**spread(taken), "read ÷ lines": over},
        f"goal {GOAL_MS:.0f} ms, missed; guard {GUARD_FULL} × its lines alone",
    )
    assert over <= GUARD_FULL


def test_the_window_goes_on_while_a_report_is_made(qtbot: QtBot, shop: Desk) -> None:
    # As the program does once its window is there: Python's own collector would stop both threads, on the report's.
    owner = QObject()
    app.resume_collection(owner)
    long, beats = Background("long"), [time.perf_counter()]
    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    made: list[bytes] = []
    failed: list[Exception] = []
    timer.start()
    long.submit(owner, lambda: whole.report_pdf(shop, ASKED), made.append, failed.append)
    qtbot.waitUntil(lambda: bool(made or failed), timeout=60_000)
    timer.stop()
    long.stop()
    gc.enable()
    gc.unfreeze()
    assert made, failed
    waits = sorted((b - a) * 1000 for a, b in pairwise(beats))
    tell(
        "window beside a report",
        {"p50 ms": statistics.median(waits), "longest ms": waits[-1]},
        f"goal p95 {LONGEST_WAIT_MS:.0f} ms",
    )
    assert waits[len(waits) * 95 // 100] <= LONGEST_WAIT_MS
