"""What a shop switches on at the till: parcels, orders, the last visit, another post, the second window, the ticket printer."""

from __future__ import annotations

import socket
import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.persistence.models import EmergencyLine, Post
from epicerie_desktop.services.desk import Post as AtPost
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.months import apart_of
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.counter import held_baskets, tickets_of_day
from epicerie_desktop.services.queries.moves import last_move
from epicerie_desktop.services.stock.moves import take_back, undo_move
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm, record_reception
from epicerie_desktop.services.support.undertakings import UndertakingForm, record_undertaking
from epicerie_desktop.services.till import hand_over, orders, parcels
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.common.dialogs import ReasonDialog
from epicerie_desktop.ui.till.extras import OrderDialog
from tests.ui.dialogs import meet, press_in

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key


def switch_on(hands: Hands, *codes: str) -> None:
    for code in codes:
        hands.window.current.act(lambda code=code: save_feature(hands.desk, code, True))  # type: ignore[attr-defined]
        hands.idle()


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


def back(hands: Hands) -> None:
    """Wait until the window has the keyboard again after a question: this platform gives it back when it can."""
    hands.idle()
    hands.window.activateWindow()
    hands.until(lambda: QApplication.activeWindow() is hands.window and QApplication.focusWidget() is not None)


def test_nothing_of_it_is_there_until_it_is_switched_on(hands: Hands) -> None:
    ahead = hands.counter.ahead
    till = hands.at_till_of("sophie")
    assert till.extras.button.isHidden()
    assert till.extras.second is None
    assert ahead.emergency_button.isHidden()
    assert ahead.rows == []
    hands.press(KEY.Key_F3)
    assert till.step is till.entry


def test_a_parcel_is_added_in_one_gesture_and_undone_in_one(hands: Hands) -> None:
    peas = hands.goods.articles["pâtes"]
    parcels.save_parcel_type(
        hands.desk,
        parcels.ParcelTypeForm("Colis sec", (ParcelSize(1, (Wanted(peas, 2),)), ParcelSize(2, (Wanted(peas, 4),)))),
    )
    till = hands.at_till_of("sophie")
    switch_on(hands, "parcel_types")
    assert till.visit is not None
    assert till.basket is not None
    press_in(KEY.Key_F12)
    hands.press(KEY.Key_F3)
    back(hands)
    (line,) = till.basket.lines
    assert line.pieces == (4 if till.visit.persons > 1 else 2)
    hands.press(KEY.Key_F8)
    assert till.basket.lines == ()


def test_a_basket_waits_for_another_day_and_is_taken_up_at_the_counter(hands: Hands) -> None:
    hands.at_till_of("sophie")
    switch_on(hands, "orders")
    hands.enter("2*3017620422003")
    press_in(KEY.Key_F12)
    meet(OrderDialog, lambda dialog: QTest.keyClick(dialog, KEY.Key_F12))
    hands.press(KEY.Key_F3)
    back(hands)
    assert held_baskets(hands.desk) == ()
    (order,) = orders.waiting_orders(hands.desk)
    assert (order.lines, order.day) == (1, hands.desk.clock.today())
    (row,) = hands.counter.ahead.rows
    row.buttons[1].click()
    back(hands)
    assert hands.till.basket is not None
    assert [line.pieces for line in hands.till.basket.lines] == [2]
    hands.press(KEY.Key_F12)
    hands.enter()
    assert [t.shelf_cents for t in tickets_of_day(hands.desk)] == [190]
    assert orders.waiting_orders(hands.desk) == ()


