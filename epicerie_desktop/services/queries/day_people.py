"""Who a household was on a day: its persons, their ages, its commune, who referred it. Read once for a report."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.enrolled import Enrolled
from epicerie_desktop.domain.figures import Facts, month_of
from epicerie_desktop.domain.household import Membership, PartialDate, household_type
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Address,
    Assessment,
    Household,
    Member,
    Merge,
    Person,
    SupportFile,
)
from epicerie_desktop.services.queries.stays import every_away_in
from epicerie_desktop.support.clock import day_of

_BirthDay = tuple[int, tuple[int, int]]
"""The last day a birth can be, as its year, and its month and day."""
_NEVER = "9999-99"
"""A month that no day reaches."""


@dataclass(frozen=True, slots=True)
class _Dated:
    """What a file was told on a day, and holds from it on: an accompaniment, or a statement."""

    day: date
    row: int
    code: str | None
    referrer: int | None = None


@dataclass(frozen=True, slots=True)
class _Right:
    first: date
    last: date
    goes_on: bool


class DayPeople:
    """Tokens, numbers, dated memberships, communes and codes of every household; see `day_people_in`."""

    def __init__(self) -> None:
        self.token: dict[int, str] = {}
        self.number: dict[int, str] = {}
        self.members: dict[int, list[tuple[str, Membership]]] = defaultdict(list)
        self.communes: dict[int, list[tuple[date, str]]] = defaultdict(list)
        self.merged: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        self.sources: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        self.same: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self.known: dict[str, tuple[str, _BirthDay | None]] = {}
        self.referrer: dict[int, int | None] = {}
        self.support: dict[int, list[_Dated]] = defaultdict(list)
        self.bands: dict[int, list[_Dated]] = defaultdict(list)
        self.rights: dict[int, list[_Right]] = defaultdict(list)
        self._changes: dict[tuple[int, ...], list[date]] = {}
        self._told: dict[tuple[tuple[int, ...], int], tuple[tuple[str, ...], Facts]] = {}

    def root(self, household: int, day: date) -> int:
        """Return the file a visit counts for: the one it was merged into when the month ended, else its own."""
        return self._root(household, month_of(day))

    def _root(self, household: int, month: str) -> int:
        merges = self.merged.get(household)
        if not merges:
            return household
        return next((into for into, since, until in merges if since <= month < until), household)

    def _family(self, root: int, month: str) -> list[int]:
        return [root, *(h for h, since, until in self.sources.get(root, ()) if since <= month < until)]

    def present(self, household: int, day: date) -> Iterator[tuple[str, Membership]]:
        """Yield the tokens and stays of the persons counted that day; one found twice by a merge has one token then."""
        month = month_of(day)
        for token, stay in self.members[household]:
            if stay.counted_on(day):
                yield self._known_as(token, month), stay

    def _known_as(self, token: str, month: str) -> str:
        others = self.same.get(token)
        if not others:
            return token
        return next((other for other, since, until in others if since <= month < until), token)

    def of_visit(self, root: int, parts: Sequence[int], day: date) -> tuple[tuple[str, ...], Facts]:
        """Return the persons of a visit made by several files counted as one, and what was known of the household that day.

        What nothing changed since the visit before is not worked out again: only the ages pass.
        """
        key = (root, *parts)
        changes = self._changes.get(key)
        if changes is None:
            changes = self._changes[key] = self._days_of_change(root, parts)
        step = (key, bisect_right(changes, day))
        told = self._told.get(step)
        if told is None:
            told = self._told[step] = self._known_of(root, parts, day)
        persons, facts = told
        ages = tuple([self.age(token, day) for token in persons])
        if ages != facts.ages:
            facts = replace(facts, ages=ages)
            self._told[step] = persons, facts
        return persons, facts

    def _known_of(self, root: int, parts: Iterable[int], day: date) -> tuple[tuple[str, ...], Facts]:
        present: dict[str, Membership] = {}
        for household in parts:
            for token, stay in self.present(household, day):
                present.setdefault(token, stay)
        family = self._family(root, month_of(day))
        support = [row for h in family for row in self.support.get(h, ()) if row.day <= day]
        referred = [row for row in support if row.referrer is not None]
        return tuple(present), Facts(
            tuple(self.age(token, day) for token in present), "".join(self.known[token][0] for token in present),
            household_type([stay.link for stay in present.values()]).value,
            _latest(referred).referrer if referred else self.referrer[root],
            _code(row for h in family for row in self.bands.get(h, ()) if row.day <= day), _code(support),
        )  # fmt: skip

    def _days_of_change(self, root: int, parts: Iterable[int]) -> list[date]:
        """Return the days from which `_known_of` may tell anything else than the day before, the ages apart."""
        days: list[date | None] = []
        months: list[str] = []
        for household in parts:
            for token, stay in self.members.get(household, ()):
                days += (stay.joined_on, stay.left_on)
                for away in stay.away:
                    days += (away.since, away.until and away.until + timedelta(days=1))
                months += (m for _other, since, until in self.same.get(token, ()) for m in (since, until))
        family = {root}
        for household, since, until in self.sources.get(root, ()):
            family.add(household)
            months += (since, until)
        days += (row.day for h in family for found in (self.support, self.bands) for row in found.get(h, ()))
        days += (date.fromisoformat(f"{month}-01") for month in months if month != _NEVER)
        return sorted({day for day in days if day is not None})

    def age(self, token: str, day: date) -> int | None:
        """Return the age surely reached by a person that day, in whole years, None where the birth is not known."""
        born = self.known[token][1]
        if born is None:
            return None
        return max(0, day.year - born[0] - ((day.month, day.day) < born[1]))

    def commune(self, household: int, day: date) -> str | None:
        """Return the INSEE code of the household's commune that day, None where unknown or outside the list."""
        codes = [code for since, code in self.communes[household] if since <= day]
        return codes[-1] if codes else None

    def enrolled(self, first: date, last: date) -> tuple[Enrolled, ...]:
        """Return the households with a right around or in a stretch of days of one month, in order of their tokens."""
        month, eve = month_of(first), date.fromordinal(first.toordinal() - 1)
        files: dict[int, list[_Right]] = defaultdict(list)
        for household, rights in self.rights.items():
            files[self._root(household, month)] += rights
        found = []
        for root, rights in files.items():
            near = [r for r in rights if eve <= r.last and r.first <= last and r.first <= r.last]
            if not near:
                continue
            spans = [(max(r.first, first), min(r.last, last)) for r in near if r.last >= first]
            begun = {r.first for r in rights if first <= r.first <= last and not r.goes_on}
            before_them = bool(begun) and any(r.first < first for r in rights)
            found.append(
                Enrolled(
                    self.token[root], self._belonging(root, month, spans) if spans else (),
                    before=any(r.first <= eve for r in near), inside=bool(spans), after=any(r.last >= last for r in near),
                    first=bool(begun) and not before_them, renewed=before_them or len(begun) > 1,
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda e: e.household))

    def _belonging(self, root: int, month: str, spans: list[tuple[date, date]]) -> tuple[str, ...]:
        tokens = {
            self._known_as(token, month)
            for h in self._family(root, month)
            for token, stay in self.members.get(h, ())
            if any(stay.joined_on <= end and (stay.left_on is None or stay.left_on > start) for start, end in spans)
        }
        return tuple(sorted(tokens))


