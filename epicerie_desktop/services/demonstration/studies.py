"""The worker's part of the demonstration: statements some weeks old, ready to renew, and one decision put off."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from epicerie_desktop.domain.decisions import Answer, Maker
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.statements import Debt, DebtKind, Said, Stated
from epicerie_desktop.services.demonstration.life import on
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.study import Study, Told, situation_of, study_of
from epicerie_desktop.services.rights.decide import record_assessment
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision

STUDIED = 12
DAYS_AGO = 35
"""How old the statements are."""


def study_some(rng: random.Random, desk: Desk, households: Sequence[int]) -> None:
    """Keep a statement of the first households, within the example règlement; whose right is over is put off, with why."""
    at = on(desk, desk.clock.today() - timedelta(days=DAYS_AGO), 14)
    for household in households[:STUDIED]:
        study = study_of(at, household)
        if study.ruleset is None or not study.present:
            continue
        told, said = _told(rng, study, study.ruleset)
        assessment, _outcome = record_assessment(at, household, situation_of(study, told), said)
        lapsed = not any(g.valid_until >= desk.clock.today() for g in study.file.grants)
        if lapsed and study.file.grants:
            form = DecisionForm(
                household, Answer.ADJOURNED, Maker.WORKER, desk.clock.today(), assessment, reason="Les ressources ont changé en octobre.",
                conditions="Le dernier avis d'imposition et l'attestation de paiement de la CAF.",
            )  # fmt: skip
            record_decision(desk, form)


def _told(rng: random.Random, study: Study, rule: Ruleset) -> tuple[Told, Said]:
    """Return what a household says: it keeps between 3 and 9 euros a day and a person."""
    left = len(study.present) * 30 * rng.randrange(300, 900)
    rent, insurance = rng.randrange(280, 560) * 100, rng.randrange(12, 30) * 12_00
    benefits = rng.randrange(15, 40) * 10_00 if study.composition.children else 0
    charges = {"rent": rent, "home_insurance": insurance // 12}
    resources = {"family_benefits": benefits, "wages": max(0, left + rent + insurance // 12 - benefits)}
    said = Said(
        {}, {"home_insurance": Stated(insurance, LinePeriod.YEAR)},
        (Debt("Fournisseur d'énergie", DebtKind.ENERGY, 240_00, 20_00),) if rng.random() < 0.4 else (),
    )  # fmt: skip
    return Told(
        {t.code: resources.get(t.code, 0) for t in rule.resources}, {t.code: charges.get(t.code, 0) for t in rule.charges}, aids=()
    ), said  # fmt: skip
