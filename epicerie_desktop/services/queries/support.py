"""What the support file shows: its first page in one read block, then one query a page. Sealed only for who holds the key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import Composition
from epicerie_desktop.persistence.models import Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.rights import compositions_in
from epicerie_desktop.services.support.common import check_may_open, open_file_in


@dataclass(frozen=True, slots=True)
class SupportHead:
    """Whose file it is; `file` and `version` are those of the accompaniment under way, None where there is none."""

    household: int
    number: str
    holder: str
    composition: Composition
    file: int | None
    version: int | None
    opened_on: date | None
    worker: bool
    """Whether this account reads what is sealed."""


def support_head(desk: Desk, household: int) -> SupportHead:
    """Return whose file it is. Raises `RuleRefused` for a reserved file this account may not open."""
    with desk.db.read() as session:
        return head_in(session, desk, household)


def head_in(session: Session, desk: Desk, household: int) -> SupportHead:
    """Return whose file it is, inside a caller's block."""
    row = check_may_open(session, desk, household)
    name = session.execute(select(Person.last_name, Person.first_name).where(Person.id == row.holder_id)).first()
    composition = compositions_in(session, [household], desk.clock.today())[household]
    file = open_file_in(session, household)
    return SupportHead(
        household, row.number, f"{name.last_name} {name.first_name}" if name else "–", composition,
        file.id if file else None, file.version if file else None, file.opened_on if file else None,
        desk.social_key is not None,
    )  # fmt: skip
