"""How lists call a household: its number and its holder's name, but for a reserved file that this account may not open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Household, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import hidden_in


@dataclass(frozen=True, slots=True)
class Named:
    """A household as lists call it; `name` says whom to see for a reserved file this account may not open."""

    id: int
    number: str
    name: str


def names_in(session: Session, desk: Desk, households: Iterable[int]) -> Mapping[int, Named]:
    """Return how to call several households, by id, inside a caller's block."""
    wanted = list(set(households))
    hidden = hidden_in(session, desk, wanted)
    rows = session.execute(
        select(Household.id, Household.number, Person.last_name, Person.first_name)
        .outerjoin(Person, Person.id == Household.holder_id)
        .where(Household.id.in_(wanted))
    )
    return {
        r.id: Named(r.id, r.number, hidden.get(r.id) or f"{r.last_name or ''} {r.first_name or ''}".strip())
        for r in rows
    }  # fmt: skip
