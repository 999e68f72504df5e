"""The pictures of the coordinator: a few figures by month against the year before, and what makes them up. Knows no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.domain.figures import DayVisit, month_of
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

MONTHS = 12
NEAR = (0, 3, 7, 15)
"""Days to a date, each range beginning the day after the one before."""
PAST = "past"


class Subject(StrEnum):
    """What a picture is about; the first three go month by month, the others part by part."""

    FAMILIES = "FAMILIES"
    KILOS = "KILOS"
    SAVINGS = "SAVINGS"
    ORIGIN = "ORIGIN"
    LOSSES = "LOSSES"
    EXPIRING = "EXPIRING"


TOLD: Mapping[Subject, tuple[str, str, Holds]] = {
    Subject.FAMILIES: (
        N_("Familles servies"), N_("Foyers distincts ayant fait au moins un passage dans le mois."), Holds.COUNT,
    ),
    Subject.KILOS: (
        N_("Kilos distribués"), N_("Poids net des denrées remises dans le mois ; annulations déduites."), Holds.GRAMS,
    ),
    Subject.SAVINGS: (
        N_("Économies des familles"), N_("Valeur de référence moins participation, dans le mois."), Holds.CENTS,
    ),
    Subject.ORIGIN: (
        N_("Provenance des denrées"), N_("Kilos distribués en douze mois, selon d'où ils venaient."), Holds.GRAMS,
    ),
    Subject.LOSSES: (N_("Pertes"), N_("Kilos perdus en douze mois, selon la raison ; annulations déduites."), Holds.GRAMS),
    Subject.EXPIRING: (
        N_("Dates qui arrivent"), N_("Lots en stock, selon les jours qui restent avant leur date."), Holds.COUNT,
    ),
}  # fmt: skip
"""Name, definition, and what is counted."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A value and its name; `before` is that of the same month a year earlier, None where the picture has none."""

    key: str
    name: str
    value: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its bars in order, and over which days it was drawn, both included."""

    subject: Subject
    first: date
    last: date
    bars: tuple[Bar, ...]

    @property
    def title(self) -> str:
        """Return its name, in the language in use."""
        return _(TOLD[self.subject][0])

    @property
    def definition(self) -> str:
        """Return what it counts, in the language in use."""
        return _(TOLD[self.subject][1])

    @property
    def holds(self) -> Holds:
        """Return what its values are counted in."""
        return TOLD[self.subject][2]

    @property
    def by_month(self) -> bool:
        """Return whether it goes month by month, beside the year before."""
        return self.subject in (Subject.FAMILIES, Subject.KILOS, Subject.SAVINGS)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The pictures of twelve months, in reading order; `last` is the month they end with."""

    last: str
    pictures: tuple[Picture, ...]

    def picture(self, subject: Subject) -> Picture:
        """Return the picture of a subject."""
        return next(p for p in self.pictures if p.subject is subject)


def twelve_months(last: str, count: int = MONTHS) -> tuple[str, ...]:
    """Return that many months that end with `last` (« 2026-11 »), the oldest first."""
    year, month = int(last[:4]), int(last[5:])
    ends = year * 12 + month - 1
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(ends - count + 1, ends + 1))


def year_before(month: str) -> str:
    """Return the same month a year earlier."""
    return f"{int(month[:4]) - 1:04d}{month[4:]}"


def month_bars(subject: Subject, months: Sequence[str], visits: Iterable[DayVisit]) -> tuple[Bar, ...]:
    """Return a bar a month, each beside its month of the year before; `visits` cover both years."""
    found: dict[str, list[DayVisit]] = {}
    for visit in visits:
        found.setdefault(month_of(visit.day), []).append(visit)
    return tuple(
        Bar(m, m, amount(subject, found.get(m, ())), amount(subject, found.get(year_before(m), ()))) for m in months
    )


def amount(subject: Subject, visits: Iterable[DayVisit]) -> int:
    """Return what these visits add up to: households, grams or cents."""
    if subject is Subject.FAMILIES:
        return len({v.household for v in visits})
    if subject is Subject.KILOS:
        return sum(sum(v.grams_by_family.values()) for v in visits)
    return sum(v.shelf_cents - v.paid_cents for v in visits)


def origin_grams(visits: Iterable[DayVisit]) -> dict[str, int]:
    """Return the grams given out by origin, those of none left out."""
    found: dict[str, int] = {}
    for visit in visits:
        for origin, grams in visit.grams_by_origin.items():
            found[origin] = found.get(origin, 0) + grams
    return {origin: grams for origin, grams in found.items() if grams}


def part_bars(amounts: Mapping[str, int], names: Mapping[str, str]) -> tuple[Bar, ...]:
    """Return a bar a part, the greatest first."""
    return tuple(
        Bar(key, names.get(key, key), value)
        for key, value in sorted(amounts.items(), key=lambda a: (-a[1], a[0]))
        if value
    )


def near_range(limit: date, today: date) -> str | None:
    """Return the range a date falls in, by its key (« past », « 0 », « 3 »…), None where it is far."""
    if limit < today:
        return PAST
    return next((str(n) for n in NEAR if limit <= today + timedelta(days=n)), None)


def near_names() -> dict[str, str]:
    """Return what each range is called, in order, in the language in use."""
    names = {PAST: _("date passée"), "0": _("aujourd'hui")}
    for before, until in pairwise(NEAR):
        names[str(until)] = _("de {first} à {last} jours").format(first=before + 1, last=until)
    return names


def said(value: int, holds: Holds) -> str:
    """Return a value with its unit, without decimals nobody reads in a picture."""
    if holds is Holds.GRAMS:
        return _("{n} kg").format(n=shown.number(round(value / 1000)))
    if holds is Holds.CENTS:
        return _("{n} €").format(n=shown.number(round(value / 100)))
    return shown.number(value)


def bar_words(bar: Bar, holds: Holds) -> str:
    """Return a bar in words, for who hears the screen: « novembre 2026 : 123 kg ; un an plus tôt : 98 kg »."""
    name = shown.month(bar.key) if bar.before is not None else bar.name
    told = f"{name} : {said(bar.value, holds)}"
    if bar.before is not None:
        told += " ; " + _("un an plus tôt : {before}").format(before=said(bar.before, holds))
    return told
