"""The balances of a contract (bilans): taken as of today, frozen with a number and a sum, read again, laid side by side.

Taking one reads what the shops sent one month at a time; a frozen one is only ever read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.balance import (
    ActionLine,
    AxisLine,
    Balance,
    FundingRow,
    IndicatorLine,
    MonthSums,
    SectorRow,
    ShopPart,
    Twice,
    ValuePart,
    balance_digest,
    from_record,
    to_record,
)
from epicerie_desktop.domain.contract import checked_period, checked_title
from epicerie_desktop.domain.contract_values import Standing
from epicerie_desktop.domain.distinct import DEFINITION, DistinctCount, Tally
from epicerie_desktop.domain.figures import DEFINITIONS, MonthFigures
from epicerie_desktop.domain.months import short_sum
from epicerie_desktop.exchange.canonical import canonical
from epicerie_desktop.exchange.records import month_from_record
from epicerie_desktop.persistence.models import Account, ContractBalance, Site, SiteMonth
from epicerie_desktop.services.contract import funding, plan
from epicerie_desktop.services.contract.balance_chain import sum_of
from epicerie_desktop.services.contract.distinct import distinct, doubles_in
from epicerie_desktop.services.contract.rooms import contract_in, months_of, require_coordinator, row_in
from epicerie_desktop.services.contract.values import IndicatorFigure, indicator_figures
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import sector_names
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_BATCH = 20
"""Months held at once while they are read."""


@dataclass(frozen=True, slots=True)
class BalanceForm:
    """A balance to take: its title, and its months, both included."""

    title: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class KeptBalance:
    """A frozen balance, and how it is told from any other: its number, its day and its short sum, printed on every page."""

    id: int
    contract: int
    number: int
    title: str
    as_of: date
    first: str
    last: str
    made_at: datetime
    made_by: str
    short: str
    digest: str
    balance: Balance


def balance_now(desk: Desk, contract: int, form: BalanceForm) -> Balance:
    """Return the balance of a contract as it stands today; nothing is kept. Raises `BadInput` for its title or its period."""
    require_coordinator(desk)
    title = checked_title(form.title)
    with desk.db.read() as session:
        row = contract_in(session, contract)
        checked_period(form.first, form.last, *months_of(row))
        uid, name, same = str(row.uid), row.name, row.same_person
        taken = _taken_in(session, contract, form)
    counted = distinct(desk, contract, form.first, form.last)
    axes = plan.plan_of(desk, contract)
    figures = indicator_figures(desk, contract, form.first, form.last)
    return Balance(
        uid, name, title, desk.clock.today(), form.first, form.last, taken.shops(), _twice(counted), taken.sectors(),
        tuple(AxisLine(a.code, a.title, a.summary) for a in axes),
        tuple(_action(axis.code, action) for axis in axes for action in axis.actions),
        tuple(_line(f) for f in figures),
        tuple(
            FundingRow(f.funder_name, f.year, f.planned_cents, f.paid_cents, f.action_code)
            for f in funding.funding_of(desk, contract)
            if form.first[:4] <= str(f.year) <= form.last[:4]
        ),
        same, (*((key, meaning) for key, _name, meaning in DEFINITIONS), ("distinct", DEFINITION)),
    )  # fmt: skip


def freeze_balance(desk: Desk, contract: int, form: BalanceForm) -> int:
    """Keep the balance as it stands today, for good, and return its id. Raises what `balance_now` raises.

    Raises `RuleRefused` where nothing was received yet and no value is known: there is nothing to settle.
    """
    balance = balance_now(desk, contract, form)
    if not balance.shops and not any(i.value is not None for i in balance.indicators):
        raise RuleRefused(N_("Rien n'est encore reçu ni saisi sur cette période : il n'y a rien à arrêter."))
    text = canonical(to_record(balance)).decode()
    with desk.db.write() as session:
        last = session.scalars(
            select(ContractBalance).where(ContractBalance.contract_id == contract).order_by(ContractBalance.number.desc()).limit(1)
        ).first()  # fmt: skip
        number, before, made_at = (last.number if last else 0) + 1, last.digest if last else "", desk.clock.now()
        row = ContractBalance(
            contract_id=contract, number=number, title=balance.title, as_of=balance.as_of, first_month=form.first,
            last_month=form.last, record=text, before=before, digest=balance_digest(number, made_at.isoformat(), text, before),
            made_at=made_at, made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "contract.balance", {"balance": row.id, "number": number, "digest": row.digest})
        return row.id


def list_balances(desk: Desk, contract: int) -> tuple[KeptBalance, ...]:
    """Return the frozen balances of a contract, the latest first. Raises `EnvironmentTrouble` for one that was altered."""
    with desk.db.read() as session:
        rows = session.scalars(
            select(ContractBalance)
            .where(ContractBalance.contract_id == contract)
            .order_by(ContractBalance.number.desc())
        ).all()
        return tuple(_kept(session, r) for r in rows)


def read_balance(desk: Desk, balance: int) -> KeptBalance:
    """Return a frozen balance. Raises `RuleRefused` where there is none, `EnvironmentTrouble` where it was altered."""
    with desk.db.read() as session:
        return _kept(session, row_in(session, ContractBalance, balance))


def _kept(session: Session, row: ContractBalance) -> KeptBalance:
    if sum_of(row) != row.digest:
        raise EnvironmentTrouble(
            "BDD-210",
            N_("Le bilan n° {n} a été modifié hors du programme : reprenez la dernière sauvegarde."),
            n=row.number,
        )
    return KeptBalance(
        row.id, row.contract_id, row.number, row.title, row.as_of, row.first_month, row.last_month, row.made_at,
        session.get_one(Account, row.made_by).name, short_sum(row.digest), row.digest, from_record(json.loads(row.record)),
    )  # fmt: skip


@dataclass(slots=True)
class _Place:
    """Where a household was last seen, and what it took in each sector."""

    month: str = ""
    sector: str = ""


@dataclass(slots=True)
class _Taken:
    """What was read of the shops' months: one pass, no month kept."""

    tally: Tally
    sector_names: dict[str, str]
    known: dict[int, Site] = field(default_factory=dict)
    months: dict[int, list[MonthSums]] = field(default_factory=lambda: defaultdict(list))
    households: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    persons: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[str, _Place] = field(default_factory=lambda: defaultdict(_Place))
    sums: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, site: Site, row: SiteMonth, figures: MonthFigures) -> None:
        whole = figures.totals
        self.known[site.id] = site
        self.months[site.id].append(
            MonthSums(
                figures.month, row.revision, row.closed, whole.visits, whole.grams, whole.shelf_cents, whole.paid_cents
            )
        )
        for line in figures.households:
            self.households[site.id].add(line.household)
            self.persons[site.id].update(line.persons)
            self.tally.add(site.id, line.household, line.persons)
            place = self.places[line.household]
            if figures.month >= place.month:
                place.month, place.sector = figures.month, line.sector
            told = self.sums[line.sector]
            told[0] += line.visits
            told[1] += line.grams

    def shops(self) -> tuple[ShopPart, ...]:
        return tuple(
            ShopPart(s.code, s.name, len(self.households[s.id]), len(self.persons[s.id]), _merged(self.months[s.id]))
            for s in sorted(self.known.values(), key=lambda s: s.number)
        )

    def sectors(self) -> tuple[SectorRow, ...]:
        families: dict[str, int] = defaultdict(int)
        persons: dict[str, int] = defaultdict(int)
        for households, heads in self.tally.families():
            last = max((self.places[h] for h in households), key=lambda p: (p.month, p.sector))
            families[last.sector] += 1
            persons[last.sector] += heads
        codes = sorted(families.keys() | self.sums.keys(), key=lambda c: (not c, c))
        return tuple(
            SectorRow(
                c,
                self.sector_names.get(c) or c or _("hors du territoire, ou non connu"),
                families[c],
                persons[c],
                *self.sums[c],
            )
            for c in codes
        )


