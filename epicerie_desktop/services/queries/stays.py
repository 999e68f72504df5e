"""The dated stays of households with their times away: what every count is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import LeftFor, PartialDate, TimeAway
from epicerie_desktop.domain.household_life import Stay
from epicerie_desktop.persistence.models import Away, Member, Person
from epicerie_desktop.persistence.prepared import Prepared

_AWAY = Prepared(
    select(Away.id, Away.member_id, Away.since, Away.until)
    .join(Member, Member.id == Away.member_id)
    .where(Member.household_id.in_(bindparam("households", expanding=True)))
    .order_by(Away.since)
)
_EVERY_AWAY = select(Away.member_id, Away.since, Away.until)
_STAYS = (
    select(
        Member.id, Member.household_id, Member.person_id, Person.first_name, Person.last_name, Member.link, Person.born,
        Member.joined_on, Member.left_on, Member.left_for, Member.shared,
    )
    .join(Person, Person.id == Member.person_id)
    .where(Member.household_id.in_(bindparam("households", expanding=True)))
    .order_by(Member.household_id, Member.id)
)  # fmt: skip


def aways_in(session: Session, households: Sequence[int]) -> Mapping[int, tuple[TimeAway, ...]]:
    """Return the times away of the members of several households, by stay; a stay without any is not there."""
    found: dict[int, list[TimeAway]] = defaultdict(list)
    for r in _AWAY.rows(session, {"households": list(households)}):
        found[r.member_id].append(TimeAway(r.since, r.until))
    return {member: tuple(spans) for member, spans in found.items()}


def every_away_in(session: Session) -> Mapping[int, tuple[TimeAway, ...]]:
    """Return the times away of the whole shop, by stay: for a report, which reads everything once."""
    found: dict[int, list[TimeAway]] = defaultdict(list)
    for r in session.connection().execute(_EVERY_AWAY):
        found[r.member_id].append(TimeAway(r.since, r.until))
    return {member: tuple(spans) for member, spans in found.items()}


def stays_in(session: Session, household: int) -> tuple[Stay, ...]:
    """Return every stay of a household, past ones too, as they are kept."""
    away: dict[int, list[tuple[int, TimeAway]]] = defaultdict(list)
    for a in _AWAY.rows(session, {"households": [household]}):
        away[a.member_id].append((a.id, TimeAway(a.since, a.until)))
    return tuple(
        Stay(
            r.id, r.person_id, f"{r.first_name} {r.last_name}", r.link, PartialDate.from_iso(r.born), r.joined_on, r.left_on,
            LeftFor(r.left_for) if r.left_for else None, r.shared, tuple(away[r.id]),
        )
        for r in session.connection().execute(_STAYS, {"households": [household]})
    )  # fmt: skip
