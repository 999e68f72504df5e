"""The frozen lines of the small papers of an accompaniment: an appointment, a sheet to sign, a letter to a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.wordings import Passage


@dataclass(frozen=True, slots=True)
class AppointmentSlip:
    """What a household takes home: no name, no subject. `bring` a line a paper; `with_whom` empty where nobody is named;
    `last_words` stand at the foot."""

    shop: ShopHeader
    household: str
    at: datetime
    place: str
    with_whom: str
    bring: tuple[str, ...]
    last_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InformationNotice:
    """What a household is told of its data, part by part, and the day it is handed over."""

    shop: ShopHeader
    parts: tuple[Passage, ...]
    given_on: date


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """Who is put down for a workshop, for each to sign; `blank` lines are left for those who come unannounced."""

    shop: ShopHeader
    title: str
    at: datetime
    minutes: int
    place: str
    names: tuple[str, ...]
    blank: int


@dataclass(frozen=True, slots=True)
class OnwardLetter:
    """A letter that goes with a household to another service, with a coupon to send back; `thanks` are its last words."""

    shop: ShopHeader
    day: date
    service: str
    holder: str
    born: str
    persons: int
    reason: str
    writer: str
    household: str
    thanks: tuple[str, ...] = ()
