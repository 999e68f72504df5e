"""A month of figures as a parcel carries it, with its version: told without number, name, commune or date of birth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from epicerie_desktop.domain.figures import AGE_BANDS, ActionLine, HouseholdMonth, MonthFigures, Totals
from epicerie_desktop.exchange import plain
from epicerie_desktop.exchange.refusals import ParcelNewer, ParcelUnreadable

RECORD = 2
"""The version of `MonthFigures` as written here; a reader refuses a later one by name and reads every earlier one.

2 added of a household its sector, the bands of its persons' ages and its kind, and of the month how it was closed.
"""
CONTROLS = ("families", "persons", "visits", "person_visits", "grams", "shelf_cents", "paid_cents")
"""The totals that both sides must find."""

_SECTOR = re.compile(r"(?![0-9]{5}\Z)[A-Z0-9][A-Z0-9_-]{0,31}", re.ASCII)
"""A code of the territory: never the five figures of a commune."""
_KIND = re.compile(r"[A-Z][A-Z_]{0,31}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)


class Closing(NamedTuple):
    """How a month was closed in the shop: its version and sum; each amendment by its day, the kind of what changed, how often."""

    version: int
    digest: str
    changes: tuple[tuple[str, str, int], ...] = ()


class MonthState(NamedTuple):
    """What stands beside the figures of a month: its revision, whether it is over, and its closing if it was closed."""

    revision: int
    closed: bool
    closing: Closing | None = None


def month_to_record(figures: MonthFigures, pseudonym: Callable[[str], str]) -> dict[str, Any]:
    """Return a month as plain values; every token goes through `pseudonym`, and the shop's own numbers stay behind."""
    households = [_household_to_record(h, pseudonym) for h in figures.households]
    return {
        "record": RECORD, "month": figures.month, "origins": [[o, g] for o, g in figures.grams_by_origin],
        "households": sorted(households, key=lambda h: str(h["token"])),
    }  # fmt: skip


def _household_to_record(h: HouseholdMonth, pseudonym: Callable[[str], str]) -> dict[str, Any]:
    # Left out where there is nothing to say: a month told before keeps its figures and its sum.
    spare = {"estimated": h.estimated_grams, "sector": h.sector, "kind": h.kind, "bands": list(h.bands)}
    return {
        "token": pseudonym(h.household), "persons": sorted(pseudonym(p) for p in h.persons), "visits": h.visits,
        "person_visits": h.person_visits, "grams": [[f, g] for f, g in h.grams_by_family], "shelf_cents": h.shelf_cents,
        "paid_cents": h.paid_cents, **{name: value for name, value in spare.items() if value},
    }  # fmt: skip


def closing_to_record(closing: Closing | None) -> dict[str, Any] | None:
    """Return how a month was closed as plain values, None for an open one."""
    if closing is None:
        return None
    return {"version": closing.version, "digest": closing.digest, "changes": [list(c) for c in closing.changes]}


def month_from_record(record: object) -> MonthFigures:
    """Return the month of a record of any version. Raises `ParcelNewer` for a later one, `ParcelUnreadable` for anything malformed."""
    data = plain.mapping(record)
    version = plain.whole(data.get("record"), 1)
    if version > RECORD:
        raise ParcelNewer
    month = plain.month(data.get("month"))
    households = tuple(_household(h) for h in plain.rows(data.get("households")))
    if len({h.household for h in households}) != len(households):
        raise ParcelUnreadable
    actions = tuple(_action(plain.row(a, 4)) for a in plain.rows(data.get("actions", [])))
    return MonthFigures(month, households, _weights(data.get("origins")), actions)


