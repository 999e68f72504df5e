"""The food part of a report, over any period: what it reads, and the sections it makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import ESTIMATES
from epicerie_desktop.domain.figures import NOTHING_APART, Apart, Kilos, month_of, months_between
from epicerie_desktop.domain.months import Month
from epicerie_desktop.domain.reports import food, reconciliation
from epicerie_desktop.domain.reports.food_rows import FamilyName, FoodFacts, Frozen, GivenRow, MovedRow, ParcelRow
from epicerie_desktop.domain.reports.shape import Section
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import (
    Article,
    EmergencyLine,
    EmergencyParcel,
    Family,
    Lot,
    Sale,
    SaleLine,
    StockMove,
)
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.queries.figures import closed_in, month_bounds
from epicerie_desktop.services.reports.lot_accounts import lot_accounts_in, within
from epicerie_desktop.services.reports.parameters import meal_in

_Runs = tuple[tuple[date, date], ...]


def food_sections(session: Session, first: date, last: date) -> tuple[Section, ...]:
    """Return the food part of a report from one day to another, both included, inside a caller's block.

    Kilos handed out, value and takings of closed months are those of the closing; the rest is read as it stands (each
    figure says so, and its standing).
    """
    return tuple(food_parts(session, first, last).values())


def food_parts(session: Session, first: date, last: date) -> dict[str, Section]:
    """Return the same sections by their codes, those that models of report name, in reading order."""
    facts = food_facts(session, first, last)
    return {
        "food": food.kilos_section(facts),
        "food.value": food.money_section(facts),
        "food.meals": food.meals_section(facts, meal_in(session, last)),
        "food.stock": food.stock_section(facts),
        "food.reconciliation": reconciliation.reconciliation_section(facts),
    }


def food_facts(session: Session, first: date, last: date) -> FoodFacts:
    """Return all that the food part of a report is made from, inside a caller's block."""
    months = months_between(month_of(first), month_of(last))
    closed = closed_in(session, months)
    whole = [m for m in closed if first <= month_bounds(m)[0] and month_bounds(m)[1] <= last]
    days, beside = _runs(closed), _runs(whole)
    families = session.execute(
        select(Family.id, Family.code, Family.name, Family.food).order_by(Family.position, Family.id)
    ).all()
    codes = {r.id: r.code for r in families}
    apart, parcels = _parcels(session, first, last, beside, codes)
    edges = (first, last) == (month_bounds(months[0])[0], month_bounds(months[-1])[1])
    return FoodFacts(
        first, last,
        tuple(FamilyName(r.code, r.name, r.food) for r in families),
        {s.code: s.name for s in financing_sources()},
        _given(session, first, last, days, codes), parcels, _moved(session, first, last, beside), lot_accounts_in(session, first, last),
        _frozen(closed, whole, first, last), apart, len(closed) == len(months), edges,
    )  # fmt: skip


def _runs(months: Iterable[str]) -> _Runs:
    """Return the spans of days that months cover, neighbours joined."""
    found: list[tuple[date, date]] = []
    for start, end in map(month_bounds, sorted(months)):
        if found and found[-1][1] + timedelta(days=1) == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def _frozen(closed: Mapping[str, Month], whole: Iterable[str], first: date, last: date) -> Frozen:
    families: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    estimated = shelf = paid = 0
    for month in closed.values():
        for v in month.visits:
            if first <= v.day <= last:
                families.update(v.grams_by_family)
                origins.update(v.grams_by_origin)
                estimated, shelf, paid = estimated + v.estimated_grams, shelf + v.shelf_cents, paid + v.paid_cents
    kept = [closed[m] for m in whole]
    return Frozen(
        families, origins, estimated, shelf, paid, _kilos(m.moved.received for m in kept), _kilos(m.moved.lost for m in kept),
        _together(m.apart for m in kept),
    )  # fmt: skip


def _kilos(parts: Iterable[Kilos]) -> Kilos:
    found = list(parts)
    return Kilos(sum(k.grams for k in found), sum(k.estimated_grams for k in found))


