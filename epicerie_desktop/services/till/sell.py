"""The till: the draft that survives a power cut, the ticket in one transaction, its cancellation by contrary entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.access import Reason, VerdictState
from epicerie_desktop.domain.basket import ESTIMATES, Basket, WeightSource
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.payments import PURSE_KINDS, Part, PaymentKind, Split, split_payment
from epicerie_desktop.domain.stock import MoveKind
from epicerie_desktop.domain.terms_at_till import Item
from epicerie_desktop.domain.till_account import Portion, by_line
from epicerie_desktop.domain.weighing import rule_for
from epicerie_desktop.persistence.models import (
    Article,
    Draft,
    Family,
    Household,
    Lot,
    Payment,
    Post,
    Sale,
    SaleLine,
    StockMove,
    WeighingScale,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import refuse_merged
from epicerie_desktop.services.queries.rights import Standing, standing_in
from epicerie_desktop.services.stock.lots_drawn import refuse_brought_back_in, split_over_lots
from epicerie_desktop.services.weighing import records_in
from epicerie_desktop.services.writing import next_number, seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """What was handed over in cash, in cents; the change is what exceeds the amount to pay. `parts` are paid otherwise."""

    tendered_cents: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A ticket once durable. `number` is shown as « 1-000042 » ; `again` tells that this basket was already booked."""

    sale: int
    number: str
    at: datetime
    shelf_cents: int
    paid_cents: int
    grams: int
    tendered_cents: int
    change_cents: int
    again: bool = False


class CeilingExceeded(RuleRefused):
    """The basket goes over a ceiling of the right; nothing was written."""


class RateChanged(RuleRefused):
    """What the basket shows is no longer what is to pay: its right changed, or the lots expected are gone.

    Nothing was written. `paid` tells the amount of each line now, in cents, where only the lots changed.
    """

    def __init__(self, paid: tuple[int, ...] | None = None) -> None:
        super().__init__(
            N_("La participation de ce foyer a changé pendant ce panier : rouvrez-le, le montant sera recalculé.")
            if paid is None
            else N_(
                "Le stock a changé pendant ce panier : le montant à payer a été recalculé. Annoncez-le à la famille."
            )
        )
        self.paid = paid


def save_draft(desk: Desk, household: int, basket: Basket) -> None:
    """Keep the basket of a household, so that a power cut loses nothing; an empty basket drops its draft."""
    with desk.db.write() as session:
        if not basket.lines:
            _drop_draft(session, desk, household)
            return
        refuse_merged(session, household)
        key, now, body = str(household), desk.clock.now(), baskets.to_json(basket)
        _refuse_gone(session, desk, household, basket)
        if not _DRAFT_UPDATE.run(session, {"p": desk.post.id, "k": key, "saved_at": now, "body": body}):
            _DRAFT_INSERT.run(session, {"post_id": desk.post.id, "key": key, "saved_at": now, "body": body})


def _refuse_gone(session: Session, desk: Desk, household: int, basket: Basket) -> None:
    """Raise `RuleRefused` where this very basket was taken over by another post: two tickets must not be made of it."""
    elsewhere = _ELSEWHERE.rows(session, {"key": str(household), "here": desk.post.id})
    if any(row.body["uid"] == basket.uid for row in elsewhere):
        raise RuleRefused(N_("Ce panier a été repris à un autre poste : revenez à l'accueil, il s'y termine."))


def drop_draft(desk: Desk, household: int) -> None:
    """Forget the basket in hand of a household."""
    with desk.db.write() as session:
        _drop_draft(session, desk, household)


def _drop_draft(session: Session, desk: Desk, household: int) -> None:
    _DRAFT_DELETE.run(session, {"p": desk.post.id, "k": str(household)})


