"""What the sheet of a stock-take says: lines to fill in by hand, and never what the book expects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.sheets import ShopHeader


@dataclass(frozen=True, slots=True)
class CountLine:
    """An article to count: its number on the sheet, its code (the shop's short one, else a barcode, else empty), how it is counted."""

    number: int
    name: str
    code: str
    sold_by: SoldBy


@dataclass(frozen=True, slots=True)
class CountSheet:
    """The lines by shelf (or family, where there are no shelves), in the order of the walk."""

    shop: ShopHeader
    shelves: tuple[tuple[str, tuple[CountLine, ...]], ...]
    printed_at: datetime
