"""What a right says at the till, read from `access_grant.terms`: prices by goods, limits, goods outside, visits, fees.

The figures come from `domain/eligibility/extras.py`; {} (a right given by hand) leaves the share and ceilings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, Grant, Reason, period_start
from epicerie_desktop.domain.eligibility.terms import (
    FeeEvery,
    OtherMeasure,
    PriceKind,
    Weekday,
    Weeks,
    WithoutBag,
)
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.support.text import words

E = TypeVar("E", bound=StrEnum)
R = TypeVar("R")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return a name as rows and goods compare it: folded words, one blank between."""
    return " ".join(words(name))


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a row of a règlement may name it; names already folded."""

    article: int
    names: tuple[str, ...]
    families: tuple[str, ...]

    @classmethod
    def of(cls, article: int, names: tuple[str, ...], families: tuple[str, ...]) -> Item:
        """Return an article by its names (its name, its short code) and its family's (code, name, short name)."""
        return cls(article, tuple(folded(n) for n in names if n), tuple(folded(f) for f in families if f))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods a row is about; nothing named means any.

    A family is named by its code, name or short name; an article by its short code or the first words of its name. A name
    of the `families` list that is no family of the shop is tried as an article: shops sort nappies where they wish.
    """

    origins: frozenset[Origin] = frozenset()
    families: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def every(self) -> bool:
        """Return whether it is about any goods."""
        return not (self.origins or self.families or self.articles)

    def covers(self, item: Item, origin: Origin) -> bool:
        """Return whether goods of that article and origin are among them."""
        if self.origins and origin not in self.origins:
            return False
        if not (self.families or self.articles):
            return True
        if any(f in item.families for f in self.families):
            return True
        return any(n == w or n.startswith(w + " ") for w in (*self.families, *self.articles) for n in item.names)


@dataclass(frozen=True, slots=True)
class Tariff:
    """How goods are paid: a share of their shelf value in thousandths or, where `kind` is given, a price in cents.

    A flat price (a visit, a month) is due once for all the goods of its `row`.
    """

    permille: int
    kind: PriceKind | None = None
    cents: int = 0
    row: int = -1

    @property
    def flat(self) -> bool:
        """Return whether it is due once, whatever is taken."""
        return self.kind in (PriceKind.PER_VISIT, PriceKind.PER_MONTH)


@dataclass(frozen=True, slots=True)
class RateRow:
    """What is paid for some goods or in some phases; neither share nor price where the decision sets it."""

    scope: Scope
    phases: frozenset[str]
    permille: int | None
    price: tuple[PriceKind, int] | None


@dataclass(frozen=True, slots=True)
class PointsRow:
    """What goods are worth where a ceiling is in points: so many each piece, or each kilo."""

    scope: Scope
    points: int
    per_kilo: bool = False


@dataclass(frozen=True, slots=True)
class OutsideGoods:
    """Goods that do not weigh on ceilings: their own limit a period if any, their own share if any.

    `days` are those, both included, on which each child is of the age the row is for, and `amount` is then for each one;
    None for a row without age. `steady` children are always of that age.
    """

    code: str
    label: str
    scope: Scope
    amount: int | None = None
    period: CeilingPeriod | None = None
    permille: int | None = None
    measure: CeilingMeasure | OtherMeasure = OtherMeasure.UNITS
    days: tuple[tuple[date, date | None], ...] | None = None
    steady: int = 0

    def children_on(self, day: date) -> int | None:
        """Return how many children are of the age the row is for on `day`, None where it has no age."""
        if self.days is None:
            return None
        return self.steady + sum(since <= day and (until is None or day <= until) for since, until in self.days)

    def limit_on(self, day: date) -> Ceiling | None:
        """Return what limits these goods on `day`; None where nothing does, or where no child is of the age."""
        children = self.children_on(day)
        if self.amount is None or self.period is None or children == 0:
            return None
        most = self.amount * (1 if children is None else children)
        return Ceiling(self.measure, self.period, most, outside=self.code, label=self.label)


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A stretch of the right, days both included; the last one has no end."""

    code: str
    label: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class FeeDue:
    """A fee of the right, in cents."""

    code: str
    label: str
    cents: int
    every: FeeEvery


