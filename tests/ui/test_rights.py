"""The worker's screen: what is declared, what the règlement answers, and the right that is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, VerdictState
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.domain.household import Link
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries.counter import open_visit
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.statements import statement_of, statements_of
from epicerie_desktop.services.queries.study import Told, next_start, situation_of
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households.screen import HouseholdsScreen
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.rights.adopting import EXAMPLE, adopted_from
from epicerie_desktop.ui.rights.measure import MeasureDialog
from epicerie_desktop.ui.rights.right_terms import parse_permille
from epicerie_desktop.ui.rights.screen import RightScreen
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from tests.ui.dialogs import answer, meet
from tests.ui.dressed import dress

KEY = Qt.Key
TODAY = date(2026, 11, 20)
CEILING = Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 115_00)
SPECS = (
    ScreenSpec("households", "Foyers", "users", "", HouseholdsScreen),
    ScreenSpec("right", "", "shield-check", "", RightScreen),
)


@dataclass
class Office:
    """A window on the worker's screen, opened on one household."""

    qtbot: QtBot
    window: MainWindow
    context: Context
    household: int

    @property
    def desk(self) -> Desk:
        return self.context.desk

    @property
    def screen(self) -> RightScreen:
        assert isinstance(self.window.current, RightScreen)
        return self.window.current

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy)

    def study(self) -> RightScreen:
        self.window.go("right", household=self.household)
        self.idle()
        self.qtbot.waitUntil(lambda: self.screen.verdict.outcome is not None or self.screen.subject is None)
        return self.screen

    def weighed(self, kind: OutcomeKind) -> None:
        self.qtbot.waitUntil(
            lambda: self.screen.verdict.outcome is not None and self.screen.verdict.outcome.kind is kind
        )

    def say_nothing_else(self) -> None:
        self.screen.statement.resources.zero.click()
        self.screen.statement.charges.zero.click()


@pytest.fixture
def household(desk: Desk) -> int:
    members = (
        MemberForm("Roux", "Élodie", Link.HOLDER, born="1990"),
        MemberForm("Roux", "Léa", Link.CHILD, born="2019-05"),
    )
    return enrol.save_household(desk, HouseholdForm(members, AddressForm(commune_code="15187")))


@pytest.fixture
def open_office(qtbot: QtBot, household: int) -> Iterator[Callable[[Desk], Office]]:
    made: list[Office] = []

    def start(desk: Desk) -> Office:
        dress()
        bus = ChangeBus()
        desk.db.on_commit(bus.tell)
        context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), ScaleBridge())
        office = Office(qtbot, MainWindow(context, SPECS), context, household)
        made.append(office)
        with qtbot.waitActive(office.window):
            office.window.show()
            office.window.activateWindow()
        office.idle()
        return office

    yield start
    for office in made:
        office.context.data.stop()
        office.context.long.stop()
        office.window.hide()
        office.window.deleteLater()


@pytest.fixture
def office(desk: Desk, open_office: Callable[[Desk], Office]) -> Office:
    decide.adopt_ruleset(desk, ruleset_text(EXAMPLE))
    return open_office(desk)


def test_a_line_nobody_answered_leaves_the_file_incomplete_and_is_named(office: Office) -> None:
    screen = office.study()
    assert screen.verdict.outcome is not None
    assert screen.verdict.outcome.kind is OutcomeKind.INCOMPLETE
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    screen.statement.charges.fields["water"].set_value(None)
    office.weighed(OutcomeKind.INCOMPLETE)
    assert "Eau" in screen.verdict.missing.text()
    assert "1 ligne à compléter" in screen.statement.charges.total.text().replace("\N{NO-BREAK SPACE}", " ")


