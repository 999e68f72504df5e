"""A household's situation on one day, as it was declared: what a ruleset is applied to. Carries no name.

Read from TOML or JSON for the command line (format in docs/ruleset.md), or built by a service from a file's statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from epicerie_desktop.domain.eligibility.document import Section, read_json, read_toml
from epicerie_desktop.domain.household import HouseholdType, HousingKind, PartialDate
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, ngettext


class LinePeriod(StrEnum):
    """For how long an amount of a document is told."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PERIODS = {
    LinePeriod.WEEK: Fraction(52, 12), LinePeriod.MONTH: Fraction(1), LinePeriod.QUARTER: Fraction(1, 3), LinePeriod.YEAR: Fraction(1, 12),
}  # fmt: skip
"""What an amount is multiplied by to be a month's."""

_YEARLY_RESOURCE, _YEARLY_CHARGE = 5_000_00, 2_000_00

MOST_MEMBERS = 40
MOST_LINE_CENTS = 1_000_000_00
"""A million euros a month: over it, a key was stuck."""

Line = tuple[str, int | None]
"""The code of a resource or charge, and its cents a month for the household; None where nobody answered."""


def looks_yearly(cents: int, *, resource: bool) -> bool:
    """Return whether cents a month, in one line, were more likely copied from a yearly paper: a tax notice, a bill."""
    return cents >= (_YEARLY_RESOURCE if resource else _YEARLY_CHARGE)