_SALE, _LINE, _MOVE = table_of(Sale), table_of(SaleLine), table_of(StockMove)
_PAYMENT, _LOT, _DRAFT = table_of(Payment), table_of(Lot), table_of(Draft)
# What the till repeats is Core on plain tables, compiled once: the ORM's road costs twice as much a statement.
_DRAFT_UPDATE = Prepared(
    update(_DRAFT)
    .where(_DRAFT.c.post_id == bindparam("p"), _DRAFT.c.key == bindparam("k"))
    .values(saved_at=bindparam("saved_at"), body=bindparam("body"))
)
_DRAFT_INSERT = Prepared(insert(_DRAFT))
_DRAFT_DELETE = Prepared(delete(_DRAFT).where(_DRAFT.c.post_id == bindparam("p"), _DRAFT.c.key == bindparam("k")))
_SCALE, _FILE = table_of(WeighingScale), table_of(Household)
_ELSEWHERE = Prepared(
    select(_DRAFT.c.body).where(_DRAFT.c.key == bindparam("key"), _DRAFT.c.post_id != bindparam("here"))
)
# Whether the shop has a scale of its own, and whether the file was merged, are asked with the same statement: an ordinary
# sale pays nothing for it.
_BY_UID = Prepared(select(
    select(_SALE.c.id).where(_SALE.c.uid == bindparam("uid")).scalar_subquery(),
    select(func.count())
    .select_from(_DRAFT)
    .where(_DRAFT.c.key == bindparam("key"), _DRAFT.c.post_id != bindparam("here"))
    .scalar_subquery(),
    select(func.count()).select_from(_SCALE).where(_SCALE.c.retired_on.is_(None)).scalar_subquery(),
    select(_FILE.c.merged_into_id).where(_FILE.c.id == bindparam("household")).scalar_subquery(),
    select(func.count()).select_from(_FILE).where(_FILE.c.merged_into_id == bindparam("household")).scalar_subquery(),
))  # fmt: skip
_ARTICLE, _FAMILY = table_of(Article), table_of(Family)
_ITEMS = Prepared(
    select(_ARTICLE.c.id, _ARTICLE.c.name, _ARTICLE.c.short_code, _FAMILY.c.code, _FAMILY.c.name.label("family"),
           _FAMILY.c.short_name)
    .join(_FAMILY, _FAMILY.c.id == _ARTICLE.c.family_id)
    .where(_ARTICLE.c.id.in_(bindparam("articles", expanding=True)))
)  # fmt: skip
_SALE_INSERT = Prepared(insert(_SALE).returning(_SALE.c.id))
_LINE_INSERT, _MOVE_INSERT = Prepared(insert(_LINE)), Prepared(insert(_MOVE))
_PAYMENT_INSERT = Prepared(insert(_PAYMENT))
_LOT_UPDATE = Prepared(
    update(_LOT)
    .where(_LOT.c.id == bindparam("lot"))
    .values(balance_pieces=_LOT.c.balance_pieces + bindparam("p"), balance_grams=_LOT.c.balance_grams + bindparam("g"))
)


def record_sale(
    desk: Desk, household: int, basket: Basket, payment: PaymentForm, *, day: date | None = None, override: str = ""
) -> Receipt:
    """Write the ticket, its lines, the stock going out and the payment, in one transaction, and drop the draft.

    Booking the same basket again (a double click, a retry) changes nothing and returns the first receipt. Raises
    `CeilingExceeded` unless `override` gives a reason, `RateChanged`, `DateToRead`, `BadInput` for an empty basket or too little cash;
    nothing is written then. A lot taken below zero is booked all the same and listed to mend.
    """
    with desk.db.write() as session:
        return sale_in(session, desk, household, basket, payment, day=day, override=override)


def sale_in(
    session: Session,
    desk: Desk,
    household: int,
    basket: Basket,
    payment: PaymentForm,
    *,
    day: date | None = None,
    override: str = "",
) -> Receipt:
    """Book a basket inside a caller's block, as `record_sale` does; several may be booked in one transaction."""
    if not basket.lines:
        raise BadInput(N_("Ce panier est vide : ajoutez un article ou quittez la caisse."))
    known, elsewhere, scales, merged, sources = _BY_UID.row(
        session,
        {"uid": uuid.UUID(basket.uid), "key": str(household), "here": desk.post.id, "household": household},
    )
    if known is not None:
        _drop_draft(session, desk, household)
        return receipt_in(session, known, again=True)
    if merged is not None:
        refuse_merged(session, household)
    if elsewhere:
        _refuse_gone(session, desk, household, basket)
    day = day or desk.clock.today()
    if scales:
        _check_weighing(session, desk, basket, day)
    standing = standing_in(session, household, day, files=None if sources else [household])
    _check_open(standing, override)
    if standing.verdict.grant and basket.participation_permille != standing.participation_permille:
        raise RateChanged
    parts = split_over_lots(session, basket, day)
    if standing.verdict.grant:
        _check_amounts(session, standing, basket, parts, override)
    split = split_payment(basket.paid_cents, payment.parts, payment.tendered_cents)
    if not split.only_cash:
        from epicerie_desktop.services.till.means import check_means

        check_means(session, household, split, day)
    return _book(session, desk, household, basket, split, day, standing, override, parts)


def _check_open(standing: Standing, override: str) -> None:
    verdict = standing.verdict
    # A second ticket the same day is no matter: something was forgotten on the shelf.
    if verdict.state is VerdictState.OPEN or verdict.reason is Reason.ALREADY_SERVED_TODAY or override.strip():
        return
    raise RuleRefused(
        N_("Le droit de ce foyer n'est pas ouvert aujourd'hui : il faut l'accord de l'équipe, avec sa raison.")
    )


