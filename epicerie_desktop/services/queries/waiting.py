"""The waiting list in its order, and how many places are taken that day."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.terms import WaitingOrder
from epicerie_desktop.domain.waiting import Ranked, Waiting, ranked
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Household, WaitingEntry
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.names import Named, names_in
from epicerie_desktop.services.queries.places import Places, places_in
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.rights.rulesets import ruleset_in
from epicerie_desktop.services.sealing import unseal_json


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
        return WaitingList(rows, places_in(session, ruleset, today), order, readable)


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
