"""Reads the date of a pack as people type it. Knows no widget."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

LOOKS_BACK = timedelta(days=90)
"""A date typed without its year is the first one after so many days ago: in November, « 15/01 » is next January."""

_KIND = re.compile(r"\s*(dlc|ddm|dluo)\b[\s:]*", re.IGNORECASE)
_ISO = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})")
_PARTS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?")
_MONTH = re.compile(r"(\d{1,2})[/.\- ](20\d\d)")
_GLUED = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})?")
_YEAR = re.compile(r"20\d\d")


def parse_limit(typed: str, today: date, kind: DateKind) -> tuple[DateKind, date]:
    """Return the nature and the last day of a date typed « 25/11 », « 25/11/26 », « 251126 », « DDM 11/2026 », « 2027 ».

    `kind` is the nature where none was typed. A best-before date told by the month or the year lasts until its last day.
    Raises `BadInput`: not a date, a day that does not exist, a use-by date without its day.
    """
    named = _KIND.match(typed)
    if named:
        kind = DateKind.USE_BY if named[1].casefold() == "dlc" else DateKind.BEST_BEFORE
    text = " ".join((typed[named.end() :] if named else typed).split())
    if found := _ISO.fullmatch(text):
        return kind, _day(int(found[1]), int(found[2]), int(found[3]), typed)
    if found := _MONTH.fullmatch(text):
        return kind, _end_of_month(int(found[2]), int(found[1]), kind, typed)
    if (found := _PARTS.fullmatch(text)) or (found := _GLUED.fullmatch(text)):
        if _YEAR.fullmatch(text) and int(found[2]) > 12:
            return kind, _end_of_month(int(text), 12, kind, typed)
        return kind, _full(int(found[1]), int(found[2]), found[3], today, typed)
    raise BadInput(N_("« {typed} » n'est pas une date. Tapez par exemple 25/11 ou 25/11/26."), typed=typed.strip())


def precision_of(typed: str) -> Precision:
    """Return how exactly a date that `parse_limit` understands is written: « 11/2027 » is a month, « 2027 » a year."""
    named = _KIND.match(typed)
    text = " ".join((typed[named.end() :] if named else typed).split())
    if _MONTH.fullmatch(text):
        return Precision.MONTH
    return Precision.YEAR if _YEAR.fullmatch(text) and int(text[2:]) > 12 else Precision.DAY


def _full(day: int, month: int, year: str | None, today: date, typed: str) -> date:
    if year is not None:
        return _day(int(year) if len(year) == 4 else 2000 + int(year), month, day, typed)
    since = today - LOOKS_BACK
    for candidate in range(since.year, since.year + 9):
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(candidate, month)[1]:
            found = date(candidate, month, day)
            if found >= since:
                return found
    raise _unreal(typed)


def _end_of_month(year: int, month: int, kind: DateKind, typed: str) -> date:
    if kind is DateKind.USE_BY:
        raise BadInput(
            N_(
                "Une DLC porte un jour : tapez-le, par exemple 25/11. Un mois seul est une DDM (à consommer de préférence)."
            )
        )
    if not 1 <= month <= 12:
        raise _unreal(typed)
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _unreal(typed) from None


def _unreal(typed: str) -> BadInput:
    return BadInput(N_("Le jour « {typed} » n'existe pas : relisez la date."), typed=typed.strip())
