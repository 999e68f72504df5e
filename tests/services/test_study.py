"""Studying a household: what was said comes back, a renewal shows its date first, decisions are told on paper as taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from epicerie_desktop.domain.decisions import Answer, Decider, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.rules import OutcomeKind, Ruleset
from epicerie_desktop.domain.eligibility.situation import LinePeriod, Situation
from epicerie_desktop.domain.statements import Debt, DebtKind, Said, Stated
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.decisions import decisions_of
from epicerie_desktop.services.queries.ending import rights_to_renew
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.statements import statement_of, statements_of
from epicerie_desktop.services.queries.study import Told, past_rights_in, situation_of, study_of
from epicerie_desktop.services.rights import decide, letters
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision
from epicerie_desktop.services.rights.renewal import renew, renewal_of
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.test_papers import text_of

SAID = Said({"wages": Stated(7_200_00, LinePeriod.YEAR)}, {}, (Debt("Régie de l'eau", DebtKind.WATER, 180_00, 15_00),))


def told(rule: Ruleset, wages: int = 600_00) -> Told:
    return Told(
        {t.code: wages if t.code == "wages" else 0 for t in rule.resources}, {t.code: 0 for t in rule.charges}, aids=()
    )


@pytest.fixture
def rule(small_shop: SmallShop) -> Ruleset:
    return decide.adopt_ruleset(small_shop.desk, ruleset_text("reste-a-vivre"))


def said_of(shop: SmallShop, rule: Ruleset, wages: int = 600_00) -> Situation:
    return situation_of(study_of(shop.desk, shop.household), told(rule, wages))


def test_what_was_said_comes_back_whole_and_is_weighed_for_the_first_day_of_the_right(
    small_shop: SmallShop, rule: Ruleset
) -> None:
    desk, household = small_shop.desk, small_shop.household
    study = study_of(desk, household)
    assert (study.day, study.past) == (
        TODAY + timedelta(days=61),
        ((TODAY - timedelta(days=30), TODAY + timedelta(days=60)),),
    )
    situation = said_of(small_shop, rule)
    assert situation.on == study.day
    number, _outcome = decide.record_assessment(desk, household, situation, SAID)
    kept = statement_of(desk, number)
    assert (kept.day, kept.situation, kept.said) == (TODAY, situation, SAID)
    again = study_of(desk, household)
    assert again.told.resources["wages"] == 600_00
    assert (again.said, again.stated_on) == (SAID, TODAY)
    assert [s.id for s in statements_of(desk, household)] == [number]
    hidden = study_of(replace(desk, social_key=None), household)
    assert (hidden.readable, hidden.told.resources, hidden.stated_on) == (False, {}, None)
    with pytest.raises(RuleRefused):
        statement_of(replace(desk, social_key=None), number)


def test_a_statement_kept_before_whole_situations_were_is_still_read(small_shop: SmallShop, rule: Ruleset) -> None:
    desk = small_shop.desk
    number, _outcome = decide.record_assessment(desk, small_shop.household, said_of(small_shop, rule))
    with desk.db.write() as session:
        row = session.get_one(Assessment, number)
        old = {"resources": [["wages", 5]], "charges": None, "outcome": decide.recorded_outcome(desk, number)}
        row.sealed = seal_json(desk, "assessment", row.uid, old)
    kept = statement_of(desk, number)
    assert (kept.situation, kept.said, kept.resources, kept.charges) == (None, Said(), (("wages", 5),), None)
    assert study_of(desk, small_shop.household).told.resources == {"wages": 5}


def test_a_debt_due_to_nobody_writes_nothing(small_shop: SmallShop, rule: Ruleset) -> None:
    wrong = replace(SAID, debts=(Debt(" ", DebtKind.RENT),))
    with pytest.raises(BadInput, match="due"):
        decide.record_assessment(small_shop.desk, small_shop.household, said_of(small_shop, rule), wrong)
    assert statements_of(small_shop.desk, small_shop.household) == ()


def test_a_day_given_by_exception_neither_renews_nor_hides_a_right_that_ended(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    with desk.db.write() as session:
        session.execute(
            AccessGrant.__table__.update().values(
                valid_from=TODAY - timedelta(days=90), valid_until=TODAY - timedelta(days=3)
            )
        )
        session.add(
            AccessGrant(
                household_id=household, valid_from=TODAY - timedelta(days=1), valid_until=TODAY - timedelta(days=1),
                participation_permille=100, ceilings=[], exceptional=True, decided_at=desk.clock.now(), decided_by=desk.actor.id,
            )
        )  # fmt: skip
    with desk.db.read() as session:
        assert past_rights_in(session, household, TODAY) == ((TODAY - timedelta(days=90), TODAY - timedelta(days=3)),)
    assert [(r.household, r.left) for r in rights_to_renew(desk)] == [(household, -3)]


# -- renewing --------------------------------------------------------------------------------------------------------


def test_a_renewal_shows_its_days_before_anything_is_written_then_opens_exactly_that(
    small_shop: SmallShop, rule: Ruleset
) -> None:
    desk, household = small_shop.desk, small_shop.household
    with pytest.raises(RuleRefused, match="Aucune évaluation"):
        renewal_of(desk, household)
    decide.record_assessment(desk, household, said_of(small_shop, rule), SAID)
    renewal = renewal_of(desk, household)
    assert renewal.right is not None
    start = TODAY + timedelta(days=61)
    assert (renewal.right.valid_from, renewal.right.valid_until) == (start, date(2027, 4, 19))
    assert len(household_file(desk, household).grants) == 1
    made = renew(desk, renewal)
    newest = household_file(desk, household).grants[0]
    assert (newest.id, newest.valid_from, newest.valid_until) == (made.grant, start, date(2027, 4, 19))
    decision = decisions_of(desk, household)[0]
    assert (decision.answer, decision.advice) == (Answer.GRANTED, OutcomeKind.ELIGIBLE)
    assert decision.assessment_id is not None
    assert statement_of(desk, decision.assessment_id).said == SAID
    with pytest.raises(BadInput, match="déjà ouvert"):
        renew(desk, renewal)
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 2, "the second renewal kept nothing"


def test_a_waiting_period_puts_the_renewal_off_and_a_refusal_of_the_rule_sends_to_the_study(
    small_shop: SmallShop, rule: Ruleset
) -> None:
    desk, household = small_shop.desk, small_shop.household
    waiting = ruleset_text("reste-a-vivre").replace("valid_from = 2010-01-01", "valid_from = 2011-01-01")
    decide.adopt_ruleset(desk, waiting + "\n[waiting_period]\nmonths = 1\n")
    decide.record_assessment(desk, household, said_of(small_shop, rule))
    right = renewal_of(desk, household).right
    assert right is not None
    assert right.valid_from == date(2027, 2, 20), "the right ends on 19 January, then a month"
    decide.record_assessment(desk, household, said_of(small_shop, rule, 9_000_00))
    refused = renewal_of(desk, household)
    assert (refused.right, refused.outcome.kind) == (None, OutcomeKind.COMMITTEE)
    with pytest.raises(RuleRefused, match="étudiez"):
        renew(desk, refused)


def test_a_ceiling_left_to_the_decision_is_not_renewed_without_it(small_shop: SmallShop, rule: Ruleset) -> None:
    desk, household = small_shop.desk, small_shop.household
    left = ruleset_text("reste-a-vivre").replace("valid_from = 2010-01-01", "valid_from = 2011-01-01")
    decide.adopt_ruleset(desk, left + '\n[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\ndecided = true\n')
    decide.record_assessment(desk, household, said_of(small_shop, rule))
    renewal = renewal_of(desk, household)
    assert (renewal.right, renewal.outcome.kind) == (None, OutcomeKind.ELIGIBLE)


# -- on paper --------------------------------------------------------------------------------------------------------


def refused(desk: Desk, household: int, assessment: int) -> int:
    form = DecisionForm(
        household, Answer.REFUSED, Maker.COMMITTEE, TODAY, assessment, ReasonCode.ABOVE_THRESHOLD, "Un héritage est à venir.",
        same_day_help="Un colis d'urgence est remis ce jour.",
    )  # fmt: skip
    return record_decision(desk, form).id


def test_a_refusal_is_printed_with_its_reasons_its_help_and_the_means_of_appeal_of_a_ccas(
    small_shop: SmallShop, rule: Ruleset
) -> None:
    desk, household = small_shop.desk, small_shop.household
    number, outcome = decide.record_assessment(desk, household, said_of(small_shop, rule, 9_000_00))
    decision = refused(desk, household, number)
    paper = text_of(letters.decision_pdf(desk, decision))
    wanted = ["commission", "Fátima D'Almeida", "Votre demande n’est pas acceptée", "Au-dessus du seuil", "Un héritage est à venir.",
              "Un colis d’urgence", "recours gracieux", "tribunal administratif", "deux mois", "L. 311-3-1", "R. 311-3-1-1"]  # fmt: skip
    assert [w for w in wanted if w.replace("’", "'") not in paper.replace("’", "'")] == []
    for step in outcome.steps:
        assert " ".join(step.sentence().split())[:25] in paper
    assert letters.last_decision_pdf(desk, household) == letters.decision_pdf(desk, decision)
    association = replace(desk, shop=replace(desk.shop, ccas=""))
    paper = text_of(letters.decision_pdf(association, decision))
    assert "tribunal" not in paper
    assert "article 22" in paper
    said = replace(desk, shop=replace(desk.shop, decides=Decider.ASSOCIATION.value))
    assert "tribunal" not in text_of(letters.decision_pdf(said, decision)), "what the shop says wins over its CCAS"
    commune = replace(desk, shop=replace(desk.shop, ccas="", decides=Decider.PUBLIC.value))
    assert "tribunal administratif" in text_of(letters.decision_pdf(commune, decision))
    with pytest.raises(RuleRefused):
        letters.decision_pdf(replace(desk, social_key=None), decision)


def test_what_could_change_the_answer_is_never_printed(small_shop: SmallShop, rule: Ruleset) -> None:
    desk = small_shop.desk
    number, _outcome = decide.record_assessment(desk, small_shop.household, said_of(small_shop, rule))
    paper = text_of(letters.statement_pdf(desk, number))
    assert "Explication du calcul" in paper
    assert "changerait" not in paper


def test_a_decision_reads_and_prints_years_later_as_it_was_taken(small_shop: SmallShop, rule: Ruleset) -> None:
    desk, household = small_shop.desk, small_shop.household
    number, _outcome = decide.record_assessment(desk, household, said_of(small_shop, rule, 9_000_00), SAID)
    decision = refused(desk, household, number)
    before = letters.kept_of(desk, None, decision)
    newer = ruleset_text("reste-a-vivre").replace(
        "valid_from = 2010-01-01", f"valid_from = {TODAY + timedelta(days=1)}"
    )
    decide.adopt_ruleset(desk, newer.replace('label = "Eau"', 'label = "Eau froide"'))
    decide.record_assessment(desk, household, said_of(small_shop, rule, 1))
    assert letters.kept_of(desk, None, decision) == before
    assert before.labels["water"] == "Eau"


def test_of_ten_years_of_statements_the_screen_opens_the_last_alone(small_shop: SmallShop, rule: Ruleset) -> None:
    desk, household = small_shop.desk, small_shop.household
    number, _outcome = decide.record_assessment(desk, household, said_of(small_shop, rule), SAID)
    with desk.db.write() as session:
        row = session.get_one(Assessment, number)
        for n in range(40):
            day = TODAY - timedelta(days=90 * n + 1)
            more = Assessment(
                household_id=household, ruleset_id=row.ruleset_id, day=day, outcome=row.outcome, band=row.band, sealed=row.sealed,
                made_at=row.made_at, made_by=row.made_by,
            )  # fmt: skip
            session.add(more)
            session.flush()
            session.add(
                Decision(
                    household_id=household, assessment_id=more.id, day=day, maker="WORKER", answer="ADJOURNED", sealed=row.sealed,
                    made_at=row.made_at, made_by=row.made_by,
                )
            )  # fmt: skip
        # The last one alone is opened: the copies above, sealed for another row, would refuse to.
        session.execute(Assessment.__table__.update().where(Assessment.id == number).values(id=10_000))
    found = study_of(desk, household)
    assert (len(found.statements), len(found.decisions)) == (41, 40)