def _check_weighing(session: Session, desk: Desk, basket: Basket, day: date) -> None:
    """Raise `RuleRefused` where a weight, read or typed, makes a price that this post's scale may no longer make."""
    records = records_in(session)
    mine = next((record for record in records if record.post == desk.post.id), None)
    if not rule_for(mine, tuple(record for record in records if record is not mine), day).forbids_price:
        return
    for line in basket.lines:
        if line.source in (WeightSource.SCALE, WeightSource.TYPED) and line.paid_cents > 0:
            raise RuleRefused(
                N_(
                    "« {article} » : la balance ne peut plus faire de prix au poids, et un poids tapé non plus. Retirez cette ligne, "
                    "puis remettez l'article au sac ou à la pièce."
                ),
                article=line.name,
            )


def _check_amounts(
    session: Session, standing: Standing, basket: Basket, parts: list[dict[str, Any]], override: str
) -> None:
    """Write on each part what the terms of the right ask for its lot. Raises `RateChanged`, `CeilingExceeded`."""
    account = standing.account
    narrow = account.terms.outside or any(c.ceiling.scope or c.ceiling.outside for c in standing.ceilings)
    if account.terms.plain_prices and not narrow:
        over = any(c.over(basket.spent.of(c.ceiling.measure)) for c in standing.ceilings)
    else:
        portions = _portions(session, parts)
        if not account.terms.plain_prices:
            paid = account.paid(portions)
            lines = by_line(portions, paid, len(basket.lines))
            if lines != tuple(line.paid_cents for line in basket.lines):
                raise RateChanged(lines)
            for part, cents in zip(parts, paid, strict=True):
                part["paid_cents"] = cents
        due = [p["paid_cents"] for p in parts]
        over = any(c.over(account.weight(c.ceiling, portions, due)) for c in standing.ceilings)
    if over and not override.strip():
        raise CeilingExceeded(
            N_("Ce panier dépasse le plafond du foyer : retirez un article, ou demandez l'accord de l'équipe.")
        )


def _portions(session: Session, parts: list[dict[str, Any]]) -> list[Portion]:
    ids = sorted({p["article_id"] for p in parts})
    items = {
        r.id: Item.of(r.id, (r.name, r.short_code), (r.code, r.family, r.short_name))
        for r in _ITEMS.rows(session, {"articles": ids})
    }
    found: list[Portion] = []
    for part in parts:
        line = part["line"] - 1
        units = part["pieces"] or int(not found or found[-1].line != line)
        found.append(
            Portion(line, items[part["article_id"]], part["origin"], units, part["grams"], part["shelf_cents"], part["food"],
                    part["source"] in ESTIMATES)
        )  # fmt: skip
    return found


def _book(
    session: Session,
    desk: Desk,
    household: int,
    basket: Basket,
    split: Split,
    day: date,
    standing: Standing,
    override: str,
    parts: list[dict[str, Any]],
) -> Receipt:
    number, now = next_number(session, desk, "receipt"), desk.clock.now()
    shelf, paid, grams = basket.shelf_cents, basket.paid_cents, basket.grams
    grant = standing.verdict.grant.id if standing.verdict.grant else None
    sale = _SALE_INSERT.value(
        session,
        {
            "uid": uuid.UUID(basket.uid), "post_id": desk.post.id, "number": number, "day": day, "at": now, "household_id": household,
            "grant_id": grant, "persons": standing.persons, "participation_permille": basket.participation_permille,
            "shelf_cents": shelf, "paid_cents": paid, "grams": grams,
            "overridden": bool(override.strip()), "note": checked_text(override), "reverses_id": None, "made_by": desk.actor.id,
        },
    )  # fmt: skip
    _write_parts(session, desk, sale, parts, day, now)
    cash = split.tendered_cents
    _PAYMENT_INSERT.run_many(
        session,
        [
            {"sale_id": sale, "kind": p.kind, "cents": p.cents, "tendered_cents": cash if p.kind is PaymentKind.CASH else p.cents,
             "reference": checked_text(p.reference) if p.reference else ""}
            for p in split.due
        ],
    )  # fmt: skip
    if split.from_purse:
        from epicerie_desktop.services.till import purse

        purse.use_in(session, desk, household, sale, split, day, now)
    seal_in_journal(
        session, desk, "sale",
        {
            "sale": sale, "number": number, "household": household, "grams": grams, "shelf": shelf,
            "paid": paid, "lines": [[p["article_id"], p["lot_id"], p["pieces"], p["grams"], p["paid_cents"]] for p in parts],
        }
        | ({"agreed": True} if override.strip() else {})
        | ({} if split.only_cash else {"means": {p.kind.value: p.cents for p in split.due}}),
    )  # fmt: skip
    _drop_draft(session, desk, household)
    return Receipt(
        sale, f"{desk.post.number}-{number:06d}", now, shelf, paid, grams,
        sum(p.cents for p in split.due) + split.change_cents, split.change_cents,
    )  # fmt: skip


