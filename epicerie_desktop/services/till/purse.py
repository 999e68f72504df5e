"""What a household pays ahead or is let leave to pay: a balance in cents, made of moves that are never changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.payments import PURSE_KINDS, PaymentKind, PurseMoveKind, Split
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import CashMove, Payment, Post, PurseMove
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.queries.files import family_in, hidden_in, refuse_hidden, refuse_merged
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.till.cancelling import check_may_undo, undoing_in
from epicerie_desktop.services.till.drawer import cash_in
from epicerie_desktop.services.till.limits import lawful_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Cash taken from a household, in cents: the move of cash it made, what settled a debt, what is ahead, and its balance after."""

    cash_move: int
    settled_cents: int
    ahead_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class ReceiptOfCash:
    """Cash taken from a household, as its receipt says it; in cents, the balance being the one just after."""

    household: int
    number: str
    at: datetime
    settled_cents: int
    ahead_cents: int
    balance_cents: int
    undone: bool


_PURSE = table_of(PurseMove)
TAKEN = frozenset({PurseMoveKind.PAID_AHEAD, PurseMoveKind.SETTLED})
"""Cash taken from a household."""
UNDONE_AT_COUNTER = TAKEN | {PurseMoveKind.GIVEN_BACK}
"""Cash that passed between a household and the counter, and may be undone there."""
_KINDS = {PaymentKind.PURSE: PurseMoveKind.USED, PaymentKind.SLATE: PurseMoveKind.LEFT}


def purse_cents(desk: Desk, household: int) -> int:
    """Return what a household has paid ahead (+) or owes (−), in cents."""
    with desk.db.read() as session:
        return purse_in(session, household)


def purse_in(session: Session, household: int) -> int:
    """Return the balance of a household, files united with it included, inside a caller's block."""
    ids = family_in(session, household)
    return int(
        session.scalar(select(func.coalesce(func.sum(PurseMove.cents), 0)).where(PurseMove.household_id.in_(ids))) or 0
    )


@dataclass(frozen=True, slots=True)
class PurseView:
    """What the counter shows of a household's money, and what this account may do with it, before any sum is asked; in cents.

    `undo` is the cash last taken, or given back (`undo_cents` is then negative), where it may be undone; `gives` whether what is
    ahead may be given back.
    """

    household: int
    balance_cents: int = 0
    takes_ahead: bool = False
    gives: bool = False
    undo: int | None = None
    undo_cents: int = 0


def purse_view(desk: Desk, household: int) -> PurseView:
    """Return the balance of a household and what may be done with it today."""
    with desk.db.read() as session:
        lawful, balance = lawful_in(session, desk.clock.today()), purse_in(session, household)
        may_give = (
            balance > 0 and lawful.refund and desk.actor.role != Role.VOLUNTEER
            and not hidden_in(session, desk, [household])
        )  # fmt: skip
        undo, cents = _last_cash(session, desk, household, balance)
        return PurseView(household, balance, lawful.ahead, may_give, undo, cents)


def _last_cash(session: Session, desk: Desk, household: int, balance: int) -> tuple[int | None, int]:
    """Return the cash last taken from a household or given back, and how much, where it may be undone: neither too late, nor spent since."""
    again = aliased(CashMove)
    last = session.scalar(
        select(func.max(PurseMove.cash_move_id)).where(
            PurseMove.household_id.in_(family_in(session, household)), PurseMove.kind.in_(UNDONE_AT_COUNTER),
            ~select(again.id).where(again.reverses_id == PurseMove.cash_move_id).exists(),
        )
    )  # fmt: skip
    if last is None:
        return None, 0
    moves = session.scalars(select(PurseMove).where(PurseMove.cash_move_id == last)).all()
    cents = sum(m.cents for m in moves)
    ahead = sum(m.cents for m in moves if m.kind is PurseMoveKind.PAID_AHEAD)
    late = undoing_in(session, desk).refusal(moves[0].made_at, cents)
    return (None, 0) if late or ahead > max(0, balance) else (last, cents)


def balance_after_sale(session: Session, sale: int) -> int:
    """Return the balance of a household just after a ticket that changed it, in cents, inside a caller's block."""
    last = session.execute(
        select(func.max(PurseMove.id).label("id"), PurseMove.household_id).where(PurseMove.sale_id == sale)
    ).one()
    return _balance_up_to(session, last.household_id, last.id)


