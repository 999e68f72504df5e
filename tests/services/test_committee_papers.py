"""The committee's papers, read back: the list tells nobody's name, the letters tell the household everything it needs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import MeetingItem
from epicerie_desktop.services import papers_made
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import reserve
from epicerie_desktop.services.rights.committee_papers import (
    hearing_pdf,
    meeting_letters_pdf,
    meeting_list_pdf,
    suspension_pdf,
    suspension_to_give,
)
from epicerie_desktop.services.rights.letters import decision_to_give
from epicerie_desktop.services.rights.meetings import close_meeting, prepare_meeting
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.support.errors import RuleRefused
from tests.conftest import TODAY
from tests.services.conftest import SmallShop
from tests.services.meetings import TELLING, adopt, studied
from tests.services.test_meetings import LATER, NO, YES, answer
from tests.services.test_reserved import an_account


def pages(content: bytes) -> list[str]:
    found = [p.extract_text() for p in PdfReader(io.BytesIO(content)).pages]
    return [" ".join(t.replace("\u202f", " ").replace("\xa0", " ").replace("’", "'").split()) for t in found]


def test_the_printed_list_holds_nothing_that_tells_who_and_room_to_answer_and_sign(desk: Desk) -> None:
    adopt(desk)
    for n in range(5):
        studied(desk, "Quillivic", 1_643_27 + n * 10_000)
    meeting = prepare_meeting(desk, TODAY, "Mairie, salle 2")
    content = meeting_list_pdf(desk, meeting)
    text = " ".join(pages(content))
    assert not [word for word in TELLING if word in text]
    assert b"Quillivic" not in content
    for told in ("Situation n° 5", "Sur le territoire", "environ 1 640 €", "Favorable", "Signatures des membres"):
        assert told in text
    assert len(pages(content)) <= 3, "a few situations a page"


def test_closing_a_meeting_gives_every_letter_in_one_file_in_the_order_of_the_list(desk: Desk) -> None:
    adopt(desk)
    for name in ("Quillivic", "Abgrall", "Le Goff"):
        studied(desk, name)
    meeting = prepare_meeting(desk, TODAY)
    for rank, given in enumerate((YES, NO, LATER), 1):
        answer(desk, meeting, rank, given)
    with pytest.raises(RuleRefused, match="close"):
        meeting_letters_pdf(desk, meeting)
    close_meeting(desk, meeting)
    text = " ".join(pages(meeting_letters_pdf(desk, meeting).content))
    order = [text.index(word) for word in ("Maëlys Quillivic", "Maëlys Abgrall", "Maëlys Le Goff")]
    assert order == sorted(order)
    for told in (
        "est acceptée",
        "atelier par mois",
        "n'est pas acceptée",
        "colis d'urgence",
        "tribunal administratif",
        "quittance",
    ):
        assert told in text


def test_a_letter_that_left_the_program_is_a_copy_the_next_time_and_the_others_are_not(desk: Desk) -> None:
    adopt(desk)
    for name in ("Quillivic", "Abgrall"):
        studied(desk, name)
    meeting = prepare_meeting(desk, TODAY)
    for rank, given in enumerate((YES, NO), 1):
        answer(desk, meeting, rank, given)
    close_meeting(desk, meeting)
    every = meeting_letters_pdf(desk, meeting)
    assert "Duplicata" not in " ".join(pages(every.content)), "looking at it counts for nothing"
    one = decision_to_give(desk, int(every.papers[0].about))
    papers_made.note_made(desk, one.papers)
    again = meeting_letters_pdf(desk, meeting)
    assert ["duplicata du" in page.lower() for page in pages(again.content)].count(True) == len(pages(one.content))
    assert again.papers == every.papers, "nothing of what it says moved"
    assert "Duplicata du" in " ".join(pages(decision_to_give(desk, int(every.papers[0].about)).content))


def test_the_letters_of_reserved_files_are_left_to_those_who_may_open_them(desk: Desk) -> None:
    adopt(desk)
    for name in ("Quillivic", "Abgrall"):
        studied(desk, name)
    meeting = prepare_meeting(desk, TODAY)
    for rank in (1, 2):
        answer(desk, meeting, rank, YES)
    close_meeting(desk, meeting)
    with desk.db.read() as session:
        first = session.scalars(select(MeetingItem.household_id).order_by(MeetingItem.rank)).first()
    assert first is not None
    reserve.reserve(desk, first, [desk.actor.id])
    other = replace(an_account(desk, "Dominique", Role.WORKER), social_key=desk.social_key)
    letters = meeting_letters_pdf(other, meeting)
    text = " ".join(pages(letters.content))
    assert ("Abgrall" in text, "Quillivic" in text) == (True, False)
    assert (letters.left, letters.see) == (1, "Camille")
    assert meeting_letters_pdf(desk, meeting).left == 0


def test_the_letter_of_a_suspension_tells_why_the_hearing_until_when_and_how_to_appeal(small_shop: SmallShop) -> None:
    desk, household = small_shop.desk, small_shop.household
    heard = Measure(
        SuspensionKind.SUSPENDED,
        TODAY,
        TODAY + timedelta(days=29),
        TODAY - timedelta(days=9),
        TODAY - timedelta(days=1),
    )
    made = record_suspension(
        desk, SuspensionForm(household, heard, SuspensionReason.RESALE, "Revente constatée le 3 novembre.")
    )
    (text,) = pages(suspension_pdf(desk, made))
    given = suspension_to_give(desk, made)
    assert pages(given.content) == [text]
    papers_made.note_made(desk, given.papers)
    (copied,) = pages(suspension_to_give(desk, made).content)
    assert "Duplicata du" in copied
    for told in (
        "Fátima D'Almeida",
        "Revente constatée",
        "entretien a eu lieu le 19 novembre 2026",
        "Décision prise par Camille",
        "au 19 décembre 2026 inclus",
        "recours gracieux",
        "une autre aide",
    ):
        assert told in text
    (invitation,) = pages(hearing_pdf(desk, household, (TODAY - timedelta(days=7),)))
    for told in ("Aucune décision n'est prise", "13 novembre 2026", "personne de votre choix", "Camille", "Signature"):
        assert told in invitation
