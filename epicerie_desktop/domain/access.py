"""May this household shop today, and for how much: the three-state verdict, the share paid and the ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epicerie_desktop.domain.eligibility.terms import OtherMeasure
    from epicerie_desktop.domain.terms_at_till import Scope


class VerdictState(StrEnum):
    """What the banner says, by colour, shape and word."""

    OPEN = "OPEN"
    ASK_TEAM = "ASK_TEAM"
    CLOSED = "CLOSED"


class Reason(StrEnum):
    """Why the banner says so; the sentence belongs to the screen."""

    RIGHT_OPEN = "RIGHT_OPEN"
    ENDS_SOON = "ENDS_SOON"
    NEVER_OPENED = "NEVER_OPENED"
    LAPSED = "LAPSED"
    NOT_STARTED = "NOT_STARTED"
    SUSPENDED = "SUSPENDED"
    CEILING_SPENT = "CEILING_SPENT"
    ALREADY_SERVED_TODAY = "ALREADY_SERVED_TODAY"
    VISITS_SPENT = "VISITS_SPENT"
    TOO_SOON = "TOO_SOON"
    LAST_VISIT_DONE = "LAST_VISIT_DONE"
    NOT_THEIR_DAY = "NOT_THEIR_DAY"
    NO_MEMBER = "NO_MEMBER"


class ExceptionalReason(StrEnum):
    """Why a visit is granted out of turn; nothing more is written down."""

    RIGHT_ENDED = "RIGHT_ENDED"
    URGENT = "URGENT"
    REFERRED = "REFERRED"
    OTHER = "OTHER"


class CeilingMeasure(StrEnum):
    """What a ceiling limits: the amount paid, the shelf value, or grams."""

    PAID = "PAID"
    SHELF_VALUE = "SHELF_VALUE"
    GRAMS = "GRAMS"


class CeilingPeriod(StrEnum):
    """Over what a ceiling runs."""

    VISIT = "VISIT"
    WEEK = "WEEK"
    FORTNIGHT = "FORTNIGHT"
    MONTH = "MONTH"
    SEMESTER = "SEMESTER"
    GRANT = "GRANT"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `amount` (cents, grams or units) of `measure` over `period`.

    `before` counts as taken already in the period the right begins in: it went on under another (below 0: something was
    carried over to it).
    `scope` narrows it to some goods, called `label`. With `outside`, it is the own count of goods that weigh on no other.
    `carried_over`: what a period leaves goes to the next one. `phases` are those of the right it holds in, none for all.
    """

    measure: CeilingMeasure | OtherMeasure
    period: CeilingPeriod
    amount: int
    before: int = 0
    scope: Scope | None = None
    outside: str = ""
    label: str = ""
    carried_over: bool = False
    phases: frozenset[str] = frozenset()

    @property
    def counted_as(self) -> str:
        """Return under what name its count goes on, where the right goes on under another."""
        return "/".join((self.measure.value, self.period.value, self.outside or self.label))