class SituationInvalid(BadInput):
    """A situation that cannot be read; the sentence names the place in the document."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the household: an age or a birth date, or only whether they are a child (None: as their age tells).

    `shared`: there half of the time; `away`: away for a time. The rule says what either counts for.
    """

    age: int | None = None
    birth: PartialDate | None = None
    child: bool | None = None
    shared: bool = False
    away: bool = False

    def age_on(self, day: date) -> int | None:
        """Return the age surely reached on `day`, None where it is unknown."""
        return self.birth.age_on(day) if self.birth else self.age

    def is_child(self, day: date, under: int = 18) -> bool:
        """Return whether the person counts as a child: as said, else by their age; an unknown age is an adult's."""
        if self.child is not None:
            return self.child
        age = self.age_on(day)
        return age is not None and age < under


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a household on the day `on`; None means that nobody answered, an empty tuple that there is none.

    Amounts are cents a month for the whole household. `last_right_until` is the last day of the right before, if any.
    """

    on: date
    members: tuple[Member, ...]
    household_type: HouseholdType | None = None
    commune: str | None = None
    resources: tuple[Line, ...] | None = None
    charges: tuple[Line, ...] | None = None
    declared: tuple[Line, ...] = ()
    other_aids: tuple[str, ...] | None = None
    last_right_until: date | None = None
    households_served: int | None = None
    persons_served: int | None = None
    rights_before: tuple[tuple[date, date], ...] = ()
    referred: bool | None = None
    answers: tuple[tuple[str, bool | None], ...] = ()
    housing: HousingKind | None = None
    living_since: date | None = None

    @property
    def last_right(self) -> date | None:
        """Return the last day of the right before, as said or as the past rights tell it."""
        return self.last_right_until or max((until for _since, until in self.rights_before), default=None)

    @property
    def persons(self) -> int:
        """Return how many persons are counted."""
        return len(self.members)

    @property
    def children(self) -> int:
        """Return how many count as children on that day."""
        return sum(1 for m in self.members if m.is_child(self.on))

    @property
    def kind(self) -> HouseholdType | None:
        """Return the household type as said, else as the members make it certain, else None: it has to be asked."""
        if self.household_type is not None:
            return self.household_type
        adults = self.persons - self.children
        if self.persons == 1:
            return HouseholdType.SINGLE
        return HouseholdType.LONE_PARENT if adults == 1 else None


def parse_situation(text: str, *, on: date | None = None) -> Situation:
    """Return the situation written in a TOML text, or in JSON when it starts with a brace.

    `on` is the day wanted by the caller: it wins over the document's. Raises `SituationInvalid` with the place.
    """
    starts = text.removeprefix("\ufeff").lstrip()
    read = read_json if starts.startswith("{") else read_toml
    return read_situation(read(text, SituationInvalid), on=on)


def read_situation(document: Mapping[str, Any], *, on: date | None = None) -> Situation:
    """Return the situation of a document already parsed, its amounts whole numbers, texts or `Decimal`; as `parse_situation`."""
    top = Section(document, "", SituationInvalid)
    written = top.day("on") if top.has("on") or on is None else on
    day = top.plausible_day("on", on or written)
    situation = Situation(
        on=day,
        members=_members(top, day),
        household_type=top.choice("household_type", HouseholdType) if top.has("household_type") else None,
        commune=top.commune("commune") if top.has("commune") else None,
        resources=_lines(top, "resources"),
        charges=_lines(top, "charges"),
        declared=_lines(top, "declared") or (),
        other_aids=top.texts("other_aids", empty=True) if top.has("other_aids") else None,
        last_right_until=top.day("last_right_until") if top.has("last_right_until") else None,
        households_served=top.whole("households_served") if top.has("households_served") else None,
        persons_served=top.whole("persons_served") if top.has("persons_served") else None,
        rights_before=_rights(top, day),
        referred=top.yes("referred") if top.has("referred") else None,
        answers=_answers(top),
        housing=top.choice("housing", HousingKind) if top.has("housing") else None,
        living_since=top.day("living_since") if top.has("living_since") else None,
    )
    top.done()
    _check_type(top, situation)
    return situation


def _rights(top: Section, day: date) -> tuple[tuple[date, date], ...]:
    """Return the past rights. Raises: inverted dates, two rights over the same day, a right not yet over."""
    found: list[tuple[date, date]] = []
    for at in top.sections("rights_before"):
        since, until = at.day("from"), at.day("until")
        if until < since:
            raise at.wrong("until", N_("{place} : la fin précède le début."))
        if until >= day:
            raise at.wrong("until", N_("{place} : ce droit n'est pas encore terminé ce jour-là."))
        if any(since <= b and a <= until for a, b in found):
            raise at.wrong("", N_("{place} : ce droit recouvre un autre droit."))
        at.done()
        found.append((since, until))
    return tuple(found)


def _answers(top: Section) -> tuple[tuple[str, bool | None], ...]:
    """Return the answers by yes or no; « ? » is nobody's answer."""
    if not top.has("answers"):
        return ()
    at = top.section("answers")
    found: list[tuple[str, bool | None]] = []
    for code in at.keys():  # noqa: SIM118
        value = at.take(code)
        if value not in (True, False, None, "?") or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            raise at.wrong(code, N_("{place} : « {value} » n'est ni true (oui) ni false (non)."), value=str(value)[:40])
        found.append((code, value if isinstance(value, bool) else None))
    return tuple(found)


def _check_type(top: Section, found: Situation) -> None:
    adults, children = found.persons - found.children, found.children
    possible = {
        HouseholdType.SINGLE: found.persons == 1,
        HouseholdType.COUPLE: found.persons == 2,
        HouseholdType.LONE_PARENT: found.persons >= 2,
        HouseholdType.COUPLE_WITH_CHILDREN: found.persons >= 3,
    }
    if found.household_type and not possible.get(found.household_type, True):
        raise top.wrong("household_type",
                        N_("{place} : « {value} » ne va pas avec {adults} et {children}."), value=found.household_type,
                        adults=lambda: ngettext("{n} adulte", "{n} adultes", adults).format(n=adults),
                        children=lambda: ngettext("{n} enfant", "{n} enfants", children).format(n=children))  # fmt: skip


