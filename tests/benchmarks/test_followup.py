"""The worker's desk on two thousand rows of each: a week of the agenda, then « À faire » across households."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from epicerie_desktop.persistence import models as m
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import agenda
from epicerie_desktop.services.queries.followup import worker_agenda
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.support.clock import FrozenClock
from tests.benchmarks.measure import centile, spread, tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

ROWS = 2000
GOAL_MS = 50.0


@pytest.fixture(scope="module")
def office(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("followup") / "shop"
    shutil.copytree(blank_shop, folder)
    desk = opening.open_desk(folder / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    fill(desk, Volume(households=600, persons=1600))
    start = datetime(2025, 11, 20, 8, tzinfo=ZoneInfo("Europe/Paris"))
    common = {"version": 1, "changed_at": start, "changed_by": desk.actor.id, "worker_id": desk.actor.id}
    with desk.db.write() as session:
        homes = list(session.scalars(select(m.Household.id)))
        for model, name, more in (
            (m.Appointment, "appointment", lambda n: {
                "at": start + timedelta(hours=9 * n), "minutes": 45, "kind": "FOLLOW_UP", "place": "",
                "state": "PLANNED" if 9 * n > 365 * 24 else "KEPT",
            }),
            (m.Task, "task", lambda n: {"due_on": TODAY + timedelta(days=n % 60 - 20), "done_at": start if n % 10 else None}),
        ):  # fmt: skip
            rows = []
            for n in range(ROWS):
                uid = uuid.uuid4()
                sealed = seal_json(desk, name, uid, {"about": "budget", "text": "rappeler"})
                rows.append({"uid": uid, "household_id": homes[n % len(homes)], "sealed": sealed, **common, **more(n)})
            session.execute(insert(table_of(model)), rows)
    yield desk
    desk.db.close()


def _times(read: Callable[[], object]) -> list[float]:
    read()
    found = []
    for _n in range(30):
        begun = time.perf_counter()
        read()
        found.append((time.perf_counter() - begun) * 1000)
    return found


@pytest.mark.benchmark
def test_a_week_and_the_list_are_read_at_once(office: Desk) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    week = _times(lambda: agenda(office, monday, monday + timedelta(days=6)))
    todo = _times(lambda: worker_agenda(office, 30))
    tell("Suivi", spread({"semaine": week, "à faire": todo}), f"moins de {GOAL_MS:.0f} ms")
    assert centile(week, 50) < GOAL_MS
    assert centile(todo, 50) < GOAL_MS
