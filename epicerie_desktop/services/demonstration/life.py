"""The life of an invented shop: goods received week by week, households that come, baskets that leave."""

from __future__ import annotations

import random
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.stock import DateKind, LossReason, Origin
from epicerie_desktop.domain.units import split_evenly
from epicerie_desktop.services.demonstration import till
from epicerie_desktop.services.demonstration.people import material
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.queries.counter import PriceList
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock

USE_BY_DAYS = {"LAIT": 12, "VPO": 6}
"""How long chilled goods last from their arrival, in days."""
BEST_BEFORE_DAYS = {"FEC": 400, "EPI": 600, "MG": 300, "SUC": 500, "BOI": 250, "BEBE": 300}


@dataclass(frozen=True, slots=True)
class Stay:
    """A household's time at the shop, for the plan of its visits."""

    household: int
    persons: int
    start: date
    end: date
    permille: int


@dataclass(slots=True)
class Planned:
    """A visit to come: lines as (article, pieces, grams); grams of weighed lines may still be scaled."""

    household: int
    day: date
    permille: int
    lines: list[tuple[int, int, int]]


def on(desk: Desk, day: date, hour: int = 10, minute: int = 0) -> Desk:
    """Return the desk as it stood on `day`."""
    return replace(desk, clock=FrozenClock.on(day, hour, minute))


def stock_catalogue(desk: Desk) -> dict[int, tuple[str, Origin]]:
    """Create the articles of the demonstration; return, by article, its family's code and usual origin."""
    families = {f.code: f.id for f in stock.families(desk) if f.id is not None}
    found = {}
    for code, name, by_weight, net, value, origin, gtin in material()["goods"]["rows"]:
        form = catalogue.ArticleForm(
            families[code],
            name,
            SoldBy.WEIGHT if by_weight else SoldBy.PIECE,
            net or None,
            value,
            (gtin,) if gtin else (),
        )
        found[catalogue.save_article(desk, form)] = (code, Origin(origin))
    return found


def ceilings_for(persons: int) -> tuple[Ceiling, ...]:
    """Return the monthly ceiling of the demonstration's règlement, in cents of shelf value."""
    amount = {1: 60_00, 2: 90_00, 3: 115_00, 4: 140_00}.get(persons, 140_00 + 20_00 * (persons - 4))
    return (Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, amount),)


