"""Subscriptions and file fees: paid in cash once a period, cancelled by an entry of their own."""

from __future__ import annotations

from sqlalchemy import select

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.persistence.models import CashMove, FeePaid
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.fees import fees_in
from epicerie_desktop.services.queries.files import refuse_merged
from epicerie_desktop.services.queries.rights import standing_in
from epicerie_desktop.services.till.drawer import cash_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_CENTS = 1_000_00


def pay_fee(desk: Desk, household: int, code: str, period: str, cents: int) -> int:
    """Record that a fee of the right of the day was paid, and return its id; paid again, the first is returned.

    Raises `RuleRefused` where the right asks no such fee, `BadInput` for an absurd amount.
    """
    if not 0 < cents <= MOST_CENTS:
        raise BadInput(N_("Une cotisation va d'un centime à mille euros : vérifiez le montant."))
    day = desk.clock.today()
    with desk.db.write() as session:
        refuse_merged(session, household)  # paid at the till, which serves the reserved files too
        fees = fees_in(session, household, standing_in(session, household, day), day)
        fee = next((f for f in fees if (f.code, f.period) == (code, period)), None)
        if fee is None:
            raise RuleRefused(N_("Le droit de ce foyer ne demande pas cette cotisation aujourd'hui."))
        if fee.paid is not None:
            return fee.paid
        row = FeePaid(
            household_id=household, code=code, label=fee.label, period=period, cents=cents, day=day,
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "fee",
            {"fee": row.id, "household": household, "code": code, "period": period, "cents": cents},
        )  # fmt: skip
        cash_in(session, desk, CashMoveKind.FEE, cents, fee.label, fee=row.id)
        return row.id


def cancel_fee(desk: Desk, fee: int) -> None:
    """Cancel a fee recorded by mistake: it is due again. Raises `RuleRefused` where it was already cancelled."""
    with desk.db.write() as session:
        row = session.scalars(select(FeePaid).where(FeePaid.id == fee, FeePaid.cancelled_at.is_(None))).first()
        if row is None:
            raise RuleRefused(N_("Cette cotisation est déjà annulée."))
        row.cancelled_at = desk.clock.now()
        session.flush()
        seal_in_journal(
            session, desk, "fee.cancelled", {"fee": fee, "household": row.household_id, "cents": -row.cents}
        )
        paid = session.scalar(select(CashMove.id).where(CashMove.fee_id == fee))
        if paid is not None:  # none for a fee recorded before the drawer knew of them
            cash_in(session, desk, CashMoveKind.FEE, -row.cents, row.label, reverses=paid, fee=fee)
