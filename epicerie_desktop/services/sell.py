"""The till: the draft that survives a power cut, the ticket in one transaction, its cancellation by contrary entries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain import basket as baskets
from epicerie_desktop.domain.access import Reason, VerdictState
from epicerie_desktop.domain.basket import Basket, Line, SoldBy
from epicerie_desktop.domain.stock import DateKind, LotState, MoveKind, Origin, draw, only_expired_known
from epicerie_desktop.domain.units import split_evenly
from epicerie_desktop.persistence.models import (
    Article,
    Draft,
    Lot,
    Payment,
    PaymentKind,
    Post,
    Sale,
    SaleLine,
    StockMove,
)
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.rights import Standing, standing_in
from epicerie_desktop.services.writing import next_number, seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """What was handed over in cash, in cents; the change is what exceeds the amount to pay."""

    tendered_cents: int


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
    """The right changed since the basket was begun: its amounts are no longer those to pay. Nothing was written."""


class DateToRead(RuleRefused):
    """The book knows only lots past their use-by date: the date on the pack must be read. `article` says which."""

    def __init__(self, article: int, name: str) -> None:
        super().__init__(
            N_("« {article} » : d'après le stock, la DLC est dépassée. Lisez la date sur l'emballage."), article=name
        )
        self.article = article


def save_draft(desk: Desk, household: int, basket: Basket) -> None:
    """Keep the basket of a household, so that a power cut loses nothing; an empty basket drops its draft."""
    with desk.db.write() as session:
        if not basket.lines:
            _drop_draft(session, desk, household)
            return
        key, now, body = str(household), desk.clock.now(), baskets.to_json(basket)
        connection = session.connection()
        done = connection.execute(_DRAFT_UPDATE, {"p": desk.post.id, "k": key, "saved_at": now, "body": body})
        if not done.rowcount:
            connection.execute(_DRAFT_INSERT, {"post_id": desk.post.id, "key": key, "saved_at": now, "body": body})


def drop_draft(desk: Desk, household: int) -> None:
    """Forget the basket in hand of a household."""
    with desk.db.write() as session:
        _drop_draft(session, desk, household)


def _drop_draft(session: Session, desk: Desk, household: int) -> None:
    session.connection().execute(_DRAFT_DELETE, {"p": desk.post.id, "k": str(household)})


_SALE, _LINE, _MOVE = table_of(Sale), table_of(SaleLine), table_of(StockMove)
_PAYMENT, _LOT, _DRAFT = table_of(Payment), table_of(Lot), table_of(Draft)
# What the till repeats is Core on plain tables, compiled once: the ORM's road costs twice as much a statement.
_DRAFT_UPDATE = (
    update(_DRAFT)
    .where(_DRAFT.c.post_id == bindparam("p"), _DRAFT.c.key == bindparam("k"))
    .values(saved_at=bindparam("saved_at"), body=bindparam("body"))
)
_DRAFT_INSERT = insert(_DRAFT)
_DRAFT_DELETE = delete(_DRAFT).where(_DRAFT.c.post_id == bindparam("p"), _DRAFT.c.key == bindparam("k"))
_BY_UID = select(_SALE.c.id).where(_SALE.c.uid == bindparam("uid"))
_LOT_COLUMNS = (
    _LOT.c.id, _LOT.c.article_id, _LOT.c.balance_pieces, _LOT.c.balance_grams, _LOT.c.date_kind, _LOT.c.limit_on,
    _LOT.c.received_on, _LOT.c.origin,
)  # fmt: skip
_LOTS = select(*_LOT_COLUMNS).where(
    _LOT.c.article_id.in_(bindparam("articles", expanding=True)),
    or_(_LOT.c.balance_pieces > 0, _LOT.c.balance_grams > 0),
)
_NAMED_LOTS = select(*_LOT_COLUMNS).where(_LOT.c.id.in_(bindparam("lots", expanding=True)))
_ARTICLE = table_of(Article)
_ARTICLES = select(_ARTICLE.c.id, _ARTICLE.c.family_id, _ARTICLE.c.sold_by).where(
    _ARTICLE.c.id.in_(bindparam("articles", expanding=True))
)
_SALE_INSERT = insert(_SALE).returning(_SALE.c.id)
_LINE_INSERT, _MOVE_INSERT, _PAYMENT_INSERT = insert(_LINE), insert(_MOVE), insert(_PAYMENT)
_LOT_UPDATE = (
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
    known = session.connection().execute(_BY_UID, {"uid": uuid.UUID(basket.uid)}).scalar()
    if known is not None:
        _drop_draft(session, desk, household)
        return receipt_in(session, known, again=True)
    day = day or desk.clock.today()
    standing = standing_in(session, household, day)
    _check_ceilings(standing, basket, override)
    if standing.verdict.grant and basket.participation_permille != standing.participation_permille:
        raise RateChanged(
            N_("La participation de ce foyer a changé pendant ce panier : rouvrez-le, le montant sera recalculé.")
        )
    if payment.tendered_cents < basket.paid_cents:
        raise BadInput(N_("Il manque de l'argent : le montant remis est inférieur au montant à payer."))
    return _book(session, desk, household, basket, payment, day, standing, override)


def _check_ceilings(standing: Standing, basket: Basket, override: str) -> None:
    if override.strip():
        return
    verdict = standing.verdict
    # A second ticket the same day is no matter: something was forgotten on the shelf.
    if verdict.state is not VerdictState.OPEN and verdict.reason is not Reason.ALREADY_SERVED_TODAY:
        raise RuleRefused(
            N_("Le droit de ce foyer n'est pas ouvert aujourd'hui : il faut l'accord de l'équipe, avec sa raison.")
        )
    for left in standing.ceilings:
        if left.excess(basket.spent):
            raise CeilingExceeded(
                N_("Ce panier dépasse le plafond du foyer : retirez un article, ou demandez l'accord de l'équipe.")
            )


def _book(
    session: Session,
    desk: Desk,
    household: int,
    basket: Basket,
    payment: PaymentForm,
    day: date,
    standing: Standing,
    override: str,
) -> Receipt:
    parts = _split_over_lots(session, basket, day)
    number, now = next_number(session, desk, "receipt"), desk.clock.now()
    grant = standing.verdict.grant.id if standing.verdict.grant else None
    sale = session.connection().execute(
        _SALE_INSERT,
        {
            "uid": uuid.UUID(basket.uid), "post_id": desk.post.id, "number": number, "day": day, "at": now, "household_id": household,
            "grant_id": grant, "persons": standing.persons, "participation_permille": basket.participation_permille,
            "shelf_cents": basket.shelf_cents, "paid_cents": basket.paid_cents, "grams": basket.grams,
            "overridden": bool(override.strip()), "note": override.strip(), "reverses_id": None, "made_by": desk.actor.id,
        },
    ).scalar_one()  # fmt: skip
    _write_parts(session, desk, sale, parts, day, now)
    session.connection().execute(
        _PAYMENT_INSERT,
        {
            "sale_id": sale,
            "kind": PaymentKind.CASH,
            "cents": basket.paid_cents,
            "tendered_cents": payment.tendered_cents,
        },
    )
    seal_in_journal(
        session, desk, "sale",
        {
            "sale": sale, "number": number, "household": household, "grams": basket.grams, "shelf": basket.shelf_cents,
            "paid": basket.paid_cents, "lines": [[p["article_id"], p["lot_id"], p["pieces"], p["grams"], p["paid_cents"]] for p in parts],
        },
    )  # fmt: skip
    _drop_draft(session, desk, household)
    change = payment.tendered_cents - basket.paid_cents
    return Receipt(
        sale, f"{desk.post.number}-{number:06d}", now, basket.shelf_cents, basket.paid_cents, basket.grams,
        payment.tendered_cents, change,
    )  # fmt: skip


def _split_over_lots(session: Session, basket: Basket, day: date) -> list[dict[str, Any]]:
    """Return the stored parts of each line, one a lot; opens an unknown lot where the book knows none."""
    ids = sorted({line.article for line in basket.lines})
    articles = {a.id: a for a in session.connection().execute(_ARTICLES, {"articles": ids})}
    lots: dict[int, list[LotState]] = defaultdict(list)
    named = [line.lot for line in basket.lines if line.lot is not None]
    rows = {r.id: r for r in session.connection().execute(_LOTS, {"articles": ids})}
    if named:
        rows |= {r.id: r for r in session.connection().execute(_NAMED_LOTS, {"lots": named})}
    for r in rows.values():
        quantity = r.balance_pieces if articles[r.article_id].sold_by is SoldBy.PIECE else r.balance_grams
        lots[r.article_id].append(LotState(r.id, quantity, r.date_kind, r.limit_on, r.received_on, r.origin))
    parts: list[dict[str, Any]] = []
    for i, line in enumerate(basket.lines, start=1):
        held = lots[line.article]
        draws = _draws(session, line, held, day)
        taken = dict(draws)
        by_id = {lot.id: lot for lot in held}
        lots[line.article] = [
            LotState(s.id, s.quantity - taken.get(s.id, 0), s.date_kind, s.limit, s.received_on, s.origin) for s in held
        ]
        parts += _parts_of(
            line, i, articles[line.article].family_id, draws, {k: by_id[k].origin for k, _ in draws}, len(parts)
        )
    return parts


def _draws(session: Session, line: Line, held: list[LotState], day: date) -> list[tuple[int, int]]:
    quantity = line.pieces if line.sold_by is SoldBy.PIECE else line.grams
    if line.pack_date is not None:
        if line.pack_date < day:
            raise BadInput(
                N_("« {article} » : la DLC de l'emballage est dépassée. Ne remettez pas ce produit."), article=line.name
            )
        held[:] = [lot for lot in held if not lot.expired_on(day)]
    elif line.lot is None and only_expired_known(held, day):
        raise DateToRead(line.article, line.name)
    named = line.lot if line.lot is not None and any(lot.id == line.lot for lot in held) else None
    if named is not None and next(lot for lot in held if lot.id == named).expired_on(day):
        raise BadInput(
            N_("« {article} » : la DLC de ce lot est dépassée. Ne remettez pas ce produit."), article=line.name
        )
    found = draw(held, quantity, day, named=named)
    draws = [(d.lot, d.quantity) for d in found.draws]
    if found.missing:
        lot = _lot_below_zero(session, line, day)
        held.append(lot)
        draws.append((lot.id, found.missing))
    return draws


def _lot_below_zero(session: Session, line: Line, day: date) -> LotState:
    """Return the lot that carries what the book did not know: the article's newest usable one, else a new unknown lot."""
    newest = session.execute(
        select(Lot.id, Lot.date_kind, Lot.limit_on, Lot.received_on, Lot.origin)
        .where(Lot.article_id == line.article)
        .order_by(Lot.id.desc())
        .limit(20)
    ).all()
    for row in newest:
        state = LotState(row.id, 0, row.date_kind, row.limit_on, row.received_on, row.origin)
        if not state.expired_on(day) and (line.pack_date is None or row.limit_on == line.pack_date):
            return state
    kind = DateKind.USE_BY if line.pack_date else DateKind.NONE
    lot = session.execute(
        insert(Lot).values(
            uid=uuid.uuid4(), article_id=line.article, origin=Origin.UNKNOWN, received_on=day, date_kind=kind,
            limit_on=line.pack_date, balance_pieces=0, balance_grams=0, code="",
        ).returning(Lot.id)
    ).scalar_one()  # fmt: skip
    return LotState(lot, 0, kind, line.pack_date, day, Origin.UNKNOWN)


