"""What a week takes, how much there should be, and what to ask for, by whole packs. Pieces or grams. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from epicerie_desktop.domain.units import round_half_up

MOST_WEEKS = 26
_ENOUGH = 5
"""From so many weeks on, the highest and the lowest are left out: a holiday or a party is no habit."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How much there should be: for so many weeks, and never less than `least`; `pack` is what comes together (1: as it comes).

    Pieces or grams, whichever the goods are counted in.
    """

    weeks: int
    least: int = 0
    pack: int = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is there, what a week takes, what there should be, what to ask for and in how many packs; pieces or grams."""

    held: int
    a_week: int
    wanted: int
    asked: int
    packs: int

    @property
    def missing(self) -> int:
        """Return how much less there is than there should be."""
        return max(0, self.wanted - self.held)


def usual_week(weeks: Sequence[int]) -> int:
    """Return what a week usually takes, from what each of the last ones took; 0 where none is known.

    Weeks before the goods were first taken, and weeks the shop was shut, are left out by the caller.
    """
    taken = sorted(max(0, w) for w in weeks)
    kept = taken[1:-1] if len(taken) >= _ENOUGH else taken
    return round_half_up(Fraction(sum(kept), len(kept))) if kept else 0


def proposed(held: int, a_week: int, goal: Goal) -> Proposal:
    """Return what to ask for: what is missing, rounded up to whole packs; nothing where there is enough."""
    wanted = max(goal.least, goal.weeks * a_week)
    there, pack = max(0, held), max(1, goal.pack)
    packs = -(-max(0, wanted - there) // pack)
    return Proposal(there, a_week, wanted, packs * pack, packs)