def _balance_up_to(session: Session, household: int, last: int) -> int:
    ids = family_in(session, household)
    return int(
        session.scalar(
            select(func.coalesce(func.sum(PurseMove.cents), 0)).where(
                PurseMove.household_id.in_(ids), PurseMove.id <= last
            )
        )
        or 0
    )


def taken_in(session: Session, cash_move: int) -> ReceiptOfCash:
    """Return what cash taken from a household made, inside a caller's block. Raises `RuleRefused` for another move of cash."""
    moves = session.scalars(select(PurseMove).where(PurseMove.cash_move_id == cash_move).order_by(PurseMove.id)).all()
    if not moves or any(m.kind not in TAKEN for m in moves):
        raise RuleRefused(N_("Ce mouvement n'est pas l'argent d'un foyer : il n'a pas de reçu."))
    cash = session.get_one(CashMove, cash_move)
    post = session.get_one(Post, cash.post_id)
    undone = session.scalar(select(CashMove.id).where(CashMove.reverses_id == cash_move)) is not None
    settled = sum(m.cents for m in moves if m.kind is PurseMoveKind.SETTLED)
    household = moves[0].household_id
    return ReceiptOfCash(
        household, f"{post.number}-E{cash.number:05d}", cash.made_at, settled, cash.cents - settled,
        _balance_up_to(session, household, moves[-1].id), undone,
    )  # fmt: skip


def pay_in(desk: Desk, household: int, cents: int) -> TakenIn:
    """Take cash from a household, to settle what it owes and pay ahead with the rest; return what it made.

    Raises `BadInput` for no amount, `RuleRefused` beyond what is owed where the shop takes no money ahead, or where the constitutive
    act of a régie does not allow it.
    """
    if not 0 < cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez le montant remis par la famille."))
    with desk.db.write() as session:
        refuse_merged(session, household)
        owed = -min(0, purse_in(session, household))
        if cents > owed:
            _check_ahead(session, desk, owed)
        move = cash_in(session, desk, CashMoveKind.PURSE, cents)
        settled, ahead = min(owed, cents), cents - min(owed, cents)
        for kind, part in ((PurseMoveKind.SETTLED, settled), (PurseMoveKind.PAID_AHEAD, ahead)):
            if part:
                _move(session, desk, household, kind, part, cash_move=move)
        return TakenIn(move, settled, ahead, purse_in(session, household))


def _check_ahead(session: Session, desk: Desk, owed: int) -> None:
    if lawful_in(session, desk.clock.today()).ahead:
        return
    if not features_in(session).purse:
        raise RuleRefused(
            N_("L'épicerie ne prend pas d'argent d'avance : encaissez ce qui reste dû, soit {owed}."),
            owed=shown.money(owed),
        )
    raise RuleRefused(
        N_("L'acte constitutif de la régie n'autorise pas les sommes d'avance : encaissez ce qui reste dû, soit {owed}."),
        owed=shown.money(owed),
    )  # fmt: skip


def cancel_pay_in(desk: Desk, cash_move: int, why: str) -> int:
    """Undo money taken from a household, or given back to it, by mistake, by contrary moves; return its balance, in cents.

    Raises `BadInput` without a reason, `RuleRefused` where it is neither, was undone, was spent since, or may not be
    undone (`cancelling`).
    """
    if not why.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi cet encaissement est annulé."))
    with desk.db.write() as session:
        moves = session.scalars(select(PurseMove).where(PurseMove.cash_move_id == cash_move)).all()
        if not moves or any(m.kind not in UNDONE_AT_COUNTER for m in moves):
            raise RuleRefused(N_("Ce mouvement n'est pas un encaissement : rien n'a été annulé."))
        if session.scalar(select(CashMove.id).where(CashMove.reverses_id == cash_move)) is not None:
            raise RuleRefused(N_("Cet encaissement est déjà annulé."))
        check_may_undo(session, desk, moves[0].made_at, sum(m.cents for m in moves))
        household = moves[0].household_id
        ahead = sum(m.cents for m in moves if m.kind is PurseMoveKind.PAID_AHEAD)
        if ahead and ahead > purse_in(session, household):
            raise RuleRefused(N_("La famille a déjà employé cette avance : annulez d'abord le ticket qui l'a prise."))
        total, note = sum(m.cents for m in moves), checked_text(why)
        back = cash_in(session, desk, CashMoveKind.PURSE, -total, note, reverses=cash_move)
        for m in moves:
            _move(
                session, desk, m.household_id, PurseMoveKind.CANCELLED, -m.cents, cash_move=back, note=note, reverses=m.id
            )  # fmt: skip
        return purse_in(session, household)


