"""The cash drawer: coins and notes counted, what it should hold, and the difference. Whole cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

DENOMINATIONS = (500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1)
"""Euro notes and coins, in cents, largest first (règlement (CE) nº 974/98, art. 10 and 11)."""

_MOST = 100_000


class CashMoveKind(StrEnum):
    """Why cash enters or leaves the drawer without a ticket."""

    FLOAT = "FLOAT"
    """Change brought to the drawer."""
    DEPOSIT = "DEPOSIT"
    """Takings taken to the bank, or paid to the public accountant."""
    SPENT = "SPENT"
    """A small purchase paid from the drawer."""
    PURSE = "PURSE"
    """A household pays ahead, settles what it owed, or is given money back."""
    FEE = "FEE"
    """A household pays a subscription or a file fee, or is given it back."""
    MENDED = "MENDED"
    """A mistake put right by a contrary move."""


HOUSEHOLD_CASH = (CashMoveKind.PURSE, CashMoveKind.FEE)
"""What households give without a ticket: takings too, undone from where they were made."""


def counted_cents(counts: Mapping[int, int]) -> int:
    """Return what coins and notes are worth, in cents; `counts` gives how many of each value in cents.

    Raises `BadInput` for a value no coin or note has, or a number that is negative or out of reason.
    """
    for value, number in counts.items():
        if value not in DENOMINATIONS:
            raise BadInput(N_("Aucune pièce et aucun billet ne vaut ce montant : reprenez le comptage."))
        if not 0 <= number <= _MOST:
            raise BadInput(N_("Ce nombre de pièces ou de billets n'est pas possible : recomptez cette ligne."))
    return sum(value * number for value, number in counts.items())


def taken_from(counts: Mapping[int, int], cents: int) -> dict[int, int] | None:
    """Return which coins and notes of a counted drawer make an amount, the largest first; None where they cannot make it exactly."""
    if cents < 0:
        return None
    held = [(value, number) for value, number in sorted(counts.items(), reverse=True) if number]
    # Bit n of `reach[i]` says whether the values from the i-th on can make n cents.
    room = (1 << cents + 1) - 1
    reach = [1]
    for value, number in reversed(held):
        made, step, left = reach[-1], 1, min(number, cents // value)
        while left:
            taken = min(step, left)
            made |= (made << value * taken) & room
            left -= taken
            step *= 2
        reach.append(made)
    reach.reverse()
    if not reach[0] >> cents & 1:
        return None
    found = {}
    for i, (value, number) in enumerate(held):
        taken = next(n for n in range(min(number, cents // value), -1, -1) if reach[i + 1] >> cents - n * value & 1)
        if taken:
            found[value] = taken
            cents -= taken * value
    return found


@dataclass(frozen=True, slots=True)
class DrawerState:
    """What a drawer should hold, in cents: its opening float, the cash of its tickets, and what moved without a ticket."""

    float_cents: int
    sales_cents: int
    moves_cents: int

    @property
    def expected_cents(self) -> int:
        """Return what should be counted, in cents."""
        return self.float_cents + self.sales_cents + self.moves_cents

    def difference(self, counted: int) -> int:
        """Return what is counted too much (+) or missing (−), in cents."""
        return counted - self.expected_cents


def check_difference(difference: int, reason: str) -> None:
    """Raise `BadInput` where a difference has no reason: it is written down, never hidden."""
    if difference and not reason.strip():
        raise BadInput(N_("La caisse ne tombe pas juste : recomptez, ou dites en quelques mots ce qui a pu se passer."))
