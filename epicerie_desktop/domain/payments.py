"""How a ticket is paid: by which means, how much of each, what change is given. Amounts in whole cents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.format import money
from epicerie_desktop.support.i18n import N_


class PaymentKind(StrEnum):
    """How the share was paid. `PURSE` takes from what the household paid ahead; `SLATE` is left to pay."""

    CASH = "CASH"
    CHEQUE = "CHEQUE"
    CARD = "CARD"
    VOUCHER = "VOUCHER"
    PURSE = "PURSE"
    SLATE = "SLATE"


REFERENCED = frozenset({PaymentKind.CHEQUE, PaymentKind.VOUCHER})
"""What has a number of its own, that may be noted."""

PURSE_KINDS = frozenset({PaymentKind.PURSE, PaymentKind.SLATE})
"""What changes the balance of the household."""


class PurseMoveKind(StrEnum):
    """Why the balance of a household changed: paid ahead, used at the till, left to pay, settled later, given back, put right."""

    PAID_AHEAD = "PAID_AHEAD"
    USED = "USED"
    LEFT = "LEFT"
    SETTLED = "SETTLED"
    GIVEN_BACK = "GIVEN_BACK"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the amount to pay, other than cash, in cents; `reference` is a cheque's number and bank, a voucher's issuer and number."""

    kind: PaymentKind
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """How a ticket is paid: the amount taken by each means, and for cash what was handed over; all in cents."""

    due: tuple[Part, ...]
    tendered_cents: int
    change_cents: int

    @property
    def cash_cents(self) -> int:
        """Return the cash that stays in the drawer, in cents."""
        return sum(p.cents for p in self.due if p.kind is PaymentKind.CASH)

    @property
    def only_cash(self) -> bool:
        """Return whether nothing but cash is taken."""
        return all(p.kind is PaymentKind.CASH for p in self.due)

    @property
    def from_purse(self) -> bool:
        """Return whether a part is taken from the household's purse or left to pay."""
        return any(p.kind in PURSE_KINDS for p in self.due)


def split_payment(to_pay_cents: int, parts: Sequence[Part], tendered_cents: int) -> Split:
    """Return how an amount is paid: each part as said, the rest in cash, the change out of the cash handed over.

    A ticket has at most one row by means; where nothing else was said, a cash row stands even at 0 €. Raises `BadInput` for a
    part of nothing, more than the amount, or too little cash: nothing but cash gives change.
    """
    taken: Counter[PaymentKind] = Counter()
    references: dict[PaymentKind, list[str]] = {}
    for part in parts:
        if part.kind is PaymentKind.CASH or part.cents <= 0:
            raise BadInput(N_("Un moyen de paiement sans montant : écrivez combien, ou retirez-le."))
        taken[part.kind] += part.cents
        if part.reference.strip():
            references.setdefault(part.kind, []).append(part.reference.strip())
    rest = to_pay_cents - sum(taken.values())
    if rest < 0:
        raise BadInput(N_("Le total dépasse le montant à payer : la monnaie ne se rend que sur les espèces."))
    if not rest and taken:
        tendered_cents = 0
    if tendered_cents < rest:
        raise BadInput(N_("Il manque de l'argent : le montant remis est inférieur au montant à payer."))
    due = [Part(kind, cents, " ; ".join(references.get(kind, ()))) for kind, cents in taken.items()]
    if rest or not due:
        due.insert(0, Part(PaymentKind.CASH, rest))
    return Split(tuple(due), tendered_cents, tendered_cents - rest)


@dataclass(frozen=True, slots=True)
class Paying:
    """A payment being made, part after part, cash included; all in cents. `ahead_cents` is what the household has ahead.

    `owing_cents` is what may be taken from it and left to pay together, once some is left to pay; None without a limit.
    """

    due_cents: int
    ahead_cents: int = 0
    parts: tuple[Part, ...] = ()
    owing_cents: int | None = None

    @property
    def left_cents(self) -> int:
        """Return what is still to be paid, in cents."""
        return max(0, self.due_cents - sum(p.cents for p in self.parts))

    @property
    def change_cents(self) -> int:
        """Return the change to give, in cents: only cash can exceed what is left."""
        return max(0, sum(p.cents for p in self.parts) - self.due_cents)

    @property
    def tendered_cents(self) -> int:
        """Return the cash handed over, in cents."""
        return sum(p.cents for p in self.parts if p.kind is PaymentKind.CASH)

    @property
    def others(self) -> tuple[Part, ...]:
        """Return the parts that are not cash."""
        return tuple(p for p in self.parts if p.kind is not PaymentKind.CASH)

    def most_cents(self, kind: PaymentKind) -> int:
        """Return the most that a means can take of what is left, in cents."""
        if kind not in PURSE_KINDS:
            return self.left_cents
        taken = {k: sum(p.cents for p in self.parts if p.kind is k) for k in PURSE_KINDS}
        most = self.left_cents
        if self.owing_cents is not None and (kind is PaymentKind.SLATE or taken[PaymentKind.SLATE]):
            most = min(most, self.owing_cents - sum(taken.values()))
        if kind is PaymentKind.PURSE:
            most = min(most, self.ahead_cents - taken[PaymentKind.PURSE])
        return max(0, most)

    def paid(self, part: Part) -> Paying:
        """Return the payment with one more part. Raises `BadInput` for nothing, or more than its means can take.

        A voucher gives no change: what exceeds the amount to pay is not taken.
        """
        if part.cents <= 0:
            raise BadInput(N_("Un moyen de paiement sans montant : écrivez combien, ou retirez-le."))
        if part.kind is not PaymentKind.CASH and part.cents > self.most_cents(part.kind):
            most = self.most_cents(part.kind)
            if part.kind is PaymentKind.PURSE:
                raise BadInput(
                    N_("Ce foyer ne peut prendre que {most} sur ce qu'il a d'avance : réglez le reste autrement."),
                    most=partial(money, most),
                )
            if part.kind is PaymentKind.SLATE and most < self.left_cents:
                raise BadInput(
                    N_("Ce foyer ne peut laisser que {most} à payer plus tard : réglez le reste autrement."),
                    most=partial(money, most),
                )
            raise BadInput(
                N_("Il ne reste que {most} à payer : la monnaie ne se rend que sur les espèces."), most=partial(money, most)
            )  # fmt: skip
        return replace(self, parts=(*self.parts, part))

    def without_last(self) -> Paying:
        """Return the payment without its last part."""
        return replace(self, parts=self.parts[:-1])
