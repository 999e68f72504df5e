"""At the till, a best-before date that has passed: one look at the pack a day, another date read, or the team's agreement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from sqlalchemy import select

from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import BestBeforeCheck
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.stock import best_before, forward, receive
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key
PASTA = "3017620422003"


def tolerate(hands: Hands, days: int) -> None:
    """Let the pasta's family follow its best-before date for some days."""
    prices = counter.price_list(hands.desk)
    best_before.save_tolerances(hands.desk, {prices.offers[prices.codes[PASTA]].family_codes[0]: days})


def pasta_past(hands: Hands, ago: int) -> int:
    """Leave on the shelf only pasta whose best-before date passed some days ago; return their lot."""
    tolerate(hands, 365)
    article = counter.price_list(hands.desk).codes[PASTA]
    for lot in stock.lots_in_stock(hands.desk):
        if lot.article_id == article:
            receive.correct_lot(hands.desk, lot.id)
    limit = hands.desk.clock.today() - timedelta(days=ago)
    line = ReceivedLine(pieces=20, article_id=article, date_kind=DateKind.BEST_BEFORE, limit_on=limit)
    receive.record_reception(hands.desk, ReceptionForm(Origin.FOOD_BANK, (line,)))
    return next(n.id for n in stock.lots_in_stock(hands.desk) if n.article_id == article)


def checks(hands: Hands) -> list[tuple[int, str]]:
    with hands.desk.db.read() as session:
        return [(c.lot_id, c.agreed_for) for c in session.scalars(select(BestBeforeCheck))]


def test_a_pack_looked_at_is_asked_about_once(hands: Hands) -> None:
    lot = pasta_past(hands, 20)
    till = hands.at_till_of("sophie")
    hands.enter(PASTA)
    assert till.step is till.checks.stale
    hands.enter("peut")
    assert till.step is till.checks.stale
    hands.press(KEY.Key_Escape)
    assert till.basket is not None
    assert till.basket.lines == ()
    hands.enter(PASTA)
    hands.enter("")
    hands.enter(PASTA)
    assert till.basket.lines[0].pieces == 2
    assert checks(hands) == [(lot, "")]
    hands.press(KEY.Key_F12)
    hands.enter("10")
    assert len(counter.tickets_of_day(hands.desk)) == 1


def test_beyond_the_tolerance_a_reason_is_needed_and_another_date_is_enough(hands: Hands) -> None:
    lot = pasta_past(hands, 400)
    till = hands.at_till_of("sophie")
    hands.enter(PASTA)
    hands.enter("")
    assert "accord" in till.checks.stale.trouble.text()
    hands.enter("11/2027")
    assert till.basket is not None
    assert till.basket.lines[0].pack_date is not None
    assert checks(hands) == []
    hands.enter(PASTA)
    hands.enter("mis dans son sac")
    assert checks(hands) == [(lot, "mis dans son sac")]
    assert [n.pieces for n in till.basket.lines] == [1, 1]


def test_a_basket_kept_since_yesterday_is_asked_when_it_is_paid(hands: Hands) -> None:
    lot = pasta_past(hands, 20)
    till = hands.at_till_of("sophie")
    hands.enter(PASTA)
    hands.enter("")
    tolerate(hands, 5)
    hands.press(KEY.Key_F12)
    hands.enter("10")
    assert till.step is till.closing.stale
    hands.enter("mis dans son sac")
    assert len(counter.tickets_of_day(hands.desk)) == 1
    assert checks(hands) == [(lot, ""), (lot, "mis dans son sac")]


def test_what_is_put_forward_is_said_quietly(hands: Hands) -> None:
    line = ReceivedLine(
        pieces=8,
        article_id=hands.goods.articles["yaourt"],
        date_kind=DateKind.BEST_BEFORE,
        limit_on=hands.desk.clock.today(),
    )
    receive.record_reception(hands.desk, ReceptionForm(Origin.FOOD_BANK, (line,)))
    forward.put_forward(
        hands.desk, next(n.id for n in stock.lots_in_stock(hands.desk) if n.article == "Yaourt nature"), double=True
    )
    till = hands.at_till_of("sophie")
    assert "Yaourt nature (double)" in till.entry.hint.text()
