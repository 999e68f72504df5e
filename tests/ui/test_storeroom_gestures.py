"""Sorting, repacking and counting shelves at the keyboard, on a real shop."""

from __future__ import annotations

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.domain.stock import MoveKind, Origin
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock import catalogue, shelves, stock_take
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine
from epicerie_desktop.ui.stock.lots_page import InStockPage
from epicerie_desktop.ui.stock.repack_dialog import RepackDialog
from epicerie_desktop.ui.stock.shelf_dialog import ShelfDialog
from epicerie_desktop.ui.stock.stock_take_page import StockTakePage, differences_of
from tests.ui.storeroom import ALT, KEY, PEAS, Storeroom


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
    catalogue.save_article(store.desk, ArticleForm(store.families["EPI"], "Riz, sachet d'un kilo", SoldBy.PIECE, 1000))
    store.arrive(ReceivedLine(grams=25_000, family_id=store.families["FEC"]), origin=Origin.DONATION)
    page = store.show("in_stock", InStockPage)
    dialog = open_sorting(store, page)
    assert "25,000" in dialog.remains.text()
    store.enter("riz", "25", "")
    assert (dialog.remaining, store.focus) == (0, dialog.yes_button)
    store.press(KEY.Key_F12)
    store.back()
    assert held(store) == [("Riz, sachet d'un kilo", Origin.DONATION, 25, 25_000)]
    assert "25 pièces, Riz" in page.notice.text
    assert "Ctrl+Z annule" in page.notice.text
    page.moves.undo_button.click()
    store.idle()
    assert [n[1:] for n in held(store)] == [(Origin.DONATION, 0, 25_000)]
    assert page.moves.last is not None
    assert page.moves.last.kind is MoveKind.RECEPTION, "what came before it: the sack itself"


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
    assert "2,500 kg de pertes" in page.notice.text.replace("\u00a0", " ").replace("\u202f", " ")


def begin_counting(store: Storeroom, *, blind: bool = False) -> StockTakePage:
    page = store.show("stock_take", StockTakePage)
    page.blind.setChecked(blind)
    page.begin_button.click()
    store.idle()
    assert store.focus is page.article.line
    return page


def test_shelves_are_counted_by_a_scan_or_the_next_article_and_the_book_follows(store: Storeroom) -> None:
    store.arrive(
        ReceivedLine(grams=20_000, article_id=store.articles["carrots"]),
        ReceivedLine(pieces=24, article_id=store.articles["peas"]),
        ReceivedLine(pieces=6, article_id=store.articles["cola"]),
    )
    page = begin_counting(store)
    store.enter("", "18,8", PEAS, "24")
    told = {n.name: (n.counted_pieces, n.counted_grams, n.difference_grams) for n in page.rows}
    assert told["Carottes"] == (0, 18_800, -1_200)
    assert told["Petits pois 400 g"] == (24, 9_600, 0)
    assert page.progress.text() == "2 sur 3 comptés"
    assert [(d.family, d.grams) for d in differences_of(page.rows)] == [("Fruits et légumes", -1_200), ("", -1_200)]
    store.press(KEY.Key_F12)
    assert page.dialog is not None
    store.opened(page.dialog)
    store.press(KEY.Key_F12)
    store.back()
    assert page.take is None
    assert page.notice.isVisible()
    assert "1 article corrigé" in (told := page.notice.text.replace("\u00a0", " ").replace("\u202f", " "))
    assert "−1,200 kg" in told
    assert [n[2:] for n in held(store)] == [(0, 18_800), (24, 9_600), (6, 1_980)]


