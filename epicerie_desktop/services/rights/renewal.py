"""Renewing a right in one gesture: on the amounts of the last statement, for the first day it may begin, shown before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from epicerie_desktop.domain.decisions import Answer, Maker
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.extras import extras_to_json
from epicerie_desktop.domain.eligibility.outcome import Outcome
from epicerie_desktop.domain.eligibility.rules import OutcomeKind, Ruleset
from epicerie_desktop.domain.eligibility.situation import Situation
from epicerie_desktop.domain.statements import Said
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.study import Study, situation_of, study_of
from epicerie_desktop.services.rights.decide import RightForm, record_assessment_in
from epicerie_desktop.services.rights.decisions import DecisionForm, RecordedDecision, record_decision_in
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.services.sealing import social_key
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

OLD_STATEMENT_DAYS = 184
"""Six months: past it, the screen says that the amounts are old."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A renewal ready to be validated: the right it would open, on what statement, with what the règlement asks before it.

    `right` is None where it cannot be done in one gesture; `outcome` then says why, and the situation is to be studied.
    """

    household: int
    name: str
    start: date
    stated_on: date
    outcome: Outcome
    right: RightForm | None
    situation: Situation
    said: Said
    review: bool
    obligations: tuple[str, ...]
    old: bool


def renewal_of(desk: Desk, household: int) -> Renewal:
    """Return the renewal a household could have now. Raises `RuleRefused`: no right, no statement, no règlement, no key."""
    social_key(desk)
    study = study_of(desk, household)
    if not study.file.grants:
        raise RuleRefused(N_("Aucun droit n'a encore été ouvert : étudiez d'abord la situation du foyer."))
    if study.stated_on is None:
        raise RuleRefused(N_("Aucune évaluation n'est au dossier : étudiez la situation avant de renouveler."))
    if study.ruleset is None:
        raise RuleRefused(N_("Aucun règlement n'est en vigueur à cette date : adoptez-en un dans les réglages."))
    after = waited(study)
    if after != study.day:
        study = study_of(desk, household, after)
    return _renewal(desk, study, study.ruleset, study.stated_on)


def waited(study: Study) -> date:
    """Return the first day a right may begin once the waiting period of the règlement is over."""
    rule = study.ruleset
    if rule is None or rule.waiting is None or not study.past:
        return study.day
    return max(study.day, rule.waiting.end(study.past[-1][1] + timedelta(days=1)) + timedelta(days=1))


def _renewal(desk: Desk, study: Study, rule: Ruleset | None, stated_on: date | None) -> Renewal:
    assert rule is not None
    assert stated_on is not None
    situation = situation_of(study, study.told)
    with desk.db.read() as session:
        outcome = evaluate(rule, situation, scales_in(session))
    asked = tuple(o.label for o in rule.terms.obligations if o.before_renewal)
    return Renewal(
        study.household, study.name, study.day, stated_on, outcome, right_form(outcome, study.day), situation, study.said,
        rule.terms.renewal.review, asked, (study.today - stated_on).days > OLD_STATEMENT_DAYS,
    )  # fmt: skip


def right_form(outcome: Outcome, start: date) -> RightForm | None:
    """Return the right an answer opens by itself, None where it opens none or leaves a figure to those who decide."""
    right = outcome.right
    if outcome.kind is not OutcomeKind.ELIGIBLE or right is None or right.extras.decided:
        return None
    until, share = right.until(start), right.share_permille
    if until is None or until < start:
        return None
    if share is None:
        if right.extras.price is None:
            return None
        share = 0  # a price per kilo or flat stands in its terms: no part of the shelf value is paid
    return RightForm(start, until, share, right.ceilings, terms=extras_to_json(right.extras, start))


def renew(desk: Desk, renewal: Renewal) -> RecordedDecision:
    """Keep the statement as it stands and open the right shown, all or nothing.

    Raises `RuleRefused` where it cannot be done in one gesture, `BadInput` for a right opened meanwhile.
    """
    if renewal.right is None:
        raise RuleRefused(N_("Ce droit ne se renouvelle pas en un geste : étudiez la situation du foyer."))
    with desk.db.write() as session:
        file_in(session, desk, renewal.household)
        assessment, _outcome = record_assessment_in(session, desk, renewal.household, renewal.situation, renewal.said)
        form = DecisionForm(
            renewal.household, Answer.GRANTED, Maker.WORKER, desk.clock.today(), assessment, right=renewal.right
        )
        return record_decision_in(session, desk, form)
