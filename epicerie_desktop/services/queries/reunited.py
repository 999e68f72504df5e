"""The right of two files found to be one household: what becomes of two rights that run on the same day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling, CeilingLeft, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.situation import Member as Weighed
from epicerie_desktop.domain.eligibility.situation_json import situation_from_json
from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Member, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.rights import Running, grants_in, running_in
from epicerie_desktop.services.rights.rulesets import ruleset_in
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.services.sealing import unseal_json

Kind = tuple[str, CeilingPeriod]
"""What a ceiling limits, and over what."""


@dataclass(frozen=True, slots=True)
class Reunited:
    """The right opened today for the reunited household. It goes on with `goes_on`; the other one, if any, is used no more.

    `ceilings` are its own, with what both files took already; `left` tells the same as the till will show them. `visits`,
    `limits` are what was counted before the tickets of today, `since` the first day they were counted from.
    """

    goes_on: Running
    other: Running | None
    until: date
    since: date
    ceilings: tuple[Ceiling, ...]
    left: tuple[CeilingLeft, ...]
    visits: int
    limits: Mapping[str, int]


def reunited_in(session: Session, desk: Desk, source: int, target: int, same: Iterable[int]) -> Reunited | None:
    """Return the right to open where the two files hold one each today, or where only the source does beside one of the target's.

    `same` are the persons of the source that are already in the target. None where the rights can go along as they are.
    """
    today = desk.clock.today()
    theirs, own = running_in(session, source, today), running_in(session, target, today)
    if theirs is None:
        return None
    if own is None:
        return _alone(session, theirs, target, today)
    most = _most_in(session, desk, source, target, same)
    twice = {_kind(c.ceiling): (c, now) for c, now in zip(theirs.shared, theirs.shared_today, strict=True)}
    found = []
    for ceiling, now in zip(own.shared, own.shared_today, strict=True):
        beside = twice.get(_kind(ceiling.ceiling))
        # Neither right is worth less than it was decided to be; together they are worth no more than the règlement gives.
        decided = [ceiling.ceiling.amount, *([beside[0].ceiling.amount] if beside else [])]
        kind = _kind(ceiling.ceiling)
        given = [most[kind]] if kind in most else _first_amounts(session, (own, theirs), kind)
        found.append(_summed((ceiling, now), beside, max([*decided, *given])))
    one = own.grant.first_id == theirs.grant.first_id
    limits = _limits(own, theirs, one=one)
    return Reunited(
        own, theirs, own.grant.valid_until, min(own.grant.first_day, theirs.grant.first_day),
        tuple(c for c, _left in found), tuple(left for _c, left in found), _visits(own, theirs, one=one), limits,
    )  # fmt: skip


def _limits(own: Running, theirs: Running, *, one: bool) -> dict[str, int]:
    """Return what was taken of each limit before today: of one right shared by a separation, the most, else what both took."""
    sides = [(r.limits_until_now, r.limits_before_today) for r in (own, theirs)]
    found = {}
    for key in {key for taken, _before in sides for key in taken}:
        taken = [t.get(key, 0) for t, _before in sides]
        today = sum(t.get(key, 0) - before.get(key, 0) for t, before in sides)
        found[key] = (max(taken) if one else sum(taken)) - today
    return found


def _visits(own: Running, theirs: Running, *, one: bool) -> int:
    """Return the visits before today: of one right shared by a separation, those of whoever came most, else those of both."""
    if one:
        return max(own.visits, theirs.visits) - (own.came_today or theirs.came_today)
    return own.visits + theirs.visits - own.came_today - theirs.came_today


def _alone(session: Session, theirs: Running, target: int, today: date) -> Reunited | None:
    """Return the right of the source for the target, which has none today, where one of the target's keeps it from going along."""
    grants = grants_in(session, [target], today)[target]
    if not any(g.valid_from <= theirs.grant.valid_until and g.valid_until >= theirs.grant.valid_from for g in grants):
        return None
    nexts = [g.valid_from - timedelta(days=1) for g in grants if g.valid_from > today]
    found = [
        _summed((c, now), None, c.ceiling.amount) for c, now in zip(theirs.shared, theirs.shared_today, strict=True)
    ]
    return Reunited(
        theirs, None, min([theirs.grant.valid_until, *nexts]), theirs.grant.first_day, tuple(c for c, _left in found),
        tuple(left for _c, left in found), theirs.visits - theirs.came_today,
        theirs.limits_before_today,
    )  # fmt: skip


def _kind(ceiling: Ceiling) -> Kind:
    return ceiling.measure.value, ceiling.period


def _summed(
    one: tuple[CeilingLeft, int], other: tuple[CeilingLeft, int] | None, most: int
) -> tuple[Ceiling, CeilingLeft]:
    """Return two parts of a ceiling as one, at most `most`: both files took of it, and their tickets of today weigh by themselves."""
    parts = [one, *([other] if other else [])]
    whole = sum(c.ceiling.amount for c, _now in parts)
    amount = min(whole, most)
    # Two parts that were one add what was carried over to each; the same right given twice has it once.
    carried = [c.carried for c, _now in parts]
    taken = sum(c.taken for c, _now in parts) - (sum(carried) if amount == whole else max(carried))
    was = one[0].ceiling
    if was.period is CeilingPeriod.VISIT:
        ceiling = Ceiling(was.measure, was.period, amount)
        return ceiling, CeilingLeft(ceiling, 0)
    ceiling = Ceiling(was.measure, was.period, amount, taken - sum(now for _c, now in parts))
    return ceiling, CeilingLeft(ceiling, taken)


def _first_amounts(session: Session, rights: Sequence[Running], kind: Kind) -> list[int]:
    """Return what the rights these go on with gave of that ceiling, before anything was shared out."""
    ids = {r.grant.first_id for r in rights}
    return [
        c["amount"]
        for row in session.scalars(select(AccessGrant).where(AccessGrant.id.in_(ids)))
        for c in row.ceilings
        if c["measure"] in list(CeilingMeasure) and (c["measure"], CeilingPeriod(c["period"])) == kind
    ]


def _most_in(session: Session, desk: Desk, source: int, target: int, same: Iterable[int]) -> dict[Kind, int]:
    """Return the ceilings the règlement of today gives the reunited household on the last statement of either file.

    Empty where none can be weighed: no statement, an account without the second key, an answer that opens nothing.
    """
    today = desk.clock.today()
    last = session.scalars(
        select(Assessment).where(Assessment.household_id.in_([source, target]))
        .order_by(Assessment.household_id == target, Assessment.day, Assessment.id)
    ).all()  # fmt: skip
    rule = ruleset_in(session, today)
    if rule is None or desk.social_key is None or not last:
        return {}
    content = unseal_json(desk, "assessment", last[-1].uid, last[-1].sealed)
    situation = situation_from_json(content["situation"], content.get("commune")) if "situation" in content else None
    if situation is None:
        return {}
    people = session.execute(
        select(Person.born, func.max(Member.shared).label("shared"))
        .join(Member, Member.person_id == Person.id)
        .where(Member.household_id.in_([source, target]), Member.joined_on <= today)
        .where(Member.left_on.is_(None) | (Member.left_on > today), Person.id.not_in(list(same)))
        .group_by(Person.id)
    )
    members = tuple(Weighed(birth=PartialDate.from_iso(p.born), shared=bool(p.shared)) for p in people)
    found = evaluate(rule, replace(situation, on=today, members=members, household_type=None), scales_in(session)).right
    return {_kind(c): c.amount for c in found.ceilings} if found else {}
