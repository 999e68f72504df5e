"""The demonstration's till: a drawer opened and counted on each of its last days, one difference, every past day closed."""

from __future__ import annotations

from datetime import date, timedelta

from epicerie_desktop.domain.cash import DENOMINATIONS
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.drawer import drawer_now, sessions_counted
from epicerie_desktop.services.till import closings, drawer
from epicerie_desktop.services.till.drawer import CountForm

COUNTED_DAYS = 14
_FLOAT, _MISSING, _DAY_APART = 40_00, 2_00, 6
_SMALL = 20_00
"""Notes from this value on go to the bank, the rest makes the change of the next day."""


def open_drawer(at: Desk) -> None:
    """Open the drawer in the morning with what the last team left, or a first float."""
    drawer.open_session(at, drawer_now(at).float_cents or _FLOAT)


def count(at: Desk, days_ago: int) -> None:
    """Count the drawer in the evening; one evening two euros are missing."""
    expected = drawer_now(at).expected_cents
    apart = _MISSING if days_ago <= _DAY_APART and not _told_apart(at) and expected > _MISSING else 0
    counts: dict[int, int] = {}
    left = expected - apart
    for value in DENOMINATIONS[4:]:
        counts[value], left = divmod(left, value)
    deposit = sum(v * n for v, n in counts.items() if v >= _SMALL)
    kept = expected - apart - deposit
    # Something is always kept to give change in the morning.
    deposit = deposit if kept >= _SMALL else max(0, deposit - _SMALL)
    reason = "Deux euros de moins, sans doute un rendu de monnaie" if apart else ""
    note = "Racheter des rouleaux de pièces de 20 centimes." if apart else ""
    drawer.close_session(at, CountForm(counts=counts, reason=reason, note=note, deposit_cents=deposit))


def _told_apart(at: Desk) -> bool:
    return any(s.difference_cents for s in sessions_counted(at))


def since(desk: Desk) -> date:
    """Return the first day whose drawer is counted."""
    return desk.clock.today() - timedelta(days=COUNTED_DAYS)


def close(desk: Desk) -> None:
    """Switch the drawer on, close the days, months and years that are past, and open the drawer of today."""
    for code in ("sessions", "denominations"):
        features.save_feature(desk, code, True)
    closings.close_due(desk)
    open_drawer(desk)