@dataclass(frozen=True, slots=True)
class VisitRule:
    """How often a household comes: `most` a period, `days_between` two, `in_right` in all; None where it is free.

    `weekdays` are the days it may come (none: any), `weeks` tells even or odd weeks of the year (ISO 8601).
    """

    most: int | None = None
    period: CeilingPeriod = CeilingPeriod.WEEK
    days_between: int | None = None
    in_right: int | None = None
    weekdays: frozenset[Weekday] = frozenset()
    weeks: Weeks | None = None

    def __bool__(self) -> bool:
        return bool(self.most or self.days_between or self.in_right or self.weekdays or self.weeks)

    def allows(self, day: date) -> bool:
        """Return whether `day` is one of those given to the household."""
        if self.weekdays and list(Weekday)[day.weekday()] not in self.weekdays:
            return False
        return self.weeks is None or (day.isocalendar().week % 2 == 0) == (self.weeks is Weeks.EVEN)


@dataclass(frozen=True, slots=True)
class Terms:
    """All of it; the default is what a right given by hand says."""

    price: tuple[PriceKind, int] | None = None
    rates: tuple[RateRow, ...] = ()
    limits: tuple[Ceiling, ...] = ()
    outside: tuple[OutsideGoods, ...] = ()
    points: tuple[PointsRow, ...] = ()
    carried: frozenset[tuple[str, str]] = frozenset()
    phases: tuple[PhaseSpan, ...] = ()
    fees: tuple[FeeDue, ...] = ()
    visits: VisitRule = field(default_factory=VisitRule)
    bag: WithoutBag | None = None
    slot_given: bool = False
    accompanied: bool = False
    fse_free: bool = False
    food_bank_most: int | None = None

    @property
    def plain_prices(self) -> bool:
        """Return whether every line is paid at the one share of the right."""
        return not (
            self.price or self.rates or self.fse_free or self.food_bank_most is not None or self._outside_shares
        )

    @property
    def _outside_shares(self) -> bool:
        return any(o.permille is not None for o in self.outside)

    @property
    def flats(self) -> bool:
        """Return whether something is due once a visit or a month."""
        return self.monthly_flat or PriceKind.PER_VISIT in self._price_kinds

    @property
    def monthly_flat(self) -> bool:
        """Return whether something is due once a month."""
        return PriceKind.PER_MONTH in self._price_kinds

    @property
    def _price_kinds(self) -> set[PriceKind]:
        return {p[0] for p in (self.price, *(r.price for r in self.rates)) if p}

    def phase_on(self, day: date) -> PhaseSpan | None:
        """Return the phase of the right that runs on `day`."""
        return next((p for p in self.phases if p.since <= day and (p.until is None or day <= p.until)), None)

    def usual(self, day: date, granted: int) -> Tariff:
        """Return how most goods are paid on `day`; `granted` is the share decided, which holds in the first phase."""
        phase = self.phase_on(day)
        if phase is not None and phase != self.phases[0]:
            for i, rate in enumerate(self.rates):
                if rate.scope.every and phase.code in rate.phases:
                    return self._of(rate, i, Tariff(granted))
        if self.price:
            return Tariff(granted, *self.price)
        return Tariff(granted)

    def tariff(self, item: Item, origin: Origin, day: date, usual: Tariff) -> Tariff:
        """Return how goods are paid on `day`, before the funders' guards: the first row that names them, else `usual`."""
        outside = self.outside_of(item, origin, day)
        if outside is not None and outside.permille is not None:
            return Tariff(outside.permille)
        phase = self.phase_on(day)
        for i, rate in enumerate(self.rates):
            held = not rate.phases or (phase is not None and phase.code in rate.phases)
            if held and not rate.scope.every and rate.scope.covers(item, origin):
                return self._of(rate, i, usual)
        return usual

    def outside_of(self, item: Item, origin: Origin, day: date) -> OutsideGoods | None:
        """Return the row that sets these goods outside the ceilings on `day`, if one does."""
        return next((o for o in self.outside if o.children_on(day) != 0 and o.scope.covers(item, origin)), None)

    def counted_under(self, row: OutsideGoods) -> str:
        """Return the code the goods of a row are counted under: rows for several ages of the same goods share the first one's."""
        if row.days is None:
            return row.code
        group = (row.scope, row.measure, row.period)
        return next(o.code for o in self.outside if o.days is not None and (o.scope, o.measure, o.period) == group)

    def points_of(self, item: Item, origin: Origin, units: int, grams: int) -> int:
        """Return what goods are worth in points, by the first row that names them; a part of a point is rounded, half up.

        A weighed article named by the piece is worth one piece.
        """
        row = next((p for p in self.points if p.scope.covers(item, origin)), None)
        if row is None:
            return 0
        return (grams * row.points + 500) // 1000 if row.per_kilo else units * row.points

    def guard(self, origin: Origin) -> int | None:
        """Return the highest share funders allow for that origin, in thousandths; None where they say nothing."""
        if origin is Origin.FSE and self.fse_free:
            return 0
        return self.food_bank_most if origin is Origin.FOOD_BANK else None

    @staticmethod
    def _of(rate: RateRow, index: int, usual: Tariff) -> Tariff:
        if rate.price:
            return Tariff(usual.permille, *rate.price, index)
        return usual if rate.permille is None else Tariff(rate.permille)


