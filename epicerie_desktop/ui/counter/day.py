"""All that the counter shows of a day, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.counter.reminders_pane import DayReminders, read_reminders

if TYPE_CHECKING:
    from epicerie_desktop.services.queries import counter
    from epicerie_desktop.services.queries.counter import FoundHousehold, HeldBasket, TicketRow
    from epicerie_desktop.services.safety import day_end
    from epicerie_desktop.services.safety.day_end import SafetyReminders
else:
    counter = late("epicerie_desktop.services.queries.counter")
    day_end = late("epicerie_desktop.services.safety.day_end")


@dataclass(frozen=True, slots=True)
class Day:
    """The baskets in hand, the tickets, the households expected, and what the day recalls."""

    held: tuple[HeldBasket, ...]
    tickets: tuple[TicketRow, ...]
    expected: tuple[FoundHousehold, ...]
    reminders: DayReminders
    safety: SafetyReminders


def read_day(desk: Desk) -> Day:
    """Return the day as the counter shows it."""
    return Day(
        counter.held_baskets(desk),
        counter.tickets_of_day(desk),
        counter.expected_this_week(desk),
        read_reminders(desk),
        day_end.safety_reminders(desk),
    )
