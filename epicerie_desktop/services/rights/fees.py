"""Subscriptions and file fees: paid in cash once a period, cancelled by an entry of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import CashMove, FeePaid
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.fees import Fee, fees_in
from epicerie_desktop.services.queries.files import refuse_merged
from epicerie_desktop.services.queries.rights import standing_in
from epicerie_desktop.services.till.cancelling import check_may_undo
from epicerie_desktop.services.till.drawer import cash_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_CENTS = 1_000_00


def pay_fees(desk: Desk, household: int, fees: Sequence[Fee]) -> tuple[int, ...]:
    """Record that fees of the right of the day were paid, all of them or none, and return their ids; of one paid again, the first.

    Raises `RuleRefused` where the right asks no such fee, `BadInput` for an absurd amount.
    """
    if not all(0 < fee.cents <= MOST_CENTS for fee in fees):
        raise BadInput(N_("Une cotisation va d'un centime à mille euros : vérifiez le montant."))
    with desk.db.write() as session:
        refuse_merged(session, household)  # paid at the till, which serves the reserved files too
        return tuple(_pay(session, desk, household, fee) for fee in fees)


def _pay(session: Session, desk: Desk, household: int, wanted: Fee) -> int:
    day, code, period, cents = desk.clock.today(), wanted.code, wanted.period, wanted.cents
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
        session, desk, "fee", {"fee": row.id, "household": household, "code": code, "period": period, "cents": cents}
    )
    cash_in(session, desk, CashMoveKind.FEE, cents, fee.label, fee=row.id)
    return row.id


def cancel_fees(desk: Desk, fees: Sequence[int], why: str) -> None:
    """Cancel fees recorded by mistake, all of them or none: they are due again.

    Raises `BadInput` without a reason, `RuleRefused` where one was already cancelled, or may not be given back (`cancelling`).
    """
    if not why.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi cette cotisation est annulée."))
    note = checked_text(why)
    with desk.db.write() as session:
        for fee in fees:
            _cancel(session, desk, fee, note)


def _cancel(session: Session, desk: Desk, fee: int, note: str) -> None:
    row = session.scalars(select(FeePaid).where(FeePaid.id == fee, FeePaid.cancelled_at.is_(None))).first()
    if row is None:
        raise RuleRefused(N_("Cette cotisation est déjà annulée."))
    check_may_undo(session, desk, row.made_at, row.cents)
    row.cancelled_at = desk.clock.now()
    session.flush()
    seal_in_journal(session, desk, "fee.cancelled", {"fee": fee, "household": row.household_id, "cents": -row.cents})
    paid = session.scalar(select(CashMove.id).where(CashMove.fee_id == fee))
    if paid is not None:  # none for a fee recorded before the drawer knew of them
        cash_in(session, desk, CashMoveKind.FEE, -row.cents, note, reverses=paid, fee=fee)
