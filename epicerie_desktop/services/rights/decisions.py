"""Deciding on a right: granted, refused or adjourned, by a worker or the committee, on a statement kept as it was."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode, differs
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, OutcomeKind
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Assessment, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.files import refuse_merged
from epicerie_desktop.services.rights.decide import RightForm, open_right_in
from epicerie_desktop.services.sealing import seal_json, social_key, unseal_json
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A decision as taken. `right` only where it is granted; `exception_by` names the role of the règlement that excepts."""

    household: int
    answer: Answer
    maker: Maker
    day: date
    assessment_id: int | None = None
    reason_code: ReasonCode | None = None
    reason: str = ""
    conditions: str = ""
    same_day_help: str = ""
    right: RightForm | None = None
    exception_by: str = ""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision written, and the right it opened if any."""

    id: int
    grant: int | None


def record_decision(desk: Desk, form: DecisionForm) -> RecordedDecision:
    """Write a decision, with the right it opens, all or nothing.

    Raises `BadInput` where something is missing or contradicts, or for what `open_right` refuses; `RuleRefused` for an
    account that may not write reasons.
    """
    with desk.db.write() as session:
        file_in(session, desk, form.household)
        return record_decision_in(session, desk, form)


def record_decision_in(session: Session, desk: Desk, form: DecisionForm) -> RecordedDecision:
    """Write a decision inside a caller's block, as `record_decision` does."""
    social_key(desk)
    refuse_merged(session, form.household)
    told = {
        "reason": checked_text(form.reason), "conditions": checked_text(form.conditions),
        "same_day_help": checked_text(form.same_day_help), "exception_by": checked_text(form.exception_by),
    }  # fmt: skip
    assessment = _assessment(session, form)
    _check(desk, form, told)
    advice = OutcomeKind(assessment.outcome) if assessment else None
    if differs(form.answer, form.maker, advice) and not told["reason"]:
        raise BadInput(
            N_("Cette décision s'écarte de l'avis du règlement : écrivez pourquoi, pour pouvoir l'expliquer plus tard.")
        )
    if told["exception_by"]:
        _check_exception(desk, assessment, told["exception_by"])
    grant = None
    if form.right is not None:
        if not told["exception_by"]:
            _check_length(form.right)
        right = replace(form.right, assessment_id=form.assessment_id)
        grant = open_right_in(session, desk, form.household, right, reopen=form.maker is Maker.WORKER)
    uid = uuid.uuid4()
    kept = {key: text for key, text in told.items() if text}
    row = Decision(
        uid=uid, household_id=form.household, assessment_id=form.assessment_id, grant_id=grant, day=form.day,
        maker=form.maker.value, answer=form.answer.value, advice=advice.value if advice else None,
        reason_code=form.reason_code.value if form.reason_code else None,
        sealed=seal_json(desk, "decision", uid, kept) if kept else None, made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(
        session, desk, "decision",
        {"decision": row.id, "household": form.household, "assessment": form.assessment_id, "answer": row.answer,
         "maker": row.maker, "advice": row.advice, "reason": row.reason_code, "grant": grant},
    )  # fmt: skip
    return RecordedDecision(row.id, grant)


def _assessment(session: Session, form: DecisionForm) -> Assessment | None:
    """Return the statement decided on. Raises `BadInput` for another household's, or one made after the decision."""
    if form.assessment_id is None:
        return None
    row = session.get(Assessment, form.assessment_id)
    if row is None or row.household_id != form.household:
        raise BadInput(N_("Cette évaluation n'est pas celle de ce foyer : rouvrez son dossier."))
    if row.day > form.day:
        raise BadInput(N_("Cette décision précède l'évaluation sur laquelle elle est prise : vérifiez sa date."))
    return row


def _check(desk: Desk, form: DecisionForm, told: dict[str, str]) -> None:
    """Raise `BadInput` where the parts of a decision do not go together."""
    if form.day > desk.clock.today():
        raise BadInput(N_("Une décision ne se date pas à l'avance : vérifiez sa date."))
    if form.answer is Answer.GRANTED and form.right is None:
        raise BadInput(N_("Un accord ouvre un droit : indiquez ses dates et la participation."))
    if form.answer is not Answer.GRANTED and form.right is not None:
        raise BadInput(N_("Seul un accord ouvre un droit : changez la réponse, ou retirez le droit."))
    if form.answer is not Answer.REFUSED:
        if form.reason_code is not None:
            raise BadInput(N_("Un motif de refus ne va qu'avec un refus : changez la réponse, ou retirez le motif."))
        return
    if form.reason_code is None:
        raise BadInput(N_("Choisissez le motif du refus : il est dit au foyer."))
    if form.reason_code is ReasonCode.OTHER and not told["reason"]:
        raise BadInput(N_("Écrivez la raison du refus : le motif choisi ne la dit pas."))
    if not told["same_day_help"]:
        raise BadInput(N_("Un refus propose toujours une aide pour le jour même : dites laquelle."))


def _check_length(right: RightForm) -> None:
    """Raise `BadInput` for a last day outside what the règlement leaves to those who decide; an exception may go further."""
    least, most = (right.terms.get(f"duration_{end}") for end in ("least", "most"))
    first = _end(least, right.valid_from) if least else None
    last = _end(most, right.valid_from) if most else None
    if first is not None and right.valid_until < first:
        raise BadInput(
            N_("Le règlement demande un droit plus long : le dernier jour est le {day} au plus tôt."),
            day=lambda: shown.day(first),
        )
    if last is not None and right.valid_until > last:
        raise BadInput(
            N_("Le règlement ne permet pas un droit si long : le dernier jour est le {day} au plus tard."),
            day=lambda: shown.day(last),
        )


def _end(length: dict[str, Any], start: date) -> date:
    return Duration(DurationUnit(length["unit"]), int(length["count"])).end(start)


def _check_exception(desk: Desk, assessment: Assessment | None, by: str) -> None:
    """Raise `BadInput` where the règlement applied names no such role for that answer."""
    outcome = (
        unseal_json(desk, "assessment", assessment.uid, assessment.sealed).get("outcome", {}) if assessment else {}
    )
    if by not in [e["by"] for e in outcome.get("exceptions", ())]:
        raise BadInput(N_("Le règlement ne permet pas d'exception accordée par « {by} » dans ce cas."), by=by)
