"""The contract of many shops: taking their parcels in, reading the totals, the memory it takes, and a month's parcel on a stick."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from epicerie_desktop.persistence.database import connect
from epicerie_desktop.persistence.models import Contract, Site, SiteMonth, load_all
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.desk import Desk
from tests.benchmarks import bare_import
from tests.benchmarks.measure import interleaved, ratio, spread, tell
from tests.many_shops import PASSPHRASE, Hub, make_hub, shops_of

GOAL_IMPORT = 2.0
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

load_all()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Hub, list[tuple[bytes, bytes]]]:
    """Twenty shops, with the parcel of the year and the key of each."""
    hub = make_hub(tmp_path_factory.mktemp("year") / "hub", 20, FIRST, LAST)
    return hub, [(s.parcel("2026-01", "2026-12"), s.key.verify_key.raw) for s in shops_of(hub)]


def test_taking_in_the_parcels_of_twenty_shops_costs_at_most_twice_the_bare_code(
    year: tuple[Hub, list[tuple[bytes, bytes]]], tmp_path: Path
) -> None:
    hub, parcels = year
    copies = {name: copy_of(hub, tmp_path / name) for name in ("service", "bare")}
    desk = copies["service"].open()
    with desk.db.read() as session:
        identity = session.scalars(select(Contract.identity)).one()
    assert identity is not None
    other = copies["bare"].path
    raw = connect(other, opening.open_keys(other, PASSPHRASE).main)

    def bare(i: int) -> None:
        data, key = parcels[i]
        bare_import.take(raw, data, identity, key, i + 1, "2026-01", "2026-12")

    def service(i: int) -> None:
        assert consolidate.accept_parcel(desk, parcels[i][0]).accepted

    taken = interleaved({"service": service, "bare": bare}, len(parcels) - 2, warm=2)
    raw.close()
    beside = copies["bare"].open()
    assert rows(desk) == rows(beside)
    for opened in (desk, beside):
        opened.db.close()
    found = ratio(taken, "service", "bare")
    tell("20 parcels of a year", {"ratio": found, **spread(taken)}, f"goal {GOAL_IMPORT}")
    assert found <= GOAL_IMPORT


def rows(desk: Desk) -> list[tuple[Any, ...]]:
    """Return the months of every shop, as they were written."""
    with desk.db.read() as session:
        return [
            (site, month, revision, closed, figures)
            for site, month, revision, closed, figures in session.execute(
                select(Site.code, SiteMonth.month, SiteMonth.revision, SiteMonth.closed, SiteMonth.figures)
                .join(Site, Site.id == SiteMonth.site_id)
                .order_by(Site.code, SiteMonth.month)
            )
        ]


def copy_of(hub: Hub, folder: Path) -> Hub:
    """Return the same contract in a file of its own."""
    shutil.copytree(hub.path.parent, folder)
    return replace(hub, path=folder / hub.path.name)
