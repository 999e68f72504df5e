"""Dead windows are taken apart on the windows' thread alone; a question nobody answers is put away, and told."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.collector import Collector
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from tests.ui.dialogs import meet, none_left


class Knot:
    """What only the collector can take apart; it says on which thread that was."""

    def __init__(self, told: list[str]) -> None:
        self.told, self.itself = told, self

    def __del__(self) -> None:
        self.told.append(threading.current_thread().name)


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[Background]:
    found = Background("data")
    yield found
    found.stop()


def _litter() -> None:
    for _n in range(5_000):
        tied: list[object] = []
        tied.append(tied)


def _where_a_knot_dies(qtbot: QtBot, worker: Background) -> list[str]:
    told: list[str] = []
    Knot(told)
    worker.submit(worker, _litter, None, lambda error: None)
    qtbot.waitUntil(lambda: not worker.busy)
    qtbot.waitUntil(lambda: bool(told))
    return told


def test_garbage_is_collected_on_the_windows_thread_alone(qtbot: QtBot, worker: Background) -> None:
    owner = QObject()
    collector = Collector(owner)
    collector._timer.setInterval(0)
    assert not gc.isenabled()
    assert _where_a_knot_dies(qtbot, worker) == [threading.main_thread().name]


def test_pythons_own_collector_would_have_done_it_on_the_workers_thread(qtbot: QtBot, worker: Background) -> None:
    gc.enable()
    assert _where_a_knot_dies(qtbot, worker) != [threading.main_thread().name]


def test_a_question_nobody_answers_is_put_away_and_says_what_it_asked(qapp: QApplication) -> None:
    with none_left(seconds=0.2) as left:
        QuestionDialog(None, "Effacer ?", "Tout sera perdu.", "Effacer", "Garder").exec()
    assert len(left) == 1
    assert "Tout sera perdu." in left[0]
    with none_left(seconds=20) as left:
        meet(QuestionDialog, QuestionDialog.reject)
        QuestionDialog(None, "Effacer ?", "Tout sera perdu.", "Effacer", "Garder").exec()
    assert left == []
