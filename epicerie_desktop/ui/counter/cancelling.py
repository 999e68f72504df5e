"""Cancelling a ticket, and what the household is then given back, by each means it had paid with."""

from __future__ import annotations

from collections.abc import Mapping

from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.till import means, sell
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_HANDED = {
    PaymentKind.CASH: N_("{amount} en espèces"),
    PaymentKind.CHEQUE: N_("le chèque de {amount}"),
    PaymentKind.CARD: N_("{amount} sur la carte"),
    PaymentKind.VOUCHER: N_("le bon de {amount}"),
}
_KEPT = {
    PaymentKind.PURSE: N_("{amount} reviennent à l'argent d'avance du foyer."),
    PaymentKind.SLATE: N_("Le foyer ne doit plus ces {amount}."),
}


def cancel(desk: Desk, sale: int, reason: str) -> dict[PaymentKind, int]:
    """Cancel a ticket and return what goes back by each means, in cents."""
    return means.given_back(desk, sell.cancel_sale(desk, sale, reason))


def cancelled_words(back: Mapping[PaymentKind, int]) -> str:
    """Return what to say of a cancelled ticket: cash alone is the sum to hand over, anything else is told one by one."""
    told = _("Le ticket est annulé : les articles sont revenus en stock.")
    if set(back) == {PaymentKind.CASH}:
        return _("Le ticket est annulé : les articles sont revenus en stock. Rendez {paid} à la famille.").format(
            paid=shown.money(back[PaymentKind.CASH])
        )
    handed = [_(words).format(amount=shown.money(back[kind])) for kind, words in _HANDED.items() if kind in back]
    kept = [_(words).format(amount=shown.money(back[kind])) for kind, words in _KEPT.items() if kind in back]
    if handed:
        told += " " + _("À rendre à la famille : {what}.").format(what=", ".join(handed))
    return " ".join((told, *kept))
