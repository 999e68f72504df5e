"""Reserved files: violence, a volunteer's or a councillor's relatives. Open to the accounts named, and to nobody else."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from epicerie_desktop.persistence.models import Account, ReservedTo
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import edited_file_in
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
        file = edited_file_in(session, desk, household, version)
        named = sorted(session.scalars(select(Account.id).where(Account.id.in_(set(accounts)), Account.active)))
        if not named:
            raise BadInput(N_("Nommez au moins une personne : sinon, plus personne n'ouvrirait ce dossier."))
        file.reserved = True
        session.flush()
        session.execute(delete(ReservedTo).where(ReservedTo.household_id == household))
        session.execute(insert(ReservedTo), [{"household_id": household, "account_id": a} for a in named])
        seal_in_journal(session, desk, "household.reserved", {"household": household, "accounts": named})


def unreserve(desk: Desk, household: int, version: int | None = None) -> None:
    """Open a file to everyone again. Raises `RuleRefused` for an account that may not open it."""
    require_team(desk)
    with desk.db.write() as session:
        file = edited_file_in(session, desk, household, version)
        file.reserved = False
        session.flush()
        session.execute(delete(ReservedTo).where(ReservedTo.household_id == household))
        seal_in_journal(session, desk, "household.unreserved", {"household": household})
