"""Closing the till: which days, months and years are due, and what each adds up to (CGI, art. 286, I, 3° bis; BOI-TVA-DECLA-30-10-30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from epicerie_desktop.domain.payments import PaymentKind


class PeriodKind(StrEnum):
    """What a closing covers; a year is the calendar's."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a closing needs of a ticket: its place, the day it was entered, its amounts (cents, grams), what each means paid."""

    sale: int
    day: date
    paid_cents: int
    shelf_cents: int
    grams: int
    cancels: bool
    means: Mapping[PaymentKind, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """What tickets add up to: cents by means, cancellations taken off; `gross_cents` adds every amount as positive."""

    tickets: int = 0
    cancelled: int = 0
    paid_cents: int = 0
    gross_cents: int = 0
    shelf_cents: int = 0
    grams: int = 0
    means: Mapping[PaymentKind, int] = field(default_factory=dict)

    def __add__(self, other: Totals) -> Totals:
        """Return the totals of both together."""
        means = Counter(self.means)
        means.update(other.means)
        return Totals(
            self.tickets + other.tickets,
            self.cancelled + other.cancelled,
            self.paid_cents + other.paid_cents,
            self.gross_cents + other.gross_cents,
            self.shelf_cents + other.shelf_cents,
            self.grams + other.grams,
            dict(means),
        )


def total_of(tickets: Iterable[Ticket]) -> Totals:
    """Return what tickets add up to; a cancellation counts apart and takes its amounts off."""
    found = Totals()
    for t in tickets:
        found += Totals(
            int(not t.cancels), int(t.cancels), t.paid_cents, abs(t.paid_cents), t.shelf_cents, t.grams, t.means
        )
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """A period to close: its first and last day, the tickets it covers, and what they add up to."""

    kind: PeriodKind
    begins_on: date
    ends_on: date
    after_sale: int
    up_to_sale: int
    totals: Totals


def days_due(tickets: Sequence[Ticket], after_sale: int, before: date) -> list[Due]:
    """Return the days to close, oldest first: those with a ticket entered before `before`, none of which is closed yet.

    `tickets` follow their place, all after `after_sale`. A clock set back keeps the order of the places: a ticket entered
    « earlier » than the one before it is closed with it.
    """
    due: list[Due] = []
    latest = date.min
    dated = []
    for t in tickets:
        latest = max(latest, t.day)
        dated.append((latest, t))
    for day, group in groupby(dated, key=lambda pair: pair[0]):
        if day >= before:
            break
        held = [t for _day, t in group]
        due.append(Due(PeriodKind.DAY, day, day, after_sale, held[-1].sale, total_of(held)))
        after_sale = held[-1].sale
    return due


def longer_due(kind: PeriodKind, days: Sequence[Due], before: date) -> list[Due]:
    """Return the months or years to close out of the closed days they are made of, oldest first; whole ones before `before` only."""

    def period(day: date) -> tuple[int, ...]:
        return (day.year, day.month) if kind is PeriodKind.MONTH else (day.year,)

    found = []
    for _key, group in groupby(days, key=lambda d: period(d.ends_on)):
        held = list(group)
        if period(held[0].ends_on) >= period(before):
            break
        totals = sum((d.totals for d in held), Totals())
        found.append(Due(kind, held[0].begins_on, held[-1].ends_on, held[0].after_sale, held[-1].up_to_sale, totals))
    return found
