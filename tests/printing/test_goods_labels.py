from __future__ import annotations

from datetime import date, timedelta

import pytest

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.goods_labels import LotLabel, ShelfLabel
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.printing import goods_labels

DAY = date(2026, 11, 20)
CRATE = LotLabel(
    "Yaourts nature", 42, "L2611B", "Banque Alimentaire", "Banque Alimentaire du Cantal", "40 pièces", DAY, DateKind.USE_BY,
    DAY + timedelta(days=12), Precision.DAY,
)  # fmt: skip


def test_a_shelf_label_says_the_article_its_value_and_a_code_that_is_read_back(read):
    paper = read(goods_labels.shelf_labels([ShelfLabel("Carottes", "Légumes", SoldBy.WEIGHT, 220, "C12")]))
    for words in ("Carottes", "2,20 €", "le kilo", "Légumes", "C12"):
        assert words in paper.text
    without = read(goods_labels.shelf_labels([ShelfLabel("Pain", "Boulangerie", SoldBy.PIECE, None, "")]))
    assert "€" not in without.text


def test_a_lot_label_says_the_date_the_origin_and_the_numbers(read):
    text = read(goods_labels.lot_labels([CRATE])).text
    for words in (
        "Yaourts nature",
        "DLC",
        "02/12/26",
        "reçu le",
        "Banque Alimentaire",
        "n° 42",
        "lot L2611B",
        "40 pièces",
    ):
        assert words in text


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (24, 1), (25, 2), (49, 3)])
def test_labels_stand_three_by_eight_and_none_is_lost(read, count, pages):
    paper = read(goods_labels.lot_labels([CRATE] * count))
    assert len(paper.pages) == pages
    assert paper.text.count("Yaourts nature") == count
    for page in paper.reader.pages:
        assert [round(v) for v in page.mediabox[2:]] == [595, 842]
