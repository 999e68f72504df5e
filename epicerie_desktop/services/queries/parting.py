"""What is to be shared out when a household separates: who is there, what is left of the right, card, procurations, debts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from epicerie_desktop.domain.access import CeilingLeft, CeilingPeriod
from epicerie_desktop.domain.household_life import Stay
from epicerie_desktop.domain.statements import Debt, said_from_json
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.persistence.models import Assessment, Card, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.rights import running_in
from epicerie_desktop.services.queries.stays import stays_in
from epicerie_desktop.services.sealing import unseal_json


@dataclass(frozen=True, slots=True)
class ProxyRow:
    """A procuration in force: whom it names."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Parting:
    """A household about to separate. `ceilings` are those of the right in force, empty without one; `has_right` tells.

    `debts` are those of the last statement, in its order, empty for an account without the second key.
    """

    household: int
    number: str
    version: int
    present: tuple[Stay, ...]
    phones: tuple[str, str]
    cards: int
    has_right: bool
    ceilings: tuple[CeilingLeft, ...]
    proxies: tuple[ProxyRow, ...]
    debts: tuple[Debt, ...]

    @property
    def to_share(self) -> tuple[CeilingLeft, ...]:
        """Return the ceilings of which something may be left: a ceiling for each visit has nothing to share out."""
        return tuple(c for c in self.ceilings if c.ceiling.period is not CeilingPeriod.VISIT)


def parting(desk: Desk, household: int) -> Parting:
    """Return what there is to share out today. Raises `RuleRefused`, naming whom to see, for a file reserved to others."""
    today = desk.clock.today()
    with reading(desk) as session:
        row = open_in(session, desk, household)
        running = running_in(session, household, today)
        if running is not None and running.grant.suspended:
            running = None
        proxies = session.execute(
            select(Undertaking.id, Undertaking.name)
            .where(Undertaking.household_id == household, Undertaking.kind == UndertakingKind.PROXY.value)
            .where(Undertaking.revoked_on.is_(None), Undertaking.until.is_(None) | (Undertaking.until >= today))
            .order_by(Undertaking.id)
        )
        cards = session.scalar(
            select(func.count()).select_from(Card).where(Card.household_id == household, Card.revoked_on.is_(None))
        )
        last = session.scalars(
            select(Assessment).where(Assessment.household_id == household).order_by(Assessment.id.desc()).limit(1)
        ).first()
        debts: tuple[Debt, ...] = ()
        if last is not None and desk.social_key is not None:
            debts = said_from_json(unseal_json(desk, "assessment", last.uid, last.sealed)).debts
        present = tuple(s for s in stays_in(session, household) if s.membership.belongs_on(today))
        return Parting(
            household, row.number, row.version, present, (row.phone, row.phone2), cards or 0, running is not None,
            # What the till counts besides follows the terms, and is not shared out.
            running.shared if running else (), tuple(ProxyRow(p.id, p.name) for p in proxies), debts,
        )  # fmt: skip
