"""The life of a household told by date: who came, left, died, was away, whose custody changed, and how many they were then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from epicerie_desktop.domain.household import (
    Composition,
    LeftFor,
    Link,
    Membership,
    PartialDate,
    TimeAway,
    composition_on,
)


class EventKind(StrEnum):
    """What changed in a household on a day."""

    BIRTH = "BIRTH"
    ARRIVAL = "ARRIVAL"
    DEATH = "DEATH"
    DEPARTURE = "DEPARTURE"
    SEPARATION = "SEPARATION"
    MERGE = "MERGE"
    NEW_HOLDER = "NEW_HOLDER"
    NEW_LINK = "NEW_LINK"
    SHARED = "SHARED"
    NOT_SHARED = "NOT_SHARED"
    AWAY = "AWAY"
    BACK = "BACK"


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay as it is kept: a row of `household_member`, the name of the person, and the times away by id."""

    member: int
    person: int
    name: str
    link: Link
    born: PartialDate | None
    joined_on: date
    left_on: date | None = None
    left_for: LeftFor | None = None
    shared: bool = False
    away: tuple[tuple[int, TimeAway], ...] = ()

    @property
    def membership(self) -> Membership:
        """Return the stay as it is counted."""
        away = tuple(a for _id, a in self.away)
        return Membership(self.person, self.link, self.born, self.joined_on, self.left_on, away)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed on a day; `member` and `away` are the rows to correct."""

    day: date
    kind: EventKind
    name: str
    link: Link
    member: int
    away: int | None = None


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A day on which something changed, and the household as it is counted from that day."""

    day: date
    events: tuple[Event, ...]
    composition: Composition


_ENDS = {
    LeftFor.DEATH: EventKind.DEATH,
    LeftFor.SEPARATION: EventKind.SEPARATION,
    LeftFor.MERGE: EventKind.MERGE,
    LeftFor.DEPARTURE: EventKind.DEPARTURE,
}


def life_of(stays: Iterable[Stay]) -> tuple[LifeStep, ...]:
    """Return the days on which the household changed, the latest first."""
    rows = tuple(stays)
    before = {(s.person, s.left_on): s for s in rows if s.left_for is LeftFor.CONTINUES}
    days: dict[date, list[Event]] = defaultdict(list)
    for stay in rows:
        for event in (*_begins(stay, before.get((stay.person, stay.joined_on))), *_ends(stay), *_aways(stay, rows)):
            days[event.day].append(event)
    memberships = [s.membership for s in rows]
    return tuple(
        LifeStep(day, tuple(sorted(days[day], key=lambda e: (list(EventKind).index(e.kind), e.member))), composition_on(memberships, day))
        for day in sorted(days, reverse=True)
    )  # fmt: skip


def _begins(stay: Stay, before: Stay | None) -> Iterable[Event]:
    day, told = stay.joined_on, (stay.name, stay.link, stay.member)
    if before is None:
        born = stay.born is not None and stay.born.iso == day.isoformat()
        yield Event(day, EventKind.BIRTH if born else EventKind.ARRIVAL, *told)
        return
    if before.link is not stay.link:
        yield Event(day, EventKind.NEW_HOLDER if stay.link is Link.HOLDER else EventKind.NEW_LINK, *told)
    if before.shared != stay.shared:
        yield Event(day, EventKind.SHARED if stay.shared else EventKind.NOT_SHARED, *told)


def _ends(stay: Stay) -> Iterable[Event]:
    if stay.left_on is not None and stay.left_for is not LeftFor.CONTINUES:
        kind = _ENDS[stay.left_for or LeftFor.DEPARTURE]
        yield Event(stay.left_on, kind, stay.name, stay.link, stay.member)


def _aways(stay: Stay, rows: tuple[Stay, ...]) -> Iterable[Event]:
    """Tell when a member goes and comes back; a time away cut by a change of link is one."""
    one_day = timedelta(days=1)
    others = [a for s in rows if s.person == stay.person for _id, a in s.away]
    for away, span in stay.away:
        if not any(o.until == span.since - one_day for o in others):
            yield Event(span.since, EventKind.AWAY, stay.name, stay.link, stay.member, away)
        if span.until is not None and not any(o.since == span.until + one_day for o in others):
            yield Event(span.until + one_day, EventKind.BACK, stay.name, stay.link, stay.member, away)
