"""Tickets in a list: what both lists of the counter show of them, and what is said before one is cancelled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.table import Column, RowsTable

if TYPE_CHECKING:
    from epicerie_desktop.services.queries.counter import TicketRow
    from epicerie_desktop.ui.till import wording
else:
    wording = late("epicerie_desktop.ui.till.wording")


def tickets_table(name: str, empty: str, *, days: bool = False) -> RowsTable[TicketRow]:
    """Return a list of tickets, each with its day where they are of several; a cancelled one stays, in a softer ink."""
    columns = (
        *((Column(_("Jour"), _day, shown.day, tone=_tone),) if days else ()),
        Column(_("Heure"), lambda t: wording.hour(t.at), tone=_tone),
        Column(_("Ticket"), lambda t: t.number, tone=_tone),
        Column(_("Foyer"), lambda t: t.name, tone=_tone, stretch=True),
        Column(_("Kilos"), lambda t: t.grams, shown.kilos, "right", tone=_tone),
        Column(_("Payé"), lambda t: t.paid_cents, shown.money, "right", tone=_tone),
        Column("", _state, tone=_tone),
    )
    return RowsTable(columns, lambda t: t.sale, name=name, sortable=False, empty=empty)


def consequences(found: TicketRow, today: date) -> str:
    """Return what cancelling a ticket will do: the goods, the sum to give back, the day that stays closed."""
    told = [
        _("Les articles reviennent en stock. Somme à rendre : {paid}.").format(paid=wording.given_back(found)),
        *wording.restored(found),
    ]
    if found.day is not None and found.day != today:
        told.append(
            _("La journée du {day} reste close : l'annulation s'inscrit dans la caisse d'aujourd'hui.").format(
                day=shown.day(found.day)
            )
        )
    return " ".join(told)


def _day(found: TicketRow) -> date | None:
    return found.day


def _state(found: TicketRow) -> str:
    if found.cancels:
        return _("annulation")
    return _("annulé") if found.cancelled else ""


def _tone(found: TicketRow) -> str | None:
    return "ink_soft" if found.cancelled or found.cancels else None
