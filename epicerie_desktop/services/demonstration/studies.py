"""The worker's part of the demonstration: rights granted on a statement, and one decision put off."""

from __future__ import annotations

import random
from collections.abc import Sequence

from epicerie_desktop.domain.decisions import Answer, Maker
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.statements import Debt, DebtKind, Said, Stated
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.study import Study, Told, situation_of, study_of
from epicerie_desktop.services.rights.decide import RightForm, record_assessment
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision


def grant(desk: Desk, household: int, right: RightForm) -> None:
    """Keep the statement of a household within the example règlement, and grant it that right on it."""
    study = study_of(desk, household)
    assert study.ruleset is not None
    told, said = _told(random.Random(household), study, study.ruleset)
    assessment, _outcome = record_assessment(desk, household, situation_of(study, told), said)
    record_decision(
        desk, DecisionForm(household, Answer.GRANTED, Maker.WORKER, desk.clock.today(), assessment, right=right)
    )


def put_one_off(desk: Desk, households: Sequence[int]) -> None:
    """Put off the first household whose right is over: its resources changed, and a paper is awaited."""
    for household in households:
        study = study_of(desk, household)
        if study.ruleset is None or not study.past or any(g.valid_until >= study.today for g in study.file.grants):
            continue
        told, said = _told(random.Random(household + 1), study, study.ruleset)
        assessment, _outcome = record_assessment(desk, household, situation_of(study, told), said)
        form = DecisionForm(
            household, Answer.ADJOURNED, Maker.WORKER, study.today, assessment, reason="Les ressources ont changé en octobre.",
            conditions="Le dernier avis d'imposition et l'attestation de paiement de la CAF.",
        )  # fmt: skip
        record_decision(desk, form)
        return


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
