"""A meeting of the committee: its list, the answers it gives, and its closing, which makes them decisions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.committee import AnonymousSituation
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode, differs
from epicerie_desktop.domain.eligibility.outcome import ceiling_left
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import Assessment, Meeting, MeetingItem
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.committee import GivenAnswer, meeting_view, situation_in, studies_in
from epicerie_desktop.services.rights.committee_right import right_in
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision_in
from epicerie_desktop.services.sealing import seal_json, social_key
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.format import day as shown_day
from epicerie_desktop.support.i18n import N_

MOST_MONTHS = 36
"""The longest right the committee gives: three years, as everywhere."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The committee's answer to the situation of an item, as read at `version`."""

    item: int
    version: int
    given: GivenAnswer


def prepare_meeting(desk: Desk, day: date, place: str = "") -> int:
    """Make a meeting and return its id; the studies that the règlement sends to the committee are put on its list.

    Raises `RuleRefused` without the second key or where a meeting of that day is open already, `BadInput` for a day gone by.
    """
    social_key(desk)
    if day < desk.clock.today():
        raise BadInput(N_("Ce jour est passé : donnez celui de la prochaine séance."))
    kept = checked_text(place, 120)
    with desk.db.write() as session:
        studies = [s for s in studies_in(session, desk) if s.advice is OutcomeKind.COMMITTEE or s.adjourned]
        if session.execute(select(Meeting.id).where(Meeting.day == day, Meeting.closed_at.is_(None))).first():
            raise RuleRefused(N_("Une séance est déjà prévue ce jour-là."))
        meeting = Meeting(day=day, place=kept)
        session.add(meeting)
        session.flush()
        for rank, study in enumerate(studies, 1):
            _add_in(session, desk, meeting.id, study.assessment, rank)
        seal_in_journal(
            session, desk, "meeting", {"meeting": meeting.id, "day": day.isoformat(), "items": len(studies)}
        )  # fmt: skip
        return meeting.id


def add_item(desk: Desk, meeting: int, assessment: int) -> int:
    """Put a study at the end of a meeting's list and return its item. Raises `RuleRefused`: closed, already on it, no key."""
    social_key(desk)
    with desk.db.write() as session:
        _open(session, meeting)
        household = file_in(session, desk, session.get_one(Assessment, assessment).household_id).id
        there = select(MeetingItem.id).where(MeetingItem.meeting_id == meeting, MeetingItem.household_id == household)
        if session.execute(there).first():
            raise RuleRefused(N_("Cette situation est déjà à l'ordre du jour."))
        last = session.scalar(select(func.max(MeetingItem.rank)).where(MeetingItem.meeting_id == meeting))
        item = _add_in(session, desk, meeting, assessment, (last or 0) + 1)
        seal_in_journal(session, desk, "meeting.item", {"meeting": meeting, "item": item, "assessment": assessment})
        return item


def _add_in(session: Session, desk: Desk, meeting: int, assessment: int, rank: int) -> int:
    household = session.get_one(Assessment, assessment).household_id
    row = MeetingItem(uid=uuid.uuid4(), meeting_id=meeting, household_id=household, assessment_id=assessment, rank=rank)
    touch(row, desk, None)
    session.add(row)
    session.flush()
    return row.id


def remove_item(desk: Desk, item: int) -> None:
    """Take a situation off the list; those after it move up. Raises `RuleRefused`: closed, already answered, no key."""
    social_key(desk)
    with desk.db.write() as session:
        row = session.get_one(MeetingItem, item)
        _open(session, row.meeting_id)
        if row.answer is not None:
            raise RuleRefused(N_("La commission a déjà répondu à cette situation."))
        meeting, rank = row.meeting_id, row.rank
        session.delete(row)
        session.flush()
        after = select(MeetingItem).where(MeetingItem.meeting_id == meeting, MeetingItem.rank > rank)
        for other in session.scalars(after.order_by(MeetingItem.rank)).all():
            other.rank -= 1
            touch(other, desk, None)
            session.flush()
        seal_in_journal(session, desk, "meeting.removed", {"meeting": meeting, "item": item})


def answer_item(desk: Desk, form: AnswerForm) -> None:
    """Note the committee's answer; it may change until the meeting is closed, and opens nothing before.

    Raises `BadInput` with what is missing, `Stale`, `RuleRefused` for a closed meeting or without the second key.
    """
    social_key(desk)
    g = form.given
    told = {
        "conditions": checked_text(g.conditions), "reason": checked_text(g.reason), "same_day_help": checked_text(g.same_day_help),
        "reason_code": g.reason_code.value if g.reason_code else None, "permille": g.permille, "months": g.months,
        "ceilings": list(g.ceilings) or None,
    }  # fmt: skip
    with desk.db.write() as session:
        row = session.get_one(MeetingItem, form.item)
        _open(session, row.meeting_id)
        assessment = session.get_one(Assessment, row.assessment_id)
        _check(g, situation_in(session, desk, row.rank, assessment))
        touch(row, desk, form.version)
        row.answer = g.answer.value
        row.sealed = seal_json(desk, "meeting_item", row.uid, {k: v for k, v in told.items() if v not in (None, "")})
        session.flush()
        seal_in_journal(
            session, desk, "meeting.answer", {"meeting": row.meeting_id, "item": row.id, "answer": row.answer}
        )  # fmt: skip


