"""The storeroom at the keyboard: crates received, losses noted, a wrong book mended, the catalogue kept, on a real shop."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin
from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.persistence.models import Reception, StockMove, Supplier
from epicerie_desktop.services import catalogue, enrol, receive, sell
from epicerie_desktop.services.catalogue import ArticleForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.main_window import MainWindow, ScreenSpec
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.stock.catalogue_dialogs import ArticleDialog, FamilyDialog
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.lot_dialogs import CountDialog, LossDialog
from epicerie_desktop.ui.stock.lots_page import ExpiringPage, InStockPage, ToMendPage
from epicerie_desktop.ui.stock.page import StockPage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from epicerie_desktop.ui.stock.screen import StockScreen

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
DLC, DDM = DateKind.USE_BY, DateKind.BEST_BEFORE
PEAS, COLA = "3017620422003", "5449000000996"
P = TypeVar("P", bound=StockPage)


@dataclass
class Storeroom:
    """A person at the keyboard of the stock's screen."""

    qtbot: QtBot
    window: MainWindow
    context: Context
    scale: SimulatedScale
    desk: Desk
    articles: dict[str, int]
    families: dict[str, int]
    troubles: list[Exception] = field(default_factory=list)

    @property
    def screen(self) -> StockScreen:
        assert isinstance(self.window.current, StockScreen)
        return self.window.current

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    @property
    def receiving(self) -> ReceivePage:
        page = self.screen.page("receive")
        assert isinstance(page, ReceivePage)
        return page

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.context.data.busy)
        assert not self.troubles

    def show(self, key: str, kind: type[P]) -> P:
        self.window.go("stock", page=key)
        self.idle()
        page = self.screen.current
        assert isinstance(page, kind)
        return page

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key, modifier)
            self.idle()

    def write(self, text: str) -> None:
        """Type a text, accents too."""
        for sign in text:
            QApplication.sendEvent(self.focus, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign))

    def enter(self, *texts: str) -> None:
        """Type or scan each text, then Enter."""
        for text in texts:
            self.write(text)
            QTest.keyClick(self.focus, KEY.Key_Return)
            self.idle()

    def opened(self, dialog: QDialog) -> None:
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)

    def back(self) -> None:
        """Wait until the window of a question is gone; the offscreen platform activates no other by itself."""
        self.qtbot.waitUntil(lambda: getattr(self.screen.current, "dialog", None) is None)
        self.window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.idle()

    def arrive(self, *lines: ReceivedLine, origin: Origin = Origin.FOOD_BANK) -> None:
        receive.record_reception(self.desk, ReceptionForm(origin, lines))
        self.idle()

    def moves(self) -> list[tuple[MoveKind, int, int]]:
        with self.desk.db.read() as session:
            rows = session.execute(select(StockMove.kind, StockMove.pieces, StockMove.grams).order_by(StockMove.id))
            return [tuple(r) for r in rows]  # type: ignore[misc]


@pytest.fixture
def store(qtbot: QtBot, desk: Desk) -> Iterator[Storeroom]:
    theme.apply(QApplication.instance())  # type: ignore[arg-type]
    families = {f.code: f.id for f in stock.families(desk) if f.id is not None}

    def made(code: str, name: str, by: SoldBy, net: int | None = None, *codes: str) -> int:
        return catalogue.save_article(desk, ArticleForm(families[code], name, by, net, codes=codes))

    articles = {
        "carrots": made("FL", "Carottes", SoldBy.WEIGHT),
        "peas": made("EPI", "Petits pois 400 g", SoldBy.PIECE, 400, PEAS),
        "milk": made("LAIT", "Lait demi-écrémé 1 l", SoldBy.PIECE, 1030),
        "cola": made("BOI", "Cola 33 cl", SoldBy.PIECE, 330),
    }
    bus, bridge = ChangeBus(), ScaleBridge()
    desk.db.on_commit(bus.tell)
    scale = SimulatedScale(None, bridge.on_reading, bridge.on_state)
    bridge.scale = scale
    context = Context(desk, Background("data"), Background("long"), bus, MachineSettings(), bridge)
    window = MainWindow(context, (ScreenSpec("stock", "Stock", "boxes", "", StockScreen),))
    scale.start()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    found = Storeroom(qtbot, window, context, scale, desk, articles, families)
    found.screen.on_trouble = found.troubles.append  # type: ignore[method-assign]
    found.idle()
    yield found
    context.data.stop()
    context.long.stop()
    window.deleteLater()


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
    assert [t.split(", ")[1] for t in told] == ["passée", "aujourd’hui", "dans 2\u00a0jours"]
    page.days.setCurrentIndex(page.days.count() - 1)
    store.idle()
    assert page.table.rows_model.rowCount() == 4
    page.days.setCurrentIndex(0)
    store.idle()
    assert page.table.rows_model.rowCount() == 2


def test_an_expired_lot_is_offered_whole_as_a_loss(store: Storeroom) -> None:
    late = replace(store.desk, clock=type(store.desk.clock).on(store.desk.clock.today() - timedelta(days=9)))  # type: ignore[attr-defined]
    line = ReceivedLine(pieces=6, article_id=store.articles["milk"], date_kind=DLC, limit_on=late.clock.today())
    receive.record_reception(late, ReceptionForm(Origin.PICKUP, (line,)))
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
        (KEY.Key_R, ReceivePage), (KEY.Key_G, ToMendPage), (KEY.Key_D, ExpiringPage), (KEY.Key_C, CataloguePage),
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
