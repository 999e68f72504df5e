"""Weighing at the till, by its keys: the check that is overdue, what is too light, the tare typed, the scale asked once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from sqlalchemy import select

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.domain.check_digits import gs1_check_digit
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.persistence.models import SaleLine
from epicerie_desktop.services import labels, sheets, weighing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.labels import LayoutForm
from epicerie_desktop.services.queries.counter import tickets_of_day
from epicerie_desktop.services.weighing import ScaleForm
from epicerie_desktop.support.i18n import NBSP

if TYPE_CHECKING:
    from tests.ui.conftest import Hands

KEY = Qt.Key


def plain(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace("\u202f", " ").replace("’", "'")


def note_scale(desk: Desk, *, days_left: int | None = None, accuracy_class: str = "III", minimum: int = 100) -> int:
    scale = weighing.save_scale(desk, ScaleForm("METTLER", "Ariva-S", "B1", accuracy_class, 15_000, minimum, 5))
    if days_left is not None:
        today = desk.clock.today()
        weighing.record_check(desk, scale, today - timedelta(days=730), today + timedelta(days=days_left))
    return scale


def carrots(hands: Hands, before: str = "") -> None:
    hands.type(f"{before}caro")
    hands.enter()


def test_an_overdue_check_sells_by_the_bag_and_no_weight_is_asked_nor_typed(hands: Hands) -> None:
    note_scale(hands.desk, days_left=-1)
    till = hands.at_till_of("sophie")
    hands.scale.put(1240)
    carrots(hands)
    assert till.step is till.bags.step
    assert "échue depuis le" in plain(till.bags.step.hint.text())
    hands.enter()
    carrots(hands)
    hands.enter("3*0,25")
    carrots(hands, "2*")
    hands.enter("0,80")
    assert till.basket is not None
    assert [(n.shelf_cents, n.source) for n in till.basket.lines] == [
        (100, WeightSource.ESTIMATED), (75, WeightSource.ESTIMATED), (160, WeightSource.ESTIMATED)
    ]  # fmt: skip
    hands.press(KEY.Key_F12)
    hands.enter("10")
    (ticket,) = tickets_of_day(hands.desk)
    assert ticket.shelf_cents == 335
    printed = sheets.ticket(hands.desk, ticket.sale).lines
    assert [line.estimated for line in printed] == [True] * 3


def test_a_gift_is_weighed_whatever_the_check_says(hands: Hands) -> None:
    scale = note_scale(hands.desk, days_left=-1)
    till = hands.at_till_of("louise")
    carrots(hands)
    assert till.step is till.weighing
    assert "ne fait pas de prix" in plain(till.weighing.hint.text())
    hands.scale.put(60)
    hands.enter()
    assert till.basket is not None
    assert [(n.grams, n.gross_grams, n.scale) for n in till.basket.lines] == [(60, 60, scale)]


def test_a_scale_soon_to_be_checked_says_so_and_weighs(hands: Hands) -> None:
    note_scale(hands.desk, days_left=20)
    till = hands.at_till_of("sophie")
    carrots(hands)
    assert "faire vérifier avant le" in plain(till.weighing.hint.text())
    hands.scale.put(1240)
    hands.enter()
    hands.press(KEY.Key_F12)
    hands.enter("10")
    with hands.desk.db.read() as session:
        (line,) = session.scalars(select(SaleLine))
        assert (line.grams, line.gross_grams, line.source) == (1240, 1240, WeightSource.SCALE)
        assert line.scale_id is not None


def test_goods_under_the_minimum_go_by_the_piece_be_they_weighed_or_typed(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    carrots(hands)
    hands.scale.put(95)
    hands.enter()
    assert till.step is till.bags.step
    assert "sous le minimum" in plain(till.bags.step.hint.text())
    hands.press(KEY.Key_Escape)
    carrots(hands)
    hands.enter("0,095")
    assert till.step is till.bags.step
    hands.enter("0,20")
    carrots(hands)
    hands.scale.put(100)
    hands.enter()
    assert till.basket is not None
    assert [(n.shelf_cents, n.source) for n in till.basket.lines] == [
        (20, WeightSource.ESTIMATED), (20, WeightSource.SCALE)
    ]  # fmt: skip


def test_a_weight_is_typed_with_its_tare_and_costs_the_keys_of_the_weight_alone(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    carrots(hands)
    hands.enter("1,300-0,050")
    assert till.basket is not None
    (line,) = till.basket.lines
    assert (line.grams, line.tare_grams, line.gross_grams, line.source) == (1250, 50, 1300, WeightSource.TYPED)


def test_a_weight_between_two_divisions_is_shown_explained_and_taken_as_it_is(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    carrots(hands)
    hands.scale.put(1252)
    assert "échelon" in till.weighing.said.text()
    hands.enter()
    assert till.basket is not None
    assert till.basket.lines[0].grams == 1252


def test_a_scale_asked_once_a_weight_books_its_answer_on_the_same_enter(hands: Hands) -> None:
    till = hands.at_till_of("sophie")
    type(hands.scale).on_demand = True
    try:
        carrots(hands)
        hands.scale._current = Reading(None, False, error="not_moved")
        hands.enter()
        assert "reposez-le" in plain(till.weighing.trouble.text())
        hands.scale._current = Reading(1250, True, False, unit="kg")
        hands.enter()
    finally:
        type(hands.scale).on_demand = False
    assert till.basket is not None
    assert [n.grams for n in till.basket.lines] == [1250]


def label_of(payload: str) -> str:
    return payload + gs1_check_digit(payload)


def know(desk: Desk, source: str, pattern: str) -> None:
    labels.save_layout(desk, LayoutForm(source, pattern))


def test_a_label_of_a_donor_is_named_once_then_gives_its_weight_and_shows_what_was_read(hands: Hands) -> None:
    know(hands.desk, "Halle", "21IIIIIWWWWWC")
    till = hands.at_till_of("sophie")
    hands.enter(label_of("211234500750"))
    assert till.entry.asking is not None
    hands.type("caro")
    hands.enter()
    hands.enter(label_of("211234501500"))
    assert till.basket is not None
    assert [(n.name, n.grams, n.source) for n in till.basket.lines] == [
        ("Carottes", 750, WeightSource.LABEL), ("Carottes", 1500, WeightSource.LABEL)
    ]  # fmt: skip
    assert "« Halle » : 1,500 kg" in plain(till.pane.news.text)


def test_a_label_of_two_donors_asks_whose_it_is_and_a_price_never_makes_a_participation(hands: Hands) -> None:
    know(hands.desk, "Halle", "21IIIIIWWWWWC")
    know(hands.desk, "Marché", "21IIIIIPPPPPC")
    till = hands.at_till_of("sophie")
    code = label_of("211234500750")
    hands.enter(code)
    assert till.step is till.donor
    assert "1 : Halle (0,750 kg)" in plain(till.donor.hint.text())
    assert "2 : Marché (prix du magasin 7,50 €)" in plain(till.donor.hint.text())
    hands.enter("3")
    assert "numéro" in till.donor.trouble.text()
    hands.enter("2")
    assert till.entry.asking is not None
    hands.type("caro")
    hands.enter()
    assert till.step is till.weighing
    hands.enter("0,500")
    assert till.basket is not None
    assert [(n.grams, n.shelf_cents, n.source) for n in till.basket.lines] == [(500, 100, WeightSource.TYPED)]


def test_an_overdue_scale_leaves_the_weight_of_a_donor_s_label_alone(hands: Hands) -> None:
    know(hands.desk, "Halle", "21IIIIIWWWWWC")
    note_scale(hands.desk, days_left=-1)
    till = hands.at_till_of("sophie")
    hands.enter(label_of("211234500750"))
    hands.type("caro")
    hands.enter()
    assert till.basket is not None
    assert [(n.grams, n.source) for n in till.basket.lines] == [(750, WeightSource.LABEL)]
