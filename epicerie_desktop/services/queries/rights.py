"""The right of a household on a day: grants, composition and what was already taken. Used by the counter and the till."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.access import (
    Ceiling,
    CeilingLeft,
    CeilingMeasure,
    CeilingPeriod,
    Grant,
    Spent,
    Verdict,
    before_in,
    period_start,
    verdict_on,
)
from epicerie_desktop.domain.basket import ESTIMATES
from epicerie_desktop.domain.household import Composition, Membership, PartialDate, composition_on
from epicerie_desktop.domain.terms_at_till import NO_TERMS, Item, Tariff, Terms, ceilings_of, read_terms, slowed
from epicerie_desktop.domain.till_account import Account, Portion, Taken
from epicerie_desktop.persistence.models import AccessGrant, Article, Away, Family, Member, Person, Sale, SaleLine
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.queries.files import family_in
from epicerie_desktop.services.queries.stays import aways_in
from epicerie_desktop.services.queries.suspensions import kept_away


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a household stands on a day: verdict, composition, ceilings with what is left, what its goods cost."""

    verdict: Verdict
    composition: Composition
    ceilings: tuple[CeilingLeft, ...]
    served_today: bool
    account: Account = field(default_factory=Account)
    exceptional: bool = False
    """The right behind the verdict is an exceptional visit: of one day, granted at the counter."""

    @property
    def terms(self) -> Terms:
        """Return what the right says besides its share and ceilings."""
        return self.account.terms

    @property
    def persons(self) -> int:
        """Return how many persons are counted that day."""
        return self.composition.persons

    @property
    def participation_permille(self) -> int:
        """Return the share of most goods that day, in thousandths; 0 without a right (a gift recorded by the team)."""
        return self.account.usual.permille if self.verdict.grant else 0


_GRANTS = select(
    AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until,
    AccessGrant.participation_permille, AccessGrant.ceilings, AccessGrant.origin_id, AccessGrant.carried,
    kept_away(AccessGrant.household_id, bindparam("day")).label("kept_away"),
).where(
    AccessGrant.household_id.in_(bindparam("households", expanding=True)),
    # One opened by a merge undone the same day keeps its tickets and no day.
    AccessGrant.valid_from <= AccessGrant.valid_until,
)  # fmt: skip
_WITH_TERMS = Prepared(_GRANTS.add_columns(AccessGrant.terms, AccessGrant.exceptional))
_GRANTS_ONLY = Prepared(_GRANTS)
_MEMBERS = Prepared(
    select(
        Member.id, Member.household_id, Member.person_id, Member.link, Person.born, Member.joined_on, Member.left_on,
        select(Away.id).where(Away.member_id == Member.id).exists().label("ever_away"),
    )
    .join(Person, Person.id == Member.person_id)
    .where(Member.household_id.in_(bindparam("households", expanding=True)))
)  # fmt: skip
_TAKEN = Prepared(select(
    func.coalesce(func.sum(Sale.paid_cents), 0), func.coalesce(func.sum(Sale.shelf_cents), 0), func.coalesce(func.sum(Sale.grams), 0)
).where(Sale.household_id.in_(bindparam("households", expanding=True)), Sale.day >= bindparam("start"), Sale.day <= bindparam("end")))  # fmt: skip


def kept() -> ColumnElement[bool]:
    """Return what holds for the tickets that count: neither cancelled, nor the cancellation of another."""
    contrary = aliased(Sale)
    # The sum hides the column from its own index: by it, every ticket ever written would be gone through.
    return and_((Sale.reverses_id + 0).is_(None), ~select(contrary.id).where(contrary.reverses_id == Sale.id).exists())


_SERVED = Prepared(
    select(Sale.id)
    .where(Sale.household_id.in_(bindparam("households", expanding=True)), Sale.day == bindparam("day"), kept())
    .limit(1)
)


def ceilings_to_json(ceilings: Iterable[Ceiling]) -> list[dict[str, Any]]:
    """Return ceilings as plain values for their column."""
    return [
        {"measure": c.measure.value, "period": c.period.value, "amount": c.amount}
        | ({"before": c.before} if c.before else {})
        for c in ceilings
    ]


_MEASURES = {m.value: m for m in CeilingMeasure}
_PERIODS = {p.value: p for p in CeilingPeriod}


def _grant(row: Any) -> Grant:
    ceilings = tuple(
        [
            Ceiling(_MEASURES[c["measure"]], _PERIODS[c["period"]], c["amount"], c.get("before", 0))
            for c in row.ceilings
            if c["measure"] in _MEASURES
        ]
    )
    grant = Grant(
        row.id, row.valid_from, row.valid_until, row.participation_permille, ceilings, bool(row.kept_away)
    )  # fmt: skip
    if row.origin_id is None:
        return grant
    carried = row.carried
    return replace(
        grant, origin=row.origin_id, since=date.fromisoformat(carried["since"]), visits_before=carried["visits"],
        limits_before=carried["limits"], fees_before=tuple(carried["fees"]),
    )  # fmt: skip


