"""What the data thread does for the worker's screen: weigh, and keep a statement with the right it led to. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from epicerie_desktop.domain.eligibility.outcome import Outcome
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.support.errors import RuleRefused


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision: the statement kept, then the right opened or the refusal."""

    assessment: int
    right: int | None
    refusal: RuleRefused | None = None


def weighed(desk: Desk, situation: Situation) -> Outcome | RuleRefused:
    """Return what the règlement answers, or why it cannot."""
    try:
        return decide.weigh(desk, situation)
    except RuleRefused as refusal:
        return refusal


def decided(desk: Desk, household: int, situation: Situation, form: RightForm, kept: int | None) -> Decided:
    """Keep the statement, then open the right. A refused right leaves the statement kept: it was declared all the same."""
    assessment = kept if kept is not None else decide.record_assessment(desk, household, situation)[0]
    try:
        return Decided(assessment, decide.open_right(desk, household, replace(form, assessment_id=assessment)))
    except RuleRefused as refusal:
        return Decided(assessment, None, refusal)
