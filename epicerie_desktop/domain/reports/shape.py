"""The shape of every report: sections of figures, each with its definition, and of tables. Knows no screen, no paper and no file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.domain.data_table import DataTable, Holds, Value


class Standing(StrEnum):
    """How firm a figure is: of months all closed, of months still open in part, or estimated and typed by the manager."""

    CLOSED = "CLOSED"
    PROVISIONAL = "PROVISIONAL"
    ESTIMATED = "ESTIMATED"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number a reader may quote: its code, its name, its value (None is « not known »), and what it counts, said under it.

    `code` is stable (« households », « EMCO09 ») : the dump, the saved questions and the tests name a figure by it.
    """

    code: str
    name: str
    value: Value
    holds: Holds
    definition: str
    standing: Standing = Standing.PROVISIONAL
    basis: str = ""
    """How the manager estimated it, as typed: for the shop and its funder, never in an edition to be published."""

    @property
    def told(self) -> str:
        """Return what is said under it: what it counts and, where somebody estimated it, how."""
        return f"{self.definition} {self.basis}" if self.basis else self.definition


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: its title, its figures side by side, its tables below, and what is to be known of them."""

    title: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[DataTable, ...] = ()
    notes: tuple[str, ...] = ()
    inner_notes: tuple[str, ...] = ()
    """Notes that count persons: told after the others, and never in an edition to be published."""
    intro: str = ""
    """What is said under its title, before its figures."""
    own_page: bool = False
    """On paper, begins a page and leaves what remains of its last one."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report over a period, both days included; `closed` are the short sums of the closed months it was made from.

    `settled` is the line that names it where it was itself frozen, as a balance is: nothing in it changes any more.
    """

    title: str
    first: date
    last: date
    sections: tuple[Section, ...]
    closed: tuple[str, ...] = ()
    settled: str = ""

    def figures(self) -> Iterator[Figure]:
        """Yield every figure, in reading order."""
        for section in self.sections:
            yield from section.figures
