"""A line added at the till and painted: from the Enter that adds it to the window redrawn, on a basket that grows to forty lines."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.services import opening
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui.till.gestures import Pending
from epicerie_desktop.ui.till.screen import TillScreen
from tests.benchmarks.measure import centile, tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY
from tests.ui.opened import opened

GOAL_MS, LINES = 16.0, 40


@pytest.mark.benchmark
def test_a_line_is_added_and_shown_between_two_frames(blank_shop: Path, tmp_path: Path, qtbot: QtBot) -> None:
    shutil.copytree(blank_shop, tmp_path / "shop")
    desk = opening.open_desk(tmp_path / "shop" / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, Volume(households=200, persons=500, articles=300, lines=10_000))
    with opened(qtbot, desk, TillScreen) as shop:
        till = shop.screen
        till.open_with(household=3)
        shop.idle()
        offers = [o for o in till.entry.prices.offers.values() if o.name.startswith("Article")]
        taken: list[float] = []
        for n in range(LINES):
            pending = Pending(offers[n], grams=800 + n, source=WeightSource.SCALE)
            start = time.perf_counter()
            till.advance(pending)
            till.repaint()
            QApplication.processEvents()
            taken.append((time.perf_counter() - start) * 1000)
            shop.idle()
        assert till.basket is not None
        assert len(till.basket.lines) == LINES
    desk.db.close()
    tell("till line", {"p50 ms": statistics.median(taken), "p99 ms": centile(taken, 99)}, f"goal p50 ≤ {GOAL_MS}")
    assert statistics.median(taken) <= GOAL_MS
