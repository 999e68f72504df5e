"""How fast this machine is just now: a limit of time is a number of times the same bare work, never of seconds."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 30
"""About a second where a million additions take 0.03 s; a machine twice slower has twice the time."""


def allowed() -> float:
    """Return the seconds of processor that a hostile content may cost, the best of three trials of a bare loop."""
    best = 1e9
    for _trial in range(3):
        started = time.process_time()
        total = 0
        for n in range(1_000_000):
            total += n
        best = min(best, time.process_time() - started)
    return MOST * best


@contextmanager
def spent() -> Iterator[list[float]]:
    """Measure the processor that a block spends, in seconds, with the collector at rest as in the program (decision 0048)."""
    found: list[float] = []
    gc.collect()
    gc.disable()
    started = time.process_time()
    try:
        yield found
    finally:
        found.append(time.process_time() - started)
        gc.enable()
