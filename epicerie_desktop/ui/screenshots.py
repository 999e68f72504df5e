"""Photographs every screen of a demonstration shop, offscreen, for the guide and for whoever designs."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration import PASSPHRASE
from epicerie_desktop.services.demonstration.build import make_demonstration
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.main_window import MainWindow

Build = Callable[[Desk, MachineSettings], MainWindow]


def take(args: argparse.Namespace, machine: MachineSettings, build: Build) -> int:
    """Write a PNG a screen into the folder asked and return 0; `--json` lists them under `files`."""
    width, height = (int(n) for n in args.size.lower().split("x"))
    folder = Path(args.screenshots)
    folder.mkdir(parents=True, exist_ok=True)
    files: list[str] = []
    clock = Clock()
    with tempfile.TemporaryDirectory() as made:
        demo = make_demonstration(Path(made) / "demonstration", clock, households=24, months=2)
        for path, subjects in ((demo.shops[0], _shop_subjects), (demo.coordinator, _no_subject)):
            desk = opening.open_desk(path, PASSPHRASE, clock)
            window = build(desk, machine)
            window.setFixedSize(width, height)
            window.show()
            files += _photograph(window, folder, subjects(desk))
            window.close()
            desk.db.close()
    told = {"files": files}
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if args.json else "\n".join(files)) + "\n")
    return 0


def _no_subject(_desk: Desk) -> dict[str, dict[str, object]]:
    return {}


def _shop_subjects(desk: Desk) -> dict[str, dict[str, object]]:
    """Return what each screen is opened with: a household whose right is open."""
    from epicerie_desktop.domain.access import VerdictState
    from epicerie_desktop.services.queries.households import list_households

    found = next(
        h for h in list_households(desk, only_open=True) if h.verdict.state is VerdictState.OPEN and h.persons > 2
    )
    visit = counter.open_visit(desk, found.id)
    return {key: {"household": visit.household} for key in ("counter", "till", "households", "right")}


def _photograph(window: MainWindow, folder: Path, subjects: dict[str, dict[str, object]]) -> list[str]:
    files = []
    for key in window.keys:
        window.go(key, **subjects.get(key, {}))
        settle(window.context.data.busy_now, window.context.long.busy_now)
        path = folder / f"{'coordinator-' if window.context.desk.shop.is_coordinator else ''}{key}.png"
        window.grab().save(str(path))
        files.append(str(path))
    return files


def settle(*busy: Callable[[], bool]) -> None:
    """Let the window's loop run until nothing is asked any more and everything is painted."""
    loop = QEventLoop()
    timer = QTimer()
    calm = [0]

    def tick() -> None:
        calm[0] = 0 if any(b() for b in busy) else calm[0] + 1
        if calm[0] > 4:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start(30)
    loop.exec()
    timer.stop()
    QApplication.processEvents()
