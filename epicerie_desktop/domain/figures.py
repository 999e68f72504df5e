"""Families, persons, visits and kilos: defined once, here. The sheet, the parcel and every total use it.

`MonthFigures` is the month on the sheet, in the parcel and at the coordinator: paper and key can never disagree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from epicerie_desktop.support.i18n import N_

DEFINITIONS: tuple[tuple[str, str, str], ...] = (
    ("families", N_("Familles"),
     N_("Foyers distincts ayant fait au moins un passage dans la période ; un foyer revenu plusieurs fois compte pour un.")),
    ("persons", N_("Personnes"),
     N_("Personnes distinctes membres d'un de ces foyers un jour de passage, selon sa composition ce jour-là ; chacune compte pour une, "
        "même un enfant de deux foyers.")),
    ("visits", N_("Passages"),
     N_("Jours où un foyer a au moins un ticket non annulé ; plusieurs tickets d'un foyer le même jour font un seul passage.")),
    ("person_visits", N_("Passages-personnes"),
     N_("Somme, sur les passages, du nombre de personnes du foyer ce jour-là, sans celles qui sont absentes pour un temps.")),
    ("grams", N_("Kilos distribués"),
     N_("Poids net des denrées alimentaires remises sur des tickets non annulés ; l'hygiène et l'entretien, les pertes et les dons "
        "à d'autres structures n'y sont pas.")),
    ("weighed_grams", N_("dont pesés"),
     N_("Part des kilos distribués lue sur la balance, tapée, lue sur une étiquette ou écrite sur l'emballage (poids net).")),
    ("estimated_grams", N_("dont estimés"),
     N_("Part que personne n'a pesée : poids moyen des réceptions pesées, poids d'usage de la famille, ou prix du sac ; ce dont on ne "
        "sait aucun poids compte pour zéro.")),
    ("shelf_cents", N_("Valeur de référence"), N_("Valeur des articles remis, au prix de référence du jour du passage.")),
    ("paid_cents", N_("Payé"), N_("Participation versée par les foyers pour ces articles.")),
    ("savings_cents", N_("Économies"), N_("Valeur de référence moins participation.")),
)  # fmt: skip
"""Key, French name, definition: printed under tables and in the documentation."""
EMERGENCY: tuple[str, str, str] = (
    "emergency", N_("Colis d'urgence"),
    N_("Colis remis sans dossier, comptés à part : combien, pour combien de personnes, quels kilos de denrées. Personne n'y est nommé ; "
       "ils n'entrent dans aucun des autres chiffres, ni dans l'envoi."),
)  # fmt: skip
"""The same, of what stands beside the figures."""


class Apart(NamedTuple):
    """Emergency parcels of a period, cancelled ones left out: how many, for how many persons, food in grams; see `EMERGENCY`."""

    parcels: int
    persons: int
    grams: int


NOTHING_APART = Apart(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was known of a visit's household that day, for the tables of reports: ages and codes, nothing that names.

    `ages` (surely reached, in whole years; None where not known) and `sexes` (a letter each, `Sex`) follow the visit's persons.
    `kind` is a `HouseholdType`; `referrer` the row of who referred it; `band` and `reason` are codes left in clear.
    """

    ages: tuple[int | None, ...]
    sexes: str
    kind: str
    referrer: int | None = None
    band: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DayVisit:
    """One household on one day: its persons that day (tokens), and what its uncancelled tickets add up to."""

    day: date
    household: str
    number: str
    persons: tuple[str, ...]
    grams_by_family: Mapping[str, int]
    grams_by_origin: Mapping[str, int]
    shelf_cents: int
    paid_cents: int
    commune: str | None = None
    estimated_grams: int = 0
    """Of the food kilos, what nobody weighed."""
    facts: Facts | None = None
    """None in a month closed before they were kept."""


AGE_BANDS: tuple[tuple[int, int | None], ...] = ((0, 3), (4, 14), (15, 24), (25, 64), (65, None))
"""The ages that travel, in whole years, both included; the persons of no known age come after the last."""


class Came(Protocol):
    """What the people of a report are counted from, whether or not what was handed out that day was read with it."""

    @property
    def day(self) -> date:
        """The day of the visit."""

    @property
    def household(self) -> str:
        """The household, by its token."""

    @property
    def persons(self) -> tuple[str, ...]:
        """The persons it was made of that day, by their tokens."""

    @property
    def commune(self) -> str | None:
        """The INSEE code of its commune that day."""

    @property
    def facts(self) -> Facts | None:
        """What was known of it that day."""


