"""Who may cancel a ticket or money taken, and of which day. A closed day never moves: the contrary is in the till of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.payments import PURSE_KINDS
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Payment, Sale, SaleLine
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock.lots_drawn import refuse_brought_back_in
from epicerie_desktop.services.till.limits import lawful_in
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Undoing:
    """What decides whether something taken in may be undone: the day it is, who asks, what a régie may give back."""

    today: date
    volunteer: bool
    refund: bool

    def refusal(self, at: datetime, money_cents: int) -> str:
        """Return why what was taken in at `at` may not be undone, giving this money back; nothing where it may.

        Anyone undoes what was entered today: a mistake just made. What was entered another day is the team's; in a régie, money
        taken another day is given back only where its constitutive act says so.
        """
        if at.astimezone(PARIS).date() == self.today:
            return ""
        if self.volunteer:
            return N_(
                "C'est d'un autre jour : un compte de l'équipe peut l'annuler, un compte de bénévole ne le fait pas."
            )
        if money_cents > 0 and not self.refund:
            return N_(
                "En régie, ce qui a été encaissé un autre jour ne se rend pas, sauf si l'acte constitutif le permet."
            )
        return ""


def undoing_in(session: Session, desk: Desk) -> Undoing:
    """Return what decides for this account and this shop today, inside a caller's block."""
    today = desk.clock.today()
    return Undoing(today, desk.actor.role == Role.VOLUNTEER, lawful_in(session, today).refund)


def check_cancel(desk: Desk, sale: int) -> None:
    """Raise `RuleRefused` where `cancel_sale` would: a reason is asked only for a ticket that may be cancelled."""
    with desk.db.read() as session:
        check_may_cancel(session, desk, session.get_one(Sale, sale))
        parts = session.execute(
            select(SaleLine.lot_id, func.sum(SaleLine.pieces), func.sum(SaleLine.grams))
            .where(SaleLine.sale_id == sale)
            .group_by(SaleLine.lot_id)
        )
        refuse_brought_back_in(session, {lot: (int(pieces), int(grams)) for lot, pieces, grams in parts})


def check_may_cancel(session: Session, desk: Desk, first: Sale) -> None:
    """Raise `RuleRefused` where a ticket was cancelled, is a cancellation, or may not be by this account or this shop, inside a caller's block.

    What was left to pay, or taken from what was ahead, is no money given back.
    """
    again = session.scalar(select(Sale.id).where(Sale.reverses_id == first.id))
    if first.reverses_id is not None or again is not None:
        raise RuleRefused(N_("Ce ticket est déjà annulé."))
    money = session.scalar(
        select(func.coalesce(func.sum(Payment.cents), 0)).where(
            Payment.sale_id == first.id, Payment.kind.not_in(PURSE_KINDS)
        )
    )
    check_may_undo(session, desk, first.at, int(money or 0))


def check_may_undo(session: Session, desk: Desk, at: datetime, money_cents: int) -> None:
    """Raise `RuleRefused` where `Undoing.refusal` says why, inside a caller's block."""
    refusal = undoing_in(session, desk).refusal(at, money_cents)
    if refusal:
        raise RuleRefused(refusal)
