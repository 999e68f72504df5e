"""Who may cancel a ticket, and of which day. A closed day never moves: its contrary ticket is in the till of today."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Sale, Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

REFUNDS = "regie.refunds"
"""The setting of a régie whose constitutive act allows money to be given back; nothing else allows it."""


def check_may_cancel(session: Session, desk: Desk, first: Sale) -> None:
    """Raise `RuleRefused` where this account, or this shop, may not cancel a ticket, inside a caller's block.

    Anyone cancels what was entered today: a mistake just made. What was entered another day is the team's; in a régie, money taken
    another day is given back only where its constitutive act says so.
    """
    if first.at.astimezone(PARIS).date() == desk.clock.today():
        return
    if desk.actor.role == Role.VOLUNTEER:
        raise RuleRefused(
            N_(
                "Ce ticket est d'un autre jour : un compte de l'équipe peut l'annuler, un compte de bénévole ne le fait pas."
            )
        )
    if first.paid_cents > 0 and not refunds_allowed_in(session):
        raise RuleRefused(
            N_("En régie, ce qui a été encaissé un autre jour ne se rend pas, sauf si l'acte constitutif le permet.")
        )


def refunds_allowed_in(session: Session) -> bool:
    """Return whether money taken another day may be given back, inside a caller's block."""
    if not features_in(session).regie:
        return True
    found = session.scalars(
        select(Setting.value).where(Setting.key == REFUNDS).order_by(Setting.valid_from.desc()).limit(1)
    ).first()
    return bool(found)
