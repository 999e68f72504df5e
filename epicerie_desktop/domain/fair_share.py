"""What is scarce today, and a fair part of it for each household still expected. A hint, never a rule. Knows no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

GRAMS_A_UNIT = 100
"""What is weighed is shared by so many grams: nobody cuts a cheese finer at the counter."""


@dataclass(frozen=True, slots=True)
class Share:
    """A scarce article: units left (pieces, or hundreds of grams), households expected, and the part of each by its size.

    `steps` are (units, from how many persons), both growing; the first holds for every smaller household too.
    """

    left: int
    households: int
    steps: tuple[tuple[int, int], ...]

    def of(self, persons: int) -> int:
        """Return the units of a household of so many persons."""
        reached = [units for units, since in self.steps if since <= persons]
        return reached[-1] if reached else self.steps[0][0]


def is_scarce(left: int, households: int, a_visit: Fraction) -> bool:
    """Return whether `left` units are fewer than so many households usually take, at `a_visit` units each."""
    return 0 < left < households * a_visit


def shared(left: int, sizes: Sequence[int]) -> Share:
    """Return how `left` units (≥ 0) are shared between households of these `sizes` (persons; not empty), in whole units.

    Everybody has one before anybody has two; what remains goes by the number of persons. Households of one size have the same,
    a larger one never less; the sum never exceeds `left`; each is within one unit of its exact part.
    """
    counts = Counter(max(1, s) for s in sizes)
    households, persons = len(sizes), sum(s * n for s, n in counts.items())
    first = 1 if left >= households else 0
    rest = left - first * households
    parts = {s: first + (rest * s // persons if first else 0) for s in counts}
    spare = left - sum(parts[s] * n for s, n in counts.items())
    above: int | None = None
    for size in sorted(counts, reverse=True):
        # What was lost by rounding down goes to the largest, as far as the whole of one size can have it.
        if counts[size] <= spare and (above is None or parts[size] < above):
            parts[size] += 1
            spare -= counts[size]
        above = parts[size]
    steps: list[tuple[int, int]] = []
    for size in sorted(counts):
        if not steps or parts[size] > steps[-1][0]:
            steps.append((parts[size], size))
    return Share(left, households, tuple(steps))


def usual_sizes(sizes: Iterable[int], households: int) -> tuple[int, ...]:
    """Return the sizes of so many households as they usually are, spread as in `sizes`; empty where none is known."""
    known = sorted(max(1, s) for s in sizes)
    if not known:
        return ()
    return tuple(known[(2 * i + 1) * len(known) // (2 * households)] for i in range(households))


def median(counts: Iterable[int]) -> int:
    """Return the middle of some counts, the lower one of two; 0 of none."""
    ordered = sorted(counts)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0