class Presence(NamedTuple):
    """One household on one day it came, without what its tickets add up to; see `DayVisit`."""

    day: date
    household: str
    persons: tuple[str, ...]
    commune: str | None
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """A line of the monthly sheet. `household` and `persons` are random tokens; `number` and `commune` stay in the shop.

    `sector` is a code of the dated territory, "" outside it; `bands` counts the persons by `AGE_BANDS` then those of no known
    age, () in a parcel written before they travelled; `kind` a `HouseholdType`, "" where not known.
    """

    household: str
    number: str
    persons: tuple[str, ...]
    visits: int
    person_visits: int
    grams_by_family: tuple[tuple[str, int], ...]
    shelf_cents: int
    paid_cents: int
    commune: str | None = None
    estimated_grams: int = 0
    sector: str = ""
    bands: tuple[int, ...] = ()
    kind: str = ""

    @property
    def grams(self) -> int:
        """Return the food kilos of the line, in grams."""
        return sum(g for _, g in self.grams_by_family)


@dataclass(frozen=True, slots=True)
class Kilos:
    """Food kilos, in grams, and the part of them that nobody weighed."""

    grams: int = 0
    estimated_grams: int = 0

    @property
    def weighed_grams(self) -> int:
        """Return the part that was weighed, or read on a label or a pack."""
        return self.grams - self.estimated_grams


@dataclass(frozen=True, slots=True)
class Moved:
    """What came in and what was lost over a period, food only."""

    received: Kilos = Kilos()
    lost: Kilos = Kilos()
    ended_lots: int = 0
    ended_grams: int = 0
    """The lots counted in pieces that ended with a difference, and what they weighed on arrival less what went out: signed."""


NOTHING_MOVED = Moved()


