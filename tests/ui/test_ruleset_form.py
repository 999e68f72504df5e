"""A règlement written, tried, compared and adopted in its windows, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.eligibility.comparison import Change
from epicerie_desktop.domain.eligibility.draft import Draft
from epicerie_desktop.domain.eligibility.draft_answers import listed, with_answer
from epicerie_desktop.domain.eligibility.form_schema import PARTS
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.household import Link
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import RulesetSource, published_rulesets, ruleset_text, ruleset_types
from epicerie_desktop.services.rights import decide, rulesets
from epicerie_desktop.services.rights.comparison_sheet import comparison_pdf
from epicerie_desktop.ui.rulesets.cases import CasesAnswer
from epicerie_desktop.ui.rulesets.row_form import RowForm
from epicerie_desktop.ui.rulesets.screen import RulesetScreen
from tests.conftest import TODAY
from tests.ui.dialogs import answer
from tests.ui.opened import Opened, focus, opened, type_in

Key = Qt.Key
# Of a menu shown without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")


class Writer(Opened[RulesetScreen]):
    """Somebody who writes a règlement without a mouse."""

    def keys(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        for key in keys:
            QTest.keyClick(
                focus(), key, Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
            )
            self.idle()

    def fill(self, text: str) -> None:
        """Type over what is there, then go on."""
        QTest.keyClick(focus(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        type_in(text)
        self.keys(Key.Key_Tab)

    def pick(self, words: str) -> None:
        """Walk down the menu that F3 opened and take a line."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _step in menu.actions():
            action = menu.activeAction()
            if action is not None and words in action.text():
                QTest.keyClick(menu, Key.Key_Return)
                self.window.activateWindow()
                self.until(self.window.isActiveWindow)
                self.idle()
                return
            QTest.keyClick(menu, Key.Key_Down)
        raise AssertionError([a.text() for a in menu.actions()])

    def choose(self, words: str) -> None:
        """Walk down a list of choices to one, then go on."""
        box = focus()
        QTest.keyClick(box, Key.Key_Home)
        for _step in range(20):
            if words in box.currentText():  # type: ignore[attr-defined]
                break
            QTest.keyClick(box, Key.Key_Down)
        assert words in box.currentText()  # type: ignore[attr-defined]
        self.keys(Key.Key_Tab)

    def add(self, words: str) -> None:
        self.keys(Key.Key_F3)
        self.pick(words)

    def next_part(self) -> None:
        self.keys(Key.Key_PageDown, ctrl=True)

    def settled(self) -> None:
        self.screen.editor.weigh()
        self.screen._keep()
        self.idle()


@pytest.fixture
def writer(qtbot: QtBot, desk: Desk) -> Iterator[Writer]:
    with opened(qtbot, desk, RulesetScreen) as o:
        w = Writer(o.qtbot, o.window, o.screen)
        try:
            yield w
        finally:
            answer("yes_button")  # closing the window asks, where something is being written
            o.window.close()


def start_from(w: Writer, key: str) -> None:
    w.keys(Key.Key_F12)
    assert w.screen.start.list.choose(key)
    w.keys(Key.Key_Return)


def sourced(desk: Desk, day: date, key: str = "1-reste-a-vivre") -> str:
    text = next(t.text for t in ruleset_types() if t.key == key)
    return f'valid_from = {day}\nsource = "Conseil"\n{text}'


