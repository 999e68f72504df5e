"""What a piece weighs where its pack does not say: learned from weighed receptions, else its family's usual weight.

An estimate is told apart from a weight wherever kilos are shown (`figures.DEFINITIONS`), and makes no price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up

LEARNED_OVER = 12
"""Of how many of the latest weighed receptions a weight is learned: a pack that changes is followed within the year."""
LEARNED_FROM = frozenset({WeightSource.SCALE, WeightSource.LABEL, WeightSource.TYPED})
"""The receptions that teach: pieces counted, and their weight read or typed beside."""


@dataclass(frozen=True, slots=True)
class WeighedReception:
    """An arrival of one article counted and weighed: both above zero."""

    day: date
    pieces: int
    grams: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What a piece weighs, in grams, over how many weighed receptions, the oldest of which came on `since`."""

    grams: int
    over: int
    since: date


@dataclass(frozen=True, slots=True)
class PieceWeight:
    """What is counted for a piece, in grams (0 when nothing is known), and what says it."""

    grams: int
    source: WeightSource

    @property
    def known(self) -> bool:
        """Return whether anything is known."""
        return self.source is not WeightSource.UNKNOWN


UNKNOWN = PieceWeight(0, WeightSource.UNKNOWN)


def learned(receptions: Sequence[WeighedReception]) -> Learned | None:
    """Return what the latest `LEARNED_OVER` receptions say a piece weighs, None where there is none.

    The median of the grams apiece: one crate badly typed, or kilos taken for grams, moves it by a rank and no more.
    """
    usable = [r for r in receptions if r.pieces > 0 and r.grams > 0]
    latest = sorted(usable, key=lambda r: r.day)[-LEARNED_OVER:]
    if not latest:
        return None
    each = round_half_up(median(Fraction(r.grams, r.pieces) for r in latest))
    return Learned(min(MAX_GRAMS, max(1, each)), len(latest), latest[0].day)


def weight_of(net_grams: int | None, learned_grams: int | None, family_grams: int | None) -> PieceWeight:
    """Return what a piece counts for: its net weight, else what was learned, else its family's usual weight, else nothing."""
    for grams, source in (
        (net_grams, WeightSource.NET), (learned_grams, WeightSource.LEARNED), (family_grams, WeightSource.FAMILY),
    ):  # fmt: skip
        if grams:
            return PieceWeight(grams, source)
    return UNKNOWN


def guess_of(learned_grams: int | None, family_grams: int | None) -> PieceWeight:
    """Return what a piece is thought to weigh where no pack says it."""
    return weight_of(None, learned_grams, family_grams)
