"""The file of a household with ten years of history: its first page read by itself, then shown in the real window."""

from __future__ import annotations

import gc
import shutil
import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from epicerie_desktop import app
from epicerie_desktop.domain.support import ObjectiveKind, PaperKind, UndertakingKind
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Household,
    Objective,
    ObjectivePayment,
    Paper,
    PaperContent,
    Sale,
    Undertaking,
)
from epicerie_desktop.persistence.models.base import Base, table_of
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.support import support_file
from epicerie_desktop.services.sealing import seal_bytes, seal_json
from epicerie_desktop.services.support.file import OrientationForm, open_file
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import registry, theme
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.support.overview import OverviewPage
from epicerie_desktop.ui.support.screen import SupportScreen
from tests.benchmarks.measure import centile, tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

GOAL_MS = 100.0
YEARS, PROJECTS, PAYMENTS, PAPERS = 10, 20, 24, 120
SCAN = b"%PDF-1.7" + bytes(200_000)


@pytest.fixture(scope="module")
def office(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[int]]]:
    """A shop of 500 households, ten of which have ten years behind them: 520 visits, 20 projects, 480 payments, 120 papers."""
    folder = tmp_path_factory.mktemp("support") / "shop"
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, Volume(households=500, persons=1_200))
    with desk.db.read() as session:
        old = list(session.scalars(select(Household.id).order_by(Household.id).limit(10)))
    for household in old:
        _ten_years(desk, household)
    yield desk, old
    desk.db.close()


def _ten_years(desk: Desk, household: int) -> None:
    begun = TODAY - timedelta(days=365 * YEARS)
    open_file(replace(desk, clock=FrozenClock.on(begun)), household, OrientationForm(reason="Dix ans. " * 60))
    by = {"made_at": desk.clock.now(), "made_by": desk.actor.id}
    edited = {"version": 1, "changed_at": desk.clock.now(), "changed_by": desk.actor.id}
    with desk.db.write() as session:
        put = _Putter(session.connection())
        for n in range(PROJECTS):
            uid, day = uuid.uuid4(), begun + timedelta(days=180 * n)
            words = {"label": "Projet " * 6, "creditor": "Créancier", "target_cents": 480_00}
            project = put(
                Objective, uid=uid, household_id=household, kind=ObjectiveKind.BILL.value, set_on=day, state="OPEN" if n > 16 else "REACHED",
                sealed=seal_json(desk, "objective", uid, words), **edited,
            )  # fmt: skip
            for month in range(PAYMENTS):
                uid = uuid.uuid4()
                sealed = seal_json(desk, "objective_payment", uid, {"cents": 20_00, "note": "Reçu vu"})
                put(
                    ObjectivePayment,
                    uid=uid,
                    objective_id=project,
                    day=day + timedelta(days=7 * month),
                    sealed=sealed,
                    **by,
                )
        _papers(desk, put, household, begun, by)
        _visits(desk, put, household, begun)


class _Putter:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __call__(self, model: type[Base], **values: Any) -> int:
        done = self._connection.execute(insert(table_of(model)).values({"uid": uuid.uuid4(), **values}))
        return int(done.inserted_primary_key[0])


def _papers(desk: Desk, put: _Putter, household: int, begun: date, by: dict[str, Any]) -> None:
    kinds = list(PaperKind)
    for n in range(PAPERS):
        uid, day = uuid.uuid4(), begun + timedelta(days=30 * n)
        paper = put(
            Paper, uid=uid, household_id=household, kind=kinds[n % len(kinds)].value, seen_on=day, expires_on=day + timedelta(days=90),
            size=len(SCAN), sealed=seal_json(desk, "paper", uid, {"name": "Quittance", "note": ""}), **by,
        )  # fmt: skip
        if n % 10 == 0:
            sealed = seal_bytes(desk, "paper_content", uid, SCAN)
            put._connection.execute(insert(table_of(PaperContent)).values(paper_id=paper, sealed=sealed))
    for n in range(30):
        put(Undertaking, household_id=household, kind=list(UndertakingKind)[n % 4].value, signed_on=begun + timedelta(days=120 * n),
            until=begun + timedelta(days=120 * n + 100), name="", note="venir", **by)  # fmt: skip


def _visits(desk: Desk, put: _Putter, household: int, begun: date) -> None:
    grant = put(
        AccessGrant, household_id=household, valid_from=TODAY - timedelta(days=90), valid_until=TODAY + timedelta(days=90),
        participation_permille=100, ceilings=[], terms={}, exceptional=False, decided_at=desk.clock.now(), decided_by=desk.actor.id,
    )  # fmt: skip
    for week in range(52 * YEARS):
        put(
            Sale, post_id=desk.post.id, number=household * 10_000 + week, day=begun + timedelta(days=7 * week), at=desk.clock.now(),
            household_id=household, grant_id=grant, persons=2, participation_permille=100, shelf_cents=20_00, paid_cents=2_00, grams=9_000,
            made_by=desk.actor.id,
        )  # fmt: skip


def test_the_first_page_of_ten_years_is_read_in_time(office: tuple[Desk, list[int]]) -> None:
    desk, old = office
    taken: list[float] = []
    for n in range(205):
        start = time.perf_counter()
        view = support_file(desk, old[n % len(old)])
        if n >= 5:
            taken.append((time.perf_counter() - start) * 1000)
    assert view.worker is not None
    assert len(view.worker.objectives) == 3
    assert view.worker.paid_cents == PROJECTS * PAYMENTS * 20_00
    assert view.worker.stayed_cents == 52 * YEARS * 18_00
    tell("support read", _spread(taken), f"goal p99 ≤ {GOAL_MS}")
    assert centile(taken, 99) <= GOAL_MS


def test_the_file_of_ten_years_is_shown_in_time(office: tuple[Desk, list[int]], qtbot: QtBot) -> None:
    """From the key pressed in the household's file to the first page told, another household each time.

    The goal is held in processor time: here, neighbours take the machine away for longer than the page takes.
    """
    desk, old = office
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, "light", 1.0)
    context = Context(desk, Background("data"), Background("long"), ChangeBus(), MachineSettings(), ScaleBridge())
    window = MainWindow(context, registry.SHOP_SCREENS)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    app.resume_collection(window)  # as the program does: what the start made is not walked through again
    window.go("support", household=old[0])
    taken: list[float] = []
    worked: list[float] = []
    for n in range(1, 31):
        qtbot.waitUntil(lambda: not context.data.busy)
        start, spent = time.perf_counter(), time.process_time()
        window.go("support", household=old[n % len(old)])
        while not _told(window):
            # Waiting, not spinning: a loop that spins would take the interpreter from the thread that reads.
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - spent) * 1000)
    figures = _spread(taken) | {"processor p50 ms": statistics.median(worked), "processor p90 ms": centile(worked, 90)}
    tell("support shown", figures, f"goal processor p90 ≤ {GOAL_MS}")
    window.close()
    context.data.stop()
    context.long.stop()
    gc.unfreeze()
    gc.enable()
    assert centile(worked, 90) <= GOAL_MS


def _told(window: MainWindow) -> bool:
    screen = window.current
    assert isinstance(screen, SupportScreen)
    page = screen.current
    return isinstance(page, OverviewPage) and bool(page.sums.texts) and screen.head is not None


def _spread(taken: list[float]) -> dict[str, float]:
    return {
        "p50 ms": statistics.median(taken),
        "p99 ms": centile(taken, 99),
        "most ms": max(taken),
        "times": len(taken),
    }
