"""Opening and first start: calm refusals, a passphrase never kept, a recovery code that must be proven noted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.rights import decide
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.start.first_start import FILE_NAMES, FirstStartDialog
from epicerie_desktop.ui.start.restoring import RestoreDialog
from epicerie_desktop.ui.start.unlock import UnlockDialog
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.ui.dialogs import meet
from tests.ui.dressed import dress
from tests.ui.opened import focus, type_in

CLOCK = FrozenClock.on(TODAY)


def shown(qtbot: QtBot, dialog: QDialog) -> None:
    dress()
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()


@pytest.fixture
def unlock(qtbot: QtBot, shop_file: Path) -> Iterator[UnlockDialog]:
    dialog = UnlockDialog(shop_file, CLOCK)
    shown(qtbot, dialog)
    yield dialog
    if dialog.isVisible():
        dialog.reject()
    if dialog.desk is not None:
        dialog.desk.db.close()
    dialog.deleteLater()


def test_the_right_passphrase_and_enter_open_the_shop(qtbot: QtBot, unlock: UnlockDialog) -> None:
    type_in(PASSPHRASE)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: unlock.desk is not None, timeout=15_000)
    assert unlock.desk is not None
    assert unlock.desk.shop.name == "Épicerie des Quatre-Vents"
    assert unlock.field.line.text() == ""
    assert not unlock.isVisible()


def test_a_wrong_passphrase_is_told_calmly_and_may_be_typed_again(qtbot: QtBot, unlock: UnlockDialog) -> None:
    type_in("pas la bonne phrase")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(unlock.notice.text), timeout=15_000)
    assert unlock.desk is None
    assert unlock.field.isEnabled()
    assert focus() is unlock.field.line
    type_in(PASSPHRASE)
    assert unlock.field.secret == PASSPHRASE
    assert unlock.notice.text == ""
    QTest.keyClick(unlock, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: unlock.desk is not None, timeout=15_000)


def test_what_is_typed_is_hidden_until_the_eye_is_asked(qtbot: QtBot, unlock: UnlockDialog) -> None:
    type_in("secret")
    assert unlock.field.line.displayText() != "secret"
    QTest.keyClick(focus(), Qt.Key.Key_F4)
    assert unlock.field.line.displayText() == "secret"
    QTest.keyClick(unlock, Qt.Key.Key_Escape)
    assert unlock.result() == QDialog.DialogCode.Rejected
    assert unlock.desk is None


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[FirstStartDialog]:
    dialog = FirstStartDialog(tmp_path, CLOCK, create=partial(opening.create_shop, cost=FAST))
    shown(qtbot, dialog)
    yield dialog
    dialog.done(0)
    dialog.deleteLater()


def fill(dialog: FirstStartDialog, *, code: str = "TR01", again: str = PASSPHRASE) -> None:
    for field, text in (
        (dialog.name, "Épicerie de la Truyère"), (dialog.code, code), (dialog.account, "Camille"), (dialog.passphrase, PASSPHRASE),
        (dialog.again, again),
    ):  # fmt: skip
        field.setFocus()
        field.line.clear()
        type_in(text)


def leave(dialog: FirstStartDialog, answer: str) -> None:
    """Press Escape, and this button of the question as soon as it answers."""
    timer = QTimer()

    def press() -> None:
        asked = QApplication.activeModalWidget()
        if asked is not None and asked is not dialog:
            getattr(asked, answer).click()

    timer.timeout.connect(press)
    timer.start(20)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    timer.stop()


def made(qtbot: QtBot, dialog: FirstStartDialog) -> str:
    fill(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: bool(dialog.recovery_code), timeout=15_000)
    return dialog.recovery_code


def test_a_new_shop_is_ready_once_the_last_group_of_its_code_was_typed(
    qtbot: QtBot, first: FirstStartDialog, tmp_path: Path
) -> None:
    code = made(qtbot, first)
    assert len(code.split("-")) == 7
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert first.isVisible()
    type_in("0000" if not code.endswith("0000") else "1111")
    QTest.keyClick(first, Qt.Key.Key_F12)
    assert first.created is None
    assert first.last.error
    first.last.line.clear()
    type_in(code[-4:].lower())
    QTest.keyClick(first, Qt.Key.Key_F12)
    path = tmp_path / FILE_NAMES[opening.SHOP]
    assert first.created == (path, PASSPHRASE)
    desk = opening.open_desk(path, code.lower().replace("-", " "), CLOCK)
    assert (desk.shop.code, desk.actor.name, desk.shop.is_coordinator) == ("TR01", "Camille", False)
    assert stock.families(desk)
    assert decide.ruleset_on(desk, TODAY).name
    desk.db.close()


def test_two_different_passphrases_or_a_wrong_code_make_no_file(
    qtbot: QtBot, first: FirstStartDialog, tmp_path: Path
) -> None:
    fill(first, again="autre chose ici")
    QTest.keyClick(first, Qt.Key.Key_F12)
    assert first.again.error
    fill(first, code="x")
    QTest.keyClick(first, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: bool(first.notice.text), timeout=15_000)
    assert focus() is first.code.line
    assert list(tmp_path.iterdir()) == []
    for answer, stays in (("no_button", True), ("yes_button", False)):
        leave(first, answer)
        assert first.isVisible() is stays
    assert first.created is None


def test_a_coordination_has_its_own_file_and_no_family_of_products(
    qtbot: QtBot, first: FirstStartDialog, tmp_path: Path
) -> None:
    first.coordination.setChecked(True)
    code = made(qtbot, first)
    type_in(code[-4:])
    QTest.keyClick(first, Qt.Key.Key_F12)
    assert first.created is not None
    desk = opening.open_desk(*first.created, CLOCK)
    assert first.created[0].name == FILE_NAMES[opening.COORDINATOR]
    assert desk.shop.is_coordinator
    assert stock.families(desk) == ()
    desk.db.close()


def test_a_bug_is_told_even_where_its_report_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    monkeypatch.setenv("EPICERIE_HOME", str(tmp_path))
    trouble.report(ValueError("Fátima"))
    assert [r.getMessage() for r in caplog.records] == ["unexpected ValueError"]
    caplog.clear()


def test_the_keyboard_goes_to_the_field_the_refusal_names(qtbot: QtBot, first: FirstStartDialog) -> None:
    fill(first, code="x y")
    first.account.line.setText("Recovery")
    QTest.keyClick(first, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: bool(first.notice.text), timeout=15_000)
    assert "compte" in first.notice.text
    assert focus() is first.account.line


def test_a_copy_is_brought_back_before_opening_and_what_was_there_is_kept(
    qtbot: QtBot, unlock: UnlockDialog, shop_file: Path, tmp_path: Path
) -> None:
    desk = opening.open_desk(shop_file, PASSPHRASE, CLOCK)
    copy = safeguard.back_up(desk, tmp_path / "cle", PASSPHRASE)
    desk.db.close()
    said: list[str] = []

    def wrong_then_right(dialog: RestoreDialog) -> None:
        dialog.field.line.setText("pas la bonne")
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        qtbot.waitUntil(lambda: dialog.field.isEnabled() and bool(dialog.notice.text), timeout=15_000)
        said.append(dialog.notice.text)
        dialog.field.line.setText(PASSPHRASE)
        QTest.keyClick(dialog, Qt.Key.Key_F12)

    meet(RestoreDialog, wrong_then_right)
    unlock.restore_from(copy)
    assert said
    assert "copie est en place" in unlock.notice.text
    (kept,) = shop_file.parent.glob("*.db.abime-*")
    (keys,) = shop_file.parent.glob("*.keys.json.abime-*")
    keys.rename(tmp_path / "avant.keys.json")
    opening.open_desk(kept.rename(tmp_path / "avant.db"), PASSPHRASE, CLOCK).db.close()
    unlock.field.line.setText(PASSPHRASE)
    QTest.keyClick(unlock.field.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: unlock.desk is not None, timeout=15_000)


def test_giving_up_a_copy_changes_nothing(qtbot: QtBot, unlock: UnlockDialog, shop_file: Path, tmp_path: Path) -> None:
    stray = tmp_path / "autre.db"
    stray.write_bytes(b"ce n'est pas une copie")
    told: list[str] = []

    def try_it(dialog: RestoreDialog) -> None:
        dialog.field.line.setText(PASSPHRASE)
        QTest.keyClick(dialog, Qt.Key.Key_F12)
        qtbot.waitUntil(lambda: dialog.field.isEnabled() and bool(dialog.notice.text), timeout=15_000)
        told.append(dialog.notice.text)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    before = shop_file.read_bytes()
    meet(RestoreDialog, try_it)
    unlock.restore_from(stray)
    assert told
    assert shop_file.read_bytes() == before
    assert not list(shop_file.parent.glob("*abime*"))
