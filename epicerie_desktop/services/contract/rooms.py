"""What the gestures of the contract share: who may make them, and the contract they are made in."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Contract
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

T = TypeVar("T")


class Months(NamedTuple):
    """The first and last month of a contract."""

    first: str
    last: str


def require_coordinator(desk: Desk) -> None:
    """Raise `RuleRefused` in a shop's file, or for a volunteer's account: the contract is written by its coordinator alone."""
    if not desk.shop.is_coordinator:
        raise RuleRefused(N_("Le contrat se tient dans le fichier de la coordination."))
    if not Role(desk.actor.role).keeps_accounts:
        raise RuleRefused(N_("Le contrat se tient avec le compte d'une personne de la coordination."))


def contract_in(session: Session, contract: int) -> Contract:
    """Return a contract made here. Raises `RuleRefused` where there is none."""
    found = session.get(Contract, contract)
    if found is None or found.identity is None:
        raise RuleRefused(N_("Ce contrat n'est pas tenu dans ce fichier."))
    return found


def months_of(contract: Contract) -> Months:
    """Return the months of a contract."""
    return Months(month_of(contract.starts_on), month_of(contract.ends_on))


def row_in(session: Session, model: type[T], row: int) -> T:
    """Return a row by its number. Raises `RuleRefused` where it is gone."""
    found = session.get(model, row)
    if found is None:
        raise RuleRefused(N_("Cette ligne n'existe plus : rouvrez l'écran."))
    return found


def next_position(
    session: Session, column: InstrumentedAttribute[int], contract_column: InstrumentedAttribute[int], contract: int
) -> int:
    """Return the place after the last one in a contract."""
    return int(session.scalar(select(func.coalesce(func.max(column), 0)).where(contract_column == contract)) or 0) + 1
