"""The drawer and the closings by the keyboard alone: opened, counted coin by coin, a difference explained, a word to the next team."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from epicerie_desktop import app
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries.drawer import closings_now, drawer_now
from epicerie_desktop.services.till import closings
from epicerie_desktop.ui import registry
from epicerie_desktop.ui.cash.closings_page import ClosingsPage
from epicerie_desktop.ui.cash.dialogs import CountDialog, MoveDialog
from epicerie_desktop.ui.cash.drawer_page import DrawerPage
from epicerie_desktop.ui.cash.screen import CashScreen
from tests.ui.conftest import Goods
from tests.ui.dialogs import meet
from tests.ui.opened import Opened, focus, opened, sold, type_in

KEY = Qt.Key


@pytest.fixture
def cash(qtbot: QtBot, desk: Desk) -> Iterator[Opened[CashScreen]]:
    with opened(qtbot, desk, CashScreen) as found:
        yield found


def drawer_page(cash: Opened[CashScreen]) -> DrawerPage:
    page = cash.screen.current
    assert isinstance(page, DrawerPage)
    return page


def closed(cash: Opened[CashScreen]) -> None:
    """Give the window its keyboard back after a dialog, as a desktop does by itself."""
    cash.idle()
    cash.window.activateWindow()
    cash.until(cash.window.isActiveWindow)


def test_a_day_of_the_drawer_by_the_keyboard(cash: Opened[CashScreen], desk: Desk, goods: Goods) -> None:
    page = drawer_page(cash)
    assert focus() is page.float.line
    page.float.line.selectAll()
    type_in("20")
    cash.press(KEY.Key_F12)
    cash.until(lambda: page.table.hasFocus())
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)

    def spend(dialog: MoveDialog) -> None:
        QTest.keyClick(focus(), KEY.Key_Down)
        QTest.keyClick(focus(), KEY.Key_Tab)
        type_in("3,50")
        QTest.keyClick(focus(), KEY.Key_F12)
        cash.until(lambda: "ce qui a été acheté" in dialog.notice.text)
        dialog.note.setFocus()
        type_in("Sacs")
        QTest.keyClick(focus(), KEY.Key_F12)

    meet(MoveDialog, spend)
    cash.press(KEY.Key_F5)
    closed(cash)
    assert drawer_now(desk).expected_cents == 20_00 + 25 - 3_50

    def count(dialog: CountDialog) -> None:
        type_in("16,50")
        assert "Il manque 0,25" in dialog.told.text().replace("\xa0", " ")
        QTest.keyClick(focus(), KEY.Key_F12)
        assert focus() is dialog.reason.line
        type_in("Une pièce tombée")
        dialog.note.setFocus()
        type_in("Finir les poires.")
        QTest.keyClick(focus(), KEY.Key_F12)

    meet(CountDialog, count)
    cash.press(KEY.Key_F9)
    closed(cash)
    cash.until(lambda: page.float.isVisible())
    assert "Finir les poires." in page.word.text
    assert page.float.value == 16_50


def test_coins_and_notes_are_counted_where_the_shop_wishes_it(qtbot: QtBot, desk: Desk) -> None:
    save_feature(desk, "denominations", True)
    with opened(qtbot, desk, CashScreen) as cash:
        page = drawer_page(cash)
        page.float.line.selectAll()
        type_in("52")
        cash.press(KEY.Key_F12)
        cash.until(lambda: page.table.hasFocus())

        def count(dialog: CountDialog) -> None:
            for value, many in ((50_00, "1"), (2_00, "1")):
                dialog.coins[value].setFocus()
                type_in(many)
            assert "Compté : 52,00" in dialog.told.text().replace("\xa0", " ").replace("\u202f", " ")
            assert not dialog.reason_row.isVisibleTo(dialog)
            QTest.keyClick(focus(), KEY.Key_F12)

        meet(CountDialog, count)
        cash.press(KEY.Key_F9)
        cash.until(lambda: drawer_now(desk).number is None)


def test_the_till_is_closed_archived_and_verified(
    cash: Opened[CashScreen], desk: Desk, goods: Goods, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    cash.screen.show_page("closings")
    cash.idle()
    page = cash.screen.current
    assert isinstance(page, ClosingsPage)
    cash.press(KEY.Key_F12)
    cash.until(lambda: bool(page.table.rows_model.rows))
    assert closings_now(desk).rows[0].paid_cents == closings_now(desk).rows[0].perpetual_cents > 0
    cash.press(KEY.Key_F12)
    assert "Rien n'a été encaissé" in page.notice.text.replace("’", "'")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(tmp_path))
    cash.press(KEY.Key_F7)
    cash.until(lambda: "Archive écrite" in page.notice.text)
    (made,) = tmp_path.glob("*.zip")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(made), ""))
    cash.press(KEY.Key_F8)
    cash.until(lambda: "Tout tombe juste" in page.notice.text)


def test_a_shop_that_keeps_no_drawer_sees_none(desk: Desk) -> None:
    assert "cash" not in {s.key for s in registry.screens_of(desk)}
    save_feature(desk, "sessions", True)
    assert "cash" in {s.key for s in registry.screens_of(desk)}


def test_past_days_are_closed_while_the_window_is_open(cash: Opened[CashScreen], desk: Desk, goods: Goods) -> None:
    sold(desk, goods.households["Martin"], goods.articles["carottes"], 1250)
    app.close_till(cash.window)
    cash.idle()
    assert closings_now(desk).rows == (), "the day is not over"
    assert closings.reading(desk).tickets == 1
