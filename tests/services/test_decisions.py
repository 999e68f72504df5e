"""Decisions: an accord opens a right, a refusal says why and helps the same day, a departure from the advice is explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select, text

from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode, differs
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.persistence.models import AccessGrant, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.decisions import decisions_of
from epicerie_desktop.services.rights import decide, letters
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop

ALONE = Situation(TODAY, (Member(age=41),), commune="15187")
RIGHT = RightForm(TODAY + timedelta(days=61), TODAY + timedelta(days=90), 100, ())
EXCEPTION = """
[[exceptions]]
by = "présidente"
label = "Situation d'urgence"
"""


def weighed(desk: Desk, household: int, situation: Situation) -> tuple[int, OutcomeKind]:
    number, outcome = decide.record_assessment(desk, household, situation)
    return number, outcome.kind


@pytest.fixture
def shop(small_shop: SmallShop) -> SmallShop:
    strict = ruleset_text("reste-a-vivre").replace('over = "committee"', 'over = "too_high"')
    decide.adopt_ruleset(small_shop.desk, strict + EXCEPTION)
    return small_shop


def full(desk: Desk, *, wages: int = 60_000) -> Situation:
    """A situation that answers every question of the règlement in force."""
    rule = decide.ruleset_on(desk, TODAY)
    return replace(
        ALONE, resources=tuple((t.code, wages if t.code == "wages" else 0) for t in rule.resources),
        charges=tuple((t.code, 30_000 if t.code == "rent" else 0) for t in rule.charges),
    )  # fmt: skip


def refusal(shop: SmallShop, assessment: int | None) -> DecisionForm:
    return DecisionForm(
        shop.household, Answer.REFUSED, Maker.WORKER, TODAY, assessment, ReasonCode.ABOVE_THRESHOLD,
        same_day_help="Un colis d'urgence est remis ce jour.",
    )  # fmt: skip


def test_a_refusal_says_why_and_helps_the_same_day_and_opens_nothing(shop: SmallShop) -> None:
    desk = shop.desk
    number, advice = weighed(desk, shop.household, full(desk, wages=900_000))
    assert advice is OutcomeKind.TOO_HIGH
    form = refusal(shop, number)
    for wrong, words in (
        (replace(form, same_day_help="  "), "jour même"),
        (replace(form, reason_code=None), "motif"),
        (replace(form, reason_code=ReasonCode.OTHER), "raison"),
        (replace(form, right=RIGHT), "Seul un accord"),
        (replace(form, reason="né le 1 85 05 78 006 084 36"), "sécurité sociale"),
        (replace(form, day=TODAY + timedelta(days=1)), "avance"),
        (replace(form, day=TODAY - timedelta(days=1)), "précède"),
    ):
        with pytest.raises(BadInput, match=words):
            record_decision(desk, wrong)
    with pytest.raises(RuleRefused, match="travailleurs sociaux"):
        record_decision(replace(desk, social_key=None), form)
    assert decisions_of(desk, shop.household) == ()
    made = record_decision(desk, replace(form, reason="Salaires repris en mai"))
    found = decisions_of(desk, shop.household)[0]
    assert (made.grant, found.id, found.advice, found.reason_code) == (
        None,
        made.id,
        advice,
        ReasonCode.ABOVE_THRESHOLD,
    )
    assert found.texts is not None
    assert (found.texts.reason, found.texts.same_day_help) == ("Salaires repris en mai", form.same_day_help)
    assert decisions_of(replace(desk, social_key=None), shop.household)[0].texts is None
    with desk.db.read() as session:
        bodies = session.connection().execute(text("SELECT group_concat(body) FROM journal")).scalar_one()
        assert b"Salaires" not in (session.get_one(Decision, made.id).sealed or b"")
    assert "Salaires" not in bodies
    assert "colis" not in bodies


def test_an_accord_opens_its_right_on_the_statement_or_writes_nothing(shop: SmallShop) -> None:
    desk = shop.desk
    number, advice = weighed(desk, shop.household, full(desk))
    assert advice is OutcomeKind.ELIGIBLE
    form = DecisionForm(shop.household, Answer.GRANTED, Maker.WORKER, TODAY, number, right=RIGHT)
    overlapping = replace(form, right=replace(RIGHT, valid_from=TODAY))
    for wrong in (replace(form, right=None), overlapping, replace(form, reason_code=ReasonCode.OTHER)):
        with pytest.raises(BadInput):
            record_decision(desk, wrong)
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 0
    made = record_decision(desk, form)
    with desk.db.read() as session:
        assert made.grant is not None
        assert session.get_one(AccessGrant, made.grant).assessment_id == number
    found = decisions_of(desk, shop.household)[0]
    assert (found.valid_from, found.valid_until, found.grant_id) == (RIGHT.valid_from, RIGHT.valid_until, made.grant)


def test_the_letter_tells_no_phase_after_the_last_day_of_the_right(shop: SmallShop) -> None:
    desk = shop.desk
    number, _advice = weighed(desk, shop.household, full(desk))
    days = (RIGHT.valid_from, RIGHT.valid_from + timedelta(days=10), RIGHT.valid_until + timedelta(days=30))
    phases = [
        {
            "code": str(n),
            "label": f"Étape {n}",
            "from": first.isoformat(),
            "until": (last - timedelta(days=1)).isoformat(),
        }
        for n, (first, last) in enumerate(zip(days, (*days[1:], days[2] + timedelta(days=60)), strict=True), 1)
    ]
    right = replace(RIGHT, terms={"phases": phases})
    made = record_decision(desk, DecisionForm(shop.household, Answer.GRANTED, Maker.WORKER, TODAY, number, right=right))
    letter = " ".join(page.extract_text() for page in PdfReader(BytesIO(letters.decision_pdf(desk, made.id))).pages)
    letter = " ".join(letter.split())
    assert f"au {shown.day(RIGHT.valid_until)}." in letter
    assert "Étape 2" in letter
    assert "Étape 3" not in letter


def test_a_departure_from_the_advice_is_explained_and_an_exception_is_one_of_the_reglement(shop: SmallShop) -> None:
    desk = shop.desk
    number, _advice = weighed(desk, shop.household, full(desk, wages=900_000))
    form = DecisionForm(shop.household, Answer.GRANTED, Maker.WORKER, TODAY, number, right=RIGHT)
    with pytest.raises(BadInput, match="avis du règlement"):
        record_decision(desk, form)
    explained = replace(form, reason="Séparation en cours")
    with pytest.raises(BadInput, match="exception"):
        record_decision(desk, replace(explained, exception_by="trésorier"))
    record_decision(desk, replace(explained, exception_by="présidente"))
    texts = decisions_of(desk, shop.household)[0].texts
    assert texts is not None
    assert texts.exception_by == "présidente"


def test_a_length_left_to_those_who_decide_stays_within_the_bounds_of_the_reglement(shop: SmallShop) -> None:
    desk = shop.desk
    bounds = {"duration_least": {"count": 1, "unit": "months"}, "duration_most": {"count": 3, "unit": "months"}}
    right = replace(RIGHT, terms=bounds)
    form = DecisionForm(shop.household, Answer.GRANTED, Maker.WORKER, TODAY, right=right)
    for days, words in ((20, "plus long"), (120, "si long")):
        wrong = replace(right, valid_until=right.valid_from + timedelta(days=days))
        with pytest.raises(BadInput, match=words):
            record_decision(desk, replace(form, right=wrong))
    record_decision(desk, replace(form, right=replace(right, valid_until=right.valid_from + timedelta(days=80))))


def test_a_statement_of_another_household_decides_nothing(shop: SmallShop) -> None:
    with pytest.raises(BadInput, match="pas celle de ce foyer"):
        record_decision(shop.desk, refusal(shop, 999))


@pytest.mark.parametrize(
    ("answer", "maker", "advice", "departs"),
    [
        (Answer.GRANTED, Maker.COMMITTEE, OutcomeKind.COMMITTEE, False),
        (Answer.REFUSED, Maker.COMMITTEE, OutcomeKind.COMMITTEE, False),
        (Answer.GRANTED, Maker.WORKER, OutcomeKind.COMMITTEE, True),
        (Answer.ADJOURNED, Maker.WORKER, OutcomeKind.COMMITTEE, False),
        (Answer.REFUSED, Maker.WORKER, OutcomeKind.ELIGIBLE, True),
        (Answer.REFUSED, Maker.WORKER, OutcomeKind.INCOMPLETE, False),
        (Answer.GRANTED, Maker.COMMITTEE, OutcomeKind.TOO_HIGH, True),
        (Answer.GRANTED, Maker.WORKER, None, False),
    ],
)
def test_who_may_follow_which_advice(answer: Answer, maker: Maker, advice: OutcomeKind | None, departs: bool) -> None:
    assert differs(answer, maker, advice) is departs
