"""Appointments: their kinds and states, when each may be said, the hour as typed, and which of them overlap."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from epicerie_desktop.domain.support import PaperKind
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

EARLIEST, LATEST = time(6, 0), time(22, 0)
"""An appointment at night is a slip of the keyboard; no clock changes within these hours."""
SHORTEST, LONGEST = 5, 600
FURTHEST = timedelta(days=730)
_HOUR = re.compile(r"(\d{1,2})(?:\s*[h:.]\s*(\d{2})?)?", re.ASCII | re.IGNORECASE)


class AppointmentKind(StrEnum):
    """What an appointment is called; each name is neutral, for reception and calendars show it."""

    FIRST = "FIRST"
    FOLLOW_UP = "FOLLOW_UP"
    REVIEW = "REVIEW"
    RENEWAL = "RENEWAL"
    HOME_VISIT = "HOME_VISIT"
    PHONE = "PHONE"
    OTHER = "OTHER"


class AppointmentState(StrEnum):
    """What became of an appointment: EXCUSED when the household gave notice, CANCELLED when the shop gave it up."""

    PLANNED = "PLANNED"
    KEPT = "KEPT"
    EXCUSED = "EXCUSED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


TAKES_TIME = frozenset({AppointmentState.PLANNED, AppointmentState.KEPT})
"""The states in which the worker's time is taken."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Time taken from a worker (None: nobody's in particular): `key` names what takes it."""

    key: Hashable
    worker: int | None
    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """Return the instant it ends, not included."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar file tells of an appointment: no name, no number, no subject. `uid` stays when it is moved."""

    uid: str
    start: datetime
    minutes: int
    summary: str
    place: str
    cancelled: bool
    sequence: int


def parse_hour(typed: str) -> time:
    """Return an hour typed « 9h30 », « 14:00 », « 14 h ». Raises `BadInput`: no hour, or one at night."""
    found = _HOUR.fullmatch(typed.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        raise BadInput(N_("« {typed} » n'est pas une heure. Tapez par exemple 14h30."), typed=typed.strip())
    return checked_hour(time(hour, minute))


def checked_hour(hour: time) -> time:
    """Return an hour of the day. Raises `BadInput` for one at night."""
    if not EARLIEST <= hour <= LATEST:
        raise BadInput(N_("Vérifiez l'heure : un rendez-vous se donne entre 6 h et 22 h."))
    return hour


def check_day(day: date, today: date) -> None:
    """Raise `BadInput` for a day already past, or too far to be meant."""
    if day < today:
        raise BadInput(N_("Ce jour est passé : choisissez aujourd'hui ou un jour à venir."))
    if day - today > FURTHEST:
        raise BadInput(N_("Ce jour est à plus de deux ans : vérifiez l'année."))


def check_minutes(minutes: int) -> None:
    """Raise `BadInput` for an absurd length."""
    if not SHORTEST <= minutes <= LONGEST:
        raise BadInput(N_("La durée va de 5 minutes à 10 heures : vérifiez-la."))


def check_outcome(state: AppointmentState, start: datetime, day: date, now: datetime, today: date) -> None:
    """Raise `RuleRefused` for what cannot be said yet, or no longer: `start` is its instant, `day` its business day.

    A household that comes early is received: kept may be said from the morning on; missed, only once the hour has passed.
    """
    if state is AppointmentState.KEPT and day > today:
        raise RuleRefused(
            N_("Ce rendez-vous est à venir : il ne peut pas encore être tenu. Déplacez-le s'il a été avancé.")
        )
    if state is AppointmentState.MISSED and start > now:
        raise RuleRefused(N_("L'heure de ce rendez-vous n'est pas passée : attendez encore, ou notez-le excusé."))
    if state is AppointmentState.CANCELLED and day < today:
        raise RuleRefused(N_("Ce rendez-vous est passé : dites plutôt s'il a été tenu, excusé ou manqué."))


def overlapping(slots: Iterable[Slot]) -> frozenset[Hashable]:
    """Return the keys of the slots that share time with another of the same worker; end to end is no overlap."""
    found: set[Hashable] = set()
    open_by: dict[int, list[Slot]] = {}
    for slot in sorted(slots, key=lambda s: s.start):
        if slot.worker is None:
            continue
        still = [s for s in open_by.get(slot.worker, ()) if s.end > slot.start]
        if still:
            found.add(slot.key)
            found.update(s.key for s in still)
        open_by[slot.worker] = [*still, slot]
    return frozenset(found)


_WHOLE_FILE = (
    PaperKind.IDENTITY, PaperKind.RESIDENCE, PaperKind.FAMILY, PaperKind.INCOME, PaperKind.ALLOWANCES, PaperKind.TAX,
    PaperKind.RENT, PaperKind.CHARGES, PaperKind.DEBTS,
)  # fmt: skip
_RENEWED = (PaperKind.RESIDENCE, PaperKind.INCOME, PaperKind.ALLOWANCES, PaperKind.RENT, PaperKind.CHARGES)


def papers_to_bring(kind: AppointmentKind, over: Iterable[PaperKind]) -> tuple[PaperKind, ...]:
    """Return what to bring: a whole file the first time, what changes at a renewal, else only the papers `over` by then."""
    usual = {AppointmentKind.FIRST: _WHOLE_FILE, AppointmentKind.RENEWAL: _RENEWED}.get(kind, ())
    wanted = {*usual, *over}
    return tuple(k for k in PaperKind if k in wanted)
