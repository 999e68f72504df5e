"""What a basket costs and weighs under the terms of a right, portion by portion: a portion comes from one lot.

The till and the booking work it out with the same functions; only the lots may differ, and then the booking's amounts hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from epicerie_desktop.domain.access import (
    Ceiling,
    CeilingLeft,
    CeilingMeasure,
    CeilingPeriod,
    Grant,
    before_in,
    period_start,
)
from epicerie_desktop.domain.basket import ESTIMATES, Basket, Line, SoldBy
from epicerie_desktop.domain.eligibility.terms import OtherMeasure, PriceKind
from epicerie_desktop.domain.stock import LotState, Origin, draw
from epicerie_desktop.domain.terms_at_till import NO_TERMS, Item, Tariff, Terms
from epicerie_desktop.domain.units import share_of, split_evenly, value_of


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a line: what one lot serves of it. `units`: its pieces, or 1 for a weighed line."""

    line: int
    item: Item
    origin: Origin
    units: int
    grams: int
    shelf_cents: int
    food: bool = True
    guessed: bool = False
    """Whether its grams are an estimate: they count on a ceiling in kilos, and make neither a price nor points."""

    @property
    def sure_grams(self) -> int:
        """Return the grams that may make a price: none where nobody weighed."""
        return 0 if self.guessed else self.grams


