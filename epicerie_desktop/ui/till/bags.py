"""Goods that may not be priced by weight: the scale's check is overdue, or they are lighter than it can weigh.

The article goes by the piece, by the bag, or at a free price; a weight typed instead would be no way round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.basket import ArticleOffer
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.domain.weighing import Standing, WeighingRule
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till.gestures import Pending
from epicerie_desktop.ui.till.step import Step

if TYPE_CHECKING:
    from epicerie_desktop.ui.till.screen import TillScreen

_COUNTED = re.compile(r"(\d{1,3})\s*[*x×X]\s*(.*)")
_ENOUGH_TO_COST = 10_000
"""Grams whose price shows whether weight costs anything to this household, be its share one per cent."""


@dataclass(frozen=True, slots=True)
class Bags:
    """Bags or pieces, and the value on the shelf of each, in cents."""

    count: int
    cents: int


def why(rule: WeighingRule) -> str:
    """Return why no price may be made by weight, in a sentence."""
    match rule.standing:
        case Standing.OVERDUE if rule.record is not None and rule.record.last is not None:
            return _(
                "La vérification de la balance est échue depuis le {day} : son poids, lu ou tapé, ne fait plus de prix."
            ).format(day=shown.day(rule.record.last.next_on))
        case Standing.REFUSED:
            return _("La balance a été refusée à sa vérification : son poids, lu ou tapé, ne fait plus de prix.")
        case Standing.NOT_APPROVED:
            return _("Cette balance n'est pas approuvée pour la vente : son poids, lu ou tapé, ne fait pas de prix.")
    return ""


class BagStep(Step):
    """Asks the price of a bag, a piece, or a free price; Enter alone takes the value of a piece of its family."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Au sac ou à la pièce"), _("Ajouter"), _("Retour"), parent)
        self.line.setPlaceholderText(_("en euros : 0,80, ou 3*0,25"))
        self._each: int | None = None
        self._count = 1

    def ask(self, offer: ArticleOffer, count: int, reason: str) -> None:
        """Ask for `offer`, of which `count` were announced."""
        self._each, self._count = offer.piece_cents, count
        self.title.setText(_("« {article} » se vend au sac ou à la pièce").format(article=offer.name))
        usual = (
            _("Entrée seule : {n} à {price}. Sinon tapez le prix du sac, de la pièce, ou un prix libre.").format(
                n=count, price=shown.money(offer.piece_cents)
            )
            if offer.piece_cents is not None
            else _("Tapez la valeur en rayon du sac, de la pièce, ou un prix libre.")
        )
        self.hint.setText(f"{reason} {usual}")
        self.begin()

    def answer(self, typed: str) -> Bags:
        """Return the bags and their price. Raises `BadInput`."""
        found = _COUNTED.fullmatch(typed)
        count, price = (int(found[1]), found[2]) if found else (self._count, typed)
        if count < 1:
            raise BadInput(N_("Combien de sacs ou de pièces ? Tapez par exemple 3*0,25."))
        if price.strip():
            return Bags(count, parse_cents(price))
        if self._each is None:
            raise BadInput(N_("Tapez la valeur en rayon d'un sac ou d'une pièce, par exemple 0,80."))
        return Bags(count, self._each)


class ByBag(QObject):
    """Sends an article to the step of bags where its price would depend on a weight that may make none."""

    def __init__(self, till: TillScreen) -> None:
        super().__init__(till)
        self._till = till
        self._pending: Pending | None = None
        self.rule = WeighingRule()
        self.step = BagStep()
        self.step.answered.connect(self._on_priced)
        self.step.left.connect(till.back_to_entry)

    def learn(self, rule: WeighingRule) -> None:
        """Take the rule of the day; the weighing step needs it too."""
        self.rule = self._till.weighing.rule = rule

    def stop(self, pending: Pending) -> bool:
        """Return whether the article goes by the bag: its weight would make a price, and may not."""
        if not self.rule.forbids_price or not self.costs_by_weight(pending):
            return False
        self.ask(pending, why(self.rule))
        return True

    def costs_by_weight(self, pending: Pending) -> bool:
        """Return whether the weight of an article makes what this household pays: a gift may always be weighed."""
        return self._till.would_pay(pending, _ENOUGH_TO_COST) > 0

    def ask(self, pending: Pending, reason: str) -> None:
        """Ask for the bags of an article."""
        self._pending = pending
        self.step.ask(pending.offer, pending.pieces, reason)
        self._till.show_step(self.step)

    @Slot(object)
    def _on_priced(self, bags: Bags) -> None:
        if self._pending is not None:
            self._till.advance(replace(self._pending, pieces=bags.count, bag_cents=bags.cents))
