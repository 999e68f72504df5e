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
    """A card to look for, or text to look for; `foreign` tells a card of another shop of the contract."""

    text: str
    card: CardNumber | None = None
    foreign: bool = False


def read(text: str, shop: ShopCard) -> Read:
    """Return what was typed or scanned at the counter of `shop`.

    Raises `BadInput`: a card misread, or of an unknown contract; an article's code, which belongs to the till.
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
    if said.origin is CardOrigin.UNKNOWN_CONTRACT:
        raise BadInput(
            N_(
                "Cette carte vient d'un autre groupement d'épiceries. Cherchez le foyer par son nom, ou ouvrez-lui un dossier."
            )
        )
    return Read(text.strip(), said.card, said.origin is CardOrigin.OTHER_SHOP)
