"""The households' screen, by its keys: a family opened, found, changed by two people at once, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.household import HousingKind, LeftFor, Link, Sex
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, life
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries.counter import find_households
from epicerie_desktop.services.queries.households import household_file, list_households
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households.card_sheet import CardSheetDialog
from epicerie_desktop.ui.households.dialogs import UnsavedDialog
from epicerie_desktop.ui.households.screen import HouseholdsScreen
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from tests.printing.conftest import Read
from tests.ui.dialogs import answer, meet
from tests.ui.dressed import dress

KEY = Qt.Key
TODAY = date(2026, 11, 20)
PASSPHRASE = "mot de passe d'essai"
# The list of communes is a popup, for which the offscreen platform has neither raise nor grab.
POPUP = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SPEC = ScreenSpec("households", "Foyers", "users", "", HouseholdsScreen)


@dataclass
class Window:
    """A window on the households, and the person at its keyboard."""

    qtbot: QtBot
    window: MainWindow
    context: Context

    @property
    def screen(self) -> HouseholdsScreen:
        assert isinstance(self.window.current, HouseholdsScreen)
        return self.window.current

    @property
    def desk(self) -> Desk:
        return self.context.desk

    @property
    def focus(self) -> QWidget:
        if QApplication.focusWidget() is None:  # no window manager gives the keyboard back after a dialog here
            self.front()
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy and not self.context.long.busy)

    def front(self) -> None:
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()

    def keys(self, text: str) -> None:
        """Press the keys of a text; QTest knows those of ASCII only."""
        for sign in text:
            if sign.isascii():
                QTest.keyClick(self.focus, sign)
            else:
                QApplication.sendEvent(
                    self.focus, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
                )

    def type(self, text: str) -> None:
        self.keys(text)
        self.idle()

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(QApplication.activePopupWidget() or self.focus, key, modifier)
            self.idle()

    def fill(self, *texts: str) -> None:
        """Type in a field, then go on with Enter; an empty text leaves what is there."""
        for text in texts:
            self.keys(text)
            QTest.keyClick(self.focus, KEY.Key_Return)
            self.idle()

    def open(self, household: int) -> None:
        self.window.go("households", household=household)
        self.idle()

    def stop(self) -> None:
        self.context.data.stop()
        self.context.long.stop()
        self.window.hide()
        self.window.deleteLater()


def _window(qtbot: QtBot, desk: Desk) -> Window:
    dress()
    bus = ChangeBus()
    desk.db.on_commit(bus.tell)
    context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), ScaleBridge())
    made = Window(qtbot, MainWindow(context, (SPEC,)), context)
    with qtbot.waitActive(made.window):
        made.window.show()
        made.window.activateWindow()
    made.idle()
    return made


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[Window]:
    made = _window(qtbot, desk)
    yield made
    made.stop()


@pytest.fixture
def second(qtbot: QtBot, shop_file: Path, window: Window) -> Iterator[Window]:
    """The same file opened in another window, as at another post: it hears nothing of the first one's changes."""
    desk = opening.open_desk(shop_file, PASSPHRASE, FrozenClock.on(TODAY))
    made = _window(qtbot, desk)
    yield made
    made.stop()
    desk.db.close()


@pytest.fixture
def diallo(desk: Desk) -> int:
    members = (
        MemberForm("Diallo", "Aminata", Link.HOLDER, Sex.FEMALE, "1985-03-12"),
        MemberForm("Diallo", "Issa", Link.CHILD, Sex.MALE, "2012"),
    )
    return enrol.save_household(desk, HouseholdForm(members, AddressForm(commune_code="15187"), phone="04 71 00 00 00"))


def _only(desk: Desk) -> HouseholdForm:
    (found,) = list_households(desk)
    return household_file(desk, found.id).form


