"""From the birth of the process to a first field that takes a key, against an empty window with the same libraries imported.

The vault of the shop is wrapped at the least cost of the key derivation: the second it deliberately takes is not measured here.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.measure import centile, tell
from tests.conftest import PASSPHRASE

DRIVER = Path(__file__).with_name("start_driver.py")
ROOT = Path(__file__).parents[2]
ROUNDS = 15
GOAL = 1.5


def started(folder: Path, *arguments: str) -> tuple[dict[str, float], list[str]]:
    """Return the milliseconds at which each stage was reached, and the modules the program had imported."""
    home = {"EPICERIE_HOME": str(folder), "HOME": str(folder)}
    # An installed program finds its modules compiled: the first run, not timed, compiles them for both arms.
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
    environment = {**os.environ, **home, **compiled, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    born = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(DRIVER), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    stages = {name: (float(rest[0]) - born) * 1000 for name, *rest in lines if name != "modules"}
    return stages, next((rest for name, *rest in lines if name == "modules"), [])


def test_the_window_is_usable_almost_as_soon_as_an_empty_one(shop_file: Path, tmp_path: Path) -> None:
    program = ("program", str(shop_file), PASSPHRASE)
    modules = tmp_path / "modules.txt"
    modules.write_text("\n".join(started(tmp_path, *program)[1]), "utf-8")
    base = ("empty", str(modules))
    started(tmp_path, *base)
    window, bare = [], []
    for _ in range(ROUNDS):
        window.append(started(tmp_path, *program)[0])
        bare.append(started(tmp_path, *base)[0])
    ratio = statistics.median(a["usable"] / b["usable"] for a, b in zip(window, bare, strict=True))
    tell(
        "start",
        {"ratio": ratio, **{f"program {k}": statistics.median(s[k] for s in window) for k in window[0]}},
        f"goal ≤ {GOAL}",
    )
    tell(
        "start",
        {f"empty {k}": statistics.median(s[k] for s in bare) for k in bare[0]},
        "ms from the birth of the process",
    )
    assert ratio <= GOAL, f"p99 {centile([s['usable'] for s in window], 99):.0f} ms"
