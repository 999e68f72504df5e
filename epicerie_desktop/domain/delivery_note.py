"""A supplier's delivery note once read: which column may hold what, its cells, its lines with what is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind


class Field(StrEnum):
    """What a column may hold."""

    CODE = "CODE"
    ARTICLE = "ARTICLE"
    PIECES = "PIECES"
    KILOS = "KILOS"
    DATE = "DATE"
    LOT = "LOT"
    PRICE = "PRICE"
    ORDERED = "ORDERED"
    SLIP = "SLIP"
    DELIVERED = "DELIVERED"
    DAMAGED = "DAMAGED"
    DATE_KIND = "DATE_KIND"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: its headings, its lines of cells each with its number in the file, from 1."""

    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of a note: what it names and how much, in pieces, grams and cents; `errors` are sentences, empty when it is right."""

    number: int
    code: str = ""
    article: str = ""
    pieces: int | None = None
    grams: int | None = None
    limit_on: date | None = None
    precision: Precision = Precision.DAY
    lot: str = ""
    unit_cents: int | None = None
    ordered: Decimal | None = None
    """As written, in pieces or kilos."""
    slip: str = ""
    errors: tuple[str, ...] = field(default=())
    delivered: Decimal | None = None
    damaged: Decimal | None = None
    date_kind: DateKind | None = None
    """What the supplier says the date is; None where he says nothing."""
