"""The right of a household on a day: grants, composition and what was already taken. Used by the counter and the till."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.access import (
    Ceiling,
    CeilingLeft,
    CeilingMeasure,
    CeilingPeriod,
    Grant,
    Spent,
    Verdict,
    period_start,
    verdict_on,
)
from epicerie_desktop.domain.household import Composition, Membership, PartialDate, composition_on
from epicerie_desktop.persistence.models import AccessGrant, Member, Person, Sale
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.stays import aways_in
from epicerie_desktop.services.queries.suspensions import kept_away


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a household stands on a day: verdict, composition, ceilings with what is left."""

    verdict: Verdict
    composition: Composition
    ceilings: tuple[CeilingLeft, ...]
    served_today: bool

    @property
    def persons(self) -> int:
        """Return how many persons are counted that day."""
        return self.composition.persons

    @property
    def participation_permille(self) -> int:
        """Return the share paid, in thousandths; 0 without a right (a gift recorded by the team)."""
        return self.verdict.grant.participation_permille if self.verdict.grant else 0


_GRANTS = select(
    AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until,
    AccessGrant.participation_permille, AccessGrant.ceilings,
    kept_away(AccessGrant.household_id, bindparam("day")).label("kept_away"),
).where(AccessGrant.household_id.in_(bindparam("households", expanding=True)))  # fmt: skip
_MEMBERS = (
    select(Member.id, Member.household_id, Member.person_id, Member.link, Person.born, Member.joined_on, Member.left_on)
    .join(Person, Person.id == Member.person_id)
    .where(Member.household_id.in_(bindparam("households", expanding=True)))
)
_TAKEN = select(
    func.coalesce(func.sum(Sale.paid_cents), 0), func.coalesce(func.sum(Sale.shelf_cents), 0), func.coalesce(func.sum(Sale.grams), 0)
).where(Sale.household_id.in_(bindparam("households", expanding=True)), Sale.day >= bindparam("start"), Sale.day <= bindparam("end"))  # fmt: skip


def kept() -> ColumnElement[bool]:
    """Return what holds for the tickets that count: neither cancelled, nor the cancellation of another."""
    contrary = aliased(Sale)
    return and_(Sale.reverses_id.is_(None), ~select(contrary.id).where(contrary.reverses_id == Sale.id).exists())


_SERVED = (
    select(Sale.id)
    .where(Sale.household_id.in_(bindparam("households", expanding=True)), Sale.day == bindparam("day"), kept())
    .limit(1)
)


def ceilings_to_json(ceilings: Iterable[Ceiling]) -> list[dict[str, Any]]:
    """Return ceilings as plain values for their column."""
    return [
        {"measure": c.measure.value, "period": c.period.value, "amount": c.amount}
        | ({"before": c.before} if c.before else {})
        for c in ceilings
    ]


def _grant(row: Any) -> Grant:
    ceilings = tuple(
        Ceiling(CeilingMeasure(c["measure"]), CeilingPeriod(c["period"]), c["amount"], c.get("before", 0))
        for c in row.ceilings
    )
    return Grant(
        row.id, row.valid_from, row.valid_until, row.participation_permille, ceilings, bool(row.kept_away)
    )  # fmt: skip


def grants_in(session: Session, households: list[int], day: date) -> Mapping[int, tuple[Grant, ...]]:
    """Return the rights of several households, by household; all suspended where a measure keeps it away on `day`."""
    found: dict[int, list[Grant]] = {h: [] for h in households}
    for row in session.connection().execute(_GRANTS, {"households": households, "day": day}):
        found[row.household_id].append(_grant(row))
    return {h: tuple(g) for h, g in found.items()}


def compositions_in(session: Session, households: list[int], day: date) -> Mapping[int, Composition]:
    """Return the composition of several households on `day`, by household."""
    members: dict[int, list[Membership]] = {h: [] for h in households}
    away = aways_in(session, households)
    for r in session.connection().execute(_MEMBERS, {"households": households}):
        members[r.household_id].append(
            Membership(r.person_id, r.link, PartialDate.from_iso(r.born), r.joined_on, r.left_on, away.get(r.id, ()))
        )
    return {h: composition_on(m, day) for h, m in members.items()}


def standing_in(session: Session, household: int, day: date) -> Standing:
    """Return where a household stands on `day`, inside a caller's block; tickets of files merged into it weigh too."""
    files = family_in(session, household)
    grants = grants_in(session, [household], day)[household]
    composition = compositions_in(session, [household], day)[household]
    served = session.connection().execute(_SERVED, {"households": files, "day": day}).first() is not None
    verdict = verdict_on(day, grants, composition.persons, served_today=served)
    left = []
    if verdict.grant is not None:
        for ceiling in verdict.grant.ceilings:
            start = period_start(ceiling.period, day, verdict.grant)
            if ceiling.period is CeilingPeriod.VISIT:
                taken = Spent()
            else:
                taken = Spent(
                    *session.connection().execute(_TAKEN, {"households": files, "start": start, "end": day}).one()
                )
            # What a household had taken before it separated weighs on the period its own right began in, and no other.
            before = ceiling.before if start == verdict.grant.valid_from else 0
            left.append(CeilingLeft(ceiling, taken.of(ceiling.measure) + before))
    return Standing(verdict, composition, tuple(left), served)
