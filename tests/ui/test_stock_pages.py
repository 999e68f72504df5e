"""Losses noted, a wrong book mended, dates watched, the catalogue kept: the other pages of the stock, on a real shop."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from PySide6.QtTest import QTest

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.stock import LossReason, MoveKind, Origin
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog, FamilyDialog
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.lot_dialogs import CountDialog, LossDialog
from epicerie_desktop.ui.stock.lots_page import ExpiringPage, InStockPage, ToMendPage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from tests.ui.storeroom import ALT, COLA, DDM, DLC, KEY, PEAS, Storeroom


def test_the_stock_is_told_by_family_and_follows_what_is_written(store: Storeroom) -> None:
    page = store.show("in_stock", InStockPage)
    store.arrive(
        ReceivedLine(grams=20_000, article_id=store.articles["carrots"]),
        ReceivedLine(pieces=24, article_id=store.articles["peas"]),
        ReceivedLine(grams=3_000, family_id=store.families["FL"]),
    )
    page.search.setFocus()
    totals = {t.family: (t.lots, t.pieces, t.grams) for t in page.families.rows_model.rows}
    assert totals == {
        "": (3, 24, 32_600), "Fruits et légumes": (2, 0, 23_000), "Épicerie et conserves": (1, 24, 9_600),
    }  # fmt: skip
    store.write("légu")
    assert [n.article for n in page.table.rows_model.rows] == ["Carottes", "Fruits et légumes"]
    store.press(KEY.Key_Escape)
    assert page.families.choose("Épicerie et conserves")
    assert [n.article for n in page.table.rows_model.rows] == ["Petits pois 400 g"]


def test_a_loss_cannot_exceed_its_lot_and_needs_a_reason(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=5_000, article_id=store.articles["carrots"]))
    page = store.show("in_stock", InStockPage)
    page.search.setFocus()
    store.press(KEY.Key_Down, KEY.Key_F10)
    dialog = page.dialog
    assert isinstance(dialog, LossDialog)
    store.opened(dialog)
    store.write("5,001")
    store.press(KEY.Key_F12)
    assert "5,000" in dialog.quantity.error
    dialog.quantity.line.selectAll()
    store.write("1,5")
    store.press(KEY.Key_F12)
    assert dialog.missing.text()
    assert store.moves() == [(MoveKind.RECEPTION, 0, 5_000)]
    dialog.quantity.setFocus()
    store.press(KEY.Key_Return, KEY.Key_Down)
    assert dialog.reason is LossReason.UNFIT
    store.press(KEY.Key_F12)
    store.back()
    assert store.moves()[1:] == [(MoveKind.LOSS, 0, -1_500)]
    assert [n.grams for n in page.table.rows_model.rows] == [3_500]


def test_a_refused_loss_keeps_what_was_typed(store: Storeroom) -> None:
    store.arrive(ReceivedLine(pieces=10, article_id=store.articles["peas"]))
    page = store.show("in_stock", InStockPage)
    page.table.choose_first()
    page.open_loss()
    dialog = page.dialog
    assert isinstance(dialog, LossDialog)
    store.opened(dialog)
    store.write("10")
    dialog.reasons.buttons()[0].setChecked(True)
    receive.record_loss(store.desk, dialog.lot.id, pieces=3, reason=LossReason.OTHER)
    store.press(KEY.Key_F12)
    assert "ne pas dépasser" in dialog.notice.text
    assert dialog.quantity.text == "10"
    store.press(KEY.Key_Escape)
    store.back()
    assert [n.pieces for n in page.table.rows_model.rows] == [7]


def test_a_lot_below_zero_once_counted_leaves_the_list(store: Storeroom) -> None:
    desk, peas = store.desk, store.articles["peas"]
    store.arrive(ReceivedLine(pieces=10, article_id=peas))
    household = enrol.save_household(desk, HouseholdForm((MemberForm("Petit", "Louise", Link.HOLDER),)))
    basket = Basket(str(uuid.uuid4()), 0).with_pieces("1", counter.price_list(desk).offers[peas], 14)
    sell.record_sale(desk, household, basket, sell.PaymentForm(0), override="accord de l'équipe")
    page = store.show("to_mend", ToMendPage)
    assert [n.pieces for n in page.table.rows_model.rows] == [-4]
    page.table.setFocus()
    page.table.choose_first()
    store.press(KEY.Key_Return)
    dialog = page.dialog
    assert isinstance(dialog, CountDialog)
    store.opened(dialog)
    store.press(KEY.Key_F12)
    assert "tapez 0" in dialog.counted.error
    store.enter("2")
    assert "augmentera de 6" in dialog.counted.line.accessibleDescription()
    store.press(KEY.Key_F12)
    store.back()
    assert page.lots == ()
    assert page.empty.isVisible()
    assert store.moves()[-1] == (MoveKind.CORRECTION, 6, 2_400)
    assert [n.pieces for n in stock.lots_in_stock(desk)] == [2]


def test_a_count_of_nothing_is_an_answer(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=5_000, article_id=store.articles["carrots"]))
    page = store.show("in_stock", InStockPage)
    page.table.choose_first()
    page.open_count()
    assert page.dialog is not None
    store.opened(page.dialog)
    store.enter("0,0")
    store.press(KEY.Key_F12)
    store.back()
    assert page.empty.isVisible()
    assert store.moves()[-1] == (MoveKind.CORRECTION, 0, -5_000)


def test_dates_that_come_near_are_listed_the_most_urgent_first(store: Storeroom) -> None:
    today, milk = store.desk.clock.today(), store.articles["milk"]
    store.arrive(
        *(
            ReceivedLine(pieces=4, article_id=milk, date_kind=DLC, limit_on=today + timedelta(days=n))
            for n in (9, 2, 0)
        ),
        ReceivedLine(pieces=4, article_id=store.articles["peas"], date_kind=DDM, limit_on=today - timedelta(days=5)),
    )
    page = store.show("expiring", ExpiringPage)
    told = [page.table.rows_model.text_at(i, 0) for i in range(page.table.rows_model.rowCount())]
    assert [t.split(", ")[1] for t in told] == ["à contrôler", "aujourd’hui", "dans 2\u00a0jours"]
    page.days.setCurrentIndex(page.days.count() - 1)
    store.idle()
    assert page.table.rows_model.rowCount() == 4
    page.days.setCurrentIndex(0)
    store.idle()
    assert page.table.rows_model.rowCount() == 2


def test_an_expired_lot_is_offered_whole_as_a_loss(store: Storeroom) -> None:
    late = replace(store.desk, clock=type(store.desk.clock).on(store.desk.clock.today() - timedelta(days=9)))  # type: ignore[attr-defined]
    line = ReceivedLine(pieces=6, article_id=store.articles["milk"], date_kind=DLC, limit_on=late.clock.today())
    receive.record_reception(late, ReceptionForm(Origin.FOOD_BANK, (line,)))
    page = store.show("expiring", ExpiringPage)
    assert "1 DLC dépassée" in page.summary.text()
    page.table.setFocus()
    page.table.choose_first()
    store.press(KEY.Key_F10)
    dialog = page.dialog
    assert isinstance(dialog, LossDialog)
    store.opened(dialog)
    assert (dialog.quantity.value, dialog.reason) == (6, LossReason.EXPIRED)
    store.press(KEY.Key_F12)
    store.back()
    assert page.empty.isVisible()


def test_an_article_is_made_by_the_keyboard_with_its_code_scanned_in(store: Storeroom) -> None:
    page = store.show("catalogue", CataloguePage)
    store.press(KEY.Key_F10)
    dialog = page.dialog
    assert isinstance(dialog, ArticleDialog)
    store.opened(dialog)
    store.press(KEY.Key_F12)
    assert dialog.name.error
    store.enter("Semoule 500 g", "fé")
    dialog.net.setFocus()
    store.enter("500", "1,05", PEAS)
    assert dialog.code.text == ""
    store.press(KEY.Key_F12)
    assert "Petits pois" in dialog.notice.text
    assert dialog.name.text == "Semoule 500 g"
    dialog.codes.setFocus()
    dialog.forget.click()
    dialog.code.setFocus()
    store.enter("3017620422004")
    assert dialog.code.error
    dialog.code.line.selectAll()
    store.enter("5449000000996")
    store.press(KEY.Key_F12)
    store.back()
    made = next(r for r in stock.catalogue(store.desk) if r.form.name == "Semoule 500 g")
    assert (made.family, made.form.net_grams, made.reference_cents, made.form.codes) == (
        "Féculents et farines", 500, 105, (COLA,),
    )  # fmt: skip
    page.search.setFocus()
    store.write(COLA)
    assert [r.form.name for r in page.table.rows_model.rows] == ["Semoule 500 g"]


def test_the_second_to_change_an_article_is_told_in_the_sheet(store: Storeroom) -> None:
    page = store.show("catalogue", CataloguePage)
    page.table.choose(store.articles["peas"])
    page.table.setFocus()
    store.press(KEY.Key_Return)
    dialog = page.dialog
    assert isinstance(dialog, ArticleDialog)
    store.opened(dialog)
    form = next(r.form for r in stock.catalogue(store.desk) if r.form.id == store.articles["peas"])
    catalogue.save_article(store.desk, replace(form, name="Petits pois extra-fins"))
    store.idle()
    store.write("Pois")
    store.press(KEY.Key_F12)
    assert "Quelqu" in dialog.notice.text
    store.press(KEY.Key_Escape)
    store.back()
    assert page.table.current is not None
    assert page.table.current.form.name == "Petits pois extra-fins"


def test_the_value_of_a_family_is_changed_from_today(store: Storeroom) -> None:
    page = store.show("catalogue", CataloguePage)
    page.families.choose(store.families["FL"])
    page.families.setFocus()
    store.press(KEY.Key_Return)
    dialog = page.dialog
    assert isinstance(dialog, FamilyDialog)
    store.opened(dialog)
    dialog.per_kg.line.selectAll()
    dialog.per_kg.setFocus()
    store.enter(PEAS)
    store.press(KEY.Key_F12)
    assert "code-barres" in dialog.per_kg.error
    dialog.per_kg.line.selectAll()
    store.enter("2,5")
    store.press(KEY.Key_F12)
    store.back()
    assert counter.price_list(store.desk).offers[store.articles["carrots"]].reference_cents == 250
    row = next(r for r in page.table.rows_model.rows if r.form.name == "Carottes")
    assert row.reference_cents == 250


def test_pages_change_with_their_underlined_letter_and_f2_goes_to_their_search(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=5_000, article_id=store.articles["carrots"]))
    for letter, kind in (
        (KEY.Key_R, ReceivePage), (KEY.Key_G, ToMendPage), (KEY.Key_P, ExpiringPage), (KEY.Key_T, CataloguePage),
        (KEY.Key_E, InStockPage),
    ):  # fmt: skip
        QTest.keyClick(store.window, letter, ALT)
        store.idle()
        assert isinstance(store.screen.current, kind)
    page = store.show("in_stock", InStockPage)
    store.press(KEY.Key_Down)
    assert store.focus is page.table
    store.press(KEY.Key_F2)
    assert store.focus is page.search.line


def test_letters_and_escape_go_from_the_list_back_to_the_search(store: Storeroom) -> None:
    page = store.show("in_stock", InStockPage)
    store.arrive(ReceivedLine(grams=20_000, article_id=store.articles["carrots"]))
    page.search.setFocus()
    store.enter("xyz")
    assert store.focus is page.search.line, "nothing found: the keyboard stays"
    page.search.line.selectAll()
    store.enter("car")
    assert store.focus is page.table
    store.press(KEY.Key_Escape)
    assert (store.focus, page.search.line.selectedText()) == (page.search.line, "car")
    store.enter("car")
    store.write("pe")
    assert (store.focus, page.search.text) == (page.search.line, "pe")
    store.show("expiring", ExpiringPage)
    store.show("in_stock", InStockPage)
    assert (store.focus, page.search.line.selectedText()) == (page.search.line, "pe")


def test_grams_typed_for_kilos_are_asked_once_more_and_a_heavy_line_may_stand(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "", "carott", "1240")
    assert not page.lines
    assert "des grammes pour des kilos" in page.entry.weight.error
    store.enter("12,4")
    assert [n.grams for n in page.lines] == [12_400]
    store.enter("carott", "600", "")
    assert [n.grams for n in page.lines] == [12_400, 600_000]


def test_the_key_of_a_date_goes_to_the_date_of_what_is_kept_cold(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "", "lait demi")
    store.write("24")
    store.press(KEY.Key_F10)
    store.enter("30/11")
    assert [(n.pieces, n.date_kind) for n in page.lines] == [(24, DLC)]


def test_a_new_question_takes_away_what_was_said_of_the_gesture_before(store: Storeroom) -> None:
    store.arrive(ReceivedLine(grams=5_000, article_id=store.articles["carrots"]))
    page = store.show("in_stock", InStockPage)
    page.notice.tell("success", "Annulé")
    page.search.setFocus()
    store.press(KEY.Key_Down, KEY.Key_F11)
    dialog = page.dialog
    assert isinstance(dialog, CountDialog)
    store.opened(dialog)
    assert page.notice.isHidden()
    store.press(KEY.Key_Escape)


def test_a_search_chooses_its_first_lot_and_a_wrong_date_is_typed_over(store: Storeroom) -> None:
    store.arrive(
        ReceivedLine(grams=5_000, article_id=store.articles["carrots"]),
        ReceivedLine(grams=3_000, family_id=store.families["FL"]),
    )
    page = store.show("in_stock", InStockPage)
    page.search.setFocus()
    assert page.table.choose(page.table.rows_model.rows[1].id)
    store.write("légu")
    assert page.table.current == page.table.rows_model.rows[0]
    arrival = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "31/02", "01/11")
    assert (arrival.day.text, arrival.day.error) == ("01/11", "")
    assert arrival.entry.article.line.hasFocus()