def test_a_blind_count_hides_the_book_and_is_taken_up_where_it_was(store: Storeroom) -> None:
    store.arrive(
        ReceivedLine(grams=20_000, article_id=store.articles["carrots"]),
        ReceivedLine(pieces=6, article_id=store.articles["cola"]),
    )
    page = begin_counting(store, blind=True)
    assert [page.table.rows_model.text_at(i, 3) for i in range(2)] == ["…", "…"]
    store.enter("", "rien")
    assert page.quantity.error
    page.quantity.line.selectAll()
    store.enter("0")
    again = stock_take.open_take(store.desk)
    assert again is not None
    assert [(n.name, n.counted_grams) for n in again.rows] == [("Carottes", 0), ("Cola 33 cl", None)]


def test_a_count_where_all_was_right_says_so_and_each_paper_has_its_key(store: Storeroom) -> None:
    store.arrive(ReceivedLine(pieces=6, article_id=store.articles["cola"]))
    page = begin_counting(store)
    assert (page.sheet_button.shortcut_text, page.shelves_button.shortcut_text) == ("F7", "F9")
    store.enter("", "5")
    page.table.choose(store.articles["cola"])
    store.press(KEY.Key_F11)
    assert [n.counted_pieces for n in page.rows] == [None]
    store.enter("6")
    store.press(KEY.Key_F12)
    assert page.dialog is not None
    store.opened(page.dialog)
    store.press(KEY.Key_F12)
    store.back()
    assert "juste" in page.notice.text
    store.press(KEY.Key_F9)
    assert isinstance(page.dialog, ShelfDialog)
    page.dialog.reject()
    store.back()


def test_counting_goes_down_the_shelves_with_a_number_and_enter_each(store: Storeroom) -> None:
    store.arrive(
        ReceivedLine(grams=20_000, article_id=store.articles["carrots"]),
        ReceivedLine(pieces=24, article_id=store.articles["peas"]),
        ReceivedLine(pieces=6, article_id=store.articles["cola"]),
    )
    walk = (
        Shelf("Entrée", (store.articles["cola"], store.articles["carrots"])),
        Shelf("Fond", (store.articles["peas"],)),
    )
    shelves.save_shelf_walk(store.desk, walk)
    page = begin_counting(store, blind=True)
    assert [(n.shelf, n.name) for n in page.rows] == [
        ("Entrée", "Cola 33 cl"), ("Entrée", "Carottes"), ("Fond", "Petits pois 400 g"),
    ]  # fmt: skip
    store.enter("", "6", "18,5")
    store.press(KEY.Key_Up, KEY.Key_Down)
    store.enter("25")
    assert [(n.counted_pieces, n.difference_grams) for n in page.rows] == [(6, 0), (0, -1_500), (25, 400)]
    assert store.focus is page.article.line
    assert "Tout est compté" in page.notice.text


def test_shelves_are_made_and_put_in_order_by_the_keyboard_alone(store: Storeroom) -> None:
    page = store.show("stock_take", StockTakePage)
    page.shelves_button.click()
    store.idle()
    dialog = page.dialog
    assert isinstance(dialog, ShelfDialog)
    store.opened(dialog)
    assert store.focus is dialog.new.line
    store.enter("Fond", "Entrée")
    store.press(KEY.Key_Up, modifier=ALT)
    assert [s.name for s in dialog.walk] == ["Entrée", "Fond"]
    dialog.search.setFocus()
    store.enter("cola")
    assert store.focus is dialog.place.line
    store.enter("")
    dialog.search.setFocus()
    dialog.search.clear()
    store.enter("petits", "1")
    assert dialog.walk[0].articles == (store.articles["peas"], store.articles["cola"])
    dialog.list.setFocus()
    dialog.list.setCurrentRow(2)
    store.press(KEY.Key_Down, modifier=ALT)
    assert [s.articles for s in dialog.walk] == [(store.articles["peas"],), (store.articles["cola"],)]
    store.press(KEY.Key_F12)
    store.back()
    assert [(s.name, s.articles) for s in shelves.shelf_walk(store.desk)] == [
        ("Entrée", (store.articles["peas"],)), ("Fond", (store.articles["cola"],)),
    ]  # fmt: skip
