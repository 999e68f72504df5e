"""The time of the machine, behind one small class, so that a test can freeze the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock:
    """Tells the instant (UTC) and the business day (the date in France)."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)

    def today(self) -> date:
        """Return the business day: the date in France at this instant."""
        return self.now().astimezone(PARIS).date()


@dataclass(frozen=True)
class FrozenClock(Clock):
    """A clock that stands still at `at` (aware), for tests, demonstrations and late entries."""

    at: datetime

    def now(self) -> datetime:
        """Return the frozen instant in UTC."""
        return self.at.astimezone(UTC).replace(microsecond=0)

    @classmethod
    def on(cls, day: date, hour: int = 10, minute: int = 0) -> FrozenClock:
        """Return a clock that stands at `hour`:`minute` in France on `day`."""
        return cls(datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS))


def day_of(instant: datetime) -> date:
    """Return the day of an instant, at the calendar of Paris."""
    return instant.astimezone(PARIS).date()
