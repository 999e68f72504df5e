"""What a period of accompaniment counts: requests and their answers, rights and stays, accompaniments, projects. Knows no name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from epicerie_desktop.domain.decisions import Answer

RETURN_AFTER = timedelta(days=92)
"""Three months: a right that begins later after the last one is a return, no longer a renewal."""


class Statement(NamedTuple):
    """A situation stated for a household, on a day; `id` tells the order within it."""

    household: int
    day: date
    id: int


class Answered(NamedTuple):
    """An answer to a household's request."""

    household: int
    day: date
    id: int
    answer: Answer
    reason: str | None = None


class RightGiven(NamedTuple):
    """A right, both days included; `goes_on` with another since a separation or a merge."""

    household: int
    first: date
    last: date
    exceptional: bool = False
    goes_on: bool = False

    @property
    def days(self) -> int:
        """Return how long it is, both days included."""
        return (self.last - self.first).days + 1


class Accompanied(NamedTuple):
    """An accompaniment; without `closed_on` it goes on."""

    opened_on: date
    closed_on: date | None
    exit_code: str | None = None
    exit_result: str | None = None


class Project(NamedTuple):
    """A personal project of a household."""

    kind: str
    set_on: date
    state: str
    ended_on: date | None


class Worked(NamedTuple):
    """Minutes a volunteer gave to a kind of task; `who` tells volunteers apart and is never shown."""

    task: str
    who: str
    minutes: int


class Seats(NamedTuple):
    """A subject of workshops: its dates held and called off, those who came, how many persons and households they were."""

    title: str
    sessions: int
    cancelled: int
    came: int
    persons: int
    households: int


@dataclass(frozen=True, slots=True)
class Incidents:
    """Recalls that met the stock, lots set aside by them and by the team, temperatures read and out of their limits, drills."""

    recalls: int = 0
    recalled_lots: int = 0
    team_lots: int = 0
    readings: int = 0
    out_of_limits: tuple[tuple[str, int], ...] = ()
    """How often each unit was out of its limits, where it was."""
    drills: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """What was read of a period, both days included: everything needed to tell it, and no name.

    Counts by (kind, state) or by kind are those of the period; lists hold all there ever was, so that what was open before is known.
    """

    first: date
    last: date
    statements: Sequence[Statement] = ()
    answers: Sequence[Answered] = ()
    rights: Sequence[RightGiven] = ()
    waiting: Sequence[tuple[date, date | None]] = ()
    suspensions: Sequence[tuple[str, int]] = ()
    files: Sequence[Accompanied] = ()
    households_closed: int = 0
    projects: Sequence[Project] = ()
    appointments: Sequence[tuple[str, str, int]] = ()
    absences: tuple[int, int] = (0, 0)
    """Households that did not come although expected: excused, and without notice."""
    reviews: int = 0
    steps: int = 0
    onward: Sequence[tuple[str, int]] = ()
    actions: Sequence[tuple[str, int, int]] = ()
    """Name of the action and of the step, how often, cents: of the months that begin in the period."""
    workshops: Sequence[Seats] = ()
    seated: tuple[int, int] = (0, 0)
    """Distinct persons and households over every workshop."""
    hours: Sequence[Worked] | None = None
    """None where the shop does not keep them."""
    incidents: Incidents = field(default_factory=Incidents)

    def holds(self, day: date | None) -> bool:
        """Return whether a day is of the period."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a household: the day it came, when it was put off, and its answer (None while it waits)."""

    household: int
    received: date
    put_off: tuple[date, ...] = ()
    answered: date | None = None
    answer: Answer | None = None
    reason: str | None = None

    def open_on(self, day: date) -> bool:
        """Return whether it had come and waited for an answer at the end of a day."""
        return self.received <= day and (self.answered is None or self.answered > day)


def requests_of(statements: Iterable[Statement], answers: Iterable[Answered]) -> tuple[Request, ...]:
    """Return the requests: each begins with a statement (or an answer without one) and ends with a grant or a refusal.

    A second statement before the answer is the same request said again; an adjournment leaves it open.
    """
    events: list[tuple[int, date, int, int, Answered | None]] = [
        (s.household, s.day, 0, s.id, None) for s in statements
    ]
    events += [(a.household, a.day, 1, a.id, a) for a in answers]
    found: list[Request] = []
    for household, told in groupby(sorted(events, key=lambda e: e[:4]), key=lambda e: e[0]):
        found += _requests(household, [(day, answer) for _h, day, _k, _id, answer in told])
    return tuple(found)


def _requests(household: int, told: list[tuple[date, Answered | None]]) -> Iterator[Request]:
    received: date | None = None
    put_off: list[date] = []
    for day, answer in told:
        received = received or day
        if answer is None:
            continue
        if answer.answer is Answer.ADJOURNED:
            put_off.append(day)
            continue
        yield Request(household, received, tuple(put_off), day, answer.answer, answer.reason)
        received, put_off = None, []
    if received is not None:
        yield Request(household, received, tuple(put_off))


class Opened(NamedTuple):
    """The rights that begin in a period, by what they are to their household."""

    firsts: tuple[RightGiven, ...]
    renewals: tuple[RightGiven, ...]
    returns: tuple[RightGiven, ...]

    @property
    def all(self) -> tuple[RightGiven, ...]:
        """Return them together."""
        return (*self.firsts, *self.renewals, *self.returns)


def opened_in(rights: Iterable[RightGiven], first: date, last: date) -> Opened:
    """Return the rights that begin from `first` to `last`: a household's first, renewals, and returns after three months without.

    Exceptional visits are no rights; one that goes on with another opens nothing.
    """
    kinds: tuple[list[RightGiven], list[RightGiven], list[RightGiven]] = ([], [], [])
    for theirs in _by_household(rights):
        until: date | None = None
        for right in theirs:
            if first <= right.first <= last and not right.goes_on:
                kinds[0 if until is None else 1 if right.first - until <= RETURN_AFTER else 2].append(right)
            until = max(until or right.last, right.last)
    return Opened(*(tuple(k) for k in kinds))


def stays_ended_in(rights: Iterable[RightGiven], first: date, last: date) -> tuple[int, ...]:
    """Return the length in days of each stay whose last day is in the period: rights that follow within three months are one stay."""
    found = []
    for theirs in _by_household(rights):
        for start, end in _stays(theirs):
            if first <= end <= last:
                found.append((end - start).days + 1)
    return tuple(found)


def _stays(theirs: Sequence[RightGiven]) -> Iterator[tuple[date, date]]:
    start, end = theirs[0].first, theirs[0].last
    for right in theirs[1:]:
        if right.first - end > RETURN_AFTER:
            yield start, end
            start = right.first
        end = max(end, right.last)
    yield start, end


def _by_household(rights: Iterable[RightGiven]) -> list[list[RightGiven]]:
    found: dict[int, list[RightGiven]] = defaultdict(list)
    for right in rights:
        if not right.exceptional:
            found[right.household].append(right)
    return [sorted(theirs, key=attrgetter("first", "last")) for _h, theirs in sorted(found.items())]


def mean(values: Sequence[int]) -> int | None:
    """Return the mean to the nearest integer, halves up; None of nothing."""
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else None
