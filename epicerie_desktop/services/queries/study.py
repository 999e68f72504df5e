"""What the worker's screen is about: the household, its rights, the règlement, the statement before; and the situation they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.domain.eligibility.rules import LineType, Ruleset
from epicerie_desktop.domain.eligibility.situation import Line, Member, Situation
from epicerie_desktop.domain.household import (
    Composition,
    HouseholdType,
    HousingKind,
    Link,
    Membership,
    PartialDate,
    composition_on,
)
from epicerie_desktop.domain.statements import Said
from epicerie_desktop.persistence.models import AccessGrant
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import MemberForm
from epicerie_desktop.services.queries.debts import DebtsTold, support_debts_in
from epicerie_desktop.services.queries.decisions import DecisionRow, decisions_of
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.households import HouseholdFile, household_file
from epicerie_desktop.services.queries.places import places_in
from epicerie_desktop.services.queries.running import RunningRight, running_right_in
from epicerie_desktop.services.queries.statements import KeptStatement, StatementRow, last_statement_in, statements_of
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support.errors import BadInput, RuleRefused


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered: cents a month by line (None: nobody answered), figures declared, and what some règlements ask."""

    resources: Mapping[str, int | None] = field(default_factory=dict)
    charges: Mapping[str, int | None] = field(default_factory=dict)
    declared: Mapping[str, int] = field(default_factory=dict)
    aids: tuple[str, ...] | None = None
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    referred: bool | None = None
    housing: HousingKind | None = None
    living_since: date | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A household under study; `day` is the one weighed: today, or the first day a new right may begin.

    `ruleset` is None where none is in force; `readable` tells whether this account may see amounts at all; `told` and `said`
    are those of the last statement, made on `stated_on`, for what the règlement of `day` still asks; `running` is the right
    that goes on today whatever is decided; `support_debts` are those the support file tells.
    """

    household: int
    file: HouseholdFile
    today: date
    day: date
    ruleset: Ruleset | None
    readable: bool
    told: Told
    said: Said
    stated_on: date | None
    past: tuple[tuple[date, date], ...]
    served: int | None
    persons_served: int | None
    statements: tuple[StatementRow, ...]
    decisions: tuple[DecisionRow, ...]
    running: RunningRight | None = None
    support_debts: DebtsTold = field(default_factory=DebtsTold)

    @property
    def present(self) -> tuple[MemberForm, ...]:
        """Return the members counted on the day weighed."""
        return tuple(m for m in self.file.form.members if counted(m, self.day))

    @property
    def weighed(self) -> tuple[Member, ...]:
        """Return the persons of the household on the day weighed; the règlement says what being away or shared counts for."""
        return tuple(
            Member(birth=PartialDate.from_iso(m.born), shared=m.shared, away=not counted(m, self.day))
            for m in self.file.form.members
            if _membership(m, self.day).belongs_on(self.day)
        )

    @property
    def composition(self) -> Composition:
        """Return the composition of the household on the day weighed."""
        return composition_of(self.file.form.members, self.day)

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


def next_start(grants: Iterable[Grant], today: date) -> date:
    """Return the first day a new right may begin: today, or the day after the rights that still run or are to come."""
    running = [g.valid_until for g in grants if g.valid_until >= today]
    return max(running) + timedelta(days=1) if running else today


def study_of(desk: Desk, household: int, day: date | None = None) -> Study:
    """Return all that the screen shows of a household, for a right that would begin on `day` (today or later).

    Raises `BadInput` where the règlement kept is unreadable.
    """
    today, file = desk.clock.today(), household_file(desk, household)
    household = file.form.id or household  # a file merged into another opens that other
    day = max(day or next_start(file.grants, today), today)
    ruleset = ruleset_or_none(desk, day)
    readable = desk.social_key is not None
    with desk.db.read() as session:
        last = last_statement_in(session, desk, household) if readable else None
        past = past_rights_in(session, household, day)
        places = places_in(session, ruleset, today, household)
        running = running_right_in(session, household, today)
        debts = support_debts_in(session, desk, household) if readable else DebtsTold()
    served, persons = (places.households, places.persons) if places.limited else (None, None)
    return Study(
        household, file, today, day, ruleset, readable, told_again(last, file, ruleset), _said_again(last, ruleset),
        last.day if last else None, past, served, persons, statements_of(desk, household), decisions_of(desk, household, texts=False), running, debts,
    )  # fmt: skip


def ruleset_or_none(desk: Desk, day: date) -> Ruleset | None:
    """Return the règlement in force on a day, None where there is none. Raises `BadInput` where it is unreadable."""
    try:
        return decide.ruleset_on(desk, day)
    except BadInput:
        raise
    except RuleRefused:
        return None


def past_rights_in(session: Session, household: int, day: date) -> tuple[tuple[date, date], ...]:
    """Return the first and last day of the rights over before `day`, the oldest first; a suspension shortens none.

    A right that goes on with another is one with it. A day given by exception is not a right: it neither counts as a renewal nor begins a waiting period.
    """
    rows = session.execute(
        select(AccessGrant.valid_from, AccessGrant.valid_until, AccessGrant.carried)
        .where(AccessGrant.household_id.in_(family_in(session, household)), AccessGrant.valid_from < day)
        .where(~AccessGrant.exceptional, AccessGrant.valid_from <= AccessGrant.valid_until)
        .order_by(AccessGrant.valid_from)
    )
    # One that goes on with another since a separation began when that one did.
    rights = ((date.fromisoformat(r.carried["since"]) if r.carried else r.valid_from, r.valid_until) for r in rows)
    found: list[tuple[date, date]] = []
    for since, until in sorted(rights):
        if until < day and (not found or found[-1][1] < since):
            found.append((since, until))
    return tuple(found)


def told_again(last: KeptStatement | None, file: HouseholdFile, ruleset: Ruleset | None) -> Told:
    """Return the answers of the last statement for what the règlement of today still asks; recurring codes add up."""
    address, at = file.form.address, last.situation if last else None
    housing = address.kind if address.commune_code or address.commune_name or address.lines else None
    referred = True if file.form.referrer_id is not None else at.referred if at else None
    if last is None or ruleset is None:
        return Told(housing=housing, referred=referred)
    asked = {i.code for i in ruleset.indicators}
    questions = {c.code for c in ruleset.terms.conditions}
    return Told(
        _by_code(last.resources, ruleset.resources), _by_code(last.charges, ruleset.charges),
        {code: cents for code, cents in at.declared if code in asked and cents is not None} if at else {},
        _aids_again(at, ruleset), {code: yes for code, yes in at.answers if code in questions} if at else {},
        referred, housing, at.living_since if at else None,
    )  # fmt: skip


def _aids_again(at: Situation | None, ruleset: Ruleset) -> tuple[str, ...] | None:
    if at is None or at.other_aids is None:
        return None
    known = {a.code for a in ruleset.not_with}
    return tuple(code for code in at.other_aids if code in known)


def _said_again(last: KeptStatement | None, ruleset: Ruleset | None) -> Said:
    if last is None or ruleset is None:
        return Said()
    said = last.said
    resources, charges = {t.code for t in ruleset.resources}, {t.code for t in ruleset.charges}
    return Said(
        {code: s for code, s in said.resources.items() if code in resources},
        {code: s for code, s in said.charges.items() if code in charges}, said.debts, said.declared_on,
    )  # fmt: skip


def _by_code(lines: tuple[Line, ...] | None, types: tuple[LineType, ...]) -> dict[str, int | None]:
    asked = {t.code for t in types}
    found: dict[str, int | None] = {}
    for code, cents in lines or ():
        if code in asked:
            before = found.get(code)
            found[code] = before if cents is None else cents + (before or 0)
    return found


def situation_of(study: Study, told: Told) -> Situation:
    """Return the situation to weigh: every line the règlement asks is there, None where nobody answered."""
    address = study.file.form.address
    return told_situation(
        told, study.day, study.weighed,
        # A commune outside the list has no code: its name stands in, so that it is not taken for unanswered.
        commune=address.commune_code or address.commune_name or None,
        kind=study.composition.kind if study.present else None, past=study.past, served=study.served,
        persons_served=study.persons_served,
    )  # fmt: skip


def told_situation(
    told: Told, day: date, members: tuple[Member, ...], *, commune: str | None = None, kind: HouseholdType | None = None,
    past: tuple[tuple[date, date], ...] = (), served: int | None = None, persons_served: int | None = None,
) -> Situation:  # fmt: skip
    """Return a situation from answers and persons, of a household or of none."""
    return Situation(
        on=day, members=members, household_type=kind, commune=commune, resources=tuple(told.resources.items()),
        charges=tuple(told.charges.items()), declared=tuple(told.declared.items()), other_aids=told.aids,
        last_right_until=max((until for _since, until in past), default=None), households_served=served,
        persons_served=persons_served, rights_before=past, referred=told.referred, answers=tuple(told.answers.items()),
        housing=told.housing, living_since=told.living_since,
    )  # fmt: skip