def _household(value: object) -> HouseholdMonth:
    data = plain.mapping(value)
    get = data.get
    visits: Any = get("visits")
    person_visits: Any = get("person_visits")
    shelf: Any = get("shelf_cents")
    paid: Any = get("paid_cents")
    estimated: Any = get("estimated", 0)
    plain.wholes(visits, person_visits, shelf, paid, estimated)
    persons = plain.tokens(plain.rows(get("persons")))
    bands: Any = plain.rows(get("bands", []))
    if not 1 <= visits <= 31 or (bands and not _banded(bands, len(persons))):
        raise ParcelUnreadable
    weights = _weights(get("grams"))
    if estimated and estimated > sum(weight for _family, weight in weights):
        raise ParcelUnreadable
    return HouseholdMonth(
        plain.token(get("token")), "", persons, visits, person_visits, weights, shelf, paid, None, estimated,
        plain.matching(data["sector"], _SECTOR) if "sector" in data else "", tuple(bands),
        plain.matching(data["kind"], _KIND) if "kind" in data else "",
    )  # fmt: skip


def _banded(bands: list[Any], persons: int) -> bool:
    plain.wholes(*bands)
    return len(bands) == len(AGE_BANDS) + 1 and sum(bands) == persons


def state_from_record(record: object) -> MonthState:
    """Return what stands beside the figures of a month. Raises `ParcelUnreadable`."""
    data = plain.mapping(record)
    return MonthState(
        plain.whole(data.get("revision"), 1), plain.flag(data.get("closed")), _closing(data.get("closing"))
    )


def _closing(value: object) -> Closing | None:
    if value is None:
        return None
    data = plain.mapping(value)
    changes = []
    for item in plain.rows(data.get("changes", []), 1000):
        day, kind, count = plain.row(item, 3)
        changes.append((plain.matching(day, _DAY), plain.matching(kind, _KIND), plain.whole(count, 1)))
    return Closing(plain.whole(data.get("version"), 1), plain.matching(data.get("digest"), _DIGEST), tuple(changes))


def _action(value: list[object]) -> ActionLine:
    action, step, count, cents = value
    return plain.matching(action, _CODE), plain.matching(step, _CODE), plain.whole(count), plain.whole(cents)


def actions_to_rows(months: Iterable[MonthFigures]) -> list[list[Any]]:
    """Return the counters of the contract's actions, as the rows of their block."""
    return [[m.month, *line] for m in months for line in m.actions]


def actions_from_rows(value: object) -> dict[str, tuple[ActionLine, ...]]:
    """Return the counters of the contract's actions by month. Raises `ParcelUnreadable`."""
    found: dict[str, dict[tuple[str, str], ActionLine]] = {}
    for item in plain.rows(value):
        month, *line = plain.row(item, 5)
        read = _action(line)
        kept = found.setdefault(plain.month(month), {})
        if read[:2] in kept:
            raise ParcelUnreadable
        kept[read[:2]] = read
    return {month: tuple(sorted(lines.values())) for month, lines in found.items()}


def totals_to_record(totals: Totals) -> dict[str, int]:
    """Return the control figures that both sides must find."""
    return {name: getattr(totals, name) for name in CONTROLS}


def control_from_record(value: object) -> dict[str, int]:
    """Return the control figures a shop wrote. Raises `ParcelUnreadable`."""
    data: Mapping[str, object] = plain.mapping(value)
    if set(data) != set(CONTROLS):
        raise ParcelUnreadable
    return {name: plain.whole(data[name]) for name in CONTROLS}


def _weights(value: object) -> tuple[tuple[str, int], ...]:
    listed = plain.rows(value)
    found: dict[str, int] = {}
    for pair in listed:
        # Looked at here and not by `plain`: there are hundreds of thousands of them in a parcel of ten years.
        if not isinstance(pair, list) or len(pair) != 2:
            raise ParcelUnreadable
        name, weight = pair
        if not isinstance(name, str) or len(name) > 64 or type(weight) is not int or not 0 <= weight <= plain.MOST:
            raise ParcelUnreadable
        found[name] = weight
    if len(found) != len(listed):
        raise ParcelUnreadable
    return tuple(sorted(found.items()))
