"""The coordinator's keys change: the former ones still open the parcels sealed for them, and vouch for those that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, fingerprint
from epicerie_desktop.persistence.models import Account, ContractKey
from epicerie_desktop.services.contract.making import made_here
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class FormerKey:
    """Keys no longer used: their fingerprint, since when and by whom, why, and whether they vouch for the new ones."""

    fingerprint: str
    replaced_at: datetime
    by: str
    reason: str
    vouches: bool


def rotate_keys(desk: Desk, contract: int, reason: str, *, stolen: bool = False) -> int:
    """Draw new reading and signing keys for a contract; return the edition of the files to give the shops.

    The former ones are kept. They sign the new files, so that shops take them without a paper, unless they were `stolen`:
    then every shop compares a new sheet. A new recovery sheet is to be printed. Raises `BadInput` without a reason.
    """
    require_team(desk)
    why = checked_text(reason)
    if not why:
        raise BadInput(N_("Dites pourquoi les clés changent : ce motif reste dans le journal du contrat."))
    identity, signing = AgeIdentity.generate(), SigningKey.generate()
    with desk.db.write() as session:
        row = made_here(session, contract)
        assert row.identity is not None
        session.add(
            ContractKey(
                contract_id=contract, recipient=row.recipient, verify_key=row.verify_key, identity=row.identity,
                signing_key=row.signing_key, replaced_at=desk.clock.now(), replaced_by=desk.actor.id, reason=why,
                vouches=not stolen,
            )
        )  # fmt: skip
        row.recipient, row.identity = identity.recipient, identity.to_string()
        row.verify_key, row.signing_key = signing.verify_key.raw, signing.to_bytes()
        row.edition += 1
        session.flush()
        seal_in_journal(
            session, desk, "contract.keys", {"contract": contract, "edition": row.edition, "stolen": stolen}
        )
        return row.edition


def former_keys(desk: Desk, contract: int) -> tuple[FormerKey, ...]:
    """Return the keys a contract used before, the latest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(ContractKey, Account.name)
            .join(Account, Account.id == ContractKey.replaced_by)
            .where(ContractKey.contract_id == contract)
            .order_by(ContractKey.id.desc())
        )
        return tuple(FormerKey(fingerprint(k.verify_key), k.replaced_at, by, k.reason, k.vouches) for k, by in rows)
