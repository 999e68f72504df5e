"""The records a parcel carries, with their version: a month of figures, told without number or name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from epicerie_desktop.domain.figures import HouseholdMonth, MonthFigures, Totals
from epicerie_desktop.exchange.refusals import ParcelNewer, ParcelUnreadable

RECORD = 1
"""The version of `MonthFigures` as written here; a reader refuses a later one by name and reads every earlier one."""


def month_to_record(figures: MonthFigures, pseudonym: Callable[[str], str]) -> dict[str, Any]:
    """Return a month as plain values; every token goes through `pseudonym`, and the shop's own numbers stay behind."""
    households = [
        {
            "token": pseudonym(h.household), "persons": sorted(pseudonym(p) for p in h.persons), "visits": h.visits,
            "person_visits": h.person_visits, "grams": [[f, g] for f, g in h.grams_by_family], "shelf_cents": h.shelf_cents,
            "paid_cents": h.paid_cents,
            # Left out where nothing was estimated: a month written before estimates were told keeps its figures and its sum.
            **({"estimated": h.estimated_grams} if h.estimated_grams else {}),
        }
        for h in figures.households
    ]  # fmt: skip
    return {
        "record": RECORD, "month": figures.month, "origins": [[o, g] for o, g in figures.grams_by_origin],
        "households": sorted(households, key=lambda h: str(h["token"])),
    }  # fmt: skip


def month_from_record(record: object) -> MonthFigures:
    """Return the month of a record. Raises `ParcelNewer` for a later version, `ParcelUnreadable` for anything malformed."""
    data = _mapping(record)
    version = _whole(data.get("record"), 1)
    if version > RECORD:
        raise ParcelNewer
    month = _text(data.get("month"))
    if len(month) != 7 or month[4] != "-" or not (month[:4] + month[5:]).isdecimal() or not 1 <= int(month[5:]) <= 12:
        raise ParcelUnreadable
    households = tuple(_household(h) for h in _list(data.get("households")))
    if len({h.household for h in households}) != len(households):
        raise ParcelUnreadable
    return MonthFigures(month, households, _weights(data.get("origins")))


def _household(value: object) -> HouseholdMonth:
    data = _mapping(value)
    persons = tuple(_token(p) for p in _list(data.get("persons")))
    found = HouseholdMonth(
        _token(data.get("token")), "", persons, _whole(data.get("visits"), 1), _whole(data.get("person_visits")),
        _weights(data.get("grams")), _whole(data.get("shelf_cents")), _whole(data.get("paid_cents")),
        estimated_grams=_whole(data.get("estimated", 0)),
    )  # fmt: skip
    if found.visits > 31 or found.estimated_grams > found.grams or len(set(persons)) != len(persons):
        raise ParcelUnreadable
    return found


def totals_to_record(totals: Totals) -> dict[str, int]:
    """Return the control figures that both sides must find."""
    return {
        "families": totals.families, "persons": totals.persons, "visits": totals.visits, "person_visits": totals.person_visits,
        "grams": totals.grams, "shelf_cents": totals.shelf_cents, "paid_cents": totals.paid_cents,
    }  # fmt: skip


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ParcelUnreadable
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ParcelUnreadable
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 64:
        raise ParcelUnreadable
    return value


def _token(value: object) -> str:
    text = _text(value)
    if len(text) != 32 or any(c not in "0123456789abcdef" for c in text):
        raise ParcelUnreadable
    return text


def _whole(value: object, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 10**12:
        raise ParcelUnreadable
    return value


def _weights(value: object) -> tuple[tuple[str, int], ...]:
    found = []
    for pair in _list(value):
        parts = _list(pair)
        if len(parts) != 2:
            raise ParcelUnreadable
        found.append((_text(parts[0]), _whole(parts[1])))
    if len({k for k, _ in found}) != len(found):
        raise ParcelUnreadable
    return tuple(sorted(found))
