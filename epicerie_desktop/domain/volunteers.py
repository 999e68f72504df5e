"""The hours volunteers give: to what, and how they are counted. Knows no name."""

from __future__ import annotations

import re
from enum import StrEnum

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

QUARTER = 15
"""Minutes: hours are noted by the quarter, so that their hundredths are exact."""
MOST_MINUTES = 16 * 60
"""Of one person on one day."""


class VolunteerTask(StrEnum):
    """What the hours went to."""

    WELCOME = "WELCOME"
    TILL = "TILL"
    STOCK = "STOCK"
    COLLECTION = "COLLECTION"
    WORKSHOP = "WORKSHOP"
    OFFICE = "OFFICE"
    OTHER = "OTHER"


def checked_minutes(minutes: int) -> int:
    """Return minutes that one person may give in a day. Raises `BadInput` for none, too many, or no whole quarter of an hour."""
    if not 0 < minutes <= MOST_MINUTES or minutes % QUARTER:
        raise BadInput(N_("Notez d'un quart d'heure à seize heures, par quart d'heure."))
    return minutes


_HOURS = re.compile(r"(\d{1,2})(?:\s*[,.]\s*(\d{1,2})|\s*(?:h|:)\s*(\d{1,2})?)?\s*h?", re.ASCII | re.IGNORECASE)


def minutes_of(typed: str) -> int:
    """Return the minutes of « 2 », « 2,5 », « 2h30 », « 2:30 ». Raises `BadInput` for anything else, or for no whole quarters."""
    found = _HOURS.fullmatch(typed.strip())
    if found is None:
        raise BadInput(N_("« {typed} » n'est pas une durée. Tapez par exemple 2,5 ou 2h30."), typed=typed.strip())
    decimals = found[2]
    minutes = int(found[1]) * 60 + int(found[3] or 0)
    if decimals is not None:
        part = int(decimals) * 60
        whole, rest = divmod(part, 10 ** len(decimals))
        minutes += whole if not rest else 1  # one is no quarter: refused below
    return checked_minutes(minutes)


def hundredths(minutes: int) -> int:
    """Return minutes, whole quarters, as hundredths of an hour: 45 is 75."""
    return minutes * 100 // 60
