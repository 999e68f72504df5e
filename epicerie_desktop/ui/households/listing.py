"""What the list of households answers to what is typed or scanned. Knows no widget."""

from __future__ import annotations

from epicerie_desktop.domain.card import parse_card
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import FoundHousehold, find_by_card, find_households
from epicerie_desktop.services.queries.households import list_households
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _


def listed(desk: Desk, typed: str, *, only_open: bool) -> tuple[tuple[FoundHousehold, ...], str]:
    """Return the households to list, and what is wrong with a card's number, if one was typed or scanned."""
    if not typed:
        return list_households(desk, only_open=only_open), ""
    try:
        card = parse_card(typed)
    except BadInput as misread:
        return (), str(misread)
    if card is None:
        return find_households(desk, typed), ""
    found = find_by_card(desk, card)
    return ((found,), "") if found else ((), _("Cette carte n'est rattachée à aucun foyer d'ici."))