NO_TERMS = Terms()


def read_terms(data: Any) -> Terms:
    """Return the terms kept with a right. A row that is not understood (from a later version) is left out."""
    if not isinstance(data, Mapping) or not data:
        return NO_TERMS
    guards = _table(data.get("guards"))
    visits = _table(data.get("visits"))
    most = guards.get("food_bank_most_permille")
    return Terms(
        price=_price(data.get("price")),
        rates=tuple(_rows(data.get("rates"), _rate)),
        limits=tuple(_rows(data.get("limits"), _limit)),
        outside=tuple(_rows(data.get("outside"), _outside)),
        points=tuple(_rows(data.get("points"), lambda r: PointsRow(_scope(r), int(r["points"]), r["per"] == "kilo"))),
        carried=frozenset(_rows(data.get("carried_over"), lambda r: (str(r["measure"]), str(r["period"])))),
        phases=tuple(_rows(data.get("phases"), _phase)),
        fees=tuple(_rows(data.get("fees"), lambda r: FeeDue(r["code"], r["label"], int(r["cents"]), FeeEvery(r["every"])))),
        visits=VisitRule(
            _count(visits.get("most")), _code(CeilingPeriod, visits.get("period")) or CeilingPeriod.WEEK,
            _count(visits.get("days_between")), _count(data.get("visits_in_right")),
            frozenset(d for v in visits.get("weekdays") or () if (d := _code(Weekday, v)) is not None),
            _code(Weeks, visits.get("weeks")),
        ),
        bag=_code(WithoutBag, visits.get("isothermal_bag")),
        slot_given=bool(visits.get("slot_given")),
        accompanied=bool(visits.get("accompanied")),
        fse_free=bool(guards.get("fse_free")),
        food_bank_most=most if isinstance(most, int) else None,
    )  # fmt: skip


