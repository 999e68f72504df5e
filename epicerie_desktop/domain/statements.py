"""A statement as it was said: amounts by the month, the year, the quarter or the week, and debts. Exact conversions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from epicerie_desktop.domain.eligibility.situation import PERIODS, LinePeriod, looks_yearly
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.units import parse_cents, round_half_up
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import words

MOST_STATED_CENTS = 1_000_000_00
"""A million euros: over it, a key was stuck."""
_NOTHING = frozenset({"rien", "aucun", "aucune", "non", "neant", "néant", "none", "nothing"})
_LEAST_RATIO, _MOST_RATIO = 10, 14
MOST_DEBTS = 30


class Doubt(StrEnum):
    """What an amount looks like, to be asked."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"


class DebtKind(StrEnum):
    """To whom, or for what, money is owed."""

    RENT = "RENT"
    ENERGY = "ENERGY"
    WATER = "WATER"
    CREDIT = "CREDIT"
    BANK = "BANK"
    TAXES = "TAXES"
    SCHOOL = "SCHOOL"
    HEALTH = "HEALTH"
    FINE = "FINE"
    RELATIVES = "RELATIVES"
    OTHER = "OTHER"


def monthly(cents: int, period: LinePeriod) -> Fraction:
    """Return the exact cents a month of an amount: a year is 12 months, a quarter 3, and 52 weeks make a year."""
    return cents * PERIODS[period]


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount as it was told: its cents, for a period."""

    cents: int
    period: LinePeriod = LinePeriod.MONTH

    @property
    def exact(self) -> Fraction:
        """Return the exact cents a month."""
        return monthly(self.cents, self.period)

    @property
    def month(self) -> int:
        """Return the cents a month, rounded once, halves up."""
        return round_half_up(self.exact)


def parse_stated(text: str) -> int:
    """Return the cents of an amount typed, « rien » being 0. Raises `BadInput` for anything else than an amount."""
    if text.strip().lower() in _NOTHING:
        return 0
    return parse_cents(text, most=MOST_STATED_CENTS)


def doubt(said: Stated, *, resource: bool, before: int | None = None) -> Doubt | None:
    """Return what an amount looks like where its period is doubtful; `before` is the cents a month of the last statement.

    It is doubtful when it is about twelve times the amount before, or a twelfth of it, or more than a month can hold.
    """
    month = said.exact
    if said.period is LinePeriod.MONTH:
        if looks_yearly(said.cents, resource=resource):
            return Doubt.YEARLY
        if before and _LEAST_RATIO * before <= month <= _MOST_RATIO * before:
            return Doubt.YEARLY
    elif said.period is LinePeriod.YEAR and before and month and _LEAST_RATIO * month <= before <= _MOST_RATIO * month:
        return Doubt.MONTHLY
    return None


@dataclass(frozen=True, slots=True)
class Debt:
    """Money owed: to whom, what is left and what is paid a month, in cents; None where it is not known."""

    creditor: str
    kind: DebtKind
    left: int | None = None
    monthly: int | None = None


def checked_debt(debt: Debt) -> Debt:
    """Return a debt with its creditor tidied. Raises `BadInput`: no creditor, a social security number in it."""
    creditor = " ".join(checked_text(debt.creditor, 120).split())
    if not creditor:
        raise BadInput(N_("Dites à qui cette dette est due, même en un mot."))
    return Debt(creditor, debt.kind, debt.left, debt.monthly)


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement holds besides the situation weighed: lines not told by the month, debts, days of certificates."""

    resources: Mapping[str, Stated] = field(default_factory=dict)
    charges: Mapping[str, Stated] = field(default_factory=dict)
    debts: tuple[Debt, ...] = ()
    declared_on: Mapping[str, date] = field(default_factory=dict)


def said_to_json(said: Said) -> dict[str, Any]:
    """Return what was said as plain values, to be sealed; debts are checked. Raises `BadInput` where one is wrong."""
    if len(said.debts) > MOST_DEBTS:
        raise BadInput(N_("Une déclaration garde {most} dettes au plus : regroupez les plus petites."), most=MOST_DEBTS)
    debts = [checked_debt(d) for d in said.debts]
    return {
        "periods": {"resources": _periods(said.resources), "charges": _periods(said.charges)},
        "debts": [{"creditor": d.creditor, "kind": d.kind.value, "left": d.left, "monthly": d.monthly} for d in debts],
        "declared_on": {code: day.isoformat() for code, day in said.declared_on.items()},
    }


def said_from_json(content: Mapping[str, Any]) -> Said:
    """Return what `said_to_json` told; a statement kept before debts and periods were asked says nothing of them."""
    periods = content.get("periods", {})
    return Said(
        _stated(periods.get("resources", {})), _stated(periods.get("charges", {})),
        tuple(Debt(d["creditor"], DebtKind(d["kind"]), d["left"], d["monthly"]) for d in content.get("debts", ())),
        {code: date.fromisoformat(day) for code, day in content.get("declared_on", {}).items()},
    )  # fmt: skip


def _periods(lines: Mapping[str, Stated]) -> dict[str, list[Any]]:
    return {code: [s.period.value, s.cents] for code, s in lines.items() if s.period is not LinePeriod.MONTH}


def _stated(lines: Mapping[str, list[Any]]) -> dict[str, Stated]:
    return {code: Stated(cents, LinePeriod(period)) for code, (period, cents) in lines.items()}


def debts_missing(here: Iterable[str], there: tuple[Debt, ...]) -> tuple[Debt, ...]:
    """Return the debts told elsewhere whose creditor is not named here, whatever the case, accents and blanks."""
    named = {words(creditor) for creditor in here}
    return tuple(d for d in there if words(d.creditor) not in named)


def debts_that_differ(here: tuple[Debt, ...], there: tuple[Debt, ...]) -> tuple[tuple[Debt, Debt], ...]:
    """Return the debts of a same creditor that are not told alike, as (here, there); an amount nobody told differs from none."""
    known = {words(d.creditor): d for d in there}
    pairs = [(d, known[words(d.creditor)]) for d in here if words(d.creditor) in known]
    return tuple((a, b) for a, b in pairs if _differ(a.left, b.left) or _differ(a.monthly, b.monthly))


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other
