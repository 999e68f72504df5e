"""What an arrival says of itself beside its lines: what was refused at the door, who paid, whether it came cold enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from epicerie_desktop.domain.safety import ColdLimit
from epicerie_desktop.domain.stock import Origin


class Refusal(StrEnum):
    """Why goods were sent back at the door."""

    PAST_USE_BY = "PAST_USE_BY"
    TOO_WARM = "TOO_WARM"
    PACKAGING = "PACKAGING"
    SPOILT = "SPOILT"
    LABEL = "LABEL"
    NOT_GIVEN = "NOT_GIVEN"
    """Food that a charity does not take: minced meat, shellfish, cream pastries…"""
    NOT_ORDERED = "NOT_ORDERED"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Financing:
    """Who pays goods: a code, its name, the origins it is proposed for."""

    code: str
    name: str
    origins: tuple[Origin, ...] = ()


def proposed(sources: Iterable[Financing], origin: Origin) -> str:
    """Return the code of who usually pays what comes from an origin, empty where nothing says it."""
    return next((s.code for s in sources if origin in s.origins), "")


def too_warm(tenths: int | None, limits: Iterable[ColdLimit]) -> ColdLimit | None:
    """Return the strictest limit that an arrival's temperature goes over, None where it came cold enough or was not read."""
    if tenths is None:
        return None
    over = [n for n in limits if n.most is not None and tenths > n.most]
    return min(over, key=lambda n: n.most or 0, default=None)
