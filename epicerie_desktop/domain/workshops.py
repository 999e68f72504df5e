"""Workshops: what became of a person put down, whether a seat is left, and whether what was undertaken is met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from epicerie_desktop.domain.access import CeilingPeriod, Grant, period_start
from epicerie_desktop.support.text import words

if TYPE_CHECKING:
    from epicerie_desktop.domain.eligibility.terms import Obligation

COUNTED_AS = "WORKSHOP"
"""The step under which those who came to a workshop are counted, where it is tied to an action."""
_WORKSHOP_WORDS = frozenset({"atelier", "ateliers", "workshop", "workshops"})
_REVIEW_WORDS = frozenset({"bilan", "bilans", "point", "review"})


class AttendanceState(StrEnum):
    """What became of a person put down for a session; WAITING takes no seat."""

    WAITING = "WAITING"
    PLANNED = "PLANNED"
    CAME = "CAME"
    EXCUSED = "EXCUSED"
    MISSED = "MISSED"


SEATED = frozenset({AttendanceState.PLANNED, AttendanceState.CAME, AttendanceState.MISSED})
"""The states that take a seat: whoever gave notice frees theirs."""


def seats_taken(states: Iterable[AttendanceState]) -> int:
    """Return how many seats are taken."""
    return sum(1 for s in states if s in SEATED)


def seats_left(seats: int | None, states: Iterable[AttendanceState]) -> int | None:
    """Return how many seats are left, never below 0; None without a limit."""
    return None if seats is None else max(0, seats - seats_taken(states))


class Duty(StrEnum):
    """What an obligation of the règlement is met by: workshops, a review, or what no figure of the program tells."""

    WORKSHOP = "WORKSHOP"
    REVIEW = "REVIEW"
    OTHER = "OTHER"


def duty_of(obligation: Obligation) -> Duty:
    """Return what meets an obligation, by the words of its code and of its label (« Participer aux ateliers »)."""
    said = {w for text in (obligation.code, obligation.label) for w in words(text)}
    if said & _WORKSHOP_WORDS:
        return Duty.WORKSHOP
    return Duty.REVIEW if said & _REVIEW_WORDS else Duty.OTHER


@dataclass(frozen=True, slots=True)
class DutyDone:
    """An obligation over the period that holds a day: both days included, how often it was done, how often it is asked."""

    obligation: Obligation
    duty: Duty
    first: date
    last: date
    done: int

    @property
    def wanted(self) -> int:
        """Return how often it is asked over the period."""
        return self.obligation.count

    @property
    def met(self) -> bool | None:
        """Return whether it is met; None where no figure tells."""
        return None if self.duty is Duty.OTHER else self.done >= self.wanted


def duty_span(obligation: Obligation, day: date, grant: Grant) -> tuple[date, date]:
    """Return the period of an obligation that holds `day`, within the right: the whole right where it has no period."""
    if obligation.period is None or obligation.before_renewal:
        return grant.valid_from, grant.valid_until
    first = period_start(obligation.period, day, grant)
    return first, min(_period_end(obligation.period, first, day, grant), grant.valid_until)


def _period_end(period: CeilingPeriod, first: date, day: date, grant: Grant) -> date:
    match period:
        case CeilingPeriod.VISIT:
            return day
        case CeilingPeriod.WEEK:
            return day + timedelta(days=6 - day.weekday())
        case CeilingPeriod.FORTNIGHT:
            monday = grant.valid_from - timedelta(days=grant.valid_from.weekday())
            return day + timedelta(days=13 - (day - monday).days % 14)
        case CeilingPeriod.MONTH:
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case CeilingPeriod.SEMESTER:
            return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)
        case CeilingPeriod.GRANT:
            return max(first, grant.valid_until)


def duties_on(
    day: date, grant: Grant, obligations: Iterable[Obligation], workshops: Iterable[date], reviews: Iterable[date]
) -> tuple[DutyDone, ...]:
    """Return what a household undertook and what of it is done, for the period that holds `day`.

    `workshops` are the days a member of the household came to one (two members on one session are one day's work),
    `reviews` the days of its reviews.
    """
    came, reviewed = list(workshops), list(reviews)
    found = []
    for obligation in obligations:
        duty = duty_of(obligation)
        first, last = duty_span(obligation, day, grant)
        days = came if duty is Duty.WORKSHOP else reviewed if duty is Duty.REVIEW else []
        found.append(DutyDone(obligation, duty, first, last, sum(1 for d in days if first <= d <= last)))
    return tuple(found)