def _together(parts: Iterable[Apart]) -> Apart:
    found = [NOTHING_APART, *parts]
    return Apart(*(sum(a[n] for a in found) for n in range(len(Apart._fields))))


def _flag(column: Any, runs: _Runs) -> Any:
    found = within(column, runs)
    return literal(0) if found is None else found


def _given(session: Session, first: date, last: date, frozen: _Runs, codes: Mapping[int, str]) -> tuple[GivenRow, ...]:
    # A cancelled ticket and its contrary are of one day, and add up to nothing: neither has to be looked for.
    flag, guessed = _flag(Sale.day, frozen), case((SaleLine.source.in_(ESTIMATES), 1), else_=0)
    groups = (flag, SaleLine.family_id, SaleLine.origin, Lot.financing, SaleLine.food, guessed)
    rows = session.execute(
        select(*groups, func.sum(SaleLine.grams), func.sum(SaleLine.shelf_cents), func.sum(SaleLine.paid_cents))
        .select_from(Sale).join(SaleLine, SaleLine.sale_id == Sale.id).join(Lot, Lot.id == SaleLine.lot_id)
        .where(Sale.day >= first, Sale.day <= last).group_by(*groups)
    )  # fmt: skip
    return tuple(
        GivenRow(bool(frozen), codes[family], origin, financing, food, bool(guess), int(grams), int(shelf), int(paid))
        for frozen, family, origin, financing, food, guess, grams, shelf, paid in rows
    )


def _parcels(
    session: Session, first: date, last: date, frozen: _Runs, codes: Mapping[int, str]
) -> tuple[Apart, tuple[ParcelRow, ...]]:  # fmt: skip
    """Return the emergency parcels of the days that are not frozen, and what those of every day held."""
    flag, parcel, line = _flag(EmergencyParcel.day, frozen), EmergencyParcel, EmergencyLine
    contrary = case((parcel.reverses_id.is_(None), 1), else_=-1)
    counted = session.execute(
        select(flag, func.sum(contrary), func.sum(parcel.persons), func.sum(parcel.grams))
        .where(parcel.day >= first, parcel.day <= last).group_by(flag)
    )  # fmt: skip
    apart = _together(Apart(*map(int, rest)) for kept, *rest in counted if not kept)
    groups = (flag, line.family_id, line.origin, Lot.financing, line.food)
    rows = session.execute(
        select(*groups, func.sum(line.grams), func.sum(line.shelf_cents)).select_from(parcel)
        .join(line, line.parcel_id == parcel.id).join(Lot, Lot.id == line.lot_id)
        .where(parcel.day >= first, parcel.day <= last).group_by(*groups)
    )  # fmt: skip
    return apart, tuple(ParcelRow(bool(r[0]), codes[r[1]], r[2], r[3], r[4], int(r[5]), int(r[6])) for r in rows)


def _moved(session: Session, first: date, last: date, frozen: _Runs) -> tuple[MovedRow, ...]:
    move = StockMove
    flag, guessed = _flag(move.day, frozen), case((move.weight_source.in_(ESTIMATES), 1), else_=0)
    unvalued = case(
        (move.kind != MoveKind.LOSS, 0), (move.value_cents.is_not(None), 0), (move.reverses_id.is_(None), 1), else_=-1
    )
    groups = (flag, move.kind, move.loss_reason, Family.code, Lot.origin, Lot.financing, Family.food, guessed)
    rows = session.execute(
        select(*groups, func.sum(move.grams), func.sum(move.pieces), func.coalesce(func.sum(move.value_cents), 0), func.sum(unvalued))
        .join(Lot, Lot.id == move.lot_id).join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
        .where(move.day >= first, move.day <= last, move.kind.in_((MoveKind.RECEPTION, MoveKind.LOSS))).group_by(*groups)
    )  # fmt: skip
    found = []
    for kept, kind, reason, family, origin, financing, food_, guess, grams, pieces, cents, unknown in rows:
        sign = 1 if kind is MoveKind.RECEPTION else -1
        found.append(MovedRow(
            bool(kept), reason, family, origin, financing, food_, bool(guess), sign * int(grams), sign * int(pieces), int(cents), int(unknown)
        ))  # fmt: skip
    return tuple(found)