def test_a_reglement_is_written_from_nothing_tried_and_adopted_by_the_keyboard_alone(writer: Writer, desk: Desk):
    w = writer
    start_from(w, "blank")
    w.fill("Règlement du Plomb")
    w.fill("2027-1")
    w.fill("1/1/2027")
    w.fill("Conseil d'administration")
    w.fill("2026-41")
    w.fill("3/12/2026")
    w.next_part()
    w.next_part()
    w.add("un calcul")
    w.fill("Reste à vivre")
    w.keys(Key.Key_Escape)
    w.add("une ressource")
    w.fill("Salaires")
    w.keys(Key.Key_Escape)
    w.add("une charge")
    w.fill("Loyer")
    w.next_part()
    w.add("un seuil")
    w.fill("7,60")
    w.next_part()
    w.add("une participation")
    w.fill("10")
    w.next_part()
    w.add("un plafond")
    w.choose("Poids")
    w.choose("Par semaine")
    w.fill("12,5")
    w.next_part()
    w.add("une durée")
    w.fill("3")
    w.settled()
    assert w.screen.editor.problems == ()
    assert w.screen.editor.examples.cards[0].answer is not None
    answer("yes_button")
    w.keys(Key.Key_F12)
    w.until(lambda: not w.screen.adopt.busy)
    w.keys(Key.Key_F12)
    w.until(lambda: len(rulesets.list_rulesets(desk)) == 1)
    [adopted] = rulesets.list_rulesets(desk)
    found = rulesets.ruleset_on(desk, date(2027, 1, 1))
    assert (adopted.name, found.deliberation.number, found.deliberation.on) == (  # type: ignore[union-attr]
        "Règlement du Plomb", "2026-41", date(2026, 12, 3),
    )  # fmt: skip
    assert [(i.code, i.label) for i in found.indicators] == [("reste_a_vivre", "Reste à vivre")]
    assert found.bounds[0].upper is not None
    assert (found.bounds[0].upper.cents, found.bounds[0].upper.inclusive) == (760, False)
    assert found.ceilings[0].scale.base == 12_500
    w.until(lambda: w.screen.list.list.current is not None)
    assert rulesets.kept_ruleset_draft(desk) is None


