"""The dates of packs: how exactly they are written, how long goods may follow their best-before date, the 48 hours of a pick-up.

A lot keeps the last day its date covers: « 11/2027 » is kept as 30 November 2027, with its precision to show it as written.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from epicerie_desktop.domain.stock import DateKind

PICKUP_DAYS = 2
"""Days between a take-over in a shop and a use-by date: fewer leave less than 48 hours (code de l'environnement, D.541-310)."""
FROST_DAYS = 2
"""Days under which a use-by date is too near for a freezer."""
FORMATS = {"DAY": "%d/%m/%y", "MONTH": "%m/%Y", "YEAR": "%Y"}


class Precision(StrEnum):
    """How exactly the pack tells its date (regulation (EU) 1169/2011, annex X)."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


class BestBefore(StrEnum):
    """What goods past their best-before date need on a day."""

    FINE = "FINE"
    TO_CHECK = "TO_CHECK"
    """Within the tolerance of their family: a recorded check."""
    BEYOND = "BEYOND"
    """Put aside; what is already in a family's bag is recorded with the team's agreement."""


def last_day(year: int, month: int = 12) -> date:
    """Return the last day that « month/year », or a year alone, covers."""
    return date(year, month, calendar.monthrange(year, month)[1])


def written(on: date, precision: Precision = Precision.DAY) -> str:
    """Return a date as its pack writes it: « 25/11/26 », « 11/2027 », « 2027 »."""
    return f"{on:{FORMATS[precision]}}"


def fitting(on: date, precision: Precision) -> bool:
    """Return whether `on` is the last day of what a date so written covers."""
    if precision is Precision.MONTH:
        return on == last_day(on.year, on.month)
    return precision is Precision.DAY or on == last_day(on.year)


def best_before_on(kind: DateKind, limit_on: date | None, day: date, tolerance: int | None) -> BestBefore:
    """Return what goods need to be handed out on `day`; `tolerance` is in days after the date, None for never."""
    if kind is not DateKind.BEST_BEFORE or limit_on is None or day <= limit_on:
        return BestBefore.FINE
    if tolerance is None or day > limit_on + timedelta(days=tolerance):
        return BestBefore.BEYOND
    return BestBefore.TO_CHECK


def short_lived(kind: DateKind, limit_on: date | None, taken_on: date) -> bool:
    """Return whether a pack taken over on a day has less than 48 hours to its use-by date: it needs a said justification."""
    return kind is DateKind.USE_BY and limit_on is not None and (limit_on - taken_on).days < PICKUP_DAYS


def too_late_to_freeze(kind: DateKind, limit_on: date | None, frozen_on: date) -> bool:
    """Return whether a pack was frozen near or past its use-by date, which is never done: a warning, not a refusal."""
    return kind is DateKind.USE_BY and limit_on is not None and (limit_on - frozen_on).days < FROST_DAYS


@dataclass(frozen=True, slots=True)
class ToleranceClass:
    """How long a kind of goods follows its best-before date, in days from a day on; None is never, `fixed` is not changed."""

    code: str
    name: str
    valid_from: date
    days: int | None
    fixed: bool
    source: str


def classes_on(classes: Iterable[ToleranceClass], day: date) -> dict[str, ToleranceClass]:
    """Return the classes in force on `day`, by code: the last one that began wins."""
    return {c.code: c for c in sorted(classes, key=lambda c: c.valid_from) if c.valid_from <= day}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """The tolerance of each family: what the shop chose, else what its class says."""

    families: Mapping[str, str]
    classes: Mapping[str, ToleranceClass]
    own: Mapping[str, int | None]

    def class_of(self, family: str) -> ToleranceClass:
        """Return the class of a family by its code; one that is not listed keeps to its date."""
        return self.classes[self.families.get(family, "limited")]

    def of(self, family: str) -> int | None:
        """Return the days a family may follow its best-before date, None for never; what is fixed is never changed."""
        known = self.class_of(family)
        return self.own[family] if family in self.own and not known.fixed else known.days