def _latest(rows: Iterable[_Dated]) -> _Dated:
    return max(rows, key=lambda row: (row.day, row.row))


def _code(rows: Iterable[_Dated]) -> str | None:
    told = [row for row in rows if row.code]
    return _latest(told).code if told else None


def _month_undone(at: datetime | None) -> str:
    """Return the month a merge was undone in, one that no month reaches while it holds."""
    return _NEVER if at is None else month_of(day_of(at))


def day_people_in(session: Session) -> DayPeople:
    """Return what every count of a day needs of every household, inside a caller's block."""
    people = DayPeople()
    closed: dict[int, date] = {}
    for h, token, number, referrer, closed_on in session.connection().execute(
        select(Household.id, Household.token, Household.number, Household.referrer_id, Household.closed_on)
    ):
        people.token[h], people.number[h], people.referrer[h] = token.hex, number, referrer
        if closed_on is not None:
            closed[h] = closed_on
    tokens = _read_members(session, people)
    came_from: dict[tuple[str, int], int] = {}
    for merge in session.scalars(select(Merge)):
        month, until = merge.moved["on"][:7], _month_undone(merge.undone_at)
        people.merged[merge.source_id].append((merge.target_id, month, until))
        people.sources[merge.target_id].append((merge.source_id, month, until))
        for twice, kept in merge.moved["same"]:
            people.same[tokens[twice]].append((tokens[kept], month, until))
        if merge.undone_at is None:
            # Rows that went to the other file were the first one's in the months before.
            came_from |= {(name, row): merge.source_id for name, rows in merge.moved["rows"].items() for row in rows if isinstance(row, int)}  # fmt: skip
    for h, since, code in session.connection().execute(
        select(Address.household_id, Address.valid_from, Address.commune_code).order_by(
            Address.household_id, Address.valid_from
        )
    ):
        people.communes[h].append((since, code or ""))
    _read_codes(session, people, came_from)
    _read_rights(session, people, came_from, closed)
    return people


