"""What a règlement says beyond thresholds: prices by goods, limits at the till, phases, fees, visits, obligations.

The engine tells these terms and hands over their figures with the right; what only the till can apply is carried as data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.household import HousingKind
from epicerie_desktop.domain.stock import Origin

if TYPE_CHECKING:
    from epicerie_desktop.domain.eligibility.rules import Duration, OutcomeKind, Scale, When


class OtherMeasure(StrEnum):
    """What a limit counts besides money and weight; the till counts it line by line."""

    UNITS = "UNITS"
    POINTS = "POINTS"


class PriceKind(StrEnum):
    """How a price is told when it is not a share of the shelf value."""

    PER_KILO = "per_kilo"
    PER_PIECE = "per_piece"
    PER_VISIT = "per_visit"
    PER_MONTH = "per_month"


class FeeEvery(StrEnum):
    """How often a fee is due."""

    FILE = "file"
    RIGHT = "right"
    MONTH = "month"
    YEAR = "year"


class YearKind(StrEnum):
    """Over which year rights are added up: the calendar's, or the twelve months before."""

    CIVIL = "civil"
    SLIDING = "sliding"


class WaitingOrder(StrEnum):
    """In what order a waiting list is called."""

    ARRIVAL = "arrival"
    URGENCY = "urgency"
    LOWEST_FIGURE = "lowest_figure"
    MOST_CHILDREN = "most_children"
    NEVER_HELPED = "never_helped"


class AbsenceThen(StrEnum):
    """What follows too many absences, once the person was heard."""

    WARN = "warn"
    COMMITTEE = "committee"
    SUSPEND = "suspend"
    EXCLUDE = "exclude"


class Weeks(StrEnum):
    """In which weeks people come, by the number of the week in the year (ISO 8601)."""

    EVEN = "even"
    ODD = "odd"


class Weekday(StrEnum):
    """On which days people come."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class WithoutBag(StrEnum):
    """What happens without an isothermal bag."""

    ADVISED = "advised"
    NO_COLD = "no_cold"


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods a row is about; empty lists mean any."""

    origins: frozenset[Origin] = frozenset()
    families: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def every(self) -> bool:
        """Return whether the row is about any goods."""
        return self == Goods()


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price that is not a share: `scale` in cents, by kilo, piece, visit or month."""

    kind: PriceKind
    scale: Scale


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit only the till can apply: units or points, a ceiling on some goods or in some phases of the right."""

    when: When
    measure: CeilingMeasure | OtherMeasure
    period: CeilingPeriod
    scale: Scale
    goods: Goods
    carried: bool = False
    phases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidedCeiling:
    """A ceiling of which the rule says only the measure and the period: whoever decides sets the amount.

    `between` is the least and the most it may be, where the rule says them.
    """

    when: When
    measure: CeilingMeasure
    period: CeilingPeriod
    between: tuple[Scale | None, Scale | None] = (None, None)


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """Goods that lie outside the ceilings, up to `most` of `measure` (articles, cents, grams or points) a `period`.

    With `months`, only for the children of that age in months, and `most` is for each of them. `permille` is their own
    share paid, None for the usual one.
    """

    code: str
    label: str
    goods: Goods
    most: Scale | None = None
    period: CeilingPeriod | None = None
    months: tuple[int, int | None] | None = None
    permille: int | None = None
    when: When | None = None
    measure: CeilingMeasure | OtherMeasure = OtherMeasure.UNITS


@dataclass(frozen=True, slots=True)
class PointsRow:
    """How many points goods are worth: each piece, or each kilo."""

    goods: Goods
    per_kilo: bool
    points: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the right; `length` is None for the last one."""

    code: str
    label: str
    length: Duration | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Fee:
    """A subscription or a file fee; `scale` in cents."""

    code: str
    label: str
    scale: Scale
    every: FeeEvery
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """What funders ask at the till: FSE+ goods free, Banque Alimentaire goods at most a share (None: no limit)."""

    fse_free: bool = True
    food_bank_most: int | None = 100


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """Who may grant an exception to which answers; an empty set means any."""

    by: str
    label: str
    outcomes: frozenset[OutcomeKind]


@dataclass(frozen=True, slots=True)
class Condition:
    """A question answered by yes or no; `required` makes an unanswered one a missing line.

    `otherwise` is ELIGIBLE where a no closes nothing: the answer only chooses between rows.
    """

    code: str
    label: str
    otherwise: OutcomeKind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Referral:
    """Whether a referral is needed, from whom, and how many days before the meeting."""

    required: bool
    by: tuple[str, ...] = ()
    days_before: int | None = None


@dataclass(frozen=True, slots=True)
class Territory:
    """What residence asks besides the list of communes: their dates, the housing admitted, months lived there."""

    dates: tuple[tuple[str, date | None, date | None], ...] = ()
    housing: frozenset[HousingKind] = frozenset()
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """How often a right may be given again: `most` renewals (None: without limit), and caps on their length."""

    most: int | None = None
    forgotten_after: Duration | None = None
    a_year: Duration | None = None
    year: YearKind = YearKind.CIVIL
    total: Duration | None = None
    otherwise: OutcomeKind | None = None
    review: bool = False


@dataclass(frozen=True, slots=True)
class Visits:
    """How people come: so many times a period (None: freely), by appointment, at a given day and hour."""

    most: int | None = None
    period: CeilingPeriod = CeilingPeriod.WEEK
    days_between: int | None = None
    appointment: bool = False
    slot_given: bool = False
    accompanied: bool = False
    bag: WithoutBag | None = None
    weeks: Weeks | None = None
    weekdays: tuple[Weekday, ...] = ()


@dataclass(frozen=True, slots=True)
class Absences:
    """After how many absences without notice what follows; `notice_hours` before, an absence is excused.

    Only those of the last `within` count (None: of the whole right), in a row where `consecutive`; a suspension lasts
    `lasting` (None: as decided).
    """

    most: int
    then: AbsenceThen
    notice_hours: int | None = None
    within: Duration | None = None
    consecutive: bool = False
    lasting: Duration | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is asked in return: `count` times a period (None: once), or before a renewal."""

    code: str
    label: str
    count: int = 1
    period: CeilingPeriod | None = None
    before_renewal: bool = False
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Instead:
    """What holds for some households in place of the general length, visits or renewals; None where nothing changes.

    `visits_in_right` goes with `duration`: a length said in visits has one without the other.
    """

    when: When
    duration: Duration | None = None
    visits_in_right: int | None = None
    visits: Visits | None = None
    renewal: Renewal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a règlement may add; each empty by default. `ends_on` is the month and day at which every right ends."""

    limits: tuple[LimitRow, ...] = ()
    outside: tuple[OutsideRow, ...] = ()
    phases: tuple[Phase, ...] = ()
    fees: tuple[Fee, ...] = ()
    guards: Guards = field(default_factory=Guards)
    exceptions: tuple[ExceptionRow, ...] = ()
    conditions: tuple[Condition, ...] = ()
    referral: Referral | None = None
    territory: Territory = field(default_factory=Territory)
    renewal: Renewal = field(default_factory=Renewal)
    visits_in_right: int | None = None
    decided_between: tuple[Duration | None, Duration | None] = (None, None)
    visits: Visits | None = None
    absences: Absences | None = None
    obligations: tuple[Obligation, ...] = ()
    waiting_order: tuple[WaitingOrder, ...] = ()
    most_persons: int | None = None
    instead: tuple[Instead, ...] = ()
    decided_ceilings: tuple[DecidedCeiling, ...] = ()
    points: tuple[PointsRow, ...] = ()
    ends_on: tuple[int, int] | None = None
