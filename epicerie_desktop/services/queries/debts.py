"""The debts of a household are told twice, in a statement and in the support file: what one knows that the other does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from epicerie_desktop.domain import support
from epicerie_desktop.domain.statements import Debt, DebtKind
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.open_file import open_file_in
from epicerie_desktop.services.sealing import sealed_in


@dataclass(frozen=True, slots=True)
class DebtsTold:
    """Debts as another paper tells them, and the day it does, None where it was not kept."""

    debts: tuple[Debt, ...] = ()
    day: date | None = None


def support_debts_in(session: Session, desk: Desk, household: int) -> DebtsTold:
    """Return the debts of the support file under way, as a statement tells them. Raises `RuleRefused` without the second key."""
    file = open_file_in(session, household)
    content = sealed_in(desk, file) if file is not None else {}
    debts = [support.Debt(**d) for d in content.get("debts", ())]
    day = content.get("debts_on")
    return DebtsTold(
        tuple(Debt(d.creditor, DebtKind.OTHER, d.owed_cents, d.monthly_cents or None) for d in debts),
        date.fromisoformat(day) if day else None,
    )


def for_support(debts: tuple[Debt, ...]) -> tuple[support.Debt, ...]:
    """Return the debts of a statement as the support file keeps them; one whose rest is not known cannot be."""
    return tuple(
        support.Debt(d.creditor, d.left, min(d.monthly or 0, d.left))
        for d in debts
        if d.left is not None and d.left > 0
    )
