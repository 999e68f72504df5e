"""What the counter's single field was given: a card and whose it is, or a name to look for."""

from __future__ import annotations

from dataclasses import dataclass

from epicerie_desktop.domain.card import CardNumber, CardOrigin
from epicerie_desktop.domain.scan import ArticleScan, CardScan, classify
from epicerie_desktop.services.desk import ShopCard
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Read:
    """A card to look for and whose number it bears, or text to look for."""

    text: str
    card: CardNumber | None = None
    origin: CardOrigin = CardOrigin.OWN

    @property
    def comes_from_the_contract(self) -> bool:
        """Return whether it is a card that another shop of the contract gave."""
        return self.card is not None and self.origin is CardOrigin.OTHER_SHOP


def read(text: str, shop: ShopCard) -> Read:
    """Return what was typed or scanned at the counter of `shop`.

    Raises `BadInput`: a card misread; an article's code, which belongs to the till.
    """
    said = classify(text, (), shop.contract_number, shop.number)
    if isinstance(said, ArticleScan):
        raise BadInput(
            N_(
                "C'est le code d'un article. À l'accueil, scannez la carte du foyer ou tapez un nom : l'article viendra en caisse."
            )
        )
    if not isinstance(said, CardScan):
        return Read(said.text)
    return Read(text.strip(), said.card, said.origin)


def unknown_card(origin: CardOrigin) -> str:
    """Return what to tell of a card that no household of this shop holds (N_), by whose number it bears.

    A card known here is good whatever its number: those given before the shop joined its contract still are.
    """
    match origin:
        case CardOrigin.OTHER_SHOP:
            return N_(
                "Cette carte vient d'une autre épicerie du groupement. Entrée de nouveau pour accueillir ce foyer, ou cherchez-le par son nom."
            )
        case CardOrigin.UNKNOWN_CONTRACT:
            return N_(
                "Cette carte vient d'un autre groupement d'épiceries. Cherchez le foyer par son nom, ou ouvrez-lui un dossier."
            )
        case CardOrigin.OWN:
            return N_("Cette carte n'est plus en service. Cherchez le foyer par son nom, puis donnez-lui une carte.")