@POPUP
def test_a_family_is_opened_by_the_keyboard_alone(window: Window) -> None:
    window.press(KEY.Key_F3)
    window.fill("Crèvecœur", "Lucie", "", "", "12/03/1985")
    window.press(KEY.Key_Return)
    window.fill("Zoé", "", "", "04/2019")
    window.press(KEY.Key_N, ctrl=True)
    window.fill("Noé", "", "", "2024")
    window.press(KEY.Key_Tab)
    window.fill("", "12 rue des Agials")
    window.type("15100")
    window.press(KEY.Key_Down, KEY.Key_Return)
    window.fill("", "06 12 34 56 78")
    window.press(KEY.Key_F12)
    form = _only(window.desk)
    assert [(m.last_name, m.first_name, m.link, m.born) for m in form.members] == [
        ("Crèvecœur", "Lucie", Link.HOLDER, "1985-03-12"),
        ("Crèvecœur", "Zoé", Link.CHILD, "2019-04"),
        ("Crèvecœur", "Noé", Link.CHILD, "2024"),
    ]
    assert (form.address.commune_code, form.address.postcode, form.address.lines) == (
        "15187",
        "15100",
        "12 rue des Agials",
    )
    assert form.phone == "06 12 34 56 78"
    assert form.number in window.screen.notice.text
    assert window.screen.finder.model.rowCount() == 1
    assert not window.screen.dirty


def test_tab_walks_the_file_in_the_order_it_is_read_even_with_rows_added_later(window: Window) -> None:
    window.press(KEY.Key_F3)
    window.press(KEY.Key_N, ctrl=True)
    window.screen.form.members.rows[0].last_name.setFocus()
    walked = []
    for _step in range(21):
        walked.append(window.focus)
        window.press(KEY.Key_Tab)
    form = window.screen.form
    names = [w.accessibleName() for w in walked]
    assert names == [w.accessibleName() for w in (*form.stops[:18], form.new_referrer, form.language, form.note)]


def test_the_thirty_first_of_february_is_told_under_its_row_and_nothing_is_written(window: Window) -> None:
    window.press(KEY.Key_F3)
    window.fill("Martin", "Paul", "", "", "31/02/1985")
    row = window.screen.form.members.rows[0]
    assert window.focus is row.born.line
    assert "ce jour n’existe pas" in row.error.text()
    window.press(KEY.Key_F12)
    assert window.focus is row.born.line
    assert (row.last_name.text(), row.born.text) == ("Martin", "31/02/1985")
    assert list_households(window.desk) == ()
    row.born.line.setText("")
    window.type("28/02/1985")
    window.press(KEY.Key_F12)
    assert _only(window.desk).members[0].born == "1985-02-28"


@pytest.mark.parametrize(
    ("typed", "kept", "understood"),
    [("1985", "1985", "40 ans, mois inconnu"), ("03/1985", "1985-03", "41 ans, jour inconnu"), ("12/03/1985", "1985-03-12", "41 ans"),
     ("10/2026", "2026-10", "1 mois, jour inconnu")],
)  # fmt: skip
def test_a_birth_date_is_kept_as_far_as_it_is_known_and_told_as_an_age(
    window: Window, typed: str, kept: str, understood: str
) -> None:
    window.press(KEY.Key_F3)
    window.fill("Martin", "Paul", "", "", typed)
    born = window.screen.form.members.rows[0].born
    assert born.line.accessibleDescription().replace("\N{NO-BREAK SPACE}", " ") == understood
    window.press(KEY.Key_F12)
    assert _only(window.desk).members[0].born == kept


@pytest.mark.parametrize(
    ("last", "first", "born"), [("", "Paul", ""), ("Martin", "", ""), ("Martin", "Paul", "12/03/2031")]
)
def test_what_cannot_be_kept_is_told_beside_it_and_the_rest_stays_typed(
    window: Window, last: str, first: str, born: str
) -> None:
    window.press(KEY.Key_F3)
    row = window.screen.form.members.rows[0]
    for field, text in ((row.last_name, last), (row.first_name, first), (row.born.line, born)):
        QTest.keyClicks(field, text)
    window.screen.form.phone.setText("06 12")
    window.press(KEY.Key_F12)
    assert row.error.text()
    assert window.screen.dirty
    assert (row.last_name.text(), row.first_name.text(), window.screen.form.phone.text()) == (last, first, "06 12")
    assert list_households(window.desk) == ()