@dataclass(frozen=True, slots=True)
class Taken:
    """A portion of an earlier ticket, with its day and what was paid for it; cancelled ones count for nothing."""

    day: date
    portion: Portion
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a visit once, for all its lines: the terms, how most goods are paid, what was taken before."""

    terms: Terms = NO_TERMS
    usual: Tariff = field(default_factory=lambda: Tariff(0))
    day: date = date.min
    taken: tuple[Taken, ...] = ()

    def tariff(self, portion: Portion) -> Tariff:
        """Return how a portion is paid today, before the funders' guards."""
        return self.terms.tariff(portion.item, portion.origin, self.day, self.usual)

    def paid(self, portions: Sequence[Portion]) -> tuple[int, ...]:
        """Return what is paid for each portion of a basket, in cents, never above the funders' guards.

        Parts of one line paid alike are rounded together. A flat price is due once; what an earlier ticket of its visit or
        month already paid of it is taken off, and goods without a guard bear it first.
        """
        found = [0] * len(portions)
        groups: dict[tuple[int, Tariff, int | None], list[int]] = defaultdict(list)
        flats: dict[Tariff, list[int]] = defaultdict(list)
        for i, portion in enumerate(portions):
            tariff = self.tariff(portion)
            if tariff.flat:
                flats[tariff].append(i)
            else:
                groups[portion.line, tariff, self.terms.guard(portion.origin)].append(i)
        for (_line, tariff, guard), members in groups.items():
            parts = [portions[i] for i in members]
            amount = _amount(tariff, parts)
            if guard is not None:
                amount = min(amount, share_of(sum(p.shelf_cents for p in parts), guard))
            _spread(found, amount, members, portions)
        for tariff, members in flats.items():
            self._pay_flat(found, tariff, members, portions)
        return tuple(found)

    def _pay_flat(self, found: list[int], tariff: Tariff, members: list[int], portions: Sequence[Portion]) -> None:
        since = self.day if tariff.kind is PriceKind.PER_VISIT else self.day.replace(day=1)
        before = sum(
            t.paid_cents for t in self.taken if since <= t.day <= self.day and self.tariff(t.portion) == tariff
        )
        due = max(0, tariff.cents - before)
        free = [i for i in members if self.terms.guard(portions[i].origin) is None]
        if free:
            _spread(found, due, free, portions)
            return
        for i in members:
            guard = self.terms.guard(portions[i].origin) or 0
            found[i] = min(due, share_of(portions[i].shelf_cents, guard))
            due -= found[i]

    def weight(self, ceiling: Ceiling, portions: Sequence[Portion], paid: Sequence[int]) -> int:
        """Return what portions of today weigh on a ceiling: what lies outside weighs on its own limit alone."""
        return sum(
            self._figure(ceiling, portion, cents)
            for portion, cents in zip(portions, paid, strict=True)
            if self._weighs(ceiling, portion, self.day)
        )

    def _weighs(self, ceiling: Ceiling, portion: Portion, day: date) -> bool:
        outside = self.terms.outside_of(portion.item, portion.origin, day)
        if ceiling.outside or outside is not None:
            return outside is not None and self.terms.counted_under(outside) == ceiling.outside
        return ceiling.scope is None or ceiling.scope.covers(portion.item, portion.origin)

    def left(self, ceiling: Ceiling, grant: Grant) -> CeilingLeft:
        """Return a ceiling with what earlier tickets took of it, and what an earlier period left where it is carried over."""
        if ceiling.period is CeilingPeriod.VISIT:
            return CeilingLeft(ceiling, 0)
        start = period_start(ceiling.period, self.day, grant)
        if not ceiling.carried_over or ceiling.period is CeilingPeriod.GRANT:
            taken_now = self._taken_between(ceiling, start, self.day)
            return CeilingLeft(ceiling, taken_now + before_in(ceiling, start, grant))
        by_period: dict[date, int] = {}
        # A phase leaves nothing to the next one: what is carried over begins with the phases the ceiling holds in.
        opened = min((p.since for p in self.terms.phases if p.code in ceiling.phases), default=grant.valid_from)
        for n in range((start - opened).days):
            by_period.setdefault(period_start(ceiling.period, date.fromordinal(opened.toordinal() + n), grant), 0)
        if grant.valid_from in by_period:
            by_period[grant.valid_from] += before_in(ceiling, grant.valid_from, grant)
        for taken in self.taken:
            if opened <= taken.day < start and self._weighs(ceiling, taken.portion, taken.day):
                key = period_start(ceiling.period, taken.day, grant)
                by_period[key] += self._figure(ceiling, taken.portion, taken.paid_cents)
        rest = 0
        for first in sorted(by_period):
            rest = max(0, rest + ceiling.amount - by_period[first])
        taken_now = self._taken_between(ceiling, start, self.day)
        return CeilingLeft(ceiling, taken_now + before_in(ceiling, start, grant), rest)

    def taken_on(self, ceiling: Ceiling, day: date) -> int:
        """Return what the tickets of a day took of a ceiling."""
        return self._taken_between(ceiling, day, day)

    def _taken_between(self, ceiling: Ceiling, first: date, last: date) -> int:
        return sum(
            self._figure(ceiling, t.portion, t.paid_cents)
            for t in self.taken
            if first <= t.day <= last and self._weighs(ceiling, t.portion, t.day)
        )

    def _figure(self, ceiling: Ceiling, portion: Portion, paid: int) -> int:
        match ceiling.measure:
            case CeilingMeasure.PAID:
                return paid
            case CeilingMeasure.SHELF_VALUE:
                return portion.shelf_cents
            case CeilingMeasure.GRAMS:
                return portion.grams if portion.food or ceiling.outside else 0
            case OtherMeasure.UNITS:
                return portion.units
            case OtherMeasure.POINTS:
                return self.terms.points_of(portion.item, portion.origin, portion.units, portion.sure_grams)


def _amount(tariff: Tariff, parts: Sequence[Portion]) -> int:
    grams = sum(p.sure_grams for p in parts)
    if tariff.kind is PriceKind.PER_PIECE:
        return tariff.cents * sum(p.units for p in parts)
    # What nobody weighed has no price a kilo: it is paid at the share of the right.
    if tariff.kind is PriceKind.PER_KILO and grams:
        return value_of(grams, tariff.cents)
    return share_of(sum(p.shelf_cents for p in parts), tariff.permille)


def _spread(found: list[int], amount: int, members: list[int], portions: Sequence[Portion]) -> None:
    if len(members) == 1:
        found[members[0]] = amount
        return
    weights = tuple(portions[i].shelf_cents for i in members)
    if not any(weights):
        weights = (1,) * len(members)
    for i, cents in zip(members, split_evenly(amount, weights), strict=True):
        found[i] = cents


