"""The papers of the till as they are printed: frozen figures, whatever prints them. Amounts in cents. Knows no page.

`duplicate` is the day a paper of closed figures was made again, None for the first one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind, Totals
from epicerie_desktop.domain.sheets import ShopHeader


@dataclass(frozen=True, slots=True)
class Share:
    """What a rate or a source of money adds up to in a reading: its name, its value on the shelf, what was paid, its grams."""

    label: str
    shelf_cents: int
    paid_cents: int
    grams: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a till has taken: since the last closing (`kind` None, an X), or over a closed period (a Z).

    `first` and `last` are numbers of tickets, empty for none. `seal` is the short form of the digest that seals it in the journal.
    """

    shop: ShopHeader
    post: str
    kind: PeriodKind | None
    number: int
    begins_on: date
    ends_on: date
    totals: Totals
    first: str
    last: str
    by_rate: tuple[Share, ...]
    by_financing: tuple[Share, ...]
    perpetual_cents: int
    perpetual_gross_cents: int
    seal: str
    version: str
    made_by: str
    made_at: datetime
    printed_at: datetime
    duplicate: date | None = None


@dataclass(frozen=True, slots=True)
class CashLine:
    """Cash that moved without a ticket; `cents` is negative for what left the drawer."""

    at: datetime
    kind: CashMoveKind
    cents: int
    note: str


@dataclass(frozen=True, slots=True)
class CountSheet:
    """A session counted: what was expected as it was stored then, what was found, and what became of it.

    `counts` is how many of each coin and note, empty where only the sum was typed. `moves` are those written before the count.
    """

    shop: ShopHeader
    post: str
    number: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime
    closed_by: str
    first: str
    last: str
    float_cents: int
    sales_cents: int
    moves: tuple[CashLine, ...]
    expected_cents: int
    counted_cents: int
    counts: Mapping[int, int]
    deposit_cents: int
    reason: str
    note: str
    printed_at: datetime
    duplicate: date | None = None

    @property
    def difference_cents(self) -> int:
        """Return what was found too much (+) or missing (−)."""
        return self.counted_cents - self.expected_cents

    @property
    def left_cents(self) -> int:
        """Return what stays in the drawer for the next team."""
        return self.counted_cents - self.deposit_cents


@dataclass(frozen=True, slots=True)
class Cheque:
    """A cheque taken in: its ticket, its day; `reference` is its number and its bank, empty where they were not written down."""

    ticket: str
    day: date
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DepositSlip:
    """Cash and cheques taken to the bank or the trésorerie. `counts` is empty where coins and notes were not told apart."""

    shop: ShopHeader
    number: str
    day: date
    cash_cents: int
    counts: Mapping[int, int]
    cheques: tuple[Cheque, ...]
    made_by: str
    printed_at: datetime
    duplicate: date | None = None

    @property
    def cheques_cents(self) -> int:
        """Return what the cheques add up to."""
        return sum(c.cents for c in self.cheques)


@dataclass(frozen=True, slots=True)
class Regie:
    """The régie de recettes of a CCAS: its name, its régisseur, the accountant it pays; `ceiling_cents` 0 where no ceiling was set."""

    name: str = ""
    regisseur: str = ""
    accountant: str = ""
    ceiling_cents: int = 0


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A day of the register: its quittances, what each means brought, and the cash of what households paid ahead or settled."""

    day: date
    first: str
    last: str
    tickets: int
    means: Mapping[str, int]
    ahead_cents: int = 0

    @property
    def money_cents(self) -> int:
        """Return what entered the régie that day: what was taken from an advance or left to pay is no money."""
        return money_of(self.means) + self.ahead_cents


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment already made to the accountant."""

    number: str
    day: date
    cents: int


@dataclass(frozen=True, slots=True)
class Register:
    """The register of takings over a period, with the payments made in it and what was not paid yet before and after."""

    shop: ShopHeader
    regie: Regie
    post: str
    first: date
    last: date
    lines: tuple[RegisterLine, ...]
    payments: tuple[PaymentLine, ...]
    before_cents: int
    printed_at: datetime

    @property
    def taken_cents(self) -> int:
        """Return what entered in the period."""
        return sum(line.money_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """Return what was paid to the accountant in the period."""
        return sum(p.cents for p in self.payments)

    @property
    def after_cents(self) -> int:
        """Return what is still to pay at its end."""
        return self.before_cents + self.taken_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class PaymentPaper:
    """A payment to the accountant with its pieces; `lines` are the days it covers, their sum is what it pays."""

    shop: ShopHeader
    regie: Regie
    post: str
    number: str
    day: date
    lines: tuple[RegisterLine, ...]
    means: Mapping[str, int]
    ahead_cents: int
    total_cents: int
    first: str
    last: str
    tickets: int
    cancelled: int
    cheques: tuple[Cheque, ...]
    counts: Mapping[int, int] = field(default_factory=dict)
    note: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    printed_at: datetime | None = None
    duplicate: date | None = None


MONEY = ("CASH", "CHEQUE", "CARD", "VOUCHER")
"""The means by which money, or what stands for it, is handed over, in the order of the papers."""


def money_of(means: Mapping[str, int]) -> int:
    """Return what was handed over, in cents, out of amounts by means: neither an advance used nor what is left to pay."""
    return sum(means.get(kind, 0) for kind in MONEY)


__all__ = [
    "MONEY", "CashLine", "Cheque", "CountSheet", "DepositSlip", "PaymentLine", "PaymentPaper", "Reading", "Regie", "Register",
    "RegisterLine", "Share", "money_of",
]  # fmt: skip