def test_no_resource_at_all_is_an_answer_and_opens_the_right_the_reglement_gives(office: Office) -> None:
    screen = office.study()
    assert screen.statement.stops[0] is office.focus
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    QTest.keyClick(office.focus, KEY.Key_F12)
    office.qtbot.waitUntil(lambda: screen.done.decision > 0)
    office.idle()
    assert office.focus is screen.print_button
    QTest.keyClick(office.focus, KEY.Key_Escape)
    office.idle()
    (grant,) = household_file(office.desk, office.household).grants
    assert (grant.valid_from, grant.valid_until) == (TODAY, date(2027, 2, 19))
    assert (grant.participation_permille, grant.ceilings) == (100, (replace(CEILING, amount=90_00),))
    assert open_visit(office.desk, office.household).verdict.state is VerdictState.OPEN
    (row,) = statements_of(office.desk, office.household)
    kept = statement_of(office.desk, row.id)
    assert kept.resources is not None
    assert kept.charges is not None
    assert {cents for _code, cents in (*kept.resources, *kept.charges)} == {0}
    assert row.day == TODAY
    current = office.window.current
    assert isinstance(current, HouseholdsScreen)
    assert "19/02/2027" in current.notice.text


def test_every_step_of_the_sum_is_told_with_the_figures_typed(office: Office) -> None:
    screen = office.study()
    typed = {"wages": "912,40", "family_benefits": "74", "rent": "430,5"}
    for code, text in typed.items():
        fields = screen.statement.resources.fields | screen.statement.charges.fields
        QTest.keyClicks(fields[code].line, text)
        QTest.keyClick(fields[code].line, KEY.Key_Return)
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    outcome = screen.verdict.outcome
    assert outcome is not None
    assert screen.steps.steps == tuple(s.sentence() for s in outcome.steps)
    total = shown.money(912_40 + 74_00)
    assert any(total in s for s in screen.steps.steps)
    # (986,40 − 430,50) ÷ 2 ÷ 30 = 9,265 exactly: band C, 30 %.
    assert "9,26" in screen.verdict.figures.text()
    assert screen.decision.terms.share.value == 300


def test_an_amount_that_is_not_one_is_told_beneath_it_and_nothing_is_written(office: Office) -> None:
    screen = office.study()
    rent = screen.statement.charges.fields["rent"]
    QTest.keyClicks(rent.line, "3250392081083")
    office.say_nothing_else()
    screen.open_button.click()
    assert "code-barres" in rent.error
    assert rent.line.text() == "3250392081083"
    assert household_file(office.desk, office.household).grants == ()
    assert statements_of(office.desk, office.household) == ()


def test_a_renewal_opens_the_day_after_with_the_amounts_of_the_statement_before(office: Office) -> None:
    until = TODAY + timedelta(days=12)
    decide.open_right(office.desk, office.household, RightForm(TODAY - timedelta(days=60), until, 100, (CEILING,)))
    screen = office.study()
    screen.statement.resources.fields["rsa"].set_value(507_75)
    office.say_nothing_else()
    screen.keep_button.click()
    office.idle()
    assert len(household_file(office.desk, office.household).grants) == 1
    office.window.go("households")
    screen = office.study()
    assert screen.statement.resources.fields["rsa"].value == 507_75
    assert not screen.dirty
    assert screen.decision.terms.start.value == until + timedelta(days=1)
    screen.open_button.click()
    office.qtbot.waitUntil(lambda: len(household_file(office.desk, office.household).grants) == 2)
    newest, before = household_file(office.desk, office.household).grants
    assert newest.valid_from == before.valid_until + timedelta(days=1)
    office.idle()


