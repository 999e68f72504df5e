"""Sticks pulled out at random moments: `pytest -m campaign tests/campaigns/test_sticks.py`. The seed is in the report of a failure.

Asks for root and for `exfat-fuse exfatprogs ntfs-3g`; skipped, with the reason, without them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from epicerie_desktop.exchange.filesystem import FileSystem
from epicerie_desktop.exchange.stick import identify, write_safely
from epicerie_desktop.support.errors import EnvironmentTrouble
from tests.exchange.real_sticks import KINDS, RealStick

pytestmark = pytest.mark.campaign

SEED = int(os.environ.get("EPICERIE_SEED", "1"))
INTACT = "Ce qui était déjà écrit est intact."


@pytest.fixture(params=list(KINDS))
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealStick]:
    stick = RealStick(tmp_path, request.param)
    try:
        stick.plug()
        yield stick
    finally:
        stick.away()


class Counted(FileSystem):
    """Pulls the stick out at the gesture number `at`, whichever it is, a few bytes of the file at a time."""

    def __init__(self, stick: RealStick, at: int, how: str) -> None:
        self.stick, self.at, self.how, self.done = stick, at, how, 0

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name.startswith("_") or name in ("stick", "at", "how", "done") or not callable(found):
            return found

        def act(*given: object) -> object:
            self.done += 1
            if self.done == self.at:
                getattr(self.stick, self.how)()
            return found(*given)

        return act

    def write(self, descriptor: int, data: memoryview) -> int:
        return os.write(descriptor, data[:30_000])


@pytest.mark.parametrize("how", ["pull", "detach"])
def test_a_hundred_and_fifty_parcels_on_a_stick_pulled_out_at_every_gesture(real: RealStick, how: str) -> None:
    chance = random.Random(SEED)
    kept: dict[str, bytes] = {}
    told: list[tuple[str, str]] = []
    for turn in range(150):
        name, data = f"export-SF01-1-{turn:05d}-20261129.epic", chance.randbytes(chance.randrange(1, 120_000))
        try:
            written = write_safely(
                real.place, name, data, expected=identify(real.place), fs=Counted(real, chance.randrange(1, 40), how)
            )
            kept[written.name] = data
        except EnvironmentTrouble as trouble:
            told.append((trouble.code, str(trouble)))
        real.unplug()
        assert list(real.place.iterdir()) == [], (SEED, turn, "nothing falls on the computer")
        real.plug()
        if (real.place / name).exists():
            kept.setdefault(name, data)
        assert all((real.place / n).read_bytes() == d for n, d in kept.items()), (SEED, turn)
        assert {p.name for p in real.place.iterdir() if not p.name.endswith(".partial")} == kept.keys(), (SEED, turn)
        if len(kept) > 8:
            for old in sorted(kept)[:-1]:
                (real.place / old).unlink()
                del kept[old]
    # A driver killed in the middle may lose room for good: the stick then says that it is full.
    assert {code for code, _ in told} <= {"CLE-301", "CLE-303", "CLE-306", "CLE-307"}, (SEED, told)
    assert all(sentence.endswith(INTACT) for _, sentence in told), (SEED, told)
    assert len(told) > 60, (SEED, told)
