"""Weighing a situation without writing anything: the answer, and for the worker only what could change it."""

from __future__ import annotations

from dataclasses import dataclass

from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import Outcome, Step
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.sensitivity import sensitivity
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.rulesets import row_on
from epicerie_desktop.services.rights.scales import scales_in


@dataclass(frozen=True, slots=True)
class Weighed:
    """The answer of the règlement, and for the worker only what could change it."""

    outcome: Outcome
    could_change: tuple[Step, ...]


def weighed(desk: Desk, situation: Situation) -> Weighed:
    """Return what the règlement of the day answers, and what could change it. Raises `RuleRefused` where it cannot.

    What is missing is told by the answer itself, and not said twice.
    """
    with desk.db.read() as session:
        rule, scales = parse_ruleset(row_on(session, situation.on).text), scales_in(session)
    outcome = evaluate(rule, situation, scales)
    found = sensitivity(rule, situation, outcome, scales)
    return Weighed(outcome, tuple(s for s in found if s.code != "missing"))