def test_two_people_edit_the_same_file_and_the_second_is_told_without_losing_anything(
    window: Window, second: Window, diallo: int
) -> None:
    window.open(diallo)
    second.open(diallo)
    second.screen.form.phone.setText("06 99 99 99 99")
    second.screen.form.note.setPlainText("Passe le mardi")
    second.screen.form.members.rows[1].born.line.setText("05/2012")
    window.front()
    window.screen.form.phone.setText("06 11 11 11 11")
    window.screen.form.members.rows[0].first_name.setText("Aminata Fanta")
    window.screen.save()
    window.idle()
    second.front()
    second.screen.save()
    second.idle()
    form = second.screen.form
    assert "Quelqu’un d’autre" in second.screen.notice.text
    assert "06 11 11 11 11" in second.screen.notice.text
    assert (form.phone.text(), form.note.toPlainText()) == ("06 99 99 99 99", "Passe le mardi")
    assert form.members.rows[0].first_name.text() == "Aminata Fanta"
    assert form.members.rows[1].born.text == "05/2012"
    assert household_file(window.desk, diallo).form.phone == "06 11 11 11 11"
    second.screen.save()
    second.idle()
    saved = household_file(second.desk, diallo).form
    assert (saved.phone, saved.note) == ("06 99 99 99 99", "Passe le mardi")
    assert [m.first_name for m in saved.members] == ["Aminata Fanta", "Issa"]
    assert not second.screen.dirty


def test_a_change_made_elsewhere_never_writes_over_what_is_being_typed(window: Window, diallo: int) -> None:
    window.open(diallo)
    window.screen.form.phone.setFocus()
    window.type(" poste 12")
    card = enrol.issue_card(window.desk, diallo)
    window.idle()
    assert window.screen.form.phone.text() == "04 71 00 00 00 poste 12"
    assert card.spaced in window.screen.cards.number.text()


def test_a_member_who_left_keeps_the_row_and_is_no_longer_counted(window: Window, diallo: int) -> None:
    issa = household_file(window.desk, diallo).form.members[1].member_id
    assert issa is not None
    life.leave(window.desk, diallo, issa, TODAY, LeftFor.DEPARTURE)
    window.open(diallo)
    row = window.screen.form.members.rows[1]
    assert not row.first_name.isEnabled()
    answer("close_button")
    row.stay.click()
    window.idle()
    assert list_households(window.desk)[0].persons == 1


def test_a_newcomer_on_a_file_already_open_counts_from_today(window: Window, desk: Desk, diallo: int) -> None:
    with_past = replace(household_file(desk, diallo).form)
    window.open(diallo)
    window.press(KEY.Key_N, ctrl=True)
    window.fill("Fatou")
    window.press(KEY.Key_F12)
    saved = household_file(desk, diallo).form
    assert saved.members[-1].joined_on == TODAY
    assert saved.members[0].joined_on == with_past.members[0].joined_on


def test_leaving_a_file_half_typed_is_asked_about_and_each_answer_is_obeyed(
    window: Window, desk: Desk, diallo: int
) -> None:
    other = enrol.save_household(desk, HouseholdForm((MemberForm("Vidal", "Jeanne", Link.HOLDER),)))
    window.open(diallo)
    window.screen.form.phone2.setText("04")
    answer("no_button")
    window.screen.open_household(other)
    window.idle()
    assert (window.screen.household, window.screen.form.phone2.text()) == (diallo, "04")
    answer("drop_button")
    window.screen.open_household(other)
    window.idle()
    assert window.screen.household == other
    assert household_file(desk, diallo).form.phone2 == ""
    window.screen.form.phone2.setText("05")
    answer("yes_button")
    window.screen.open_household(diallo)
    window.qtbot.waitUntil(lambda: window.screen.household == diallo)
    assert household_file(desk, other).form.phone2 == "05"


def test_a_file_that_exists_already_is_shown_while_its_name_is_typed_again(window: Window, diallo: int) -> None:
    window.press(KEY.Key_F3)
    window.fill("DIALLO")
    window.type("amin")
    window.qtbot.waitUntil(lambda: bool(window.screen.form.duplicates.buttons))
    (button,) = window.screen.form.duplicates.buttons
    assert "Diallo Aminata" in button.text()
    answer("drop_button")
    button.click()
    window.idle()
    assert window.screen.household == diallo


