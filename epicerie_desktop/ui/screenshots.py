"""Photographs every screen of a demonstration shop, offscreen, for the guide and for whoever designs."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration import PASSPHRASE
from epicerie_desktop.services.demonstration.build import make_demonstration
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.households import list_households
from epicerie_desktop.services.queries.support import support_file
from epicerie_desktop.services.till import sell
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
        for path, shots in ((demo.shops[0], _shop_shots), (demo.coordinator, _coordinator_shots)):
            desk = opening.open_desk(path, PASSPHRASE, clock)
            window = build(desk, machine)
            window.setFixedSize(width, height)
            window.show()
            files += _photograph(window, folder, shots(window, desk))
            window.close()
            desk.db.close()
    told = {"files": files}
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if args.json else "\n".join(files)) + "\n")
    return 0


Shot = tuple[str, str, dict[str, object]]
"""The name of a picture, the screen it shows, and what the screen is opened with."""


def _coordinator_shots(window: MainWindow, _desk: Desk) -> list[Shot]:
    shots: list[Shot] = [(f"coordinator-{key}", key, {}) for key in window.keys]
    return shots + [
        (f"coordinator-contract-{page}", "contract", {"page": page}) for page in ("plan", "indicators", "funding")
    ]


def _shop_shots(window: MainWindow, desk: Desk) -> list[Shot]:
    """Return every screen of a shop, opened on a household whose right is open and whose basket is begun."""
    served = [h for h in list_households(desk, only_open=True) if h.verdict.state is VerdictState.OPEN]
    found = next(h for h in served if h.persons > 2)
    accompanied = next((h for h in served if (view := support_file(desk, h.id).worker) and view.objectives), found)
    sell.save_draft(desk, found.id, _basket(desk, found.id))
    what: dict[str, object] = {"household": found.id}
    within = dict.fromkeys(("till", "households", "right"), what) | {"support": {"household": accompanied.id}}
    within["questions"] = {"question": "Kilos par commune et par mois"}
    shots: list[Shot] = [(key, key, within.get(key, {})) for key in window.keys]
    shots += [(f"followup-{page}", "followup", {"page": page}) for page in ("todo", "workshops")]
    shots += [(f"support-{page}", "support", {**within["support"], "page": page}) for page in ("appointments", "steps")]
    shots += [(f"committee-{page}", "committee", {"page": page}) for page in ("waiting", "measures")]
    shots += [(f"safety-{page}", "safety", {"page": page}) for page in ("cold_chain", "allergens")]
    shots += [(f"cash-{page}", "cash", {"page": page}) for page in ("sessions", "closings")]
    shots.append(("reports-funders", "reports", {"page": "funders"}))
    shots.append(("ruleset-form", "ruleset", {"start": "1-reste-a-vivre"}))
    shots.insert(1, ("counter-household", "counter", {"typed": found.number}))
    return shots


def _basket(desk: Desk, household: int) -> Basket:
    prices = counter.price_list(desk)
    basket = Basket(str(uuid.uuid4()), counter.open_visit(desk, household).participation_permille)
    weighed = [o for o in prices.offers.values() if o.sold_by is SoldBy.WEIGHT and o.name != o.family_name]
    packed = [o for o in prices.offers.values() if o.sold_by is SoldBy.PIECE]
    for offer, grams in zip(weighed, (1250, 840), strict=False):
        basket = basket.with_weighed(str(uuid.uuid4()), offer, grams, WeightSource.SCALE)
    for offer, pieces in zip(packed, (1, 2), strict=False):
        basket = basket.with_pieces(str(uuid.uuid4()), offer, pieces)
    return basket


def _photograph(window: MainWindow, folder: Path, shots: list[Shot]) -> list[str]:
    files = []
    for name, key, what in shots:
        window.go(key, **what)
        settle(window.context.data.busy_now, window.context.long.busy_now)
        path = folder / f"{name}.png"
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
