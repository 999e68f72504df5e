"""Keys, posts and editions on the screens: nothing is confirmed unread, adopted unasked, or kept of a custodian's key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.paper_groups import written
from epicerie_desktop.services.contract import consolidate, custody, joining, making, posts, recovery, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui.contract.dialogs import ContractDialog
from epicerie_desktop.ui.contract.keys_dialog import ConfirmPostDialog, KeysDialog, read_care
from epicerie_desktop.ui.contract.restoring import RestoreContractDialog
from epicerie_desktop.ui.contract.screen import ContractScreen
from epicerie_desktop.ui.exchange.contract_terms import ContractTermsDialog
from epicerie_desktop.ui.exchange.counting_key import CountingKeyDialog, ReplaceKeyDialog
from epicerie_desktop.ui.exchange.joining import JoinDialog
from epicerie_desktop.ui.exchange.screen import ExchangeScreen
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.start.custodian import CustodianDialog
from tests.conftest import TODAY
from tests.ui.conftest import Goods
from tests.ui.dialogs import meet
from tests.ui.opened import a_contract, a_hub, join, opened, sold, type_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    with a_hub(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def member(hub: Desk, desk: Desk, goods: Goods, tmp_path: Path) -> Desk:
    """A shop of the coordinator's contract, whose first parcel was taken."""
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    join(desk, a_contract(hub, tmp_path)[1])
    (tmp_path / "parcel").mkdir()
    data = consolidate.read_parcel_file(share.export_parcel(desk, tmp_path / "parcel").path)
    assert consolidate.accept_parcel(hub, data).accepted
    return desk


def test_a_contract_made_by_one_person_in_both_roles_says_what_pseudonyms_are_worth(qtbot: QtBot, hub: Desk) -> None:
    with opened(qtbot, hub, ContractScreen) as o:
        dialog = ContractDialog(o.screen, armed_after_ms=0)
        o.show(dialog)
        type_in("Contrat social 2026")
        dialog.same.click()
        assert "ne cachent rien" in dialog.worth.text
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: dialog.made is not None and not dialog.isVisible())
        assert dialog.made is not None
        assert making.contract_card(hub, dialog.made).same_person


def test_a_signature_is_confirmed_only_once_compared_and_a_post_set_aside_with_its_reason(
    qtbot: QtBot, hub: Desk, member: Desk
) -> None:
    contract = consolidate.list_contracts(hub)[0].id
    with opened(qtbot, hub, ContractScreen) as o:
        dialog = KeysDialog(o.screen, read_care(hub, contract))
        o.show(dialog)
        dialog.lines.selectRow(0)
        o.until(dialog.confirm.isEnabled)
        asked = ConfirmPostDialog(
            dialog, posts.standings(hub, contract)[0], posts.list_posts(hub, contract)[0], armed_after_ms=0
        )
        assert not asked.may_accept()
        assert asked.missing.text
        asked.deleteLater()

        def compared(question: ConfirmPostDialog) -> None:
            question.same.setChecked(True)
            QTest.keyClick(question, Qt.Key.Key_F12)

        meet(ConfirmPostDialog, compared)
        QTest.keyClick(dialog, Qt.Key.Key_F10)
        o.until(lambda: posts.list_posts(hub, contract)[0].confirmed_at is not None)
        o.until(lambda: not dialog.confirm.isEnabled())
        dialog.close()
    assert posts.bears(posts.list_posts(hub, contract)[0], share.joined_contracts(member)[0].signature)


def test_a_contract_is_taken_back_from_its_sheet_and_a_slip_is_told(qtbot: QtBot, hub: Desk, tmp_path: Path) -> None:
    made = a_contract(hub, tmp_path)[0]
    sheet = recovery_code(hub, made)
    with a_hub(tmp_path / "other") as other, opened(qtbot, other, ContractScreen) as o:
        dialog = RestoreContractDialog(o.screen, armed_after_ms=0)
        o.show(dialog)
        wrong = sheet.split("-")
        wrong[9] = wrong[9][:3] + ("0" if wrong[9][3] != "0" else "1")
        dialog.name.line.setText("Contrat social")
        dialog.groups.line.setText("-".join(wrong))
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: "n°\xa09" in dialog.refusal.text)
        assert consolidate.list_contracts(other) == ()
        dialog.groups.line.setText(sheet)
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        o.until(lambda: dialog.made is not None)
        assert consolidate.list_contracts(other)[0].uid == consolidate.list_contracts(hub)[0].uid