def plan_visits(
    rng: random.Random,
    stays: list[Stay],
    prices: PriceList,
    *,
    weekdays: tuple[int, ...] = (1, 3),
    keep: float = 0.85,
    few: bool = False,
) -> list[Planned]:
    """Return the visits of every stay, one a week at most and at least one in all, in order of day."""
    offers = sorted((o for o in prices.offers.values() if not _is_generic(o)), key=lambda o: o.id)
    planned = []
    for stay in stays:
        weekday = rng.choice(weekdays)
        first = stay.start + timedelta(days=(weekday - stay.start.weekday()) % 7)
        days = [first + timedelta(weeks=w) for w in range(((stay.end - first).days // 7) + 1)]
        kept = [d for d in days if rng.random() < keep] or days[:1]
        planned += [
            Planned(stay.household, d, stay.permille, some_lines(rng, offers, stay.persons, few=few)) for d in kept
        ]
    return sorted(planned, key=lambda p: (p.day, p.household))


def _is_generic(offer: ArticleOffer) -> bool:
    return offer.name == offer.family_name


def some_lines(
    rng: random.Random, offers: list[ArticleOffer], persons: int, *, few: bool
) -> list[tuple[int, int, int]]:
    """Return the lines of an invented basket, as (article, pieces, grams)."""
    weighed = [o for o in offers if o.sold_by is SoldBy.WEIGHT]
    packed = [o for o in offers if o.sold_by is SoldBy.PIECE and (o.reference_cents or 0) < 500]
    lines = [
        (o.id, 0, rng.randrange(300, 700 + 250 * min(persons, 4)) // 5 * 5)
        for o in rng.sample(weighed, 2 if few else 3)
    ]
    for o in rng.sample(packed, rng.randrange(1, 3) if few else rng.randrange(3, 6)):
        lines.append((o.id, 1 if few else rng.randrange(1, 2 + min(persons, 2)), 0))
    return lines


def scale_to(planned: list[Planned], prices: PriceList, grams: int) -> None:
    """Change the weighed lines so that all food handed out adds up to exactly `grams`."""
    packed = sum(
        pieces * (prices.offers[a].net_grams or 0)
        for p in planned
        for a, pieces, _ in p.lines
        if pieces and prices.offers[a].food
    )
    places = [(p, i) for p in planned for i, line in enumerate(p.lines) if not line[1]]
    parts = split_evenly(grams - packed, tuple(p.lines[i][2] for p, i in places))
    for (p, i), weight in zip(places, parts, strict=True):
        p.lines[i] = (p.lines[i][0], 0, weight)


def live(
    rng: random.Random,
    desk: Desk,
    planned: list[Planned],
    prices: PriceList,
    goods: dict[int, tuple[str, Origin]],
    *,
    spare: float = 0.05,
    counted_since: date = date.max,
) -> None:
    """Receive each week what its visits will take and a little more, then book every visit on its day.

    From `counted_since` on, the drawer is opened before the visits of a day and counted after them.
    """
    weeks: dict[date, list[Planned]] = defaultdict(list)
    for p in planned:
        weeks[p.day - timedelta(days=p.day.weekday())].append(p)
    for monday, visits in sorted(weeks.items()):
        _write_off_stale(on(desk, monday, 8))
        receive_week(desk, monday, visits, goods, spare)
        days = groupby(enumerate(visits), key=lambda v: v[1].day if v[1].day >= counted_since else None)
        for day, group in days:
            if day is not None:
                till.open_drawer(on(desk, day, 8, 45))
            with desk.db.write() as session:
                for i, visit in group:
                    at = on(desk, visit.day, 9 + i % 3, (i * 7) % 60)
                    basket = _basket(rng, visit, prices)
                    sell.sale_in(
                        session,
                        at,
                        visit.household,
                        basket,
                        sell.PaymentForm(_handed(basket.paid_cents)),
                        override="démonstration",
                    )
            if day is not None:
                till.count(on(desk, day, 12, 30), (desk.clock.today() - day).days)


def _write_off_stale(at: Desk) -> None:
    """Write off what will be past its best-before date this week: the till would ask for a check nobody is there to make."""
    for lot in stock.lots_expiring(at, 6):
        if lot.date_kind is DateKind.BEST_BEFORE:
            receive.record_loss(at, lot.id, pieces=lot.pieces, grams=lot.grams, reason=LossReason.EXPIRED)


def receive_week(
    desk: Desk, monday: date, visits: list[Planned], goods: dict[int, tuple[str, Origin]], spare: float
) -> None:
    """Receive on a Monday what the week's visits take and `spare` more, a reception an origin."""
    pieces: Counter[int] = Counter()
    grams: Counter[int] = Counter()
    for visit in visits:
        for article, count, weight in visit.lines:
            pieces[article] += count
            grams[article] += weight
    by_origin: dict[Origin, list[receive.ReceivedLine]] = defaultdict(list)
    for article in sorted(set(pieces) | set(grams)):
        family, origin = goods[article]
        kind, limit = _date_of(family, monday)
        line = receive.ReceivedLine(
            int(pieces[article] * (1 + spare)) + 1 if pieces[article] else 0, int(grams[article] * (1 + spare)) + 200 if grams[article] else 0,
            article, date_kind=kind, limit_on=limit,
        )  # fmt: skip
        by_origin[origin].append(replace(line, grams=0) if line.pieces else line)
    for origin, lines in sorted(by_origin.items()):
        receive.record_reception(on(desk, monday, 8), receive.ReceptionForm(origin, tuple(lines), day=monday))


def _date_of(family: str, day: date) -> tuple[DateKind, date | None]:
    if family in USE_BY_DAYS:
        return DateKind.USE_BY, day + timedelta(days=USE_BY_DAYS[family])
    if family in BEST_BEFORE_DAYS:
        return DateKind.BEST_BEFORE, day + timedelta(days=BEST_BEFORE_DAYS[family])
    return DateKind.NONE, None


def _basket(rng: random.Random, visit: Planned, prices: PriceList) -> Basket:
    basket = Basket(str(uuid.UUID(int=rng.getrandbits(128), version=4)), visit.permille)
    for n, (article, pieces, grams) in enumerate(visit.lines):
        offer = prices.offers[article]
        if pieces:
            basket = basket.with_pieces(f"{n}", offer, pieces)
        else:
            basket = basket.with_weighed(f"{n}", offer, grams, WeightSource.SCALE, gross_grams=grams)
    return basket


def _handed(cents: int) -> int:
    """Return what a person hands over: the amount, or the next half euro."""
    return cents if cents % 20 == 0 else -(-cents // 50) * 50


def throw_away(desk: Desk, day: date, *, only_expired: bool) -> None:
    """Write off what is left on `day`: everything, or only what is past its use-by date."""
    at = on(desk, day, 17)
    for lot in stock.lots_in_stock(at):
        expired = lot.date_kind is DateKind.USE_BY and lot.limit_on is not None and lot.limit_on < day
        if expired or not only_expired:
            receive.record_loss(
                at,
                lot.id,
                pieces=lot.pieces,
                grams=lot.grams,
                reason=LossReason.EXPIRED if expired else LossReason.UNFIT,
            )
