"""The committee's screen by the keyboard alone: a whole meeting in a row, the waiting list, absences; and nobody's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.suspensions import Measure, SuspensionKind, SuspensionReason
from epicerie_desktop.persistence.models import AccessGrant, Decision
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.absences import absences_to_see
from epicerie_desktop.services.queries.committee import list_meetings, meeting_view
from epicerie_desktop.services.queries.suspensions import list_suspensions
from epicerie_desktop.services.queries.waiting import waiting_list
from epicerie_desktop.services.rights import decide, rulesets
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.meetings import prepare_meeting
from epicerie_desktop.services.rights.suspensions import SuspensionForm, record_suspension
from epicerie_desktop.ui.committee.agenda import AgendaDialog, PrepareDialog
from epicerie_desktop.ui.committee.measures_page import MeasuresPage
from epicerie_desktop.ui.committee.meeting_page import MeetingPage
from epicerie_desktop.ui.committee.picker import PickDialog
from epicerie_desktop.ui.committee.screen import CommitteeScreen
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import FollowingArea
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.rights.measure import MeasureDialog
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
    press(committee, KEY.Key_F3)
    committee.until(lambda: page.table.current is not None)
    back_in(committee)
    committee.until(lambda: QApplication.focusWidget() is page.table)
    assert not [word for word in TELLING if word in everything_shown(page)]

    press(committee, KEY.Key_F12)
    assert "Choisissez une réponse" in page.notice.accessibleName()
    assert focus() is page.answer.keys[Answer.GRANTED]
    press(committee, KEY.Key_F4)
    assert page.notice.isHidden(), "what was asked is done"
    type_in("Venir à un atelier par mois.")
    press(committee, KEY.Key_F12)
    assert page.table.current is not None
    assert page.table.current.situation.rank == 2
    press(committee, KEY.Key_F5, KEY.Key_Home, KEY.Key_F12)
    assert focus() is page.answer.code, "a reason is chosen, and told beneath"
    press(committee, KEY.Key_End, KEY.Key_F12)
    assert "raison du refus" in page.answer.reason.frame.note.text()
    assert "raison du refus" in page.notice.accessibleName(), "in sight, wherever the fields are scrolled"
    assert focus() is page.answer.reason.edit
    press(committee, KEY.Key_F5, KEY.Key_Home, KEY.Key_Down, KEY.Key_Tab)
    assert focus() is page.answer.usual_help
    press(committee, KEY.Key_End)
    assert "orienté" not in page.answer.help.text
    press(committee, KEY.Key_Up)
    assert "orienté vers une autre aide" in page.answer.help.text, "read whole, beneath"
    asked: list[str] = []

    def refuse(dialog: QuestionDialog) -> None:
        asked.append(everything_shown(dialog))
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(QuestionDialog, refuse)
    press(committee, KEY.Key_F12)
    committee.until(lambda: page.table.current is not None and page.table.current.situation.rank == 3)
    assert "Motif dit au foyer" in asked[0]
    assert "peut être changée jusqu" in asked[0]
    back_in(committee)
    press(committee, KEY.Key_F6, KEY.Key_F12)
    assert "attendu" in page.answer.conditions.frame.note.text(), "an adjournment asks for something"
    assert focus() is page.answer.conditions.edit
    press(committee, KEY.Key_F6)
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
    press(committee, KEY.Key_F8)
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
        press(first, KEY.Key_F4)
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
    press(committee, KEY.Key_F9)
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
        press(found, KEY.Key_F4)
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
    press(committee, KEY.Key_F3)
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
    press(committee, KEY.Key_F4)
    (row,) = absences_to_see(desk)
    assert (row.household.id, row.count.unexcused) == (household, 1)
    committee.until(lambda: bool(page.absences.rows_model.rows))
    press(committee, KEY.Key_F5)
    assert absences_to_see(desk)[0].count.unexcused == 0


def test_another_meeting_is_prepared_while_one_is_open(committee: Opened[CommitteeScreen], desk: Desk) -> None:
    prepare_meeting(desk, TODAY)
    committee.idle()
    committee.until(lambda: meeting_page(committee).table.current is not None)
    meet(PrepareDialog, lambda dialog: QTest.keyClick(dialog, KEY.Key_F12))
    press(committee, KEY.Key_F3)
    committee.until(lambda: len(list_meetings(desk)) == 2)


def test_after_a_measure_the_keys_are_about_it_and_the_question_says_whom(
    committee: Opened[CommitteeScreen], desk: Desk
) -> None:
    first, second = (
        enrol.save_household(desk, HouseholdForm((MemberForm(name, "Zoé", Link.HOLDER),)))
        for name in ("Martin", "Rozec")
    )
    urgent = Measure(SuspensionKind.CONSERVATORY, TODAY, TODAY + timedelta(days=7))
    old = record_suspension(desk, SuspensionForm(first, urgent, SuspensionReason.RULES))
    committee.screen.open_with(page="measures")
    committee.idle()
    page = committee.screen.current
    assert isinstance(page, MeasuresPage)
    assert page.suspensions.current is not None
    assert page.suspensions.current.id == old
    said: list[str] = []

    def pick(dialog: PickDialog) -> None:
        type_in("rozec")
        committee.until(lambda: len(dialog.table.rows_model.rows) == 1)
        meet(MeasureDialog, measure)
        QTest.keyClick(dialog, KEY.Key_F12)

    def measure(dialog: MeasureDialog) -> None:
        said.append(everything_shown(dialog))
        dialog.kinds.button(list(SuspensionKind).index(SuspensionKind.CONSERVATORY)).setChecked(True)
        dialog.until.line.setFocus()
        dialog.until.line.selectAll()
        type_in("24/11")
        meet(PdfView, lambda view: view.close())
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(PickDialog, pick)
    press(committee, KEY.Key_F3)
    committee.until(lambda: len(list_suspensions(desk)) == 2)
    committee.until(lambda: QApplication.activeModalWidget() is None)
    committee.idle()
    back_in(committee)
    assert "Rozec Zoé, dossier" in said[0]
    assert page.suspensions.current is not None
    assert page.suspensions.current.household.id == second
    assert page.suspensions.current.measure.until == date(2026, 11, 24)

    def lift(dialog: QuestionDialog) -> None:
        said.append(everything_shown(dialog))
        QTest.keyClick(dialog, KEY.Key_F12)

    meet(QuestionDialog, lift)
    press(committee, KEY.Key_F8)
    committee.until(lambda: [s.id for s in list_suspensions(desk)] == [old])
    assert "Rozec Zoé, dossier" in said[1]


def test_a_key_has_one_meaning_from_page_to_page_that_of_the_design_document(
    committee: Opened[CommitteeScreen],
) -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    table = document.split("À la commission de même", 1)[1].split("Entrée ne conclut", 1)[0]
    rows = re.findall(r"^\| ((?:Maj\+)?F\d[^|]*) \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    told = {
        (key.replace("Maj", "Shift"), words)
        for keys, *pages in rows
        for page in pages
        if page != "–"
        for key, words in zip(keys.split(", "), page.split(", "), strict=False)
    }
    for page in ("waiting", "measures"):
        committee.screen.open_with(page=page)
    worn = {(b.shortcut_text, b.accessibleName()) for b in committee.screen.findChildren(ActionButton)}
    assert {w for w in worn if re.fullmatch(r"(Shift\+)?F\d+", w[0])} == told


def test_two_lines_of_a_letter_are_read_whole_on_a_narrow_window(
    committee: Opened[CommitteeScreen], desk: Desk
) -> None:
    page = meeting_page(committee)
    prepare_meeting(desk, TODAY)
    committee.window.resize(1024, 640)
    committee.until(lambda: page.table.current is not None)
    press(committee, KEY.Key_F5, KEY.Key_Tab, KEY.Key_Tab)
    text = page.answer.help.edit
    assert focus() is text
    assert text.document().size().height() > 1, "on two lines"
    committee.until(lambda: text.verticalScrollBar().maximum() == 0)
    area = next(a for a in page.findChildren(FollowingArea) if a.isAncestorOf(text))
    area.horizontalScrollBar().setMaximum(40)
    area.horizontalScrollBar().setValue(40)
    assert area.horizontalScrollBar().value() == 0, "a column too wide is never cut at its beginning"


def test_the_amount_left_to_the_committee_is_typed_with_its_answer(qtbot: QtBot, desk: Desk) -> None:
    left = '\n[[ceilings]]\nmeasure = "PAID"\nperiod = "WEEK"\ndecided = true\nat_least = 5\nat_most = 15\n'
    rulesets.adopt_ruleset(desk, ruleset_text("reste-a-vivre") + left)
    studied(desk, "Quillivic")
    meeting = prepare_meeting(desk, TODAY)
    with opened(qtbot, desk, CommitteeScreen) as found:
        page = meeting_page(found)
        found.until(lambda: page.table.current is not None)
        press(found, KEY.Key_F4)
        (amount,) = page.answer.ceilings
        assert focus() is amount.line
        press(found, KEY.Key_F12)
        assert focus() is amount.line
        assert "Indiquez le plafond" in amount.error
        type_in("20")
        press(found, KEY.Key_F12)
        found.until(lambda: "sort de ce que permet" in page.notice.accessibleName())
        amount.line.selectAll()
        type_in("12,50")
        press(found, KEY.Key_F12)
        found.until(lambda: meeting_view(desk, meeting).items[0].given is not None)
    given = meeting_view(desk, meeting).items[0].given
    assert given is not None
    assert given.ceilings == (12_50,)