def recovery_code(hub: Desk, contract: int) -> str:
    """What the sheet's square tells a scanner."""
    from epicerie_desktop.domain import recovery_sheet

    with hub.db.read() as session:
        row = making.made_here(session, contract)
        code = recovery_sheet.written(recovery._sheet_of(row))
    assert code.startswith("EPCR")
    assert code != written(bytes(88), "EPCR")
    return code


def test_the_counting_key_is_read_by_the_scanner_and_another_is_asked_about(qtbot: QtBot, member: Desk) -> None:
    contract = share.joined_contracts(member)[0].id
    first, second = custody.draw_counting_key(), custody.draw_counting_key()
    with opened(qtbot, member, ExchangeScreen) as o:
        dialog = CountingKeyDialog(o.screen, contract, "", armed_after_ms=0)
        o.show(dialog)
        type_in(first)
        QTest.keyClick(dialog.field.line, Qt.Key.Key_Return)
        o.until(lambda: dialog.read is not None)
        assert dialog.field.text == ""
        assert custody.counting_key_number(member, contract) == custody.check_counting_key(first)
        again = CountingKeyDialog(o.screen, contract, custody.check_counting_key(first), armed_after_ms=0)
        o.show(again)
        type_in(second)
        told: list[str] = []

        def replaced(question: ReplaceKeyDialog) -> None:
            told.append(question.accessibleDescription())
            QTest.keyClick(question, Qt.Key.Key_F12)

        meet(ReplaceKeyDialog, replaced)
        again.field.submitted.emit()
        o.until(lambda: again.read is not None)
        assert "ne se comparent jamais" in told[0]
        assert custody.counting_key_number(member, contract) == custody.check_counting_key(second)


def test_the_scanner_compares_the_fingerprint_and_another_square_is_told(
    qtbot: QtBot, hub: Desk, tmp_path: Path
) -> None:
    file = joining.read_contract_file(a_contract(hub, tmp_path)[1])
    dialog = JoinDialog(None, file, armed_after_ms=0)
    qtbot.addWidget(dialog)
    dialog.scanned.line.setText(replace(file, site_code="XX99").fingerprint)
    dialog.scanned.submitted.emit()
    assert not dialog.same.isChecked()
    assert dialog.missing.text
    dialog.scanned.line.setText(file.fingerprint.replace(" ", "").lower())
    dialog.scanned.submitted.emit()
    assert dialog.same.isChecked()


def test_what_the_contract_says_is_shown_and_a_leaving_is_noted_and_undone(qtbot: QtBot, member: Desk) -> None:
    (contract,) = share.joined_contracts(member)
    with opened(qtbot, member, ExchangeScreen) as o:
        dialog = ContractTermsDialog(o.screen, contract, joining.on_offer(member, contract.id), TODAY)
        o.show(dialog)
        assert dialog.definitions.model().rowCount() == 10
        assert not dialog.adopt_articles.isVisible()
        joining.leave_contract(member, contract.id, TODAY)
        dialog.leave.click()
        o.until(lambda: bool(dialog.notice.text))
        assert joining.left_on(member, contract.id) is None
        dialog.close()


def test_the_custodian_prints_a_sheet_and_reads_one_back(qtbot: QtBot) -> None:
    dialog = CustodianDialog(None, TODAY)
    qtbot.addWidget(dialog)
    dialog.show()
    seen: list[PdfView] = []

    def shown(view: PdfView) -> None:
        seen.append(view)
        view.accept()

    meet(PdfView, shown)
    dialog.draw.click()
    qtbot.waitUntil(lambda: bool(seen) and bool(dialog.notice.text), timeout=20_000)
    sheet = custody.draw_counting_key()
    dialog.typed.line.setText(sheet[:-1] + ("0" if sheet[-1] != "0" else "1"))
    dialog.typed.submitted.emit()
    assert "n°\xa018" in dialog.notice.text
    dialog.typed.line.setText(sheet)
    dialog.typed.submitted.emit()
    assert custody.check_counting_key(sheet) in dialog.notice.text
    dialog.accept()
    assert dialog.typed.text == ""
