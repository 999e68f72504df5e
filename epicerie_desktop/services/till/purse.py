"""What a household pays ahead or is let leave to pay: a balance in cents, made of moves that are never changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.payments import PaymentKind, PurseMoveKind, Split
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import PurseMove
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.queries.files import family_in, refuse_hidden, refuse_merged
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.till.drawer import cash_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_PURSE = table_of(PurseMove)
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


def pay_in(desk: Desk, household: int, cents: int) -> int:
    """Take cash from a household, to settle what it owes and pay ahead with the rest; return its balance, in cents.

    Raises `BadInput` for no amount, `RuleRefused` where the shop takes no money ahead and nothing is owed.
    """
    if not 0 < cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez le montant remis par la famille."))
    with desk.db.write() as session:
        refuse_merged(session, household)
        owed = -min(0, purse_in(session, household))
        if cents > owed and not features_in(session).purse:
            raise RuleRefused(
                N_("L'épicerie ne prend pas d'argent d'avance : encaissez ce qui reste dû, soit {owed}."),
                owed=shown.money(owed),
            )
        move = cash_in(session, desk, CashMoveKind.PURSE, cents)
        for kind, part in (
            (PurseMoveKind.SETTLED, min(owed, cents)),
            (PurseMoveKind.PAID_AHEAD, cents - min(owed, cents)),
        ):
            if part:
                _move(session, desk, household, kind, part, cash_move=move)
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
        if features_in(session).regie:
            raise RuleRefused(N_("Une régie ne rend pas d'argent : adressez la famille au comptable public."))
        held = purse_in(session, household)
        if cents > held:
            raise RuleRefused(
                N_("Ce foyer n'a que {held} d'avance : rien n'a été rendu."), held=shown.money(max(0, held))
            )
        move = cash_in(session, desk, CashMoveKind.PURSE, -cents, checked_text(why))
        _move(session, desk, household, PurseMoveKind.GIVEN_BACK, -cents, cash_move=move, note=checked_text(why))
        return purse_in(session, household)


def use_in(session: Session, desk: Desk, household: int, sale: int, split: Split, day: date, now: datetime) -> None:
    """Write what a ticket takes from the purse or leaves to pay. Raises `RuleRefused` beyond what was paid ahead, or not in use here."""
    parts = {p.kind: p.cents for p in split.due if p.kind in _KINDS}
    if not parts:
        return
    features = features_in(session)
    if PaymentKind.SLATE in parts and not features.slate:
        raise RuleRefused(N_("L'épicerie ne laisse rien à payer plus tard : encaissez le tout, ou retirez un article."))
    spent = parts.get(PaymentKind.PURSE, 0)
    held = purse_in(session, household) if spent else 0
    if spent > held:
        raise RuleRefused(
            N_("Ce foyer n'a que {held} d'avance : encaissez le reste autrement."), held=shown.money(max(0, held))
        )
    for kind, cents in parts.items():
        _move(session, desk, household, _KINDS[kind], -cents, sale=sale, day=day, now=now)


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