def ceilings_of(
    terms: Terms, granted: tuple[Ceiling, ...], day: date, before: Mapping[str, int] = MappingProxyType({})
) -> tuple[Ceiling, ...]:
    """Return all that is counted at the till on `day`: the ceilings of the right, its limits, what lies outside with one.

    Rows for several ages that name the same goods add up: five packs for a baby and two for its brother make seven.
    `before` is what was taken of a limit, by its `counted_as`, before a right went on under this one.
    """
    outside: dict[str, Ceiling] = {}
    for row in terms.outside:
        limit = row.limit_on(day)
        if limit is None:
            continue
        key = terms.counted_under(row)
        limit = replace(limit, outside=key)
        first = outside.setdefault(key, limit)
        if first is not limit:
            outside[key] = replace(first, amount=first.amount + limit.amount, label=f"{first.label}, {limit.label}")
    kept = tuple(
        replace(c, carried_over=(c.measure.value, c.period.value) in terms.carried) if terms.carried else c
        for c in granted
    )
    phase = terms.phase_on(day)
    limits = (c for c in terms.limits if not c.phases or (phase is not None and phase.code in c.phases))
    counts = (replace(c, before=before.get(c.counted_as, 0)) if before else c for c in (*limits, *outside.values()))
    return (*kept, *counts)


def slowed(rule: VisitRule, visited: Iterable[date], day: date, grant: Grant) -> Reason | None:
    """Return what the rhythm of visits says against a visit on `day`, None where it says nothing.

    `visited` are the days the household already came; those of `day` itself are the same visit. It is told to the team,
    who decides.
    """
    before = {d for d in visited if d < day}
    if rule.in_right and grant.visits_before + sum(d >= grant.valid_from for d in before) >= rule.in_right:
        return Reason.LAST_VISIT_DONE
    if not rule.allows(day):
        return Reason.NOT_THEIR_DAY
    if rule.days_between and before and (day - max(before)).days < rule.days_between:
        return Reason.TOO_SOON
    if rule.most:
        start = period_start(rule.period, day, replace(grant, valid_from=grant.first_day))
        if sum(d >= start for d in before) >= rule.most:
            return Reason.VISITS_SPENT
    return None


def _table(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _rows(data: Any, read: Callable[[Any], R]) -> Iterator[R]:
    for row in data if isinstance(data, list) else ():
        try:
            yield read(row)
        except (KeyError, TypeError, ValueError):
            continue


def _code(kind: type[E], value: Any) -> E | None:
    return kind(value) if value in list(kind) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _scope(row: Mapping[str, Any]) -> Scope:
    return Scope(
        frozenset(Origin(o) for o in row.get("origins", ())),
        tuple(folded(f) for f in row.get("families", ())),
        tuple(folded(a) for a in row.get("articles", ())),
    )


def _price(row: Any) -> tuple[PriceKind, int] | None:
    return (PriceKind(f"per_{row['per']}"), int(row["cents"])) if row else None


def _rate(row: Any) -> RateRow:
    return RateRow(_scope(row), frozenset(row.get("phases", ())), row.get("share_permille"), _price(row.get("price")))


def _measure(name: str) -> CeilingMeasure | OtherMeasure:
    return OtherMeasure(name) if name in list(OtherMeasure) else CeilingMeasure(name)


def _limit(row: Any) -> Ceiling:
    measure = _measure(row["measure"])
    named = (*row.get("families", ()), *row.get("articles", ()))
    return Ceiling(
        measure, CeilingPeriod(row["period"]), int(row["amount"]), scope=_scope(row), label=", ".join(named),
        carried_over=bool(row.get("carried_over")), phases=frozenset(row.get("phases", ())),
    )  # fmt: skip


def _outside(row: Any) -> OutsideGoods:
    period = row.get("period")
    followed = "days" in row
    # A right kept before amounts and ages were says only how many units, counted on its first day.
    amount = row["each"] if followed else row.get("amount", row.get("units"))
    days = tuple((date.fromisoformat(d["from"]), _day(d["until"])) for d in row["days"]) if followed else None
    return OutsideGoods(
        row["code"], row["label"], _scope(row), amount, CeilingPeriod(period) if period else None,
        row.get("share_permille"), _measure(row.get("measure", OtherMeasure.UNITS)), days, int(row.get("steady", 0)),
    )  # fmt: skip


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _phase(row: Any) -> PhaseSpan:
    until = row.get("until")
    return PhaseSpan(
        row["code"], row["label"], date.fromisoformat(row["from"]), date.fromisoformat(until) if until else None
    )