def portions_of(line: Line, index: int, item: Item, draws: Sequence[tuple[Origin, int]]) -> tuple[Portion, ...]:
    """Return the portions of a line, given the origin and quantity (pieces or grams) of each lot it is drawn from."""
    quantities = tuple(q for _, q in draws)
    by_piece = line.sold_by is SoldBy.PIECE
    grams = split_evenly(line.grams, quantities) if by_piece else quantities
    shelf = split_evenly(line.shelf_cents, quantities)
    return tuple(
        Portion(
            index,
            item,
            origin,
            quantity if by_piece else int(k == 0),
            grams[k],
            shelf[k],
            line.food,
            line.source in ESTIMATES,
        )
        for k, (origin, quantity) in enumerate(draws)
    )


@dataclass(frozen=True, slots=True)
class Stock:
    """The lots of each article as the book knows them at the opening of the till, and the origin of its last lot."""

    lots: Mapping[int, tuple[LotState, ...]] = field(default_factory=dict)
    last_origin: Mapping[int, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TillAccount:
    """An account with the goods of the till: prices a basket for the lots expected now."""

    account: Account
    items: Mapping[int, Item]
    stock: Stock
    ceilings: tuple[CeilingLeft, ...] = ()

    def priced(self, basket: Basket) -> Basket:
        """Return the basket with what is paid for each line, for the lots expected now."""
        if self.account.terms.plain_prices:
            return basket
        portions = self.portions(basket)
        return with_paid(basket, by_line(portions, self.account.paid(portions), len(basket.lines)))

    def portions(self, basket: Basket) -> tuple[Portion, ...]:
        """Return the portions of a basket, first expired first; what no known lot serves has its last lot's origin."""
        gone: dict[int, int] = defaultdict(int)
        found: list[Portion] = []
        for i, line in enumerate(basket.lines):
            lots = [
                lot._replace(quantity=lot.quantity - gone[lot.id]) if gone[lot.id] else lot
                for lot in self.stock.lots.get(line.article, ())
                if line.pack_date is None or not lot.past_on(self.account.day)
            ]
            quantity = line.pieces if line.sold_by is SoldBy.PIECE else line.grams
            named = line.lot if any(lot.id == line.lot for lot in lots) else None
            drawn = draw(lots, quantity, self.account.day, named=named)
            origins = {lot.id: lot.origin for lot in lots}
            draws = [(origins[d.lot], d.quantity) for d in drawn.draws]
            for d in drawn.draws:
                gone[d.lot] += d.quantity
            if drawn.missing:
                draws.append((self.stock.last_origin.get(line.article, Origin.UNKNOWN), drawn.missing))
            item = self.items.get(line.article) or Item.of(line.article, (line.name,), ())
            found += portions_of(line, i, item, draws)
        return tuple(found)

    def weights(self, basket: Basket) -> tuple[int, ...]:
        """Return what the basket weighs on each of `ceilings`, in its order."""
        portions = self.portions(basket)
        paid: Sequence[int] = self.account.paid(portions)
        if by_line(portions, paid, len(basket.lines)) != tuple(n.paid_cents for n in basket.lines):
            paid = _paid_as_shown(basket, portions)
        return tuple(self.account.weight(c.ceiling, portions, paid) for c in self.ceilings)


def _paid_as_shown(basket: Basket, portions: Sequence[Portion]) -> list[int]:
    found = [0] * len(portions)
    for i, line in enumerate(basket.lines):
        _spread(found, line.paid_cents, [k for k, p in enumerate(portions) if p.line == i], portions)
    return found


def by_line(portions: Sequence[Portion], paid: Iterable[int], count: int) -> tuple[int, ...]:
    """Return what is paid for each of `count` lines, in cents."""
    found = [0] * count
    for portion, cents in zip(portions, paid, strict=True):
        found[portion.line] += cents
    return tuple(found)


def with_paid(basket: Basket, paid: Sequence[int]) -> Basket:
    """Return the basket with these amounts paid, line by line."""
    if all(line.paid_cents == cents for line, cents in zip(basket.lines, paid, strict=True)):
        return basket
    lines = tuple(replace(line, paid_cents=cents) for line, cents in zip(basket.lines, paid, strict=True))
    return replace(basket, lines=lines)
