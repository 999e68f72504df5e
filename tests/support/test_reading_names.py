"""Names as people type them, and figures as people read them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.support import format as shown
from epicerie_desktop.support import i18n
from epicerie_desktop.support.clock import Clock, FrozenClock
from epicerie_desktop.support.text import digits, fold, phone_digits, search_words, words

NB, NN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Crèvecœur", "crevecoeur"),
        ("CRÈVECŒUR", "crevecoeur"),
        ("Łukaszewicz", "lukaszewicz"),
        ("Yılmaz", "yilmaz"),
        ("İnönü", "inonu"),
        ("Großmann", "grossmann"),
        ("Ågård Ødegård", "agard odegard"),
        ("Nguyễn Đức", "nguyen duc"),
        ("ﬁancé", "fiance"),
        ("Шевченко", "шевченко"),
        ("أحمد", "احمد"),
    ],
)
def test_a_name_is_folded_whatever_its_letters(name: str, folded: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, name)) == folded


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("D'Almeida", {"d", "almeida", "dalmeida"}),
        ("D’Almeida", {"d", "almeida", "dalmeida"}),
        ("Jean-Pierre", {"jean", "pierre", "jeanpierre"}),
        ("Le Goff", {"le", "goff", "legoff"}),
        ("N'Diaye-Traoré", {"n", "diaye", "traore", "ndiayetraore"}),
        ("Шевченко", {"шевченко"}),
        ("  ", set()),
    ],
)
def test_a_name_is_found_in_pieces_and_glued(name: str, found_by: set[str]) -> None:
    assert search_words(name) == found_by


@given(st.text())
def test_folding_is_done_once_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(w and w == fold(w) for w in words(text))
    assert set(words(text)) <= search_words(text)


def test_a_telephone_is_its_digits() -> None:
    assert digits("04 71.60-00 ٣00") == "047160" + "00" + "00"


def test_a_telephone_is_the_same_written_from_abroad() -> None:
    for typed in ("04 71 60 12 34", "+33 4 71 60 12 34", "+33 (0)4 71 60 12 34", "0033471601234"):
        assert phone_digits(typed) == "0471601234"
    assert (phone_digits("+32 470 12 34 56"), phone_digits("33"), phone_digits("")) == ("32470123456", "33", "")


def test_figures_read_as_in_french() -> None:
    assert shown.money(1234567) == f"12{NN}345,67{NB}€"
    assert shown.money(-5) == f"−0,05{NB}€"
    assert shown.kilos(1_250) == f"1,250{NB}kg"
    assert shown.number(10_000) == f"10{NN}000"
    assert (shown.plain_money(0), shown.plain_kilos(7)) == ("0,00", "0,007")
    assert (shown.percent(100), shown.percent(125), shown.percent(5)) == (f"10{NB}%", f"12,5{NB}%", f"0,5{NB}%")
    assert (shown.month("2026-08"), shown.day(date(2026, 8, 1))) == ("août 2026", "01/08/2026")
    assert shown.long_day(date(2026, 11, 22)) == "dimanche 22 novembre 2026"
    assert [shown.partial_date(d) for d in ("1985-03-12", "1985-03", "1985", None)] == [
        "12/03/1985",
        "03/1985",
        "1985",
        "–",
    ]


def test_instants_are_those_of_france_summer_and_winter() -> None:
    assert shown.instant(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)) == "01/08/2026 00:30"
    assert shown.instant(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == "31/12/2026 23:30"
    assert FrozenClock(datetime(2026, 7, 31, 22, 30, tzinfo=UTC)).today() == date(2026, 8, 1)
    assert FrozenClock.on(date(2026, 3, 29), 2, 30).today() == date(2026, 3, 29), "an hour that does not exist"
    assert Clock().now().tzinfo is UTC


def test_the_language_in_use_is_followed() -> None:
    assert shown.month("2026-08") == "août 2026"
    if "en" in i18n.languages():
        i18n.use_language("en")
        assert (shown.money(123456), shown.month("2026-08")) == (f"1,234.56{NB}€", "August 2026")
