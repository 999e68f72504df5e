"""What could change an answer, for the worker only: uncounted lines, birth dates and birthdays, each tried by a new evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import LABELS, Missing, Money, Outcome, Phrase, Step
from epicerie_desktop.domain.eligibility.rules import OutcomeKind, Ruleset, ScaleFigure
from epicerie_desktop.domain.eligibility.situation import Situation, SituationInvalid
from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.support.i18n import N_

DAYS_AHEAD = 92
"""How far a birthday is looked for: three months."""
TRIED_MOST, TRIED_STEP = 5000, 100
"""Euros a month up to which an unanswered amount is tried, and by which steps."""
_TURNS = {
    (True, True): N_("{label} : quel que soit le montant, la réponse serait : {answer}."),
    (False, True): N_("{label} : à zéro, la réponse serait : {answer}."),
    (False, False): N_("{label} : à partir de {amount} par mois, la réponse serait : {answer}."),
}
"""By whether there is only one answer, and whether it is the one at zero."""


def sensitivity(
    rule: Ruleset, situation: Situation, outcome: Outcome, scales: Iterable[ScaleFigure] = ()
) -> tuple[Step, ...]:
    """Return what would change `outcome`: what is missing, each line not counted that would turn it, a birth date known
    in part, a birthday near.

    Of an amount that is the only thing missing, also from how much on the answer would turn (code `turn`).
    """
    known = tuple(scales)
    found = [Step("missing", N_("Sans réponse : {label}."), (("label", m.label),)) for m in outcome.missing]
    if len(outcome.missing) == 1:
        found.extend(_turns(rule, situation, outcome.missing[0], known))
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
    found.extend(_births(rule, situation, outcome, known))
    for day in _birthdays(situation):
        later = evaluate(rule, replace(situation, on=day), known)
        if later.kind is not outcome.kind:
            found.append(Step("birthday", N_("Le {day}, un anniversaire changerait la réponse : {answer}."),
                              (("day", day), ("answer", Phrase(LABELS[later.kind])))))  # fmt: skip
            break
    return tuple(found)


def _turns(rule: Ruleset, at: Situation, missing: Missing, known: tuple[ScaleFigure, ...]) -> list[Step]:
    """Return what the only unanswered amount would answer, and from which whole euro it would turn.

    Amounts are tried every hundred euros, then narrowed by halves: a zone under a hundred euros wide may go unseen.
    """
    codes = {
        "resources": [t.code for t in rule.resources],
        "charges": [t.code for t in rule.charges],
        "declared": [i.code for i in rule.indicators],
    }
    if missing.code not in codes.get(missing.kind, ()):
        return []

    def kind(euros: int) -> OutcomeKind:
        lines = getattr(at, missing.kind) or ()
        told = tuple(line for line in lines if line[0] != missing.code or line[1] is not None)
        changed: dict[str, Any] = {missing.kind: (*told, (missing.code, euros * 100))}
        return evaluate(rule, replace(at, **changed), known).kind

    answers = [(0, kind(0))]
    for high in range(TRIED_STEP, TRIED_MOST + 1, TRIED_STEP):
        after = kind(high)
        if after is answers[-1][1]:
            continue
        low = high - TRIED_STEP
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if kind(middle) is answers[-1][1] else (low, middle)
        answers.append((high, kind(high)))
    return [Step("turn", _TURNS[len(answers) == 1, euros == 0],
                 (("label", missing.label), ("amount", Money(Fraction(euros * 100))), ("answer", Phrase(LABELS[answer]))))
            for euros, answer in answers]  # fmt: skip


def _births(rule: Ruleset, at: Situation, outcome: Outcome, known: tuple[ScaleFigure, ...]) -> list[Step]:
    """Return each birth date known in part whose earliest day would change the answer: the latest one was taken."""
    found = []
    for i, member in enumerate(at.members):
        born = member.birth
        if born is None or (born.month and born.day):
            continue
        elder = replace(member, birth=PartialDate(born.year, born.month or 1, born.day or 1))
        members = (*at.members[:i], elder, *at.members[i + 1 :])
        try:
            other = evaluate(rule, replace(at, members=members), known)
        except SituationInvalid:
            continue
        fields = (("born", born.iso), ("answer", Phrase(LABELS[other.kind])))
        if other.kind is not outcome.kind:
            found.append(Step("birth", N_("Naissance connue en partie ({born}), la personne est comptée à son plus jeune âge possible ; "
                                          "à son plus grand âge, la réponse serait : {answer}. À vérifier."), fields))  # fmt: skip
        elif (_lived(other), other.band) != (_lived(outcome), outcome.band):
            found.append(Step("birth", N_("Naissance connue en partie ({born}), la personne est comptée à son plus jeune âge possible ; "
                                          "à son plus grand âge, le droit ne serait pas le même. À vérifier."), fields[:1]))  # fmt: skip
    return found


def _lived(outcome: Outcome) -> tuple[object, ...]:
    """Return what a household would live by."""
    right = outcome.right
    if right is None:
        return ()
    extras = right.extras
    return (
        right.duration, right.share_permille, right.ceilings, extras.price, extras.rates, extras.quotas, extras.fees,
        tuple(r.amount for r in extras.outside), extras.terms.visits, extras.terms.visits_in_right, extras.terms.obligations,
    )  # fmt: skip


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
