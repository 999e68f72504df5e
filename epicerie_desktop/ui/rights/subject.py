"""What the worker's screen is about: the household, its rights, the règlement of the day, the statement before. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.domain.eligibility.rules import LineType, Ruleset
from epicerie_desktop.domain.eligibility.situation import Line, Member, Situation
from epicerie_desktop.domain.household import Composition, Link, Membership, PartialDate, composition_on
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import MemberForm
from epicerie_desktop.services.queries.households import HouseholdFile, household_file, list_households
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support.errors import BadInput, RuleRefused


@dataclass(frozen=True, slots=True)
class Subject:
    """A household under study on `today`; `ruleset` is None where no règlement is in force.

    `resources` and `charges` hold the cents a month of the last statement by code, `stated_on` its day; `readable` tells whether
    this account may see amounts at all.
    """

    household: int
    file: HouseholdFile
    today: date
    ruleset: Ruleset | None
    readable: bool
    resources: Mapping[str, int | None]
    charges: Mapping[str, int | None]
    stated_on: date | None
    served: int | None

    @property
    def present(self) -> tuple[MemberForm, ...]:
        """Return the members counted today."""
        return tuple(m for m in self.file.form.members if counted(m, self.today))

    @property
    def composition(self) -> Composition:
        """Return the composition of the household today."""
        return composition_of(self.file.form.members, self.today)

    @property
    def name(self) -> str:
        """Return the name of the holder of the file."""
        holder = next((m for m in self.present if m.link is Link.HOLDER), None)
        return f"{holder.last_name} {holder.first_name}" if holder else "–"


def counted(member: MemberForm, day: date) -> bool:
    """Return whether a member of a form is counted on `day`: of the household, and not away."""
    return _membership(member, day).counted_on(day)


def _membership(m: MemberForm, day: date) -> Membership:
    return Membership(0, m.link, PartialDate.from_iso(m.born), m.joined_on or day, m.left_on, m.away)


def composition_of(members: Iterable[MemberForm], day: date) -> Composition:
    """Return the composition on `day` of a form's members."""
    return composition_on((_membership(m, day) for m in members), day)


def read_subject(desk: Desk, household: int) -> Subject:
    """Return all that the screen shows of a household, read at once. Raises `BadInput` where the règlement kept is unreadable."""
    today = desk.clock.today()
    try:
        ruleset = decide.ruleset_on(desk, today)
    except BadInput:
        raise
    except RuleRefused:
        ruleset = None
    readable = desk.social_key is not None
    resources, charges, stated_on = decide.last_statement(desk, household) if readable else (None, None, None)
    served = None
    if ruleset is not None and ruleset.most_households is not None:
        served = sum(1 for f in list_households(desk, only_open=True) if f.id != household)
    return Subject(
        household,
        household_file(desk, household),
        today,
        ruleset,
        readable,
        _by_code(resources, ruleset.resources if ruleset else ()),
        _by_code(charges, ruleset.charges if ruleset else ()),
        stated_on,
        served,
    )


def _by_code(lines: tuple[Line, ...] | None, types: tuple[LineType, ...]) -> dict[str, int | None]:
    """Return the amounts of an older statement for the lines the règlement of today still asks; recurring codes add up."""
    asked = {t.code for t in types}
    found: dict[str, int | None] = {}
    for code, cents in lines or ():
        if code in asked:
            before = found.get(code)
            found[code] = before if cents is None else cents + (before or 0)
    return found


def situation_of(
    subject: Subject,
    resources: Mapping[str, int | None],
    charges: Mapping[str, int | None],
    declared: Mapping[str, int],
    aids: tuple[str, ...] | None,
) -> Situation:
    """Return the situation to weigh: every line the règlement asks is there, None where nobody answered."""
    address = subject.file.form.address
    return Situation(
        on=subject.today,
        members=tuple(Member(birth=PartialDate.from_iso(m.born)) for m in subject.present),
        household_type=subject.composition.kind if subject.present else None,
        # A commune outside the list has no code: its name stands in, so that it is not taken for unanswered.
        commune=address.commune_code or address.commune_name or None,
        resources=tuple(resources.items()),
        charges=tuple(charges.items()),
        declared=tuple(declared.items()),
        other_aids=aids,
        last_right_until=last_right_until(subject.file.grants, subject.today),
        households_served=subject.served,
    )


def last_right_until(grants: Iterable[Grant], today: date) -> date | None:
    """Return the last day of the rights already begun, None where there was none."""
    return max((g.valid_until for g in grants if g.valid_from <= today), default=None)


def next_start(grants: Iterable[Grant], today: date) -> date:
    """Return the first day a new right may begin: today, or the day after the rights that still run or are to come."""
    running = [g.valid_until for g in grants if not g.suspended and g.valid_until >= today]
    return max(running) + timedelta(days=1) if running else today
