"""Who may come in the place of a household: its procurations, as reception is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.persistence.models import Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import family_in, hidden_in


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who may collect for a household: first name and initial, and the last day it holds, if any."""

    name: str
    until: date | None
    expired: bool


def collectors(desk: Desk, household: int) -> tuple[Collector, ...]:
    """Return the procurations of a household that were not revoked, those that hold first; an expired one is shown as such.

    Of a file reserved to others, nothing is told: whom to see stands on its card."""
    today = desk.clock.today()
    with desk.db.read() as session:
        if hidden_in(session, desk, [household]):
            return ()
        rows = session.execute(
            select(Undertaking.name, Undertaking.until)
            .where(
                Undertaking.household_id.in_(family_in(session, household)),
                Undertaking.kind == UndertakingKind.PROXY.value,
                Undertaking.revoked_on.is_(None),
                Undertaking.signed_on <= today,
            )
            .order_by(Undertaking.signed_on.desc(), Undertaking.id.desc())
        )
        found = [Collector(_short(r.name), r.until, r.until is not None and r.until < today) for r in rows]
    return tuple(sorted(found, key=lambda c: c.expired))


def _short(name: str) -> str:
    """Return « Sophie M. » of « Sophie Martin », or of « MARTIN Sophie » where the capitals tell."""
    words = name.split()
    if len(words) < 2:
        return name.strip() or "–"
    if words[0].isupper() and not words[-1].isupper():
        words = [*words[1:], words[0]]
    return f"{words[0]} {words[-1][0].upper()}."
