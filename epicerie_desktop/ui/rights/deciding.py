"""What the data thread does for the worker's screen: weigh, and keep a statement with the decision it led to. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.decisions import Maker
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.statements import Said
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import decide, weighing
from epicerie_desktop.services.rights.decisions import DecisionForm, RecordedDecision, record_decision
from epicerie_desktop.services.rights.weighing import Weighed
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.rights.decision import Settled


@dataclass(frozen=True, slots=True)
class Statement:
    """What is declared: the situation weighed, and what is said besides."""

    situation: Situation
    said: Said


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision: the statement kept, then the decision written or the refusal to write it."""

    assessment: int
    decision: RecordedDecision | None
    refusal: RuleRefused | None = None


def weighed(desk: Desk, situation: Situation) -> Weighed | RuleRefused:
    """Return what the règlement answers, or why it cannot."""
    try:
        return weighing.weighed(desk, situation)
    except RuleRefused as refusal:
        return refusal


def decided(
    desk: Desk, household: int, statement: Statement, settled: Settled, today: date, kept: int | None
) -> Decided:
    """Keep the statement, then write the decision. A decision refused leaves the statement kept: it was declared all the same."""
    assessment = (
        kept if kept is not None else decide.record_assessment(desk, household, statement.situation, statement.said)[0]
    )
    form = DecisionForm(
        household, settled.answer, Maker.WORKER, today, assessment, settled.reason_code, settled.reason, settled.conditions,
        settled.same_day_help, settled.right, settled.exception_by,
    )  # fmt: skip
    try:
        return Decided(assessment, record_decision(desk, form))
    except RuleRefused as refusal:
        return Decided(assessment, None, refusal)
