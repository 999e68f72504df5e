"""« Questions » at the keyboard: chosen, answered at once, kept, put away and back, given to a file, published."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.questions import Span
from epicerie_desktop.services import publishing, questions
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.questions.dialogs import NameDialog, PublishDialog, ValuesDialog
from epicerie_desktop.ui.questions.screen import QuestionsScreen
from tests.ui.conftest import Goods
from tests.ui.opened import Opened, focus, opened, sold, type_in


@pytest.fixture
def served(desk: Desk, goods: Goods) -> Desk:
    for name, grams in (("Martin", 1250), ("Petit", 800)):
        sold(desk, goods.households[name], goods.articles["carottes"], grams)
    return desk


def settled(o: Opened[QuestionsScreen]) -> None:
    o.until(lambda: not o.screen._waiting.isActive())
    o.idle()


def rows(o: Opened[QuestionsScreen]) -> list[tuple[object, ...]]:
    assert o.screen.view.data is not None
    return list(o.screen.view.data.rows)


def ask(o: Opened[QuestionsScreen], subject: str, group: str) -> None:
    form = o.screen.form
    form.subject.setCurrentIndex(form.subject.findData(subject))
    form.groups[0].setCurrentIndex(form.groups[0].findData(group))
    form.span.setCurrentIndex(form.span.findData(Span.THIS_MONTH))
    settled(o)


def dialog_of(o: Opened[QuestionsScreen], kind: type) -> object:
    o.until(lambda: isinstance(o.screen.dialog, kind))
    dialog = o.screen.dialog
    assert dialog is not None
    o.show(dialog)
    return dialog


def back(o: Opened[QuestionsScreen]) -> None:
    o.until(lambda: o.screen.dialog is None)
    o.window.activateWindow()
    o.until(lambda: QApplication.activeWindow() is o.window)
    o.idle()


def test_the_answer_follows_what_is_chosen_and_says_what_is_missing(qtbot: QtBot, served: Desk) -> None:
    with opened(qtbot, served, QuestionsScreen) as o:
        assert focus() is o.screen.names
        ask(o, "lines", "family")
        assert [r[1] for r in rows(o)] == [2050, 2050]
        assert rows(o)[1][0] == "Total"
        for tick in o.screen.form.ticks.values():
            tick.setChecked(False)
        settled(o)
        assert "au moins un chiffre" in o.screen.notice.text
        o.screen.form.ticks["households"].setFocus()
        o.press(Qt.Key.Key_Space)
        settled(o)
        assert rows(o)[0][1] == 2
        assert o.screen.notice.text == ""


def test_on_the_smallest_screen_the_answer_has_most_of_the_room_and_its_total_is_in_sight(
    qtbot: QtBot, served: Desk
) -> None:
    with opened(qtbot, served, QuestionsScreen) as o:
        o.window.resize(1366, 768)
        form, view = o.screen.form, o.screen.view
        for n in range(form.subject.count()):
            form.subject.setCurrentIndex(n)
            settled(o)
            assert form.minimumSizeHint().width() < 420, form.subject.currentText()
        assert view.width() > 640
        ask(o, "lines", "family")
        form.groups[1].setCurrentIndex(form.groups[1].findData("commune"))
        form.across.setChecked(True)
        settled(o)
        assert view.data is not None
        titles = [view.table.model().headerData(i, Qt.Orientation.Horizontal) for i in range(len(view.data.headings))]
        assert view.data.headings[-1].name == "Total", "on paper and in files it ends the line"
        assert titles[1] == "Total"
        model = view.table.model()
        assert model.data(model.index(0, 1)) == "2,050"


def test_a_filter_is_ticked_with_the_space_bar(qtbot: QtBot, served: Desk) -> None:
    with opened(qtbot, served, QuestionsScreen) as o:
        ask(o, "lines", "family")
        form = o.screen.form
        form.filters.setCurrentIndex(form.filters.findData("food"))
        o.screen.form.narrow.click()
        dialog = dialog_of(o, ValuesDialog)
        QTest.keyClick(focus(), Qt.Key.Key_Down)
        QTest.keyClick(focus(), Qt.Key.Key_Space)
        QTest.keyClick(dialog, Qt.Key.Key_F12)  # type: ignore[call-overload]
        back(o)
        settled(o)
        assert form.only == {"food": (0,)}
        assert rows(o) == [("Total", 0)]


def test_a_question_is_kept_by_name_taken_off_and_put_back(qtbot: QtBot, served: Desk) -> None:
    with opened(qtbot, served, QuestionsScreen) as o:
        ask(o, "visits", "commune")
        o.screen.save.click()
        dialog = dialog_of(o, NameDialog)
        type_in("Mes communes")
        QTest.keyClick(dialog, Qt.Key.Key_F12)  # type: ignore[call-overload]
        back(o)
        o.until(lambda: o.screen.current is not None)
        assert [q.name for q in questions.saved_questions(served)] == ["Mes communes"]
        assert o.screen.title == "Mes communes"
        o.screen.remove.click()
        o.until(lambda: o.screen.undo.isVisible())
        assert questions.saved_questions(served) == ()
        o.until(lambda: focus() is o.screen.undo.undo)
        o.press(Qt.Key.Key_Space)
        o.until(lambda: o.screen.title == "Mes communes")
        assert len(questions.saved_questions(served)) == 1


def test_f12_writes_the_file_chosen_and_f9_publishes_what_may_be_shown(
    qtbot: QtBot, served: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "tableau"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(chosen), ""))
    with opened(qtbot, served, QuestionsScreen) as o:
        ask(o, "visits", "commune")
        o.screen.kinds.setCurrentIndex(o.screen.kinds.findData("fr.csv"))
        o.press(Qt.Key.Key_F12)
        o.until(lambda: "gardé" in o.screen.notice.text)
        assert (tmp_path / "tableau.fr.csv").read_text("utf-8-sig").splitlines()[0] == "Commune;Passages"
        o.press(Qt.Key.Key_F9)
        dialog = dialog_of(o, PublishDialog)
        QTest.keyClick(dialog, Qt.Key.Key_F12)  # type: ignore[call-overload]
        back(o)
        o.until(lambda: "publié" in o.screen.notice.text)
        assert len(publishing.published(served)) == 1
        shown = (tmp_path / "tableau.fr.csv").read_text("utf-8-sig").splitlines()[1:]
        assert shown
        assert not any("2" in line for line in shown), "two households are too few"