def _check(given: GivenAnswer, situation: AnonymousSituation) -> None:
    """Raise `BadInput` with what is missing to an answer."""
    match given.answer:
        case Answer.GRANTED:
            _check_granted(given, situation)
        case Answer.ADJOURNED:
            if not given.conditions.strip():
                raise BadInput(N_("Dites ce qui est attendu pour décider : la lettre le demandera au foyer."))
        case Answer.REFUSED:
            if given.reason_code is None:
                raise BadInput(N_("Choisissez le motif du refus : il est dit au foyer."))
            if given.reason_code is ReasonCode.OTHER and not given.reason.strip():
                raise BadInput(N_("Écrivez la raison du refus : le motif choisi ne la dit pas."))
            if not given.same_day_help.strip():
                raise BadInput(N_("Un refus propose toujours une aide pour le jour même : dites laquelle."))
    if differs(given.answer, Maker.COMMITTEE, situation.advice) and not given.reason.strip():
        raise BadInput(N_("Cette réponse s'écarte de l'avis du règlement : écrivez pourquoi."))


def _check_granted(given: GivenAnswer, situation: AnonymousSituation) -> None:
    if situation.share_left and given.permille is None:
        raise BadInput(N_("Indiquez la participation : le règlement la laisse à la commission."))
    if given.permille is not None and not 0 <= given.permille <= 1000:
        raise BadInput(N_("La participation va de 0 % à 100 %."))
    if situation.length_left and given.months is None:
        raise BadInput(N_("Indiquez la durée : le règlement la laisse à la commission."))
    if given.months is not None and not 1 <= given.months <= MOST_MONTHS:
        raise BadInput(N_("Un droit dure de 1 à {most} mois."), most=MOST_MONTHS)
    if len(given.ceilings) != len(situation.ceilings_left):
        raise BadInput(N_("Indiquez le plafond : le règlement le laisse à la commission."))
    for amount, left in zip(given.ceilings, situation.ceilings_left, strict=True):
        if not 0 < amount <= MAX_CENTS:
            raise BadInput(N_("Un plafond est plus grand que zéro."))
        if (left.least is not None and amount < left.least) or (left.most is not None and amount > left.most):
            raise BadInput(
                N_("Le plafond sort de ce que permet le règlement. {told}"), told=ceiling_left(left).sentence()
            )


def close_meeting(desk: Desk, meeting: int) -> int:
    """Make every answer a decision, with the rights they open, all or nothing; return how many.

    Raises `BadInput` where a situation has no answer or the day has not come, `RuleRefused` naming the situation that cannot
    be decided (a file closed meanwhile, a right opened or a suspension begun since).
    """
    social_key(desk)
    today = desk.clock.today()
    items = {i.id: i for i in meeting_view(desk, meeting).items}
    with desk.db.write() as session:
        row = _open(session, meeting)
        planned = row.day
        if planned > today:
            raise BadInput(
                N_("La séance est prévue le {day} : elle se clôt une fois tenue."), day=lambda: shown_day(planned)
            )
        rows = session.scalars(
            select(MeetingItem).where(MeetingItem.meeting_id == meeting).order_by(MeetingItem.rank)
        ).all()
        silent = [str(r.rank) for r in rows if r.answer is None]
        if silent:
            raise BadInput(N_("Il reste à répondre : situation n° {ranks}."), ranks=", ".join(silent))
        for item in rows:
            view = items.get(item.id)
            if view is None or view.version != item.version or view.given is None:
                raise RuleRefused(N_("La séance a changé pendant ce temps : recommencez."))
            item.decision_id = _decide_in(session, desk, item, view.given)
        row.closed_at = desk.clock.now()
        session.flush()
        seal_in_journal(session, desk, "meeting.closed", {"meeting": meeting, "decisions": len(rows)})
        return len(rows)


def _decide_in(session: Session, desk: Desk, item: MeetingItem, given: GivenAnswer) -> int:
    try:
        right = right_in(session, desk, item, given) if given.answer is Answer.GRANTED else None
        form = DecisionForm(
            item.household_id, given.answer, Maker.COMMITTEE, desk.clock.today(), item.assessment_id, given.reason_code,
            given.reason, given.conditions, given.same_day_help, right,
        )  # fmt: skip
        return record_decision_in(session, desk, form).id
    except RuleRefused as error:
        # Nothing is kept: the sentence says which situation of the list to mend.
        raise RuleRefused(N_("Situation n° {rank} : {why}"), rank=item.rank, why=error.__str__) from error


def _open(session: Session, meeting: int) -> Meeting:
    row = session.get_one(Meeting, meeting)
    if row.closed_at is not None:
        raise RuleRefused(N_("Cette séance est close : ses réponses sont définitives."))
    return row
