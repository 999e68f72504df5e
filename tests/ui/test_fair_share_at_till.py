"""The fair part of what is scarce, told at the till: hidden until switched on, and never a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm, record_reception
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key


def a_week_before(hands: Hands) -> None:
    """Three households had two packs each last week; three packs are left today."""
    article = hands.goods.articles["pâtes"]
    past = replace(hands.desk, clock=FrozenClock.on(hands.desk.clock.today() - timedelta(days=7)))
    for name in ("Martin", "Nguyen", "Petit"):
        home = hands.goods.households[name]
        rate = counter.open_visit(past, home).participation_permille
        basket = Basket(f"00000000-0000-4000-8000-{home:012d}", rate).with_pieces(
            "l", counter.price_list(past).offers[article], 2
        )
        sell.record_sale(past, home, basket, sell.PaymentForm(basket.paid_cents), override="essai")
    line = ReceivedLine(pieces=3, article_id=article)
    record_reception(hands.desk, ReceptionForm(Origin.FOOD_BANK, (line,)))


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_nothing_is_told_nor_read_until_it_is_switched_on(hands: Hands) -> None:
    hands.context.data.submit(hands.window, lambda: a_week_before(hands), None, print)
    hands.idle()
    till = hands.at_till_of("sophie")
    hands.enter("coquillettes")
    assert till.extras.fair_share.words.isHidden()
    assert till.extras.fair_share.pace is None
    assert till.entry.suggestions.notes == {}


def test_the_part_of_each_is_told_at_the_line_and_the_family_may_take_more(hands: Hands) -> None:
    hands.context.data.submit(hands.window, lambda: a_week_before(hands), None, print)
    hands.idle()
    save = hands.window.current
    save.act(lambda: save_feature(hands.desk, "fair_share", True))  # type: ignore[attr-defined]
    hands.idle()
    hands.window.resize(1366, 768)
    till = hands.at_till_of("sophie")
    hint = till.extras.fair_share.words
    assert hint.isHidden()
    hands.type("coqui")
    assert "il en reste 3 : 1 par foyer" in plain(till.entry.suggestions.list.item(0).text())
    hands.press(KEY.Key_Return)
    told = plain(hint.text())
    assert "il en reste 3 pour 3 foyers attendus : 1 par foyer." in told
    assert not hint.isHidden()
    hands.enter("3*coqui")
    assert till.basket is not None
    assert till.basket.lines[0].pieces == 4
    assert till.step is till.entry
    hands.press(KEY.Key_F10)
    assert till.extras.fair_share.shares == {}
