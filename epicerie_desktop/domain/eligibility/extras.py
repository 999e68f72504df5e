"""What a right brings besides its share, length and ceilings, worked out for one household: figures for the till and paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit
from epicerie_desktop.domain.eligibility.terms import Fee, Goods, OtherMeasure, OutsideRow, PriceKind, Terms

Price = tuple[PriceKind, int]
"""A price that is not a share of the shelf value, and its cents."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is paid for some goods or in some phases: a share, a price, or neither where whoever decides sets it."""

    permille: int | None
    price: Price | None
    goods: Goods
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit that only the till can apply; `amount` in cents, grams, units or points."""

    measure: CeilingMeasure | OtherMeasure
    period: CeilingPeriod
    amount: int
    goods: Goods
    carried: bool = False
    phases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """Goods outside the ceilings for one household: `each` of the row's measure, None without limit.

    `spans` are the days, both included, on which each child is of the age the row is for; None for a row without age.
    `steady` children are of that age as far as is known, without a birth date to follow. `on` is the day evaluated.
    """

    row: OutsideRow
    each: int | None
    on: date
    spans: tuple[tuple[date, date | None], ...] | None = None
    steady: int = 0

    @property
    def here(self) -> int | None:
        """Return how many children are of that age on the day evaluated, None for a row without age."""
        if self.spans is None:
            return None
        return self.steady + sum(s <= self.on and (u is None or self.on <= u) for s, u in self.spans)

    @property
    def amount(self) -> int | None:
        """Return how much lies outside on the day evaluated."""
        return self.each if self.each is None or self.here is None else self.each * self.here

    @property
    def moves(self) -> bool:
        """Return whether the amount follows the age of a child."""
        return self.spans is not None and any(since > self.on or until for since, until in self.spans)


@dataclass(frozen=True, slots=True)
class DecidedAmount:
    """A ceiling of which whoever decides sets the amount, between `least` and `most` (cents or grams) where the rule says them."""

    measure: CeilingMeasure
    period: CeilingPeriod
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """All of it; `carried` are the periods of ceilings whose rest goes to the next one, `decided` those whose amount is to be set.

    `share_between` is the least and the most, in thousandths, of a share left to whoever decides.
    """

    price: Price | None = None
    rates: tuple[Rate, ...] = ()
    quotas: tuple[Quota, ...] = ()
    outside: tuple[Outside, ...] = ()
    carried: tuple[tuple[CeilingMeasure, CeilingPeriod], ...] = ()
    fees: tuple[tuple[Fee, int], ...] = ()
    decided: tuple[DecidedAmount, ...] = ()
    share_between: tuple[int | None, int | None] = (None, None)
    terms: Terms = field(default_factory=Terms)

    def phases_from(self, start: date, end: date | None = None) -> tuple[tuple[str, str, date, date | None], ...]:
        """Return each phase with its code, label, first and last day; no last day for the last one.

        With `end`, the last day of the right: none begins after it, and the one that runs then ends with it.
        """
        found: list[tuple[str, str, date, date | None]] = []
        for phase in self.terms.phases:
            until = phase.length.end(start) if phase.length else None
            if end is not None and until is not None and until >= end:
                return (*found, (phase.code, phase.label, start, end))
            found.append((phase.code, phase.label, start, until))
            if until:
                start = until + timedelta(days=1)
        return tuple(found)


def held(rights: tuple[tuple[date, date], ...], unit: DurationUnit) -> Fraction:
    """Return how long past rights lasted, in `unit`: whole calendar months first, then thirtieths of a month."""
    total = Fraction(0)
    for start, until in rights:
        days = (until - start).days + 1
        if unit is not DurationUnit.MONTHS:
            total += Fraction(days, 7 if unit is DurationUnit.WEEKS else 1)
            continue
        months = 0
        while Duration(unit, months + 1).end(start) <= until:
            months += 1
        rest = (until - Duration(unit, months).end(start)).days if months else days
        total += months + Fraction(rest, 30)
    return total


def last_day_within(cap: Duration, used: Fraction, start: date) -> date | None:
    """Return the last day of a right from `start` that stays within `cap` once `used` is taken off, None if nothing is left."""
    left = cap.count - used
    if cap.unit is not DurationUnit.MONTHS:
        days = int(left * (7 if cap.unit is DurationUnit.WEEKS else 1))
        return start + timedelta(days=days - 1) if days > 0 else None
    whole, rest = int(left), int((left - int(left)) * 30)
    if left <= 0 or not (whole or rest):
        return None
    end = Duration(cap.unit, whole).end(start) if whole else start - timedelta(days=1)
    return end + timedelta(days=rest)


def next_day_of_year(day: date, month: int, on: int) -> date:
    """Return the first such day of a year, `day` itself or after."""
    found = date(day.year, month, on)
    return found if found >= day else date(day.year + 1, month, on)


def _goods(goods: Goods) -> dict[str, Any]:
    return {
        "origins": sorted(goods.origins),
        "families": list(goods.families),
        "articles": list(goods.articles),
    }


def _percent(permille: int | None) -> int | float | None:
    if permille is None:
        return None
    return permille // 10 if permille % 10 == 0 else permille / 10


def _price(price: Price | None) -> dict[str, Any] | None:
    return {"per": price[0].value.removeprefix("per_"), "cents": price[1]} if price else None


def _duration(length: Duration | None) -> dict[str, Any] | None:
    return {"count": length.count, "unit": length.unit.value} if length else None


_UNITS = {CeilingMeasure.GRAMS: "grams", OtherMeasure.UNITS: "units", OtherMeasure.POINTS: "points"}


def extras_to_json(extras: Extras, start: date, end: date | None = None) -> dict[str, Any]:
    """Return the extras as plain values; keys are told in docs/ruleset.md.

    Phases stop at `end`, the last day of the right, where it is given. What is kept with a right goes without it: the till
    still knows the next phase if the right is made longer.
    """
    terms = extras.terms
    return {
        "price": _price(extras.price),
        "rates": [
            {"share": _percent(r.permille), "share_permille": r.permille, "price": _price(r.price),
             "phases": list(r.phases), **_goods(r.goods)}
            for r in extras.rates
        ],
        "limits": [
            {"measure": q.measure.value, "period": q.period.value, "amount": q.amount,
             "unit": _UNITS.get(q.measure, "cents"), "carried_over": q.carried, "phases": list(q.phases), **_goods(q.goods)}
            for q in extras.quotas
        ],
        "share_least_permille": extras.share_between[0],
        "share_most_permille": extras.share_between[1],
        "ceilings_decided": [
            {"measure": d.measure.value, "period": d.period.value, "least": d.least, "most": d.most,
             "unit": _UNITS.get(d.measure, "cents")}
            for d in extras.decided
        ],
        "carried_over": [{"measure": m.value, "period": p.value} for m, p in extras.carried],
        "outside": [
            _outside(o, start) for o in extras.outside
        ],
        "fees": [{"code": f.code, "label": f.label, "cents": cents, "every": f.every.value} for f, cents in extras.fees],
        "phases": [
            {"code": code, "label": label, "from": since.isoformat(), "until": until.isoformat() if until else None}
            for code, label, since, until in extras.phases_from(start, end)
        ],
        "points": [{"per": "kilo" if p.per_kilo else "piece", "points": p.points, **_goods(p.goods)} for p in terms.points],
        "guards": {"fse_free": terms.guards.fse_free, "food_bank_most_permille": terms.guards.food_bank_most},
        **_manners(terms),
    }  # fmt: skip


def decided_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[DecidedAmount, ...]:
    """Return the ceilings left to whoever decides, as `extras_to_json` told them."""
    return tuple(
        DecidedAmount(CeilingMeasure(r["measure"]), CeilingPeriod(r["period"]), r.get("least"), r.get("most"))
        for r in rows
    )


def _outside(found: Outside, start: date) -> dict[str, Any]:
    """Return goods outside the ceilings; of the children, only the days that count from `start` on."""
    row = found.row
    told = {
        "code": row.code, "label": row.label, "measure": row.measure.value, "amount": found.amount,
        "units": found.amount if row.measure is OtherMeasure.UNITS else None, "unit": _UNITS.get(row.measure, "cents"),
        "period": row.period.value if row.period else None, "share_permille": row.permille, **_goods(row.goods),
    }  # fmt: skip
    if found.spans is None:
        return told
    days = [
        {"from": max(since, start).isoformat(), "until": until.isoformat() if until else None}
        for since, until in found.spans
        if until is None or until >= start
    ]
    return told | {"each": found.each, "days": days, "steady": found.steady}


def _manners(terms: Terms) -> dict[str, Any]:
    visits, absences = terms.visits, terms.absences
    least, most = terms.decided_between
    return {
        "visits_in_right": terms.visits_in_right,
        "duration_least": _duration(least),
        "duration_most": _duration(most),
        "visits": None if visits is None else {
            "most": visits.most, "period": visits.period.value, "days_between": visits.days_between,
            "appointment": visits.appointment, "slot_given": visits.slot_given, "accompanied": visits.accompanied,
            "isothermal_bag": visits.bag.value if visits.bag else None,
            "weeks": visits.weeks.value if visits.weeks else None, "weekdays": [d.value for d in visits.weekdays],
        },
        "absences": None if absences is None else {
            "most": absences.most, "then": absences.then.value, "notice_hours": absences.notice_hours,
            "within": _duration(absences.within), "consecutive": absences.consecutive, "lasting": _duration(absences.lasting),
        },
        "obligations": [
            {"code": o.code, "label": o.label, "count": o.count, "period": o.period.value if o.period else None,
             "before_renewal": o.before_renewal}
            for o in terms.obligations
        ],
        "renewal": {
            "most": terms.renewal.most, "a_year": _duration(terms.renewal.a_year),
            "total": _duration(terms.renewal.total), "review": terms.renewal.review,
        },
    }  # fmt: skip
