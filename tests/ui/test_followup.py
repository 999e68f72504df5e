"""The worker's desk and the living pages of the support file, by the keyboard alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.agenda import AppointmentState
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.persistence.models import Account
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import reserve
from epicerie_desktop.services.queries import accompaniment, agenda
from epicerie_desktop.services.queries import workshops as read
from epicerie_desktop.services.queries.followup import household_tasks
from epicerie_desktop.services.support import agenda as writing
from epicerie_desktop.services.support import tasks, workshops
from epicerie_desktop.services.support.agenda import AppointmentForm
from epicerie_desktop.services.support.tasks import TaskForm
from epicerie_desktop.services.support.workshops import SessionForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.followup.screen import FollowUpScreen
from epicerie_desktop.ui.support.screen import SupportScreen
from tests.conftest import TODAY
from tests.services.conftest import SmallShop, furnished_small_shop, small_shop  # noqa: F401 - fixtures
from tests.services.test_reserved import an_account
from tests.ui.opened import Opened, focus, opened, type_in

KEY = Qt.Key
Enter = Callable[[Desk], AbstractContextManager[Opened[FollowUpScreen]]]
Open = Callable[[Desk], AbstractContextManager[Opened[SupportScreen]]]


@pytest.fixture
def enter(qtbot: QtBot) -> Enter:
    return lambda desk: opened(qtbot, desk, FollowUpScreen)


@pytest.fixture
def enter_file(qtbot: QtBot) -> Open:
    return lambda desk: opened(qtbot, desk, SupportScreen)


@pytest.fixture
def reception(small_shop: SmallShop) -> Desk:  # noqa: F811
    """Return the desk of another account, which does not read what is sealed."""
    desk = small_shop.desk
    with desk.db.write() as session:
        account = Account(uid=uuid.uuid4(), name="Bénévoles", role="volunteer", active=True)
        session.add(account)
        session.flush()
        actor = replace(desk.actor, id=account.id, name=account.name)
    return replace(desk, social_key=None, actor=actor)


def asked(office: Opened[FollowUpScreen] | Opened[SupportScreen]) -> QDialog:
    """Return the question now open, once it has the keyboard."""
    page = office.screen.current
    assert page is not None
    office.until(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    return page.dialog


def closed(office: Opened[FollowUpScreen] | Opened[SupportScreen]) -> None:
    """Wait until the question is closed and the page has the keyboard again."""
    office.until(lambda: office.screen.current is not None and office.screen.current.dialog is None)
    office.idle()
    office.window.activateWindow()
    office.until(lambda: QApplication.focusWidget() is not None)


def write(text: str, *then: Qt.Key) -> None:
    field = focus()
    if hasattr(field, "selectAll"):
        field.selectAll()
    type_in(text)
    for key in then:
        QTest.keyClick(focus(), key)


def test_an_appointment_is_given_and_its_outcome_noted_without_a_mouse(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    with enter(small_shop.desk) as office:
        office.press(KEY.Key_F3)
        asked(office)
        type_in("almeida")
        office.idle()
        office.press(KEY.Key_Return, KEY.Key_Return)
        asked(office)
        write("20/11/2026", KEY.Key_Tab)
        write("9h30", KEY.Key_Return)
        office.press(KEY.Key_F12)
        closed(office)
        (row,) = agenda.household_agenda(small_shop.desk, small_shop.household)
        assert (row.day, row.hour, row.worker_name) == (TODAY, time(9, 30), "Camille")
        assert "noté" in office.screen.notice.text
        office.press(KEY.Key_F7)
        asked(office)
        office.press(KEY.Key_F12)
        closed(office)
        (row,) = agenda.household_agenda(small_shop.desk, small_shop.household)
        assert row.state is AppointmentState.KEPT


def test_one_given_by_reception_is_with_who_received_last_and_is_the_one_chosen(
    enter_file: Open, reception: Desk, small_shop: SmallShop  # noqa: F811
) -> None:  # fmt: skip
    desk, home = small_shop.desk, small_shop.household
    writing.save_appointment(desk, AppointmentForm(home, TODAY, time(9), worker=desk.actor.id))
    with enter_file(reception) as office:
        office.window.go("screen", household=home, page="appointments")
        office.idle()
        office.press(KEY.Key_F3)
        asked(office)
        write("4/12", KEY.Key_Tab)
        write("9h30")
        office.press(KEY.Key_F12)
        closed(office)
        chosen = office.screen.current.table.current  # type: ignore[union-attr]
        assert (chosen.day, chosen.worker_name) == (date(2026, 12, 4), "Camille")
        office.press(KEY.Key_F7)
        assert asked(office).state.chosen is AppointmentState.EXCUSED  # type: ignore[attr-defined]
        office.press(KEY.Key_Escape)


def test_the_agenda_goes_to_the_week_of_an_appointment_just_given(enter: Enter, reception: Desk) -> None:
    with enter(reception) as office:
        office.press(KEY.Key_F3)
        asked(office)
        type_in("almeida")
        office.idle()
        office.press(KEY.Key_Return, KEY.Key_Return)
        assert asked(office).with_whom.worker is None, "reception receives nobody"  # type: ignore[attr-defined]
        write("11/12", KEY.Key_Tab)
        write("9h30")
        office.press(KEY.Key_F12)
        closed(office)
        given = office.screen.current.chosen  # type: ignore[union-attr]
        assert given is not None
        assert given.day == date(2026, 12, 11)


def test_what_cannot_be_is_told_in_the_question_and_what_was_typed_stays(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    with enter(small_shop.desk) as office:
        office.press(KEY.Key_F3)
        asked(office)
        type_in("almeida")
        office.idle()
        office.press(KEY.Key_F12)
        dialog = asked(office)
        write("19/11/2026", KEY.Key_Tab)
        write("9h30", KEY.Key_Tab)
        office.press(KEY.Key_F12)
        assert "passé" in dialog.error.text  # type: ignore[attr-defined]
        assert dialog.hour.text == "9h30"  # type: ignore[attr-defined]
        office.press(KEY.Key_Escape)
    assert agenda.household_agenda(small_shop.desk, small_shop.household) == ()


def test_without_the_second_key_one_sees_the_agenda_and_the_workshops_only(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    with enter(replace(small_shop.desk, social_key=None)) as office:
        assert [s[0] for s in office.screen.specs] == ["agenda", "workshops"]
        office.window.go("screen", page="todo")
        office.idle()
        assert office.screen.tabs.currentIndex() == 0
        office.press(KEY.Key_F3)
        asked(office)
        type_in("almeida")
        office.idle()
        office.press(KEY.Key_F12)
        assert asked(office).about is None  # type: ignore[attr-defined]
        office.press(KEY.Key_Escape)


def test_who_came_is_said_by_a_letter_a_line_and_kept_by_one_key(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    desk, home = small_shop.desk, small_shop.household
    subject = workshops.save_workshop(desk, "Cuisine de saison")
    session = workshops.save_session(desk, SessionForm(subject, TODAY, time(8), seats=8))
    for member in read.members_to_seat(desk, home, TODAY):
        workshops.put_down(desk, session, home, member.person)
    with enter(desk) as office:
        office.window.go("screen", page="workshops")
        office.idle()
        office.press(KEY.Key_Return, KEY.Key_P, KEY.Key_E, KEY.Key_A)
        assert all(s.state is AttendanceState.PLANNED for s in read.seats_of(desk, session)), "not kept yet"
        office.press(KEY.Key_F12)
        assert [s.state for s in read.seats_of(desk, session)] == [
            AttendanceState.CAME, AttendanceState.EXCUSED, AttendanceState.MISSED,
        ]  # fmt: skip
        assert office.screen.may_leave()


def test_the_line_of_a_reserved_file_cannot_be_said_and_tells_why(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    desk, home = small_shop.desk, small_shop.household
    subject = workshops.save_workshop(desk, "Cuisine de saison")
    session = workshops.save_session(desk, SessionForm(subject, TODAY, time(8), seats=8))
    workshops.put_down(desk, session, home, read.members_to_seat(desk, home, TODAY)[0].person)
    reserve.reserve(desk, home, [desk.actor.id])
    with enter(an_account(desk)) as office:
        office.window.go("screen", page="workshops")
        office.idle()
        page = office.screen.page("workshops")
        office.press(KEY.Key_Return, KEY.Key_P)
        assert page.said == {}  # type: ignore[attr-defined]
        assert "réservé à d" in page.hint.text()  # type: ignore[attr-defined]
        assert not page.keep_button.isEnabled()  # type: ignore[attr-defined]
        assert not page.take_button.isEnabled()  # type: ignore[attr-defined]


def test_a_date_given_is_the_one_chosen_unless_a_sheet_is_being_filled(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    desk, home = small_shop.desk, small_shop.household
    subject = workshops.save_workshop(desk, "Cuisine de saison")
    session = workshops.save_session(desk, SessionForm(subject, TODAY, time(8), seats=8))
    workshops.put_down(desk, session, home, read.members_to_seat(desk, home, TODAY)[0].person)

    def give(office: Opened[FollowUpScreen], day: str) -> None:
        office.press(KEY.Key_F3)
        asked(office)
        QTest.keyClick(focus(), KEY.Key_Tab)
        write(day, KEY.Key_Tab)
        write("14h")
        office.press(KEY.Key_F12)
        closed(office)

    with enter(desk) as office:
        office.window.go("screen", page="workshops")
        office.idle()
        page = office.screen.page("workshops")
        give(office, "4/12")
        assert page.shown.day == date(2026, 12, 4)  # type: ignore[attr-defined]
        office.press(KEY.Key_Up, KEY.Key_Return, KEY.Key_P)
        give(office, "11/12")
        assert page.shown.day == TODAY  # type: ignore[attr-defined]
        office.press(KEY.Key_F12)
        assert [s.state for s in read.seats_of(desk, session)] == [AttendanceState.CAME]


def test_the_list_begins_with_what_is_late_and_a_task_leaves_it_once_done(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    desk = small_shop.desk
    tasks.save_task(desk, TaskForm("Appeler le bailleur", TODAY - timedelta(days=2), small_shop.household))
    tasks.save_task(desk, TaskForm("Ranger les dossiers"))
    with enter(desk) as office:
        office.window.go("screen", page="todo")
        office.idle()
        page = office.screen.page("todo")
        assert page.summary.text() == "1 en retard"  # type: ignore[attr-defined]
        office.press(KEY.Key_F7)
        assert [d.text for d in page.table.rows_model.rows] == ["Ranger les dossiers"]  # type: ignore[attr-defined]
    assert household_tasks(desk, small_shop.household)[0].done_on == TODAY


def test_a_gesture_of_every_day_is_one_key_and_its_counter_follows(enter_file: Open, small_shop: SmallShop) -> None:  # noqa: F811
    desk = small_shop.desk
    with enter_file(desk) as office:
        office.window.go("screen", household=small_shop.household, page="steps")
        office.idle()
        QTest.keyClick(focus(), KEY.Key_1, Qt.KeyboardModifier.ControlModifier)
        office.idle()
        (count,) = accompaniment.action_counts(desk, "2026-11", "2026-11")
        assert (count.step_label, count.steps) == ("Écoute", 1)
        office.press(KEY.Key_Return)
        office.press(KEY.Key_F7)
        question = asked(office)
        office.until(lambda: question._armed)  # type: ignore[attr-defined]
        office.press(KEY.Key_F12)
        office.until(lambda: accompaniment.action_counts(desk, "2026-11", "2026-11") == ())
        office.idle()


def test_an_amount_is_asked_only_where_the_action_has_one(enter_file: Open, small_shop: SmallShop) -> None:  # noqa: F811
    desk = small_shop.desk
    with enter_file(desk) as office:
        office.window.go("screen", household=small_shop.household, page="steps")
        office.idle()
        office.press(KEY.Key_F3)
        dialog = asked(office)
        assert not dialog.cents.isEnabled()  # type: ignore[attr-defined]
        office.press(KEY.Key_Return, KEY.Key_Down)
        assert dialog.cents.isEnabled()  # type: ignore[attr-defined]
        office.press(KEY.Key_F12)
        assert "montant" in dialog.error.text  # type: ignore[attr-defined]
        assert focus() is dialog.cents.line  # type: ignore[attr-defined]
        write("450")
        office.press(KEY.Key_F12)
        closed(office)
    assert [(s.step_label, s.cents) for s in accompaniment.steps(desk, small_shop.household)] == [
        ("Permis financé", 45_000)
    ]


def test_a_note_is_written_then_found_by_its_words(enter_file: Open, small_shop: SmallShop) -> None:  # noqa: F811
    desk = small_shop.desk
    with enter_file(replace(desk, clock=FrozenClock.on(TODAY))) as office:
        office.window.go("screen", household=small_shop.household, page="notes")
        office.idle()
        for text in ("Échéancier accepté par le bailleur.", "Facture d'eau réglée."):
            office.press(KEY.Key_F3)
            asked(office)
            type_in(text)
            office.press(KEY.Key_F12)
            closed(office)
        page = office.screen.current
        assert page is not None
        assert [n.text[:7] for n in page.table.rows_model.rows] == ["Facture", "Échéanc"]  # type: ignore[attr-defined]
        page.search.setFocus()  # type: ignore[attr-defined]
        type_in("echean bail")
        assert [n.text[:7] for n in page.table.rows_model.rows] == ["Échéanc"]  # type: ignore[attr-defined]
        assert page.whole.text() == "Échéancier accepté par le bailleur."  # type: ignore[attr-defined]


def test_buttons_go_on_a_second_line_rather_than_being_cut(qtbot: QtBot) -> None:
    buttons = [ActionButton(f"Un geste assez long n° {n}", f"F{n}") for n in range(3, 7)]
    place = QWidget()
    qtbot.addWidget(place)
    QVBoxLayout(place).addWidget(Wrapped(*buttons, right=True))
    place.resize(buttons[0].sizeHint().width() * 2 + 60, 200)
    place.show()
    qtbot.waitUntil(lambda: buttons[0].width() > 0 and buttons[3].y() > 0)
    assert all(b.width() >= b.sizeHint().width() for b in buttons)
    assert [b.y() > buttons[0].y() for b in buttons] == [False, False, True, True]
    assert buttons[1].geometry().right() == buttons[3].geometry().right()


def test_a_window_larger_than_the_screen_is_opened_over_all_of_it(enter: Enter, small_shop: SmallShop) -> None:  # noqa: F811
    with enter(small_shop.desk) as office:
        room = office.window.screen().availableSize()
        office.window.resize(room.width() + 1, 700)
        office.window.show_fitted()
        office.until(office.window.isMaximized)
