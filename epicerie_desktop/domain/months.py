"""A month that is closed: its visits and what stands beside them as they were that day, sealed; what an amendment (avenant) changes.

A closed month is never computed again: it is read. What was corrected since stands beside it, until an amendment takes it
in under another version, with who decided it and why.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from epicerie_desktop.domain.enrolled import Enrolled
from epicerie_desktop.domain.figures import (
    NOTHING_APART,
    NOTHING_MOVED,
    ActionLine,
    Apart,
    DayVisit,
    Facts,
    Kilos,
    Moved,
)

RECORD = 3
"""The version of a closed month as written here. 2 added what was known of each household, and who had a right; 3 the counters of
the contract's actions."""
_DOMAIN = b"epicerie/month/v1\0"


@dataclass(frozen=True, slots=True)
class Month:
    """What a month is closed with: its visits, and beside them its emergency parcels, the kilos received and lost, who had a right.

    `enrolled` and `actions` are None in a month closed before they were kept.
    """

    visits: tuple[DayVisit, ...] = ()
    apart: Apart = NOTHING_APART
    moved: Moved = NOTHING_MOVED
    enrolled: tuple[Enrolled, ...] | None = None
    actions: tuple[ActionLine, ...] | None = None


def month_to_record(month: Month) -> dict[str, Any]:
    """Return a month as plain values, its visits in one order: by day, then by household."""
    record = {
        "record": RECORD, "visits": _visits_to_record(month.visits), "apart": month.apart._asdict(),
        "moved": dataclasses.asdict(month.moved),
    }  # fmt: skip
    if month.enrolled is not None:
        record["enrolled"] = [e.to_record() for e in sorted(month.enrolled, key=lambda e: e.household)]
    if month.actions is not None:
        record["actions"] = [list(line) for line in sorted(month.actions)]
    return record


def _visits_to_record(visits: Iterable[DayVisit]) -> list[dict[str, Any]]:
    rows = []
    for visit in sorted(visits, key=lambda v: (v.day, v.household)):
        row: dict[str, Any] = {}
        for field in dataclasses.fields(visit):
            value = getattr(visit, field.name)
            row[field.name] = _plain(value)
        rows.append(row)
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Facts):
        return {**dataclasses.asdict(value), "ages": list(value.ages)}
    if isinstance(value, Mapping):
        return {str(k): value[k] for k in sorted(value) if value[k]}
    return list(value) if isinstance(value, tuple) else value


def month_from_record(record: Mapping[str, Any]) -> Month:
    """Return a closed month. What a later version of the program counts besides is as if it were not known then."""
    moved: dict[str, Any] = {k: Kilos(**v) if isinstance(v, Mapping) else v for k, v in record.get("moved", {}).items()}
    enrolled, actions = record.get("enrolled"), record.get("actions")
    return Month(
        _visits_from_record(record), Apart(**{**NOTHING_APART._asdict(), **record.get("apart", {})}), Moved(**moved),
        None if enrolled is None else tuple(Enrolled.from_record(e) for e in enrolled),
        None if actions is None else tuple((a, s, n, cents) for a, s, n, cents in actions),
    )  # fmt: skip


_FACTS = frozenset(f.name for f in dataclasses.fields(Facts))


def _visits_from_record(record: Mapping[str, Any]) -> tuple[DayVisit, ...]:
    known = {f.name for f in dataclasses.fields(DayVisit)}
    found = []
    for row in record["visits"]:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}
        values["day"] = date.fromisoformat(row["day"])
        if row.get("facts"):
            facts = {k: v for k, v in row["facts"].items() if k in _FACTS}
            values["facts"] = Facts(**{**facts, "ages": tuple(facts["ages"])})
        found.append(DayVisit(**values))
    return tuple(found)


