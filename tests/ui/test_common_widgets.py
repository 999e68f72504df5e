"""The pieces every screen is made of: buttons, fields, lists, banner, questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.support import format as shown
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.banner import VerdictBanner
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ReasonDialog
from epicerie_desktop.ui.common.fields import CountField, MoneyField, PartialDateField, SearchField, WeightField
from epicerie_desktop.ui.common.keys import key_label
from epicerie_desktop.ui.common.layout import FormRow, PageHeader, label, scrolled
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from tests.ui.dressed import dress

TODAY = date(2026, 11, 20)
EAN = "3017620422003"


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    dress()
    yield
    dress()


def send(widget: QWidget, key: Qt.Key, text: str = "", *, repeat: bool = False, at: int = 0) -> None:
    """Send one key as the window system would, at a time of its own."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, repeat)
    event.setTimestamp(at)
    QApplication.sendEvent(widget, event)


def show(qtbot: QtBot, window: QWidget) -> None:
    """Show a window and wait until it has the keyboard."""
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def mouse(widget: QWidget, kind: QEvent.Type) -> None:
    """Send one event of the left button in the middle of a widget."""
    middle, left = QPointF(widget.rect().center()), Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(kind, middle, widget.mapToGlobal(middle), left, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def press_enter(widget: QWidget, *, repeat: bool = False, at: int = 0) -> None:
    send(widget, Qt.Key.Key_Return, "\r", repeat=repeat, at=at)


def scan(widget: QWidget, code: str, at: int = 1000) -> None:
    """Send what a scanner sends: every digit 5 ms apart, then Enter."""
    for i, digit in enumerate(code):
        send(widget, Qt.Key(ord(digit)), digit, at=at + 5 * i)
    press_enter(widget, at=at + 5 * len(code))


class TestActionButton:
    def test_it_shows_its_verb_and_its_key(self, qtbot: QtBot) -> None:
        button = ActionButton("Encaisser", "F12", "banknote", "primary")
        qtbot.addWidget(button)
        assert button.accessibleName() == "Encaisser"
        assert button.accessibleDescription() == "F12"
        assert button.sizeHint().height() >= 44
        assert button.sizeHint().width() > ActionButton("Encaisser").sizeHint().width()

    def test_a_held_enter_presses_once(self, qtbot: QtBot) -> None:
        button = ActionButton("Encaisser", "F12")
        qtbot.addWidget(button)
        presses: list[int] = []
        button.clicked.connect(lambda: presses.append(1))
        press_enter(button)
        for _n in range(20):
            press_enter(button, repeat=True)
        assert len(presses) == 1

    def test_a_held_shortcut_presses_once(self, qtbot: QtBot) -> None:
        window = QWidget()
        QHBoxLayout(window).addWidget(button := ActionButton("Encaisser", "F12"))
        show(qtbot, window)
        presses: list[int] = []
        button.clicked.connect(lambda: presses.append(1))
        QTest.keyClick(window, Qt.Key.Key_F12)
        assert len(presses) == 1
        button.setEnabled(False)
        QTest.keyClick(window, Qt.Key.Key_F12)
        assert len(presses) == 1

    @pytest.mark.parametrize(("repeatable", "expected"), [(False, 1), (True, 2)])
    def test_the_second_click_of_a_double_click_is_ignored_unless_repeatable(
        self, qtbot: QtBot, repeatable: bool, expected: int
    ) -> None:
        button = ActionButton("Ajouter", repeatable=repeatable)
        qtbot.addWidget(button)
        presses: list[int] = []
        button.clicked.connect(lambda: presses.append(1))
        press, again, release = (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonDblClick,
            QEvent.Type.MouseButtonRelease,
        )
        for kind in (press, release, again, release):
            mouse(button, kind)
        assert len(presses) == expected

    def test_a_scan_that_lands_on_it_presses_nothing_but_a_hand_does(self, qtbot: QtBot) -> None:
        button = ActionButton("Encaisser", "F12")
        qtbot.addWidget(button)
        presses: list[int] = []
        button.clicked.connect(lambda: presses.append(1))
        scan(button, EAN)
        assert presses == []
        press_enter(button, at=5000)
        assert len(presses) == 1

    def test_an_ampersand_is_shown_as_it_is(self, qtbot: QtBot) -> None:
        button = ActionButton("Fruits & légumes")
        qtbot.addWidget(button)
        assert button.accessibleName() == "Fruits & légumes"
        assert button.shortcut().isEmpty()

    @pytest.mark.parametrize(
        ("shortcut", "shown_as"),
        [("Esc", "Échap"), ("Shift+F4", "Maj+F4"), ("Return", "Entrée"), ("F12", "F12"), ("", "")],
    )
    def test_keys_are_named_in_french(self, shortcut: str, shown_as: str) -> None:
        assert key_label(shortcut) == shown_as


class TestFields:
    def test_an_amount_is_read_in_cents_and_written_back(self, qtbot: QtBot) -> None:
        field = MoneyField()
        qtbot.addWidget(field)
        QTest.keyClicks(field.line, "1.5")
        assert field.value == 150
        field.set_value(1250)
        assert field.line.text() == "12,50"

    @given(cents=st.integers(0, MAX_CENTS))
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_every_amount_written_is_read_back(self, qtbot: QtBot, cents: int) -> None:
        field = MoneyField()
        field.set_value(cents)
        assert field.value == cents
        assert field.line.text() == shown.plain_money(cents)
        field.deleteLater()

    def test_a_barcode_in_a_money_field_is_told_beneath_and_nothing_is_submitted_or_erased(self, qtbot: QtBot) -> None:
        field = MoneyField()
        qtbot.addWidget(field)
        with qtbot.assertNotEmitted(field.submitted):
            scan(field.line, EAN)
        assert "code-barres" in field.error
        assert field.value is None
        assert field.text == EAN
        assert field.line.accessibleDescription() == field.error

    def test_the_error_comes_on_leaving_and_goes_once_mended(self, qtbot: QtBot) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        field, other = WeightField(), CountField()
        column.addWidget(field)
        column.addWidget(other)
        show(qtbot, window)
        field.setFocus()
        QTest.keyClicks(field.line, "1,2.5")
        assert field.error == ""
        other.setFocus()
        assert "n’est pas un poids" in field.error
        field.setFocus()
        field.line.selectAll()
        QTest.keyClicks(field.line, "1,25")
        assert field.error == ""
        assert field.value == 1250

    def test_a_required_field_left_empty_says_so(self, qtbot: QtBot) -> None:
        field = CountField(required=True)
        qtbot.addWidget(field)
        assert not field.check()
        assert field.error
        field.set_value(3)
        assert field.check()
        assert field.value == 3

    @pytest.mark.parametrize(
        ("typed", "value", "said"),
        [
            ("12/03/1985", "1985-03-12", "Compris\u00a0: 12 mars 1985"),
            ("1/1/1950", "1950-01-01", "Compris\u00a0: 1er janvier 1950"),
            ("03/1985", "1985-03", "Compris\u00a0: mars 1985, jour inconnu"),
            ("1985", "1985", "Compris\u00a0: 1985, jour et mois inconnus"),
            ("1985-03-12", "1985-03-12", "Compris\u00a0: 12 mars 1985"),
        ],
    )
    def test_a_birth_date_is_read_as_far_as_it_is_known_and_said_beneath(
        self, qtbot: QtBot, typed: str, value: str, said: str
    ) -> None:
        field = PartialDateField(lambda: TODAY)
        qtbot.addWidget(field)
        QTest.keyClicks(field.line, typed)
        assert field.check()
        assert field.value == value
        assert field._message.text() == said
        field.set_value(value)
        assert field.value == value

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("12-3-85", "12-3-1985"),
            ("12/03/12", "12/03/2012 ou 12/03/1912"),
            ("31/02/1990", "ce jour n’existe pas"),
            ("12/2030", "futur"),
            ("21/11/2026", "futur"),
            ("1850", "120"),
            ("mars", "n’est pas une date"),
        ],
    )
    def test_a_doubtful_birth_date_is_asked_again_with_what_to_type(self, qtbot: QtBot, typed: str, said: str) -> None:
        field = PartialDateField(lambda: TODAY)
        qtbot.addWidget(field)
        QTest.keyClicks(field.line, typed)
        assert not field.check()
        assert field.value is None
        assert said in field.error
        assert field.text == typed

    def test_a_scan_into_the_search_never_presses_a_default_button(self, qtbot: QtBot) -> None:
        dialog = QDialog()
        column = QVBoxLayout(dialog)
        field, button = SearchField("Nom ou carte"), QPushButton("Valider")
        column.addWidget(field)
        column.addWidget(button)
        button.setDefault(True)
        show(qtbot, dialog)
        field.setFocus()
        seen: list[str] = []
        field.submitted.connect(lambda: seen.append(field.text))
        with qtbot.assertNotEmitted(button.clicked):
            scan(field.line, EAN)
            press_enter(field.line, repeat=True)
        assert seen == [EAN]
        QTest.keyClick(field.line, Qt.Key.Key_Escape)
        assert field.text == ""
        assert dialog.isVisible()


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    cents: int