def grants_in(session: Session, households: list[int], day: date) -> Mapping[int, tuple[Grant, ...]]:
    """Return the rights of several households, by household; all suspended where a measure keeps it away on `day`."""
    found: dict[int, list[Grant]] = {h: [] for h in households}
    for row in _GRANTS_ONLY.rows(session, {"households": households, "day": day}):
        found[row.household_id].append(_grant(row))
    return {h: tuple(g) for h, g in found.items()}


def compositions_in(session: Session, households: list[int], day: date) -> Mapping[int, Composition]:
    """Return the composition of several households on `day`, by household."""
    members: dict[int, list[Membership]] = {h: [] for h in households}
    rows = _MEMBERS.rows(session, {"households": households})
    # Few are ever away: their times are read only where there are some.
    away = aways_in(session, households) if any(r.ever_away for r in rows) else {}
    for r in rows:
        members[r.household_id].append(
            Membership(r.person_id, r.link, PartialDate.from_iso(r.born), r.joined_on, r.left_on, away.get(r.id, ()))
        )
    return {h: composition_on(m, day) for h, m in members.items()}


_LINES = Prepared(
    select(
        Sale.id, Sale.day, SaleLine.line, SaleLine.n, SaleLine.article_id, SaleLine.origin, SaleLine.food, SaleLine.pieces,
        SaleLine.grams, SaleLine.source, SaleLine.shelf_cents, SaleLine.paid_cents, Article.name, Article.short_code,
        Family.code.label("family_code"), Family.name.label("family"), Family.short_name.label("family_short"),
    )
    .join(SaleLine, SaleLine.sale_id == Sale.id)
    .join(Article, Article.id == SaleLine.article_id)
    .join(Family, Family.id == SaleLine.family_id)
    .where(Sale.household_id.in_(bindparam("households", expanding=True)), Sale.day >= bindparam("start"), Sale.day <= bindparam("end"))
    .where(kept())
    .order_by(Sale.id, SaleLine.n)
)  # fmt: skip
_DAYS = Prepared(
    select(Sale.day)
    .where(
        Sale.household_id.in_(bindparam("households", expanding=True)),
        Sale.day >= bindparam("start"),
        Sale.day <= bindparam("end"),
    )
    .where(kept())
    .distinct()
)


def taken_between(session: Session, files: list[int], start: date, end: date) -> Spent:
    """Return what the files of a household took between two days, both included: paid, shelf value, food grams."""
    return Spent(*_TAKEN.row(session, {"households": files, "start": start, "end": end}))


def taken_in(session: Session, files: list[int], start: date, end: date) -> tuple[Taken, ...]:
    """Return what the files of a household took between two days, portion by portion, cancelled tickets left out."""
    items: dict[int, Item] = {}
    found: list[Taken] = []
    line: tuple[int, int] | None = None
    for r in _LINES.rows(session, {"households": files, "start": start, "end": end}):
        item = items.get(r.article_id)
        if item is None:
            names = (r.family_code, r.family, r.family_short)
            item = items[r.article_id] = Item.of(r.article_id, (r.name, r.short_code), names)
        units = r.pieces or int(line != (r.id, r.line))
        line = (r.id, r.line)
        found.append(
            Taken(
                r.day,
                Portion(r.line, item, r.origin, units, r.grams, r.shelf_cents, r.food, r.source in ESTIMATES),
                r.paid_cents,
            )
        )
    return tuple(found)


def standing_in(session: Session, household: int, day: date, *, files: list[int] | None = None) -> Standing:
    """Return where a household stands on `day`, inside a caller's block; tickets of files merged into it weigh too.

    `files` are itself and those, where the caller has read them.
    """
    files = files or family_in(session, household)
    rows = _WITH_TERMS.rows(session, {"households": [household], "day": day})
    grants = tuple(_grant(row) for row in rows)
    composition = compositions_in(session, [household], day)[household]
    served = bool(_SERVED.rows(session, {"households": files, "day": day}))
    verdict = verdict_on(day, grants, composition.persons, served_today=served)
    if verdict.grant is None:
        return Standing(verdict, composition, (), served)
    grant = verdict.grant
    row = next(row for row in rows if row.id == grant.id)
    terms = read_terms(row.terms)
    if terms is NO_TERMS:
        left = _ceilings_left(session, files, day, grant)
        return Standing(
            verdict, composition, left, served, Account(usual=Tariff(grant.participation_permille), day=day),
            row.exceptional,
        )  # fmt: skip
    if terms.visits:
        start = min(grant.first_day, day - timedelta(days=terms.visits.days_between or 0))
        visited = (r.day for r in _DAYS.rows(session, {"households": files, "start": start, "end": day}))
        found = slowed(terms.visits, visited, day, grant)
        verdict = verdict_on(day, grants, composition.persons, served_today=served, slowed=found)
    return _standing_under(
        session, files, day, Standing(verdict, composition, (), served, exceptional=row.exceptional), grant, terms
    )