def month_digest(number: int, month: str, version: int, made_at: str, text: str, before: str) -> str:
    """Return the sum of a closing, in hexadecimal; `before` is that of the closing before, "" for the first.

    Every part is led by its length, so that no two closings spell the same bytes.
    """
    h = hashlib.sha256(_DOMAIN)
    for part in (str(number), month, str(version), made_at, text, before):
        raw = part.encode()
        h.update(len(raw).to_bytes(8, "big"))
        h.update(raw)
    return h.hexdigest()


def short_sum(digest: str) -> str:
    """Return what is printed of a sum, to be compared by eye: « 3F2A-91C0 »."""
    return f"{digest[:4]}-{digest[4:8]}".upper()


class ChangeKind(StrEnum):
    """What became of the visit of a household on a day, or what moved beside the visits."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    EMERGENCY = "EMERGENCY"
    RECEIVED = "RECEIVED"
    LOST = "LOST"
    ENROLLED = "ENROLLED"
    ACTIONS = "ACTIONS"


class Fact(StrEnum):
    """What was known of a household on a day, as an amendment tells that it changed."""

    COMMUNE = "COMMUNE"
    AGES = "AGES"
    SEXES = "SEXES"
    KIND = "KIND"
    BAND = "BAND"
    REASON = "REASON"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a visit adds up to: persons, grams and cents."""

    persons: int = 0
    grams: int = 0
    shelf_cents: int = 0
    paid_cents: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions of a month: one household's visit on one day, before and after.

    What stands beside the visits is told for the whole month: no household's number, and the month's first day; of the contract's
    actions, `number` tells how many steps were counted, « 12 → 13 ». `facts` are what else changed of a household than its sums.
    """

    kind: ChangeKind
    day: date
    number: str
    before: Sums
    after: Sums
    facts: tuple[Fact, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return the change as plain values."""
        return {
            "kind": self.kind.value, "day": self.day.isoformat(), "number": self.number,
            "before": dataclasses.asdict(self.before), "after": dataclasses.asdict(self.after), "facts": [f.value for f in self.facts],
        }  # fmt: skip

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Change:
        """Return a change from its plain values."""
        return cls(
            ChangeKind(record["kind"]), date.fromisoformat(record["day"]), record["number"],
            Sums(**record["before"]), Sums(**record["after"]), tuple(Fact(f) for f in record.get("facts", ()) if f in list(Fact)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a closed month: its number in the register, when, by whom, its sum (the short one is printed), what it changed."""

    number: int
    version: int
    made_at: datetime
    made_by: str
    short: str
    reason: str
    changes: tuple[Change, ...]
    digest: str = ""


def sums_of(visit: DayVisit | None) -> Sums:
    """Return what a visit adds up to, nothing for none."""
    if visit is None:
        return Sums()
    return Sums(len(visit.persons), sum(visit.grams_by_family.values()), visit.shelf_cents, visit.paid_cents)


def changes(first: date, before: Month, after: Month) -> tuple[Change, ...]:
    """Return what differs from a month that begins on `first` to the same month: its visits, then what stands beside them.

    Lots that ended with a difference are left out: any later gesture on one of them would ask for an amendment.
    """
    beside = (
        (ChangeKind.EMERGENCY, before.apart, after.apart, _apart_sums(before.apart), _apart_sums(after.apart)),
        (ChangeKind.RECEIVED, before.moved.received, after.moved.received, *_grams(before.moved.received, after.moved.received)),
        (ChangeKind.LOST, before.moved.lost, after.moved.lost, *_grams(before.moved.lost, after.moved.lost)),
    )  # fmt: skip
    found = _visit_changes(before.visits, after.visits) + tuple(
        Change(kind, first, "", was, now)
        for kind, old, new, was, now in (*beside, *_enrolled_beside(before, after))
        if old != new
    )
    if before.actions is None or after.actions is None or sorted(before.actions) == sorted(after.actions):
        return found
    counted = [sum(steps for _a, _s, steps, _c in month.actions or ()) for month in (before, after)]
    return (*found, Change(ChangeKind.ACTIONS, first, "{} → {}".format(*counted), Sums(), Sums()))


def _enrolled_beside(before: Month, after: Month) -> Iterable[tuple[ChangeKind, object, object, Sums, Sums]]:
    """Give the rights of both versions to compare, nothing where one of them was closed before they were kept."""
    if before.enrolled is not None and after.enrolled is not None:
        was, now = (
            {(*e.to_record()[::2], *sorted(e.persons)) for e in month.enrolled or ()} for month in (before, after)
        )
        yield ChangeKind.ENROLLED, was, now, _enrolled_sums(before), _enrolled_sums(after)


def _enrolled_sums(month: Month) -> Sums:
    return Sums(len({p for e in month.enrolled or () if e.inside for p in e.persons}))


def _apart_sums(apart: Apart) -> Sums:
    return Sums(apart.persons, apart.grams)


def _grams(before: Kilos, after: Kilos) -> tuple[Sums, Sums]:
    return Sums(grams=before.grams), Sums(grams=after.grams)


def _visit_changes(before: Sequence[DayVisit], after: Sequence[DayVisit]) -> tuple[Change, ...]:
    was = {(v.day, v.household): v for v in before}
    now = {(v.day, v.household): v for v in after}
    found = []
    for key in was.keys() | now.keys():
        old, new = was.get(key), now.get(key)
        facts = changed_facts(old, new)
        if not facts and _told(old) == _told(new):
            continue
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
        seen = new or old
        assert seen is not None
        found.append(Change(kind, seen.day, seen.number, sums_of(old), sums_of(new), facts))
    return tuple(sorted(found, key=lambda c: (c.day, c.number, c.kind)))


def _told(visit: DayVisit | None) -> Any:
    """Return what counts in a comparison, besides the facts: not the number, which a file may be given anew, nor the order of persons."""
    if visit is None:
        return None
    row = _visits_to_record([dataclasses.replace(visit, facts=None)])[0]
    del row["number"], row["commune"]
    row["persons"] = sorted(Counter(row["persons"]).items())
    return row


def changed_facts(old: DayVisit | None, new: DayVisit | None) -> tuple[Fact, ...]:
    """Return what is no longer told the same of a household on a day; nothing of what the former version did not keep.

    Who referred it is not compared: it has no date, and a file referred anew corrects no month.
    """
    if old is None or new is None:
        return ()
    found = [Fact.COMMUNE] if old.commune != new.commune else []
    if old.facts is None or new.facts is None:
        return tuple(found)
    was, now = old.facts, new.facts
    them, then = _persons(old.persons, was), _persons(new.persons, now)
    both = them.keys() & then.keys()
    found += [fact for fact, n in ((Fact.AGES, 0), (Fact.SEXES, 1)) if any(them[p][n] != then[p][n] for p in both)]
    found += [
        fact
        for fact, a, b in (
            (Fact.KIND, was.kind, now.kind), (Fact.BAND, was.band, now.band), (Fact.REASON, was.reason, now.reason),
        )
        if a != b
    ]  # fmt: skip
    return tuple(found)


def _persons(tokens: Iterable[str], facts: Facts) -> dict[str, tuple[int | None, str]]:
    return {p: (age, sex) for p, age, sex in zip(tokens, facts.ages, facts.sexes, strict=True)}


def carrying_referrers(kept: Month, now: Month) -> Month:
    """Return a month as it stands now, each visit already closed keeping who had referred its household then."""
    was = {(v.day, v.household): v.facts for v in kept.visits}

    def carried(visit: DayVisit) -> DayVisit:
        old = was.get((visit.day, visit.household))
        if old is None or visit.facts is None:
            return visit
        return dataclasses.replace(visit, facts=dataclasses.replace(visit.facts, referrer=old.referrer))

    return dataclasses.replace(now, visits=tuple(carried(v) for v in now.visits))
