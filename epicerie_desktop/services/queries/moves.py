"""What happened to a lot, the last gesture that may be undone, the slips of the day, and what was lost in a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import LossReason, MoveKind, Place, SlipKind
from epicerie_desktop.persistence.models import (
    Account,
    Article,
    Family,
    GoodsSlip,
    GoodsSlipLine,
    Lot,
    StockMove,
    StockTake,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.figures import month_bounds
from epicerie_desktop.services.stock.moves import LAST_GESTURES

_UNVALUED = case((StockMove.value_cents.is_not(None), 0), (StockMove.reverses_id.is_(None), 1), else_=-1)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move of a lot: when, what, how much (+ in, − out), who, why, from or to where; `undone` by a later one, or `undoes` one."""

    id: int
    at: datetime
    kind: MoveKind
    pieces: int
    grams: int
    who: str
    reason: LossReason | Refusal | None
    note: str
    partner: str
    place: Place | None
    """Where a lot was carried to, or came from."""
    undone: bool
    undoes: bool


@dataclass(frozen=True, slots=True)
class LastMove:
    """The last gesture of the day that may be undone; its grams and pieces as written."""

    id: int
    kind: MoveKind
    article: str
    sold_by: SoldBy
    pieces: int
    grams: int
    lots: int = 1
    """How many lots an arrival made."""


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip of what left: its id is its number; `lines` are those not undone."""

    id: int
    kind: SlipKind
    day: date
    partner: str
    lines: int


@dataclass(frozen=True, slots=True)
class LossRow:
    """What a family lost for one reason: grams, pieces, cents frozen when it was written; `unvalued` moves had no value."""

    family: str
    reason: LossReason
    grams: int
    pieces: int
    cents: int
    unvalued: int


@dataclass(frozen=True, slots=True)
class MonthLosses:
    """The losses of a month, by family and reason. What was given, then brought back and thrown away, counts apart."""

    month: str
    rows: tuple[LossRow, ...]
    brought_back: tuple[LossRow, ...]

    @property
    def grams(self) -> int:
        """Return the whole weight lost."""
        return sum(r.grams for r in self.rows)

    @property
    def cents(self) -> int:
        """Return what it was worth."""
        return sum(r.cents for r in self.rows)

    def by_reason(self) -> tuple[tuple[LossReason, int, int], ...]:
        """Return reason, grams and cents, the heaviest first."""
        found = [(r, [n for n in self.rows if n.reason is r]) for r in LossReason]
        told = [(r, sum(n.grams for n in rows), sum(n.cents for n in rows)) for r, rows in found if rows]
        return tuple(sorted(told, key=lambda t: -t[1]))


def moves_of(desk: Desk, lot: int) -> tuple[MoveRow, ...]:
    """Return the moves of a lot, the last first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(StockMove, Account.name, GoodsSlip.partner, GoodsSlipLine.reason)
            .join(Account, Account.id == StockMove.made_by)
            .outerjoin(GoodsSlipLine, GoodsSlipLine.move_id == StockMove.id)
            .outerjoin(GoodsSlip, GoodsSlip.id == GoodsSlipLine.slip_id)
            .where(StockMove.lot_id == lot).order_by(StockMove.id.desc())
        ).all()  # fmt: skip
        undone = {m.reverses_id for m, *_rest in rows}
        heads = [m.pair_id for m, *_rest in rows if m.kind is MoveKind.PLACE_IN and m.pair_id is not None]
        places = select(StockMove.id, StockMove.pair_id, Lot.place).join(Lot, Lot.id == StockMove.lot_id)
        came = {r.id: r.place for r in session.execute(places.where(StockMove.id.in_(heads)))}
        outs = [m.id for m, *_rest in rows if m.kind is MoveKind.PLACE_OUT]
        went = {r.pair_id: r.place for r in session.execute(places.where(StockMove.pair_id.in_(outs)))}
        return tuple(
            MoveRow(
                m.id, m.made_at, m.kind, m.pieces, m.grams, who, m.loss_reason or reason, m.note, partner or "",
                came.get(m.pair_id or 0) or went.get(m.id), m.id in undone, m.reverses_id is not None,
            )
            for m, who, partner, reason in rows
        )  # fmt: skip


