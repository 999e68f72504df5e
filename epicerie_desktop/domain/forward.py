"""What a shop puts forward on a day, so that nothing is thrown away: frozen rows, as the till, labels and a sheet tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind


@dataclass(frozen=True, slots=True)
class Forward:
    """What the till knows of an article put forward: whether a family may take double, the value of the day if lower."""

    double: bool
    cents: int | None


@dataclass(frozen=True, slots=True)
class ForwardRow:
    """A lot put forward on a day, as its label and the team's sheet tell it; cents are for a kilo or a piece."""

    lot: int
    article: str
    family: str
    sold_by: SoldBy
    pieces: int
    grams: int
    date_kind: DateKind
    limit_on: date | None
    precision: Precision
    double: bool
    cents: int | None
    usual_cents: int | None
    past: bool
    """Whether its best-before date has passed: labels say so."""
