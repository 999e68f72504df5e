"""Arms measured in turn in one loop (A B A B …), compared round by round: a busy neighbour slows both alike."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence

Arm = Callable[[int], object]


def interleaved(
    arms: Mapping[str, Arm], rounds: int, *, warm: int = 3, before: Arm = lambda i: None
) -> dict[str, list[float]]:
    """Return the milliseconds of each arm, round by round; an arm is given the number of the round, `before` is not timed."""
    taken: dict[str, list[float]] = {name: [] for name in arms}
    gc.collect()
    for i in range(warm + rounds):
        before(i)
        for name, arm in arms.items():
            start = time.perf_counter()
            arm(i)
            elapsed = (time.perf_counter() - start) * 1000
            if i >= warm:
                taken[name].append(elapsed)
    return taken


def ratio(taken: Mapping[str, Sequence[float]], ours: str, base: str) -> float:
    """Return the median, over the rounds, of one arm's time divided by the other's."""
    return statistics.median(a / b for a, b in zip(taken[ours], taken[base], strict=True))


def centile(values: Sequence[float], percent: int) -> float:
    """Return the value below which `percent` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def tell(title: str, figures: Mapping[str, float], goal: str) -> None:
    """Write one line of figures, seen with `pytest -s`."""
    shown = " · ".join(f"{name} {value:.2f}" for name, value in figures.items())
    sys.stdout.write(f"\n[{title}] {shown} — {goal}\n")


def spread(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median and the 99th centile of each arm, in milliseconds."""
    return {
        f"{name} {label}": value
        for name, values in taken.items()
        for label, value in (("p50 ms", statistics.median(values)), ("p99 ms", centile(values, 99)))
    }
