"""What an arrival says only where it is asked, the 48 hours of a pick-up, a delivery note brought as a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Lot, LotDelivery, Reception, RefusedGoods
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.stock.receive import ReceivedLine
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.stock.arrival_details import DetailsDialog
from epicerie_desktop.ui.stock.dates_page import DatesPage
from epicerie_desktop.ui.stock.delivery_dialog import DeliveryDialog
from epicerie_desktop.ui.stock.forward_dialogs import ForwardDialog
from epicerie_desktop.ui.stock.lots_page import ExpiringPage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from tests.ui.dialogs import answer, meet, press_in
from tests.ui.storeroom import DDM, DLC, KEY, Storeroom


def test_an_arrival_is_told_in_detail_and_its_slip_is_offered(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "", "lait demi", "6", "30/11")
    assert page.more.isHidden()
    page.table.choose(page.lines[0].uid)

    def tell(dialog: DetailsDialog) -> None:
        for field, typed in (
            (dialog.driver, "Karim"),
            (dialog.degrees, "12,5"),
            (dialog.delivered, "8"),
            (dialog.frozen, "20/11"),
        ):
            field.setFocus()
            store.write(typed)
        assert "8" in dialog.warning.text
        dialog.article.setCurrentIndex(1)
        dialog.count.setFocus()
        store.write("3")
        dialog.reason.setCurrentIndex(list(Refusal).index(Refusal.TOO_WARM))
        dialog.yes_button.click()

    meet(DetailsDialog, tell)
    page.details_button.click()
    assert "Karim" in page.said.text()
    assert "plus chaud que 8" in page.said.text()
    page.save()
    store.idle()
    assert not page.papers.isHidden()
    with store.desk.db.read() as session:
        arrival = session.scalars(select(Reception)).one()
        assert (arrival.driver, arrival.tenths) == ("Karim", 125)
        assert session.scalars(select(RefusedGoods.reason)).one() is Refusal.TOO_WARM
        assert session.scalars(select(LotDelivery.delivered)).one() == 8
        lot = session.scalars(select(Lot)).one()
        assert (lot.frozen_on, lot.financing) == (store.desk.clock.today(), "GIFT")
    assert page.details.refused == ()


def test_the_driver_and_the_temperature_of_a_slip_are_not_those_of_the_next(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)

    def tell(driver: str, degrees: str) -> None:
        def fill(dialog: DetailsDialog) -> None:
            for field, typed in ((dialog.driver, driver), (dialog.degrees, degrees)):
                field.line.setText(typed)
            dialog.financing.setCurrentIndex(1)
            dialog.yes_button.click()

        meet(DetailsDialog, fill)
        page.details_button.click()
        store.back()

    store.enter("ba", "Entrepôt", "B-1", "", "carottes", "12")
    tell("Karim", "4")
    page.save()
    store.idle()
    store.enter("carottes", "3")
    page.save()
    store.idle()
    assert (page.details.driver, page.details.tenths) == ("Karim", 40)
    page.slip.setFocus()
    store.enter("B-2", "", "carottes", "5")
    assert page.said.text() == ""
    assert (page.chosen_origin, page.supplier.box.currentText()) == (Origin.FOOD_BANK, "Entrepôt")
    tell("Ana", "3")
    page.slip.line.setText("B-3")
    assert page.details.driver == "Ana"
    page.save()
    store.idle()
    page.supplier.box.setEditText("Jardin")
    store.enter("carottes", "5")
    page.save()
    store.idle()
    with store.desk.db.read() as session:
        told = session.execute(select(Reception.slip, Reception.driver, Reception.tenths).order_by(Reception.id)).all()
        financing = session.scalars(select(Lot.financing).order_by(Lot.id)).all()
    assert [tuple(r) for r in told] == [
        ("B-1", "Karim", 40),
        ("B-1", "Karim", 40),
        ("B-3", "Ana", 30),
        ("B-3", "", None),
    ]
    assert financing[0] == financing[2] != financing[3]


def test_a_page_left_open_since_yesterday_receives_today(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba")
    clock = store.desk.clock
    assert isinstance(clock, FrozenClock)
    object.__setattr__(clock, "at", clock.at + timedelta(days=1))
    page.entry.article.setFocus()
    store.enter("carottes", "5")
    assert page.day.value == clock.today()
    page.day.line.setText("15/11")
    page.lines.clear()
    object.__setattr__(clock, "at", clock.at + timedelta(days=1))
    store.enter("carottes", "5")
    assert page.day.text == "15/11"


def test_short_dates_of_a_pick_up_are_asked_about_once_and_by_one_key(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ra", "", "", "", "lait demi", "6", "21/11")
    press_in(KEY.Key_Escape)
    page.save()
    store.idle()
    assert (len(page.lines), stock.lots_in_stock(store.desk)) == (1, ())
    press_in(KEY.Key_F12)
    page.save()
    store.idle()
    with store.desk.db.read() as session:
        assert session.scalars(select(Reception.short_reason)).one() == "Distribués avant leur DLC"


def test_a_note_in_csv_is_received_whole_or_not_at_all(store: Storeroom, tmp_path: Path) -> None:
    save_feature(store.desk, "delivery_files", True)
    page = store.show("receive", ReceivePage)
    store.enter("ba", "Banque du Cantal", "", "")
    note = tmp_path / "bon.csv"
    lines = "BL;Produit;Qte;Kg;DDM\nB-7;carottes;;12,5;\nB-7;Petits pois 400 g;24;;11/2027\n"
    note.write_bytes(f"{lines}B-7;Inconnu;1;;\n".encode("cp1252"))

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, DeliveryDialog)
        store.idle()

    answer("no_button", look)
    page.read_file(note)
    store.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    store.idle()
    assert stock.lots_in_stock(store.desk) == ()
    note.write_bytes(lines.encode("utf-8-sig"))
    answer("yes_button", look)
    page.read_file(note)
    store.qtbot.waitUntil(lambda: "B-7" in page.notice.text)
    assert {(n.article, n.pieces, n.grams) for n in stock.lots_in_stock(store.desk)} == {
        ("Carottes", 0, 12_500),
        ("Petits pois 400 g", 24, 9_600),
    }


def test_a_lot_is_put_forward_only_where_the_shop_uses_it(store: Storeroom) -> None:
    soon = store.desk.clock.today() + timedelta(days=1)
    store.arrive(ReceivedLine(grams=5_000, family_id=store.families["LAIT"], date_kind=DLC, limit_on=soon))
    page = store.show("expiring", ExpiringPage)
    assert page.forward_button.isHidden()
    save_feature(store.desk, "anti_waste", True)
    store.qtbot.waitUntil(lambda: not page.forward_button.isHidden())
    page.table.choose_first()
    page.open_forward()
    dialog = page.dialog
    assert isinstance(dialog, ForwardDialog)
    store.opened(dialog)
    dialog.double.setChecked(True)
    store.press(KEY.Key_F12)
    store.back()
    store.qtbot.waitUntil(lambda: [f.double for f in page.put.values()] == [True])


def test_one_key_puts_forward_all_that_is_near_its_date_and_shows_its_labels(store: Storeroom) -> None:
    today = store.desk.clock.today()
    save_feature(store.desk, "anti_waste", True)
    store.arrive(
        ReceivedLine(grams=5_000, family_id=store.families["LAIT"], date_kind=DLC, limit_on=today + timedelta(days=1)),
        ReceivedLine(pieces=6, article_id=store.articles["peas"], date_kind=DDM, limit_on=today - timedelta(days=20)),
        ReceivedLine(pieces=4, article_id=store.articles["peas"], date_kind=DDM, limit_on=today - timedelta(days=900)),
    )
    page = store.show("expiring", DatesPage)
    store.qtbot.waitUntil(lambda: not page.order_button.isHidden() and len(page.past) == 2)
    assert page.summary.text() == "1 DDM trop ancienne · 1 DDM à contrôler"
    page.table.choose_first()
    assert "notez-le en perte" in page.detail.text()
    page.table.setFocus()
    store.press(KEY.Key_F6)
    store.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
    assert len(page.put) == 1
    view = QApplication.activeModalWidget()
    assert view is not None
    view.close()
    page.order_button.click()
    store.qtbot.waitUntil(lambda: "déjà mis en avant" in page.notice.text)
    assert "déjà mis en avant" in page.notice.text
    store.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PdfView))
    again = QApplication.activeModalWidget()
    assert again is not None
    again.close()


def test_enter_walks_the_details_of_a_crate_that_is_refused(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("ba", "", "", "")

    def tell(dialog: DetailsDialog) -> None:
        store.enter("Ali", "9", "")
        assert dialog.article.hasFocus()
        store.enter("Lait", "12", "")
        assert dialog.article.hasFocus()
        assert [r.pieces for r in dialog.refused] == [12]
        assert (dialog.driver.text, dialog.degrees.text) == ("Ali", "9")
        store.enter("")
        assert dialog.yes_button.hasFocus()
        store.press(KEY.Key_F12)

    meet(DetailsDialog, tell)
    page.details_button.click()
    assert "refus\xa0: 1" in page.said.text()
    page.save()
    store.idle()
    assert "rien n’entre en stock" in page.notice.text
