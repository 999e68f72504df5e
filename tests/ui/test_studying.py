"""Studying by the keyboard: doubtful amounts, nothing and no answer, refusals, debts, history, quick check, renewal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select, text

from epicerie_desktop.domain import support
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.statements import DebtKind, Stated
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Paper
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.decisions import decisions_of
from epicerie_desktop.services.queries.ending import rights_to_renew
from epicerie_desktop.services.queries.exceptional import exceptional_to_validate
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.statements import statement_of, statements_of
from epicerie_desktop.services.queries.support_pages import budget_page
from epicerie_desktop.services.rights import decide, letters
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.decisions import DecisionForm, record_decision
from epicerie_desktop.services.rights.exceptional import grant_exceptional_visit
from epicerie_desktop.services.support import file
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.households.screen import HouseholdsScreen
from epicerie_desktop.ui.rights.adopting import EXAMPLE
from epicerie_desktop.ui.rights.history import KeptDialog
from epicerie_desktop.ui.rights.quick import QuickCheckScreen, parse_ages
from epicerie_desktop.ui.rights.renewing import RenewDialog
from tests.services.test_papers import text_of
from tests.ui.dialogs import answer, meet
from tests.ui.opened import focus, opened, type_in
from tests.ui.test_rights import KEY, TODAY, Office, household, office, open_office  # noqa: F401 - fixtures


def seen_whole(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect().height() == widget.height()


def enter(words: str) -> None:
    type_in(words)
    QTest.keyClick(focus(), KEY.Key_Return)


def test_a_yearly_amount_typed_as_monthly_is_asked_about_and_never_guessed(office: Office) -> None:  # noqa: F811
    screen = office.study()
    wages = screen.statement.resources.rows["wages"]
    assert focus() is wages.field.line
    enter("14400")
    assert wages.asking
    assert focus() is wages.period, "no button: a key pressed twice answers nothing"
    office.say_nothing_else()
    QTest.keyClick(focus(), KEY.Key_F12)
    office.idle()
    assert statements_of(office.desk, office.household) == ()
    assert focus() is wages.other
    QTest.keyClick(focus(), KEY.Key_Return)
    assert wages.stated == Stated(14_400_00, LinePeriod.YEAR)
    assert "1\N{NARROW NO-BREAK SPACE}200,00" in wages.state.text()
    assert screen.statement.resources.amounts["wages"] == 1_200_00
    assert focus() is screen.statement.resources.rows["unemployment"].field.line
    wages.period.setCurrentIndex(wages.period.findData(LinePeriod.MONTH))
    assert wages.asking
    wages.same.click()
    assert not wages.asking
    assert screen.statement.resources.amounts["wages"] == 14_400_00


def test_nothing_and_no_answer_are_two_states_told_apart_by_the_keyboard(office: Office) -> None:  # noqa: F811
    screen = office.study()
    rows = screen.statement.resources.rows
    enter("rien")
    enter("")
    enter("0")
    states = [rows[code].state.text() for code in ("wages", "unemployment", "sick_pay", "pensions")]
    assert states == ["rien", "sans réponse", "rien", "sans réponse"]
    amounts = screen.statement.resources.amounts
    assert [amounts[c] for c in ("wages", "unemployment", "sick_pay")] == [0, None, 0]


def test_enter_alone_goes_down_every_amount_and_what_has_the_keyboard_is_in_sight(office: Office) -> None:  # noqa: F811
    screen = office.study()
    screen.statement.resources.zero.click()
    lines = [*screen.statement.resources.rows.values(), *screen.statement.charges.rows.values()]
    lines[0].field.setFocus()
    for line in lines:
        assert focus() is line.field.line
        assert not line.field.line.visibleRegion().isEmpty(), line.field.line.accessibleName()
        QTest.keyClick(focus(), KEY.Key_Return)
        office.idle()


def test_a_refusal_by_the_keyboard_names_its_reason_and_a_help_for_today(office: Office) -> None:  # noqa: F811
    screen = office.study()
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    QTest.keyClick(focus(), KEY.Key_F5)
    assert screen.decision.answer is Answer.REFUSED
    assert not screen.decision.terms.isVisible()
    assert focus() is screen.decision.reason_code, "a refusal begins with its reason"
    office.qtbot.waitUntil(lambda: seen_whole(focus()))
    assert screen.decision.reason_code.currentData() is None, "the règlement would have granted: it gives no reason"
    QTest.keyClick(focus(), KEY.Key_F12)
    assert focus() is screen.decision.reason_code
    assert "Motif du refus" in screen.notice.text
    screen.decision.reason_code.setCurrentIndex(screen.decision.reason_code.findData(ReasonCode.NO_CAPACITY))
    QTest.keyClick(focus(), KEY.Key_F12)
    assert focus() is screen.decision.help.boxes[0]
    QTest.keyClick(focus(), KEY.Key_Space)
    QTest.keyClick(focus(), KEY.Key_F12)
    assert focus() is screen.decision.reason.edit, "the règlement would have granted: the refusal is explained"
    type_in("Les places sont prises jusqu'en janvier")
    assert not screen.notice.text, "what was told goes once it is mended"
    asked: list[str] = []

    def give_up(dialog: QuestionDialog) -> None:
        asked.append(dialog.accessibleDescription())
        QTest.keyClick(dialog, KEY.Key_Escape)

    meet(QuestionDialog, give_up)
    QTest.keyClick(focus(), KEY.Key_F12)
    assert decisions_of(office.desk, office.household) == ()
    assert "Manque de place" in asked[0] or "place" in asked[0].lower()
    assert "Aucun droit n'est en cours" in asked[0].replace("’", "'")
    answer("yes_button")
    screen.open_button.click()
    office.qtbot.waitUntil(lambda: screen.done.decision > 0)
    office.idle()
    found = decisions_of(office.desk, office.household)[0]
    assert found.texts is not None
    assert (found.answer, found.reason_code, found.advice) == (
        Answer.REFUSED, ReasonCode.NO_CAPACITY, OutcomeKind.ELIGIBLE,
    )  # fmt: skip
    assert "colis" in found.texts.same_day_help
    assert household_file(office.desk, office.household).grants == ()


def test_the_reason_offered_follows_the_verdict_until_one_is_chosen(office: Office) -> None:  # noqa: F811
    screen = office.study()
    QTest.keyClick(focus(), KEY.Key_F5)
    assert screen.decision.reason_code.currentData() == ReasonCode.INCOMPLETE
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    assert screen.decision.reason_code.currentData() is None, "another verdict, another reason: this one gives none"
    QTest.keyClick(screen.decision.reason_code, KEY.Key_Down)
    chosen = screen.decision.reason_code.currentData()
    screen.statement.resources.fields["wages"].set_value(None)
    office.weighed(OutcomeKind.INCOMPLETE)
    assert screen.decision.reason_code.currentData() == chosen, "what the person chose stays"


def test_a_refusal_during_a_right_says_on_screen_and_paper_that_it_goes_on(office: Office) -> None:  # noqa: F811
    until = TODAY + timedelta(days=10)
    decide.open_right(office.desk, office.household, RightForm(TODAY - timedelta(days=30), until, 100, ()))
    screen = office.study()
    office.say_nothing_else()
    QTest.keyClick(focus(), KEY.Key_F5)
    assert "continue jusqu'au 30/11/2026" in screen.decision.goes_on.text().replace("’", "'")
    QTest.keyClick(focus(), KEY.Key_F4)
    assert not screen.decision.goes_on.isVisible()
    form = DecisionForm(
        office.household, Answer.REFUSED, Maker.WORKER, TODAY, reason_code=ReasonCode.NO_CAPACITY,
        same_day_help="Un colis d'urgence est remis ce jour.",
    )  # fmt: skip
    decision = record_decision(office.desk, form).id
    paper = text_of(letters.decision_pdf(office.desk, decision)).replace("’", "'")
    assert "ne met pas fin à votre droit en cours" in paper
    assert "30/11/2026" in paper
    decide.open_right(
        office.desk, office.household, RightForm(until + timedelta(days=1), until + timedelta(days=9), 100, ())
    )
    with office.desk.db.write() as session:
        newest = session.scalars(select(AccessGrant).order_by(AccessGrant.id.desc()).limit(1)).one()
        newest.decided_at += timedelta(days=1)
    assert "30/11/2026" in text_of(letters.decision_pdf(office.desk, decision)), "printed again, it says what it said"


def test_the_field_at_fault_is_named_in_sight_and_forgotten_once_mended(office: Office) -> None:  # noqa: F811
    screen = office.study()
    office.say_nothing_else()
    office.idle()
    line = list(screen.statement.charges.rows.values())[-1].field
    line.line.setText("12 francs")
    screen.statement.resources.rows["wages"].field.setFocus()
    QTest.keyClick(focus(), KEY.Key_F12)
    office.qtbot.waitUntil(lambda: seen_whole(line.line))
    assert focus() is line.line
    assert line.line.accessibleName() in screen.notice.text
    assert line.error
    line.line.selectAll()
    type_in("12")
    assert not screen.notice.text
    assert household_file(office.desk, office.household).grants == ()


def test_each_study_begins_at_the_top_with_its_first_field(office: Office) -> None:  # noqa: F811
    screen = office.study()
    screen.papers.note.setFocus()
    screen.history.setFocus()
    for area in screen.study.areas:
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    office.idle()
    assert screen.study.areas[0].verticalScrollBar().value() > 0
    office.window.go("households")
    office.study()
    assert [area.verticalScrollBar().value() for area in screen.study.areas] == [0, 0]
    assert focus() is screen.statement.first_field()


def test_a_debt_removed_comes_back_as_it_was_with_one_key(office: Office) -> None:  # noqa: F811
    screen = office.study()
    debts = screen.statement.debts
    debts.add_button.click()
    enter("Régie de l'eau")
    debts.rows[0].left.line.setText("12 francs")
    debts.add_button.click()
    enter("Banque")
    debts.rows[0].remove.setFocus()
    QTest.keyClick(focus(), KEY.Key_Return)
    assert [r.creditor.text for r in debts.rows] == ["Banque"]
    assert focus() is debts.undo.undo
    assert "Régie" in debts.undo.text
    QTest.keyClick(focus(), KEY.Key_Return)
    assert [(r.creditor.text, r.left.text) for r in debts.rows] == [("Régie de l'eau", "12 francs"), ("Banque", "")]
    assert not debts.undo.isVisible()
    assert focus() is debts.rows[0].creditor.line


def test_debts_of_the_support_file_are_offered_with_their_day_and_never_overwrite(office: Office) -> None:  # noqa: F811
    desk = office.desk
    opened_file = file.open_file(desk, office.household, file.OrientationForm())
    file.save_debts(
        desk, opened_file, 1, (support.Debt("Banque", 900_00, 30_00), support.Debt("régie de l'eau", 150_00))
    )
    screen = office.study()
    debts = screen.statement.debts
    debts.add_button.click()
    enter("Régie de l'Eau")
    debts.rows[0].left.set_value(180_00)
    said = debts.elsewhere.text()
    assert "20/11/2026" in said
    assert "Banque" in said
    assert "150,00" in said, "an amount told otherwise is shown beside, not put in its place"
    debts.take.setFocus()
    QTest.keyClick(focus(), KEY.Key_Return)
    assert [(d.creditor, d.left, d.monthly) for d in debts.debts] == [
        ("Régie de l'Eau", 180_00, None), ("Banque", 900_00, 30_00),
    ]  # fmt: skip
    assert not debts.take.isVisible()
    debts.add_button.click()
    enter("Bailleur")
    debts.rows[2].left.set_value(42_00)
    QTest.keyClick(focus(), KEY.Key_F9)
    office.idle()
    read = budget_page(desk, office.household)
    assert read.stated_on == TODAY
    assert [(d.creditor, d.owed_cents) for d in read.stated] == [("Bailleur", 42_00)], "the others are there already"
    assert [d.owed_cents for d in read.debts] == [900_00, 150_00]


def test_debts_and_papers_seen_are_kept_with_the_statement(office: Office) -> None:  # noqa: F811
    screen = office.study()
    screen.statement.debts.add_button.click()
    enter("Régie de l'eau")
    QTest.keyClick(focus(), KEY.Key_Down)
    QTest.keyClick(focus(), KEY.Key_Return)
    enter("180")
    enter("15")
    QTest.keyClick(focus(), KEY.Key_F9)
    office.idle()
    (row,) = statements_of(office.desk, office.household)
    (debt,) = statement_of(office.desk, row.id).said.debts
    assert (debt.creditor, debt.kind, debt.left, debt.monthly) == ("Régie de l'eau", DebtKind.ENERGY, 180_00, 15_00)
    screen.papers.expires.line.setText("31/02/2027")
    screen.papers.note.click()
    assert "n'existe pas" in screen.papers.expires.error.replace("’", "'")
    screen.papers.expires.line.setText("15/8")
    assert screen.papers.expires.check()
    assert screen.papers.expires.value == date(2027, 8, 15), "an end is still to come"
    screen.papers.expires.line.setText("28/02/2027")
    screen.papers.note.click()
    office.idle()
    with office.desk.db.read() as session:
        assert [p.seen_on for p in session.scalars(select(Paper))] == [TODAY]


def test_a_decision_opens_again_as_it_was_taken_and_nothing_can_be_changed_there(office: Office) -> None:  # noqa: F811
    screen = office.study()
    screen.statement.resources.fields["wages"].set_value(500_00)
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    screen.open_button.click()
    office.qtbot.waitUntil(lambda: screen.done.decision > 0)
    office.idle()
    office.window.go("households")
    screen = office.study()
    (line,) = screen.history.buttons
    line.click()
    office.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), KeptDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeptDialog)
    words = " ".join(label.text() for label in dialog.findChildren(type(screen.verdict.advice)))
    assert "500,00" in words
    assert "Rien pour les autres lignes" in words
    assert not dialog.findChildren(type(screen.statement.resources.fields["wages"].line))
    QTest.keyClick(dialog, KEY.Key_Escape)
    office.idle()


def test_another_first_day_is_weighed_for_that_day(office: Office) -> None:  # noqa: F811
    screen = office.study()
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    screen.statement.resources.fields["wages"].set_value(100_00)
    screen.decision.terms.start.set_value(TODAY + timedelta(days=30))
    office.qtbot.waitUntil(
        lambda: screen.verdict.outcome is not None and screen.verdict.outcome.on == TODAY + timedelta(days=30)
    )
    assert screen.statement.resources.fields["wages"].value == 100_00, "what was typed stays"
    assert "20/12/2026" in screen.verdict.figures.text()


# -- the quick check -------------------------------------------------------------------------------------------------


def test_the_quick_check_answers_by_the_keyboard_and_writes_nothing(qtbot: QtBot, desk: Desk) -> None:
    decide.adopt_ruleset(desk, ruleset_text(EXAMPLE))
    with desk.db.read() as session:
        before = session.connection().execute(text("SELECT count(*) FROM journal")).scalar_one()
    with opened(qtbot, desk, QuickCheckScreen) as o:
        screen = o.screen
        o.until(lambda: screen.ruleset is not None)
        screen.persons.adults.setFocus()
        enter("2")
        enter("3, 7 et 12")
        enter("1100")
        o.click(screen.statement.resources.zero)
        o.click(screen.statement.charges.zero)
        o.until(lambda: screen.verdict.outcome is not None and screen.verdict.outcome.kind is OutcomeKind.ELIGIBLE)
        assert any("5, dont 3" in step for step in screen.steps.steps)
        o.press(Qt.Key.Key_F9)
        assert [area.verticalScrollBar().value() for area in screen.areas] == [0, 0]
        assert focus() is screen.persons.adults.line
        assert screen.statement.resources.amounts["wages"] is None
        assert screen.persons.members is not None
        assert len(screen.persons.members) == 1
    with desk.db.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM journal")).scalar_one() == before
        assert session.scalar(select(func.count()).select_from(Assessment)) == 0


@pytest.mark.parametrize("typed", ["3, 18", "3 ans", "-1", "1,5 mois", "3.5"])
def test_an_age_that_is_no_childs_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_ages(typed)
    assert parse_ages(" 0 3,7 et 12") == (0, 3, 7, 12)


# -- renewing --------------------------------------------------------------------------------------------------------


def test_a_renewal_shows_its_last_day_then_f12_writes_it(
    desk: Desk,
    open_office: Callable[[Desk], Office],  # noqa: F811
) -> None:
    decide.adopt_ruleset(desk, ruleset_text(EXAMPLE))
    office = open_office(desk)  # noqa: F811
    screen = office.study()
    office.say_nothing_else()
    screen.keep_button.click()
    office.idle()
    decide.open_right(desk, office.household, RightForm(TODAY - timedelta(days=60), TODAY + timedelta(days=5), 100, ()))
    office.window.go("households", household=office.household)
    office.idle()
    households = office.window.current
    assert isinstance(households, HouseholdsScreen)
    QTest.keyClick(focus(), Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    office.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RenewDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RenewDialog)
    assert any("26 novembre 2026" in words and "25 février 2027" in words for _role, words in dialog.words)
    assert len(household_file(desk, office.household).grants) == 1
    office.qtbot.waitUntil(lambda: dialog._armed)
    QTest.keyClick(dialog, KEY.Key_F12)
    office.qtbot.waitUntil(lambda: len(household_file(desk, office.household).grants) == 2)
    office.idle()
    assert "25/02/2027" in households.notice.text


def test_the_rights_that_end_soon_are_listed_and_one_is_studied_by_the_keyboard(office: Office) -> None:  # noqa: F811
    decide.open_right(
        office.desk, office.household, RightForm(TODAY - timedelta(days=60), TODAY + timedelta(days=9), 100, ())
    )
    office.window.go("right")
    office.idle()
    screen = office.screen
    office.qtbot.waitUntil(lambda: bool(screen.landing.table.rows_model.rows))
    (line,) = screen.landing.table.rows_model.rows
    assert (line.household, line.left) == (office.household, 9)
    screen.landing.table.setFocus()
    QTest.keyClick(focus(), KEY.Key_F7)
    office.qtbot.waitUntil(lambda: screen.subject is not None)
    office.idle()
    assert "Roux" in screen.subject.name
    decide.open_right(
        office.desk, office.household, RightForm(TODAY + timedelta(days=10), TODAY + timedelta(days=90), 100, ())
    )
    office.idle()
    assert rights_to_renew(office.desk) == (), "another right follows"


def test_an_exceptional_visit_is_validated_from_the_worker_s_list(office: Office) -> None:  # noqa: F811
    grant_exceptional_visit(office.desk, office.household, "URGENT")
    office.window.go("right")
    office.idle()
    screen = office.screen
    office.qtbot.waitUntil(lambda: screen.landing.exceptional.isVisible())
    office.idle()
    QTest.keyClick(focus(), KEY.Key_F5)
    office.idle()
    assert "validé" in screen.notice.text
    office.qtbot.waitUntil(lambda: not screen.landing.exceptional.isVisible())
    assert exceptional_to_validate(office.desk) == ()
