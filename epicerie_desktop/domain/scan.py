"""What the single field of the till or of the reception received: a card, a code, or words typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from epicerie_desktop.domain import digital_link, gs1
from epicerie_desktop.domain.card import CardNumber, CardOrigin, belongs, parse_card
from epicerie_desktop.domain.codes import (
    GTIN_LENGTHS,
    Scan,
    decode,
    typed_digits,
    unscramble,
    without_identifier,
)
from epicerie_desktop.domain.layouts import Layout

_LONGER_THAN_A_TELEPHONE = 15
_FROM_ABROAD = "0033"
_STARTS_A_LABEL = re.compile(r"0[12][0-9]{14}|1[13567][0-9]{6}")


@dataclass(frozen=True)
class CardScan:
    """A household's card, and whose it is."""

    card: CardNumber
    origin: CardOrigin


@dataclass(frozen=True)
class ArticleScan:
    """A code, right or wrong (`scan.problem` says what to do). `code` is what to look for among the shop's own codes."""

    scan: Scan
    code: str


@dataclass(frozen=True)
class Words:
    """Anything else: a name, a telephone, a few letters, as typed, without the blanks around."""

    text: str


def classify(
    text: str, layouts: tuple[Layout, ...], contract: int, shop: int, *, region: str | None = None
) -> CardScan | ArticleScan | Words:
    """Return what `text` is, seen from `shop` of `contract`.

    Raises `BadInput` when it is a card cut or misread. Digits as long as an article number are a code even when wrong, so that the
    volunteer is told; shorter ones, and telephone numbers, are words.
    """
    card = parse_card(text)
    if card is not None:
        return CardScan(card, belongs(card, contract, shop))
    symbol, body = without_identifier(unscramble(text))
    digits = typed_digits(body)
    if digits is not None and (len(digits) in GTIN_LENGTHS or len(digits) >= _LONGER_THAN_A_TELEPHONE):
        scan = decode(text, layouts=layouts, region=region)
        is_telephone = not symbol and not scan.valid and digits.startswith(_FROM_ABROAD) and len(digits) == 13
        return Words(text.strip()) if is_telephone else ArticleScan(scan, scan.gtin or digits)
    if (
        symbol
        or digital_link.is_address(body)
        or gs1.SEPARATOR in gs1.with_separators(body)
        or gs1.is_printed_form(body)
    ):
        scan = decode(text, layouts=layouts, region=region)
        return ArticleScan(scan, scan.gtin or body)
    if _STARTS_A_LABEL.match(body):
        scan = decode(text, layouts=layouts, region=region)
        if scan.valid:
            return ArticleScan(scan, scan.gtin or body)
    return Words(text.strip())