def _members(top: Section, day: date) -> tuple[Member, ...]:
    """Return the persons, one by one under `members`, or only counted under `adults` and `children`."""
    if top.has("adults") or top.has("children"):
        if top.has("members"):
            raise top.wrong("members", N_("{place} : dites les personnes une par une ou leur nombre, pas les deux."))
        adults = top.whole("adults", 0, most=MOST_MEMBERS)
        children = top.whole("children", 0, most=MOST_MEMBERS)
        found = (Member(child=False),) * adults + (Member(child=True),) * children
    else:
        if not top.has("members"):
            raise top.wrong("members", N_("{place} : il manque les personnes du foyer."))
        found = tuple(_member(s, day) for s in top.sections("members"))
    if not 1 <= len(found) <= MOST_MEMBERS:
        raise top.wrong("members", N_("{place} : un foyer compte de 1 à {most} personnes."), most=MOST_MEMBERS)
    return found


def _member(at: Section, day: date) -> Member:
    child = None
    if at.has("role"):
        role = at.text("role")
        if role not in ("adult", "child"):
            raise at.wrong("role", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                           value=role, known="adult, child")  # fmt: skip
        child = role == "child"
    age = at.whole("age", most=120) if at.has("age") else None
    birth = _birth(at, day) if at.has("birth") else None
    if age is not None and birth is not None:
        raise at.wrong("age", N_("{place} : dites l'âge ou la date de naissance, pas les deux."))
    member = Member(age, birth, child, at.yes("shared"), at.yes("away"))
    at.done()
    return member


def _birth(at: Section, day: date) -> PartialDate | None:
    value = at.take("birth")
    typed = value.isoformat()[:10] if isinstance(value, date) else str(value)
    try:
        return PartialDate.parse(typed, day)
    except BadInput as error:
        # The sentence of the date, with its place in this document before it.
        raise at.wrong("birth", N_("{place} : {reason}"), reason=error.__str__) from None


def _lines(top: Section, key: str) -> tuple[Line, ...] | None:
    """Return the lines under `key`, a table of amounts or a list of {type, amount}; None where the key is absent."""
    if not top.has(key):
        return None
    raw = top.take(key)
    if isinstance(raw, list):
        found: list[Line] = []
        for i, item in enumerate(raw, 1):
            at = Section(item, f"{key}[{i}]", SituationInvalid)
            found.append((at.code("type"), _stated(at)))
        return tuple(found)
    at = Section(raw, key, SituationInvalid)
    return tuple((name.removesuffix("_cents"), _line(at, name)) for name in at.keys())  # noqa: SIM118


def _line(at: Section, name: str) -> int | None:
    """Return the cents a month of a line written as a figure, or as a table with its period."""
    value = at.take(name)
    if isinstance(value, dict):
        return _stated(Section(value, at.at(name), SituationInvalid))
    at.put_back(name, value)
    return _cents(at, name, in_cents=name.endswith("_cents"))


def _stated(at: Section) -> int | None:
    """Return the cents a month of `amount` or `cents`, told for a `period`: 52 weeks, 12 months or 4 quarters a year."""
    in_cents = at.has("cents")
    cents = _cents(at, "cents" if in_cents else "amount", in_cents=in_cents)
    period = at.choice("period", LinePeriod, LinePeriod.MONTH)
    at.done()
    return None if cents is None else round_half_up(cents * PERIODS[period])


def _cents(at: Section, key: str, *, in_cents: bool) -> int | None:
    value = at.take(key)
    if value is None or value == "?":
        return None
    if in_cents and (isinstance(value, (str, Decimal)) or not isinstance(value, int)):
        raise at.wrong(key, N_("{place} : des centimes s'écrivent en nombre entier, sans guillemets."))
    number = at.as_number(key, value, places=2)
    cents = int(number) if in_cents else int(number * 100)
    if cents > MOST_LINE_CENTS:
        raise at.wrong(key, N_("{place} : ce montant est trop grand pour un mois. Vérifiez la saisie."))
    return cents
