"""The committee's screen by the keyboard alone: a whole meeting in a row, the waiting list, absences; and nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.household import Link
from epicerie_desktop.persistence.models import AccessGrant, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries.absences import absences_to_see
from epicerie_desktop.services.queries.committee import list_meetings, meeting_view
from epicerie_desktop.services.queries.waiting import waiting_list
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.meetings import prepare_meeting
from epicerie_desktop.ui.committee.agenda import AgendaDialog, PrepareDialog
from epicerie_desktop.ui.committee.measures_page import MeasuresPage
from epicerie_desktop.ui.committee.meeting_page import MeetingPage
from epicerie_desktop.ui.committee.picker import PickDialog
from epicerie_desktop.ui.committee.screen import CommitteeScreen
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.pdf_view import PdfView
from tests.conftest import TODAY
from tests.services.meetings import TELLING, adopt, studied
from tests.ui.dialogs import meet
from tests.ui.opened import Opened, focus, opened, type_in

KEY = Qt.Key


@pytest.fixture
def committee(qtbot: QtBot, desk: Desk) -> Iterator[Opened[CommitteeScreen]]:
    adopt(desk)
    for name in ("Quillivic", "Abgrall", "Le Goff"):
        studied(desk, name)
    with opened(qtbot, desk, CommitteeScreen) as found:
        yield found


def meeting_page(committee: Opened[CommitteeScreen]) -> MeetingPage:
    page = committee.screen.current
    assert isinstance(page, MeetingPage)
    return page


def press(committee: Opened[CommitteeScreen], *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focus(), key)
        committee.idle()


def back_in(committee: Opened[CommitteeScreen]) -> None:
    """Give the window its keyboard back after a dialog, as a desktop does by itself."""
    committee.window.activateWindow()
    committee.until(lambda: QApplication.activeWindow() is committee.window)


def everything_shown(widget: QWidget) -> str:
    """Return every text that can be read on a widget, or heard from it."""
    texts = [w.accessibleName() + " " + w.accessibleDescription() for w in widget.findChildren(QWidget)]
    texts += [w.text() for w in widget.findChildren(QLabel)]
    texts += [w.itemText(n) for w in widget.findChildren(QComboBox) for n in range(w.count())]
    for table in widget.findChildren(QAbstractItemView):
        model = table.model()
        if model is not None:
            texts += [
                str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(model.columnCount())
            ]
    return " ".join(texts).replace("\u202f", " ").replace("\xa0", " ")


def test_a_meeting_is_prepared_held_and_closed_without_a_mouse(committee: Opened[CommitteeScreen], desk: Desk) -> None:
    page = meeting_page(committee)

    def prepare(dialog: PrepareDialog) -> None:
        type_in("1/1/2020")
        dialog.place.setFocus()
        QTest.keyClick(dialog, KEY.Key_F12)
        committee.until(lambda: "passé" in dialog.notice.text)
        assert focus() is dialog.day.line
        type_in("20/11/2026")
        QTest.keyClick(dialog, KEY.Key_F12)

    assert focus() is page.first
    meet(PrepareDialog, prepare)
    press(committee, KEY.Key_F8)
    committee.until(lambda: page.table.current is not None)
    back_in(committee)
    committee.until(lambda: QApplication.focusWidget() is page.table)
    assert not [word for word in TELLING if word in everything_shown(page)]

    press(committee, KEY.Key_F12)
    assert "Choisissez une réponse" in page.notice.accessibleName()
    assert focus() is page.answer.keys[Answer.GRANTED]
    press(committee, KEY.Key_F3)
    type_in("Venir à un atelier par mois.")
    press(committee, KEY.Key_F12)
    assert page.table.current is not None
    assert page.table.current.situation.rank == 2
    press(committee, KEY.Key_F4, KEY.Key_End, KEY.Key_F12)
    assert "raison du refus" in page.notice.accessibleName()
    assert focus() is page.answer.reason.edit
    press(committee, KEY.Key_F4, KEY.Key_Home, KEY.Key_Tab)
    assert focus() is page.answer.usual_help
    press(committee, KEY.Key_End)
    assert "orienté" not in page.answer.help.text
    press(committee, KEY.Key_Up)
    assert "orienté vers une autre aide" in page.answer.help.text, "read whole, beneath"
    press(committee, KEY.Key_F12)
    press(committee, KEY.Key_F5, KEY.Key_F12)
    assert "attendu" in page.notice.accessibleName(), "an adjournment asks for something"
    assert focus() is page.answer.conditions.edit
    press(committee, KEY.Key_F5)
    type_in("Apporter la quittance.")
    press(committee, KEY.Key_F12)
    committee.until(lambda: "peut être close" in page.notice.accessibleName())
    with desk.db.read() as session:
        assert session.scalars(select(AccessGrant)).all() == []

    seen: list[str] = []

    def close(dialog: QuestionDialog) -> None:
        meet(PdfView, look)
        QTest.keyClick(dialog, KEY.Key_F12)

    def look(letters: PdfView) -> None:
        seen.append(letters.windowTitle())
        letters.close()

    meet(QuestionDialog, close)
    press(committee, KEY.Key_F9)
    committee.until(lambda: bool(seen))
    committee.idle()
    with desk.db.read() as session:
        answers = session.scalars(select(Decision.answer).order_by(Decision.id)).all()
    assert answers == [Answer.GRANTED.value, Answer.REFUSED.value, Answer.ADJOURNED.value]
    assert page.letters.isVisibleTo(page)
    assert not page.keep.isVisibleTo(page)


def test_a_meeting_left_in_the_middle_is_taken_up_where_it_was(qtbot: QtBot, desk: Desk) -> None:
    adopt(desk)
    for name in ("Quillivic", "Abgrall"):
        studied(desk, name)
    prepare_meeting(desk, TODAY)
    with opened(qtbot, desk, CommitteeScreen) as first:
        first.until(lambda: meeting_page(first).table.current is not None)
        press(first, KEY.Key_F3)
        type_in("Tenir son budget.")
        press(first, KEY.Key_F12)
    with opened(qtbot, desk, CommitteeScreen) as again:
        page = meeting_page(again)
        again.until(lambda: page.table.current is not None)
        assert page.table.current is not None
        assert page.table.current.situation.rank == 2
        press(again, KEY.Key_Up)
        assert page.answer.answer is Answer.GRANTED
        assert page.answer.conditions.text == "Tenir son budget."


def test_the_agenda_is_mended_by_the_keyboard(committee: Opened[CommitteeScreen], desk: Desk) -> None:
    page = meeting_page(committee)
    meeting = prepare_meeting(desk, TODAY)
    committee.idle()
    committee.until(lambda: page.table.current is not None)

    def mend(dialog: AgendaDialog) -> None:
        committee.idle()
        dialog.table.setFocus()
        QTest.keyClick(dialog.table, KEY.Key_Return)
        committee.idle()
        assert "Abgrall" in everything_shown(dialog), "whoever prepares needs the names"
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(AgendaDialog, mend)
    press(committee, KEY.Key_F6)
    assert [i.situation.rank for i in meeting_view(desk, meeting).items] == [1, 2]


def test_a_volunteer_reads_the_list_without_sums_and_can_change_nothing(qtbot: QtBot, desk: Desk) -> None:
    adopt(desk)
    studied(desk, "Quillivic")
    prepare_meeting(desk, TODAY)
    with opened(qtbot, replace(desk, social_key=None), CommitteeScreen) as found:
        page = meeting_page(found)
        found.until(lambda: page.table.current is not None)
        assert "réservées aux travailleurs sociaux" in everything_shown(page.sheet)
        assert "€" not in everything_shown(page.sheet)
        for button in (page.keep, page.agenda, page.close_button, page.prepare):
            assert not button.isVisibleTo(page)
        press(found, KEY.Key_F3)
        assert page.answer.answer is None
    assert list_meetings(desk)[0].answered == 0


def test_a_household_is_put_on_the_waiting_list_and_its_rank_is_explained(
    committee: Opened[CommitteeScreen], desk: Desk
) -> None:
    committee.screen.open_with(page="waiting")
    committee.idle()

    def pick(dialog: PickDialog) -> None:
        type_in("quilliv")
        committee.until(lambda: len(dialog.table.rows_model.rows) == 1)
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(PickDialog, pick)
    press(committee, KEY.Key_F5)
    committee.until(lambda: len(waiting_list(desk).rows) == 1)
    committee.idle()
    assert "Seul sur la liste" in everything_shown(committee.screen.current)


def test_absences_are_noted_from_the_expected_list(committee: Opened[CommitteeScreen], desk: Desk) -> None:
    household = enrol.save_household(desk, HouseholdForm((MemberForm("Martin", "Zoé", Link.HOLDER),)))
    decide.open_right(desk, household, RightForm(TODAY - timedelta(days=9), TODAY + timedelta(days=30), 100, ()))
    committee.screen.open_with(page="measures")
    committee.idle()
    page = committee.screen.current
    assert isinstance(page, MeasuresPage)
    page.expected.setFocus()
    press(committee, KEY.Key_F3)
    (row,) = absences_to_see(desk)
    assert (row.household.id, row.count.unexcused) == (household, 1)
    committee.until(lambda: bool(page.absences.rows_model.rows))
    press(committee, KEY.Key_F4)
    assert absences_to_see(desk)[0].count.unexcused == 0
