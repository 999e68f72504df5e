"""What could change an answer, for the worker only: uncounted lines and birthdays, each tried by a new evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import LABELS, Money, Outcome, Phrase, Step
from epicerie_desktop.domain.eligibility.rules import Ruleset, ScaleFigure
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.support.i18n import N_

DAYS_AHEAD = 92
"""How far a birthday is looked for: three months."""


def sensitivity(
    rule: Ruleset, situation: Situation, outcome: Outcome, scales: Iterable[ScaleFigure] = ()
) -> tuple[Step, ...]:
    """Return what would change `outcome`: what is missing, each line not counted that would turn it, a birthday near."""
    known = tuple(scales)
    found = [Step("missing", N_("Sans réponse : {label}."), (("label", m.label),)) for m in outcome.missing]
    for key in ("resources", "charges"):
        types = rule.resources if key == "resources" else rule.charges
        lines = situation.resources if key == "resources" else situation.charges
        for row in types:
            cents = sum(c or 0 for code, c in lines or () if code == row.code)
            if row.counted or not cents:
                continue
            counted = tuple(replace(t, counted=True) if t is row else t for t in types)
            changed = replace(rule, resources=counted) if key == "resources" else replace(rule, charges=counted)
            other = evaluate(changed, situation, known)
            if other.kind is not outcome.kind:
                found.append(Step("line", N_("{label} ({amount} par mois) n'est pas compté ; compté, la réponse serait : {answer}."),
                                  (("label", row.label), ("amount", Money(Fraction(cents))),
                                   ("answer", Phrase(LABELS[other.kind])))))  # fmt: skip
    for day in _birthdays(situation):
        later = evaluate(rule, replace(situation, on=day), known)
        if later.kind is not outcome.kind:
            found.append(Step("birthday", N_("Le {day}, un anniversaire changerait la réponse : {answer}."),
                              (("day", day), ("answer", Phrase(LABELS[later.kind])))))  # fmt: skip
            break
    return tuple(found)


def _birthdays(at: Situation) -> list[date]:
    """Return the days, within three months, on which someone's surely known age changes."""
    ages = [m.age_on(at.on) for m in at.members]
    days: list[date] = []
    for offset in range(1, DAYS_AHEAD + 1):
        day = at.on + timedelta(days=offset)
        reached = [m.age_on(day) for m in at.members]
        if reached != ages:
            days.append(day)
            ages = reached
    return days