def _parts_of(
    line: Line, index: int, family: int, draws: list[tuple[int, int]], origins: dict[int, Origin], before: int
) -> list[dict[str, Any]]:
    weights = tuple(q for _, q in draws)
    by_piece = line.sold_by is SoldBy.PIECE
    # One lot takes nearly every line whole, and exact fractions are slow.
    split = split_evenly if len(weights) > 1 else _whole
    grams = split(line.grams, weights) if by_piece else weights
    shelf, paid = split(line.shelf_cents, weights), split(line.paid_cents, weights)
    return [
        {
            "n": before + k + 1, "line": index, "article_id": line.article, "family_id": family, "lot_id": lot,
            "origin": origins[lot], "food": line.food, "pieces": quantity if by_piece else 0, "grams": grams[k],
            "tare_grams": line.tare_grams if k == 0 else 0, "source": line.source, "reference_cents": line.reference_cents,
            "shelf_cents": shelf[k], "paid_cents": paid[k],
        }
        for k, (lot, quantity) in enumerate(draws)
    ]  # fmt: skip


def _whole(total: int, _weights: tuple[int, ...]) -> tuple[int, ...]:
    return (total,)


def _write_parts(
    session: Session, desk: Desk, sale: int, parts: list[dict[str, Any]], day: date, now: datetime, *,
    kind: MoveKind = MoveKind.SALE,
) -> None:  # fmt: skip
    session.connection().execute(_LINE_INSERT, [{"sale_id": sale, **p} for p in parts])
    session.connection().execute(
        _MOVE_INSERT,
        [
            {"uid": uuid.uuid4(), "lot_id": p["lot_id"], "kind": kind, "day": day, "pieces": -p["pieces"], "grams": -p["grams"],
             "sale_id": sale, "reverses_id": None, "loss_reason": None, "note": "", "made_at": now, "made_by": desk.actor.id}
            for p in parts
        ],
    )  # fmt: skip
    session.connection().execute(
        _LOT_UPDATE, [{"lot": p["lot_id"], "p": -p["pieces"], "g": -p["grams"]} for p in parts]
    )


