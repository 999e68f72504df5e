"""The ticket of a basket as it is shown or printed: frozen values and their sums. Knows no page and no name of a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.till_papers import Regie

_NUMBER = re.compile(r"(\d{1,3})\s?-\s?(\d{6,9})", re.ASCII)
_AZERTY = str.maketrans("&é\"'(-è_çà)", "1234567890-")
"""What a scanner set to QWERTY types on an AZERTY keyboard, the hyphen included."""


def ticket_number(text: str) -> tuple[int, int] | None:
    """Return the post and the number of a ticket's printed number (« 1-000042 »), typed or scanned; None for anything else."""
    bare = text.strip()
    found = _NUMBER.fullmatch(bare) or _NUMBER.fullmatch(bare.translate(_AZERTY))
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A line as sold: `reference_cents` is for one piece or one kilo; `grams` is 0 where a piece has no known weight."""

    label: str
    sold_by: SoldBy
    pieces: int
    grams: int
    reference_cents: int
    shelf_cents: int
    paid_cents: int
    food: bool = True
    estimated: bool = False
    """Sold by the bag: its grams are an estimate that made no price."""
    past_best_before: bool = False
    """Whether some of it was handed out after its best-before date: the ticket says so."""


@dataclass(frozen=True, slots=True)
class TicketPayment:
    """One means of payment, as people call it, and what was handed over, in cents."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class TicketCeiling:
    """What is left of a ceiling once this basket is counted: cents, or grams."""

    measure: CeilingMeasure
    period: CeilingPeriod
    left: int


@dataclass(frozen=True, slots=True)
class PurseReceipt:
    """Money taken from a household without a sale, in cents; `household` is its number, never a name; `at` is an aware instant."""

    shop: ShopHeader
    number: str
    at: datetime
    household: str
    settled_cents: int
    ahead_cents: int
    balance_cents: int
    cancelled: bool = False
    regie: Regie | None = None
    """The régie that issues it as a quittance."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; `household` is its number in the shop, never a name; `at` is an aware instant."""

    shop: ShopHeader
    number: str
    at: datetime
    household: str
    lines: tuple[TicketLine, ...]
    payments: tuple[TicketPayment, ...] = ()
    ceilings: tuple[TicketCeiling, ...] = ()
    cancelled: bool = False
    duplicate: bool = False
    balance_cents: int | None = None
    """What the household has ahead (+) or owes (−) after this ticket, where it changed it; None otherwise."""
    regie: Regie | None = None
    """The régie that issues it as a quittance; None for a ticket of another shop."""
    last_words: tuple[str, ...] = ()
    """What the shop says at the foot."""

    @property
    def shelf_cents(self) -> int:
        """Return the value on the shelf, in cents."""
        return sum(line.shelf_cents for line in self.lines)

    @property
    def due_cents(self) -> int:
        """Return the amount to pay, in cents."""
        return sum(line.paid_cents for line in self.lines)

    @property
    def tendered_cents(self) -> int:
        """Return what was handed over, in cents."""
        return sum(payment.cents for payment in self.payments)

    @property
    def change_cents(self) -> int:
        """Return what was given back, in cents; never below 0."""
        return max(0, self.tendered_cents - self.due_cents)

    @property
    def savings_cents(self) -> int:
        """Return what the household saved, in cents."""
        return self.shelf_cents - self.due_cents

    @property
    def grams(self) -> int:
        """Return the food kilos, in grams: what is not food is not counted in kilos."""
        return sum(line.grams for line in self.lines if line.food)
