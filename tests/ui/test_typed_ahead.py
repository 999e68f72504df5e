"""What is typed while the data thread still writes is neither lost nor put elsewhere, however slow the machine is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Reception
from epicerie_desktop.services.queries import counter
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from tests.ui.conftest import Hands
from tests.ui.storeroom import KEY, Storeroom
from tests.ui.storeroom import store as store


@contextmanager
def slow(context: Context, owner: QWidget) -> Iterator[None]:
    """Hold the data thread: nothing asked within is answered before the end."""
    go_on = Event()
    context.data.submit(owner, lambda: go_on.wait(20), None, print)
    try:
        yield
    finally:
        go_on.set()


def press(*keys: KEY | str) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)


def arrivals(store: Storeroom) -> list[tuple[Origin, str]]:
    with store.desk.db.read() as session:
        return [
            (r.origin, r.slip) for r in session.execute(select(Reception.origin, Reception.slip).order_by(Reception.id))
        ]


def test_the_next_arrival_typed_while_the_first_is_written_has_its_own_origin_and_lines(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("b", "", "B-1204", "", "fruits", "12,4")
    with slow(store.context, store.window):
        press(
            KEY.Key_F12, KEY.Key_Escape, "d", *[KEY.Key_Return] * 4, "carot", KEY.Key_Return, "8", KEY.Key_Return, "leg"
        )
    store.idle()
    assert page.chosen_origin is Origin.DONATION
    assert (page.slip.text, page.entry.article.text) == ("", "leg")
    assert [(n.good.name, n.grams) for n in page.lines] == [("Carottes", 8_000)]
    store.press(KEY.Key_Escape)
    store.press(KEY.Key_F12)
    assert arrivals(store) == [(Origin.FOOD_BANK, "B-1204"), (Origin.DONATION, "")]


def test_an_origin_said_after_the_first_crate_takes_the_former_slip_away_but_not_a_new_one(store: Storeroom) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("b", "", "B-1204", "", "fruits", "12,4")
    store.press(KEY.Key_F12)
    store.enter("carot", "8")
    store.press(KEY.Key_Escape)
    store.enter("d")
    assert page.slip.text == ""
    store.enter("", "D-7", "")
    store.press(KEY.Key_Escape)
    store.enter("ra")
    assert page.slip.text == "D-7"


def test_a_refused_arrival_keeps_its_lines_and_is_not_changed_by_keys_typed_before_the_refusal(
    store: Storeroom,
) -> None:
    page = store.show("receive", ReceivePage)
    store.enter("b", "3017620422003", "B-1204", "", "fruits", "12,4")
    with slow(store.context, store.window):
        press(KEY.Key_F12, KEY.Key_Escape, "d", KEY.Key_Return)
    store.idle()
    assert page.notice.text
    assert page.chosen_origin is Origin.FOOD_BANK
    assert len(page.lines) == 1
    assert arrivals(store) == []


def test_the_next_family_s_name_typed_while_the_ticket_is_written_waits_beneath_it(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3*3017620422003")
    hands.press(KEY.Key_F12)
    with slow(hands.context, hands.window):
        press(KEY.Key_Return, KEY.Key_Return, KEY.Key_Escape, "elif")
    hands.idle()
    assert len(counter.tickets_of_day(hands.desk)) == 1
    assert till.step is till.closing.done
    assert till.step.line.text() == "elif"


def test_a_second_enter_while_the_ticket_is_written_does_not_hide_the_change_to_give(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3*3017620422003")
    hands.press(KEY.Key_F12)
    with slow(hands.context, hands.window):
        press(KEY.Key_Return, KEY.Key_Return, KEY.Key_Escape)
    hands.idle()
    assert till.step is till.closing.done


def test_an_article_typed_while_the_visit_opens_goes_to_that_family_s_basket(hands: Hands) -> None:
    hands.enter("sophie")
    with slow(hands.context, hands.window):
        press(KEY.Key_Return, "3*3017620422003", KEY.Key_Return)
    hands.idle()
    assert hands.till.basket is not None
    assert [n.pieces for n in hands.till.basket.lines] == [3]


def test_a_name_typed_while_a_visit_opens_stays_in_the_search(hands: Hands) -> None:
    with slow(hands.context, hands.window):
        press("sophie", KEY.Key_Return, "elif")
    hands.idle()
    assert hands.counter.search.line.text().endswith("elif")
