"""Persons, their dated membership of a household, and what can be said of them on a given day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

OLDEST_YEARS = 120
"""Nobody alive is older: a birth date further back is a slip of the keyboard."""
MOST_NAME = 80
"""Characters of the longest name of a person, a shop, a family of products."""


class Sex(StrEnum):
    """As declared; unknown is a valid answer."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Link(StrEnum):
    """What ties a member to the holder of the file."""

    HOLDER = "HOLDER"
    PARTNER = "PARTNER"
    CHILD = "CHILD"
    PARENT = "PARENT"
    SIBLING = "SIBLING"
    OTHER = "OTHER"


class LeftFor(StrEnum):
    """Why a stay ended. CONTINUES: the same person goes on in the same file under another link or another custody."""

    DEATH = "DEATH"
    DEPARTURE = "DEPARTURE"
    SEPARATION = "SEPARATION"
    MERGE = "MERGE"
    CONTINUES = "CONTINUES"


class HousingKind(StrEnum):
    """How an address ties the household to its commune."""

    HOME = "HOME"
    HOSTED = "HOSTED_BY_THIRD_PARTY"
    DOMICILED = "CCAS_DOMICILIATION"
    NO_FIXED_ADDRESS = "NO_FIXED_ADDRESS"


class HouseholdType(StrEnum):
    """The composition that reports tell apart (domain glossary, §7)."""

    SINGLE = "SINGLE"
    COUPLE = "COUPLE"
    LONE_PARENT = "LONE_PARENT"
    COUPLE_WITH_CHILDREN = "COUPLE_WITH_CHILDREN"
    OTHER = "OTHER"


