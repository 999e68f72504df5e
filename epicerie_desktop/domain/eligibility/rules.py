"""What a règlement says, as values: figures, thresholds, bands, share paid, ceilings, length. Knows no household.

Rulesets are data: `ruleset.py` reads them from TOML (documented in docs/ruleset.md), `eligibility.py` applies them.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import chain
from math import ceil

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.terms import (
    DecidedCeiling,
    Fee,
    Goods,
    Instead,
    LimitRow,
    Obligation,
    OutsideRow,
    PriceRow,
    Terms,
)
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.support.errors import BadInput

_Conditional = LimitRow | DecidedCeiling | OutsideRow | Fee | Obligation | Instead


class RulesetInvalid(BadInput):
    """A ruleset that cannot be used; the sentence names the place in the document."""


class OutcomeKind(StrEnum):
    """The answers an evaluation can give; the words are fixed for those who read the JSON."""

    ELIGIBLE = "eligible"
    COMMITTEE = "committee"
    TOO_HIGH = "too_high"
    TOO_LOW = "too_low"
    NOT_COVERED = "not_covered"
    WAITING_LIST = "waiting_list"
    WAITING_PERIOD = "waiting_period"
    CUMULATION = "cumulation"
    INCOMPLETE = "incomplete"


class IndicatorKind(StrEnum):
    """What is compared: resources less charges, resources alone, charges in percent of resources, or a certificate's figure."""

    REMAINING_INCOME = "remaining_income"
    NET_INCOME = "net_income"
    CHARGE_RATIO = "charge_ratio"
    DECLARED = "declared"


class Per(StrEnum):
    """Between whom the sum is shared."""

    HOUSEHOLD = "household"
    PERSON = "person"
    CONSUMPTION_UNIT = "consumption_unit"
    PART = "part"


class Span(StrEnum):
    """For how long the sum is told."""

    DAY = "day"
    MONTH = "month"


class Rounding(StrEnum):
    """What becomes of the figures after the last decimal kept, before the comparison."""

    EXACT = "exact"
    TRUNCATE = "truncate"
    HALF_UP = "half_up"


class Combine(StrEnum):
    """Whether every indicator must be within its bounds, or one is enough."""

    ALL = "all"
    ANY = "any"


class Counted(StrEnum):
    """By what a scale grows."""

    PERSONS = "persons"
    ADULTS = "adults"
    CHILDREN = "children"


class SharedCounts(StrEnum):
    """What a child there half of the time counts for."""

    HALF = "half"
    WHOLE = "whole"
    NONE = "none"


class AwayCounts(StrEnum):
    """Whether someone away for a time counts."""

    COUNTED = "counted"
    NOT_COUNTED = "not_counted"


