"""Goods come in by the keyboard alone, on a real shop; what is refused is told beside its field and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import Reception, Supplier
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from tests.ui.storeroom import COLA, DDM, DLC, KEY, PEAS, Storeroom


def test_three_crates_are_received_without_a_mouse(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    assert store.focus is page.origin.box
    store.enter("ra", "Lidl Saint-Flour", "B-1204", "")
    assert store.focus is page.entry.article.line
    store.enter("fruits")
    store.scale.put(12_400)
    store.enter("", "carottes", "8,5", PEAS, "24")
    assert [(n.good.name, n.pieces, n.grams) for n in page.lines] == [
        ("Fruits et légumes", 0, 12_400),
        ("Carottes", 0, 8_500),
        ("Petits pois 400 g", 24, 0),
    ]
    assert "3 lignes" in page.totals.text()
    assert "30,500" in page.totals.text()
    assert stock.lots_in_stock(store.desk) == ()
    store.press(KEY.Key_F12)
    assert {(n.article, n.origin, n.pieces, n.grams) for n in stock.lots_in_stock(store.desk)} == {
        ("Fruits et légumes", Origin.PICKUP, 0, 12_400),
        ("Carottes", Origin.PICKUP, 0, 8_500),
        ("Petits pois 400 g", Origin.PICKUP, 24, 9_600),
    }
    with store.desk.db.read() as session:
        written = session.execute(select(Reception.slip, Reception.day, Supplier.name).join(Supplier)).one()
    assert tuple(written) == ("B-1204", store.desk.clock.today(), "Lidl Saint-Flour")
    assert page.lines == []
    assert page.chosen_origin is Origin.PICKUP
    assert "3 lignes" in page.notice.text
    assert store.focus is page.entry.article.line


def test_an_emptied_day_of_arrival_is_today_again(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "")
    assert store.focus is page.day.line
    store.enter("fruits")
    assert page.day.error
    page.day.line.clear()
    store.enter("")
    assert page.day.value == store.desk.clock.today()
    assert page.day.text
    assert store.focus is page.entry.article.line


def test_what_was_looked_for_before_is_replaced_by_what_is_typed_on_coming_back(store: Storeroom) -> None:
    page = store.show("catalogue", CataloguePage)
    page.search.line.setText("pommes")
    page.search.line.deselect()
    store.show("receive", ReceivePage)
    store.show("catalogue", CataloguePage)
    assert page.search.line.selectedText() == "pommes"


def test_sixty_crates_make_sixty_lots(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "")
    for crate in range(60):
        store.enter("carot" if crate % 2 else "feculents", f"{crate + 1}")
    assert len(page.lines) == 60
    store.press(KEY.Key_F12)
    lots = stock.lots_in_stock(store.desk)
    assert (len(lots), sum(n.grams for n in lots)) == (60, 1830 * 1000)


def test_chilled_goods_without_their_date_are_refused_beside_the_field(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter("lait demi", "16")
    assert store.focus is page.entry.limit.line
    store.enter("")
    assert "produit frais" in page.entry.limit.error
    store.enter("18/11")
    assert "DLC est dépassée" in page.entry.limit.error
    assert (page.entry.article.text, page.entry.count.text, page.lines) == ("Lait demi-écrémé 1 l", "16", [])
    page.entry.limit.line.selectAll()
    store.enter("11/2026")
    assert "Une DLC porte un jour" in page.entry.limit.error
    page.entry.limit.line.selectAll()
    store.enter("25/11")
    (line,) = page.lines
    assert (line.pieces, line.date_kind, line.limit_on) == (16, DLC, date(2026, 11, 25))
    assert store.focus is page.entry.article.line


@pytest.mark.parametrize("typed", ["0", "0,000", "1,2.5", "-3", "quatre", "6000000", PEAS])
def test_a_weight_that_cannot_be_is_refused_beside_the_field_and_kept(store: Storeroom, typed: str) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter("fruits", typed)
    assert page.entry.weight.error
    assert (page.entry.weight.text, page.lines) == (typed, [])
    assert store.focus is page.entry.weight.line
    page.entry.weight.line.selectAll()
    store.enter("4,25")
    assert [n.grams for n in page.lines] == [4_250]


def test_the_scale_is_taken_only_when_its_weight_may_be_booked(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter("fruits", "")
    assert "Posez la caisse" in page.entry.weight.error
    store.scale.put_moving()
    store.enter("")
    assert "bouge encore" in page.entry.weight.error
    store.scale.unplug()
    store.enter("")
    assert "balance" in page.entry.weight.error
    assert page.lines == []
    store.scale.plug()
    store.scale.put(7_355)
    store.enter("")
    assert [n.grams for n in page.lines] == [7_355]


def test_a_best_before_month_lasts_until_its_last_day(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.press(KEY.Key_F10)
    store.enter(PEAS, "6", "11/2027", "feculents", "3", "")
    assert [(n.date_kind, n.limit_on) for n in page.lines] == [(DDM, date(2027, 11, 30)), (DateKind.NONE, None)]


def test_a_label_brings_its_date_and_its_lot(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter(f"(01)0{PEAS}(15)271130(10)L42", "12")
    (line,) = page.lines
    assert (line.pieces, line.date_kind, line.limit_on, line.lot_code) == (12, DDM, date(2027, 11, 30), "L42")


def test_a_double_press_of_f12_writes_one_arrival(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ra", "", "", "", "fruits", "5")
    QTest.keyClick(store.focus, KEY.Key_F12)
    QTest.keyClick(store.focus, KEY.Key_F12)
    store.idle()
    assert [n.grams for n in stock.lots_in_stock(store.desk)] == [5_000]
    assert not page.saving


def test_saving_says_what_is_missing_and_loses_nothing(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.press(KEY.Key_F12)
    assert "au moins une ligne" in page.notice.text
    store.enter("fruits", "5", "carottes")
    store.write("3")
    store.press(KEY.Key_F12)
    assert "pas encore ajoutée" in page.entry.weight.error
    store.enter("")
    store.press(KEY.Key_F12)
    assert page.origin.message.text()
    assert store.focus is page.origin.box
    store.enter("d")
    store.press(KEY.Key_F12)
    assert {(n.origin, n.grams) for n in stock.lots_in_stock(store.desk)} == {
        (Origin.DONATION, 5_000),
        (Origin.DONATION, 3_000),
    }


def test_an_arrival_the_service_refuses_stays_on_the_screen(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ra", "", "", "", "fruits", "5", "boissons", "2")
    family = next(f for f in stock.families(store.desk) if f.code == "BOI")
    catalogue.save_family(store.desk, replace(family, chilled=True))
    store.press(KEY.Key_F12)
    assert "produit frais" in page.notice.text
    assert len(page.lines) == 2
    assert stock.lots_in_stock(store.desk) == ()
    page.table.setFocus()
    store.press(KEY.Key_Return)
    assert len(page.lines) == 1
    store.enter("", "25/11")
    store.press(KEY.Key_F12)
    assert len(stock.lots_in_stock(store.desk)) == 2


def test_a_line_is_taken_away_or_taken_back_by_the_keyboard(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter("fruits", "5", "carottes", "6", PEAS, "7")
    store.press(KEY.Key_F11)
    assert [n.good.name for n in page.lines] == ["Fruits et légumes", "Carottes"]
    page.table.choose(page.lines[0].uid)
    page.table.setFocus()
    store.press(KEY.Key_Return)
    assert (page.entry.article.text, page.entry.weight.text) == ("Fruits et légumes", "5,000")
    page.entry.weight.line.selectAll()
    store.enter("5,5")
    assert [(n.good.name, n.grams) for n in page.lines] == [("Carottes", 6_000), ("Fruits et légumes", 5_500)]
    page.table.setFocus()
    store.press(KEY.Key_Delete)
    assert len(page.lines) == 1


def test_escape_begins_the_line_anew(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter("lait demi", "4")
    store.press(KEY.Key_Escape)
    assert store.focus is page.entry.article.line
    assert not page.entry.started


@pytest.mark.parametrize("code", ["3017620422004", "2111111111119"])
def test_a_misread_code_names_nothing(store: Storeroom, code: str) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter(code)
    assert page.entry.article.error
    assert store.focus is page.entry.article.line
    assert page.lines == []


def test_an_unknown_code_is_tied_to_the_article_named_and_known_next_time(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter(COLA)
    assert COLA in page.entry.article.error
    store.enter("cola", "24")
    store.idle()
    store.enter(COLA, "6")
    assert [(n.good.name, n.pieces) for n in page.lines] == [("Cola 33 cl", 24), ("Cola 33 cl", 6)]
    assert counter.price_list(store.desk).codes[COLA] == store.articles["cola"]


def test_an_article_that_is_missing_is_made_on_the_way(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    page.entry.article.setFocus()
    store.enter(COLA)
    store.press(KEY.Key_N, modifier=Qt.KeyboardModifier.ControlModifier)
    dialog = page.dialog
    assert isinstance(dialog, ArticleDialog)
    store.opened(dialog)
    store.enter("Limonade 1 l", "boi")
    store.press(KEY.Key_F12)
    store.back()
    assert page.entry.good is not None
    assert page.entry.good.name == "Limonade 1 l"
    store.enter("12")
    assert [(n.good.name, n.pieces) for n in page.lines] == [("Limonade 1 l", 12)]
