"""The waiting list in its order, and how many places are taken that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.terms import WaitingOrder
from epicerie_desktop.domain.waiting import Ranked, Waiting, ranked
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Household, WaitingEntry
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.names import Named, names_in
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.queries.suspensions import kept_away
from epicerie_desktop.services.rights.rulesets import ruleset_in
from epicerie_desktop.services.sealing import unseal_json


@dataclass(frozen=True, slots=True)
class Places:
    """How many households and persons hold a right that day, and at most how many may (None: without limit)."""

    households: int
    persons: int
    most_households: int | None
    most_persons: int | None

    @property
    def free_households(self) -> int | None:
        """Return how many more households may be welcomed, None without limit; never below 0."""
        return None if self.most_households is None else max(0, self.most_households - self.households)

    @property
    def free_persons(self) -> int | None:
        """Return the same in persons."""
        return None if self.most_persons is None else max(0, self.most_persons - self.persons)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A household on the list with its rank and why, and how many persons it counts."""

    ranked: Ranked
    household: Named
    persons: int


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list of the day. `in_order` is false where the order asks for a figure this account may not read."""

    rows: tuple[WaitingRow, ...]
    places: Places
    order: tuple[WaitingOrder, ...]
    in_order: bool


def waiting_list(desk: Desk) -> WaitingList:
    """Return who waits, in the order of the règlement, and the places of the day."""
    today = desk.clock.today()
    with desk.db.read() as session:
        ruleset = ruleset_in(session, today)
        order = ruleset.terms.waiting_order if ruleset else ()
        readable = desk.social_key is not None or WaitingOrder.LOWEST_FIGURE not in order
        entries = session.scalars(
            select(WaitingEntry)
            .join(Household, Household.id == WaitingEntry.household_id)
            .where(WaitingEntry.left_on.is_(None), Household.closed_on.is_(None))
        ).all()
        ids = [e.household_id for e in entries]
        sizes, named = compositions_in(session, ids, today), names_in(session, desk, ids)
        helped = set(
            session.scalars(select(AccessGrant.household_id).where(AccessGrant.household_id.in_(ids)).distinct())
        )
        figures = _figures(session, desk, ids) if WaitingOrder.LOWEST_FIGURE in order and readable else {}
        by_entry = {e.id: e.household_id for e in entries}
        cases = (
            Waiting(e.id, e.since, e.urgent, figures.get(e.household_id), sizes[e.household_id].children, e.household_id in helped)
            for e in entries
        )  # fmt: skip
        rows = tuple(
            WaitingRow(r, named[by_entry[r.waiting.entry]], sizes[by_entry[r.waiting.entry]].persons)
            for r in ranked(cases, order if readable else ())
        )
        limits = (ruleset.most_households, ruleset.terms.most_persons) if ruleset else (None, None)
        return WaitingList(rows, _places(session, today, *limits), order, readable)


def _figures(session: Session, desk: Desk, households: list[int]) -> dict[int, Fraction]:
    """Return the first figure of the last statement of each household, exact, in cents."""
    latest = (
        select(func.max(Assessment.id)).where(Assessment.household_id.in_(households)).group_by(Assessment.household_id)
    )
    found = {}
    for row in session.scalars(select(Assessment).where(Assessment.id.in_(latest))):
        exact = unseal_json(desk, "assessment", row.uid, row.sealed)["outcome"]["indicators_exact"]
        if exact:
            found[row.household_id] = Fraction(next(iter(exact.values())))
    return found


def _places(session: Session, day: date, most_households: int | None, most_persons: int | None) -> Places:
    ids = list(
        session.scalars(
            select(AccessGrant.household_id)
            .join(Household, Household.id == AccessGrant.household_id)
            .where(AccessGrant.valid_from <= day, AccessGrant.valid_until >= day, Household.closed_on.is_(None))
            .where(~kept_away(AccessGrant.household_id, day))
            .distinct()
        )
    )
    persons = sum(
        c.persons for start in range(0, len(ids), 5000) for c in compositions_in(session, ids[start : start + 5000], day).values()
    )  # fmt: skip
    return Places(len(ids), persons, most_households, most_persons)
