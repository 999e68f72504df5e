"""Trying a règlement on every open file before it is adopted: who gains, who loses. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.comparison import Answer, Change, Compared, Stated, compare
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.situation import Member, Situation, SituationInvalid, read_situation
from epicerie_desktop.domain.household import Membership, PartialDate, composition_on
from epicerie_desktop.persistence.models import Address, Assessment, Away, Household, Person, ReservedTo
from epicerie_desktop.persistence.models import Member as MemberRow
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.rulesets import row_on
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.services.sealing import social_key, unseal_json

BATCH = 200
"""Households read together: often enough for progress to move and a stop to be heard."""


@dataclass(frozen=True, slots=True)
class ComparedHousehold:
    """A household under both rules: its id, number and holder (last name first), what each answers, what that changes.

    `before` and `after` are None where the household made no statement, or one that no rule can be applied to.
    """

    household: int
    number: str
    holder: str
    before: Answer | None
    after: Answer | None
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """What adopting `new` in place of `old` (their names) would change on the day `on`.

    `rows` are in order of household number, `totals` counts them by change, zeros included. `stopped` when it was
    cancelled: the rows are then those done. `reserved` is how many reserved files, closed to this account, were left out.
    """

    on: date
    old: str
    new: str
    rows: tuple[ComparedHousehold, ...]
    totals: dict[Change, int]
    reserved: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class _Stay:
    membership: Membership
    shared: bool
    away: bool


def compare_rulesets(
    desk: Desk,
    candidate_text: str,
    on: date,
    progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
    cancelled: Callable[[], bool] = lambda: False,
) -> Comparison:
    """Return every open household under the règlement in force on `on` and under the candidate, that same day.

    Each one's last statement is opened and weighed afresh under both. `progress(done, of)` is called after each batch;
    `cancelled()` is asked before each. Raises `RuleRefused`: no règlement in force that day, an account that may not read
    statements; `RulesetInvalid` for the candidate. Writes nothing.
    """
    social_key(desk)
    new = parse_ruleset(candidate_text)
    rows: list[ComparedHousehold] = []
    stopped = False
    with desk.db.read() as session:
        old, scales = parse_ruleset(row_on(session, on).text), scales_in(session)
        rules: dict[int, Ruleset] = {}
        names, reserved = _names_in(session, desk)
        ids = list(names)
        progress(0, len(ids))
        for start in range(0, len(ids), BATCH):
            if cancelled():
                stopped = True
                break
            batch = ids[start : start + BATCH]
            stated = {s.household: s for s in _stated_in(session, desk, batch, on, rules)}
            found = {c.household: c for c in compare(old, new, stated.values(), scales)}
            for household in batch:
                c = found.get(household) or Compared(household, None, None, Change.CANNOT_TELL)
                rows.append(ComparedHousehold(household, *names[household], c.before, c.after, c.change))
            progress(min(start + BATCH, len(ids)), len(ids))
    counted = {change: sum(1 for r in rows if r.change is change) for change in Change}
    return Comparison(on, old.name, new.name, tuple(rows), counted, reserved, stopped)


def _names_in(session: Session, desk: Desk) -> tuple[dict[int, tuple[str, str]], int]:
    """Return number and holder of each open file this account may open, by id, and how many it may not."""
    mine = select(ReservedTo.household_id).where(ReservedTo.account_id == desk.actor.id)
    found: dict[int, tuple[str, str]] = {}
    hidden = 0
    for h in session.execute(
        select(
            Household.id, Household.number, Person.last_name, Person.first_name,
            or_(~Household.reserved, Household.id.in_(mine)).label("readable"),
        )
        .outerjoin(Person, Person.id == Household.holder_id)
        .where(Household.closed_on.is_(None), Household.merged_into_id.is_(None))
        .order_by(Household.number)
    ):  # fmt: skip
        if h.readable:
            found[h.id] = (h.number, f"{h.last_name or ''} {h.first_name or ''}".strip() or "–")
        else:
            hidden += 1
    return found, hidden


def _stated_in(
    session: Session, desk: Desk, households: list[int], on: date, rules: dict[int, Ruleset]
) -> Iterator[Stated]:
    """Give the last statement of each household, as of `on`; `rules` keeps the règlements they were made under."""
    last = (
        select(func.max(Assessment.id)).where(Assessment.household_id.in_(households)).group_by(Assessment.household_id)
    )
    living: dict[int, tuple[list[_Stay], str | None]] | None = None
    for row in session.execute(
        select(Assessment.household_id, Assessment.ruleset_id, Assessment.uid, Assessment.sealed).where(Assessment.id.in_(last))
    ).all():  # fmt: skip
        content = unseal_json(desk, "assessment", row.uid, row.sealed)
        situation = _kept(content, on)
        if situation is None:
            if living is None:
                living = _living_in(session, households, on)
            situation = _rebuilt(content, on, *living.get(row.household_id, ([], None)))
        if row.ruleset_id not in rules:
            rules[row.ruleset_id] = parse_ruleset(session.get_one(RulesetRow, row.ruleset_id).text)
        asked = rules[row.ruleset_id]
        yield Stated(
            row.household_id,
            situation,
            frozenset(t.code for t in asked.resources),
            frozenset(t.code for t in asked.charges),
        )


def _kept(content: dict[str, Any], on: date) -> Situation | None:
    """Return the situation kept whole with a statement, moved to `on`; None where it was not kept or cannot be read."""
    if "situation" not in content:
        return None
    try:
        found = read_situation(content["situation"])
    except SituationInvalid:
        return None
    return replace(found, on=on, commune=found.commune or content.get("commune"))


def _rebuilt(content: dict[str, Any], on: date, stays: list[_Stay], commune: str | None) -> Situation:
    present = [s for s in stays if s.membership.counted_on(on)]
    kind = composition_on((s.membership for s in present), on).kind if present else None

    def lines(key: str) -> tuple[tuple[str, int | None], ...] | None:
        return None if content[key] is None else tuple((str(code), cents) for code, cents in content[key])

    members = tuple(Member(birth=s.membership.born, shared=s.shared, away=s.away) for s in present)
    return Situation(on, members, kind, commune, lines("resources"), lines("charges"))


def _living_in(session: Session, households: list[int], on: date) -> dict[int, tuple[list[_Stay], str | None]]:
    """Return the stays and the commune on `on` of each household; a commune outside the list stands by its name."""
    found: dict[int, tuple[list[_Stay], str | None]] = {}
    communes = {
        a.household_id: a.commune_code or a.commune_name or None
        for a in session.execute(
            select(Address.household_id, Address.commune_code, Address.commune_name)
            .where(Address.household_id.in_(households), Address.valid_from <= on)
            .order_by(Address.valid_from)
        )
    }
    away = select(Away.id).where(
        Away.member_id == MemberRow.id, Away.since <= on, or_(Away.until.is_(None), Away.until >= on)
    )
    for m in session.execute(
        select(
            MemberRow.household_id, MemberRow.person_id, MemberRow.link, MemberRow.joined_on, MemberRow.left_on, MemberRow.shared,
            Person.born, away.exists().label("away"),
        )
        .join(Person, Person.id == MemberRow.person_id)
        .where(MemberRow.household_id.in_(households))
    ):  # fmt: skip
        stays, _commune = found.setdefault(m.household_id, ([], communes.get(m.household_id)))
        membership = Membership(m.person_id, m.link, PartialDate.from_iso(m.born), m.joined_on, m.left_on)
        stays.append(_Stay(membership, m.shared, m.away))
    return found
