"""What a scale may be used for: its plate, its checks, and whether its weight may still make a price.

In France a scale whose weight makes a price is of an approved class and checked at intervals (every two years for direct
sale up to 30 kg, every year else). Past that day, or once refused, it may still weigh gifts and crates, not price them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from epicerie_desktop.domain.units import parse_grams
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

WARNED_DAYS = 60
"""How long before the check is due the program says so."""
DIRECT_SALE_GRAMS = 30_000
CLASSES = ("", "I", "II", "III", "IIII", "NONE")
"""Accuracy classes; empty where nobody read the plate, `NONE` for a kitchen scale that is not approved."""
NOT_APPROVED = "NONE"

_TARED = re.compile(r"(.+?)\s*[-\u2212\u2013]\s*(.+)")


class Standing(StrEnum):
    """How a scale stands on a day."""

    NO_RECORD = "NO_RECORD"
    UNCHECKED = "UNCHECKED"
    VALID = "VALID"
    SOON = "SOON"
    OVERDUE = "OVERDUE"
    REFUSED = "REFUSED"
    NOT_APPROVED = "NOT_APPROVED"


FORBIDS_PRICE = frozenset({Standing.OVERDUE, Standing.REFUSED, Standing.NOT_APPROVED})


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its day, the last day it holds, and whether the scale was accepted."""

    day: date
    next_on: date
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class ScaleRecord:
    """What is written on a scale's plate, in grams, and its last check (None where none was noted)."""

    id: int
    post: int
    make: str
    model: str = ""
    serial: str = ""
    accuracy_class: str = ""
    capacity_grams: int = 15_000
    minimum_grams: int = 100
    division_grams: int = 5
    last: Check | None = None
    version: int | None = None

    def standing(self, day: date) -> Standing:
        """Return how the scale stands on `day`: the day the check is due is still a good one."""
        if self.accuracy_class == NOT_APPROVED:
            return Standing.NOT_APPROVED
        if self.last is None:
            return Standing.UNCHECKED
        if not self.last.accepted:
            return Standing.REFUSED
        if day > self.last.next_on:
            return Standing.OVERDUE
        return Standing.SOON if (self.last.next_on - day).days <= WARNED_DAYS else Standing.VALID


@dataclass(frozen=True, slots=True)
class WeighingRule:
    """What governs weighing at one post on one day: its scale's record, or None, and how it stands."""

    standing: Standing = Standing.NO_RECORD
    record: ScaleRecord | None = None

    @property
    def forbids_price(self) -> bool:
        """Return whether no price may be made by weight here, be the weight read or typed."""
        return self.standing in FORBIDS_PRICE

    def too_light(self, grams: int, minimum_grams: int | None) -> bool:
        """Return whether a weight is under the least the scale weighs rightly; `minimum_grams` is that of the scale in use."""
        least = self.record.minimum_grams if self.record is not None else minimum_grams
        return least is not None and grams < least


def rule_for(mine: ScaleRecord | None, others: tuple[ScaleRecord, ...], day: date) -> WeighingRule:
    """Return the rule of a post: that of its own scale, else of the shop's others.

    A post without a scale of its own types what another one shows: where none of the shop's scales may make a price, nor
    may the weight typed.
    """
    if mine is not None:
        return WeighingRule(mine.standing(day), mine)
    standings = [(other.standing(day), other) for other in others]
    if standings and all(standing in FORBIDS_PRICE for standing, _ in standings):
        return WeighingRule(*standings[0])
    return WeighingRule()


def next_check(day: date, capacity_grams: int) -> date:
    """Return the day to propose for the check after that of `day`: two years for direct sale up to 30 kg, one year else."""
    years = 2 if capacity_grams <= DIRECT_SALE_GRAMS else 1
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day + timedelta(days=365 * years)


@dataclass(frozen=True, slots=True)
class TypedWeight:
    """A weight typed by hand, in grams: gross, less the tare of its container."""

    grams: int
    tare_grams: int = 0

    @property
    def gross_grams(self) -> int:
        """Return what lay on the plate."""
        return self.grams + self.tare_grams


def parse_weighed(typed: str) -> TypedWeight:
    """Return a weight typed « 1,250 », or gross less tare « 1,300-0,050 » or « 1,300-50g ». Raises `BadInput`."""
    found = _TARED.fullmatch(typed.strip())
    if found is None:
        return TypedWeight(parse_grams(typed))
    gross, tare = parse_grams(found[1]), parse_grams(found[2])
    if tare >= gross:
        raise BadInput(N_("La tare est plus lourde que le tout : tapez le poids brut, un tiret, puis la tare."))
    return TypedWeight(gross - tare, tare)
