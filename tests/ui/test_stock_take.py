"""A stock-take by the keyboard: one number and Enter, left and taken up again, closed with its differences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services import opening, receive
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock_take import take_now
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.stock.screen import StockScreen
from epicerie_desktop.ui.stock.take_page import TakePage
from tests.conftest import PASSPHRASE, TODAY
from tests.ui.conftest import Goods
from tests.ui.dialogs import meet
from tests.ui.opened import Opened, focus, opened, type_in

KEY = Qt.Key


def take_page(found: Opened[StockScreen]) -> TakePage:
    found.screen.open_with(page="take")
    found.idle()
    page = found.screen.current
    assert isinstance(page, TakePage)
    return page


def held(desk: Desk) -> dict[str, tuple[int, int]]:
    return {lot.article: (lot.pieces, lot.grams) for lot in stock.lots_in_stock(desk)}


def test_the_shelves_are_counted_in_a_row_left_and_taken_up_again(
    qtbot: QtBot, desk: Desk, goods: Goods, shop_file: Path
) -> None:
    lines = (
        receive.ReceivedLine(grams=5_000, article_id=goods.articles["carottes"]),
        receive.ReceivedLine(pieces=24, article_id=goods.articles["pâtes"]),
        receive.ReceivedLine(pieces=12, article_id=goods.articles["yaourt"]),
    )
    receive.record_reception(desk, receive.ReceptionForm(Origin.FOOD_BANK, lines))
    with opened(qtbot, desk, StockScreen) as found:
        page = take_page(found)
        assert focus() is page.begin
        found.press(KEY.Key_F12)
        found.until(lambda: len(page.table.rows_model.rows) == 3)
        assert focus() is page.kilos.line, "the first article of the shelf is weighed"
        type_in("4,8")
        found.press(KEY.Key_Return)
        found.until(lambda: focus() is page.pieces.line)
        type_in("24")
        found.press(KEY.Key_Return)
        found.until(lambda: page.view.rows[1].counted_pieces == 24)
        assert "2 articles comptés sur 3" in page.progress.text().replace("\xa0", " ")
    later = opening.open_desk(shop_file, PASSPHRASE, FrozenClock.on(TODAY))
    with opened(qtbot, later, StockScreen) as again:
        page = take_page(again)
        again.until(lambda: page.table.current is not None and page.table.current.name.startswith("Yaourt"))
        QTest.keyClick(focus(), KEY.Key_Up)
        assert page.table.current is not None
        assert page.table.current.counted_pieces == 24
        QTest.keyClick(focus(), KEY.Key_Down)
        meet(QuestionDialog, lambda dialog: QTest.keyClick(focus(), KEY.Key_F12))
        again.press(KEY.Key_F12)
        again.until(lambda: take_now(desk).take is None)
        again.idle()
        assert "1 écart corrigé" in page.notice.text.replace("\xa0", " ")
    later.db.close()
    assert held(desk) == {"Carottes": (0, 4_800), "Pâtes coquillettes": (24, 12_000), "Yaourt nature": (12, 1_500)}
