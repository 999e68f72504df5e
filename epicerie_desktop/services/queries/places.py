"""How many places the shop has and how many are taken: the one reading the study, its règlement and the waiting list share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.persistence.models import AccessGrant, Household
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.queries.suspensions import kept_away

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Places:
    """How many households and persons hold a right that day, and at most how many may (None: without limit)."""

    households: int
    persons: int
    most_households: int | None
    most_persons: int | None

    @property
    def free_households(self) -> int | None:
        """Return how many more households may be welcomed, None without limit; never below 0."""
        return None if self.most_households is None else max(0, self.most_households - self.households)

    @property
    def free_persons(self) -> int | None:
        """Return the same in persons."""
        return None if self.most_persons is None else max(0, self.most_persons - self.persons)

    @property
    def limited(self) -> bool:
        """Return whether the règlement limits them at all."""
        return self.most_households is not None or self.most_persons is not None


def places_in(session: Session, ruleset: Ruleset | None, day: date, but: int | None = None) -> Places:
    """Return the places of `day` under a règlement (None: without limit), the household `but` left out.

    A place is held by an open file with a right that covers the day and no measure that keeps it away; its persons are those
    counted that day, as everywhere: one who is away is not.
    """
    ids = list(
        session.scalars(
            select(AccessGrant.household_id)
            .join(Household, Household.id == AccessGrant.household_id)
            .where(AccessGrant.valid_from <= day, AccessGrant.valid_until >= day)
            .where(Household.closed_on.is_(None), Household.merged_into_id.is_(None))
            .where(AccessGrant.household_id != (but or 0), ~kept_away(AccessGrant.household_id, day))
            .distinct()
        )
    )
    persons = sum(
        c.persons for start in range(0, len(ids), _BATCH) for c in compositions_in(session, ids[start : start + _BATCH], day).values()
    )  # fmt: skip
    limits = (ruleset.most_households, ruleset.terms.most_persons) if ruleset else (None, None)
    return Places(len(ids), persons, *limits)