ROWS = tuple(Row(n, f"Foyer {n}", n * 100) for n in (3, 1, 2, 5, 4))


@pytest.fixture
def listing(qtbot: QtBot) -> RowsTable[Row]:
    found: RowsTable[Row] = RowsTable(
        (
            Column("N°", lambda r: r.number, align="right"),
            Column("Foyer", lambda r: r.name, stretch=True),
            Column("Reste", lambda r: r.cents, shown.money, align="right"),
        ),
        lambda r: r.number,
        name="Foyers",
        empty="Personne.",
    )
    qtbot.addWidget(found)
    found.resize(640, 320)
    found.show()
    found.set_rows(ROWS)
    return found


class TestRowsTable:
    def test_a_mark_keeps_its_colour_on_the_chosen_row(self, qtbot: QtBot) -> None:
        found: RowsTable[Row] = RowsTable(
            (Column("Fin", lambda r: r.name, tone=lambda _r: "ask"),), lambda r: r.number, name="Droits"
        )
        qtbot.addWidget(found)
        found.set_rows(ROWS[:1])
        found.resize(320, 120)
        found.show()

        def inks() -> set[str]:
            picture = found.viewport().grab(found.visualRect(found.rows_model.index(0, 0))).toImage()
            return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}

        ask = theme.tokens().colour("ask").name()
        assert ask in inks()
        found.choose_first()
        assert theme.tokens().colour("selection").name() in inks()
        assert ask in inks()

    def test_the_chosen_row_stays_chosen_when_the_list_is_read_again_or_sorted(
        self, qtbot: QtBot, listing: RowsTable[Row]
    ) -> None:
        assert listing.choose(5)
        with qtbot.assertNotEmitted(listing.chosen):
            listing.set_rows([Row(9, "Foyer 9", 0), *ROWS])
            listing.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        assert listing.current == Row(5, "Foyer 5", 500)
        assert [r.number for r in listing.rows_model.rows] == [1, 2, 3, 4, 5, 9]
        listing.set_rows(ROWS)
        assert [r.number for r in listing.rows_model.rows] == [1, 2, 3, 4, 5]

    def test_its_neighbour_is_chosen_when_the_chosen_row_is_gone(self, qtbot: QtBot, listing: RowsTable[Row]) -> None:
        listing.choose(4)
        with qtbot.waitSignal(listing.chosen) as heard:
            listing.set_rows(ROWS[:-1])
        assert heard.args == [ROWS[3]]
        listing.set_rows([])
        assert listing.current is None

    def test_enter_opens_the_row_once_and_a_scan_opens_nothing(self, listing: RowsTable[Row]) -> None:
        listing.choose(1)
        opened: list[Row] = []
        listing.opened.connect(opened.append)
        press_enter(listing)
        press_enter(listing, repeat=True)
        scan(listing, EAN)
        assert opened == [ROWS[1]]

    def test_letters_do_not_wander_and_tab_leaves(self, listing: RowsTable[Row]) -> None:
        listing.choose(3)
        QTest.keyClicks(listing, "5 F")
        assert listing.current == ROWS[0]
        assert not listing.tabKeyNavigation()

    def test_columns_are_sized_once_and_rows_are_high_enough(self, listing: RowsTable[Row]) -> None:
        before = listing.columnWidth(2)
        listing.set_rows([Row(1, "x", 99_999_999)])
        assert listing.columnWidth(2) == before
        assert listing.rowHeight(0) >= 36