def _merged(months: Iterable[MonthSums]) -> tuple[MonthSums, ...]:
    """Return one line a month: two posts of a shop tell the same month, each for its own tickets."""
    found: dict[str, MonthSums] = {}
    for m in months:
        was = found.get(m.month)
        found[m.month] = m if was is None else MonthSums(
            m.month, was.revision + m.revision, was.closed and m.closed, was.visits + m.visits, was.grams + m.grams,
            was.shelf_cents + m.shelf_cents, was.paid_cents + m.paid_cents,
        )  # fmt: skip
    return tuple(found[m] for m in sorted(found))


def _taken_in(session: Session, contract: int, form: BalanceForm) -> _Taken:
    taken = _Taken(Tally(doubles_in(session, contract)), sector_names())
    rows = session.execute(
        select(Site, SiteMonth)
        .join(SiteMonth, SiteMonth.site_id == Site.id)
        .where(Site.contract_id == contract, SiteMonth.month >= form.first, SiteMonth.month <= form.last)
        .order_by(Site.number, SiteMonth.month, SiteMonth.post)
        .execution_options(yield_per=_BATCH)
    )
    for site, row in rows:
        taken.add(site, row, month_from_record(row.figures))
        session.expunge(row)
    return taken


def _twice(counted: DistinctCount) -> Twice:
    return Twice(counted.by_card, counted.by_name, counted.persons_twice, counted.not_compared, counted.error_permille)


def _action(axis: str, action: plan.ActionRow) -> ActionLine:
    last = action.history[-1] if action.history else None
    return ActionLine(
        axis, action.code, action.title, action.pilot, action.partners, last.status.value if last else "",
        last.since if last else None, action.summary,
    )  # fmt: skip


def _line(figure: IndicatorFigure) -> IndicatorLine:
    i = figure.indicator
    return IndicatorLine(
        i.code, i.name, i.action_code, i.unit.value, i.unit_name, i.method.value, figure.value, i.target, i.source, i.definition,
        i.headline, _parts(figure),
    )  # fmt: skip


def _parts(figure: IndicatorFigure) -> tuple[ValuePart, ...]:
    """Return what makes a value: the shops of the parcels, or the values counted, each under the number of the first it corrects."""
    if figure.indicator.source:
        return tuple(
            ValuePart(f"shop:{p.code}", p.value, p.code, figure.first, figure.last, figure.as_of)
            for p in figure.by_shop
            if p.value is not None
        )
    before = {r.id: r.replaces for r in figure.rows}
    codes = {p.site: p.code for p in figure.by_shop}
    found = []
    for row in figure.rows:
        if row.standing is not Standing.COUNTED or row.value is None:
            continue
        root = row.id
        while (older := before.get(root)) is not None:
            root = older
        found.append(
            ValuePart(str(root), row.value, codes.get(row.site, ""), row.first, row.last, row.as_of, row.source)
        )
    return tuple(found)


__all__ = [
    "BalanceForm",
    "KeptBalance",
    "balance_now",
    "freeze_balance",
    "list_balances",
    "read_balance",
]