def _birth_day(born: str | None) -> _BirthDay | None:
    known = PartialDate.from_iso(born)
    if known is None:
        return None
    last = known.latest
    return last.year, (last.month, last.day)


def _read_members(session: Session, people: DayPeople) -> dict[int, str]:
    away = every_away_in(session)
    tokens: dict[int, str] = {}
    for member, h, person, token, sex, born, link, joined, left in session.connection().execute(
        select(
            Member.id, Member.household_id, Person.id, Person.token, Person.sex, Person.born, Member.link, Member.joined_on,
            Member.left_on,
        ).join(Person, Person.id == Member.person_id)
    ):  # fmt: skip
        if person not in tokens:
            tokens[person] = token.hex
            people.known[token.hex] = (sex.value, _birth_day(born))
        people.members[h].append((token.hex, Membership(person, link, None, joined, left, away.get(member, ()))))
    return tokens


def _read_codes(session: Session, people: DayPeople, came_from: dict[tuple[str, int], int]) -> None:
    for row, h, opened, reason, referrer in session.connection().execute(
        select(
            SupportFile.id, SupportFile.household_id, SupportFile.opened_on, SupportFile.reason_code, SupportFile.referrer_id
        )
    ):  # fmt: skip
        people.support[came_from.get(("support_file", row), h)].append(_Dated(opened, row, reason, referrer))
    for row, h, day, band in session.connection().execute(
        select(Assessment.id, Assessment.household_id, Assessment.day, Assessment.band).where(
            Assessment.band.is_not(None)
        )
    ):
        people.bands[came_from.get(("assessment", row), h)].append(_Dated(day, row, band))


def _read_rights(
    session: Session, people: DayPeople, came_from: dict[tuple[str, int], int], closed: dict[int, date]
) -> None:
    for row, h, first, last, origin in session.connection().execute(
        select(
            AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until, AccessGrant.origin_id
        ).where(AccessGrant.valid_from <= AccessGrant.valid_until, ~AccessGrant.exceptional)
    ):  # fmt: skip
        # A closed file has no right any more, from the day it was closed; what it gave another file in a merge has.
        until = min(last, date.fromordinal(closed[h].toordinal() - 1)) if h in closed else last
        people.rights[came_from.get(("access_grant", row), h)].append(_Right(first, until, origin is not None))


__all__ = ["DayPeople", "day_people_in"]
