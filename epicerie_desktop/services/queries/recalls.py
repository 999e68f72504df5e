"""What the recalls' page shows: the age of the list, the lots set aside, the suggestions, and the households to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.recalls import Certainty, LotLife, Receivers, Sheet, Taken, receivers
from epicerie_desktop.persistence.models import (
    Account,
    Article,
    Family,
    Household,
    Lot,
    Person,
    Quarantine,
    Recall,
    RecallDrill,
    RecallImport,
    Sale,
    SaleLine,
    StockMove,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import shown_name
from epicerie_desktop.services.queries.files import hidden_in, merged_in
from epicerie_desktop.services.queries.rights import kept
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.safety.recalls import made_of_in, sheets_in, suggested_in
from epicerie_desktop.support.clock import PARIS

OLD_AFTER = 8
"""Days after which the list of recalls is told to be old."""


@dataclass(frozen=True, slots=True)
class LastImport:
    """The last list read: when, how many sheets, the day of its last sheet, and how many days ago it was read."""

    at: datetime
    sheets: int
    latest_on: date | None
    days: int

    @property
    def old(self) -> bool:
        """Return whether another list should be fetched."""
        return self.days >= OLD_AFTER


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A lot set aside, or suggested to be (`id` 0): its recall (`number` empty for the team's own doubt), what is left, how sure."""

    id: int
    lot: LotRow
    recall: int | None
    number: str
    product: str
    reason: str
    certainty: Certainty
    since: datetime | None
    lifted_at: datetime | None = None
    lifted_for: str = ""
    by: str = ""

    @property
    def key(self) -> tuple[int, int, int]:
        """Return what tells two rows apart."""
        return self.id, self.recall or 0, self.lot.id


@dataclass(frozen=True, slots=True)
class DrillRow:
    """The last exercise: when, how many seconds, how many households."""

    at: datetime
    seconds: int
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class RecallsView:
    """All that the page shows."""

    last: LastImport | None
    aside: tuple[AsideRow, ...]
    suggested: tuple[AsideRow, ...]
    lifted: tuple[AsideRow, ...]
    drill: DrillRow | None


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """A household to call: as this account may name it, its telephone, the days it took some, whether it is sure."""

    household: int
    number: str
    name: str
    phone: str
    days: tuple[date, ...]
    pieces: int
    grams: int
    certain: bool


def last_import_in(session: Session, today: date) -> LastImport | None:
    """Return the last list read, inside a caller's block."""
    row = session.scalars(select(RecallImport).order_by(RecallImport.id.desc()).limit(1)).first()
    if row is None:
        return None
    return LastImport(row.made_at, row.sheets, row.latest_on, (today - row.made_at.astimezone(PARIS).date()).days)


def recalls_view(desk: Desk) -> RecallsView:
    """Return the lots set aside and suggested, the surest first, and the last ones lifted."""
    with desk.db.read() as session:
        rows = _aside(session, Quarantine.lifted_at.is_(None))
        lifted = _aside(session, Quarantine.lifted_at.is_not(None), most=30)
        suggested = suggested_in(session, desk)
        sheets = sheets_in(session, {recall for recall, _lot in suggested})
        lots = _lots(session, [lot.id for _recall, lot in suggested])
        drill = session.scalars(select(RecallDrill).order_by(RecallDrill.id.desc()).limit(1)).first()
        order = list(Certainty)
        return RecallsView(
            last_import_in(session, desk.clock.today()),
            tuple(sorted(rows, key=lambda r: (order.index(r.certainty), -r.id))),
            tuple(
                AsideRow(0, lots[lot.id], recall, sheets[recall].number, _product(sheets[recall].brand, sheets[recall].name),
                         sheets[recall].reason, Certainty.SUGGESTION, None)
                for recall, lot in suggested
            ),
            tuple(lifted),
            DrillRow(drill.made_at, drill.seconds, drill.certain, drill.possible) if drill else None,
        )  # fmt: skip


def _aside(session: Session, wanted: object, most: int = 500) -> list[AsideRow]:
    found = session.execute(
        select(Quarantine, Recall, Account.name)
        .outerjoin(Recall, Recall.id == Quarantine.recall_id)
        .join(Account, Account.id == func.coalesce(Quarantine.lifted_by, Quarantine.made_by))
        .where(wanted)  # type: ignore[arg-type]
        .order_by(Quarantine.id.desc())
        .limit(most)
    ).all()
    lots = _lots(session, [q.lot_id for q, _recall, _name in found])
    return [
        AsideRow(
            q.id, lots[q.lot_id], q.recall_id, recall.number if recall else "", _product(recall.brand, recall.name) if recall else "",
            recall.reason if recall else q.reason, q.certainty, q.made_at, q.lifted_at, q.lifted_for, name,
        )
        for q, recall, name in found
    ]  # fmt: skip


def _product(brand: str, name: str) -> str:
    return " – ".join(part for part in (brand, name) if part)


def _lots(session: Session, ids: Sequence[int]) -> dict[int, LotRow]:
    rows = session.execute(
        select(Lot.id, Lot.article_id, Article.name, Family.name, Article.sold_by, Lot.origin, Lot.received_on, Lot.code,
               Lot.date_kind, Lot.limit_on, Lot.balance_pieces, Lot.balance_grams, Family.short_name)
        .join(Article, Article.id == Lot.article_id).join(Family, Family.id == Article.family_id)
        .where(Lot.id.in_(set(ids)))
    )  # fmt: skip
    return {r[0]: LotRow(*[*r]) for r in rows}