def test_the_examples_follow_the_hand_and_say_what_changed(writer: Writer):
    w = writer
    start_from(w, "1-reste-a-vivre")
    cards = w.screen.editor.examples.cards
    alone, parent = cards[0], cards[1]
    assert alone.answer is not None
    assert alone.answer.kind is OutcomeKind.ELIGIBLE
    assert parent.answer is not None
    assert parent.answer.kind is OutcomeKind.TOO_HIGH
    for _part in range(3):
        w.next_part()
    w.keys(Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_in("9")
    w.until(lambda: parent.changed)
    assert "Avant : Au-dessus du seuil" in parent.changed_mark.text().replace("\xa0", " ")
    assert parent.answer.kind is OutcomeKind.ELIGIBLE
    assert not alone.changed
    own = w.screen.editor.examples.own
    own.income.line.setFocus()
    type_in("5000")
    w.until(lambda: own.answer is not None and own.answer.kind is OutcomeKind.TOO_HIGH)


def test_one_of_several_cases_is_written_with_the_keyboard_and_read_in_the_line_of_the_row(writer: Writer):
    w = writer
    start_from(w, "1-reste-a-vivre")
    for _part in range(3):
        w.next_part()
    w.keys(Key.Key_Return)
    w.add("l’un de ces cas")
    cases = w.screen.editor.form.editors["Seulement dans l'un de ces cas"]
    assert isinstance(cases, CasesAnswer)
    assert focus() is cases.cases[0].more
    w.keys(Key.Key_Space)
    w.pick("Seulement ces foyers")
    w.keys(Key.Key_Tab, Key.Key_Tab, Key.Key_Space)
    cases.cases[1].more.setFocus()
    w.keys(Key.Key_Space)
    w.pick("à partir de (enfants)")
    w.fill("3")
    w.settled()
    first, second = w.screen.editor.draft.get(("bounds", 0, "when", "any"))
    assert (list(first), second) == (["household_types"], {"children_min": 3})
    assert len(first["household_types"]) == 1
    cases.another.setFocus()
    w.keys(Key.Key_Space)
    w.settled()
    assert w.screen.editor.draft.get(("bounds", 0, "when", "any")) == [first, second, {}]
    assert focus() is cases.cases[2].more
    w.keys(Key.Key_Tab, Key.Key_Space)
    w.settled()
    assert w.screen.editor.draft.get(("bounds", 0, "when", "any")) == [first, second]


def test_a_row_is_moved_and_taken_away_once_confirmed(writer: Writer):
    w = writer
    start_from(w, "1-reste-a-vivre")
    w.next_part()
    w.next_part()
    labels = [r["label"] for r in w.screen.editor.draft.get(("charges",))]
    w.screen.editor.page.choose(("charges", 1))
    QTest.keyClick(focus(), Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [r["label"] for r in w.screen.editor.draft.get(("charges",))][:2] == [labels[1], labels[0]]
    for button, left in (("no_button", labels), ("yes_button", [labels[0], *labels[2:]])):
        w.window.activateWindow()
        w.until(w.window.isActiveWindow)
        answer(button)
        w.keys(Key.Key_Delete)
        assert sorted(r["label"] for r in w.screen.editor.draft.get(("charges",))) == sorted(left)
    assert w.screen.editor.problems[0].path == ("source",)


def test_a_field_that_is_wrong_takes_the_keyboard_and_nothing_is_adopted(writer: Writer, desk: Desk):
    w = writer
    start_from(w, "1-reste-a-vivre")
    w.keys(Key.Key_Tab, Key.Key_Tab)
    w.fill("31/02/2027")
    w.fill("Le conseil")
    w.settled()
    day = next(e for e in w.screen.editor.form.editors.values() if e.field.key == "valid_from")
    assert "n’existe pas" in day.error
    w.keys(Key.Key_F12)
    assert focus() is day.stops[0]
    assert "rien n’est adopté" in w.screen.notice.text
    assert w.screen.notice.isVisible()
    w.fill("1/2/2027")
    w.settled()
    assert not w.screen.notice.isVisible(), "nothing is missing any more"
    for _part in range(3):
        w.next_part()
    w.keys(Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    w.keys(Key.Key_Delete)
    w.settled()
    w.keys(Key.Key_Escape, Key.Key_F12)
    bound = w.screen.editor.form.first()
    assert bound is not None
    assert "manque un seuil" in bound.error
    assert focus() is bound.stops[0]
    assert rulesets.list_rulesets(desk) == ()


def test_the_form_opens_with_the_columns_it_keeps_and_the_notice_leaves_with_it(writer: Writer):
    w = writer
    w.window.resize(1366, 768)
    w.idle()
    start_from(w, "1-reste-a-vivre")
    editor = w.screen.editor
    assert (editor.parts.isVisible(), editor.right.isVisible(), editor.peek.isVisible()) == (True, True, False)
    w.keys(Key.Key_F12)
    assert "D’où vient le texte" in w.screen.notice.text
    assert (editor.parts.isVisible(), editor.right.isVisible(), editor.peek.isVisible()) == (True, True, False)
    answer("yes_button")
    w.keys(Key.Key_Escape)
    assert w.screen.list.isVisible()
    assert not w.screen.notice.isVisible()


def test_a_household_nobody_asked_enough_says_in_its_row_what_is_missing(writer: Writer, desk: Desk):
    w = writer
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    household = enrol.save_household(desk, HouseholdForm((MemberForm("Kerdiles", "Anne", Link.HOLDER),)))
    stated = Situation(
        TODAY, (Member(age=41),), commune="15187", resources=(("rsa", 65_000),), charges=(("rent", 40_000),)
    )
    decide.record_assessment(desk, household, stated)
    w.idle()
    w.window.resize(1366, 768)
    start_from(w, "1-reste-a-vivre")
    w.screen.editor.draft = w.screen.editor.draft.put(("source",), "Conseil")
    w.settled()
    w.keys(Key.Key_F12)
    w.until(lambda: w.screen.adopt.comparison is not None)
    table = w.screen.adopt.list
    row = [table.rows_model.text_at(0, n) for n in range(5)]
    assert row[3:] == ["Manque\xa0: Assurances et mutuelle (+ 1)", "Inconnu"]
    assert "Assurances et mutuelle, Mensualités de crédit et de dettes" in w.screen.adopt.detail.text()
    room = QFontMetrics(table.font())
    for n in range(5):
        assert room.horizontalAdvance(row[n]) < table.columnWidth(n), row[n]


def test_a_reglement_over_decisions_goes_back_to_its_date_with_the_day_named(writer: Writer, desk: Desk):
    w = writer
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    household = enrol.save_household(desk, HouseholdForm((MemberForm("Martin", "Sophie", Link.HOLDER),)))
    situation = Situation(TODAY, (Member(age=41),), commune="15187", resources=(("rsa", 60_000),))
    decide.record_assessment(desk, household, situation)
    w.idle()
    start_from(w, "1-reste-a-vivre")
    w.keys(Key.Key_Tab, Key.Key_Tab)
    w.fill(TODAY.strftime("%d/%m/%Y"))
    w.fill("Conseil")
    answer("yes_button")
    w.keys(Key.Key_F12)
    w.until(lambda: not w.screen.adopt.busy)
    w.keys(Key.Key_F12)
    w.until(lambda: "Des décisions" in w.screen.notice.text)
    day = next(e for e in w.screen.editor.form.editors.values() if e.field.key == "valid_from")
    assert TODAY.strftime("%d/%m/%Y") in day.error
    w.window.activateWindow()
    w.until(w.window.isActiveWindow)
    assert focus() is day.stops[0]
    assert len(rulesets.list_rulesets(desk)) == 1


def test_what_is_written_outlives_a_power_cut_and_leaving_asks(qtbot: QtBot, desk: Desk):
    with opened(qtbot, desk, RulesetScreen) as o:
        w = Writer(o.qtbot, o.window, o.screen)
        start_from(w, "5-forfait")
        w.fill("Forfait du Plomb")
        w.until(lambda: "Forfait du Plomb" in getattr(rulesets.kept_ruleset_draft(desk), "text", ""))
        answer("no_button")
        assert not w.screen.may_leave()
        answer("yes_button")
        assert w.screen.may_leave()
    with opened(qtbot, desk, RulesetScreen) as o:
        w = Writer(o.qtbot, o.window, o.screen)
        w.keys(Key.Key_F4)
        assert w.screen.editor.draft.get(("name",)) == "Forfait du Plomb"
        assert focus().text() == "Forfait du Plomb"  # type: ignore[attr-defined]
        answer("yes_button")
        w.window.close()


def test_a_file_comes_in_with_its_faults_told_and_goes_out_the_same(writer: Writer, tmp_path: Path):
    w = writer
    path = tmp_path / "reglement.toml"
    text = sourced(w.screen.desk, date(2027, 1, 1))
    for wrong, words in (
        (b"\xff\xd8\xff", "n’est pas un règlement"),
        (text.replace("below = 8", "belo = 8").encode(), "n’existe pas dans ce format"),
        (b"format = ", "TOML"),
    ):
        path.write_bytes(wrong)
        w.screen.read_file(path)
        w.until(lambda words=words: words.casefold() in w.screen.notice.text.casefold())
        assert w.screen.pages.currentWidget() is w.screen.list
        w.screen.notice.tell("info", "")
    path.write_text("# du conseil\n" + text.replace("below = 8", "above = 9\nbelow = 8"), "utf-8")
    w.screen.read_file(path)
    w.until(lambda: w.screen.pages.currentWidget() is w.screen.editor)
    assert "commentaires" in w.screen.notice.text
    [problem] = w.screen.editor.problems
    assert "inversés" in problem.what
    path.write_text(text, "utf-8")
    w.screen.read_file(path)
    w.until(lambda: w.screen.editor.problems == ())
    out = tmp_path / "copie.toml"
    w.screen.export_to(w.screen.editor.draft.text(), out)
    w.until(lambda: "copie.toml" in w.screen.notice.text)
    assert rulesets.read_ruleset_file(out)[0] == rulesets.read_ruleset_file(path)[0]


def test_a_reglement_to_come_is_read_and_taken_back(writer: Writer, desk: Desk):
    w = writer
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    decide.adopt_ruleset(desk, sourced(desk, TODAY + timedelta(days=30)))
    w.until(lambda: len(w.screen.list.list.rows_model.rows) == 2)
    w.screen.list.list.setFocus()
    w.screen.list.list.choose(rulesets.list_rulesets(desk)[0].id)
    w.keys(Key.Key_Return)
    words = [line[3] for line in w.screen.view.list.rows_model.rows]
    assert any("8 €" in x.replace("\xa0", " ") for x in words)
    w.keys(Key.Key_Escape)
    answer("yes_button")
    w.keys(Key.Key_Delete)
    w.until(lambda: len(w.screen.list.list.rows_model.rows) == 1)
    assert not w.screen.list.withdraw.isVisible()


def test_who_would_gain_and_lose_is_shown_before_adoption_and_goes_to_the_board_without_a_name(
    writer: Writer, desk: Desk
):
    w = writer
    decide.adopt_ruleset(desk, ruleset_text("reste-a-vivre"))
    for last, cents in (("Kerdiles", 65_000), ("Zubizarreta", 18_000)):
        household = enrol.save_household(desk, HouseholdForm((MemberForm(last, "Sophie", Link.HOLDER),)))
        stated = Situation(
            TODAY, (Member(age=41),), commune="15187", resources=(("rsa", cents),), charges=(("rent", 40_000),)
        )
        decide.record_assessment(desk, household, stated)
    w.idle()
    start_from(w, "in-force")
    w.screen.editor.draft = w.screen.editor.draft.put(("bounds",), [{"at_most": 1}])
    w.settled()
    w.keys(Key.Key_F12)
    w.until(lambda: w.screen.adopt.comparison is not None)
    found = w.screen.adopt.comparison
    assert found is not None
    assert [found.totals[c] for c in (Change.LOSES, Change.SAME)] == [1, 1]
    assert all(r.change is Change.LOSES for r in w.screen.adopt.list.rows_model.rows)
    page = PdfReader(BytesIO(comparison_pdf(desk, found))).pages[0].extract_text()
    assert "Réponse avant" in page
    assert not any(name in page for name in ("Kerdiles", "Zubizarreta", "Sophie"))
    held = Event()
    w.screen.context.long.submit(w.screen, held.wait, None, w.screen.on_trouble)
    w.screen.adopt.compare(w.screen.editor.draft.ruleset(), w.screen.editor.draft.text())
    w.until(w.screen.adopt.veil.isVisible)
    QTest.keyClick(w.screen.adopt.veil, Key.Key_Escape)
    held.set()
    w.until(lambda: "interrompue" in w.screen.adopt.notice.text)
    closed = replace(desk, social_key=None)
    w.screen.context.work_at(closed)
    w.screen.adopt.compare(w.screen.editor.draft.ruleset(), w.screen.editor.draft.text())
    w.until(lambda: "travailleurs sociaux" in w.screen.adopt.notice.text)
    assert not w.screen.adopt.list.isVisible()


@pytest.mark.parametrize("published", published_rulesets(), ids=lambda p: p.key)
def test_every_answer_of_a_published_reglement_is_shown_and_given_back_as_it_was(
    qtbot: QtBot, published: RulesetSource
):
    draft = Draft.read(published.text)
    form = RowForm()
    qtbot.addWidget(form)
    for part in PARTS:
        for table, path in listed(draft, part.tables):
            form.open_row(draft, table, path)
            for editor in form.editors.values():
                draft = with_answer(draft, path, editor.field, editor.value())
    assert draft.ruleset() == parse_ruleset(published.text)
