"""The contract's plan by the keyboard: where an action stands, values with their parts, a partner's table, the funding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.contract import Method, Status, Unit
from epicerie_desktop.services.contract import funding, plan, values
from epicerie_desktop.services.contract.outline import COHESION, load_outline, shipped_outline
from epicerie_desktop.services.contract.plan import ActionForm, AxisForm, IndicatorForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.contract.import_dialog import ImportDialog
from epicerie_desktop.ui.contract.plan_dialogs import ActionDialog, IndicatorDialog, StatusDialog
from epicerie_desktop.ui.contract.screen import ContractScreen
from epicerie_desktop.ui.contract.value_dialogs import ValueDialog, WithdrawDialog
from tests.ui.opened import Opened, a_contract, a_hub, opened


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    """A coordinator with one contract, one axis, one action and what it is counted by."""
    with a_hub(tmp_path / "hub") as made:
        contract = a_contract(made, tmp_path)[0]
        action = plan.save_action(
            made,
            ActionForm(plan.save_axis(made, contract, AxisForm("AXE1", "Travailler")), "A1", "Chantier d'insertion"),
        )
        plan.save_indicator(
            made, IndicatorForm(action, "JOBS", "Emplois aidés", Unit.COUNT, Method.SUM, unit_name="emplois", target=14)
        )
        funding.save_funder(made, contract, "Conseil départemental")
        yield made


def answered(o: Opened[ContractScreen], dialog: QDialog) -> None:
    """Press F12 in a question and wait until it is written."""
    o.until(lambda: QApplication.activeWindow() is dialog)
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    o.idle()
    back(o)


def back(o: Opened[ContractScreen]) -> None:
    """Give the window the keyboard again where the question was shut: the offscreen platform does not."""
    if QApplication.activeModalWidget() is None:
        o.window.activateWindow()
        o.until(lambda: QApplication.focusWidget() is not None)


def left(o: Opened[ContractScreen], dialog: QDialog) -> None:
    """Leave a question with Escape, and wait for the page to have the keyboard again."""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    back(o)


def test_an_action_changes_its_status_by_keys_alone_and_its_history_is_told(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F3)
        page = o.screen.plan
        assert page.table.hasFocus()
        o.press(Qt.Key.Key_Up)
        assert not page.status.isEnabled(), "an axis stands nowhere"
        o.press(Qt.Key.Key_Down, Qt.Key.Key_F12)
        dialog = page.dialog
        assert isinstance(dialog, StatusDialog)
        assert dialog.status.currentData() == Status.STARTED, "what comes after planned is proposed"
        dialog.note.line.setText("Convention signée")
        answered(o, dialog)
        (line,) = (n.action for n in page.table.rows_model.rows if n.action)
        assert line.status is Status.STARTED
        assert "Convention signée" in page.detail.text()
        o.press(Qt.Key.Key_Return)
        again = page.dialog
        assert isinstance(again, StatusDialog)
        again.status.setCurrentIndex(again.status.findData(Status.STARTED))
        answered(o, again)
        assert "déjà là" in again.notice.text, "the refusal is told in the question, and nothing is lost"
        left(o, again)
        o.press(Qt.Key.Key_F11)
        edit = page.dialog
        assert isinstance(edit, ActionDialog)
        edit.partners.line.setText("CAF, Mission locale")
        answered(o, edit)
        assert "CAF, Mission locale" in page.detail.text()


def test_a_plan_in_a_file_is_loaded_and_a_file_that_is_none_says_so(qtbot: QtBot, hub: Desk, tmp_path: Path) -> None:
    from epicerie_desktop.support import paths

    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F3)
        page, wrong = o.screen.plan, tmp_path / "x.toml"
        wrong.write_text("bonjour", "utf-8")
        page.load_from(wrong)
        o.idle()
        assert "plan de contrat" in page.notice.text
        page.load_from(paths.resource("contracts", "saint-flour-2010-2012.toml"))
        o.idle()
        assert page.table.rows_model.rowCount() > 20
        assert "Ajoutés" in page.notice.text


def test_a_value_is_typed_corrected_and_withdrawn_and_its_parts_stay(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F4)
        page = o.screen.indicators
        assert [f.value for f in page.table.rows_model.rows] == [None]
        o.press(Qt.Key.Key_F12)
        dialog = page.dialog
        assert isinstance(dialog, ValueDialog)
        dialog.value.line.setText("douze")
        dialog.source.line.setText("Chantier")
        answered(o, dialog)
        assert "est pas un nombre" in dialog.value.error
        dialog.value.line.setText("12")
        answered(o, dialog)
        o.press(Qt.Key.Key_F11)
        correction = page.dialog
        assert isinstance(correction, ValueDialog)
        assert (correction.value.value, correction.source.text) == (12, "Chantier")
        correction.value.line.setText("14")
        answered(o, correction)
        (figure,) = page.table.rows_model.rows
        assert (figure.value, figure.permille) == (14, 1000)
        assert [n.value.split()[0] for n in page.parts.rows_model.rows] == ["14", "12"]
        assert [n.counted for n in page.parts.rows_model.rows] == [True, False]
        o.press(Qt.Key.Key_F10)
        leaving = page.dialog
        assert isinstance(leaving, WithdrawDialog)
        answered(o, leaving)
        assert "pourquoi" in leaving.notice.text
        leaving.why.line.setText("Compté deux fois")
        answered(o, leaving)
        assert [f.value for f in page.table.rows_model.rows] == [None]
        assert len(page.parts.rows_model.rows) == 3


def test_a_partner_s_table_is_looked_at_then_taken_in(qtbot: QtBot, hub: Desk, tmp_path: Path) -> None:
    table = tmp_path / "chantier.csv"
    table.write_text("Mois;Emplois aidés\n2026-10;3\n2026-11;beaucoup\n", "utf-8")
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F4)
        page = o.screen.indicators
        page.look_at(table)
        o.idle()
        dialog = page.dialog
        assert isinstance(dialog, ImportDialog)
        assert not dialog.yes_button.isEnabled()
        first = dialog.lines.rows_model.rows[0]
        assert (first.told.line, "beaucoup" in first.errors[0]) == (3, True), "what is wrong comes first"
        left(o, dialog)
        table.write_text("Mois;Emplois aidés\n2026-10;3\n2026-11;4\n", "utf-8")
        page.look_at(table)
        o.idle()
        dialog = page.dialog
        assert isinstance(dialog, ImportDialog)
        box = dialog.boxes["Mois"]
        before = box.currentIndex()
        box.setCurrentIndex(0)
        o.idle()
        assert "quelle période" in dialog.notice.text
        assert not dialog.yes_button.isEnabled()
        box.setCurrentIndex(before)
        o.idle()
        answered(o, dialog)
        assert [f.value for f in page.table.rows_model.rows] == [7]
        assert "chantier.csv" in page.parts.rows_model.rows[0].source
        page.look_at(table)
        o.idle()
        again = page.dialog
        assert isinstance(again, ImportDialog)
        assert "Déjà importé" in again.notice.text
        assert not again.yes_button.isEnabled()
        left(o, again)


def test_an_indicator_that_the_parcels_feed_takes_their_unit_and_no_typed_value(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F4, Qt.Key.Key_F9)
        page, dialog = o.screen.indicators, o.screen.indicators.dialog
        assert isinstance(dialog, IndicatorDialog)
        dialog.name.line.setText("Travaux financés")
        dialog.code.line.setText("works")
        dialog.source.setCurrentIndex(dialog.source.findData("action:HOUSING:FUNDED:cents"))
        assert (dialog.unit.currentData(), dialog.method.currentData()) == (Unit.CENT, Method.SUM)
        dialog.target.line.setText("550 000")
        answered(o, dialog)
        made = next(f for f in page.table.rows_model.rows if f.indicator.code == "WORKS")
        assert made.indicator.target == 55_000_000
        page.table.choose(made.indicator.id)
        assert not page.type.isEnabled()


def test_the_funding_is_written_and_its_totals_follow(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        o.press(Qt.Key.Key_F5, Qt.Key.Key_F12)
        page, dialog = o.screen.funding, o.screen.funding.dialog
        assert dialog is not None
        dialog.planned.line.setText("24 490")
        dialog.paid.line.setText("8 000,50")
        answered(o, dialog)
        assert [(n.total.planned_cents, n.total.paid_cents, n.whole) for n in page.by_funder.rows_model.rows] == [
            (2_449_000, 800_050, True), (2_449_000, 800_050, False),
        ]  # fmt: skip
        o.press(Qt.Key.Key_Return)
        assert page.dialog is not None
        page.dialog.paid.line.setText("24 490")
        answered(o, page.dialog)
        assert page.table.rows_model.rows[0].paid_cents == 2_449_000


def test_a_page_hidden_reads_again_only_once_shown(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        o.idle()
        contract = o.screen.contract
        assert contract is not None
        load_outline(hub, contract.id, shipped_outline(COHESION))
        assert values.indicator_figures(hub, contract.id, "2026-11", "2026-11")
        o.idle()
        assert o.screen.plan.table.rows_model.rowCount() == 0
        o.press(Qt.Key.Key_F3)
        assert o.screen.plan.table.rows_model.rowCount() > 10