def recall_sheet(desk: Desk, recall: int) -> tuple[Sheet, tuple[LotRow, ...]]:
    """Return a recall, and the lots of the shop set aside for it."""
    with desk.db.read() as session:
        lots = session.scalars(select(Quarantine.lot_id).where(Quarantine.recall_id == recall)).all()
        return sheets_in(session, [recall])[recall], tuple(_lots(session, lots).values())


def receivers_of(desk: Desk, quarantine: int) -> tuple[ReceiverRow, ...]:
    """Return the households that received a lot set aside, the sure ones first, then those that may have.

    All the lots that the same recall set aside are followed together. A reserved file says whom to see, without telephone.
    """
    with desk.db.read() as session:
        row = session.get_one(Quarantine, quarantine)
        if row.recall_id is None:
            found = lot_receivers_in(session, [row.lot_id], certain=True)
            return _named(session, desk, found)
        lots = session.execute(
            select(Quarantine.lot_id, Quarantine.certainty).where(
                Quarantine.recall_id == row.recall_id, Quarantine.lifted_at.is_(None) | (Quarantine.id == quarantine)
            )
        ).all()
        sure = [r.lot_id for r in lots if r.certainty is Certainty.CERTAIN]
        return _named(session, desk, lot_receivers_in(session, [r.lot_id for r in lots], certain=sure))


def drill_receivers(desk: Desk, lot: int) -> tuple[ReceiverRow, ...]:
    """Return the households of a lot, as if it were surely recalled: for an exercise."""
    with desk.db.read() as session:
        return _named(session, desk, drill_receivers_in(session, lot))


def drill_receivers_in(session: Session, lot: int) -> Receivers:
    """Return who received a lot, or what was made of it, inside a caller's block: a drill looks as far as a recall."""
    meant = {**made_of_in(session, lot, Certainty.CERTAIN), lot: Certainty.CERTAIN}
    return lot_receivers_in(session, list(meant), certain=[n for n, sure in meant.items() if sure is Certainty.CERTAIN])


def lot_receivers_in(session: Session, lots: Sequence[int], *, certain: bool | Sequence[int]) -> Receivers:
    """Return who received lots, article by article, inside a caller's block; `certain`: which of them are surely meant."""
    sure = set(lots) if certain is True else set(certain or ())
    articles = session.execute(
        select(Article.id, Article.sold_by).where(
            Article.id.in_(select(Lot.article_id).where(Lot.id.in_(lots)).distinct())
        )
    ).all()
    merged = merged_in(session)
    told = [_of_article(session, a.id, a.sold_by, set(lots), sure, merged) for a in articles]
    return Receivers(tuple(t for r in told for t in r.certain), tuple(t for r in told for t in r.possible))


def _of_article(
    session: Session, article: int, sold_by: SoldBy, recalled: set[int], sure: set[int], merged: Mapping[int, int]
) -> Receivers:
    entered: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    left: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    quantity = StockMove.pieces if sold_by is SoldBy.PIECE else StockMove.grams
    lots = session.execute(select(Lot.id, Lot.received_on).where(Lot.article_id == article)).all()
    for lot, day, moved in session.execute(
        select(StockMove.lot_id, StockMove.day, quantity).join(Lot, Lot.id == StockMove.lot_id).where(Lot.article_id == article)
    ):  # fmt: skip
        (entered if moved > 0 else left)[lot][day] += abs(moved)
    since = min(r.received_on for r in lots if r.id in recalled)
    taken = [
        Taken(merged.get(r.household_id, r.household_id), r.day, r.lot_id, r.pieces, r.grams)
        for r in session.execute(
            select(Sale.household_id, Sale.day, SaleLine.lot_id, SaleLine.pieces, SaleLine.grams)
            .join(Sale, Sale.id == SaleLine.sale_id)
            .where(SaleLine.lot_id.in_([r.id for r in lots]), Sale.day >= since, kept())
        )
    ]
    lives = [LotLife(r.id, r.received_on, r.id in recalled, r.id in sure, entered[r.id], left[r.id]) for r in lots]
    return receivers(lives, taken)


def _named(session: Session, desk: Desk, found: Receivers) -> tuple[ReceiverRow, ...]:
    taken: dict[int, list[Taken]] = defaultdict(list)
    for line in (*found.certain, *found.possible):
        taken[line.household].append(line)
    certain = {t.household for t in found.certain}
    hidden = hidden_in(session, desk, list(taken))
    rows = session.execute(
        select(Household.id, Household.number, Household.phone, Household.phone2, Person.first_name, Person.last_name)
        .outerjoin(Person, Person.id == Household.holder_id)
        .where(Household.id.in_(list(taken)))
        .order_by(Household.number)
    )
    made = [
        ReceiverRow(
            r.id, r.number, hidden.get(r.id) or shown_name(desk, r.first_name, r.last_name),
            "" if r.id in hidden else " · ".join(p for p in (r.phone, r.phone2) if p),
            tuple(sorted({t.day for t in taken[r.id]})), sum(t.pieces for t in taken[r.id]), sum(t.grams for t in taken[r.id]),
            r.id in certain,
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda r: (not r.certain, r.number)))
