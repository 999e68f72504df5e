"""« Envois »: joining after the comparison, writing the parcel, and being told so only once it was read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from epicerie_desktop.services.contract import consolidate, share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import figures
from epicerie_desktop.support import format as shown
from epicerie_desktop.ui.exchange import places
from epicerie_desktop.ui.exchange.joining import JoinDialog
from epicerie_desktop.ui.exchange.safety_card import PassphraseDialog
from epicerie_desktop.ui.exchange.screen import ExchangeScreen
from tests.conftest import PASSPHRASE
from tests.ui.conftest import Goods
from tests.ui.opened import Opened, a_contract, a_hub, focus, join, opened, sold, type_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Desk]:
    with a_hub(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def contract_file(hub: Desk, tmp_path: Path) -> Path:
    return a_contract(hub, tmp_path)[1]


def join_dialog() -> JoinDialog | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, JoinDialog) and w.isVisible()), None)


def test_the_fingerprint_must_be_compared_before_the_contract_is_joined(
    qtbot: QtBot, desk: Desk, contract_file: Path
) -> None:
    found = share.read_contract_file(contract_file)
    with opened(qtbot, desk, ExchangeScreen) as o:
        assert o.screen.stack.currentIndex() == 0
        dialog = JoinDialog(o.screen, found, armed_after_ms=0)
        o.show(dialog)
        assert " ".join(dialog.fingerprint.groups) == found.fingerprint
        assert [len(g) for g in dialog.fingerprint.groups] == [4] * 8
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        assert dialog.isVisible()
        assert dialog.missing.text
        assert focus() is dialog.same
        QTest.keyClick(focus(), Qt.Key.Key_Space)
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        assert dialog.result() == JoinDialog.DialogCode.Accepted
        dialog.deleteLater()


def test_a_contract_s_file_read_on_the_screen_leads_to_the_parcel(
    qtbot: QtBot, desk: Desk, contract_file: Path
) -> None:
    with opened(qtbot, desk, ExchangeScreen) as o:

        def agree() -> None:
            dialog = join_dialog()
            if dialog is not None and dialog._armed:
                timer.stop()
                dialog.same.setChecked(True)
                dialog.yes_button.click()

        timer = QTimer(o.screen, interval=20)
        timer.timeout.connect(agree)
        timer.start()
        o.screen.read_contract(contract_file)
        o.until(lambda: o.screen.stack.currentIndex() == 1)
        o.idle()
        assert o.screen.contract is not None
        assert o.screen.desk.shop.contract_number == o.screen.contract.number
        assert o.screen.contract.signature in o.screen.content.text()


def test_a_file_that_is_no_contract_is_refused_in_the_screen(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    wrong = tmp_path / "photo.epic-contrat"
    wrong.write_bytes(b"EPICC1" + bytes(200))
    with opened(qtbot, desk, ExchangeScreen) as o:
        o.screen.read_contract(wrong)
        o.idle()
        assert "n’est pas un contrat" in o.screen.notice.text
        assert o.screen.stack.currentIndex() == 0


@pytest.fixture
def member(desk: Desk, goods: Goods, contract_file: Path) -> Desk:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    join(desk, contract_file)
    return desk


def test_the_parcel_is_described_then_written_and_the_coordinator_finds_the_same_totals(
    qtbot: QtBot, member: Desk, hub: Desk, tmp_path: Path
) -> None:
    out = tmp_path / "sortie"
    out.mkdir()
    with opened(qtbot, member, ExchangeScreen) as o:
        assert not o.screen.write.isEnabled()
        assert "de septembre 2026 à novembre 2026." in o.screen.content.text()
        assert o.screen.tiles.tiles["grams"].value == shown.plain_kilos(1250)
        o.screen.places.show_folder(out)
        assert o.screen.write.isEnabled()
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bool(o.screen.result.text))
        (parcel,) = out.glob("*.epic")
        assert parcel.name in o.screen.result.text
        assert "retirer la clé" not in o.screen.result.text
        assert o.context.settings.last_export_folder == str(out)
        o.idle()
        assert "n° 2" in o.screen.content.text().replace("\N{NO-BREAK SPACE}", " ")
    consolidate.accept_parcel(hub, parcel.read_bytes())
    contract = consolidate.list_contracts(hub)[0].id
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-11") == figures.totals_of(
        member, "2026-09", "2026-11"
    )


def test_a_failed_writing_never_says_that_the_stick_may_be_taken_out(
    qtbot: QtBot, member: Desk, tmp_path: Path
) -> None:
    stick = tmp_path / "media"
    stick.mkdir()
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen._look.stop()
        o.screen.places.show_sticks((places.Place(stick, share.identify_stick(stick)),))
        assert o.screen.places.place is not None
        o.press(Qt.Key.Key_F12)
        o.until(lambda: bool(o.screen.result.text))
        assert "CLE-307" in o.screen.result.text
        assert "retirer" not in o.screen.result.text.replace("retirée", "")
        assert "n° 1 attend" in o.screen.result.text.replace("\N{NO-BREAK SPACE}", " ")
        assert list(stick.iterdir()) == []
        o.idle()
        assert not o.screen.write.isEnabled(), "the system lists no such stick any more"
        o.screen.places.show_sticks((places.Place(stick, share.identify_stick(stick)),))
        assert o.screen.write.isEnabled()
        assert "n° 1" in o.screen.write.text().replace("\N{NO-BREAK SPACE}", " ")


def test_a_stick_replaced_by_another_one_is_no_longer_chosen(qtbot: QtBot, member: Desk, tmp_path: Path) -> None:
    one, two = tmp_path / "une", tmp_path / "deux"
    one.mkdir()
    two.mkdir()
    first, second = places.Place(one, share.identify_stick(one)), places.Place(two, share.identify_stick(two))
    assert first.stick is not None
    swapped = replace(first, stick=replace(first.stick, volume="0123-4567"))
    with opened(qtbot, member, ExchangeScreen) as o:
        o.screen._look.stop()
        o.screen.places.show_sticks((first, second))
        assert o.screen.places.place is None
        o.screen.places.list.setCurrentRow(0)
        assert o.screen.write.isEnabled()
        o.screen.places.show_sticks((swapped, second))
        assert o.screen.places.place is None
        assert not o.screen.write.isEnabled()


def saved(o: Opened[ExchangeScreen]) -> str:
    o.until(lambda: o.screen.safety.copy.isEnabled())
    o.idle()
    return o.screen.safety.notice.text


def test_a_copy_is_made_with_the_passphrase_and_refused_without_it(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "copies"
    with opened(qtbot, desk, ExchangeScreen) as o:
        o.screen.safety.copy_to(out, "pas la bonne phrase")
        assert "n’ouvre pas les données" in saved(o)
        assert not out.exists()
        o.screen.safety.copy_to(out, PASSPHRASE)
        assert "relue" in saved(o)
        assert sorted(p.suffix for p in out.iterdir()) == [".db", ".json"]
        o.screen.safety.check.click()
        assert "Tout tombe juste" in saved(o)


def test_the_passphrase_is_asked_before_a_place(qtbot: QtBot, desk: Desk) -> None:
    with opened(qtbot, desk, ExchangeScreen) as o:
        dialog = PassphraseDialog(o.screen, armed_after_ms=0)
        o.show(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        assert dialog.isVisible()
        assert dialog.field.error
        type_in("quelque chose")
        assert dialog.field.line.displayText() != "quelque chose"
        QTest.keyClick(focus(), Qt.Key.Key_F4)
        assert dialog.field.line.displayText() == "quelque chose"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.result() == PassphraseDialog.DialogCode.Rejected
        dialog.deleteLater()
