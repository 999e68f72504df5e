"""Reads what the food part of a report is made from: a dozen statements, whatever the period and the years behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import ESTIMATES
from epicerie_desktop.domain.figures import NOTHING_APART, Apart, Kilos, month_of, months_between
from epicerie_desktop.domain.months import Month
from epicerie_desktop.domain.reports.food_rows import (
    FamilyName,
    FoodFacts,
    Frozen,
    GivenRow,
    MovedRow,
    ParcelRow,
    UnlikeLot,
)
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.persistence.models import (
    EmergencyLine,
    EmergencyParcel,
    Family,
    Sale,
    SaleLine,
    StockMove,
)
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.queries.figures import closed_in, month_bounds
from epicerie_desktop.services.queries.lot_balances import Amounts, Unlike, book_marks, unlike_in
from epicerie_desktop.services.reports.lot_accounts import (
    LotMoves,
    LotRow,
    accounts,
    lots_in,
    moved_after,
    moves_in,
)

_Runs = tuple[tuple[date, date], ...]


class _Line(NamedTuple):
    """What tickets, or parcels, took of a lot, added up."""

    frozen: bool
    lot: int
    family: int
    food: bool
    estimated: bool
    pieces: int
    grams: int
    shelf_cents: int
    paid_cents: int = 0


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
    lines, parcels = _lines(session, first, last, days), _parcel_lines(session, first, last, beside)
    given, sent = ([Amounts(n.lot, -n.pieces, -n.grams) for n in found] for found in (lines, parcels))
    marks = book_marks(session, first, last)
    moves = moves_in(session, first, last, _flag(StockMove.day, beside), marks.taken, [*given, *sent])
    after, unlike = moved_after(session, last), unlike_in(session, marks.moves)
    lots = lots_in(session, {n.lot for found in (lines, parcels, moves, after, unlike) for n in found})
    edges = (first, last) == (month_bounds(months[0])[0], month_bounds(months[-1])[1])
    return FoodFacts(
        first, last, tuple(FamilyName(r.code, r.name, r.food) for r in families), {s.code: s.name for s in financing_sources()},
        given=_given(lines, lots, codes), parcels=_parcel_rows(parcels, lots, codes), moved=_moved(moves, lots),
        lots=accounts(session, lots, moves, after, given, sent),
        frozen=_frozen(closed, whole, first, last), open_apart=_open_apart(session, first, last, beside),
        all_closed=len(closed) == len(months), whole_months=edges, unlike=_unlike(unlike, lots),
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
    """Return a flag: 1 where a day lies in one of these spans."""
    spans = [and_(column >= start, column <= end) for start, end in runs]
    return case((or_(*spans), 1), else_=0) if spans else literal(0)


def _lines(session: Session, first: date, last: date, frozen: _Runs) -> list[_Line]:
    # A cancelled ticket and its contrary are of one day, and add up to nothing: neither has to be looked for.
    guessed = case((SaleLine.source.in_(ESTIMATES), 1), else_=0)
    groups = (_flag(Sale.day, frozen), (SaleLine.lot_id + 0).label("lot"), SaleLine.family_id, SaleLine.food, guessed)
    sums = (func.sum(c) for c in (SaleLine.pieces, SaleLine.grams, SaleLine.shelf_cents, SaleLine.paid_cents))
    rows = session.connection().execute(
        select(*groups, *sums).select_from(Sale).join(SaleLine, SaleLine.sale_id == Sale.id)
        .where(Sale.day >= first, Sale.day <= last).group_by(*groups)
    )  # fmt: skip
    return [_Line(bool(r[0]), r[1], r[2], r[3], bool(r[4]), *map(int, r[5:])) for r in rows]


def _parcel_lines(session: Session, first: date, last: date, frozen: _Runs) -> list[_Line]:
    line, parcel = EmergencyLine, EmergencyParcel
    groups = (_flag(parcel.day, frozen), (line.lot_id + 0).label("lot"), line.family_id, line.food)
    rows = session.execute(
        select(*groups, func.sum(line.pieces), func.sum(line.grams), func.sum(line.shelf_cents)).select_from(parcel)
        .join(line, line.parcel_id == parcel.id).where(parcel.day >= first, parcel.day <= last).group_by(*groups)
    )  # fmt: skip
    return [_Line(bool(r[0]), r[1], r[2], r[3], False, *map(int, r[4:])) for r in rows]


def _open_apart(session: Session, first: date, last: date, frozen: _Runs) -> Apart:
    """Return the emergency parcels of the days that are not frozen."""
    parcel = EmergencyParcel
    contrary = case((parcel.reverses_id.is_(None), 1), else_=-1)
    row = session.execute(
        select(*(func.coalesce(func.sum(c), 0) for c in (contrary, parcel.persons, parcel.grams)))
        .where(parcel.day >= first, parcel.day <= last, _flag(parcel.day, frozen) == 0)
    ).one()  # fmt: skip
    return Apart(*map(int, row))


def _given(lines: Iterable[_Line], lots: Mapping[int, LotRow], codes: Mapping[int, str]) -> tuple[GivenRow, ...]:
    told = _added(
        ((n.frozen, codes[n.family], lot.origin, lot.financing, n.food, n.estimated), (n.grams, n.shelf_cents, n.paid_cents))
        for n in lines for lot in [lots[n.lot]]
    )  # fmt: skip
    return tuple(GivenRow(*key, *sums) for key, sums in told)


def _parcel_rows(lines: Iterable[_Line], lots: Mapping[int, LotRow], codes: Mapping[int, str]) -> tuple[ParcelRow, ...]:
    told = _added(
        ((n.frozen, codes[n.family], lot.origin, lot.financing, n.food), (n.grams, n.shelf_cents))
        for n in lines for lot in [lots[n.lot]]
    )  # fmt: skip
    return tuple(ParcelRow(*key, *sums) for key, sums in told)


def _moved(moves: Iterable[LotMoves], lots: Mapping[int, LotRow]) -> tuple[MovedRow, ...]:
    told = _added(
        (
            (bool(m.frozen), m.reason, lot.family, lot.origin, lot.financing, lot.food, bool(m.estimated)),
            (sign * m.grams, sign * m.pieces, m.cents, m.unvalued),
        )
        for m in moves if m.kind in (MoveKind.RECEPTION, MoveKind.LOSS)
        for lot, sign in [(lots[m.lot], 1 if m.kind is MoveKind.RECEPTION else -1)]
    )  # fmt: skip
    return tuple(MovedRow(*key, *sums) for key, sums in told)


def _unlike(found: Iterable[Unlike], lots: Mapping[int, LotRow]) -> tuple[UnlikeLot, ...]:
    return tuple(UnlikeLot(n.lot, lot.article, lot.family, *n[1:]) for n in found for lot in [lots[n.lot]])


def _added(
    rows: Iterable[tuple[tuple[Any, ...], tuple[int, ...]]],
) -> Iterable[tuple[tuple[Any, ...], tuple[int, ...]]]:
    """Return the rows of the same key added up, in the order they are first met."""
    found: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for key, values in rows:
        known = found.get(key)
        found[key] = values if known is None else tuple(map(int.__add__, known, values))
    return found.items()