class TestBannerAndStates:
    def test_the_three_verdicts_differ_by_word_shape_and_colour(self, qtbot: QtBot) -> None:
        banner = VerdictBanner()
        qtbot.addWidget(banner)
        looks = set()
        for state, words in zip(VerdictState, ("Peut faire ses courses", "À voir", "Pas aujourd’hui"), strict=True):
            banner.show_verdict(state, words, ["une", "deux", "", "trois", "quatre"])
            look = banner._badge.look
            looks.add((look.shape, look.icon, look.colour))
            assert banner.accessibleName() == words
            assert banner.accessibleDescription() == "une deux trois"
        for part in zip(*looks, strict=True):
            assert len(set(part)) == 3

    def test_a_notice_without_words_is_hidden(self, qtbot: QtBot) -> None:
        notice = Notice("warn", "Attention")
        qtbot.addWidget(notice)
        notice.show()
        notice.tell("info", "")
        assert not notice.isVisible()

    def test_the_veil_waits_then_takes_the_keyboard_and_gives_it_back(self, qtbot: QtBot) -> None:
        window = QWidget()
        field = MoneyField()
        QVBoxLayout(window).addWidget(field)
        veil = BusyOverlay(window)
        show(qtbot, window)
        field.setFocus()
        veil.start("Écriture de la feuille…", cancellable=True)
        assert not veil.isVisible()
        qtbot.waitUntil(veil.isVisible)
        assert not field.line.hasFocus()
        veil.progress(1, 3)
        veil.stop()
        assert field.line.hasFocus()

    def test_words_on_several_lines_are_never_cut(self, qtbot: QtBot) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        words = label("Une phrase assez longue pour tenir sur plusieurs lignes dans une fenêtre étroite. " * 3)
        column.addWidget(PageHeader("Titre", "sous-titre"))
        column.addWidget(words)
        column.addWidget(FormRow("Date de naissance", PartialDateField(lambda: TODAY), "Comme sur le document"))
        area = scrolled(page)
        qtbot.addWidget(area)
        area.resize(360, 120)
        area.show()
        qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()) > 60)

    def test_a_form_row_names_its_field(self, qtbot: QtBot) -> None:
        field = MoneyField()
        row = FormRow("Montant versé", field, "En euros")
        qtbot.addWidget(row)
        assert field.line.accessibleName() == "Montant versé"
        assert field.line.accessibleDescription() == "En euros"