def last_move(desk: Desk) -> LastMove | None:
    """Return the last gesture of today that is not undone, None where there is none; a stock-take is not undone line by line."""
    with desk.db.read() as session:
        today = desk.clock.today()
        undone = select(StockMove.reverses_id).where(StockMove.day == today, StockMove.reverses_id.is_not(None))
        counted = select(StockTake.closed_at).where(StockTake.closed_at.is_not(None))
        row = session.execute(
            select(StockMove.id, StockMove.kind, Article.name, Article.sold_by, StockMove.pieces, StockMove.grams, Lot.reception_id)
            .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
            .where(
                StockMove.day == today, StockMove.kind.in_(LAST_GESTURES), StockMove.reverses_id.is_(None), StockMove.id.not_in(undone),
                (StockMove.kind != MoveKind.CORRECTION) | StockMove.made_at.not_in(counted),
            )
            .order_by(StockMove.id.desc()).limit(1)
        ).one_or_none()  # fmt: skip
        if row is None:
            return None
        lots = 1
        if row.kind is MoveKind.RECEPTION:
            came = select(func.count()).select_from(StockMove).join(Lot, Lot.id == StockMove.lot_id)
            came = came.where(Lot.reception_id == row.reception_id, StockMove.kind == MoveKind.RECEPTION)
            lots = int(session.scalar(came.where(StockMove.reverses_id.is_(None))) or 1)
        return LastMove(*row[:6], lots)


def slips_of(desk: Desk, limit: int = 20) -> tuple[SlipRow, ...]:
    """Return the last slips, the newest first."""
    with desk.db.read() as session:
        undone = select(StockMove.reverses_id).where(
            StockMove.kind.in_((MoveKind.SENT, MoveKind.RETURNED)), StockMove.reverses_id.is_not(None)
        )
        rows = session.execute(
            select(GoodsSlip.id, GoodsSlip.kind, GoodsSlip.day, GoodsSlip.partner, func.count(GoodsSlipLine.move_id))
            .join(GoodsSlipLine, GoodsSlipLine.slip_id == GoodsSlip.id)
            .where(GoodsSlipLine.move_id.not_in(undone))
            .group_by(GoodsSlip.id).order_by(GoodsSlip.id.desc()).limit(limit)
        )  # fmt: skip
        return tuple(SlipRow(*r) for r in rows)


def losses_of(desk: Desk, month: str) -> MonthLosses:
    """Return what was lost in a month (`2026-11`), less what was undone, with the value it had that day."""
    first, last = month_bounds(month)
    with desk.db.read() as session:
        rows = session.execute(
            select(
                Family.name, StockMove.loss_reason, -func.sum(StockMove.grams), -func.sum(StockMove.pieces),
                func.coalesce(func.sum(StockMove.value_cents), 0), func.sum(_UNVALUED),
            )
            .join(Lot, Lot.id == StockMove.lot_id).join(Article, Article.id == Lot.article_id)
            .join(Family, Family.id == Article.family_id)
            .where(StockMove.day >= first, StockMove.day <= last, StockMove.kind == MoveKind.LOSS)
            .group_by(Family.id, StockMove.loss_reason).order_by(Family.position, Family.id, StockMove.loss_reason)
        ).all()  # fmt: skip
    found = [LossRow(*r) for r in rows if any(r[2:])]

    def kept(which: Iterable[LossRow], *, back: bool) -> tuple[LossRow, ...]:
        return tuple(r for r in which if (r.reason is LossReason.BROUGHT_BACK) is back)

    return MonthLosses(month, kept(found, back=False), kept(found, back=True))
