"""Amounts, weights and dates as people read them, in the language in use. The window, the paper and the terminal share it."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import NBSP, NNBSP, SOURCE_LANGUAGE, language

# French, in which every shop starts, needs no babel: reading its locale costs as much as showing the first window.
_MONTH = "LLLL y"
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


_REGIONS = {"en": "en_GB", "ar": "ar_MA", "pt": "pt_PT"}
"""How a language writes here: the day before the month, the decimal comma of the price tags. Arabic names its months by their common name."""


@lru_cache(maxsize=8)
def _separators(locale: str) -> tuple[str, str]:
    """Return what sets thousands apart and what precedes the decimals (babel looks its locale up again at each call)."""
    if locale == SOURCE_LANGUAGE:
        return NNBSP, ","
    from babel.numbers import get_decimal_symbol, get_group_symbol

    place = _REGIONS.get(locale, locale)
    return get_group_symbol(place), get_decimal_symbol(place)


def _grouped(value: int, places: int) -> str:
    """Return a scaled integer with the separators of the language (French: narrow no-break space and comma)."""
    thousands, decimals = _separators(language())
    sign = "−" if value < 0 else ""
    whole, rest = divmod(abs(value), 10**places)
    text = f"{whole:,}".replace(",", thousands)
    return f"{sign}{text}{decimals}{rest:0{places}d}" if places else f"{sign}{text}"


def number(value: int) -> str:
    """Return an integer with its thousands set apart: « 12 345 »."""
    return _grouped(value, 0)


def tenths(value: int) -> str:
    """Return tenths as a person writes them, without a needless decimal: « 3,5 », « −18 »."""
    return _grouped(value, 1) if value % 10 else _grouped(value // 10, 0)


def money(cents: int) -> str:
    """Return an amount of cents: « 12,50 € »."""
    return f"{_grouped(cents, 2)}{NBSP}€"


def plain_money(cents: int) -> str:
    """Return an amount of cents without its sign, as a person would type it: « 12,50 »."""
    return _grouped(cents, 2)


def kilos(grams: int) -> str:
    """Return a weight in kilos to the gram: « 1,250 kg »."""
    return f"{_grouped(grams, 3)}{NBSP}kg"


def plain_kilos(grams: int) -> str:
    """Return a weight in kilos to the gram, without its unit: « 1,250 »."""
    return _grouped(grams, 3)


def percent(permille: int) -> str:
    """Return a rate of thousandths: « 10 % », « 12,5 % »."""
    return f"{_grouped(permille, 1) if permille % 10 else _grouped(permille // 10, 0)}{NBSP}%"


@lru_cache(maxsize=2048)
def _date(value: date, pattern: str, locale: str) -> str:
    if locale == SOURCE_LANGUAGE:
        month_shown = f"{_MONTHS[value.month - 1]} {value.year}"
        if pattern == _MONTH:
            return month_shown
        # The one day French reads as an ordinal, which babel does not know.
        day_shown = f"{'1er' if value.day == 1 else value.day} {month_shown}"
        return f"{_WEEKDAYS[value.weekday()]} {day_shown}" if pattern == "full" else day_shown
    from babel.dates import format_date

    return format_date(value, pattern, locale="ar" if locale == "ar" else _REGIONS.get(locale, locale))


def day(value: date) -> str:
    """Return a date in figures: « 22/11/2026 »."""
    return value.strftime("%d/%m/%Y")


def long_day(value: date) -> str:
    """Return a date in words: « dimanche 22 novembre 2026 »."""
    return _date(value, "full", language())


def middle_day(value: date) -> str:
    """Return a date in words without its weekday: « 22 novembre 2026 »."""
    return _date(value, "long", language())


def month(value: str) -> str:
    """Return « novembre 2026 » for `2026-11`."""
    return _date(date(int(value[:4]), int(value[5:7]), 1), _MONTH, language())


def instant(value: datetime) -> str:
    """Return an instant as date and time in France: « 22/11/2026 à 14:05 »."""
    local = value.astimezone(PARIS)
    return f"{local:%d/%m/%Y} {local:%H:%M}"


def hour(value: time | datetime) -> str:
    """Return an hour of France: « 14 h 30 »; an instant is first read in France."""
    local = value.astimezone(PARIS).time() if isinstance(value, datetime) else value
    if language() == SOURCE_LANGUAGE:
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    return f"{local:%H:%M}"


def duration(minutes: int) -> str:
    """Return a length of time: « 45 min », « 2 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def partial_date(iso: str | None) -> str:
    """Return « 12/03/1985 », « 03/1985 » or « 1985 » for a stored birth date, « – » where unknown."""
    return "/".join(reversed(iso.split("-"))) if iso else "–"