def _standing_under(
    session: Session, files: list[int], day: date, seen: Standing, grant: Grant, terms: Terms
) -> Standing:
    """Return a standing with its ceilings and its account; earlier tickets are read line by line only where terms need it."""
    ceilings = ceilings_of(terms, grant.ceilings, day, grant.limits_before)
    account = Account(terms, terms.usual(day, grant.participation_permille), day)
    narrow = [c for c in ceilings if terms.outside or c.scope or c.outside or c.carried_over]
    if not narrow and not terms.flats:
        return replace(seen, ceilings=_ceilings_left(session, files, day, grant), account=account)
    starts = [grant.valid_from if c.carried_over else period_start(c.period, day, grant) for c in ceilings]
    if terms.flats:
        starts.append(day.replace(day=1) if terms.monthly_flat else day)
    account = replace(account, taken=taken_in(session, files, min(starts), day))
    left = tuple(account.left(c, grant) for c in ceilings)
    return replace(seen, ceilings=left, account=account)


def _ceilings_left(session: Session, files: list[int], day: date, grant: Grant) -> tuple[CeilingLeft, ...]:
    left = []
    for ceiling in grant.ceilings:
        start = period_start(ceiling.period, day, grant)
        if ceiling.period is CeilingPeriod.VISIT:
            taken = Spent()
        else:
            taken = taken_between(session, files, start, day)
        left.append(CeilingLeft(ceiling, taken.of(ceiling.measure) + before_in(ceiling, start, grant)))
    return tuple(left)


@dataclass(frozen=True, slots=True)
class Running:
    """The right that runs on a day, a measure aside, with all that weighs on it: ceilings, today's part of each, visits.

    `shared` are the ceilings of the right itself, `limits` what its terms count besides. `visits` are the days on which the
    household came under this right or the one it goes on with, today included; `came_today` tells today is one.
    """

    grant: Grant
    terms: dict[str, Any]
    shared: tuple[CeilingLeft, ...]
    limits: tuple[CeilingLeft, ...]
    shared_today: tuple[int, ...]
    limits_today: tuple[int, ...]
    visits: int
    came_today: bool

    @property
    def limits_before_today(self) -> dict[str, int]:
        """Return what was taken of each limit of the terms before the tickets of today, by `Ceiling.counted_as`."""
        now = zip(self.limits, self.limits_today, strict=True)
        return {**self.grant.limits_before, **{c.ceiling.counted_as: c.taken - today for c, today in now}}

    @property
    def limits_until_now(self) -> dict[str, int]:
        """Return the same, the tickets of today included."""
        return {**self.grant.limits_before, **{c.ceiling.counted_as: c.taken for c in self.limits}}


def running_in(session: Session, household: int, day: date) -> Running | None:
    """Return what runs on `day`, suspended or not, an exceptional visit aside; None without a right that day."""
    rows = _WITH_TERMS.rows(session, {"households": [household], "day": day})
    found = [(_grant(r), r.terms) for r in rows if not r.exceptional and r.valid_from <= day <= r.valid_until]
    if not found:
        return None
    grant, told = max(found, key=lambda f: (f[0].valid_until, f[0].id))
    files, terms = family_in(session, household), read_terms(told)
    # A limit that sleeps in the phase of today is counted too: it wakes in another with what was taken of it.
    terms = replace(terms, limits=tuple(replace(c, phases=frozenset()) for c in terms.limits))
    seen = Standing(verdict_on(day, (grant,), 1), composition_on((), day), (), served_today=False)
    standing = _standing_under(session, files, day, seen, grant, terms)
    ceilings, account, spent = standing.ceilings, standing.account, taken_between(session, files, day, day)
    now = tuple(account.taken_on(c.ceiling, day) if account.taken else spent.of(c.ceiling.measure) for c in ceilings)
    days = {r.day for r in _DAYS.rows(session, {"households": files, "start": grant.valid_from, "end": day})}
    own = len(grant.ceilings)
    return Running(
        grant, told, ceilings[:own], ceilings[own:], now[:own], now[own:], grant.visits_before + len(days), day in days,
    )  # fmt: skip
