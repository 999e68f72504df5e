"""A ticket of twenty weighed lines, booked by the service and by the driver's cursor alone, each on its own copy of the file."""

from __future__ import annotations

import random
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.basket import Basket, WeightSource
from epicerie_desktop.persistence.database import connect
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests.benchmarks.bare_sale import Bare
from tests.benchmarks.measure import interleaved, ratio, spread, tell
from tests.benchmarks.volumes import Volume, fill
from tests.conftest import PASSPHRASE, TODAY

SHOP = Volume(households=200, persons=500, articles=300, lines=10_000)
ROUNDS = 200
GOAL, GOAL_OF_YEARS = 1.5, 1.2
LINES = 20
SAME = ("sale", "sale_line", "payment", "lot", "number_series", "draft", "journal")
"""What both files must hold alike in the end; the moves too, their random identity apart."""


@pytest.fixture(scope="module")
def shops(blank_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Any]]:
    folder = tmp_path_factory.mktemp("sale")
    ours, theirs = folder / "ours", folder / "bare"
    shutil.copytree(blank_shop, ours)
    clock = FrozenClock.on(TODAY)
    desk = opening.open_desk(ours / "shop.db", PASSPHRASE, clock)
    fill(desk, SHOP)
    desk.db.close()
    shutil.copytree(ours, theirs)
    desk = opening.open_desk(ours / "shop.db", PASSPHRASE, clock)
    raw = connect(theirs / "shop.db", opening.open_keys(theirs / "shop.db", PASSPHRASE).main)
    yield desk, raw
    raw.close()
    desk.db.close()


def baskets_of(desk: Desk, count: int) -> list[tuple[int, Basket]]:
    """Return households and their baskets; the same ones for both arms."""
    rng = random.Random(7)
    offers = [o for o in counter.price_list(desk).offers.values() if o.name.startswith("Article")]
    found = []
    for _ in range(count):
        basket = Basket(str(uuid.UUID(int=rng.getrandbits(128))), 100)
        for offer in rng.sample(offers, LINES):
            basket = basket.with_weighed(str(uuid.uuid4()), offer, rng.randrange(80, 3_000), WeightSource.SCALE)
        found.append((rng.randrange(1, SHOP.households + 1), basket))
    return found


def contents(raw: Any) -> dict[str, list[tuple[Any, ...]]]:
    found = {table: raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in SAME}
    moves = "SELECT lot_id, kind, day, pieces, grams, sale_id, note, made_at, made_by FROM stock_move ORDER BY id"
    return found | {"stock_move": raw.execute(moves).fetchall()}


def test_a_sale_of_twenty_weighed_lines_against_the_bare_driver(shops: tuple[Desk, Any]) -> None:
    desk, raw = shops
    bare = Bare(raw, TODAY, desk.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    warm = 10
    work = baskets_of(desk, ROUNDS + warm)

    def ours(i: int) -> None:
        household, basket = work[i]
        sell.record_sale(desk, household, basket, sell.PaymentForm(basket.paid_cents))

    def draft(i: int) -> None:
        household, basket = work[i]
        sell.save_draft(desk, household, basket)
        bare.keep(household, baskets.to_json(basket))

    taken = interleaved({"service": ours, "bare": lambda i: bare.sell(*work[i])}, ROUNDS, warm=warm, before=draft)
    tell("sale", {"ratio": ratio(taken, "service", "bare"), **spread(taken)}, f"goal ≤ {GOAL}")
    key = opening.open_keys(desk.db.path, PASSPHRASE).main
    check = connect(desk.db.path, key)
    try:
        assert contents(check) == contents(raw)
    finally:
        check.close()
    assert ratio(taken, "service", "bare") <= GOAL


def test_the_till_is_as_fast_with_ten_years_behind_it(blank_shop: Path, tmp_path: Path) -> None:
    desks = {}
    for name, lines in (("empty", 0), ("ten years", 250_000)):
        shutil.copytree(blank_shop, tmp_path / name)
        desks[name] = opening.open_desk(tmp_path / name / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
        fill(desks[name], replace(SHOP, lines=lines, years=10))
    warm = 10
    work = baskets_of(desks["empty"], ROUNDS + warm)

    def served(desk: Desk, i: int) -> None:
        household, basket = work[i]
        counter.open_visit(desk, household)
        counter.price_list(desk)
        sell.save_draft(desk, household, basket)
        sell.record_sale(desk, household, basket, sell.PaymentForm(basket.paid_cents))

    taken = interleaved({name: partial(served, desk) for name, desk in desks.items()}, ROUNDS, warm=warm)
    tell("till, ten years", {"ratio": ratio(taken, "ten years", "empty"), **spread(taken)}, f"goal ≤ {GOAL_OF_YEARS}")
    for desk in desks.values():
        desk.db.close()
    assert ratio(taken, "ten years", "empty") <= GOAL_OF_YEARS
