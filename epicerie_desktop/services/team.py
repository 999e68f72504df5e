"""What a volunteer's account leaves to the team: measures, lists that decide, the shop's own rules."""

from __future__ import annotations

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def in_team(desk: Desk) -> bool:
    """Return whether an account may make the gestures of the team: a screen offers a volunteer none that would be refused."""
    return desk.actor.role != Role.VOLUNTEER


def require_team(desk: Desk) -> None:
    """Raise `RuleRefused` for a volunteer's account."""
    if not in_team(desk):
        raise RuleRefused(N_("Ce geste revient à l'équipe : un compte de bénévole ne le fait pas."))
