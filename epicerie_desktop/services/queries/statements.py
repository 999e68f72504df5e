"""The statements a household made: their list in the clear, one of them opened as it was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.eligibility.situation import Line, Situation
from epicerie_desktop.domain.eligibility.situation_json import situation_from_json
from epicerie_desktop.domain.statements import Said, said_from_json
from epicerie_desktop.persistence.models import Account, Assessment
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import family_in, open_in, reading
from epicerie_desktop.services.sealing import social_key, unseal_json


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in a list: what is in the clear."""

    id: int
    day: date
    kind: OutcomeKind
    band: str | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement opened: lines in cents a month, what was said besides, the answer as it was told that day.

    `situation` is None for a statement kept before whole situations were; `ruleset` is the name of the one applied.
    """

    id: int
    household: int
    day: date
    kind: OutcomeKind
    resources: tuple[Line, ...] | None
    charges: tuple[Line, ...] | None
    said: Said
    situation: Situation | None
    outcome: Mapping[str, Any]
    ruleset: str
    made_by: str

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the sum step by step, in the sentences of that day."""
        return tuple(str(s["sentence"]) for s in self.outcome["steps"])

    @property
    def advice(self) -> tuple[str, ...]:
        """Return where the règlement sent the household."""
        return tuple(self.outcome["advice"])


def statements_of(desk: Desk, household: int) -> tuple[StatementRow, ...]:
    """Return the statements of a household and of files merged into it, the newest first, without opening any."""
    with reading(desk) as session:
        open_in(session, desk, household)
        rows = session.execute(
            select(Assessment.id, Assessment.day, Assessment.outcome, Assessment.band, Assessment.made_at, Account.name)
            .join(Account, Account.id == Assessment.made_by)
            .where(Assessment.household_id.in_(family_in(session, household)))
            .order_by(Assessment.day.desc(), Assessment.id.desc())
        )
        return tuple(StatementRow(i, day, OutcomeKind(kind), band, at, by) for i, day, kind, band, at, by in rows)


def statement_of(desk: Desk, assessment: int) -> KeptStatement:
    """Return a statement as it was taken. Raises `RuleRefused` for an account that may not read it."""
    with reading(desk) as session:
        kept = statement_in(session, desk, assessment)
        open_in(session, desk, kept.household)
        return kept


def statement_in(session: Session, desk: Desk, assessment: int) -> KeptStatement:
    """Return a statement inside a caller's block, which says first whether the account may open the file.

    The committee weighs a statement by its rank, whose file it is being nobody's matter.
    """
    social_key(desk)
    row, ruleset, by = session.execute(
        select(Assessment, RulesetRow.name, Account.name)
        .join(RulesetRow, RulesetRow.id == Assessment.ruleset_id)
        .join(Account, Account.id == Assessment.made_by)
        .where(Assessment.id == assessment)
    ).one()
    content = unseal_json(desk, "assessment", row.uid, row.sealed)
    kept = content.get("situation")
    return KeptStatement(
        row.id, row.household_id, row.day, OutcomeKind(row.outcome), _lines(content["resources"]), _lines(content["charges"]),
        said_from_json(content), situation_from_json(kept, content.get("commune")) if kept else None, content["outcome"], ruleset, by,
    )  # fmt: skip


def last_statement_in(session: Session, desk: Desk, household: int) -> KeptStatement | None:
    """Return the last statement of a household, None where it made none."""
    found = session.scalars(
        select(Assessment.id)
        .where(Assessment.household_id.in_(family_in(session, household)))
        .order_by(Assessment.id.desc())
        .limit(1)
    ).first()
    return None if found is None else statement_in(session, desk, found)


def _lines(lines: list[list[Any]] | None) -> tuple[Line, ...] | None:
    return None if lines is None else tuple((str(code), cents) for code, cents in lines)
