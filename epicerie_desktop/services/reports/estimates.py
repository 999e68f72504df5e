"""Estimates that the manager makes for a funder, where the law asks no more: of the whole shop, never of a person."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.data_table import Holds, decimal_text
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.reports.fse import Estimate, in_force, unit_of
from epicerie_desktop.domain.reports.funder_data import Indicator, Way, parse_indicators
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.persistence.models import Account, AggregateEstimate
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import paths
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_, french_typography, language

MOST = 100_000_000_00
MOST_PERMILLE = 1000
_LONGEST_COUNT = 7


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return the indicators of the European fund, in their order."""
    return parse_indicators(
        tomllib.loads(paths.resource("nomenclatures", "fse_indicators.toml").read_text("utf-8"))
    )  # fmt: skip


def estimated_indicators() -> tuple[Indicator, ...]:
    """Return those that the manager estimates."""
    return tuple(i for i in indicators() if i.way is Way.ESTIMATE)


def known_indicator(code: str) -> Indicator:
    """Return the indicator of a code. Raises `BadInput` for one that is not estimated."""
    found = next((i for i in estimated_indicators() if i.code == code), None)
    if found is None:
        raise BadInput(N_("« {code} » n'est pas un indicateur qui s'estime."), code=code)
    return found


def require_accounts(desk: Desk) -> None:
    """Raise `RuleRefused` for an account that does not keep the shop's accounts, and for a coordinator's file."""
    if desk.shop.is_coordinator:
        raise RuleRefused(N_("Les estimations se font dans le fichier d'une épicerie."))
    if not Role(desk.actor.role).keeps_accounts:
        raise RuleRefused(
            N_("Une estimation pour un financeur se fait par la personne responsable ou par l'accompagnement social.")
        )


def record_estimate(desk: Desk, indicator: str, first: date, last: date, value: int | None, basis: str) -> int:
    """Keep an estimate over a period, both days included, and return its id; the same period's earlier ones stay, the last holds.

    `value` is counted, in cents, in grams or in thousandths, as the indicator is; None takes an estimate back. Raises
    `BadInput` for an indicator that is not estimated, a period upside down, a value out of reach or no reason;
    `RuleRefused` for an account that does not keep the shop's accounts.
    """
    require_accounts(desk)
    known = known_indicator(indicator)
    if first > last:
        raise BadInput(N_("Le premier jour vient après le dernier."))
    most = MOST_PERMILLE if known.holds is Holds.PERMILLE else MOST
    if value is not None and not 0 <= value <= most:
        raise BadInput(N_("Cette estimation est hors de portée : relisez le nombre et son unité."))
    basis = checked_text(basis).strip()
    if not basis:
        raise BadInput(N_("Dites en une phrase comment vous avez estimé : elle est imprimée avec le chiffre."))
    with desk.db.write() as session:
        row = AggregateEstimate(
            indicator=indicator, first_on=first, last_on=last, value=value, basis=basis, made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "estimate",
            {"estimate": row.id, "indicator": indicator, "first": first.isoformat(), "last": last.isoformat(), "value": value},
        )  # fmt: skip
        return row.id


def estimates_in(session: Session, first: date, last: date) -> tuple[Estimate, ...]:
    """Return the estimates of every period that touches this one, the latest first, inside a caller's block."""
    rows = session.execute(
        select(AggregateEstimate, Account.name).join(Account, Account.id == AggregateEstimate.made_by)
        .where(AggregateEstimate.first_on <= last, AggregateEstimate.last_on >= first).order_by(AggregateEstimate.id.desc())
    )  # fmt: skip
    return tuple(
        Estimate(r.indicator, r.first_on, r.last_on, r.value, r.basis, name, day_of(r.made_at)) for r, name in rows
    )


def estimates_of(desk: Desk, first: date, last: date) -> tuple[Estimate, ...]:
    """Return the same, for a screen."""
    with desk.db.read() as session:
        return estimates_in(session, first, last)


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An indicator that is estimated: what holds for a period, if anything, and all that was ever typed, the latest first."""

    indicator: Indicator
    holds: Estimate | None
    history: tuple[Estimate, ...]


def estimate_rows(desk: Desk, first: date, last: date) -> tuple[EstimateRow, ...]:
    """Return every indicator that is estimated, in its order, with what holds for that very period. Raises `RuleRefused`."""
    require_accounts(desk)
    every = estimates_of(desk, date.min, date.max)
    held = in_force(every, first, last)
    return tuple(
        EstimateRow(i, held.get(i.code), tuple(e for e in every if e.indicator == i.code))
        for i in estimated_indicators()
    )


def value_read(indicator: Indicator, typed: str) -> int:
    """Return an estimate as typed, in its unit: « 12 », « 12,50 » euros, « 4,5 » percent. Raises `BadInput`."""
    if indicator.holds is Holds.CENTS:
        return parse_cents(typed, most=MOST)
    if indicator.holds is Holds.PERMILLE:
        return _permille(typed)
    found = typed.strip()
    if not (found.isascii() and found.isdecimal() and len(found) <= _LONGEST_COUNT):
        raise BadInput(N_("« {typed} » n'est pas un nombre de personnes. Tapez par exemple 12."), typed=found)
    return int(found)


def _permille(typed: str) -> int:
    text = typed.strip().removesuffix("%").strip()
    try:
        hundredths = parse_cents(text)
    except BadInput:
        raise BadInput(N_("« {typed} » n'est pas un pourcentage. Tapez par exemple 10."), typed=typed.strip()) from None
    if hundredths % 10 or hundredths > MOST_PERMILLE * 10:
        raise BadInput(N_("Une part va de 0 % à 100 %, avec une décimale au plus."))
    return hundredths // 10


def value_written(indicator: Indicator, value: int | None, *, unit: bool = True) -> str:
    """Return an estimate as papers write it, a dash where there is none; without its unit, as a person types it."""
    if value is None:
        return "–"
    told = decimal_text(value, indicator.holds.places, "," if language() == "fr" else ".")
    return french_typography(told + unit_of(indicator.holds)) if unit else told
