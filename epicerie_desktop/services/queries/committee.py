"""Meetings of the committee: the studies that wait for one, and a meeting's situations without anything that tells who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.committee import AnonymousSituation, anonymous
from epicerie_desktop.domain.decisions import Answer, ReasonCode
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.support import ReferralReason
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Assessment,
    Decision,
    Household,
    Meeting,
    MeetingItem,
    SupportFile,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import hidden_in
from epicerie_desktop.services.queries.names import Named, names_in
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.sealing import unseal_json
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list."""

    id: int
    day: date
    place: str
    closed_at: datetime | None
    items: int
    answered: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What the committee answered to a situation; `months`, `permille` and `ceilings` only where the règlement leaves them.

    `ceilings` are amounts in cents, grams, units or points, in the order of `AnonymousSituation.ceilings_left`.
    """

    answer: Answer
    conditions: str = ""
    reason: str = ""
    reason_code: ReasonCode | None = None
    same_day_help: str = ""
    permille: int | None = None
    months: int | None = None
    ceilings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemView:
    """A situation on the list: `given` is None while it has no answer, or for an account without the second key."""

    id: int
    version: int
    situation: AnonymousSituation
    answer: Answer | None
    given: GivenAnswer | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting and its situations by rank. `whole` is false for an account that may not read sums: they are left out."""

    row: MeetingRow
    items: tuple[ItemView, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study without a final decision, for whoever prepares the meeting: this one has a name."""

    assessment: int
    household: Named
    day: date
    advice: OutcomeKind
    adjourned: bool
    item: int | None = None
    rank: int | None = None


def list_meetings(desk: Desk) -> tuple[MeetingRow, ...]:
    """Return the meetings: those to hold first, by day, then those closed, the latest first."""
    with desk.db.read() as session:
        rows = [_row(m, n, a) for m, n, a in session.execute(_meetings())]
    waiting = sorted((r for r in rows if r.closed_at is None), key=lambda r: (r.day, r.id))
    return (*waiting, *sorted((r for r in rows if r.closed_at is not None), key=lambda r: (r.day, r.id), reverse=True))


def _meetings() -> Any:
    return (
        select(Meeting, func.count(MeetingItem.id), func.count(MeetingItem.answer))
        .outerjoin(MeetingItem, MeetingItem.meeting_id == Meeting.id)
        .group_by(Meeting.id)
    )


def _row(meeting: Meeting, items: int, answered: int) -> MeetingRow:
    return MeetingRow(meeting.id, meeting.day, meeting.place, meeting.closed_at, items, answered)


def meeting_view(desk: Desk, meeting: int) -> MeetingView:
    """Return a meeting as the committee sees it. Without the second key its sums and answers' words are left out.

    Raises `RuleRefused` for a volunteer's account: even without a name, a list of situations is not for the counter.
    """
    if desk.actor.role == Role.VOLUNTEER:
        raise RuleRefused(N_("La séance de la commission n'est pas ouverte à ce compte."))
    with desk.db.read() as session:
        row = _row(*session.execute(_meetings().where(Meeting.id == meeting)).one())
        items = tuple(
            _item(session, desk, item, assessment)
            for item, assessment in session.execute(
                select(MeetingItem, Assessment)
                .join(Assessment, Assessment.id == MeetingItem.assessment_id)
                .where(MeetingItem.meeting_id == meeting)
                .order_by(MeetingItem.rank)
            )
        )
        return MeetingView(row, items, desk.social_key is not None)


def _item(session: Session, desk: Desk, item: MeetingItem, assessment: Assessment) -> ItemView:
    answer = Answer(item.answer) if item.answer else None
    given = _given(desk, item) if answer is not None and desk.social_key is not None else None
    return ItemView(item.id, item.version, situation_in(session, desk, item.rank, assessment), answer, given)


def situation_in(session: Session, desk: Desk, rank: int, assessment: Assessment) -> AnonymousSituation:
    """Return a statement as the committee sees it, inside a caller's block."""
    composition = compositions_in(session, [assessment.household_id], assessment.day)[assessment.household_id]
    file = session.scalars(
        select(SupportFile)
        .where(SupportFile.household_id == assessment.household_id)
        .order_by(SupportFile.closed_on.is_not(None), SupportFile.id.desc())
        .limit(1)
    ).first()
    reason = ReferralReason(file.reason_code) if file and file.reason_code else None
    urgent = bool(file and file.urgent)
    outcome = _outcome(desk, assessment)
    return anonymous(
        rank, composition.ages, composition.kind, outcome, reason, urgent=urgent, whole=desk.social_key is not None
    )


def _outcome(desk: Desk, assessment: Assessment) -> Mapping[str, Any]:
    if desk.social_key is None:
        return {"outcome": assessment.outcome, "band": assessment.band, "steps": (), "right": None, "missing": ()}
    content = unseal_json(desk, "assessment", assessment.uid, assessment.sealed)
    kept: dict[str, Any] = content["outcome"]
    # A statement kept before whole situations were cannot be weighed again: share and length are then for the committee.
    return kept if content.get("situation") else {**kept, "right": None}


def _given(desk: Desk, item: MeetingItem) -> GivenAnswer:
    assert item.answer is not None
    told = unseal_json(desk, "meeting_item", item.uid, item.sealed)
    code, ceilings = told.pop("reason_code", None), tuple(told.pop("ceilings", ()))
    return GivenAnswer(Answer(item.answer), reason_code=ReasonCode(code) if code else None, ceilings=ceilings, **told)


def waiting_studies(desk: Desk, meeting: int | None = None) -> tuple[StudyRow, ...]:
    """Return the last study of each open file without a final decision, those the règlement sends to the committee first.

    One on the list of `meeting` tells its item and rank; one on the list of another open meeting is left out. Files reserved
    to others are not in it, and while one is on the list of the meeting no rank is told: the one missing would be theirs.
    """
    with desk.db.read() as session:
        found = studies_in(session, desk, meeting)
        hidden = hidden_in(session, desk, [s.household.id for s in found])
    told = not any(s.item is not None for s in found if s.household.id in hidden)
    return tuple(s if told else replace(s, rank=None) for s in found if s.household.id not in hidden)


def studies_in(session: Session, desk: Desk, meeting: int | None = None) -> tuple[StudyRow, ...]:
    """Return every study that waits, as `waiting_studies` does, those of files reserved to others too: a meeting hears all."""
    latest = select(func.max(Assessment.id)).group_by(Assessment.household_id)
    final = select(Decision.id).where(
        Decision.assessment_id == Assessment.id, Decision.answer != Answer.ADJOURNED.value
    )
    opened = select(AccessGrant.id).where(AccessGrant.assessment_id == Assessment.id)
    elsewhere = (
        select(MeetingItem.id)
        .join(Meeting, Meeting.id == MeetingItem.meeting_id)
        .where(
            MeetingItem.household_id == Assessment.household_id,
            Meeting.closed_at.is_(None),
            Meeting.id != (meeting or 0),
        )
    )
    adjourned = select(Decision.id).where(
        Decision.assessment_id == Assessment.id, Decision.answer == Answer.ADJOURNED.value
    )
    rows = session.execute(
        select(Assessment, adjourned.exists().label("adjourned"))
        .join(Household, Household.id == Assessment.household_id)
        .where(Assessment.id.in_(latest), Household.closed_on.is_(None))
        .where(~final.exists(), ~opened.exists(), ~elsewhere.exists())
    ).all()
    listed = {i.household_id: i for i in session.scalars(select(MeetingItem).where(MeetingItem.meeting_id == meeting))}
    named = names_in(session, desk, [a.household_id for a, _adjourned in rows])
    found = []
    for a, again in rows:
        item = listed.get(a.household_id)
        found.append(
            StudyRow(
                a.id, named[a.household_id], a.day, OutcomeKind(a.outcome), again, item.id if item else None, item.rank if item else None
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda s: (s.advice is not OutcomeKind.COMMITTEE, s.day, s.assessment)))
