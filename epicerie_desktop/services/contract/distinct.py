"""Distinct families and persons of a contract: one function for totals, screens, balances and the command line.

Read month by month, as last received; what two shops know of one household was found when their parcels came (`doubles`).
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.distinct import DEFINITION, DistinctCount, Double, Tally
from epicerie_desktop.domain.figures import MonthFigures, Totals, totals
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
    tally = Tally(doubles_in(session, contract))

    def months() -> Iterator[MonthFigures]:
        for site, figures in _months_in(session, contract, first, last):
            for line in figures.households:
                tally.add(site, line.household, line.persons)
            yield figures

    whole = totals(months())
    found = tally.count()
    households = tally.households()
    not_compared = _not_compared(session, contract, households)
    compared = len(households) - len(not_compared) > 1
    found = replace(found, not_compared=not_compared, error_permille=measured_error() if compared else None)
    return replace(whole, families=found.families, persons=found.persons), found


def _months_in(session: Session, contract: int, first: str, last: str) -> Iterator[tuple[int, MonthFigures]]:
    rows = session.execute(
        select(SiteMonth.site_id, SiteMonth.figures)
        .join(Site, Site.id == SiteMonth.site_id)
        .where(Site.contract_id == contract, SiteMonth.month >= first, SiteMonth.month <= last)
        .order_by(SiteMonth.site_id, SiteMonth.month, SiteMonth.post)
        .execution_options(yield_per=1)
    )
    for site, figures in rows:
        yield site, month_from_record(figures)


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
