"""What the window of a household's life shows: its composition by date, and who may leave, be away or take the file over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.household import Composition, LeftFor, composition_on
from epicerie_desktop.domain.household_life import LifeStep, Stay, life_of
from epicerie_desktop.persistence.models import Account, Household, Merge, ReservedTo
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading, root_in
from epicerie_desktop.services.queries.stays import stays_in


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account of the shop, and whether a reserved file is open to it."""

    id: int
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A file merged into this one, and the merge to undo."""

    merge: int
    number: str
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdLife:
    """The life of a household: its stays as kept, its changes the latest first, what merged into it, who may open it."""

    household: int
    number: str
    version: int
    day: date
    stays: tuple[Stay, ...]
    steps: tuple[LifeStep, ...]
    merged: tuple[MergedRow, ...]
    reserved: bool
    accounts: tuple[AccountRow, ...]

    @property
    def present(self) -> tuple[Stay, ...]:
        """Return the stays that run today, those away too."""
        return tuple(s for s in self.stays if s.membership.belongs_on(self.day))

    @property
    def composition(self) -> Composition:
        """Return the composition of today."""
        return composition_on([s.membership for s in self.stays], self.day)

    @property
    def empty(self) -> bool:
        """Return whether nobody is left in the household."""
        return not any(s.left_on is None or s.left_on > self.day for s in self.stays)

    def stay(self, member: int) -> Stay:
        """Return a stay by its id."""
        return next(s for s in self.stays if s.member == member)

    def may_be_corrected(self, stay: Stay) -> bool:
        """Return whether the end of a stay is a departure or a death, whose day can be corrected."""
        return stay.left_on is not None and stay.left_for not in (LeftFor.CONTINUES, LeftFor.MERGE)


def household_life(desk: Desk, household: int) -> HouseholdLife:
    """Return the life of a household. Raises `RuleRefused`, naming whom to see, for a file reserved to others."""
    with reading(desk) as session:
        household = root_in(session, household)
        row = open_in(session, desk, household)
        stays = stays_in(session, household)
        merged = session.execute(
            select(Merge.id, Household.number, Merge.moved)
            .join(Household, Household.id == Merge.source_id)
            .where(Merge.target_id == household, Merge.undone_at.is_(None))
        )
        chosen = set(session.scalars(select(ReservedTo.account_id).where(ReservedTo.household_id == household)))
        accounts = session.execute(select(Account.id, Account.name).where(Account.active).order_by(Account.name))
        return HouseholdLife(
            household, row.number, row.version, desk.clock.today(), stays, life_of(stays),
            tuple(MergedRow(m.id, m.number, date.fromisoformat(m.moved["on"])) for m in merged), row.reserved,
            tuple(AccountRow(a.id, a.name, a.id in chosen) for a in accounts),
        )  # fmt: skip
