"""What the till's single field was given: « 3* », a code, a card or letters; and what it means against the price list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.codes import base_code
from epicerie_desktop.domain.layouts import Layout, conflicting
from epicerie_desktop.domain.scan import ArticleScan, CardScan, classify
from epicerie_desktop.domain.ticket import ticket_number
from epicerie_desktop.services.queries.counter import PriceList
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.ui.common.understood import understood
from epicerie_desktop.ui.till.gestures import Pending

_COUNTED = re.compile(r"\s*(\d{1,5})\s*(?:\*|×|[xX](?=\s|\d|$))\s*(.*)", re.DOTALL)
_ONLY_DIGITS = re.compile(r"\d{1,7}")
_SHOP_LABELS = ("rcn12", "rcn13")
MOST_PIECES = 999

PAST_USE_BY = N_(
    "« {article} » : la DLC de l'étiquette ({day}) est dépassée. Ne remettez pas ce produit : mettez-le de côté."
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number of pieces (1 when none was typed) and what names the article."""

    text: str
    pieces: int = 1
    counted: bool = False


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A right code that names no article yet; `remember` is what to tie to the article chosen, None to tie nothing."""

    code: str
    remember: str | None
    pending: Scanned


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a label says besides its article."""

    pieces: int
    grams: int | None
    use_by: date | None
    lot: str = ""
    said: str = ""
    """What was understood of the label, to be shown."""

    def of(self, prices: PriceList, article: int, day: date) -> Pending:
        """Return the article on its way to the basket. Raises `BadInput` where the label's use-by date has passed."""
        from epicerie_desktop.support import format as shown

        offer = prices.offers[article]
        if self.use_by is not None and self.use_by < day:
            raise BadInput(PAST_USE_BY, article=offer.name, day=shown.day(self.use_by))
        pack_date = self.use_by if article in prices.expired_only else None
        if offer.sold_by is SoldBy.PIECE or self.grams is None:
            return Pending(offer, self.pieces, pack_date=pack_date, said=self.said, pack_lot=self.lot)
        return Pending(offer, 1, self.grams, WeightSource.LABEL, pack_date=pack_date, said=self.said, pack_lot=self.lot)


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters to look for among the articles' names."""

    text: str
    pieces: int


@dataclass(frozen=True, slots=True)
class WhichDonor:
    """A label that several donors' layouts read, each its own way; `text` is what was scanned."""

    text: str
    layouts: tuple[Layout, ...]


Meant = Pending | UnknownCode | CardScan | Letters | WhichDonor


def read_typed(text: str) -> Typed:
    """Return the count and the rest of « 3* pâtes », « 3 x pâtes », « 3*3560070278831 » or « pâtes ».

    Raises `BadInput` for a count of 0 or over 999.
    """
    found = _COUNTED.fullmatch(text)
    if found is None:
        return Typed(text.strip())
    pieces = int(found[1])
    if not 1 <= pieces <= MOST_PIECES:
        raise BadInput(N_("Le nombre de pièces va de 1 à {most}."), most=MOST_PIECES)
    return Typed(found[2].strip(), pieces, True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Tells what was typed or scanned, seen from one shop on one day."""

    contract: int
    shop: int
    day: date
    layouts: tuple[Layout, ...] = ()
    region: str | None = None

    def meaning(self, text: str, prices: PriceList) -> Meant:
        """Return what a text means. Raises `BadInput` with what to do: a wrong check digit, a past date, a lone number."""
        typed = read_typed(text)
        if not typed.text:
            raise BadInput(N_("{n} fois quel article ? Tapez son nom ou scannez-le."), n=typed.pieces)
        by_short = next((o for o in prices.offers.values() if o.short_code and o.short_code == typed.text), None)
        if by_short is not None:
            return Pending(by_short, typed.pieces)
        if ticket_number(typed.text) is not None:
            raise BadInput(
                N_(
                    "C'est le numéro d'un ticket. Pour le relire ou l'annuler : F10 garde ce panier, puis scannez le ticket à l'accueil."
                )
            )
        said = classify(typed.text, self.layouts, self.contract, self.shop, region=self.region)
        if isinstance(said, CardScan):
            return said
        if isinstance(said, ArticleScan):
            rivals = self._rivals(said, typed.text, prices)
            if len(rivals) > 1:
                return WhichDonor(text, rivals)
            if rivals:
                return replace(self, layouts=rivals).meaning(text, prices)
            return self._scanned(said, typed, prices)
        if _ONLY_DIGITS.fullmatch(said.text) and not prices.matching(said.text):
            return self._own_code(said.text, typed, prices)
        return Letters(said.text, typed.pieces)

    def _rivals(self, said: ArticleScan, scanned: str, prices: PriceList) -> tuple[Layout, ...]:
        """Return the layouts between which nothing chooses; the one whose article is known here chooses by that."""
        rivals = conflicting(self.layouts, said.code) if said.scan.valid and said.scan.kind.startswith("rcn") else ()
        known = tuple(r for r in rivals if (base_code(scanned, layouts=(r,)) or "").lstrip("0") in prices.codes)
        return known if len(known) == 1 else rivals

    def _own_code(self, digits: str, typed: Typed, prices: PriceList) -> Meant:
        """Return the article whose own short number was typed. Raises `BadInput`: a lone number never adds anything."""
        article = prices.codes.get(digits.lstrip("0"))
        if article in prices.offers and article is not None:
            return Scanned(typed.pieces, None, None).of(prices, article, self.day)
        raise BadInput(
            N_("« {typed} » ne désigne aucun article. Pour {typed} pièces, tapez « {typed}* » puis l'article."),
            typed=digits,
        )

    def _scanned(self, said: ArticleScan, typed: Typed, prices: PriceList) -> Meant:
        scan = said.scan
        if not scan.valid:
            raise BadInput(scan.problem or N_("Ce code est mal lu : scannez de nouveau."))
        label = Scanned(
            scan.count or typed.pieces, scan.grams, scan.use_by, scan.lot or "", understood(scan, self.layouts, said.code)
        )  # fmt: skip
        base = base_code(typed.text, layouts=self.layouts, region=self.region)
        for code in (said.code, base):
            article = prices.codes.get((code or "").lstrip("0"))
            if article is not None and article in prices.offers:
                return label.of(prices, article, self.day)
        remember = base or (None if scan.kind in _SHOP_LABELS else said.code)
        return UnknownCode(said.code, remember, label)
