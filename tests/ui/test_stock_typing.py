"""What is typed or scanned at reception: the date of a pack, a family's letters, a label that tells weight, date and lot."""

from __future__ import annotations

import calendar
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.ui.stock.goods import Found, Good, Goods, Reader, UnknownCode
from epicerie_desktop.ui.stock.limits import LOOKS_BACK, parse_limit

TODAY = date(2026, 11, 20)
DLC, DDM = DateKind.USE_BY, DateKind.BEST_BEFORE


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        ("25/11", DLC, (DLC, date(2026, 11, 25))),
        (" 25-11 ", DLC, (DLC, date(2026, 11, 25))),
        ("25.11.26", DLC, (DLC, date(2026, 11, 25))),
        ("25/11/2027", DDM, (DDM, date(2027, 11, 25))),
        ("251126", DLC, (DLC, date(2026, 11, 25))),
        ("25112026", DLC, (DLC, date(2026, 11, 25))),
        ("2511", DLC, (DLC, date(2026, 11, 25))),
        ("15/01", DLC, (DLC, date(2027, 1, 15))),
        ("18/11", DLC, (DLC, date(2026, 11, 18))),
        ("29/02", DDM, (DDM, date(2028, 2, 29))),
        ("2026-12-01", DLC, (DLC, date(2026, 12, 1))),
        ("11/2027", DDM, (DDM, date(2027, 11, 30))),
        ("02/2028", DDM, (DDM, date(2028, 2, 29))),
        ("2028", DDM, (DDM, date(2028, 12, 31))),
        ("ddm 11/2027", DLC, (DDM, date(2027, 11, 30))),
        ("DLC 25/11", DDM, (DLC, date(2026, 11, 25))),
        ("DLUO : 25/11/26", DLC, (DDM, date(2026, 11, 25))),
    ],
)
def test_a_date_is_read_as_packs_and_people_write_it(typed: str, kind: DateKind, found: tuple[DateKind, date]) -> None:
    assert parse_limit(typed, TODAY, kind) == found


@pytest.mark.parametrize(
    "typed", ["", "demain", "31/11", "29/02/2027", "32/1", "00/00", "13/2027", "3017620422003", "1/1/1/1", "112026"]
)
def test_what_is_no_date_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_limit(typed, TODAY, DDM)


@pytest.mark.parametrize("typed", ["11/2027", "2028", "DLC 11/2027"])
def test_a_use_by_date_needs_its_day(typed: str) -> None:
    with pytest.raises(BadInput, match="Une DLC porte un jour"):
        parse_limit(typed, TODAY, DLC)


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.integers(0, 272))
def test_a_day_typed_without_its_year_is_found_again_around_today(today: date, ahead: int) -> None:
    meant = today - LOOKS_BACK + timedelta(days=ahead)
    if (meant.month, meant.day) != (2, 29):
        assert parse_limit(f"{meant:%d/%m}", today, DLC) == (DLC, meant)
    last = calendar.monthrange(meant.year, meant.month)[1]
    assert parse_limit(f"{meant:%m/%Y}", today, DDM) == (DDM, meant.replace(day=last))


@given(st.text(alphabet="0123456789/-. dlcmDLCM\u0660é", max_size=12))
def test_no_text_breaks_the_reading_of_a_date(typed: str) -> None:
    with suppress(BadInput):
        kind, found = parse_limit(typed, TODAY, DLC)
        assert kind is not DateKind.NONE
        assert isinstance(found, date)


def good(article: int, name: str, family: str, *, by: SoldBy = SoldBy.WEIGHT, generic: bool = False) -> Good:
    return Good(article, name, family, 1, by, False, generic)


GOODS = Goods(
    (
        good(1, "Fruits et légumes", "Fruits et légumes", generic=True),
        good(2, "Produits laitiers et œufs", "Produits laitiers et œufs", generic=True),
        good(3, "Carottes", "Fruits et légumes"),
        good(4, "Lait demi-écrémé 1 l", "Produits laitiers et œufs", by=SoldBy.PIECE),
        good(5, "Compote de fruits", "Produits sucrés", by=SoldBy.PIECE),
    ),
    {"3017620422003": 4, "12345678905": 5, "77": 3},
)
READER = Reader(1, 1)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("fruits", 1),
        ("legu", 1),
        ("car", 3),
        ("lait", 4),
        ("oeufs", 2),
        ("œuf", 2),
        ("prod lai", 2),
        ("leg car", 3),
        ("compote", 5),
    ],
)
def test_a_few_letters_find_the_good_meant(typed: str, first: int) -> None:
    assert GOODS.matching(typed)[0].article == first


def test_letters_that_match_nothing_find_nothing() -> None:
    assert GOODS.matching("zz") == GOODS.matching("") == ()


def test_a_code_finds_its_article_whatever_its_leading_zeros() -> None:
    assert READER.meaning("3017620422003", GOODS) == Found(GOODS.all[3])
    for code in ("012345678905", "0012345678905"):
        assert READER.meaning(code, GOODS) == Found(GOODS.all[4])
    assert READER.meaning("77", GOODS) == Found(GOODS.all[2])


def test_a_label_tells_its_date_and_its_lot() -> None:
    found = READER.meaning("(01)03017620422003(17)261125(10)L42", GOODS)
    said = "Lu sur l’étiquette\xa0: lot L42, DLC 25/11/2026."
    assert found == Found(GOODS.all[3], date_kind=DLC, limit_on=date(2026, 11, 25), lot_code="L42", said=said)


def test_a_right_code_that_no_article_has_is_kept_to_be_tied() -> None:
    found = READER.meaning("5449000000996", GOODS)
    assert isinstance(found, UnknownCode)
    assert (found.code, found.remember) == ("5449000000996", "5449000000996")


@pytest.mark.parametrize("typed", ["3017620422004", "2111111111119"])
def test_a_misread_code_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        READER.meaning(typed, GOODS)


def test_letters_are_given_back_to_be_looked_for() -> None:
    assert READER.meaning(" carottes ", GOODS) == "carottes"