def test_the_last_visit_begins_the_basket_with_its_pieces_alone(hands: Hands) -> None:
    pasta, yogurt = hands.goods.articles["pâtes"], hands.goods.articles["yaourt"]
    received = (ReceivedLine(pieces=5, article_id=pasta), ReceivedLine(pieces=1, article_id=yogurt))
    record_reception(hands.desk, ReceptionForm(Origin.FOOD_BANK, received))
    till = hands.at_till_of("sophie")
    switch_on(hands, "last_visit")
    hands.enter("yaourt")
    hands.enter("3*3017620422003")
    hands.type("car")
    hands.enter()
    hands.scale.put(1240)
    hands.enter()
    hands.press(KEY.Key_F12)
    hands.enter()
    hands.enter("sophie")
    hands.enter()
    hands.enter("oubli")
    press_in(KEY.Key_F12)
    hands.press(KEY.Key_F3)
    back(hands)
    assert till.basket is not None
    assert [(line.name, line.pieces) for line in till.basket.lines] == [("Pâtes coquillettes", 2)]
    told = plain(till.pane.news.text)
    assert "Plus en stock : Yaourt nature." in told
    assert "Moins que demandé, faute de stock : Pâtes coquillettes." in told


def test_what_a_question_would_be_asked_about_is_not_taken_unseen(hands: Hands) -> None:
    pasta, yogurt = hands.goods.articles["pâtes"], hands.goods.articles["yaourt"]
    day = hands.desk.clock.today()
    gone = ReceivedLine(pieces=5, article_id=yogurt, date_kind=DateKind.USE_BY, limit_on=day - timedelta(days=1))
    past = replace(hands.desk, clock=FrozenClock.on(day - timedelta(days=3)))
    record_reception(past, ReceptionForm(Origin.FOOD_BANK, (gone,), short_reason="essai"))
    wanted = (Wanted(pasta, 1), Wanted(yogurt, 2))
    parcels.save_parcel_type(hands.desk, parcels.ParcelTypeForm("Colis", (ParcelSize(1, wanted),)))
    till = hands.at_till_of("sophie")
    switch_on(hands, "parcel_types")
    press_in(KEY.Key_F12)
    hands.press(KEY.Key_F3)
    back(hands)
    assert till.basket is not None
    assert [line.article for line in till.basket.lines] == [pasta]
    assert "À ajouter un par un, car une question se pose : Yaourt nature." in plain(till.pane.news.text)


