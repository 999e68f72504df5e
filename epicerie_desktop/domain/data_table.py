"""A table of data on its way to a screen, a paper or a spreadsheet: what each column holds, and its rows. Knows no file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _

NOTHING = "–"
"""What is written where a value is not told."""
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")

Value = str | int | date | None
"""What a cell holds: None is « not known » or « not told », and never a nought."""


class Holds(StrEnum):
    """What a column holds, which says how it is written: integers are counted, in grams, cents, thousandths or hundredths of an hour."""

    TEXT = "TEXT"
    COUNT = "COUNT"
    GRAMS = "GRAMS"
    CENTS = "CENTS"
    PERMILLE = "PERMILLE"
    HOURS = "HOURS"
    DAY = "DAY"

    @property
    def places(self) -> int:
        """Return how many decimals its numbers have once written: kilos 3, euros and hours 2, percents 1."""
        return {Holds.GRAMS: 3, Holds.CENTS: 2, Holds.PERMILLE: 1, Holds.HOURS: 2}.get(self, 0)

    @property
    def adds_up(self) -> bool:
        """Return whether a column of it may have a total."""
        return self in {Holds.COUNT, Holds.GRAMS, Holds.CENTS, Holds.HOURS}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name as people read it, unit included (« Poids (kg) »), and what it holds."""

    name: str
    holds: Holds = Holds.TEXT


@dataclass(frozen=True, slots=True)
class DataTable:
    """A named table. Every row has a value for each heading; `notes` say what the figures mean."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    bars: int | None = None
    """The column whose figures paper draws as bars too, at the end of each line."""

    def __post_init__(self) -> None:
        """Refuse a row that lacks a column: a shifted figure is worse than none."""
        if any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError("a row of another width than the headings")


def data_table(
    name: str, headings: Iterable[Heading], rows: Iterable[Iterable[Value]], notes: Iterable[str] = ()
) -> DataTable:
    """Return a table of any iterables."""
    return DataTable(name, tuple(headings), tuple(tuple(r) for r in rows), tuple(notes))


def decimal_text(value: int, places: int, mark: str) -> str:
    """Return an integer of small units as its decimal text, exact: 1250 with 3 places is « 1,250 » where `mark` is a comma."""
    if not places:
        return str(value)
    whole, part = divmod(abs(value), 10**places)
    return f"{'-' if value < 0 else ''}{whole}{mark}{part:0{places}d}"


def written(value: Value, holds: Holds, *, unit: bool = False, nothing: str = NOTHING) -> str:
    """Return a value as a person reads it, on screen and on paper; `nothing` where it is not told, never a nought.

    A month (`2026-11`) is called by its name; `unit` adds « kg », « € », « h ».
    """
    if value is None:
        return nothing
    if isinstance(value, date):
        return shown.day(value)
    if isinstance(value, str):
        return _month(value) if _MONTH.fullmatch(value) else value
    match holds:
        case Holds.GRAMS:
            return shown.kilos(value) if unit else shown.plain_kilos(value)
        case Holds.CENTS:
            return shown.money(value) if unit else shown.plain_money(value)
        case Holds.PERMILLE:
            return shown.percent(value)
        case Holds.HOURS:
            hours = shown.plain_money(value)
            return _("{hours} h").format(hours=hours) if unit else hours
        case _:
            return shown.number(value)


def _month(value: str) -> str:
    name = shown.month(value)
    return f"{name[:1].upper()}{name[1:]}"
