"""What is stuck on a shelf or on a lot: frozen rows. Knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind


@dataclass(frozen=True, slots=True)
class ShelfLabel:
    """An article on its shelf: `cents` for a kilo or a piece, None without a value; `code` is what the till reads, or empty."""

    article: str
    family: str
    sold_by: SoldBy
    cents: int | None
    code: str
    net_grams: int | None = None


@dataclass(frozen=True, slots=True)
class LotLabel:
    """A lot in the reserve: what it is, where it comes from, how much entered, and what its dates are."""

    article: str
    number: int
    code: str
    origin: str
    supplier: str
    amount: str
    received_on: date
    date_kind: DateKind
    limit_on: date | None
    precision: Precision
    frozen_on: date | None = None
    aside: bool = False
    """Set aside by a recall or a doubt: the label says so."""
