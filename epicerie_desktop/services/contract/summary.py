"""The totals of a contract in one reading: the whole, each year, each shop. A month at a time, told as it goes, and given up on a wish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from epicerie_desktop.domain.distinct import DistinctCount, Tally
from epicerie_desktop.domain.figures import RunningSums, Totals
from epicerie_desktop.services.contract.consolidate import SiteRow, list_sites
from epicerie_desktop.services.contract.distinct import distinct_in, doubles_in, months_in
from epicerie_desktop.services.desk import Desk

Told = Callable[[int, int], None]
"""Told how many months were read out of how many; what it raises stops the reading."""


@dataclass(frozen=True, slots=True)
class ContractSummary:
    """A contract's totals over a period; families and persons are distinct in each line, so that lines need not add up to the whole."""

    whole: Totals
    by_year: tuple[tuple[str, Totals], ...]
    by_site: tuple[tuple[SiteRow, Totals], ...]
    distinct: DistinctCount


def contract_summary(
    desk: Desk, contract: int, first: str, last: str, told: Told = lambda _done, _of: None
) -> ContractSummary:
    """Return the totals of a contract from one month to another, both included, as last received."""
    sites = list_sites(desk, contract)
    with desk.db.read() as session:
        doubles = doubles_in(session, contract)
        whole, tally = RunningSums(), Tally(doubles)
        of_site: defaultdict[int, RunningSums] = defaultdict(RunningSums)
        years: list[_Year] = []
        for month in months_in(session, contract, first, last, told):
            if not years or years[-1].year != month.month[:4]:
                if years:
                    years[-1].settle()
                years.append(_Year(month.month[:4], Tally(doubles)))
            alone = month.figures.sums
            for sums in (whole, years[-1].sums, of_site[month.site]):
                sums.add(alone)
            for line in month.figures.households:
                tally.add(month.site, line.household, line.persons)
                years[-1].tally.add(month.site, line.household, line.persons)
        found = distinct_in(session, contract, tally)
    heads = tally.of_sites()
    return ContractSummary(
        replace(whole.totals, families=found.families, persons=found.persons),
        tuple((y.year, y.settle()) for y in years),
        tuple((s, _with_heads(of_site[s.id].totals, heads.get(s.id, (0, 0)))) for s in sites),
        found,
    )


def _with_heads(sums: Totals, heads: tuple[int, int]) -> Totals:
    return replace(sums, families=heads[0], persons=heads[1])


class _Year:
    """A year while it is read: its tokens are let go once it is over."""

    def __init__(self, year: str, tally: Tally) -> None:
        self.year, self.tally, self.sums = year, tally, RunningSums()
        self._settled: Totals | None = None

    def settle(self) -> Totals:
        """Return the year's totals, made once."""
        if self._settled is None:
            found = self.tally.count()
            self._settled = _with_heads(self.sums.totals, (found.families, found.persons))
            self.tally = Tally(())
        return self._settled