def test_a_search_ended_by_enter_at_once_opens_what_was_typed_and_not_what_was_shown(
    window: Window, desk: Desk, diallo: int
) -> None:
    for name in ("Adam", "Zidane"):
        enrol.save_household(desk, HouseholdForm((MemberForm(name, "Ali", Link.HOLDER),)))
    window.idle()
    QTest.keyClicks(window.screen.finder.search.line, "issa")
    QTest.keyClick(window.screen.finder.search.line, KEY.Key_Return)
    window.idle()
    assert window.screen.household == diallo
    assert window.screen.finder.list.hasFocus()
    window.press(KEY.Key_Return)
    assert window.focus is window.screen.form.members.rows[0].last_name


def test_a_card_finds_its_household_and_one_misread_says_what_to_do(window: Window, desk: Desk, diallo: int) -> None:
    card = enrol.issue_card(desk, diallo)
    window.fill(card.code)
    assert window.screen.household == diallo
    window.screen.finder.search.clear()
    window.screen.finder.search.setFocus()
    window.fill(card.code[:-1] + str((int(card.code[-1]) + 1) % 10))
    assert "mal lu" in window.screen.finder.count.text()


def test_a_card_shown_at_the_counter_is_offered_to_the_file_opened_next_and_to_that_one_only(
    window: Window, desk: Desk, diallo: int
) -> None:
    foreign = CardNumber(desk.shop.contract_number, desk.shop.number + 1, 1, 43)
    window.window.go("households", foreign=foreign.spaced)
    window.idle()
    assert "rattach" in window.screen.finder.asked_for.text()
    answer("yes_button")
    window.screen.open_household(diallo)
    window.idle()
    window.idle()
    assert foreign.code in household_file(desk, diallo).cards
    other = enrol.save_household(desk, HouseholdForm((MemberForm("Zidane", "Ali", Link.HOLDER),)))
    window.screen.open_household(other)
    window.idle()
    assert household_file(desk, other).cards == ()


def test_a_lost_card_is_replaced_after_a_question_and_another_shop_s_is_recognised(
    window: Window, desk: Desk, diallo: int
) -> None:
    first = enrol.issue_card(desk, diallo)
    window.open(diallo)
    answer("yes_button")
    window.screen.cards.issue.click()
    window.idle()
    (code,) = household_file(desk, diallo).cards
    assert code != first.code
    shop = desk.shop
    foreign = CardNumber(shop.contract_number, shop.number + 1, 1, 42)
    answer("yes_button", lambda dialog: dialog.number.setText(foreign.spaced))  # type: ignore[attr-defined]
    window.screen.cards.attach.click()
    window.idle()
    assert set(household_file(desk, diallo).cards) == {code, foreign.code}
    assert "autre épicerie" in window.screen.cards.number.text()


@POPUP
@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        ("coren", "15055", "Coren"),
        ("ANGLARDS de saint flour", "15005", "Anglards-de-Saint-Flour"),
        ("Massiac", None, "Massiac"),
    ],
)
def test_a_commune_is_recognised_by_its_whole_name_and_any_other_is_kept_as_typed(
    window: Window, typed: str, code: str | None, name: str
) -> None:
    window.press(KEY.Key_F3)
    window.fill("Martin", "Paul")
    window.screen.form.address.kind.setCurrentIndex(window.screen.form.address.kind.findData(HousingKind.HOSTED))
    window.screen.form.address.commune.setFocus()
    QTest.keyClicks(window.focus, typed)
    window.screen.form.phone.setFocus()
    window.press(KEY.Key_F12)
    saved = _only(window.desk).address
    assert (saved.kind, saved.commune_code, saved.commune_name) == (HousingKind.HOSTED, code, name)


def test_a_referrer_added_on_the_way_is_chosen_and_saved_with_the_file(window: Window, desk: Desk, diallo: int) -> None:
    window.open(diallo)
    answer("yes_button", lambda dialog: dialog.name.setText("Sophie Fabre"))  # type: ignore[attr-defined]
    window.screen.form.new_referrer.click()
    window.idle()
    assert "Sophie Fabre" in window.screen.form.referrer.currentText()
    window.press(KEY.Key_F12)
    assert household_file(desk, diallo).form.referrer_id == window.screen.form.referrer.currentData()


