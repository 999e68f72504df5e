"""Reads what a ruleset opens: the share paid, ceilings, the length of the right, places."""

from __future__ import annotations

import re
from datetime import date

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod, narrower
from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.rules import CeilingRow, Duration, DurationUnit, ShareRow
from epicerie_desktop.domain.eligibility.ruleset_rows import (
    as_cents,
    as_count,
    as_grams,
    read_amount,
    read_duration,
    read_scale,
    read_when,
)
from epicerie_desktop.domain.eligibility.ruleset_terms import (
    read_goods,
    read_order,
    read_permille,
    read_price,
    read_split,
)
from epicerie_desktop.domain.eligibility.terms import DecidedCeiling, LimitRow, OtherMeasure, WaitingOrder
from epicerie_desktop.support.i18n import N_

Lengths = tuple[Duration | None, Duration | None]
"""Between what whoever decides sets a length."""


def _decided(at: Section) -> bool:
    """Return whether the document leaves the figure to those who decide; false written out would mean nothing."""
    if not at.has("decided"):
        return False
    if not at.yes("decided"):
        raise at.wrong("decided", N_("{place} : écrivez true, ou enlevez cette clé."))
    return True


def _phases(at: Section, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the phases a row is for, none where it is for all of them."""
    wanted = at.texts("phases") if at.has("phases") else ()
    for code in wanted:
        if code not in known:
            raise at.wrong("phases", N_("{place} : la phase « {value} » n'existe pas. Choix : {known}."),
                           value=code[:60], known=", ".join(known) or "–")  # fmt: skip
    return wanted


def read_share(at: Section, bands: frozenset[str], phases: tuple[str, ...]) -> ShareRow:
    """Return a row of what is paid: a share, a price, or left to the decision."""
    when, goods, wanted = read_when(at, bands), read_goods(at), _phases(at, phases)
    price = read_price(at)
    permille = None
    between: tuple[int | None, int | None] = (None, None)
    if price is not None:
        if at.has("percent") or at.has("decided"):
            raise at.wrong("percent", N_("{place} : dites un seul prix par ligne."))
    elif not _decided(at):
        permille = read_permille(at)
    elif goods.every:
        between = _share_between(at)
    at.done()
    return ShareRow(when, permille, price, goods, wanted, between)


def _share_between(at: Section) -> tuple[int | None, int | None]:
    """Return between what whoever decides sets the share, in thousandths."""
    least, most = (read_permille(at, key) if at.has(key) else None for key in ("at_least", "at_most"))
    if least is not None and most is not None and most < least:
        raise at.wrong("at_most", N_("{place} : la participation la plus haute est sous la plus basse."))
    return least, most


def read_ceilings(
    top: Section, bands: frozenset[str], phases: tuple[str, ...]
) -> tuple[tuple[CeilingRow, ...], tuple[LimitRow, ...], tuple[DecidedCeiling, ...]]:
    """Return the ceilings every till knows, the limits on units, points or some goods, and those left to the decision."""
    rows = [_ceiling(at, bands, phases) for at in top.sections("ceilings")]
    return (
        tuple(r for r in rows if isinstance(r, CeilingRow)), tuple(r for r in rows if isinstance(r, LimitRow)),
        tuple(r for r in rows if isinstance(r, DecidedCeiling)),
    )  # fmt: skip


def _carried(at: Section, period: CeilingPeriod) -> bool:
    """Return whether what a period leaves goes to the next one."""
    carried = at.yes("carried_over")
    if carried and period in (CeilingPeriod.VISIT, CeilingPeriod.GRANT):
        raise at.wrong("carried_over", N_("{place} : il n'y a pas de période suivante à laquelle reporter."))
    return carried


def _ceiling(at: Section, bands: frozenset[str], known: tuple[str, ...]) -> CeilingRow | LimitRow | DecidedCeiling:
    when, goods, phases = read_when(at, bands), read_goods(at), _phases(at, known)
    written = at.text("measure")
    if written in set(OtherMeasure):
        period = at.choice("period", CeilingPeriod)
        row = LimitRow(
            when, OtherMeasure(written), period, read_scale(at, as_count), goods, _carried(at, period), phases
        )
        at.done()
        return row
    if written not in set(CeilingMeasure):
        raise at.wrong("measure", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                       value=written, known=", ".join((*CeilingMeasure, *OtherMeasure)))  # fmt: skip
    measure, period = CeilingMeasure(written), at.choice("period", CeilingPeriod)
    read = as_grams if measure is CeilingMeasure.GRAMS else as_cents
    if goods.every and not phases and _decided(at):
        least, most = (read_amount(at, key, read) if at.has(key) else None for key in ("at_least", "at_most"))
        if least and most and any(most.value(a, c) < least.value(a, c) for a in range(1, 5) for c in range(9)):
            raise at.wrong("at_most", N_("{place} : le plafond le plus haut est sous le plus bas."))
        if at.has("split"):
            raise at.wrong(
                "split", N_("{place} : écrivez une seconde ligne, fixée par la décision, pour la période plus courte.")
            )
        at.done()
        return DecidedCeiling(when, measure, period, (least, most))
    scale = read_scale(at, read)
    if phases or not goods.every:
        limit = LimitRow(when, measure, period, scale, goods, _carried(at, period), phases)
        at.done()
        return limit
    split = read_split(at.section("split")) if at.has("split") else None
    if split and not narrower(split[0], period):
        raise at.wrong(
            "split.period", N_("{place} : un plafond se répartit sur une période plus courte que la sienne.")
        )
    carried = _carried(at, period)
    at.done()
    return CeilingRow(when, measure, period, scale, split, carried)


def read_length(at: Section) -> tuple[Duration | None, int | None, Lengths, tuple[int, int] | None]:
    """Return the length of a right, its number of visits, between what whoever decides sets it, the day of the year it ends."""
    visits = at.whole("visits", least=1, most=400) if at.has("visits") else None
    ends_on = _day_of_year(at) if at.has("until") else None
    length, between = _length(at, visits, ends_on)
    return length, visits, between, ends_on


def _day_of_year(at: Section) -> tuple[int, int]:
    text = at.text("until")
    found = re.fullmatch(r"(\d{2})-(\d{2})", text)
    try:
        day = date(2023, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise at.wrong("until", N_("{place} : « {value} » n'est pas un jour de l'année. Écrivez le mois et le jour : 12-31."),
                       value=text[:40])  # fmt: skip
    return day.month, day.day


def _length(at: Section, visits: int | None, ends_on: tuple[int, int] | None) -> tuple[Duration | None, Lengths]:
    if _decided(at):
        least, most = (
            read_duration(at.section(k)) if at.has(k) else None for k in ("at_least", "at_most")
        )  # fmt: skip
        start = date(2025, 1, 1)
        if least and most and most.end(start) < least.end(start):
            raise at.wrong("at_most", N_("{place} : la durée la plus longue est sous la plus courte."))
        at.done()
        return None, (least, most)
    if not any(at.has(u) for u in DurationUnit):
        if ends_on is not None:
            at.done()
            return Duration(DurationUnit.MONTHS, 12), (None, None)
        if visits is not None:
            at.done()
            return None, (None, None)
    return read_duration(at), (None, None)


def read_capacity(at: Section) -> tuple[int | None, int | None, tuple[WaitingOrder, ...]]:
    """Return the places for households and persons, and the order of the waiting list."""
    households = at.whole("households", least=1) if at.has("households") else None
    persons = at.whole("persons", least=1) if at.has("persons") else None
    if households is None and persons is None:
        raise at.wrong("households", N_("{place} : cette clé manque."))
    order = read_order(at) if at.has("order") else ()
    at.done()
    return households, persons, order