_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TYPED = re.compile(r"(?:(?:(\d{1,2})[ /.-])?(\d{1,2})[ /.-])?(\d{4})")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A birth date known to the day, the month or the year; `month` and `day` are 0 where unknown."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def iso(self) -> str:
        """Return `1985`, `1985-03` or `1985-03-12`."""
        parts = [f"{self.year:04d}"] + [f"{p:02d}" for p in (self.month, self.day) if p]
        return "-".join(parts)

    @property
    def latest(self) -> date:
        """Return the last day it can be: a child is never made older than it surely is."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def age_on(self, day: date) -> int:
        """Return the age surely reached on `day`, in whole years; never below 0."""
        born = self.latest
        return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))

    @classmethod
    def from_iso(cls, text: str | None) -> PartialDate | None:
        """Return the date stored as ISO text, or None. Raises `BadInput` if it is not one."""
        if not text:
            return None
        found = _ISO.fullmatch(text)
        if found is None:
            raise BadInput(N_("« {typed} » n'est pas une date."), typed=text)
        year, month, day = (int(g or 0) for g in found.groups())
        return cls._checked(year, month, day, text)

    @classmethod
    def parse(cls, typed: str, today: date) -> PartialDate | None:
        """Return a birth date typed « 12/03/1985 », « 03/1985 » or « 1985 » ; None when left empty.

        Raises `BadInput`: not a date, 31 February, in the future, more than 120 years ago, a year of two digits.
        """
        text = typed.strip()
        if not text:
            return None
        found = _TYPED.fullmatch(text)
        if found is None:
            iso = _ISO.fullmatch(text)
            if iso is None:
                raise BadInput(
                    N_("« {typed} » n'est pas une date. Tapez 12/03/1985, ou 03/1985, ou seulement l'année 1985."),
                    typed=text,
                )
            year, month, day = (int(g or 0) for g in iso.groups())
            return cls._plausible(cls._checked(year, month, day, text), today)
        day, month, year = (int(g or 0) for g in found.groups())
        return cls._plausible(cls._checked(year, month, day, text), today)

    @classmethod
    def _checked(cls, year: int, month: int, day: int, typed: str) -> PartialDate:
        if month > 12 or (month == 0 and day) or year < 1:
            raise BadInput(N_("« {typed} » : ce mois n'existe pas."), typed=typed)
        if month and day and day > calendar.monthrange(year, month)[1]:
            raise BadInput(N_("« {typed} » : ce jour n'existe pas."), typed=typed)
        return cls(year, month, day)

    @classmethod
    def _plausible(cls, born: PartialDate, today: date) -> PartialDate:
        if (born.year, born.month or 1, born.day or 1) > (today.year, today.month, today.day):
            raise BadInput(N_("La date de naissance {typed} est dans le futur."), typed=born.iso)
        if today.year - born.year > OLDEST_YEARS:
            raise BadInput(N_("La date de naissance {typed} remonte à plus de {years} ans. Vérifiez l'année."),
                           typed=born.iso, years=OLDEST_YEARS)  # fmt: skip
        return born


@dataclass(frozen=True, slots=True)
class TimeAway:
    """Days a member is away for a time, both included; `until` None while it is not known."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether the person is away on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Membership:
    """One stay of a person in a household; `left_on` is the first day no longer counted.

    The rule of every count: who is away is not counted, a child shared between two files is counted whole in each.
    """

    person: int
    link: Link
    born: PartialDate | None
    joined_on: date
    left_on: date | None = None
    away: tuple[TimeAway, ...] = ()

    def belongs_on(self, day: date) -> bool:
        """Return whether the person is of the household on `day`, even away."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)

    def counted_on(self, day: date) -> bool:
        """Return whether the person is counted on `day`: of the household, and not away."""
        return self.belongs_on(day) and not any(a.covers(day) for a in self.away)


@dataclass(frozen=True, slots=True)
class Composition:
    """The household on one day: the ages of its members (None where the birth date is unknown) and its type."""

    ages: tuple[int | None, ...]
    kind: HouseholdType

    @property
    def persons(self) -> int:
        """Return how many persons are counted."""
        return len(self.ages)

    @property
    def children(self) -> int:
        """Return how many are surely under 18."""
        return sum(1 for a in self.ages if a is not None and a < 18)

    @property
    def adults(self) -> int:
        """Return how many are 18 or over, or of unknown age."""
        return self.persons - self.children


def composition_on(members: Iterable[Membership], day: date) -> Composition:
    """Return the composition of the household on `day`, from its dated memberships."""
    present = [m for m in members if m.counted_on(day)]
    ages = tuple(m.born.age_on(day) if m.born else None for m in present)
    return Composition(ages, household_type([m.link for m in present]))


def household_type(links: Sequence[Link]) -> HouseholdType:
    """Return the type of a household from what ties each person counted to its holder."""
    if len(links) == 1:
        return HouseholdType.SINGLE
    if any(link not in (Link.HOLDER, Link.PARTNER, Link.CHILD) for link in links):
        return HouseholdType.OTHER
    children = Link.CHILD in links
    if Link.PARTNER in links:
        return HouseholdType.COUPLE_WITH_CHILDREN if children else HouseholdType.COUPLE
    return HouseholdType.LONE_PARENT if children else HouseholdType.OTHER


def link_to_new_holder(link: Link, new_holder: Link) -> Link:
    """Return what ties a member to the new holder, who was `new_holder` to the one before.

    A partner who takes the file over keeps the children; a child who does has the partner for parent. Anything less
    sure becomes OTHER, and is corrected by hand.
    """
    if new_holder is Link.PARTNER:
        return link if link is Link.CHILD else Link.OTHER
    if new_holder is Link.CHILD:
        return {Link.CHILD: Link.SIBLING, Link.PARTNER: Link.PARENT, Link.HOLDER: Link.PARENT}.get(link, Link.OTHER)
    if new_holder is Link.SIBLING and link in (Link.SIBLING, Link.PARENT):
        return link
    return Link.OTHER


def checked_name(typed: str, what: str) -> str:
    """Return a name with its blanks tidied; `what` is an N_ label.

    Raises `BadInput` when it is empty, absurdly long, or holds a social security number.
    """
    name = " ".join(checked_text(typed).split())
    if not name:
        raise BadInput(N_("Il manque le {what}."), what=what)
    if len(name) > MOST_NAME:
        raise BadInput(N_("Le {what} dépasse 80 caractères."), what=what)
    return name
