"""How the committee's screen names a household."""

from __future__ import annotations

from epicerie_desktop.services.queries.names import Named
from epicerie_desktop.support.i18n import gettext as _


def who(named: Named) -> str:
    """Return how a question names a household: its name, then its number; of a reserved file, whom to see."""
    return _("{name}, dossier {number}").format(name=named.name, number=named.number)
