"""The hours volunteers give: to what, and how they are counted. Knows no name."""

from __future__ import annotations

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


def hundredths(minutes: int) -> int:
    """Return minutes, whole quarters, as hundredths of an hour: 45 is 75."""
    return minutes * 100 // 60
