"""Who may cancel a ticket or money taken, and of which day. A closed day never moves: the contrary is in the till of today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.payments import PURSE_KINDS
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Payment, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.till.limits import limits_in
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def check_may_cancel(session: Session, desk: Desk, first: Sale) -> None:
    """Raise `RuleRefused` where this account, or this shop, may not cancel a ticket, inside a caller's block.

    What was left to pay, or taken from what was ahead, is no money given back.
    """
    money = session.scalar(
        select(func.coalesce(func.sum(Payment.cents), 0)).where(
            Payment.sale_id == first.id, Payment.kind.not_in(PURSE_KINDS)
        )
    )
    check_may_undo(session, desk, first.at, int(money or 0))


def check_may_undo(session: Session, desk: Desk, at: datetime, money_cents: int) -> None:
    """Raise `RuleRefused` where what was taken in at `at` may not be undone, giving this money back, inside a caller's block.

    Anyone undoes what was entered today: a mistake just made. What was entered another day is the team's; in a régie, money taken
    another day is given back only where its constitutive act says so.
    """
    if at.astimezone(PARIS).date() == desk.clock.today():
        return
    if desk.actor.role == Role.VOLUNTEER:
        raise RuleRefused(
            N_("C'est d'un autre jour : un compte de l'équipe peut l'annuler, un compte de bénévole ne le fait pas.")
        )
    if money_cents > 0 and features_in(session).regie and not limits_in(session, desk.clock.today()).act_refund:
        raise RuleRefused(
            N_("En régie, ce qui a été encaissé un autre jour ne se rend pas, sauf si l'acte constitutif le permet.")
        )