def cancel_sale(desk: Desk, sale: int, reason: str) -> int:
    """Cancel a ticket by a contrary one, with its reason, and return the contrary ticket's id; the first stays visible.

    The goods go back to their lots and the payment is given back. Raises `BadInput` without a reason, `RuleRefused` where
    it was already cancelled or is itself a cancellation.
    """
    if not reason.strip():
        raise BadInput(N_("Dites en quelques mots pourquoi ce ticket est annulé."))
    with desk.db.write() as session:
        first = session.get_one(Sale, sale)
        if first.reverses_id is not None or session.execute(select(Sale.id).where(Sale.reverses_id == sale)).first():
            raise RuleRefused(N_("Ce ticket est déjà annulé."))
        number, now = next_number(session, desk, "receipt"), desk.clock.now()
        contrary = Sale(
            post_id=desk.post.id, number=number, day=first.day, at=now, household_id=first.household_id, grant_id=first.grant_id,
            persons=first.persons, participation_permille=first.participation_permille, shelf_cents=-first.shelf_cents,
            paid_cents=-first.paid_cents, grams=-first.grams, note=reason.strip(), reverses_id=sale, made_by=desk.actor.id,
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
        session.connection().execute(
            _PAYMENT_INSERT,
            {"sale_id": contrary.id, "kind": PaymentKind.CASH, "cents": -first.paid_cents, "tendered_cents": 0},
        )
        seal_in_journal(
            session,
            desk,
            "cancel",
            {"sale": contrary.id, "reverses": sale, "number": number, "paid": -first.paid_cents},
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
