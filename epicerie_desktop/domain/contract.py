"""The contract of a territory: axes, actions, indicators, funding. What may be written, and how an amount is typed.

The rules that add values up are in `contract_values.py`. Everything is counted in integers: households, persons, grams, cents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from epicerie_desktop.domain.figures import months_between
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.units import decimal_of
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST = 10**12
"""The largest value, in the smallest unit: ten milliards of euros, a million tonnes."""
MOST_TITLE = 160
MOST_SUMMARY = 1000
MOST_CODE = 24
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]{0,22}[A-Z0-9])?")
_MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")
_COUNTER = re.compile(r"action:([A-Z0-9_-]{1,20}):([A-Z0-9_-]{1,20})(:cents)?")


class Status(StrEnum):
    """Where an action stands (prévue, lancée, réalisée, reportée, abandonnée): as the published balances count them."""

    PLANNED = "PLANNED"
    STARTED = "STARTED"
    DONE = "DONE"
    POSTPONED = "POSTPONED"
    DROPPED = "DROPPED"


class Unit(StrEnum):
    """What an indicator counts; COUNT is anything else, named beside it (« permis », « emplois »)."""

    HOUSEHOLD = "HOUSEHOLD"
    PERSON = "PERSON"
    GRAM = "GRAM"
    CENT = "CENT"
    COUNT = "COUNT"

    @property
    def places(self) -> int:
        """Return how many decimals people write: kilos 3, euros 2."""
        return {Unit.GRAM: 3, Unit.CENT: 2}.get(self, 0)


class Method(StrEnum):
    """How the values of a period make one: heads counted once, a sum of months, or the last state known."""

    DISTINCT = "DISTINCT"
    SUM = "SUM"
    LAST = "LAST"


SOURCES: Mapping[str, tuple[Unit, Method]] = MappingProxyType(
    {
        "families": (Unit.HOUSEHOLD, Method.DISTINCT),
        "persons": (Unit.PERSON, Method.DISTINCT),
        "visits": (Unit.COUNT, Method.SUM),
        "grams": (Unit.GRAM, Method.SUM),
        "shelf_cents": (Unit.CENT, Method.SUM),
        "paid_cents": (Unit.CENT, Method.SUM),
        "savings_cents": (Unit.CENT, Method.SUM),
    }
)
"""What the parcels bring by themselves: the figures of `domain/figures.DEFINITIONS`, with their unit and their method."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A nameless counter of the parcels: how many steps of an action, or how many cents they moved."""

    action: str
    step: str
    cents: bool = False


def counter_of(source: str) -> Counter | None:
    """Return the counter a source names, `action:LICENCE:OBTAINED` or `action:HOUSING:FUNDED:cents`; None for another source."""
    found = _COUNTER.fullmatch(source)
    return Counter(found[1], found[2], found[3] is not None) if found else None


def checked_code(typed: str) -> str:
    """Return a code of an axis, an action or an indicator in capitals. Raises `BadInput`."""
    code = typed.strip().upper()
    if _CODE.fullmatch(code) is None:
        raise BadInput(
            N_("« {typed} » n'est pas un code : des lettres sans accent, des chiffres, un tiret ou un point, 24 signes au plus."),
            typed=typed.strip()[:40],
        )  # fmt: skip
    return code


def checked_title(typed: str) -> str:
    """Return a title, its blanks tidied. Raises `BadInput` when it is empty or too long."""
    title = " ".join(checked_text(typed, MOST_TITLE).split())
    if not title:
        raise BadInput(N_("Donnez un intitulé."))
    return title


def checked_summary(typed: str) -> str:
    """Return a free text of an axis, an action or an indicator. Raises `BadInput` when it is too long."""
    return checked_text(typed, MOST_SUMMARY)