def _write_parts(
    session: Session, desk: Desk, sale: int, parts: list[dict[str, Any]], day: date, now: datetime, *,
    kind: MoveKind = MoveKind.SALE,
) -> None:  # fmt: skip
    _LINE_INSERT.run_many(session, [{"sale_id": sale, **p} for p in parts])
    move_lots_in(session, desk, parts, day, now, kind=kind, sale=sale)


def move_lots_in(
    session: Session, desk: Desk, parts: list[dict[str, Any]], day: date, now: datetime, *, kind: MoveKind, sale: int | None = None
) -> None:  # fmt: skip
    """Take parts out of their lots, moves and balances together, inside a caller's block; contrary parts come back in."""
    _MOVE_INSERT.run_many(
        session,
        [
            {"uid": uuid.uuid4(), "lot_id": p["lot_id"], "kind": kind, "day": day, "pieces": -p["pieces"], "grams": -p["grams"], "weight_source": p.get("source"),
             "sale_id": sale, "reverses_id": None, "loss_reason": None, "note": "", "made_at": now, "made_by": desk.actor.id}
            for p in parts
        ],
    )  # fmt: skip
    _LOT_UPDATE.run_many(session, [{"lot": p["lot_id"], "p": -p["pieces"], "g": -p["grams"]} for p in parts])


def cancel_sale(desk: Desk, sale: int, reason: str) -> int:
    """Cancel a ticket by a contrary one, with its reason, and return the contrary ticket's id; the first stays visible.

    The goods go back to their lots and the payment is given back. Raises `BadInput` without a reason, `RuleRefused` where
    it was already cancelled, is itself a cancellation, may not be (`cancelling`), or where some of it was brought back already. The
    contrary ticket counts in the till of today.
    """
    if not reason.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi ce ticket est annulé."))
    with desk.db.write() as session:
        first = session.get_one(Sale, sale)
        # Brought only when needed: the ordinary sale opens without.
        from epicerie_desktop.services.till.cancelling import check_may_cancel

        check_may_cancel(session, desk, first)
        number, now = next_number(session, desk, "receipt"), desk.clock.now()
        contrary = Sale(
            post_id=desk.post.id, number=number, day=first.day, at=now, household_id=first.household_id, grant_id=first.grant_id,
            persons=first.persons, participation_permille=first.participation_permille, shelf_cents=-first.shelf_cents,
            paid_cents=-first.paid_cents, grams=-first.grams, note=checked_text(reason), reverses_id=sale, made_by=desk.actor.id,
        )  # fmt: skip
        session.add(contrary)
        session.flush()
        columns = [c.key for c in SaleLine.__table__.columns if c.key != "sale_id"]
        parts = [
            {c: getattr(line, c) for c in columns}
            | {k: -getattr(line, k) for k in ("pieces", "grams", "shelf_cents", "paid_cents")}
            for line in session.scalars(select(SaleLine).where(SaleLine.sale_id == sale).order_by(SaleLine.n))
        ]
        _write_parts(session, desk, contrary.id, parts, first.day, now, kind=MoveKind.CANCELLATION)
        paid = session.execute(
            select(Payment.kind, Payment.cents, Payment.reference).where(Payment.sale_id == sale)
        ).all()
        _PAYMENT_INSERT.run_many(
            session,
            [
                {
                    "sale_id": contrary.id,
                    "kind": p.kind,
                    "cents": -p.cents,
                    "tendered_cents": 0,
                    "reference": p.reference,
                }
                for p in paid
            ],
        )
        if any(p.kind in PURSE_KINDS for p in paid):
            from epicerie_desktop.services.till import purse

            purse.cancel_in(session, desk, sale, contrary.id, first.day, now)
        refuse_brought_back_in(session, dict.fromkeys((p["lot_id"] for p in parts), (0, 0)))
        seal_in_journal(
            session,
            desk,
            "cancel",
            {"sale": contrary.id, "reverses": sale, "number": number, "paid": -first.paid_cents}
            | (
                {"means": {p.kind.value: -p.cents for p in paid}}
                if any(p.kind is not PaymentKind.CASH for p in paid)
                else {}
            ),
        )
        return contrary.id


def receipt_in(session: Session, sale: int, *, again: bool = False) -> Receipt:
    """Return the receipt of a ticket, inside a caller's block."""
    row = session.get_one(Sale, sale)
    tendered = sum(p.tendered_cents for p in session.scalars(select(Payment).where(Payment.sale_id == sale)))
    post = session.get_one(Post, row.post_id)
    return Receipt(
        sale, f"{post.number}-{row.number:06d}", row.at, row.shelf_cents, row.paid_cents, row.grams, tendered,
        max(0, tendered - row.paid_cents), again,
    )  # fmt: skip