def test_where_several_things_wait_the_key_asks_which(hands: Hands) -> None:
    offer = counter.price_list(hands.desk).offers[hands.goods.articles["pâtes"]]
    for name in ("Martin", "Petit"):
        basket = Basket(str(uuid.uuid4()), 100).with_pieces("l", offer, 1)
        orders.prepare_order(hands.desk, hands.goods.households[name], hands.desk.clock.today(), basket)
    switch_on(hands, "orders")
    assert next(plain(r.buttons[1].text()) for r in hands.counter.ahead.rows).startswith("Encaisser")
    press_in(KEY.Key_Down, KEY.Key_F12)
    QTest.keyClick(hands.focus, KEY.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    back(hands)
    assert hands.till.visit is not None
    assert hands.till.visit.household == hands.goods.households["Petit"]
    assert [o.household for o in orders.waiting_orders(hands.desk)] == [hands.goods.households["Martin"]]


def test_a_basket_held_at_another_post_is_taken_over_here(hands: Hands) -> None:
    with hands.desk.db.write() as session:
        post = session.execute(
            insert(Post).values(uid=uuid.uuid4(), number=2, name="Salle").returning(Post.id)
        ).scalar_one()
    hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F10)
    hand_over.take_over(
        replace(hands.desk, post=AtPost(post, 2, "Salle")), hands.goods.households["Martin"], hands.desk.post.id
    )
    switch_on(hands, "several_posts")
    hands.idle()
    (row,) = hands.counter.ahead.rows
    assert "Salle" in row.words
    QTest.keyClick(hands.focus, KEY.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    back(hands)
    assert hands.till.basket is not None
    assert len(hands.till.basket.lines) == 1
    assert hand_over.baskets_elsewhere(hands.desk) == ()


def test_the_household_sees_products_and_total_and_no_name(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    switch_on(hands, "second_window")
    second = till.extras.second
    assert second is not None
    back(hands)
    assert second.isVisible()
    assert not second.welcome.isHidden()
    hands.enter("3*3017620422003")
    assert second.lines.item(0, 0).text() == "Pâtes coquillettes"
    assert "0,29" in second.total.text()
    said = [second.title.text(), second.total.text(), second.windowTitle()]
    said += [second.lines.item(0, c).text() for c in range(3)]
    assert not [words for words in said if "Sophie" in words or "Martin" in words]
    hands.press(KEY.Key_F8)
    assert second.lines.isHidden()
    assert hands.focus is till.entry.line
    hands.window.hide()
    assert not second.isVisible()


def test_an_emergency_parcel_is_given_without_a_name_and_may_be_cancelled(hands: Hands) -> None:
    peas = hands.goods.articles["pâtes"]
    parcels.save_parcel_type(hands.desk, parcels.ParcelTypeForm("Urgence", (ParcelSize(1, (Wanted(peas, 3),)),)))
    switch_on(hands, "emergency")
    press_in(KEY.Key_F12)
    hands.counter.ahead.ask_emergency()
    hands.idle()
    today = hands.desk.clock.today()
    assert apart_of(hands.desk, month_of(today), month_of(today)) == (1, 1, 1500)
    assert tickets_of_day(hands.desk) == ()
    assert not hands.counter.ahead.undo_button.isHidden()
    given = parcels.emergencies_of_day(hands.desk)[0]
    with hands.desk.db.read() as session:
        lot = session.query(EmergencyLine).one().lot_id
    take_back(hands.desk, lot, pieces=3)
    hands.counter.ahead.ask_cancel()
    hands.idle()
    assert "rapportés" in hands.counter.news.text, "no reason is asked of what may not be cancelled"
    last = last_move(hands.desk)
    assert last is not None
    undo_move(hands.desk, last.id)

    def say_why(dialog: ReasonDialog) -> None:
        QTest.keyClicks(dialog.line, "remis deux fois")
        QTest.keyClick(dialog.line, KEY.Key_F12)

    meet(ReasonDialog, say_why)
    hands.counter.ahead.ask_cancel()
    hands.idle()
    assert parcels.emergencies_of_day(hands.desk)[0] == replace(given, cancelled=True)


def test_who_may_come_in_its_place_is_told_with_the_last_day(hands: Hands) -> None:
    today = hands.desk.clock.today()
    form = UndertakingForm(UndertakingKind.PROXY, today, until=today + timedelta(days=10), name="Hélène Durand")
    before = replace(form, signed_on=today - timedelta(days=30), until=today - timedelta(days=1), name="Paul Vidal")
    for signed in (before, form):
        record_undertaking(hands.desk, hands.goods.households["Martin"], signed)
    switch_on(hands, "collectors")
    hands.enter("sophie")
    hands.idle()
    told = hands.counter.ahead.collectors.text()
    assert "Hélène D." in told
    assert "Durand" not in told
    assert f"{today + timedelta(days=10):%d/%m/%Y}" in told
    assert "Procuration de Paul V. finie le" in plain(told), "an old one is told as such, and holds no more"


def test_a_printer_that_is_off_is_told_calmly_and_the_ticket_comes_out_later(hands: Hands) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{server.getsockname()[1]}"
    server.close()
    hands.context.settings = replace(MachineSettings(), ticket_printer=address)
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter()
    hands.press(KEY.Key_F7)
    assert "allumée" in till.closing.done.trouble.text()
    got: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        with line:
            whole = b""
            while more := line.recv(4096):
                whole += more
            got.append(whole)

    thread = threading.Thread(target=serve)
    thread.start()
    hands.context.settings = replace(MachineSettings(), ticket_printer=f"127.0.0.1:{server.getsockname()[1]}")
    hands.press(KEY.Key_F7)
    thread.join()
    server.close()
    assert b"P\x83tes" in got[0]
    assert b"Duplicata" not in got[0]
    assert "imprimé" in till.closing.done.hint.text()
