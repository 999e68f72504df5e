"""A calendar file (iCalendar, RFC 5545) that any diary reads: hours of France, and nothing that tells who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from epicerie_desktop.domain.agenda import CalendarEntry
from epicerie_desktop.support.clock import PARIS


def written(entries: Sequence[CalendarEntry], now: datetime) -> bytes:
    """Return the file of `entries`, in their order. Hours are those of France, whatever the season and the reader's zone.

    The same entry written again after it was moved replaces the first in a diary: same `UID`, higher `SEQUENCE`.
    """
    from icalendar import Calendar, Event, Timezone

    made = Calendar()
    made.add("prodid", "-//epicerie-desktop//agenda//FR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if entries:
        first, last = min(e.start for e in entries), max(e.start for e in entries)
        # A year on each side: the change of hour before the first entry must be told too.
        span = (first.date() - timedelta(days=366), last.date() + timedelta(days=366))
        made.add_component(Timezone.from_tzinfo(PARIS, "Europe/Paris", *span))
    for entry in entries:
        start = entry.start.astimezone(PARIS)
        event = Event()
        event.add("uid", f"{entry.uid}@epicerie")
        event.add("sequence", entry.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", start)
        event.add("dtend", (entry.start + timedelta(minutes=entry.minutes)).astimezone(PARIS))
        event.add("summary", entry.summary)
        if entry.place:
            event.add("location", entry.place)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("class", "PRIVATE")
        made.add_component(event)
    return bytes(made.to_ical())
