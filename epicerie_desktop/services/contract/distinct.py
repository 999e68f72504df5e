"""Distinct families and persons of a contract: one function for totals, screens, balances and the command line.

Read month by month, as last received; what two shops know of one household was found when their parcels came (`doubles`).
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.distinct import DEFINITION, DistinctCount, Double, Tally
from epicerie_desktop.domain.figures import MonthFigures, RunningSums, Totals
from epicerie_desktop.domain.linking import Means
from epicerie_desktop.exchange.records import month_from_record
from epicerie_desktop.persistence.models import HouseholdDouble, ParcelReceived, Site, SiteMonth
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support import paths
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def distinct(desk: Desk, contract: int, first: str, last: str) -> DistinctCount:
    """Return the distinct families and persons of a contract from one month to another, both included."""
    return counted(desk, contract, first, last)[1]


def counted(desk: Desk, contract: int, first: str, last: str) -> tuple[Totals, DistinctCount]:
    """Return the totals of a contract from one month to another, families and persons distinct over its shops, and how so."""
    with desk.db.read() as session:
        return counted_in(session, contract, first, last)


def counted_in(session: Session, contract: int, first: str, last: str) -> tuple[Totals, DistinctCount]:
    """Return the same inside a caller's block; the months are read one after the other, and let go."""
    tally, sums = Tally(doubles_in(session, contract)), RunningSums()
    for month in months_in(session, contract, first, last):
        sums.add(month.figures.sums)
        for line in month.figures.households:
            tally.add(month.site, line.household, line.persons)
    found = distinct_in(session, contract, tally)
    return replace(sums.totals, families=found.families, persons=found.persons), found


def distinct_in(session: Session, contract: int, tally: Tally) -> DistinctCount:
    """Return what a tally counted, with the shops that could not be compared and the error that was measured."""
    found, households = tally.count(), tally.households()
    not_compared = _not_compared(session, contract, households)
    compared = len(households) - len(not_compared) > 1
    return replace(found, not_compared=not_compared, error_permille=measured_error() if compared else None)


class SiteFigures(NamedTuple):
    """A month of a shop as last received."""

    site: int
    month: str
    figures: MonthFigures


def months_in(
    session: Session, contract: int, first: str, last: str, told: Callable[[int, int], None] = lambda _done, _of: None
) -> Iterator[SiteFigures]:
    """Yield the months of every shop, in order of month; `told` hears how many months were read out of how many."""
    ours = select(Site.id).where(Site.contract_id == contract)
    months = session.scalars(
        select(SiteMonth.month)
        .where(SiteMonth.site_id.in_(ours), SiteMonth.month >= first, SiteMonth.month <= last)
        .distinct()
        .order_by(SiteMonth.month)
    ).all()
    for done, month in enumerate(months):
        told(done, len(months))
        # A question a month: one for all would have the engine sort whole months by their date, in memory or on the disk.
        for site, figures in session.execute(
            select(SiteMonth.site_id, SiteMonth.figures)
            .where(SiteMonth.site_id.in_(ours), SiteMonth.month == month)
            .execution_options(yield_per=1)
        ):
            yield SiteFigures(site, month, month_from_record(figures))


def doubles_in(session: Session, contract: int) -> tuple[Double, ...]:
    """Return what was found to be one household over the shops of a contract."""
    rows = session.execute(
        select(HouseholdDouble.first, HouseholdDouble.second, HouseholdDouble.means)
        .where(HouseholdDouble.contract_id == contract)
        .order_by(HouseholdDouble.id)
    )
    return tuple(Double(first, second, Means(means)) for first, second, means in rows)


def _not_compared(session: Session, contract: int, households: Counter[int]) -> tuple[str, ...]:
    """Return the shops that never told their households under the counting key most of them were told under; none for one shop."""
    if len(households) < 2:
        return ()
    keys: dict[int, set[str]] = defaultdict(set)
    names = {}
    for site, name, _number, key in session.execute(
        select(Site.id, Site.name, Site.number, ParcelReceived.counting_key)
        .join(ParcelReceived, ParcelReceived.site_id == Site.id)
        .where(Site.contract_id == contract)
        .order_by(Site.number)
        .distinct()
    ):
        names[site] = name
        if key:
            keys[site].add(key)
    weights: Counter[str] = Counter()
    for site, told in keys.items():
        for key in told:
            weights[key] += households[site]
    usual = min(weights, key=lambda k: (-weights[k], k), default=None)
    return tuple(name for site, name in names.items() if site in households and usual not in keys[site])


@cache
def measured_error() -> int:
    """Return the error measured on an invented territory, in thousandths: the worst of its draws (docs/decisions/0089)."""
    found = tomllib.loads(paths.resource("measures", "distinct.toml").read_text("utf-8"))
    return int(found["families_permille"])


def distinct_words(found: DistinctCount) -> tuple[str, ...]:
    """Return the lines printed with the figure: what was counted twice and by what, what could not be compared, the error."""
    lines = []
    if found.families_twice:
        lines.append(
            ngettext(
                "Une famille connue de plusieurs épiceries ne compte qu'une fois : {card} reconnue par sa carte, {name} par son empreinte.",
                "{n} familles connues de plusieurs épiceries ne comptent qu'une fois : {card} reconnues par leur carte, {name} par leur "
                "empreinte.",
                found.families_twice,
            ).format(n=shown.number(found.families_twice), card=shown.number(found.by_card), name=shown.number(found.by_name))
        )  # fmt: skip
    elif found.error_permille is not None:
        lines.append(_("Aucune famille n'a été reconnue dans deux épiceries."))
    if found.not_compared:
        lines.append(
            _("Familles additionnées sans comparaison des noms, faute de la même clé de comptage : {shops}.").format(
                shops=", ".join(found.not_compared)
            )
        )
    if found.error_permille is not None:
        lines.append(
            _(
                "Erreur mesurée sur une population inventée où 5 % des foyers changent d'épicerie : au plus {percent} des familles."
            ).format(percent=shown.percent(found.error_permille))
        )
    return tuple(lines)


def distinct_remarks(found: DistinctCount) -> tuple[str, ...]:
    """Return the same with the rule before it, for a paper; nothing for one shop alone."""
    lines = distinct_words(found)
    return (_(DEFINITION), *lines) if lines else ()
