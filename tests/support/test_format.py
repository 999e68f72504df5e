"""French is written without babel, and exactly as babel writes it, but for the first of the month: « 1er »."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from epicerie_desktop.support import format as shown
from epicerie_desktop.support import i18n


def test_french_dates_are_those_of_the_locale() -> None:
    for ahead in range(0, 800, 5):
        day = date(2024, 1, 1) + timedelta(days=ahead)
        for written, pattern in ((shown.long_day(day), "full"), (shown.middle_day(day), "long")):
            first = "1er" if day.day == 1 else str(day.day)
            assert written == format_date(day, pattern, locale="fr").replace(f"{day.day} ", f"{first} ", 1)
        assert shown.month(f"{day:%Y-%m}") == format_date(day, "LLLL y", locale="fr")
    assert shown.middle_day(date(2027, 2, 1)) == "1er février 2027"


def test_french_separators_are_those_of_the_locale() -> None:
    thousands, decimals = get_group_symbol("fr"), get_decimal_symbol("fr")
    assert shown.plain_money(123456789) == f"1{thousands}234{thousands}567{decimals}89"
    assert shown.kilos(-1250) == f"−1{decimals}250{i18n.NBSP}kg"


def test_another_language_keeps_its_own_dates_and_separators() -> None:
    i18n._language = "en"
    assert shown.number(12345) == "12,345"
    assert shown.month("2026-11") == "November 2026"