class DurationUnit(StrEnum):
    """In what the length of a right is told."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Deliberation:
    """The act by which a CCAS or a board adopted the rule."""

    number: str | None
    on: date | None


Heads = int | Fraction
"""A number of persons; a child there half of the time may be a part of one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A figure that depends on the household: a fixed part, so much a head, and a table by number.

    The unit is that of its use: cents, grams or parts. Below the table its first figure holds; above it, each further
    head adds `extra`.
    """

    base: Fraction = Fraction(0)
    per_person: Fraction = Fraction(0)
    per_adult: Fraction = Fraction(0)
    per_child: Fraction = Fraction(0)
    by: Counted | None = None
    first: int = 1
    table: tuple[Fraction, ...] = ()
    extra: Fraction = Fraction(0)

    def value(self, adults: Heads, children: Heads) -> Fraction:
        """Return the figure for a household of so many adults and children; in a table, a part of a head is a whole one."""
        total = self.base
        # Exact fractions are slow: what is nothing is not multiplied.
        for each, heads in ((self.per_person, adults + children), (self.per_adult, adults), (self.per_child, children)):
            if each:
                total += each * heads
        if self.by is None:
            return total
        counted = {Counted.PERSONS: adults + children, Counted.ADULTS: adults, Counted.CHILDREN: children}[self.by]
        index = max(0, ceil(counted) - self.first)
        last = len(self.table) - 1
        return total + self.table[min(index, last)] + self.extra * max(0, index - last)


@dataclass(frozen=True, slots=True)
class ScaleFigure:
    """A social scale from a day on, in cents a month, with its source."""

    code: str
    valid_from: date
    cents: int
    source: str


@dataclass(frozen=True, slots=True)
class ScaleShare:
    """So many thousandths of a social scale in force on the day of the evaluation."""

    permille: int
    of: str


@dataclass(frozen=True, slots=True)
class When:
    """For whom a row holds; what is None or empty sets no condition.

    `oldest` and `youngest` bound the age of the oldest and of the youngest person; `answers` are those to questions;
    `rights` bounds how many rights the household had before. Of the conditions `any`, one at least holds too.
    """

    persons: tuple[int, int | None] = (0, None)
    adults: tuple[int, int | None] = (0, None)
    children: tuple[int, int | None] = (0, None)
    household_types: frozenset[HouseholdType] = frozenset()
    communes: frozenset[str] = frozenset()
    bands: frozenset[str] = frozenset()
    oldest: tuple[int, int | None] = (0, None)
    youngest: tuple[int, int | None] = (0, None)
    answers: tuple[tuple[str, bool], ...] = ()
    rights: tuple[int, int | None] = (0, None)
    any: tuple[When, ...] = ()

    @property
    def always(self) -> bool:
        """Return whether there is no condition at all."""
        return self == When()


@dataclass(frozen=True, slots=True)
class LineType:
    """A kind of resource or charge: counted, not counted, or counted up to `cap` cents a month for the household.

    `permille` of it counts, before the cap; `flat` (cents a month) counts for everyone in place of what was answered.
    `usual` is what it is as a rule, in cents a month: an amount far from it is told as doubtful.
    """

    code: str
    label: str
    counted: bool = True
    cap: Scale | None = None
    required: bool = False
    permille: int = 1000
    flat: Scale | None = None
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class CapRow:
    """Several lines that count together up to `scale` cents a month; `resource` tells which side they are on."""

    label: str
    resource: bool
    codes: tuple[str, ...]
    scale: Scale


@dataclass(frozen=True, slots=True)
class HouseholdRule:
    """How heads are counted: who is a child, what a child there half of the time counts for, and someone away."""

    child_under: int = 18
    shared: Fraction = Fraction(1, 2)
    away_counts: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure in euros worked out (or read on a certificate) for the household; `decimals` of a euro are kept.

    A ratio is in percent in the place of euros, and answers `without_resources` where there is nothing to divide by.
    `resources` and `charges` are the codes of the lines it takes, None where it takes them all.
    """

    code: str
    label: str
    kind: IndicatorKind
    per: Per = Per.HOUSEHOLD
    span: Span = Span.MONTH
    divisor: Fraction = Fraction(30)
    rounding: Rounding = Rounding.EXACT
    decimals: int = 2
    resources: tuple[str, ...] | None = None
    charges: tuple[str, ...] | None = None
    without_resources: OutcomeKind = OutcomeKind.COMMITTEE

    @property
    def ratio(self) -> bool:
        """Return whether the figure is a percentage, in hundredths, and no amount in cents."""
        return self.kind is IndicatorKind.CHARGE_RATIO


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold in cents; `inclusive` tells whether the threshold itself is on the right side.

    `scale` is there when the threshold depends on the household; `cents` is then its figure for one adult.
    `share` is there when it is a part of a social scale: only the evaluation knows its figure, `cents` is 0.
    """

    cents: int
    inclusive: bool
    scale: Scale | None = None
    share: ScaleShare | None = None

    def value(self, adults: Heads, children: Heads) -> Fraction:
        """Return the threshold in cents for a household of so many adults and children."""
        return self.scale.value(adults, children) if self.scale else Fraction(self.cents)


NO_INDICATOR = ""
"""The indicator of bounds where a règlement has none: people decide, and every row answers `always`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what an indicator must lie, and what happens outside; `always` answers without looking at a figure."""

    indicator: str
    when: When
    lower: Limit | None = None
    upper: Limit | None = None
    under: OutcomeKind = OutcomeKind.TOO_LOW
    over: OutcomeKind = OutcomeKind.TOO_HIGH
    under_note: str | None = None
    over_note: str | None = None
    always: OutcomeKind | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A slice of an indicator, from the end of the one before to `upper` (None: without end)."""

    code: str
    label: str
    indicator: str
    upper: Limit | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What is paid, in thousandths of the shelf value; None where whoever decides sets it, or where `price` tells it.

    `between` is the least and the most that whoever decides may set. A row with `goods` or `phases` is for these only: it is handed to the till with the right.
    """

    when: When
    permille: int | None
    price: PriceRow | None = None
    goods: Goods = field(default_factory=Goods)
    phases: tuple[str, ...] = ()
    between: tuple[int | None, int | None] = (None, None)

    @property
    def narrow(self) -> bool:
        """Return whether the row is only for some goods or some phases."""
        return bool(self.phases) or not self.goods.every


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """A ceiling for those `when` holds for; `scale` in cents, or in grams.

    `split` also limits each shorter period to an equal part; `carried` lets what is not spent go to the next period.
    """

    when: When
    measure: CeilingMeasure
    period: CeilingPeriod
    scale: Scale
    split: tuple[CeilingPeriod, int] | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class PartsRow:
    """The number of parts for those `when` holds for."""

    when: When
    scale: Scale


@dataclass(frozen=True, slots=True)
class ConsumptionUnits:
    """1 for the first person, so much for each other one by age (INSEE: 0.5, and 0.3 under 14)."""

    child_under: int = 14
    adult: Fraction = Fraction(1, 2)
    child: Fraction = Fraction(3, 10)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length: so many days, weeks or months of the calendar."""

    unit: DurationUnit
    count: int

    def end(self, start: date) -> date:
        """Return the last day, included.

        Months run from a day to the eve of the same day; where the month of arrival has no such day, its last day is
        the end (Reg. (EEC) 1182/71, art. 3; CPC, art. 641): 31 January and one month end on 28 or 29 February.
        """
        if self.unit is not DurationUnit.MONTHS:
            days = self.count * (7 if self.unit is DurationUnit.WEEKS else 1)
            return start + timedelta(days=days - 1)
        year, month = divmod(start.year * 12 + start.month - 1 + self.count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        if start.day > last:
            return date(year, month + 1, last)
        return date(year, month + 1, start.day) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Aid:
    """Another help with which this one may not be cumulated."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A whole règlement, dated and versioned. Every figure is exact; money is in cents."""

    name: str
    version: str
    valid_from: date
    source: str
    indicators: tuple[Indicator, ...]
    bounds: tuple[Bounds, ...]
    shares: tuple[ShareRow, ...]
    reading: str | None = None
    example: bool = False
    deliberation: Deliberation | None = None
    resources: tuple[LineType, ...] = ()
    charges: tuple[LineType, ...] = ()
    consumption_units: ConsumptionUnits = field(default_factory=ConsumptionUnits)
    parts: tuple[PartsRow, ...] = ()
    bands: tuple[Band, ...] = ()
    ceilings: tuple[CeilingRow, ...] = ()
    duration: Duration | None = None
    communes: frozenset[str] = frozenset()
    not_with: tuple[Aid, ...] = ()
    most_households: int | None = None
    waiting: Duration | None = None
    combine: Combine = Combine.ALL
    terms: Terms = field(default_factory=Terms)
    scales: tuple[ScaleFigure, ...] = ()
    caps: tuple[CapRow, ...] = ()
    household: HouseholdRule = field(default_factory=HouseholdRule)

    def conditions(self) -> Iterator[When]:
        """Give every condition under which a row holds, those that stand inside another one too."""
        rows: tuple[tuple[Bounds | ShareRow | CeilingRow | PartsRow | _Conditional, ...], ...] = (
            self.bounds, self.shares, self.ceilings, self.parts, self.terms.limits, self.terms.decided_ceilings,
            self.terms.outside, self.terms.fees, self.terms.obligations, self.terms.instead,
        )  # fmt: skip
        for row in chain.from_iterable(rows):
            if row.when is not None:
                yield row.when
                yield from row.when.any

    def indicator(self, code: str) -> Indicator:
        """Return the indicator of that code; the codes of bounds and bands were checked when the rule was read."""
        return next(i for i in self.indicators if i.code == code)