def test_what_the_person_changed_in_the_decision_is_not_overwritten_by_the_sum(office: Office) -> None:
    screen = office.study()
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    screen.decision.terms.share.line.setText("")
    QTest.keyClicks(screen.decision.terms.share.line, "12,5 %")
    QTest.keyClicks(screen.decision.terms.end.line, "")
    screen.statement.resources.fields["wages"].set_value(900_00)
    office.weighed(OutcomeKind.COMMITTEE)
    assert screen.decision.terms.share.value == 125
    screen.open_button.click()
    office.idle()
    assert office.focus is screen.decision.reason.edit, "a departure from the advice is explained first"
    screen.decision.reason.edit.setPlainText("Séparation en cours")
    answer("no_button")
    screen.open_button.click()
    office.idle()
    assert household_file(office.desk, office.household).grants == ()
    answer("yes_button")
    screen.open_button.click()
    office.qtbot.waitUntil(lambda: bool(household_file(office.desk, office.household).grants))
    assert household_file(office.desk, office.household).grants[0].participation_permille == 125
    office.idle()


def test_an_overlapping_right_is_refused_calmly_and_the_statement_is_kept_once(office: Office) -> None:
    decide.open_right(office.desk, office.household, RightForm(TODAY, TODAY + timedelta(days=30), 100, ()))
    screen = office.study()
    office.say_nothing_else()
    office.weighed(OutcomeKind.ELIGIBLE)
    screen.decision.terms.start.set_value(TODAY)
    office.idle()
    office.weighed(OutcomeKind.ELIGIBLE)
    for _time in range(2):
        screen.open_button.click()
        office.idle()
        assert "déjà ouvert" in screen.notice.text
    assert len(household_file(office.desk, office.household).grants) == 1
    with office.desk.db.read() as session:
        from epicerie_desktop.persistence.models import Assessment

        assert session.query(Assessment).count() == 1
    screen.decision.terms.start.set_value(next_start(household_file(office.desk, office.household).grants, TODAY))
    screen.open_button.click()
    office.qtbot.waitUntil(lambda: len(household_file(office.desk, office.household).grants) == 2)
    office.idle()


def test_a_household_is_suspended_by_the_keyboard_once_it_was_asked_to_come(office: Office) -> None:
    desk, household = office.desk, office.household
    decide.open_right(desk, household, RightForm(TODAY, TODAY + timedelta(days=30), 100, ()))
    screen = office.study()
    seen: list[str] = []

    def answered(dialog: MeasureDialog) -> None:
        office.qtbot.waitUntil(lambda: dialog._armed)
        dialog.words.line.setText("Trois absences sans prévenir, malgré deux rappels.")
        QTest.keyClick(dialog, KEY.Key_F12)
        office.qtbot.waitUntil(lambda: "invité" in dialog.asked.error)
        assert office.focus is dialog.asked.line, "the field concerned has the keyboard"
        seen.append(dialog.asked.error)
        QTest.keyClicks(office.focus, "10/11/2026")
        assert not dialog.asked.error
        dialog.words.line.clear()
        QTest.keyClick(office.focus, KEY.Key_F12)
        office.qtbot.waitUntil(lambda: "motif" in dialog.words.error)
        assert office.focus is dialog.words.line
        dialog.words.line.setText("Trois absences sans prévenir, malgré deux rappels.")
        QTest.keyClick(office.focus, KEY.Key_F12)

    meet(MeasureDialog, answered)
    screen.rights.lines[0].suspend.click()
    office.idle()
    assert seen
    assert household_file(desk, household).grants[0].suspended
    assert open_visit(desk, household).verdict.state is VerdictState.CLOSED


def test_without_a_reglement_the_example_is_offered_and_the_study_goes_on(
    desk: Desk, open_office: Callable[[Desk], Office]
) -> None:
    office = open_office(desk)
    office.window.go("right", household=office.household)
    office.idle()
    screen = office.screen
    assert not screen.open_button.isVisible()
    answer("yes_button")
    screen.adopting.example.click()
    office.qtbot.waitUntil(lambda: screen.open_button.isVisible())
    office.idle()
    assert "wages" in screen.statement.resources.fields


