"""The drawer: opened with a float, counted at the end, a difference explained; cash in and out without a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.cash import (
    HOUSEHOLD_CASH,
    CashMoveKind,
    DrawerState,
    check_difference,
    counted_cents,
    taken_from,
)
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import CashMove, Payment, Sale, TillSession
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.till.limits import lawful_in
from epicerie_desktop.services.writing import next_number, seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class CountForm:
    """What was found in the drawer: coin by coin (`counts`, how many of each value in cents), or the sum alone; in cents.

    `deposit_cents` is taken out of the drawer for the bank; the rest stays as the next float.
    """

    cents: int = 0
    counts: Mapping[int, int] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    deposit_cents: int = 0

    @property
    def counted_cents(self) -> int:
        """Return what was counted, in cents. Raises `BadInput`."""
        if self.counts:
            return counted_cents(self.counts)
        if not 0 <= self.cents <= MAX_CENTS:
            raise BadInput(N_("Écrivez la somme comptée dans la caisse."))
        return self.cents


def open_session(desk: Desk, float_cents: int) -> int:
    """Open the drawer with its float, in cents, and return the session's id. Raises `RuleRefused` where one is open at this post."""
    if not 0 <= float_cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez la somme qui est dans la caisse à l'ouverture, même si c'est 0."))
    with desk.db.write() as session:
        if session_in(session, desk.post.id) is not None:
            raise RuleRefused(
                N_("La caisse de ce poste est déjà ouverte : comptez-la d'abord pour la passer à une autre équipe.")
            )
        return _open(session, desk, float_cents)


def _open(session: Session, desk: Desk, float_cents: int) -> int:
    row = TillSession(
        post_id=desk.post.id, number=next_number(session, desk, "session"), opened_at=desk.clock.now(), opened_by=desk.actor.id,
        after_sale=last_sale_in(session), float_cents=float_cents, version=0,
    )  # fmt: skip
    touch(row, desk, None)
    session.add(row)
    session.flush()
    seal_in_journal(session, desk, "session", {"session": row.id, "number": row.number, "float": float_cents})
    return row.id


def close_session(desk: Desk, form: CountForm, *, go_on: bool = False) -> int | None:
    """Count the drawer, write the difference with its reason and the note to the next team; return the next session's id with `go_on`.

    The takings for the bank leave by a move of their own; with `go_on`, the next session opens on what stays. Raises `BadInput` for a
    difference without a reason or a deposit larger than the count, `RuleRefused` where no session is open.
    """
    counted = form.counted_cents
    if not 0 <= form.deposit_cents <= counted:
        raise BadInput(N_("La somme portée à la banque dépasse ce qui a été compté : corrigez l'une ou l'autre."))
    with desk.db.write() as session:
        row = _open_one(session, desk)
        state = state_in(session, row)
        check_difference(state.difference(counted), form.reason)
        if form.deposit_cents:
            notes = taken_from(form.counts, form.deposit_cents)
            cash_in(session, desk, CashMoveKind.DEPOSIT, -form.deposit_cents, counts=notes)
        row.closed_at, row.closed_by = desk.clock.now(), desk.actor.id
        row.up_to_sale, row.expected_cents, row.counted_cents = last_sale_in(session), state.expected_cents, counted
        row.deposit_cents = form.deposit_cents
        row.counts = {str(value): number for value, number in form.counts.items() if number} or None
        row.reason, row.note = checked_text(form.reason), checked_text(form.note)
        touch(row, desk, None)
        session.flush()
        seal_in_journal(
            session, desk, "session-close",
            {"session": row.id, "expected": state.expected_cents, "counted": counted, "deposit": form.deposit_cents},
        )  # fmt: skip
        return _open(session, desk, counted - form.deposit_cents) if go_on else None


def move_cash(desk: Desk, kind: CashMoveKind, cents: int, note: str) -> int:
    """Write cash brought to the drawer (float) or taken out of it (deposit, small purchase); `cents` is positive; return its id.

    Raises `BadInput` for no amount, or for a small purchase that does not say what; `RuleRefused` for one where `Lawful.spend` says no.
    """
    if kind not in (CashMoveKind.FLOAT, CashMoveKind.DEPOSIT, CashMoveKind.SPENT):
        raise ValueError(kind)
    if not 0 < cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez le montant, plus grand que zéro."))
    if kind is CashMoveKind.SPENT and not note.strip():
        raise BadInput(N_("Dites en quelques mots ce qui a été acheté."))
    with desk.db.write() as session:
        if kind is CashMoveKind.SPENT and not lawful_in(session, desk.clock.today()).spend:
            raise RuleRefused(
                N_(
                    "Une régie de recettes n'achète rien avec sa caisse : faites payer cet achat par le CCAS ou la commune."
                )
            )
        return cash_in(session, desk, kind, cents if kind is CashMoveKind.FLOAT else -cents, checked_text(note))


