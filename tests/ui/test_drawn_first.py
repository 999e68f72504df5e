"""The window is drawn, then the day is read: what the first reading imports would keep it from being drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop import app
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.main_window import MainWindow

NEVER = 100_000_000
Opening = Callable[..., tuple[MainWindow, list[bool]]]


@pytest.fixture
def opening(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opening]:
    """The window, and whether it was drawn when its worker did what was asked before it was shown."""
    made: list[MainWindow] = []

    def window_and_readings(*, drawn_by_ms: int, held: bool = True) -> tuple[MainWindow, list[bool]]:
        monkeypatch.setattr(app, "_DRAWN_BY_MS", drawn_by_ms)
        if not held:
            monkeypatch.setattr(app, "Background", lambda name, **_held: Background(name))
        window, readings = app.build_window(desk, MachineSettings()), list[bool]()
        qtbot.addWidget(window)
        made.append(window)
        window.context.data.submit(
            window, lambda: readings.append(window._drawn), None, lambda error: pytest.fail(str(error))
        )
        return window, readings

    yield window_and_readings
    for window in made:
        data = window.context.data
        qtbot.waitUntil(lambda data=data: not data.busy)  # type: ignore[misc]
        window.close()


def test_nothing_is_read_before_the_window_is_drawn(qtbot: QtBot, opening: Opening) -> None:
    window, readings = opening(drawn_by_ms=NEVER)
    for _n in range(20):
        QApplication.processEvents()
    assert (window._drawn, readings, window.context.data.busy) == (False, [], True)
    with qtbot.waitSignal(window.drawn):
        window.show()
    qtbot.waitUntil(lambda: bool(readings))
    assert readings == [True]


def test_a_worker_that_is_not_held_reads_before_the_window_is_drawn(qtbot: QtBot, opening: Opening) -> None:
    _window, readings = opening(drawn_by_ms=NEVER, held=False)
    qtbot.waitUntil(lambda: bool(readings))
    assert readings == [False]


def test_a_window_that_is_never_drawn_reads_all_the_same_and_once(qtbot: QtBot, opening: Opening) -> None:
    window, readings = opening(drawn_by_ms=0)
    qtbot.waitUntil(lambda: bool(readings))
    with qtbot.waitSignal(window.drawn):
        window.show()
    qtbot.waitUntil(lambda: not window.context.data.busy)
    assert readings == [False]
