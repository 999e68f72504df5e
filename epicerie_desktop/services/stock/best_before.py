"""Goods past their best-before date: the tolerance of each family, the recorded check, what the till may hand out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.dates import (
    BestBefore,
    Precision,
    ToleranceClass,
    Tolerances,
    best_before_on,
    classes_on,
    written,
)
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.stock import DateKind, LotState, first_expired_first
from epicerie_desktop.persistence.models import Article, BestBeforeCheck, Family, Lot
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_KEY = "ddm.days"
MOST_DAYS = 3650
"""The longest tolerance that is not a mistake."""


@dataclass(frozen=True, slots=True)
class StaleLot:
    """A lot past its best-before date on a day, and what it needs to be handed out."""

    lot: int
    limit_on: date
    precision: Precision
    state: BestBefore

    @property
    def written(self) -> str:
        """Return its date as the pack writes it."""
        return written(self.limit_on, self.precision)


class BestBeforeToCheck(RuleRefused):
    """The book draws goods past their best-before date that nobody checked that day. `article` and `stale` say which."""

    def __init__(self, article: int, name: str, stale: StaleLot) -> None:
        super().__init__(
            N_("« {article} » : d'après le stock, la DDM ({day}) est dépassée. Contrôlez l'emballage et l'aspect, ou lisez sa date."),
            article=name, day=stale.written,
        )  # fmt: skip
        self.article = article
        self.stale = stale


@dataclass(frozen=True, slots=True)
class ToleranceRow:
    """The tolerance of a family: its days (None: never), those of its class, and whether it may be changed."""

    family: str
    name: str
    days: int | None
    usual: int | None
    fixed: bool
    source: str


@cache
def _data() -> tuple[tuple[ToleranceClass, ...], Mapping[str, str]]:
    import tomllib

    with paths.resource("ddm_tolerances.toml").open("rb") as handle:
        data = tomllib.load(handle)
    classes = tuple(
        ToleranceClass(
            c["code"], c["name"], c["valid_from"], None if c.get("never") else c["days"], c.get("fixed", False), c["source"]
        )
        for c in data["class"]
    )  # fmt: skip
    return classes, data["families"]


def tolerances_in(session: Session, day: date) -> Tolerances:
    """Return the tolerances in force on `day`, inside a caller's block: one statement."""
    classes, families = _data()
    return Tolerances(families, classes_on(classes, day), setting_in(session, _KEY, day) or {})


def tolerances(desk: Desk) -> tuple[ToleranceRow, ...]:
    """Return the tolerance of each family of the shop today, in their order."""
    with desk.db.read() as session:
        found = tolerances_in(session, desk.clock.today())
        return tuple(
            ToleranceRow(f.code, f.name, found.of(f.code), known.days, known.fixed, known.source)
            for f in session.scalars(select(Family).order_by(Family.position))
            for known in (found.class_of(f.code),)
        )


def save_tolerances(desk: Desk, days: Mapping[str, int | None]) -> None:
    """Keep from today how many days families, by code, may follow their best-before date; None is never.

    Raises `BadInput` for a number of days that cannot be, or a family whose date is always kept to.
    """
    require_team(desk)
    today = desk.clock.today()
    with desk.db.write() as session:
        known = tolerances_in(session, today)
        own: dict[str, Any] = dict(known.own)
        for family, count in days.items():
            if count is not None and not 0 <= count <= MOST_DAYS:
                raise BadInput(N_("Une tolérance va de 0 à {most} jours."), most=MOST_DAYS)
            if count != known.class_of(family).days and known.class_of(family).fixed:
                raise BadInput(N_("Un produit pour bébé n'est jamais remis après sa date : cela ne se change pas."))
            own[family] = count
        keep_setting_in(session, desk, _KEY, own)


