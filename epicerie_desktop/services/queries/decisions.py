"""The decisions taken for a household, and the statements they were taken on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.persistence.models import AccessGrant, Account, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import family_in, open_in, reading
from epicerie_desktop.services.sealing import unseal_json


@dataclass(frozen=True, slots=True)
class DecisionTexts:
    """What was written with a decision; each empty where nothing was."""

    reason: str = ""
    conditions: str = ""
    same_day_help: str = ""
    exception_by: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision; `texts` is None where not asked for, or not readable by this account; `valid_from` and `valid_until` those of its right."""

    id: int
    household: int
    day: date
    maker: Maker
    answer: Answer
    advice: OutcomeKind | None
    reason_code: ReasonCode | None
    assessment_id: int | None
    grant_id: int | None
    valid_from: date | None
    valid_until: date | None
    made_at: datetime
    made_by: str
    texts: DecisionTexts | None


def decisions_of(desk: Desk, household: int, *, texts: bool = True) -> tuple[DecisionRow, ...]:
    """Return the decisions on a household and on files merged into it, the newest first; without `texts` none is unsealed, for a list."""
    with reading(desk) as session:
        open_in(session, desk, household)
        wanted = _wanted().where(Decision.household_id.in_(family_in(session, household)))
        return _rows(session, desk, wanted, texts=texts)


def decision_of(desk: Desk, decision: int) -> DecisionRow:
    """Return one decision."""
    with reading(desk) as session:
        return decision_in(session, desk, decision)


def decision_in(session: Session, desk: Desk, decision: int) -> DecisionRow:
    """Return one decision, inside a caller's `reading` block. Raises `RuleRefused` where this account may not open the file."""
    found = _rows(session, desk, _wanted().where(Decision.id == decision))[0]
    open_in(session, desk, found.household)
    return found


def _wanted() -> Any:
    return (
        select(Decision, AccessGrant.valid_from, AccessGrant.valid_until, Account.name)
        .join(Account, Account.id == Decision.made_by)
        .outerjoin(AccessGrant, AccessGrant.id == Decision.grant_id)
        .order_by(Decision.day.desc(), Decision.id.desc())
    )


def _rows(session: Session, desk: Desk, wanted: Any, *, texts: bool = True) -> tuple[DecisionRow, ...]:
    return tuple(
        DecisionRow(
            d.id, d.household_id, d.day, Maker(d.maker), Answer(d.answer), OutcomeKind(d.advice) if d.advice else None,
            ReasonCode(d.reason_code) if d.reason_code else None, d.assessment_id, d.grant_id, since, until, d.made_at, name,
            None if desk.social_key is None or not texts else DecisionTexts(**unseal_json(desk, "decision", d.uid, d.sealed)),
        )
        for d, since, until, name in session.execute(wanted)
    )  # fmt: skip