def reverse_cash_move(desk: Desk, move: int, why: str) -> int:
    """Undo a cash move by a contrary one, which says why; return its id.

    Raises `RuleRefused` for one already undone, of another post's drawer, or tied to a purse.
    """
    if not why.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi ce mouvement est annulé."))
    with desk.db.write() as session:
        first = session.get_one(CashMove, move)
        undone = session.scalar(select(CashMove.id).where(CashMove.reverses_id == move))
        if undone is not None or first.reverses_id is not None:
            raise RuleRefused(N_("Ce mouvement est déjà annulé."))
        if first.post_id != desk.post.id:
            raise RuleRefused(N_("Ce mouvement est celui d'un autre poste : annulez-le là où est ce tiroir."))
        if first.kind in HOUSEHOLD_CASH:
            raise RuleRefused(N_("Cet argent est celui d'un foyer : annulez-le à l'accueil, sur son bandeau."))
        return cash_in(session, desk, CashMoveKind.MENDED, -first.cents, checked_text(why), reverses=move)


def cash_in(
    session: Session, desk: Desk, kind: CashMoveKind, cents: int, note: str = "", *, reverses: int | None = None,
    counts: Mapping[int, int] | None = None, fee: int | None = None,
) -> int:  # fmt: skip
    """Write a cash move inside a caller's block, in the open session if there is one, and return its id.

    `counts` is how many of each coin and note it takes, where they are known.
    """
    held = session_in(session, desk.post.id)
    row = CashMove(
        post_id=desk.post.id, number=next_number(session, desk, "cash"), session_id=held.id if held else None, kind=kind,
        day=desk.clock.today(), cents=cents, counts={str(v): n for v, n in counts.items()} if counts else None, note=note,
        reverses_id=reverses, fee_id=fee, made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(session, desk, "cash", {"move": row.id, "number": row.number, "kind": kind.value, "cents": cents})
    return row.id


def session_in(session: Session, post: int) -> TillSession | None:
    """Return the open session of a post, inside a caller's block."""
    return session.scalar(select(TillSession).where(TillSession.post_id == post, TillSession.closed_at.is_(None)))


def _open_one(session: Session, desk: Desk) -> TillSession:
    row = session_in(session, desk.post.id)
    if row is None:
        raise RuleRefused(N_("La caisse de ce poste n'est pas ouverte : ouvrez-la en écrivant ce qu'elle contient."))
    return row


def last_sale_in(session: Session) -> int:
    """Return the place of the last ticket, 0 where there is none."""
    return int(session.scalar(select(func.coalesce(func.max(Sale.id), 0))) or 0)


def state_in(session: Session, row: TillSession) -> DrawerState:
    """Return what the drawer of a session should hold, from its tickets and moves, inside a caller's block."""
    sales = select(func.coalesce(func.sum(Payment.cents), 0)).join(Sale, Sale.id == Payment.sale_id).where(
        Payment.kind == PaymentKind.CASH, Sale.post_id == row.post_id, Sale.id > row.after_sale
    )  # fmt: skip
    if row.up_to_sale is not None:
        sales = sales.where(Sale.id <= row.up_to_sale)
    moves = select(func.coalesce(func.sum(CashMove.cents), 0)).where(CashMove.session_id == row.id)
    return DrawerState(row.float_cents, int(session.scalar(sales) or 0), int(session.scalar(moves) or 0))


def closing_deposit_in(session: Session, row: TillSession) -> CashMove | None:
    """Return the move by which the takings left with the count of a session: the last it holds; None where none left."""
    if not row.deposit_cents:
        return None
    return session.scalar(
        select(CashMove)
        .where(
            CashMove.session_id == row.id,
            CashMove.kind == CashMoveKind.DEPOSIT,
            CashMove.cents == -row.deposit_cents,
            CashMove.reverses_id.is_(None),
        )
        .order_by(CashMove.id.desc())
        .limit(1)
    )


def broken_sessions(desk: Desk) -> list[Finding]:
    """Return the sessions counted whose expected sum is not what their tickets and moves make, or that overlap the one before."""
    found = []
    with desk.db.read() as session:
        before: dict[int, tuple[int, int]] = {}
        for row in session.scalars(select(TillSession).order_by(TillSession.post_id, TillSession.number)):
            number, up_to = before.get(row.post_id, (0, 0))
            pairs = [(number + 1, row.number), (max(up_to, row.after_sale), row.after_sale)]
            if row.closed_at is not None:
                # The takings left after the count: what was expected held them still.
                made = state_in(session, row).expected_cents + (row.deposit_cents or 0)
                pairs.append((made, row.expected_cents or 0))
            apart = next((pair for pair in pairs if pair[0] != pair[1]), None)
            if apart is not None:
                found.append(Finding("session", str(row.number), apart[1], apart[0]))
            before[row.post_id] = (row.number, row.up_to_sale or 0)
    return found
