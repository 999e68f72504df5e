"""The forms of the monthly sheet: the same visits, a line a household, a day, a family of products… Knows no page.

Kilos and cents of a form's lines add up to the month's totals. Households and persons are distinct on each line: who stands on
two lines counts for one in the total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from epicerie_desktop.domain.figures import DayVisit


class SheetForm(StrEnum):
    """What a line of the monthly sheet is."""

    HOUSEHOLD = "HOUSEHOLD"
    DAY = "DAY"
    FAMILY = "FAMILY"
    ORIGIN = "ORIGIN"
    COMMUNE = "COMMUNE"
    REFERRER = "REFERRER"

    @property
    def of_goods(self) -> bool:
        """Return whether a line is a kind of goods: a visit then stands on several, and has no value on any of them alone."""
        return self in (SheetForm.FAMILY, SheetForm.ORIGIN)


UNKNOWN = ""
"""The code of a line that gathers what is not known, or was not kept when the month was closed."""
NOBODY = "0"
"""The code of the line of households that nobody referred."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of a form: its code, distinct households and persons, visits, food grams, cents (0 on a line of goods)."""

    code: str
    households: int
    persons: int
    visits: int
    grams_by_family: tuple[tuple[str, int], ...]
    grams: int
    shelf_cents: int
    paid_cents: int


@dataclass(slots=True)
class _Sum:
    households: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    visits: int = 0
    families: Counter[str] = field(default_factory=Counter)
    grams: int = 0
    shelf_cents: int = 0
    paid_cents: int = 0

    def add(self, visit: DayVisit) -> None:
        self.households.add(visit.household)
        self.persons.update(visit.persons)
        self.visits += 1

    def line(self, code: str) -> FormLine:
        families = tuple(sorted((k, v) for k, v in self.families.items() if v))
        return FormLine(
            code, len(self.households), len(self.persons), self.visits, families, self.grams, self.shelf_cents, self.paid_cents
        )  # fmt: skip


def _referrer(visit: DayVisit) -> str:
    if visit.facts is None:
        return UNKNOWN
    return NOBODY if visit.facts.referrer is None else str(visit.facts.referrer)


@dataclass(frozen=True, slots=True)
class Ages:
    """Distinct persons of a month by age at their first visit: under 18, grown up, not known."""

    minors: int
    adults: int
    unknown: int


MAJORITY = 18


def ages_of(visits: Iterable[DayVisit]) -> Ages | None:
    """Return the ages of a month's persons, None where they were not kept when it was closed."""
    found: dict[str, int | None] = {}
    for visit in sorted(visits, key=lambda v: v.day):
        if visit.facts is None:
            return None
        for person, age in zip(visit.persons, visit.facts.ages, strict=True):
            found.setdefault(person, age)
    minors = sum(age is not None and age < MAJORITY for age in found.values())
    unknown = sum(age is None for age in found.values())
    return Ages(minors, len(found) - minors - unknown, unknown)


_CODES: Mapping[SheetForm, Callable[[DayVisit], str]] = {
    SheetForm.HOUSEHOLD: lambda visit: visit.household,
    SheetForm.DAY: lambda visit: visit.day.isoformat(),
    SheetForm.COMMUNE: lambda visit: visit.commune or UNKNOWN,
    SheetForm.REFERRER: _referrer,
}
_GOODS: Mapping[SheetForm, Callable[[DayVisit], Mapping[str, int]]] = {
    SheetForm.FAMILY: lambda visit: visit.grams_by_family,
    SheetForm.ORIGIN: lambda visit: visit.grams_by_origin,
}


def form_lines(form: SheetForm, visits: Iterable[DayVisit]) -> tuple[FormLine, ...]:
    """Return the lines of a form in order of code, what is not known last."""
    sums: dict[str, _Sum] = {}
    for visit in visits:
        if form.of_goods:
            for code, grams in _GOODS[form](visit).items():
                if grams:
                    line = sums.setdefault(code, _Sum())
                    line.add(visit)
                    line.grams += grams
            continue
        line = sums.setdefault(_CODES[form](visit), _Sum())
        line.add(visit)
        line.families.update(visit.grams_by_family)
        line.grams += sum(visit.grams_by_family.values())
        line.shelf_cents += visit.shelf_cents
        line.paid_cents += visit.paid_cents
    return tuple(sums[code].line(code) for code in sorted(sums, key=lambda code: (code == UNKNOWN, code)))
