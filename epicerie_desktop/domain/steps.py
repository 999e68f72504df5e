"""Steps of support: the actions of a territory's contract they are tied to, as data, and what they add to its counters."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

DAILY = "SUPPORT"
"""The action of listening, informing and orienting: no contract asks for it, the law does (CASF L.266-2)."""
MOST_CENTS = 20_000_000


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step: its code and French name; `amount` asks for a sum, `quick` is one gesture without more to say."""

    code: str
    label: str
    amount: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """An action and its kinds of step; `contract` False for what belongs to no contract."""

    code: str
    label: str
    steps: tuple[StepKind, ...]
    contract: bool = True

    def step(self, code: str) -> StepKind | None:
        """Return a kind of step by its code."""
        return next((s for s in self.steps if s.code == code), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """The place of a step among the counters, and what it adds there: never a household, never a day."""

    month: str
    action: str
    step: str
    steps: int
    cents: int


def parse_actions(text: str) -> tuple[Action, ...]:
    """Return the actions of a nomenclature, in its order. Raises `KeyError` for one that is not well made."""
    data = tomllib.loads(text)
    return tuple(
        Action(
            a["code"],
            a["label"],
            tuple(StepKind(s["code"], s["label"], s.get("amount", False), s.get("quick", False)) for s in a["step"]),
            a.get("contract", True),
        )
        for a in data["action"]
    )


def check_step(actions: Iterable[Action], action: str, step: str, day: date, cents: int | None, today: date) -> None:
    """Raise `BadInput` for an unknown kind, a day to come or absurd, an amount missing, unasked or absurd."""
    known = next((a for a in actions if a.code == action), None)
    kind = known.step(step) if known else None
    if kind is None:
        raise BadInput(N_("Choisissez ce qui a été fait dans la liste."))
    if day > today:
        raise BadInput(N_("Ce jour est à venir : une action se note une fois faite."))
    if (today - day).days > 1100:
        raise BadInput(N_("Ce jour a plus de trois ans : vérifiez l'année."))
    if kind.amount and cents is None:
        raise BadInput(N_("Tapez le montant, même zéro."))
    if cents is not None and not kind.amount:
        raise BadInput(N_("Aucun montant n'est attendu ici : laissez-le vide."))
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise BadInput(N_("Ce montant est trop élevé : vérifiez les chiffres."))


def counted(day: date, action: str, step: str, cents: int | None, *, steps: int = 1) -> Counted:
    """Return what a step adds to the counters of its month."""
    return Counted(f"{day:%Y-%m}", action, step, steps, cents or 0)


def taken_back(one: Counted) -> Counted:
    """Return what cancelling a step takes from the counters."""
    return Counted(one.month, one.action, one.step, -one.steps, -one.cents)
