"""A meeting of the committee: its anonymous list, its answers, and what closing it makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from epicerie_desktop.domain.committee import sheet_rows, step_sentences
from epicerie_desktop.domain.decisions import Answer, ReasonCode
from epicerie_desktop.persistence.models import AccessGrant, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.committee import GivenAnswer, list_meetings, meeting_view, waiting_studies
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.services.rights.meetings import (
    AnswerForm,
    add_item,
    answer_item,
    close_meeting,
    prepare_meeting,
    remove_item,
)
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from tests.conftest import TODAY
from tests.services.meetings import TELLING, adopt, studied

YES = GivenAnswer(Answer.GRANTED, conditions="Venir à un atelier par mois.")
NO = GivenAnswer(
    Answer.REFUSED, reason_code=ReasonCode.ABOVE_THRESHOLD, same_day_help="Un colis d'urgence est remis ce jour."
)
LATER = GivenAnswer(Answer.ADJOURNED, conditions="Apporter la quittance de loyer.")


def answer(desk: Desk, meeting: int, rank: int, given: GivenAnswer) -> None:
    item = next(i for i in meeting_view(desk, meeting).items if i.situation.rank == rank)
    answer_item(desk, AnswerForm(item.id, item.version, given))


@pytest.fixture
def meeting(desk: Desk) -> int:
    adopt(desk)
    for n, name in enumerate(("Quillivic", "Abgrall", "Le Goff")):
        studied(desk, name, 1_643_27 + n * 10_000)
    studied(desk, "Petit", 500_00)
    return prepare_meeting(desk, TODAY, "Mairie, salle 2")


def test_the_committee_sees_nothing_that_tells_who(desk: Desk, meeting: int) -> None:
    view = meeting_view(desk, meeting)
    assert [i.situation.rank for i in view.items] == [1, 2, 3], "the one within the threshold is not its business"
    seen = view.items[0].situation
    shown = [*(w for row in sheet_rows(seen) for w in row), *step_sentences(seen), repr(view)]
    plain = " ".join(shown).replace("\u202f", " ").replace("\xa0", " ")
    assert not [word for word in TELLING if word in plain]
    for told in (
        "Sur le territoire",
        "1 de 3 à 17 ans",
        "1 de 30 à 64 ans",
        "environ 1 640 €",
        "environ 410 €",
        "environ 21 €",
    ):
        assert told in plain


def test_a_manager_without_the_key_sees_the_list_without_sums_and_a_volunteer_nothing(desk: Desk, meeting: int) -> None:
    volunteer = replace(desk, social_key=None)
    view = meeting_view(volunteer, meeting)
    assert not view.whole
    assert view.items[0].situation.steps == ()
    for gesture in (
        lambda: prepare_meeting(volunteer, TODAY + timedelta(days=7)),
        lambda: answer_item(volunteer, AnswerForm(view.items[0].id, 1, YES)),
        lambda: close_meeting(volunteer, meeting),
    ):
        with pytest.raises(RuleRefused):
            gesture()
    with pytest.raises(RuleRefused, match="pas ouverte à ce compte"):
        meeting_view(replace(desk, actor=replace(desk.actor, role="VOLUNTEER")), meeting)


def test_closing_makes_the_answers_decisions_all_or_nothing(desk: Desk, meeting: int) -> None:
    answer(desk, meeting, 1, NO)
    with pytest.raises(BadInput, match=r"n°.2, 3"):
        close_meeting(desk, meeting)
    answer(desk, meeting, 1, YES)
    answer(desk, meeting, 2, NO)
    answer(desk, meeting, 3, LATER)
    with desk.db.read() as session:
        assert session.scalars(select(AccessGrant)).all() == [], "an answer opens nothing before the meeting is closed"
    assert close_meeting(desk, meeting) == 3
    with desk.db.read() as session:
        made = session.execute(select(Decision.answer, Decision.maker).order_by(Decision.id)).all()
        grant = session.scalars(select(AccessGrant)).one()
        bodies = " ".join(session.scalars(text("SELECT body FROM journal")))
    assert made == [(a.value, "COMMITTEE") for a in (Answer.GRANTED, Answer.REFUSED, Answer.ADJOURNED)]
    assert (grant.valid_from, grant.participation_permille, grant.ceilings[0]["amount"]) == (TODAY, 300, 90_00)
    assert "atelier" not in bodies
    with pytest.raises(RuleRefused, match="close"):
        answer(desk, meeting, 3, YES)
    assert [(s.household.name, s.adjourned) for s in waiting_studies(desk)] == [
        ("Le Goff Maëlys", True),
        ("Petit Maëlys", False),
    ]
    again = prepare_meeting(desk, TODAY + timedelta(days=14))
    assert [(m.id, m.items) for m in list_meetings(desk)] == [(again, 1), (meeting, 3)], "the adjourned one comes back"
    with pytest.raises(BadInput, match="une fois tenue"):
        close_meeting(desk, again)


def test_a_file_closed_since_stops_the_closing_and_names_its_number(desk: Desk, meeting: int) -> None:
    gone = waiting_studies(desk, meeting)[1]
    for rank, given in ((1, YES), (2, YES), (3, NO)):
        answer(desk, meeting, rank, given)
    enrol.close_household(desk, gone.household.id)
    with pytest.raises(RuleRefused, match=r"n°.2.*fermé"):
        close_meeting(desk, meeting)
    with desk.db.read() as session:
        assert session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (replace(LATER, conditions=" "), "attendu"),
        (replace(NO, reason_code=None), "motif"),
        (replace(NO, reason_code=ReasonCode.OTHER), "raison du refus"),
        (replace(NO, same_day_help=""), "jour même"),
        (replace(YES, conditions="n° 1 91 04 15 187 023 45"), "sécurité sociale"),
    ],
)
def test_an_answer_that_lacks_something_is_asked_for_it(
    desk: Desk, meeting: int, wrong: GivenAnswer, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        answer(desk, meeting, 1, wrong)
    assert meeting_view(desk, meeting).items[0].answer is None


def test_what_the_reglement_leaves_to_the_committee_is_asked_and_no_more(desk: Desk) -> None:
    adopt(desk, over="too_high")
    household = studied(desk, "Riche", 4_000_00)
    meeting = prepare_meeting(desk, TODAY)
    add_item(desk, meeting, waiting_studies(desk)[0].assessment)
    with pytest.raises(BadInput, match="participation"):
        answer(desk, meeting, 1, replace(YES, reason="Dettes de santé."))
    with pytest.raises(BadInput, match="durée"):
        answer(desk, meeting, 1, replace(YES, reason="Dettes.", permille=500))
    with pytest.raises(BadInput, match="pourquoi"):
        answer(desk, meeting, 1, replace(YES, permille=500, months=2))
    answer(desk, meeting, 1, replace(YES, reason="Dettes.", permille=500, months=2))
    close_meeting(desk, meeting)
    with desk.db.read() as session:
        grant = session.scalars(select(AccessGrant)).one()
    assert (grant.household_id, grant.participation_permille) == (household, 500)


def test_the_list_is_mended_before_the_meeting_and_two_hands_do_not_cross(desk: Desk, meeting: int) -> None:
    first, second, third = meeting_view(desk, meeting).items
    remove_item(desk, first.id)
    assert [i.situation.rank for i in meeting_view(desk, meeting).items] == [1, 2]
    with pytest.raises(Stale):
        answer_item(desk, AnswerForm(third.id, third.version, YES))
    answer(desk, meeting, 1, NO)
    with pytest.raises(RuleRefused, match="déjà répondu"):
        remove_item(desk, second.id)
    with pytest.raises(RuleRefused, match="déjà à l"):
        add_item(desk, meeting, next(s.assessment for s in waiting_studies(desk, meeting) if s.rank == 1))


def test_a_ceiling_left_to_the_committee_is_asked_kept_within_its_bounds_and_opened(desk: Desk) -> None:
    text_ = ruleset_text("reste-a-vivre").replace('over = "eligible"', 'over = "committee"')
    left = '[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\ndecided = true\nat_least = 5\nat_most = 15\n'
    rulesets.adopt_ruleset(desk, text_ + "\n" + left)
    studied(desk, "Quillivic")
    meeting = prepare_meeting(desk, TODAY)
    (asked,) = meeting_view(desk, meeting).items[0].situation.ceilings_left
    assert (asked.least, asked.most) == (5_00, 15_00)
    for given, told in ((YES, "Indiquez le plafond"), (replace(YES, ceilings=(20_00,)), "sort de ce que permet")):
        with pytest.raises(BadInput, match=told):
            answer(desk, meeting, 1, given)
    answer(desk, meeting, 1, replace(YES, ceilings=(12_00,)))
    kept = meeting_view(desk, meeting).items[0].given
    assert kept is not None
    assert kept.ceilings == (12_00,)
    close_meeting(desk, meeting)
    with desk.db.read() as session:
        ceilings = session.scalars(select(AccessGrant.ceilings)).one()
    assert [(c["measure"], c["amount"]) for c in ceilings] == [("SHELF_VALUE", 90_00), ("PAID", 12_00)]
