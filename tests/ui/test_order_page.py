"""« À commander », by the keyboard alone: hidden until switched on, then a stock is watched, changed and ordered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries.reorder import MinimumForm, order_lines
from epicerie_desktop.services.stock.receive import ReceivedLine
from epicerie_desktop.services.stock.reorder import save_minimum
from epicerie_desktop.ui import papers
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.stock.order_page import MinimumDialog, OrderPage
from tests.ui.storeroom import ALT, Storeroom

KEY = Qt.Key


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


def switch_on(store: Storeroom) -> None:
    store.screen.act(lambda: save_feature(store.desk, "minimums", True))
    store.idle()


def page(store: Storeroom) -> OrderPage:
    QTest.keyClick(store.focus, KEY.Key_N, ALT)
    store.idle()
    found = store.screen.current
    assert isinstance(found, OrderPage)
    return found


def question(store: Storeroom, orders: OrderPage) -> MinimumDialog:
    store.qtbot.waitUntil(lambda: orders.dialog is not None)
    assert isinstance(orders.dialog, MinimumDialog)
    store.opened(orders.dialog)
    return orders.dialog


def test_the_page_is_not_there_until_it_is_switched_on_and_goes_with_it(store: Storeroom) -> None:
    assert store.screen.tabs.count() == 6
    QTest.keyClick(store.focus, KEY.Key_N, ALT)
    store.idle()
    assert not isinstance(store.screen.current, OrderPage)
    switch_on(store)
    page(store)
    store.screen.act(lambda: save_feature(store.desk, "minimums", False))
    store.idle()
    assert store.screen.tabs.count() == 6
    assert not isinstance(store.screen.current, OrderPage)


def test_a_stock_is_watched_changed_and_watched_no_more(store: Storeroom) -> None:
    store.window.resize(1366, 768)
    store.arrive(ReceivedLine(pieces=5, article_id=store.articles["peas"]), ReceivedLine(grams=12_000, article_id=store.articles["carrots"]))  # fmt: skip
    switch_on(store)
    orders = page(store)
    store.press(KEY.Key_Space)
    dialog = question(store, orders)
    store.enter("petits", "0", "10", "6")
    assert QApplication.focusWidget() is dialog.whom
    store.press(KEY.Key_F12)
    store.back()
    (line,) = order_lines(store.desk)
    assert (line.form.article_id, line.form.weeks, line.form.least, line.form.pack) == (
        store.articles["peas"],
        0,
        10,
        6,
    )
    store.press(KEY.Key_F10)
    dialog = question(store, orders)
    store.enter("fruits", "0", "30")
    QTest.keyClick(store.focus, KEY.Key_Tab)
    dialog.whom.setFocus()
    QTest.keyClicks(dialog.whom, "Ach")
    store.press(KEY.Key_F12)
    store.back()
    first, second = order_lines(store.desk)
    fruit = first if first.form.family_id else second
    assert (fruit.form.counted_by, fruit.form.least, fruit.origin) == (SoldBy.WEIGHT, 30_000, Origin.PURCHASE)
    orders.table.setFocus()
    orders.table.choose(fruit.form.id)
    wanted = orders.table.fontMetrics().horizontalAdvance("30,000 kg")
    assert orders.table.isColumnHidden(3) or orders.table.columnWidth(3) > wanted, "not cut by the rows before it"
    assert "12,000 kg en stock, 0,000 kg par semaine, jamais moins de 30,000 kg, il manque 18,000 kg." in plain(
        orders.detail.text()
    )
    store.press(KEY.Key_Return)
    dialog = question(store, orders)
    dialog.drop_button.setFocus()
    store.press(KEY.Key_Space)
    store.back()
    assert [n.form.article_id for n in order_lines(store.desk)] == [store.articles["peas"]]


def test_a_volunteer_reads_what_to_order_and_is_offered_no_gesture_of_the_team(store: Storeroom) -> None:
    kept = MinimumForm(SoldBy.PIECE, 0, 24, 12, article_id=store.articles["peas"])
    switch_on(store)
    save_minimum(store.desk, kept)
    desk = store.window.context.desk
    store.window.context.desk = replace(desk, actor=replace(desk.actor, role=Role.VOLUNTEER.value))
    orders = page(store)
    assert len(orders.lines) == 1
    assert orders.add_button.isHidden()
    assert orders.sheet_button.isVisible()
    orders.table.setFocus()
    store.press(KEY.Key_F10, KEY.Key_Down, KEY.Key_Return)
    assert orders.dialog is None
    assert QApplication.activeModalWidget() is None


def test_the_order_is_looked_at_and_kept_as_a_file(
    store: Storeroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from epicerie_desktop.services.queries.reorder import MinimumForm

    for name, by in (("peas", SoldBy.PIECE), ("milk", SoldBy.PIECE), ("carrots", SoldBy.WEIGHT)):
        save_minimum(store.desk, MinimumForm(by, 0, 10_000 if by is SoldBy.WEIGHT else 24, 12, article_id=store.articles[name]))  # fmt: skip
    switch_on(store)
    orders = page(store)
    store.press(KEY.Key_F7)
    store.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
    view = QApplication.activeModalWidget()
    assert isinstance(view, PdfView)
    view.close()
    store.window.activateWindow()
    store.qtbot.waitUntil(lambda: QApplication.activeWindow() is store.window)
    kept = tmp_path / "commande.csv"
    monkeypatch.setattr(papers, "ask_where", lambda *_asked: kept)
    orders.csv_button.click()
    store.qtbot.waitUntil(lambda: kept.exists())
    store.idle()
    assert "Petits pois 400 g" in kept.read_text("utf-8-sig")