class TestQuestions:
    def test_the_harmless_answer_has_the_focus_and_escape_takes_it(self, qtbot: QtBot) -> None:
        dialog = QuestionDialog(None, "Quitter ?", "Rien n’est perdu.", "Quitter", "Rester", armed_after_ms=0)
        qtbot.addWidget(dialog)
        dialog.open()
        assert dialog.focusWidget() is dialog.no_button
        scan(dialog.no_button, EAN)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.result() == QDialog.DialogCode.Rejected
        assert not dialog.isVisible()

    def test_a_key_pressed_twice_does_not_answer_a_question_just_asked(self, qtbot: QtBot) -> None:
        dialog = QuestionDialog(None, "Annuler ?", "", "Annuler", "Garder", danger=True, armed_after_ms=60_000)
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.yes_button.click()
        assert dialog.isVisible()
        dialog._on_armed()
        dialog.yes_button.click()
        assert dialog.result() == QDialog.DialogCode.Accepted

    def test_a_reason_is_asked_for_and_either_ticked_or_typed(self, qtbot: QtBot) -> None:
        dialog = ReasonDialog(
            None, "Annuler ?", "", "Annuler", "Garder", reasons=("Erreur de foyer", "Autre"), armed_after_ms=0
        )
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.yes_button.click()
        assert dialog.isVisible()
        dialog._group.buttons()[0].setChecked(True)
        assert dialog.reason == "Erreur de foyer"
        QTest.keyClicks(dialog.line, "carte confondue")
        assert dialog.reason == "carte confondue"
        assert dialog._group.checkedButton() is None
        dialog.yes_button.click()
        assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_every_line_of_a_short_list_is_whole_once_it_is_open(qtbot: QtBot) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems([f"Choix {n}" for n in range(9)])
    box.show()
    box.showPopup()
    view = box.view()
    assert view.viewport().height() >= view.sizeHintForRow(0) * box.count()
    box.hidePopup()


def test_an_empty_list_shows_its_titles_whole(qtbot: QtBot) -> None:
    table: RowsTable[str] = RowsTable(
        (Column("Titulaire", str, stretch=True), Column("Ressemblance", str, align="right")), str, name="Foyers"
    )
    qtbot.addWidget(table)
    table.resize(500, 200)
    table.show()
    metrics = QFontMetrics(theme.tokens().font("small", bold=True))
    assert table.columnWidth(1) > metrics.horizontalAdvance("Ressemblance")


def test_a_line_leaves_to_the_screen_the_keys_that_linux_would_take_for_editing(qtbot: QtBot) -> None:
    field = SearchField("Nom")
    qtbot.addWidget(field)
    for key in (Qt.Key.Key_U, Qt.Key.Key_E):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
        event.accept()
        assert field.eventFilter(field.line, event)
        assert not event.isAccepted()
