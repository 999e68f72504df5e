"""What a shop lets be paid otherwise than in cash, and what is told of its drawer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.payments import PaymentKind, Split
from epicerie_desktop.persistence.models import Payment
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features, features_in
from epicerie_desktop.services.till.drawer import session_in, state_in
from epicerie_desktop.services.till.limits import lawful_in
from epicerie_desktop.services.till.purse import purse_in
from epicerie_desktop.services.till.regie_name import regie_in
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

_NOT_USED: dict[PaymentKind, tuple[str, str]] = {
    PaymentKind.CHEQUE: ("means", N_("L'épicerie ne prend pas de chèque : demandez un autre moyen, ou cochez-le dans les réglages.")),
    PaymentKind.CARD: ("means", N_("L'épicerie ne prend pas la carte : demandez un autre moyen, ou cochez-la dans les réglages.")),
    PaymentKind.VOUCHER: ("vouchers", N_("L'épicerie ne prend pas de bon : demandez un autre moyen, ou cochez-le dans les réglages.")),
    PaymentKind.PURSE: ("purse", N_("L'épicerie ne garde pas d'argent d'avance : demandez un autre moyen, ou cochez-le dans les réglages.")),
    PaymentKind.SLATE: ("slate", N_("L'épicerie ne laisse rien à payer plus tard : encaissez le tout, ou retirez un article.")),
}  # fmt: skip


def given_back(desk: Desk, contrary: int) -> dict[PaymentKind, int]:
    """Return what a cancelling ticket gives back by each means, in cents, as it had been paid."""
    with desk.db.read() as session:
        rows = session.execute(select(Payment.kind, Payment.cents).where(Payment.sale_id == contrary)).all()
    return {row.kind: -row.cents for row in rows if row.cents}


def check_means(session: Session, household: int, split: Split, day: date) -> None:
    """Raise `RuleRefused` for a means that is not used here, beyond what is ahead, or beyond what the household may owe.

    Asked only where something else than cash is taken: a sale in cash pays nothing for it.
    """
    features = features_in(session)
    parts = {p.kind: p.cents for p in split.due}
    for kind, (feature, words) in _NOT_USED.items():
        if kind in parts and not getattr(features, feature):
            raise RuleRefused(words)
    if not split.from_purse:
        return
    held = purse_in(session, household)
    if parts.get(PaymentKind.PURSE, 0) > max(0, held):
        raise RuleRefused(
            N_("Ce foyer n'a que {held} d'avance : encaissez le reste autrement."), held=shown.money(max(0, held))
        )
    if PaymentKind.SLATE not in parts:
        return
    lawful = lawful_in(session, day)
    if not lawful.slate:
        raise RuleRefused(
            N_("L'acte constitutif de la régie n'autorise pas à laisser payer plus tard : encaissez le tout, ou retirez un article.")
        )  # fmt: skip
    _check_owed(lawful.slate_cents, sum(parts.get(k, 0) for k in (PaymentKind.PURSE, PaymentKind.SLATE)) - held)


def _check_owed(most: int | None, owed: int) -> None:
    if most is not None and owed > most:
        raise RuleRefused(
            N_("Ce foyer devrait {owed} ; l'épicerie laisse au plus {most} à payer plus tard."),
            owed=shown.money(owed), most=shown.money(most),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TillMoney:
    """What the till may do with the money of a household: its balance (ahead +, owed −), what it may still come to owe, in cents.

    `owing_cents` is None without a limit, 0 where nothing may be left to pay.
    """

    balance_cents: int = 0
    owing_cents: int | None = 0
    slate: bool = False


def till_money(desk: Desk, household: int) -> TillMoney:
    """Return what may be taken from what a household has ahead, and left to pay today: asked before any sum is typed."""
    with desk.db.read() as session:
        held, lawful = purse_in(session, household), lawful_in(session, desk.clock.today())
        if not lawful.slate:
            return TillMoney(held)
        return TillMoney(held, None if lawful.slate_cents is None else max(0, lawful.slate_cents + held), True)


def drawer_over(desk: Desk) -> tuple[int, int] | None:
    """Return what the open drawer of this post holds and what a régie may keep, in cents, where the first passes the second."""
    with desk.db.read() as session:
        held = session_in(session, desk.post.id)
        if held is None:
            return None
        return drawer_over_in(session, desk, features_in(session), state_in(session, held).expected_cents)


def drawer_over_in(session: Session, desk: Desk, features: Features, expected: int) -> tuple[int, int] | None:
    """Return the same for a drawer already read, inside a caller's block; nothing is read outside a régie."""
    if not features.regie:
        return None
    most = regie_in(session, desk.clock.today()).ceiling_cents
    return (expected, most) if most and expected > most else None
