"""The card number of a contract: what it is made of, how it is checked, whose it is. It says nothing of the household.

« K », then 14 digits: contract (4), shop (2), post (1), serial (5), and two check digits by ISO 7064 MOD 97-10 over the
twelve before them, which see any one wrong digit and any two exchanged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from epicerie_desktop.domain.check_digits import gs1_check_is_right, mod97_check
from epicerie_desktop.domain.codes import unscramble, without_identifier
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

LETTER = "K"
DIGITS = 14
MOST_CONTRACT, MOST_SHOP, MOST_POST = 9999, 99, 9
_LIKE_A_CARD = 8
"""From so many digits after the K on, the text was meant to be a card and not a word."""
_GAPS = re.compile(r"[\s.\-]+")
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"[0-9]+")


class CardOrigin(Enum):
    """Where a card comes from, seen from one shop of one contract."""

    OWN = "own"
    OTHER_SHOP = "other_shop"
    UNKNOWN_CONTRACT = "unknown_contract"


@dataclass(frozen=True, order=True)
class CardNumber:
    """A card: contract 0–9999, shop 0–99, post 0–9, serial 0–99999. Raises `BadInput` outside these."""

    contract: int
    shop: int
    post: int
    serial: int

    def __post_init__(self) -> None:
        parts = ((self.contract, MOST_CONTRACT), (self.shop, MOST_SHOP), (self.post, MOST_POST), (self.serial, 99999))
        if not all(0 <= value <= most for value, most in parts):
            raise BadInput(
                N_(
                    "Le numéro de carte ne peut pas être formé : contrat {contract} (0 à 9999), épicerie {shop} (0 à 99), "
                    "poste {post} (0 à 9), carte {serial} (0 à 99999)."
                ),
                contract=self.contract,
                shop=self.shop,
                post=self.post,
                serial=self.serial,
            )

    @property
    def digits(self) -> str:
        """Return the 14 digits, check included, without the letter."""
        payload = f"{self.contract:04d}{self.shop:02d}{self.post:d}{self.serial:05d}"
        return payload + mod97_check(payload)

    @property
    def code(self) -> str:
        """Return the 15 signs that the barcode holds."""
        return LETTER + self.digits

    @property
    def spaced(self) -> str:
        """Return the code in groups, as printed for reading aloud: « K1234 0110 0042 71 »."""
        digits = self.digits
        return LETTER + " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))

    @property
    def needs_its_letter(self) -> bool:
        """Return whether the digits alone are also a right GTIN-14, so that the K must be typed (one number in ten).

        Whoever issues numbers may skip these.
        """
        return gs1_check_is_right(self.digits)


def parse_card(text: str) -> CardNumber | None:
    """Return the card read or typed in `text`, or None when it does not look like one.

    Blanks, dots and hyphens between groups, lower case, the scanner's identifier and digits typed on a French keyboard by a
    scanner set to QWERTY are accepted. Without its letter, a number is a card only when its 14 digits have the right check and
    are not a right GTIN-14, which wins: an article is scanned far more often than a card is typed.
    Raises `BadInput` when the letter is there and the number is cut or its check digits are wrong.
    """
    _symbol, body = without_identifier(unscramble(text))
    compact = _BLANKS.sub("", body).upper()
    lettered = compact.startswith(LETTER)
    number = unscramble(compact.removeprefix(LETTER))
    if not _NUMBER.fullmatch(number):
        number = _GAPS.sub("", number)
    if not _NUMBER.fullmatch(number):
        return None
    if not lettered:
        return None if len(number) != DIGITS or gs1_check_is_right(number) else _read(number)
    if len(number) < _LIKE_A_CARD:
        return None
    if len(number) != DIGITS:
        raise BadInput(
            N_(
                "Ce numéro de carte a {length} chiffres au lieu de 14 : scannez la carte de nouveau, réessayez ou tapez les chiffres."
            ),
            length=len(number),
        )
    card = _read(number)
    if card is None:
        raise BadInput(
            N_("Ce numéro de carte est mal lu (contrôle faux) : réessayez ou tapez les chiffres inscrits sur la carte.")
        )
    return card


def belongs(card: CardNumber, contract: int, shop: int) -> CardOrigin:
    """Return whether `card` is of this `shop`, of another shop of this `contract`, or of a contract unknown here."""
    if card.contract != contract:
        return CardOrigin.UNKNOWN_CONTRACT
    return CardOrigin.OWN if card.shop == shop else CardOrigin.OTHER_SHOP


def _read(digits: str) -> CardNumber | None:
    card = CardNumber(int(digits[:4]), int(digits[4:6]), int(digits[6]), int(digits[7:12]))
    return card if card.digits == digits else None