def record_check(
    desk: Desk, lot: int, *, packaging: bool, aspect: bool, agreed: str = "", day: date | None = None
) -> None:
    """Write that a lot past its best-before date was looked at for a day of distribution, by whom and when.

    Beyond the tolerance of its family, `agreed` says why the team lets go what is already in a bag. Raises `BadInput`: a pack
    opened or a wrong aspect (the goods are put aside, and nothing is written), no agreement where one is needed.
    """
    if not (packaging and aspect):
        raise BadInput(N_("Emballage abîmé ou aspect anormal : mettez ce produit de côté, puis notez-le en perte."))
    day = day or desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        family = session.scalars(
            select(Family.code).join(Article, Article.family_id == Family.id).where(Article.id == row.article_id)
        ).one()
        state = best_before_on(row.date_kind, row.limit_on, day, tolerances_in(session, day).of(family))
        if state is BestBefore.BEYOND and not agreed.strip():
            raise BadInput(
                N_("Cette DDM est dépassée depuis trop longtemps : il faut l'accord de l'équipe, avec sa raison.")
            )
        session.add(
            BestBeforeCheck(
                lot_id=lot, day=day, packaging=packaging, aspect=aspect, agreed_for=checked_text(agreed),
                made_at=desk.clock.now(), made_by=desk.actor.id,
            )
        )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "best-before-check", {"lot": lot, "day": day.isoformat(), "state": state.value})


_STALE = (
    select(Lot.id, Lot.date_precision, Family.code)
    .join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
    .where(Lot.id.in_(bindparam("lots", expanding=True)))
)  # fmt: skip
_CHECKED = select(BestBeforeCheck.lot_id, BestBeforeCheck.agreed_for).where(
    BestBeforeCheck.lot_id.in_(bindparam("lots", expanding=True)), BestBeforeCheck.day == bindparam("day")
)


def _unchecked(session: Session, lots: Sequence[LotState], day: date) -> dict[int, StaleLot]:
    """Return, by lot, what each lot past its best-before date still needs on `day`; one that was checked needs nothing."""
    ids = [lot.id for lot in lots]
    known = tolerances_in(session, day)
    told = {r.id: r for r in session.execute(_STALE, {"lots": ids})}
    within: set[int] = set()
    agreed: set[int] = set()
    for r in session.execute(_CHECKED, {"lots": ids, "day": day}):
        (agreed if r.agreed_for else within).add(r.lot_id)
    found = {}
    for lot in lots:
        if lot.limit is None:
            continue
        state = best_before_on(lot.date_kind, lot.limit, day, known.of(told[lot.id].code))
        if lot.id in agreed or (lot.id in within and state is BestBefore.TO_CHECK):
            continue
        found[lot.id] = StaleLot(lot.id, lot.limit, told[lot.id].date_precision, state)
    return found


def stale_lots(desk: Desk) -> Mapping[int, StaleLot]:
    """Return, by lot, what each lot in stock past its best-before date still needs today; one set aside is not told."""
    from epicerie_desktop.services.stock.lots_drawn import ASIDE

    today = desk.clock.today()
    with desk.db.read() as session:
        held = [
            LotState(r.id, 0, DateKind.BEST_BEFORE, r.limit_on, r.received_on, r.origin)
            for r in session.execute(
                select(Lot.id, Lot.limit_on, Lot.received_on, Lot.origin).where(
                    (Lot.balance_pieces > 0) | (Lot.balance_grams > 0), Lot.date_kind == DateKind.BEST_BEFORE,
                    Lot.limit_on < today, Lot.id.not_in(ASIDE),
                )
            )
        ]  # fmt: skip
        return _unchecked(session, held, today) if held else {}


def refuse_unchecked(session: Session, drawn: Sequence[tuple[int, str, LotState]], day: date) -> None:
    """Raise `BestBeforeToCheck` for the first of these lots (article, name, lot), past their date, that nobody checked for `day`."""
    found = _unchecked(session, [lot for _article, _name, lot in drawn], day)
    for article, name, lot in drawn:
        if lot.id in found:
            raise BestBeforeToCheck(article, name, found[lot.id])


def stale_in(session: Session, stock: Mapping[int, Iterable[LotState]], day: date) -> Mapping[int, StaleLot]:
    """Return, by article, the lot first expired first would give where it needs a check; no statement where there is none."""
    first: dict[int, LotState] = {}
    for article, lots in stock.items():
        order = first_expired_first([lot for lot in lots if lot.quantity > 0], day)
        if order and order[0].date_kind is DateKind.BEST_BEFORE and order[0].past_best_before(day):
            first[article] = order[0]
    if not first:
        return {}
    found = _unchecked(session, tuple(first.values()), day)
    return {article: found[lot.id] for article, lot in first.items() if lot.id in found}
