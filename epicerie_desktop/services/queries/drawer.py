"""What the « Caisse » screen shows: the drawer of this post, and the closings of its till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind, Totals, total_of
from epicerie_desktop.persistence.models import Account, CashMove, Closing, TillSession
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features, features_in
from epicerie_desktop.services.safety.day_end import begun_in
from epicerie_desktop.services.till.closings import closed_up_to, tickets_in
from epicerie_desktop.services.till.drawer import session_in, state_in
from epicerie_desktop.services.till.limits import lawful_in
from epicerie_desktop.services.till.means import drawer_over_in


@dataclass(frozen=True, slots=True)
class CashRow:
    """Cash that moved without a ticket, in cents; `undone` where a contrary move followed, or it is that move itself."""

    id: int
    at: datetime
    kind: CashMoveKind
    cents: int
    note: str
    undone: bool


@dataclass(frozen=True, slots=True)
class DrawerView:
    """The drawer of this post, in cents. `number` is None while it is shut: `float_cents` is then what the last team left.

    `note` and `note_by` are the words of the last team that shut it.
    """

    uses: Features
    number: int | None
    opened_at: datetime | None
    opened_by: str
    float_cents: int
    sales_cents: int
    moves_cents: int
    moves: tuple[CashRow, ...]
    note: str
    note_by: str
    over: tuple[int, int] | None = None
    """What it holds and what a régie may keep, where the first passes the second."""
    last_difference_cents: int = 0
    """What the last team counted too much (+) or missing (−), with its reason."""
    last_reason: str = ""
    note_begun: str = ""
    """The words to the next team, begun from what is left open."""
    may_spend: bool = True
    """A small purchase may be paid from it: `Lawful.spend`."""

    @property
    def expected_cents(self) -> int:
        """Return what the drawer should hold, in cents."""
        return self.float_cents + self.sales_cents + self.moves_cents


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session counted, in cents: what was found against what was expected, what went to the bank, what stayed."""

    id: int
    number: int
    opened_at: datetime
    closed_at: datetime
    by: str
    expected_cents: int
    counted_cents: int
    deposit_cents: int
    reason: str

    @property
    def difference_cents(self) -> int:
        """Return what was found too much (+) or missing (−)."""
        return self.counted_cents - self.expected_cents

    @property
    def left_cents(self) -> int:
        """Return what stayed in the drawer."""
        return self.counted_cents - self.deposit_cents


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closing: its period, what it adds up to and all that came before, in cents."""

    id: int
    kind: PeriodKind
    number: int
    begins_on: date
    ends_on: date
    tickets: int
    cancelled: int
    paid_cents: int
    perpetual_cents: int


@dataclass(frozen=True, slots=True)
class ClosingsView:
    """What the till has taken since the last closing, and the closings, the newest first."""

    since: Totals
    rows: tuple[ClosingRow, ...]


def drawer_now(desk: Desk) -> DrawerView:
    """Return the drawer of this post as it is now."""
    with desk.db.read() as session:
        held = session_in(session, desk.post.id)
        last = session.execute(
            select(TillSession, Account.name).join(Account, Account.id == TillSession.closed_by)
            .where(TillSession.post_id == desk.post.id, TillSession.closed_at.is_not(None))
            .order_by(TillSession.id.desc()).limit(1)
        ).first()  # fmt: skip
        note, note_by = (last[0].note, last[1]) if last else ("", "")
        uses = features_in(session)
        apart = (last[0].counted_cents or 0) - (last[0].expected_cents or 0) if last else 0
        why = last[0].reason if last else ""
        if held is None:
            left = _left(last[0]) if last else 0
            return DrawerView(uses, None, None, "", left, 0, 0, (), note, note_by, None, apart, why)
        state = state_in(session, held)
        rows = session.scalars(
            select(CashMove).where(CashMove.session_id == held.id).order_by(CashMove.id.desc())
        ).all()
        undone = {m.reverses_id for m in rows}
        by = session.scalar(select(Account.name).where(Account.id == held.opened_by)) or ""
        return DrawerView(
            uses, held.number, held.opened_at, by, state.float_cents, state.sales_cents, state.moves_cents,
            tuple(CashRow(m.id, m.made_at, m.kind, m.cents, m.note, m.id in undone or m.reverses_id is not None) for m in rows),
            note, note_by, drawer_over_in(session, desk, uses, state.expected_cents), apart, why, " ".join(begun_in(session, desk)),
            lawful_in(session, desk.clock.today()).spend,
        )  # fmt: skip


def sessions_counted(desk: Desk, most: int = 200) -> tuple[SessionRow, ...]:
    """Return the sessions of this post that were counted, the newest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(TillSession, Account.name).join(Account, Account.id == TillSession.closed_by)
            .where(TillSession.post_id == desk.post.id, TillSession.closed_at.is_not(None))
            .order_by(TillSession.number.desc()).limit(most)
        )  # fmt: skip
        return tuple(
            SessionRow(
                r.id, r.number, r.opened_at, r.closed_at, by, r.expected_cents or 0, r.counted_cents or 0, r.deposit_cents or 0, r.reason
            )
            for r, by in rows
            if r.closed_at is not None
        )  # fmt: skip


def _left(row: TillSession) -> int:
    """Return what stayed in the drawer when it was shut: what was counted, less what went to the bank with it."""
    return (row.counted_cents or 0) - (row.deposit_cents or 0)


def closings_now(desk: Desk, most: int = 200) -> ClosingsView:
    """Return what was taken since the last closing, and the closings of this post, the latest period first."""
    with desk.db.read() as session:
        since = total_of(tickets_in(session, desk.post.id, closed_up_to(session, desk.post.id)))
        rows = session.scalars(
            select(Closing)
            .where(Closing.post_id == desk.post.id)
            .order_by(Closing.ends_on.desc(), Closing.id.desc())
            .limit(most)
        )
        return ClosingsView(
            since,
            tuple(
                ClosingRow(
                    c.id,
                    c.kind,
                    c.number,
                    c.begins_on,
                    c.ends_on,
                    c.tickets,
                    c.cancelled,
                    c.paid_cents,
                    c.perpetual_cents,
                )
                for c in rows
            ),
        )