def checked_partners(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the partners of an action, each once, without the empty ones. Raises `BadInput`: too long, or over forty."""
    found = tuple(dict.fromkeys(t for t in (" ".join(checked_text(p, MOST_TITLE).split()) for p in typed) if t))
    if len(found) > 40:
        raise BadInput(N_("Une action a quarante partenaires au plus : regroupez-les."))
    return found


def checked_period(first: str, last: str, starts: str, ends: str) -> tuple[str, str]:
    """Return the months of a period, as `2012-03`, within a contract that runs from `starts` to `ends`. Raises `BadInput`."""
    for month in (first, last):
        if _MONTH.fullmatch(month) is None:
            raise BadInput(N_("« {typed} » n'est pas un mois. Écrivez par exemple 2026-11."), typed=month[:40])
    if first > last:
        raise BadInput(N_("Le premier mois vient après le dernier."))
    if first < starts or last > ends:
        raise BadInput(N_("Le contrat va de {starts} à {ends} : la période doit y tenir."), starts=starts, ends=ends)
    return first, last


def check_value(value: int, unit: Unit) -> int:
    """Return a value in the smallest unit. Raises `BadInput` under zero or over `MOST`."""
    if value < 0:
        raise BadInput(N_("Une valeur ne peut pas être négative."))
    if value > MOST or (unit in (Unit.HOUSEHOLD, Unit.PERSON) and value > 100_000_000):
        raise BadInput(N_("Cette valeur est trop grande : vérifiez les chiffres et l'unité."))
    return value


def read_amount(typed: str, unit: Unit) -> int:
    """Return a value typed by a person in the smallest unit: « 10 t » or « 1 250,5 » (kilos), « 550 000 € », « 200 ».

    Raises `BadInput`: not a number, finer than the gram or the cent, negative, absurd.
    """
    text = typed.strip()
    if not text:
        raise BadInput(N_("Tapez la valeur."))
    scale = 10**unit.places
    suffixes: dict[str, int] = {Unit.GRAM: {"kg": 1000, "t": 1_000_000, "g": 1}, Unit.CENT: {"€": 100, "eur": 100}}.get(
        unit, {}
    )
    lowered = text.casefold()
    for suffix, of in suffixes.items():
        if lowered.endswith(suffix):
            lowered, scale = lowered[: -len(suffix)].rstrip(), of
            break
    number = decimal_of(lowered)
    if number is None:
        raise BadInput(N_("« {typed} » n'est pas un nombre. Tapez par exemple 200 ou 1 250,5."), typed=text[:40])
    exact = number * scale
    if exact.denominator != 1:
        told = {
            Unit.GRAM: N_("« {typed} » est plus fin que le gramme : tapez trois décimales au plus."),
            Unit.CENT: N_("Un montant a deux décimales au plus : « {typed} » en a davantage."),
        }
        raise BadInput(told.get(unit, N_("« {typed} » : un nombre entier est attendu ici.")), typed=text[:40])
    return check_value(int(exact), unit)


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator counts, how, and where it comes from; an empty `source` is typed or imported."""

    unit: Unit
    method: Method
    source: str = ""
    unit_name: str = ""
    target: int | None = None


def check_measure(measure: Measure) -> None:
    """Raise `BadInput` where an indicator's unit, method, source and target do not go together; the sentence says what to do."""
    if measure.source:
        _check_source(measure)
    if measure.method is Method.DISTINCT and measure.unit in (Unit.GRAM, Unit.CENT):
        raise BadInput(
            N_("Des kilos ou des euros ne se comptent pas une seule fois : choisissez la somme, ou le dernier état.")
        )
    if measure.unit is Unit.COUNT and not measure.unit_name and not measure.source:
        raise BadInput(N_("Dites ce qui est compté : « permis », « emplois », « ateliers »."))
    if measure.target is not None:
        check_value(measure.target, measure.unit)


def _check_source(measure: Measure) -> None:
    counter = counter_of(measure.source)
    expected = SOURCES.get(measure.source)
    if counter is not None:
        expected = (Unit.CENT if counter.cents else measure.unit, Method.SUM)
        if not counter.cents and measure.unit in (Unit.GRAM, Unit.CENT):
            expected = (Unit.COUNT, Method.SUM)
    if expected is None:
        raise BadInput(
            N_("« {source} » n'est pas une source : laissez vide pour une valeur saisie, ou choisissez dans la liste."), source=measure.source[:60]
        )  # fmt: skip
    if (measure.unit, measure.method) != expected:
        raise BadInput(
            N_("Ce que les envois apportent sous « {source} » a sa propre unité et son propre calcul : reprenez-les."), source=measure.source
        )  # fmt: skip


def checked_year(year: int, starts: str, ends: str) -> int:
    """Return a year of funding: those of the contract, one before and two after (balances are paid late). Raises `BadInput`."""
    first, last = int(starts[:4]) - 1, int(ends[:4]) + 2
    if not first <= year <= last:
        raise BadInput(N_("Une année de financement va de {first} à {last} pour ce contrat."), first=first, last=last)
    return year


def month_count(first: str, last: str) -> int:
    """Return how many months a period has."""
    return len(months_between(first, last))