def give_back(desk: Desk, household: int, cents: int, why: str) -> int:
    """Give back money a household had paid ahead; return its balance, in cents.

    Raises `BadInput` without a reason, `RuleRefused` beyond what it has, for a volunteer, or at the till of a régie, whose
    constitutive act allows no refund unless it says so.
    """
    require_team(desk)
    if not 0 < cents <= MAX_CENTS or not why.strip():
        raise BadInput(N_("Écrivez le montant rendu et, en quelques mots, pourquoi."))
    with desk.db.write() as session:
        refuse_hidden(session, desk, household)
        refuse_merged(session, household)
        if not lawful_in(session, desk.clock.today()).refund:
            raise RuleRefused(
                N_("L'acte constitutif de la régie n'autorise pas à rendre de l'argent : adressez la famille au comptable public.")
            )  # fmt: skip
        held = purse_in(session, household)
        if cents > held:
            raise RuleRefused(
                N_("Ce foyer n'a que {held} d'avance : rien n'a été rendu."), held=shown.money(max(0, held))
            )
        move = cash_in(session, desk, CashMoveKind.PURSE, -cents, checked_text(why))
        _move(session, desk, household, PurseMoveKind.GIVEN_BACK, -cents, cash_move=move, note=checked_text(why))
        return purse_in(session, household)


def use_in(session: Session, desk: Desk, household: int, sale: int, split: Split, day: date, now: datetime) -> None:
    """Write what a ticket takes from the purse or leaves to pay; `means.check_means` has allowed it."""
    for part in split.due:
        if part.kind in _KINDS:
            _move(session, desk, household, _KINDS[part.kind], -part.cents, sale=sale, day=day, now=now)


def cancel_in(session: Session, desk: Desk, first: int, contrary: int, day: date, now: datetime) -> None:
    """Give back to the purse what a cancelled ticket had taken from it or left to pay."""
    for move in session.scalars(select(PurseMove).where(PurseMove.sale_id == first)).all():
        _move(
            session, desk, move.household_id, PurseMoveKind.CANCELLED, -move.cents, sale=contrary, reverses=move.id, day=day, now=now
        )  # fmt: skip


def _move(
    session: Session, desk: Desk, household: int, kind: PurseMoveKind, cents: int, *, sale: int | None = None,
    cash_move: int | None = None, note: str = "", reverses: int | None = None, day: date | None = None, now: datetime | None = None,
) -> None:  # fmt: skip
    values: dict[str, Any] = {
        "uid": uuid.uuid4(), "household_id": household, "kind": kind, "day": day or desk.clock.today(), "cents": cents, "sale_id": sale,
        "cash_move_id": cash_move, "note": note, "reverses_id": reverses, "made_at": now or desk.clock.now(), "made_by": desk.actor.id,
    }  # fmt: skip
    session.connection().execute(insert(_PURSE), values)
    seal_in_journal(
        session,
        desk,
        "purse",
        {"household": household, "kind": kind.value, "cents": cents} | ({"sale": sale} if sale else {}),
    )


def broken_purses(desk: Desk) -> list[Finding]:
    """Return the tickets and the moves of cash whose sum is not what they made of the balances: each cent ahead or owed has its reason."""
    found = []
    with desk.db.read() as session:
        paid: dict[int, int] = {
            sale: -cents
            for sale, cents in session.execute(
                select(Payment.sale_id, func.sum(Payment.cents)).where(Payment.kind.in_(PURSE_KINDS)).group_by(Payment.sale_id)
            )
        }  # fmt: skip
        cash: dict[int, int] = {
            move: int(cents)
            for move, cents in session.execute(
                select(CashMove.id, CashMove.cents).where(CashMove.kind == CashMoveKind.PURSE)
            )
        }
        for what, column, expected in (("sale", PurseMove.sale_id, paid), ("cash", PurseMove.cash_move_id, cash)):
            held: dict[int, int] = {
                int(key or 0): int(cents)
                for key, cents in session.execute(
                    select(column, func.sum(PurseMove.cents)).where(column.is_not(None)).group_by(column)
                )
            }
            for key in sorted({*expected, *held}):
                pair = expected.get(key, 0), held.get(key, 0)
                if pair[0] != pair[1]:
                    found.append(Finding("purse", f"{what}/{key}", *pair))
        loose = session.scalar(
            select(func.count()).where(PurseMove.sale_id.is_(None), PurseMove.cash_move_id.is_(None))
        )
        if loose:
            found.append(Finding("purse", "loose", 0, int(loose)))
    return found
