"""Sorting, repacking and counting shelves at the keyboard, on a real shop."""

from __future__ import annotations

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services import catalogue
from epicerie_desktop.services.catalogue import ArticleForm
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.receive import ReceivedLine
from epicerie_desktop.ui.stock.lots_page import InStockPage
from epicerie_desktop.ui.stock.repack_dialog import RepackDialog
from tests.ui.storeroom import KEY, Storeroom


def held(store: Storeroom) -> list[tuple[str, Origin, int, int]]:
    return [(n.article, n.origin, n.pieces, n.grams) for n in stock.lots_in_stock(store.desk)]


def open_sorting(store: Storeroom, page: InStockPage) -> RepackDialog:
    page.table.choose_first()
    page.table.setFocus()
    store.press(KEY.Key_F9)
    dialog = page.dialog
    assert isinstance(dialog, RepackDialog)
    store.opened(dialog)
    return dialog


def test_a_sack_of_25_kg_becomes_bags_of_a_kilo_in_a_few_keys_and_back(store: Storeroom) -> None:
    catalogue.save_article(
        store.desk, ArticleForm(store.families["EPI"], "Riz, sachet d'un kilo", SoldBy.PIECE, 1000)
    )
    store.arrive(ReceivedLine(grams=25_000, family_id=store.families["FEC"]), origin=Origin.DONATION)
    page = store.show("in_stock", InStockPage)
    dialog = open_sorting(store, page)
    assert "25,000" in dialog.remains.text()
    store.enter("riz", "25", "")
    assert (dialog.remaining, store.focus) == (0, dialog.yes_button)
    store.press(KEY.Key_F12)
    store.back()
    assert held(store) == [("Riz, sachet d'un kilo", Origin.DONATION, 25, 25_000)]
    page.undo_button.click()
    store.idle()
    assert [n[1:] for n in held(store)] == [(Origin.DONATION, 0, 25_000)]
    assert page.sorted is None


def test_a_mixed_crate_is_sorted_with_its_waste_and_what_remains_is_shown_live(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=12_000, family_id=store.families["FL"]), origin=Origin.PICKUP)
    page = store.show("in_stock", InStockPage)
    dialog = open_sorting(store, page)
    store.enter("carot", "7,5")
    assert dialog.remaining == 4_500
    store.press(KEY.Key_F12)
    assert "4,500" in dialog.notice.text
    assert len(dialog.made) == 1
    store.enter("peti", "5", "2")
    dialog.waste.setFocus()
    store.write("2,5")
    assert dialog.remaining == 0
    store.press(KEY.Key_F12)
    store.back()
    assert held(store) == [
        ("Carottes", Origin.PICKUP, 0, 7_500),
        ("Petits pois 400 g", Origin.PICKUP, 5, 2_000),
    ]