def test_a_file_that_is_no_reglement_is_refused_and_changes_nothing(
    desk: Desk, open_office: Callable[[Desk], Office], tmp_path: Path
) -> None:
    for content in (b"\xff\xfe\x00", b"format = 1\nname = 'x'", b""):
        path = tmp_path / "reglement.toml"
        path.write_bytes(content)
        with pytest.raises(BadInput):
            adopted_from(desk, path)
    office = open_office(desk)
    office.window.go("right", household=office.household)
    office.idle()
    assert office.screen.adopting.example.isVisible()


def test_an_account_without_the_social_key_sees_the_rights_and_no_amount(
    desk: Desk, open_office: Callable[[Desk], Office]
) -> None:
    decide.adopt_ruleset(desk, ruleset_text(EXAMPLE))
    office = open_office(replace(desk, social_key=None))
    decide.open_right(desk, office.household, RightForm(TODAY, TODAY + timedelta(days=30), 100, (CEILING,)))
    office.window.go("right", household=office.household)
    office.idle()
    screen = office.screen
    assert [line.grant.valid_from for line in screen.rights_alone.lines] == [TODAY]
    assert not any(w.isVisible() for w in (screen.statement, screen.verdict, screen.decision, screen.open_button))


def test_leaving_with_amounts_not_kept_is_asked_about(office: Office) -> None:
    screen = office.study()
    screen.statement.resources.fields["wages"].set_value(0)
    answer("no_button")
    screen.leave_button.click()
    assert office.window.current is screen
    assert screen.statement.resources.fields["wages"].value == 0
    answer("yes_button")
    screen.leave_button.click()
    assert isinstance(office.window.current, HouseholdsScreen)
    office.idle()


def test_members_are_weighed_as_they_are_counted_today(office: Office) -> None:
    form = household_file(office.desk, office.household).form
    gone = replace(form.members[1], left_on=TODAY)
    enrol.save_household(office.desk, replace(form, members=(form.members[0], gone)))
    screen = office.study()
    assert screen.subject is not None
    situation = situation_of(screen.subject, Told())
    assert (situation.persons, situation.children, situation.commune) == (1, 0, "15187")


@given(st.integers(min_value=0, max_value=1000))
def test_a_share_reads_back_as_it_is_shown(permille: int) -> None:
    assert parse_permille(shown.percent(permille)) == permille
    assert parse_permille(f"{permille // 10}.{permille % 10}") == permille


@pytest.mark.parametrize("typed", ["", "dix", "100,1", "-5", "12,55", "3017620422003", "1,2.5"])
def test_a_share_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_permille(typed)


WITHOUT_FIGURES = """format = 1
name = "Épicerie sans calcul"
version = "1"
valid_from = 2026-01-01
source = "Inventé : l'accès vient du travailleur social"
[[bounds]]
always = "eligible"
[[share]]
decided = true
at_least = 10
at_most = 30
[[ceilings]]
measure = "PAID"
period = "MONTH"
decided = true
at_least = 10
at_most = 22
[duration]
months = 3
"""


def test_a_reglement_without_any_figure_asks_for_none_and_what_it_leaves_to_the_decision_is_asked(
    desk: Desk, open_office: Callable[[Desk], Office]
) -> None:
    decide.adopt_ruleset(desk, WITHOUT_FIGURES)
    office = open_office(desk)
    screen = office.study()
    office.weighed(OutcomeKind.ELIGIBLE)
    terms = screen.decision.terms
    note = " ".join(terms.note.text().split())
    assert "de 10 % à 30 %" in note
    assert "de 10,00 € à 22,00 € par mois" in note
    row = terms.ceilings[0]
    assert (len(terms.ceilings), row.chosen, row.ceiling) == (1, CeilingMeasure.PAID, None)
    # Nothing opens while the ceiling is not set.
    terms.share.set_value(200)
    assert terms.form() is None
    assert terms.wrong() is row.amount
    row.amount.set_value(1500)
    form = terms.form()
    assert form is not None
    assert (form.participation_permille, form.ceilings) == (
        200,
        (Ceiling(CeilingMeasure.PAID, CeilingPeriod.MONTH, 1500),),
    )
