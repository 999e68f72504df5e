"""Which files an account may see, and which file is meant after a merge. Every query that returns a name asks here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.persistence.models import Account, Household, ReservedTo
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

_RESERVED = N_("Dossier réservé : voir {who}")

_MINE = aliased(ReservedTo)
_HIDDEN = (
    select(Household.id, Account.name)
    .outerjoin(ReservedTo, ReservedTo.household_id == Household.id)
    .outerjoin(Account, (Account.id == ReservedTo.account_id) & Account.active)
    .where(Household.reserved, Household.id.in_(bindparam("ids", expanding=True)))
    .where(~exists().where(_MINE.household_id == Household.id, _MINE.account_id == bindparam("actor")))
    .order_by(Account.name)
)
_ROOT = select(Household.merged_into_id).where(Household.id == bindparam("household"))
_SOURCES = select(Household.id).where(Household.merged_into_id == bindparam("household"))


def visible(desk: Desk) -> ColumnElement[bool]:
    """Return what holds for the households this account may see: not reserved, or reserved to it."""
    return or_(
        ~Household.reserved,
        exists().where(ReservedTo.household_id == Household.id, ReservedTo.account_id == desk.actor.id),
    )


def hidden_in(session: Session, desk: Desk, households: Sequence[int]) -> Mapping[int, str]:
    """Return the files, among these, that this account may not open, each with what is said in the place of a name."""
    if not households:
        return {}
    named: dict[int, list[str]] = defaultdict(list)
    for r in session.connection().execute(_HIDDEN, {"ids": list(households), "actor": desk.actor.id}):
        named[r.id] += [r.name] if r.name else []
    return {h: gettext(_RESERVED).format(who=_people(who)) for h, who in named.items()}


def _people(names: list[str]) -> str:
    return ", ".join(names) or gettext("la coordination")


def refuse_hidden(session: Session, desk: Desk, household: int) -> None:
    """Raise `RuleRefused`, naming whom to see, where this account may not open the file."""
    told = hidden_in(session, desk, [household]).get(household)
    if told is not None:
        raise RuleRefused(N_("{told}. Vous pouvez servir ce foyer, mais pas ouvrir son dossier."), told=told)


def root_in(session: Session, household: int) -> int:
    """Return the file in use: itself, or the one it was merged into."""
    found = session.connection().execute(_ROOT, {"household": household}).scalar()
    return household if found is None else int(found)


def family_in(session: Session, household: int) -> list[int]:
    """Return a file and those merged into it: their tickets weigh on the same ceilings."""
    return [household, *session.connection().execute(_SOURCES, {"household": household}).scalars()]


def merged_in(session: Session) -> Mapping[int, int]:
    """Return every file merged into another, with that other."""
    rows = session.execute(select(Household.id, Household.merged_into_id).where(Household.merged_into_id.is_not(None)))
    return {r.id: r.merged_into_id for r in rows}
