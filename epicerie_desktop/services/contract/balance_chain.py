"""The chain of frozen balances: each seals what it says and the one before. For the verifier, which makes no balance."""

from __future__ import annotations

from sqlalchemy import select

from epicerie_desktop.domain.balance import balance_digest
from epicerie_desktop.persistence.models import ContractBalance
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding


def sum_of(row: ContractBalance) -> str:
    """Return the sum that what a kept balance says should have."""
    return balance_digest(row.number, row.made_at.isoformat(), row.record, row.before)


def broken_balances(desk: Desk) -> list[Finding]:
    """Return the balances whose sum no longer seals what they say, or whose number or link does not follow the one before."""
    found = []
    last: dict[int, tuple[int, str]] = {}
    with desk.db.read() as session:
        for row in session.scalars(
            select(ContractBalance).order_by(ContractBalance.contract_id, ContractBalance.number)
        ):
            number, before = last.get(row.contract_id, (0, ""))
            if (row.number, row.before, row.digest) != (number + 1, before, sum_of(row)):
                found.append(Finding("balance", str(row.number), 1, 0))
            last[row.contract_id] = row.number, row.digest
    return found
