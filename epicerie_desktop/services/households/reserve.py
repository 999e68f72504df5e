"""Reserved files: violence, a volunteer's or a councillor's relatives. Open to the accounts named, and to nobody else."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Account, Household, ReservedTo
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import edited_file_in
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


def reserve(desk: Desk, household: int, accounts: Collection[int], version: int | None = None) -> None:
    """Reserve a file to accounts, in the place of those named before. Whoever does it may leave themselves out.

    Raises `BadInput` where no account still at work is named: nobody could open the file again.
    """
    require_team(desk)
    with desk.db.write() as session:
        edited_file_in(session, desk, household, version)
        named = sorted(session.scalars(select(Account.id).where(Account.id.in_(set(accounts)), Account.active)))
        if not named:
            raise BadInput(N_("Nommez au moins une personne : sinon, plus personne n'ouvrirait ce dossier."))
        for one in family_in(session, household):
            reserve_in(session, session.get_one(Household, one), named)
        seal_in_journal(session, desk, "household.reserved", {"household": household, "accounts": named})


def unreserve(desk: Desk, household: int, version: int | None = None) -> None:
    """Open a file to everyone again. Raises `RuleRefused` for an account that may not open it."""
    require_team(desk)
    with desk.db.write() as session:
        edited_file_in(session, desk, household, version)
        for one in family_in(session, household):
            reserve_in(session, session.get_one(Household, one), ())
        seal_in_journal(session, desk, "household.unreserved", {"household": household})


def reserve_in(session: Session, file: Household, accounts: Collection[int]) -> None:
    """Reserve a file to accounts, or open it where none is given, inside a caller's block."""
    file.reserved = bool(accounts)
    session.flush()
    session.execute(delete(ReservedTo).where(ReservedTo.household_id == file.id))
    if accounts:
        session.execute(insert(ReservedTo), [{"household_id": file.id, "account_id": a} for a in accounts])


def accounts_of_in(session: Session, household: int) -> tuple[int, ...]:
    """Return the accounts a file is reserved to, inside a caller's block."""
    return tuple(session.scalars(select(ReservedTo.account_id).where(ReservedTo.household_id == household)))