@dataclass(frozen=True, slots=True)
class Grant:
    """A right as decided: its days (both included), the share paid in thousandths, its ceilings.

    One that goes on under another since a separation or a merge keeps the first one's id (`origin`) and first day (`since`),
    how many visits were made before it began, what was taken by then on each limit of its terms (by `counted_as`), and the fees (rows) paid.
    """

    id: int
    valid_from: date
    valid_until: date
    participation_permille: int
    ceilings: tuple[Ceiling, ...]
    suspended: bool = False
    origin: int | None = None
    since: date | None = None
    visits_before: int = 0
    limits_before: Mapping[str, int] = field(default_factory=dict)
    fees_before: tuple[int, ...] = ()

    @property
    def first_id(self) -> int:
        """Return the id of the right this one goes on with, its own where it is the first."""
        return self.id if self.origin is None else self.origin

    @property
    def first_day(self) -> date:
        """Return the first day of the right this one goes on with."""
        return self.since or self.valid_from

    def covers(self, day: date) -> bool:
        """Return whether `day` lies within the right."""
        return self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Spent:
    """What was already taken in a span: cents paid, shelf value in cents, grams."""

    paid_cents: int = 0
    shelf_cents: int = 0
    grams: int = 0

    def of(self, measure: CeilingMeasure | OtherMeasure) -> int:
        """Return the figure that `measure` limits; units are counted line by line, not here."""
        match measure:
            case CeilingMeasure.PAID:
                return self.paid_cents
            case CeilingMeasure.SHELF_VALUE:
                return self.shelf_cents
            case CeilingMeasure.GRAMS:
                return self.grams
            case _:
                return 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counter shows: the state, why, and the right behind it if any."""

    state: VerdictState
    reason: Reason
    grant: Grant | None = None


def period_start(period: CeilingPeriod, day: date, grant: Grant) -> date:
    """Return the first day whose sales weigh on a ceiling of that period, for a visit on `day`.

    Weeks begin on Monday, months on the 1st, semesters on 1 January and 1 July; fortnights are counted two weeks by two
    from the Monday of the week the right (the first one, where it goes on under another) opened. Never before the right opened.
    """
    match period:
        case CeilingPeriod.VISIT:
            return day
        case CeilingPeriod.WEEK:
            return max(grant.valid_from, day - timedelta(days=day.weekday()))
        case CeilingPeriod.FORTNIGHT:
            first = grant.first_day - timedelta(days=grant.first_day.weekday())
            return max(grant.valid_from, day - timedelta(days=(day - first).days % 14))
        case CeilingPeriod.SEMESTER:
            return max(grant.valid_from, date(day.year, 1 if day.month <= 6 else 7, 1))
        case CeilingPeriod.MONTH:
            return max(grant.valid_from, day.replace(day=1))
        case CeilingPeriod.GRANT:
            return grant.valid_from


def before_in(ceiling: Ceiling, start: date, grant: Grant) -> int:
    """Return what was taken before a right went on under this one: it weighs on the period this one began in, and no other."""
    return ceiling.before if start == grant.valid_from else 0


def narrower(inner: CeilingPeriod, outer: CeilingPeriod) -> bool:
    """Return whether `inner` is surely shorter than `outer`."""
    order = list(CeilingPeriod)
    return order.index(inner) < order.index(outer)


def verdict_on(
    day: date,
    grants: tuple[Grant, ...],
    persons: int,
    *,
    served_today: bool = False,
    warn_days: int = 15,
    slowed: Reason | None = None,
) -> Verdict:
    """Return the verdict for a household of `persons` on `day`; `grants` in any order.

    `slowed` is what the rhythm of visits says against today, if anything. A lapsed or missing right never turns anyone
    away by itself: it is for the team to see.
    """
    covering = [g for g in grants if g.covers(day)]
    active = max((g for g in covering if not g.suspended), key=lambda g: (g.valid_until, g.id), default=None)
    if active is None:
        stopped = [g for g in covering or grants if g.suspended]
        if stopped:
            return Verdict(VerdictState.CLOSED, Reason.SUSPENDED, max(stopped, key=lambda g: g.id))
        past = max((g for g in grants if g.valid_until < day), key=lambda g: g.valid_until, default=None)
        future = min((g for g in grants if g.valid_from > day), key=lambda g: g.valid_from, default=None)
        if future is not None:
            return Verdict(VerdictState.ASK_TEAM, Reason.NOT_STARTED, future)
        return Verdict(VerdictState.ASK_TEAM, Reason.LAPSED if past else Reason.NEVER_OPENED, past)
    if persons == 0:
        return Verdict(VerdictState.ASK_TEAM, Reason.NO_MEMBER, active)
    if served_today:
        return Verdict(VerdictState.ASK_TEAM, Reason.ALREADY_SERVED_TODAY, active)
    if slowed is not None:
        return Verdict(VerdictState.ASK_TEAM, slowed, active)
    if active.valid_until - day <= timedelta(days=warn_days):
        return Verdict(VerdictState.OPEN, Reason.ENDS_SOON, active)
    return Verdict(VerdictState.OPEN, Reason.RIGHT_OPEN, active)


@dataclass(frozen=True, slots=True)
class CeilingLeft:
    """A ceiling with what was taken before this basket, what was carried over to it, and what is left (never below 0)."""

    ceiling: Ceiling
    taken: int
    carried: int = 0

    @property
    def most(self) -> int:
        """Return what may be taken in all over this period."""
        return self.ceiling.amount + self.carried

    @property
    def left(self) -> int:
        """Return what may still be taken, in cents, grams or units."""
        return max(0, self.most - self.taken)

    def over(self, weight: int) -> int:
        """Return by how much a basket of that weight goes over; 0 if it does not, or weighs nothing on this ceiling."""
        return max(0, self.taken + weight - self.most) if weight > 0 else 0
