"""Moving, sending, taking back and undoing at the keyboard, on a real shop; nothing of it shows where it is not used."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin, Place, SlipKind
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries import moves, stock
from epicerie_desktop.services.stock import moves as gestures
from epicerie_desktop.services.stock import receive
from epicerie_desktop.services.stock.receive import ReceivedLine
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.ui.stock.lots_page import InStockPage
from epicerie_desktop.ui.stock.move_dialogs import HistoryDialog, LossesDialog, MoveDialog
from tests.ui.storeroom import KEY, Storeroom


def photographed(store: Storeroom, name: str) -> None:
    """Keep a picture where one is asked for."""
    folder = os.environ.get("EPICERIE_PICTURES")
    if folder:
        store.window.grab().save(str(Path(folder) / f"{name}.png"))
        if store.screen.current.dialog is not None:
            store.screen.current.dialog.grab().save(str(Path(folder) / f"{name}-dialog.png"))


def open_move(store: Storeroom, page: InStockPage) -> MoveDialog:
    page.table.choose_first()
    page.table.setFocus()
    store.press(KEY.Key_F8)
    dialog = page.dialog
    assert isinstance(dialog, MoveDialog)
    store.opened(dialog)
    return dialog


def test_a_simple_shop_sees_neither_places_nor_transfers(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=20_000, article_id=store.articles["carrots"]))
    page = store.show("in_stock", InStockPage)
    assert page.moves.move_button.isHidden()
    assert page.moves.slip_button.isHidden()
    page.table.choose_first()
    page.table.setFocus()
    store.press(KEY.Key_F8)
    assert page.dialog is None


def test_a_part_of_a_lot_goes_to_the_cold_room_and_comes_back_by_one_key(store: Storeroom) -> None:
    save_feature(store.desk, "places", on=True)
    store.arrive(ReceivedLine(grams=20_000, article_id=store.articles["carrots"]))
    page = store.show("in_stock", InStockPage)
    dialog = open_move(store, page)
    assert dialog.ways == [Place.RESERVE, Place.COLD_ROOM, Place.FREEZER]
    store.press(KEY.Key_Down)
    dialog.quantity.setFocus()
    store.write("7,5")
    photographed(store, "place")
    store.press(KEY.Key_F12)
    store.back()
    assert {(n.place, n.grams) for n in stock.lots_in_stock(store.desk)} == {
        (Place.SHELF, 12_500),
        (Place.COLD_ROOM, 7_500),
    }
    photographed(store, "places")
    assert "7,500" in page.moves.undo_button.toolTip()
    page.moves.undo_button.click()
    store.idle()
    assert {(n.place, n.grams) for n in stock.lots_in_stock(store.desk)} == {(Place.SHELF, 20_000)}


def test_what_is_frozen_here_keeps_the_day_and_is_warned_of_too_near_its_date(store: Storeroom) -> None:
    save_feature(store.desk, "places", on=True)
    today = store.desk.clock.today()
    line = ReceivedLine(
        pieces=6, article_id=store.articles["milk"], date_kind=DateKind.USE_BY, limit_on=today + timedelta(days=1)
    )
    store.arrive(line)
    page = store.show("in_stock", InStockPage)
    dialog = open_move(store, page)
    assert dialog.frozen_row.isHidden()
    dialog.way_box.setCurrentIndex(dialog.ways.index(Place.FREEZER))
    dialog.quantity.setFocus()
    store.enter("2")
    assert store.focus is dialog.frozen.line
    store.enter(f"{today:%d/%m}")
    assert "trop près de sa DLC" in dialog.told.text()
    store.press(KEY.Key_F12)
    store.back()
    assert {(n.place, n.frozen_on, n.limit_on) for n in stock.lots_in_stock(store.desk)} == {
        (Place.SHELF, None, line.limit_on), (Place.FREEZER, today, line.limit_on),
    }  # fmt: skip
    assert "Congélateur" in page.notice.text
    (lot,) = [n.id for n in stock.lots_in_stock(store.desk) if n.place is Place.SHELF]
    with pytest.raises(BadInput, match="congélation"):
        gestures.move_to_place(store.desk, lot, Place.FREEZER, pieces=1, frozen_on=today + timedelta(days=1))
    with pytest.raises(BadInput, match="congélation"):
        store.arrive(replace(line, frozen_on=today + timedelta(days=1)))


def test_goods_leave_for_another_site_with_a_slip(store: Storeroom) -> None:
    save_feature(store.desk, "transfers", on=True)
    store.arrive(ReceivedLine(grams=20_000, article_id=store.articles["carrots"]), origin=Origin.FOOD_BANK)
    page = store.show("in_stock", InStockPage)
    dialog = open_move(store, page)
    assert dialog.ways == [SlipKind.SENT, SlipKind.RETURNED, MoveKind.BROUGHT_BACK]
    dialog.quantity.setFocus()
    store.write("25")
    store.press(KEY.Key_F12)
    assert dialog.quantity.error
    dialog.way_box.setCurrentIndex(1)
    photographed(store, "return")
    dialog.way_box.setCurrentIndex(0)
    dialog.quantity.set_value(5_000)
    store.press(KEY.Key_F12)
    assert dialog.partner.error
    store.write("Épicerie de Mauriac")
    photographed(store, "transfer")
    store.press(KEY.Key_F12)
    store.back()
    assert [n.grams for n in stock.lots_in_stock(store.desk)] == [15_000]
    assert page.moves.slip_button.isVisible()
    page.table.choose_first()
    page.table.setFocus()
    store.press(KEY.Key_F7)
    history = page.dialog
    assert isinstance(history, HistoryDialog)
    assert [m.kind for m in history.table.rows_model.rows] == [MoveKind.SENT, MoveKind.RECEPTION]
    photographed(store, "history")
    history.table.setFocus()
    store.press(KEY.Key_F12)
    store.back()
    assert [n.grams for n in stock.lots_in_stock(store.desk)] == [20_000]


def test_the_losses_of_the_month_are_one_button_away(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=20_000, article_id=store.articles["carrots"]))
    lot = stock.lots_in_stock(store.desk)[0].id
    receive.record_loss(store.desk, lot, grams=1_500, reason=LossReason.UNFIT)
    page = store.show("in_stock", InStockPage)
    assert page.moves.slip_button.shortcut_text == "Shift+F8"
    store.press(KEY.Key_F6)
    dialog = page.dialog
    assert isinstance(dialog, LossesDialog)
    assert [(r.reason, r.grams) for r in dialog.table.rows_model.rows] == [(LossReason.UNFIT, 1_500)]
    assert "1,500" in dialog.total.text()
    photographed(store, "losses")
    dialog.reject()
    store.back()
    found = moves.last_move(store.desk)
    assert found is not None
    assert found.kind is MoveKind.LOSS
