"""Suspension and exclusion: for what, for how long, and after the household could say its say. Knows no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

CONSERVATORY_DAYS = 8
"""The longest a household is kept away at once, before it could be heard."""
CONSERVATORY_AGAIN_DAYS = 30
"""Within so many days after one, another is no longer urgent: the household could be heard since."""
LONGEST_DAYS = 1100
"""About three years, the longest a right runs: a later end is a slip of the keyboard."""


class SuspensionKind(StrEnum):
    """How a household is kept from shopping: for a time, for good, or at once for a few days before it is heard."""

    SUSPENDED = "SUSPENDED"
    EXCLUDED = "EXCLUDED"
    CONSERVATORY = "CONSERVATORY"


class SuspensionReason(StrEnum):
    """Why, in a code that reception may read; the words themselves are for social workers."""

    ABSENCES = "ABSENCES"
    RULES = "RULES"
    VIOLENCE = "VIOLENCE"
    RESALE = "RESALE"
    FALSE_STATEMENT = "FALSE_STATEMENT"
    COMMITMENT = "COMMITMENT"
    OTHER = "OTHER"


class Part(StrEnum):
    """A part of a measure as it is asked."""

    KIND = "KIND"
    SINCE = "SINCE"
    UNTIL = "UNTIL"
    ASKED = "ASKED"
    HEARD = "HEARD"
    REASON = "REASON"


class MeasureRefused(BadInput):
    """A measure that cannot be recorded so; `part` is what to mend."""

    def __init__(self, part: Part, template: str, /, **fields: Any) -> None:
        super().__init__(template, **fields)
        self.part = part


@dataclass(frozen=True, slots=True)
class Measure:
    """A suspension or an exclusion: days both included, `until` None without end.

    `asked_on` is the day the household was asked to come and be heard, `heard_on` None where it did not come.
    """

    kind: SuspensionKind
    since: date
    until: date | None
    asked_on: date | None = None
    heard_on: date | None = None
    lifted_on: date | None = None

    @property
    def last(self) -> date | None:
        """Return the last day it really holds, None without end; before `since` where it never held."""
        if self.lifted_on is None:
            return self.until
        eve = self.lifted_on - timedelta(days=1)
        return eve if self.until is None else min(eve, self.until)

    def covers(self, day: date) -> bool:
        """Return whether the household is kept away on `day`; the day it is lifted, it may come again."""
        return self.since <= day and (self.last is None or day <= self.last)

    def running_or_to_come(self, day: date) -> bool:
        """Return whether it still holds on `day`, or will."""
        return self.last is None or (day <= self.last and self.since <= self.last)


def check_measure(measure: Measure, today: date) -> None:
    """Return nothing for a measure that may be recorded. Raises `MeasureRefused` with what to mend.

    The household is asked to come first (code des relations entre le public et l'administration, L122-1, for a CCAS; the
    same courtesy elsewhere); only an urgent measure of at most eight days may come before.
    """
    if measure.until is not None and measure.until < measure.since:
        raise MeasureRefused(Part.UNTIL, N_("La fin précède le début : vérifiez les dates."))
    if measure.until is not None and (measure.until - measure.since).days > LONGEST_DAYS:
        raise MeasureRefused(Part.UNTIL, N_("Cette mesure durerait plus de trois ans : vérifiez l'année de fin."))
    if measure.kind is SuspensionKind.CONSERVATORY:
        _check_conservatory(measure)
    else:
        _check_heard(measure, today)


def _check_conservatory(measure: Measure) -> None:
    if measure.until is None or (measure.until - measure.since).days >= CONSERVATORY_DAYS:
        raise MeasureRefused(
            Part.UNTIL,
            N_("Une mesure d'urgence dure {most} jours au plus, le temps d'entendre le foyer : rapprochez la fin."),
            most=CONSERVATORY_DAYS,
        )


def _check_heard(measure: Measure, today: date) -> None:
    if measure.kind is SuspensionKind.SUSPENDED and measure.until is None:
        raise MeasureRefused(Part.UNTIL, N_("Indiquez jusqu'à quand : seule une exclusion peut ne pas avoir de fin."))
    if measure.asked_on is None:
        raise MeasureRefused(
            Part.ASKED,
            N_(
                "Indiquez le jour où le foyer a été invité à venir s'expliquer. S'il y a urgence, choisissez la mesure d'urgence : {most} jours au plus, avant de l'entendre."
            ),
            most=CONSERVATORY_DAYS,
        )
    for part, day in ((Part.ASKED, measure.asked_on), (Part.HEARD, measure.heard_on)):
        if day is not None and day > today:
            raise MeasureRefused(part, N_("Le foyer est entendu avant la décision : cette date est dans le futur."))
    if measure.heard_on is not None and measure.heard_on < measure.asked_on:
        raise MeasureRefused(Part.HEARD, N_("Le foyer a été entendu avant d'y être invité : vérifiez les deux dates."))
    if measure.since < (measure.heard_on or measure.asked_on):
        raise MeasureRefused(
            Part.SINCE, N_("La mesure commencerait avant que le foyer soit entendu : faites-la commencer ensuite.")
        )


def check_beside(measure: Measure, others: tuple[Measure, ...]) -> None:
    """Return nothing where a measure may stand beside the others of its household. Raises `MeasureRefused`.

    An urgent one gives way to the one decided after the hearing; it is not given twice in a row.
    """
    for other in others:
        if other.last is not None and other.last < other.since:
            continue
        if measure.kind is SuspensionKind.CONSERVATORY and other.kind is SuspensionKind.CONSERVATORY:
            end = other.last or other.since
            if measure.since <= end + timedelta(days=CONSERVATORY_AGAIN_DAYS) and other.since <= measure.since:
                raise MeasureRefused(
                    Part.KIND,
                    N_("Une mesure d'urgence vient déjà d'être prise : entendez maintenant le foyer, puis décidez."),
                )
        elif other.kind is not SuspensionKind.CONSERVATORY and _meet(measure, other):
            raise MeasureRefused(
                Part.SINCE, N_("Une mesure court déjà à ces dates : levez-la d'abord, ou commencez après sa fin.")
            )


def _meet(one: Measure, other: Measure) -> bool:
    ends = date.max
    return one.since <= (other.last or ends) and other.since <= (one.last or ends)