def test_a_referrer_added_on_the_way_is_chosen_though_the_list_is_read_again_meanwhile(
    window: Window, desk: Desk, diallo: int
) -> None:
    window.open(diallo)
    screen = window.screen
    made = enrol.save_referrer(desk, "Sophie Fabre", "", "")
    screen._gestures._on_referrer_saved(made)
    screen.refresh()
    window.idle()
    assert screen.form.referrer.currentData() == made


def test_changes_are_given_up_by_a_key_on_the_file_and_in_the_question(window: Window, diallo: int) -> None:
    window.open(diallo)
    screen = window.screen
    kept = screen.form.phone.text()
    screen.form.phone.setFocus()
    window.keys("9")
    assert screen.dirty
    window.front()
    QTest.keyClick(window.focus, KEY.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    assert (screen.dirty, screen.form.phone.text()) == (False, kept)
    screen.form.phone.setFocus()
    window.keys("9")
    meet(UnsavedDialog, lambda asked: QTest.keyClick(asked, KEY.Key_F12, Qt.KeyboardModifier.ShiftModifier))
    window.press(KEY.Key_F3)
    assert screen.file is None
    assert screen.editing


def test_a_volunteer_is_not_offered_to_study_or_open_a_right(qtbot: QtBot, desk: Desk, diallo: int) -> None:
    volunteer = replace(desk, actor=replace(desk.actor, role="VOLUNTEER"), social_key=None)
    window = _window(qtbot, volunteer)
    try:
        window.open(diallo)
        assert window.screen.support_button.isVisible()
        assert not window.screen.right_button.isVisible()
        window.press(KEY.Key_F7)
        assert window.window.current is window.screen
    finally:
        window.stop()


def test_a_file_is_found_by_the_end_of_its_number(window: Window, diallo: int) -> None:
    number = household_file(window.desk, diallo).form.number
    assert number.startswith("1-000")
    for typed in (number, number[2:], number.rpartition("-")[2].rjust(4, "0")):
        assert [f.id for f in find_households(window.desk, typed)] == [diallo]


def test_tab_leaves_the_cards_for_the_list_and_comes_back_to_the_names(window: Window, diallo: int) -> None:
    window.open(diallo)
    screen = window.screen
    screen.cards.issue.setFocus()
    walked: list[QWidget] = []
    while window.focus not in walked:
        walked.append(window.focus)
        window.press(KEY.Key_Tab)
    assert window.focus is screen.cards.issue, "one round, with nothing that keeps the keyboard"
    first = screen.form.members.rows[0]
    for wanted in (first.last_name, first.born.line, screen.form.note, screen.finder.search.line, screen.finder.list):
        assert wanted in walked, wanted.accessibleName()
    assert any(w.objectName() == "railButton" for w in walked)


@POPUP
def test_the_cards_of_the_list_go_on_sheets_from_the_first_free_label(window: Window, diallo: int) -> None:
    code = enrol.issue_card(window.desk, diallo).code
    enrol.save_household(window.desk, HouseholdForm((MemberForm("Zulu", "Zoé", Link.HOLDER),)))
    window.screen.refresh()
    window.idle()
    told: list[str] = []

    def choose(dialog: CardSheetDialog) -> None:
        told.append(dialog.count.text())
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
        QTest.keyClicks(QApplication.focusWidget(), "25")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)
        assert dialog.isVisible()
        dialog.cell.line.selectAll()
        QTest.keyClicks(QApplication.focusWidget(), "24")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_F12)

    meet(CardSheetDialog, choose)
    QTest.keyClick(window.focus, KEY.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    window.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
    view = QApplication.activeModalWidget()
    assert isinstance(view, PdfView)
    assert told == ["1 carte, 1 planche. 1 foyer de la liste n’a pas encore de carte."]
    paper = Read(view._content)
    assert "".join(paper.text.split()) == code
    places: list[tuple[float, float]] = []
    paper.reader.pages[0].extract_text(
        visitor_text=lambda text, _cm, tm, _font, _size: places.append((tm[4], tm[5])) if text.strip() else None
    )
    assert all(x > 595 * 2 / 3 and y < 842 / 8 for x, y in places), "the last label of the sheet"
    view.close()
    window.idle()