ActionLine = tuple[str, str, int, int]
"""An action of the contract, a kind of step, how often it was done, for how many cents: no household in it."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month of one shop: `month` is `2026-11`; lines by household; grams by origin (food only); the counters of its actions."""

    month: str
    households: tuple[HouseholdMonth, ...]
    grams_by_origin: tuple[tuple[str, int], ...]
    actions: tuple[ActionLine, ...] = ()

    @property
    def totals(self) -> Totals:
        """Return the totals of this month alone."""
        return totals([self])

    @property
    def sums(self) -> Totals:
        """Return what adds up in this month: neither its families nor its persons."""
        families: dict[str, int] = {}
        visits = person_visits = shelf = paid = estimated = 0
        for line in self.households:
            for family, weight in line.grams_by_family:
                families[family] = families.get(family, 0) + weight
            visits += line.visits
            person_visits += line.person_visits
            shelf += line.shelf_cents
            paid += line.paid_cents
            estimated += line.estimated_grams
        return Totals(
            0, 0, visits, person_visits, sum(families.values()), shelf, paid, _sorted(families), self.grams_by_origin, estimated
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals over any months and shops; grams and cents; see `DEFINITIONS`."""

    families: int = 0
    persons: int = 0
    visits: int = 0
    person_visits: int = 0
    grams: int = 0
    shelf_cents: int = 0
    paid_cents: int = 0
    grams_by_family: tuple[tuple[str, int], ...] = field(default=())
    grams_by_origin: tuple[tuple[str, int], ...] = field(default=())
    estimated_grams: int = 0

    @property
    def weighed_grams(self) -> int:
        """Return the kilos that were weighed, or read on a label or a pack, in grams."""
        return self.grams - self.estimated_grams

    @property
    def savings_cents(self) -> int:
        """Return what households saved, in cents."""
        return self.shelf_cents - self.paid_cents


def _sorted(counter: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((k, v) for k, v in counter.items() if v))


def age_bands(ages: Iterable[int | None]) -> tuple[int, ...]:
    """Return how many persons are in each of `AGE_BANDS`, then of no known age: six counts that add up to the persons."""
    counts = [0] * (len(AGE_BANDS) + 1)
    for age in ages:
        place = (
            len(AGE_BANDS)
            if age is None
            else next(n for n, (_f, end) in enumerate(AGE_BANDS) if end is None or age <= end)
        )
        counts[place] += 1
    return tuple(counts)


SectorOf = Callable[[date, str | None], str]
"""Which sector of the territory a commune lies in on a day, "" outside it."""


def month_figures(
    month: str, visits: Iterable[DayVisit], sector_of: SectorOf | None = None, actions: Iterable[ActionLine] = ()
) -> MonthFigures:
    """Return the figures of a month from its visits, one `DayVisit` a household and day, lines in order of number."""
    by_household: dict[str, list[DayVisit]] = defaultdict(list)
    origins: Counter[str] = Counter()
    for v in visits:
        by_household[v.household].append(v)
        origins.update(v.grams_by_origin)
    lines = [_line(household, sorted(days, key=lambda v: v.day), sector_of) for household, days in by_household.items()]
    lines.sort(key=lambda line: (line.number, line.household))
    return MonthFigures(month, tuple(lines), _sorted(origins), tuple(sorted(actions)))


def _line(household: str, days: list[DayVisit], sector_of: SectorOf | None) -> HouseholdMonth:
    """Return the line of a household from its visits, the last of which tells its place, its kind and each person's age."""
    last = days[-1]
    families: Counter[str] = Counter()
    ages: dict[str, int | None] = {}
    for v in days:
        families.update(v.grams_by_family)
        ages.update(zip(v.persons, v.facts.ages if v.facts else [None] * len(v.persons), strict=True))
    return HouseholdMonth(
        household=household,
        number=last.number,
        persons=tuple(sorted(ages)),
        visits=len({v.day for v in days}),
        person_visits=sum(len(v.persons) for v in days),
        grams_by_family=_sorted(families),
        shelf_cents=sum(v.shelf_cents for v in days),
        paid_cents=sum(v.paid_cents for v in days),
        commune=last.commune,
        estimated_grams=sum(v.estimated_grams for v in days),
        sector=sector_of(last.day, last.commune) if sector_of else "",
        bands=age_bands(ages.values()),
        kind=last.facts.kind if last.facts else "",
    )


class RunningSums:
    """What adds up, month after month; neither families nor persons do."""

    def __init__(self) -> None:
        self._families: Counter[str] = Counter()
        self._origins: Counter[str] = Counter()
        self._sums = [0] * 5

    def add(self, sums: Totals) -> None:
        """Take in what adds up in these totals."""
        self._families.update(dict(sums.grams_by_family))
        self._origins.update(dict(sums.grams_by_origin))
        added = (sums.visits, sums.person_visits, sums.shelf_cents, sums.paid_cents, sums.estimated_grams)
        self._sums = [a + b for a, b in zip(self._sums, added, strict=True)]

    @property
    def totals(self) -> Totals:
        """Return the sums so far, without a family or a person."""
        visits, person_visits, shelf, paid, estimated = self._sums
        return Totals(
            0, 0, visits, person_visits, sum(self._families.values()), shelf, paid, _sorted(self._families),
            _sorted(self._origins), estimated,
        )  # fmt: skip


class RunningTotals:
    """The totals of months taken one after the other, so that no more than one of them needs to be held."""

    def __init__(self) -> None:
        self._households: set[str] = set()
        self._persons: set[str] = set()
        self._sums = RunningSums()

    def add(self, month: MonthFigures, alone: Totals | None = None) -> None:
        """Take one more month in; `alone` are its own totals, where they are known already."""
        for line in month.households:
            self._households.add(line.household)
            self._persons.update(line.persons)
        self._sums.add(alone or month.sums)

    @property
    def totals(self) -> Totals:
        """Return the totals so far; families and persons are distinct over the whole."""
        return replace(self._sums.totals, families=len(self._households), persons=len(self._persons))


def totals(months: Iterable[MonthFigures]) -> Totals:
    """Return the totals over `months`; families and persons are distinct over the whole, never a sum of months."""
    running = RunningTotals()
    for month in months:
        running.add(month)
    return running.totals


@lru_cache(maxsize=8192)
def month_of(day: date) -> str:
    """Return `2026-11` for a day of November 2026."""
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Return every month from `first` to `last`, both included, as `2026-11`."""
    # Counted in months: as text, the month after 9999-12 would come before it, and the count would never end.
    start, end = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last))
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1))
