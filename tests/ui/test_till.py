"""The till, by its keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.persistence.models import Lot
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import held_baskets, price_list, tickets_of_day
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import NBSP
from epicerie_desktop.ui.till.entry import read_typed
from epicerie_desktop.ui.till.questions import read_pack_date

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key
TODAY = date(2026, 11, 20)


def _plain(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace("\u202f", " ").replace("’", "'")


def _notes(desk: Desk) -> list[str]:
    with desk.db.read() as session:
        return list(session.execute(text("select note from sale order by id")).scalars())


def test_a_family_is_served_by_the_keyboard_alone_from_its_name_to_its_ticket(hands: Hands) -> None:
    hands.enter("sophie")
    assert hands.counter.card.visit is not None
    hands.enter()
    hands.type("car")
    hands.enter()
    hands.scale.put(1240)
    hands.enter()
    hands.enter("3*3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter("10")
    (ticket,) = tickets_of_day(hands.desk)
    assert (ticket.grams, ticket.shelf_cents, ticket.paid_cents) == (1240 + 1500, 248 + 285, 25 + 29)
    assert ticket.number in hands.till.closing.done.title.text()
    assert _plain(hands.till.closing.done.change.text()) == "9,46 €"
    hands.enter()
    assert hands.counter.search.line.hasFocus()
    assert held_baskets(hands.desk) == ()


def test_a_basket_cut_between_two_lines_is_offered_again_and_goes_on(
    hands: Hands, another_start: Callable[..., Hands]
) -> None:
    hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.type("yao")
    hands.enter()
    clock = hands.desk.clock
    hands.stop()
    hands.desk.db.close()
    again = another_start("mot de passe d'essai", clock)
    assert [h.lines for h in again.counter.today.held] == [2]
    again.press(KEY.Key_F9)
    assert again.till.basket is not None
    assert [line.name for line in again.till.basket.lines] == ["Pâtes coquillettes", "Yaourt nature"]
    again.press(KEY.Key_F12)
    again.enter()
    assert [t.shelf_cents for t in tickets_of_day(again.desk)] == [135]


def test_a_double_enter_and_a_held_key_book_once(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.hold_enter()
    assert till.basket is not None
    assert till.basket.lines[0].pieces == 1
    hands.press(KEY.Key_F12)
    hands.hold_enter()
    assert tickets_of_day(hands.desk) == ()
    till.closing.payment.submit()
    till.closing.payment.submit()
    till.closing.payment.confirm.click()
    hands.idle()
    assert len(tickets_of_day(hands.desk)) == 1
    hands.hold_enter()
    assert till.step is till.closing.done


def test_a_barcode_scanned_into_a_money_field_is_caught(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter("3017620422003")
    assert "code-barres" in till.closing.payment.trouble.text()
    assert tickets_of_day(hands.desk) == ()
    hands.enter("0,05")
    assert "Il manque" in till.closing.payment.trouble.text()
    hands.enter("0,10")
    assert [t.paid_cents for t in tickets_of_day(hands.desk)] == [10]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1,2.5", "n'est pas un poids"), ("0", "supérieur à zéro"), ("-2", "supérieur à zéro"), ("18", "dépasse"), ("3017620422003", "code-barres")],
)  # fmt: skip
def test_a_weight_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_lost(
    hands: Hands, typed: str, said: str
) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.type("caro")
    hands.enter()
    hands.enter(typed)
    assert said in _plain(till.weighing.trouble.text())
    hands.enter("1,2")
    assert till.basket is not None
    assert [(n.grams, n.source) for n in till.basket.lines[1:]] == [(1200, WeightSource.TYPED)]


def test_only_a_stable_reading_is_booked_and_never_the_weight_of_the_bag_before(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    for make in (
        hands.scale.put_moving,
        lambda: hands.scale.put(-50),
        lambda: hands.scale.put(16_000),
        hands.scale.remove,
    ):
        hands.type("caro")
        hands.enter()
        make()
        hands.enter()
        assert till.step is till.weighing
        assert till.weighing.trouble.text()
        hands.press(KEY.Key_Escape)
    hands.type("caro")
    hands.enter()
    hands.scale.put(850)
    hands.enter()
    hands.type("caro")
    hands.enter()
    hands.enter()
    assert "article précédent" in till.weighing.trouble.text()
    hands.scale.remove()
    hands.scale.put(850)
    hands.enter()
    assert till.basket is not None
    assert [(n.grams, n.source) for n in till.basket.lines] == [(850, WeightSource.SCALE)] * 2


def test_a_missing_value_is_asked_once(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.type("patat")
    hands.enter()
    assert till.step is till.value
    hands.enter("1,80")
    hands.enter("2")
    hands.type("patat")
    hands.enter()
    assert till.step is till.weighing
    hands.enter("1")
    assert till.basket is not None
    assert till.basket.shelf_cents == 540
    assert price_list(hands.desk).offers[hands.goods.articles["patates"]].reference_cents == 180


def test_a_wrong_check_digit_is_told_and_an_unknown_code_is_named_once(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3017620422004")
    assert "contrôle" in till.entry.trouble.text()
    hands.press(KEY.Key_Escape)
    hands.enter("3560070278831")
    assert "3560070278831" in till.entry.title.text()
    hands.type("yao")
    hands.enter()
    hands.enter("3560070278831")
    assert till.basket is not None
    assert [(n.name, n.pieces) for n in till.basket.lines] == [("Yaourt nature", 2)]


def test_a_lone_number_adds_nothing(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("15")
    assert "15*" in till.entry.trouble.text()
    assert till.basket is not None
    assert till.basket.lines == ()


def test_a_removed_line_comes_back(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.type("yao")
    hands.enter()
    hands.press(KEY.Key_Up, KEY.Key_Delete)
    assert till.basket is not None
    assert [n.name for n in till.basket.lines] == ["Yaourt nature"]
    hands.press(KEY.Key_F8)
    assert [n.name for n in till.basket.lines] == ["Pâtes coquillettes", "Yaourt nature"]
    assert [h.lines for h in held_baskets(hands.desk)] == [2]


def test_a_basket_over_the_ceiling_says_so_before_closing_and_needs_a_reason(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    hands.enter("22*3017620422003")
    assert "dépasse de 0,90 €" in _plain(till.side._gauges[0].left.text())
    hands.press(KEY.Key_F12)
    hands.enter("3017620422003")
    assert till.step is till.closing.agreement
    hands.enter("naissance d'un enfant")
    hands.enter()
    assert _notes(hands.desk) == ["naissance d'un enfant"]


def test_a_basket_with_nothing_to_pay_asks_nothing(hands: Hands) -> None:
    hands.at_till_of("louise")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    assert "Rien à payer" in hands.till.closing.payment.hint.text()
    hands.enter()
    assert [(t.shelf_cents, t.paid_cents) for t in tickets_of_day(hands.desk)] == [(95, 0)]


def test_an_article_known_only_past_its_date_asks_the_date_on_the_pack(hands: Hands) -> None:
    with hands.desk.db.write() as session:
        session.add(
            Lot(article_id=hands.goods.articles["yaourt"], origin=Origin.FOOD_BANK, received_on=TODAY - timedelta(days=9), code="",
                date_kind=DateKind.USE_BY, limit_on=TODAY - timedelta(days=1), balance_pieces=4, balance_grams=500)
        )  # fmt: skip
    till = hands.at_till_of("sophie")
    hands.type("yao")
    hands.enter()
    assert till.step is till.pack_date
    hands.enter("19/11")
    assert "Ne pas remettre" in till.pack_date.trouble.text()
    hands.enter("25/11")
    hands.press(KEY.Key_F12)
    hands.enter()
    assert [t.shelf_cents for t in tickets_of_day(hands.desk)] == [40]


def test_escape_leaves_the_basket_in_hand(hands: Hands) -> None:
    hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.press(KEY.Key_Escape)
    assert [h.lines for h in hands.counter.today.held] == [1]


def test_a_card_scanned_at_the_end_opens_the_next_household(hands: Hands) -> None:
    hands.at_till_of("sophie")
    hands.enter("3017620422003")
    hands.press(KEY.Key_F12)
    hands.enter()
    hands.enter(hands.goods.cards["Petit"].code)
    assert hands.counter.card.visit is not None
    assert hands.counter.card.visit.household == hands.goods.households["Petit"]


def test_a_scan_while_the_keyboard_is_elsewhere_reaches_the_field(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    till.side.hold_button.setFocus()
    hands.enter("3017620422003")
    assert till.basket is not None
    assert [n.pieces for n in till.basket.lines] == [1]


@pytest.mark.parametrize(("typed", "pieces", "rest"), [("3*pâtes", 3, "pâtes"), ("3 x pâtes", 3, "pâtes"), ("12 × 3017", 12, "3017"),
                                                       ("xérès", 1, "xérès"), ("2xérès", 1, "2xérès"), ("3017620422003", 1, "3017620422003")])  # fmt: skip
def test_a_number_of_pieces_is_read_before_the_article(typed: str, pieces: int, rest: str) -> None:
    read = read_typed(typed)
    assert (read.pieces, read.text) == (pieces, rest)


def test_a_number_of_pieces_out_of_range_is_refused() -> None:
    for typed in ("0*pâtes", "1000*pâtes"):
        with pytest.raises(BadInput):
            read_typed(typed)


@pytest.mark.parametrize(("typed", "read"), [("25/11", date(2026, 11, 25)), ("2/1", date(2027, 1, 2)), ("31.12.25", date(2025, 12, 31)),
                                             ("01/06/2027", date(2027, 6, 1))])  # fmt: skip
def test_a_date_on_a_pack_is_the_nearest_such_day(typed: str, read: date) -> None:
    assert read_pack_date(typed, TODAY) == read


def test_a_date_that_does_not_exist_is_refused() -> None:
    for typed in ("31/02", "31/02/2027", "demain", "2511"):
        with pytest.raises(BadInput):
            read_pack_date(typed, TODAY)
