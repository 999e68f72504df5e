"""The waiting list: in what order a règlement calls, and why each one stands where it does, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from epicerie_desktop.domain.eligibility.outcome import Step
from epicerie_desktop.domain.eligibility.terms import WaitingOrder
from epicerie_desktop.support.i18n import N_


class LeftFor(StrEnum):
    """Why a household is no longer waiting."""

    CALLED = "CALLED"
    GAVE_UP = "GAVE_UP"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A household on the list, as far as its order goes; `figure` is that of its last statement, None where unknown."""

    entry: int
    since: date
    urgent: bool = False
    figure: Fraction | None = None
    children: int = 0
    helped: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A household with its rank from 1, and what puts it there."""

    rank: int
    waiting: Waiting
    why: Step


_FIRST: Mapping[WaitingOrder, str] = MappingProxyType(
    {
        WaitingOrder.URGENCY: N_("En tête : sa situation est urgente."),
        WaitingOrder.ARRIVAL: N_("En tête : attend depuis le plus longtemps ({since})."),
        WaitingOrder.LOWEST_FIGURE: N_("En tête : a le reste à vivre le plus bas."),
        WaitingOrder.MOST_CHILDREN: N_("En tête : a le plus d'enfants ({children})."),
        WaitingOrder.NEVER_HELPED: N_("En tête : n'a encore jamais été aidé."),
    }
)
_AFTER: Mapping[WaitingOrder, str] = MappingProxyType(
    {
        WaitingOrder.URGENCY: N_("Après le n° {before}, dont la situation est urgente."),
        WaitingOrder.ARRIVAL: N_("Après le n° {before} : attend depuis moins longtemps ({since})."),
        WaitingOrder.LOWEST_FIGURE: N_("Après le n° {before}, dont le reste à vivre est plus bas."),
        WaitingOrder.MOST_CHILDREN: N_("Après le n° {before}, qui a plus d'enfants."),
        WaitingOrder.NEVER_HELPED: N_("Après le n° {before}, qui n'a encore jamais été aidé."),
    }
)


def _weight(waiting: Waiting, by: WaitingOrder) -> tuple[int, Fraction | int]:
    """Return what is compared, the smallest first; an unknown figure comes after those known."""
    match by:
        case WaitingOrder.URGENCY:
            return 0, int(not waiting.urgent)
        case WaitingOrder.ARRIVAL:
            return 0, waiting.since.toordinal()
        case WaitingOrder.LOWEST_FIGURE:
            return (1, 0) if waiting.figure is None else (0, waiting.figure)
        case WaitingOrder.MOST_CHILDREN:
            return 0, -waiting.children
        case WaitingOrder.NEVER_HELPED:
            return 0, int(waiting.helped)


def ranked(list_: Iterable[Waiting], order: tuple[WaitingOrder, ...]) -> tuple[Ranked, ...]:
    """Return the list in the order of the règlement, each rank explained by the first thing that tells it from its neighbour.

    Who waits longest comes first where the règlement says nothing, or nothing else; the same day, who was put down first.
    """
    by = order if WaitingOrder.ARRIVAL in order else (*order, WaitingOrder.ARRIVAL)
    line = sorted(list_, key=lambda w: (*(_weight(w, o) for o in by), w.entry))
    return tuple(
        Ranked(n + 1, w, _why(n, w, line[n - 1] if n else line[1] if len(line) > 1 else None, by)) for n, w in enumerate(line)
    )  # fmt: skip


def _why(place: int, waiting: Waiting, other: Waiting | None, by: tuple[WaitingOrder, ...]) -> Step:
    fields = (("before", place), ("since", waiting.since), ("children", waiting.children))
    if other is None:
        return Step("waiting", N_("Seul sur la liste, depuis le {since}."), fields)
    for criterion in by:
        if _weight(waiting, criterion) != _weight(other, criterion):
            return Step("waiting", (_AFTER if place else _FIRST)[criterion], fields)
    if place:
        return Step("waiting", N_("Après le n° {before}, inscrit juste avant, le même jour."), fields)
    return Step("waiting", N_("En tête : inscrit le premier, le {since}."), fields)
