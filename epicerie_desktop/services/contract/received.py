"""What the parcels of a contract's shops bring to its indicators, by shop and by month, read one month at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract import SOURCES, Method, counter_of
from epicerie_desktop.domain.figures import MonthFigures
from epicerie_desktop.exchange.records import month_from_record
from epicerie_desktop.persistence.models import ParcelReceived, Site, SiteMonth
from epicerie_desktop.support.clock import PARIS

_SUMS = tuple(s for s, (_, method) in SOURCES.items() if method is Method.SUM)


@dataclass(slots=True)
class Received:
    """What was received over a period, by source; `as_of` is the day the latest of these months was received."""

    shops: dict[int, dict[str, int]] = field(default_factory=dict)
    months: dict[str, dict[str, int]] = field(default_factory=dict)
    counted: bool = False
    """Whether any month received tells counters of actions."""
    as_of: date | None = None

    def knows(self, source: str) -> bool:
        """Return whether anything was received that could tell of a source: else it is not known, which is not a nought."""
        return bool(self.months) and (self.counted or counter_of(source) is None)

    def of_site(self, source: str, site: int) -> int | None:
        """Return what a shop brings, None where nothing of it was received."""
        return self.shops[site].get(source, 0) if site in self.shops and self.knows(source) else None

    def by_month(self, source: str) -> tuple[tuple[str, int], ...]:
        """Return what each month brings, in order."""
        return tuple((m, v.get(source, 0)) for m, v in sorted(self.months.items())) if self.knows(source) else ()

    def total(self, source: str) -> int:
        """Return the sum of the shops: not that of heads, which are counted once elsewhere."""
        return sum(v.get(source, 0) for v in self.shops.values())


def received_in(session: Session, contract: int, first: str, last: str) -> Received:
    """Return what the shops of a contract sent of a period, its rows read by small batches and dropped at once."""
    found = Received()
    rows = session.execute(
        select(SiteMonth.site_id, SiteMonth.month, SiteMonth.figures, ParcelReceived.imported_at)
        .join(Site, Site.id == SiteMonth.site_id)
        .join(ParcelReceived, ParcelReceived.id == SiteMonth.parcel_id)
        .where(Site.contract_id == contract, SiteMonth.month >= first, SiteMonth.month <= last)
        .order_by(SiteMonth.site_id, SiteMonth.month, SiteMonth.post)
        .execution_options(yield_per=20)
    )
    # In order of shop and month: the tokens of one shop at a time are held, and of one month beside.
    site, shop, of_month, month = 0, _Heads(), _Heads(), ""
    for of_site, of, record, imported_at in rows:
        figures = month_from_record(record)
        if (of_site, of) != (site, month):
            of_month = _Heads()
        if of_site != site:
            shop = _Heads()
        site, month = of_site, of
        _add(found, site, month, figures, shop, of_month)
        day = imported_at.astimezone(PARIS).date()
        found.as_of = max(found.as_of or day, day)
    return found


class _Heads:
    """The tokens met: of a shop, or of its month."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = defaultdict(set)

    def new(self, kind: str, tokens: Iterable[str]) -> int:
        """Return how many tokens were not met yet, and keep them."""
        before = len(self.seen[kind])
        self.seen[kind].update(tokens)
        return len(self.seen[kind]) - before


def _add(found: Received, site: int, month: str, figures: MonthFigures, shop: _Heads, of_month: _Heads) -> None:
    by_shop = found.shops.setdefault(site, {})
    by_month = found.months.setdefault(month, {})
    whole = figures.totals
    sums = {s: getattr(whole, s) for s in _SUMS}
    # A parcel written before actions travelled has none.
    for action, step, count, cents in getattr(figures, "actions", None) or ():
        found.counted = True
        for source, n in ((f"action:{action}:{step}", count), (f"action:{action}:{step}:cents", cents)):
            sums[source] = sums.get(source, 0) + n
    for source, n in sums.items():
        by_shop[source] = by_shop.get(source, 0) + n
        by_month[source] = by_month.get(source, 0) + n
    households = [h.household for h in figures.households]
    persons = [p for h in figures.households for p in h.persons]
    for source, tokens in (("families", households), ("persons", persons)):
        by_shop[source] = by_shop.get(source, 0) + shop.new(source, tokens)
        by_month[source] = by_month.get(source, 0) + of_month.new(source, tokens)
