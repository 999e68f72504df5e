"""Goods that change place, leave for elsewhere or come back, and the undoing of the last gesture: always by contrary moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, LossReason, LotState, MoveKind, Place, SlipKind
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.persistence.models import (
    Article,
    Family,
    GoodsSlip,
    GoodsSlipLine,
    Lot,
    RepackingMove,
    StockMove,
    StockTake,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import worth_in
from epicerie_desktop.services.stock.lots_drawn import GIVEN, aside_in
from epicerie_desktop.services.stock.piece_weights import learn_in, source_in
from epicerie_desktop.services.stock.repack import balance_in, refuse_out_of_aside, undo_in, undo_repacking_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_KEPT = ("article_id", "reception_id", "origin", "received_on", "code", "date_kind", "limit_on", "date_precision", "frozen_on",
         "financing", "unit_cents")  # fmt: skip
"""What a lot keeps when it is carried elsewhere."""
UNDONE_HERE = (
    MoveKind.LOSS, MoveKind.CORRECTION, MoveKind.PLACE_OUT, MoveKind.PLACE_IN, MoveKind.SENT, MoveKind.RETURNED,
    MoveKind.BROUGHT_BACK, MoveKind.REPACK_OUT, MoveKind.REPACK_IN,
)  # fmt: skip
"""The moves that are undone from the lots; a ticket is cancelled at the till, an arrival as the last gesture of its day."""
LAST_GESTURES = (*UNDONE_HERE, MoveKind.RECEPTION)
"""The moves that the last gesture of a day may be made of."""
COLDEST, WARMEST = -500, 500
"""The temperatures goods may leave at, in tenths of a degree: beyond, it is a mistake of typing."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves a lot for a partner: pieces or grams as its article is counted, the temperature in tenths of a degree.

    A return says its `reason`.
    """

    kind: SlipKind
    lot: int
    partner: str
    pieces: int = 0
    grams: int = 0
    reason: Refusal | None = None
    tenths: int | None = None
    note: str = ""


def move_to_place(
    desk: Desk,
    lot: int,
    place: Place,
    *,
    pieces: int = 0,
    grams: int = 0,
    note: str = "",
    frozen_on: date | None = None,
) -> int:
    """Carry a part or the whole of a lot to another place, and return the id of the lot it makes there.

    Origin, financing, price, dates and lot number follow; grams out equal grams in. `frozen_on` is the day it is frozen here,
    for what goes to the freezer and was not frozen before; its date stays. Raises `BadInput` beyond what the lot holds, or for a
    day of freezing that cannot be; `RuleRefused` where it is there already, or set aside.
    """
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        if row.place is place:
            raise RuleRefused(N_("Ce lot est déjà à cet endroit."))
        _refuse_aside(session, row.id)
        pieces, grams = _quantity(session, row, pieces, grams)
        if frozen_on is not None and (
            place is not Place.FREEZER or not row.received_on <= frozen_on <= desk.clock.today()
        ):
            raise BadInput(N_("Le jour de congélation vient après l'arrivée, et n'est pas à venir."))
        there = Lot(**{k: getattr(row, k) for k in _KEPT}, place=place, balance_pieces=pieces, balance_grams=grams)
        there.frozen_on = row.frozen_on or frozen_on
        session.add(there)
        session.flush()
        out = _write(session, desk, row, MoveKind.PLACE_OUT, -pieces, -grams, note)
        said = source_in(session, lot)
        _write(session, desk, there, MoveKind.PLACE_IN, pieces, grams, said=said, pair=out.id, stored=True)
        seal_in_journal(
            session, desk, "carried",
            {"lot": lot, "into": there.id, "place": place.value, "pieces": pieces, "grams": grams},
        )  # fmt: skip
        return there.id


def send(desk: Desk, form: Leaving) -> int:
    """Write what leaves for another site or goes back to whoever brought it, and return the id of its slip.

    What leaves in a day for one partner is on one slip. Raises `BadInput` without a partner, beyond what the lot holds, for
    a return without a reason or a temperature that cannot be; `RuleRefused` for goods that nobody may be sent: past their
    use-by date, or set aside. These may be returned.
    """
    partner = checked_text(form.partner).strip()
    if not partner:
        raise BadInput(N_("À qui partent ces produits ? Tapez le nom du site, de l'association ou du fournisseur."))
    if form.kind is SlipKind.RETURNED and form.reason is None:
        raise BadInput(N_("Dites pourquoi ces produits sont rendus."))
    if form.tenths is not None and not COLDEST <= form.tenths <= WARMEST:
        raise BadInput(N_("Cette température ne peut pas être juste. Relisez le thermomètre."))
    with desk.db.write() as session:
        row = session.get_one(Lot, form.lot)
        today = desk.clock.today()
        if form.kind is SlipKind.SENT:
            _refuse_aside(session, row.id)
            if _state(row).expired_on(today):
                raise RuleRefused(N_("La DLC de ce lot est dépassée : notez-le en perte."))
        pieces, grams = _quantity(session, row, form.pieces, form.grams)
        kind = MoveKind.SENT if form.kind is SlipKind.SENT else MoveKind.RETURNED
        move = _write(session, desk, row, kind, -pieces, -grams, form.note)
        slip = session.scalars(
            select(GoodsSlip).where(GoodsSlip.day == today, GoodsSlip.kind == form.kind, GoodsSlip.partner == partner)
        ).first()
        if slip is None:
            slip = GoodsSlip(
                kind=form.kind, day=today, partner=partner, made_at=desk.clock.now(), made_by=desk.actor.id
            )
            session.add(slip)
            session.flush()
        session.add(GoodsSlipLine(move_id=move.id, slip_id=slip.id, reason=form.reason, tenths=form.tenths))
        session.flush()
        seal_in_journal(
            session, desk, "goods-" + form.kind.value.lower(),
            {"lot": form.lot, "slip": slip.id, "pieces": pieces, "grams": grams},
        )  # fmt: skip
        return slip.id


def take_back(desk: Desk, lot: int, *, pieces: int = 0, grams: int = 0, note: str = "") -> bool:
    """Write what a household brings back of a lot, and return whether it is in stock again.

    Only pieces that keep at any temperature and whose date is not past go back; the rest becomes a loss at once. The ticket
    stays as it is. Raises `BadInput` beyond what was given of the lot.
    """
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        article = session.get_one(Article, row.article_id)
        by_piece = article.sold_by is SoldBy.PIECE
        given = session.execute(
            select(func.coalesce(func.sum(-StockMove.pieces), 0), func.coalesce(func.sum(-StockMove.grams), 0))
            .where(StockMove.lot_id == lot, StockMove.kind.in_(GIVEN))
        ).one()  # fmt: skip
        asked, most = (pieces, given[0]) if by_piece else (grams, given[1])
        if not 1 <= asked <= most:
            raise BadInput(N_("Il ne peut pas en revenir plus qu'il n'en a été donné de ce lot."))
        if by_piece:
            grams = round_half_up(Fraction(given[1] * pieces, given[0]))
        else:
            pieces = 0
        kept = by_piece and _keeps(session, row, article, desk)
        back = _write(session, desk, row, MoveKind.BROUGHT_BACK, pieces, grams, note)
        if not kept:
            session.refresh(row)
            cents = worth_in(session, row, pieces, grams, desk.clock.today())
            _write(
                session, desk, row, MoveKind.LOSS, -pieces, -grams, reason=LossReason.BROUGHT_BACK, cents=cents, pair=back.id
            )  # fmt: skip
        seal_in_journal(
            session, desk, "brought-back", {"lot": lot, "pieces": pieces, "grams": grams, "kept": kept}
        )  # fmt: skip
        return kept


def undo_move(desk: Desk, move: int) -> None:
    """Undo a gesture of the stock by contrary moves that name it; `move` is any move of it.

    Raises `RuleRefused`, and nothing is written, where it was undone already, where the goods have been used or counted
    since, or where it is undone elsewhere (a ticket, an arrival, a stock-take).
    """
    with desk.db.write() as session:
        first = session.get_one(StockMove, move)
        repacking = session.scalars(select(RepackingMove.repacking_id).where(RepackingMove.move_id == move)).first()
        if repacking is not None:
            undo_repacking_in(session, desk, repacking)
            return
        if first.kind not in LAST_GESTURES or first.reverses_id is not None or _of_a_stock_take(session, first):
            raise RuleRefused(N_("Ce mouvement ne s'annule pas d'ici : corrigez le lot en le comptant."))
        gesture = session.scalars(_gesture_of(session, desk, first).order_by(StockMove.id)).all()
        for m in gesture:
            _refuse_used(session, m, max(n.id for n in gesture if n.lot_id == m.lot_id))
        refuse_out_of_aside(session, gesture)
        for m in gesture:
            undo_in(session, desk, m)
        session.flush()
        if first.kind is MoveKind.RECEPTION:
            lots = {m.lot_id for m in gesture}
            learn_in(session, session.scalars(select(Lot.article_id).where(Lot.id.in_(lots))))
        seal_in_journal(session, desk, "move-undone", {"moves": [m.id for m in gesture]})


def _gesture_of(session: Session, desk: Desk, first: StockMove) -> Select[StockMove]:
    """Return the moves made with one: its pair, or every lot of its arrival. Raises `RuleRefused` for an arrival of another day."""
    if first.kind is not MoveKind.RECEPTION:
        head = first.pair_id or first.id
        return select(StockMove).where((StockMove.id == head) | (StockMove.pair_id == head))
    arrival = session.get_one(Lot, first.lot_id).reception_id
    if arrival is None or first.day != desk.clock.today():
        raise RuleRefused(N_("Une réception d'un autre jour ne s'annule plus : corrigez ses lots en les comptant."))
    return (
        select(StockMove)
        .join(Lot, Lot.id == StockMove.lot_id)
        .where(Lot.reception_id == arrival, StockMove.kind == MoveKind.RECEPTION, StockMove.reverses_id.is_(None))
    )


def _refuse_used(session: Session, m: StockMove, last: int) -> None:
    """Raise where a move was undone, or where what came after in its lot, its own gesture's apart, forbids it."""
    later = session.execute(
        select(StockMove.id, StockMove.kind, StockMove.reverses_id).where(
            StockMove.lot_id == m.lot_id, StockMove.id > m.id
        )
    ).all()
    undone = {r.reverses_id for r in later}
    if m.id in undone:
        raise RuleRefused(N_("Ce geste est déjà annulé."))
    since = [r.kind for r in later if r.id > last and r.reverses_id is None and r.id not in undone]
    if MoveKind.CORRECTION in since:
        raise RuleRefused(N_("Ce lot a été compté depuis : son stock est déjà juste."))
    # What came in may have gone out since; what went out has not been used, whatever happened to the rest.
    if since and m.kind in (MoveKind.CORRECTION, MoveKind.PLACE_IN, MoveKind.BROUGHT_BACK, MoveKind.RECEPTION):
        raise RuleRefused(N_("Ces produits ont bougé depuis : comptez le lot pour corriger son stock."))


def _of_a_stock_take(session: Session, m: StockMove) -> bool:
    closed = select(StockTake.id).where(StockTake.closed_at == m.made_at)
    return m.kind is MoveKind.CORRECTION and session.scalars(closed).first() is not None


def _keeps(session: Session, lot: Lot, article: Article, desk: Desk) -> bool:
    chilled = session.get_one(Family, article.family_id).chilled
    cold = chilled or lot.frozen_on is not None or lot.place in (Place.COLD_ROOM, Place.FREEZER)
    return not (
        cold
        or lot.date_kind is DateKind.USE_BY
        or _state(lot).past_on(desk.clock.today())
        or aside_in(session, (lot.id,))
    )


def _state(lot: Lot) -> LotState:
    return LotState(lot.id, 0, lot.date_kind, lot.limit_on, lot.received_on, lot.origin)


def _refuse_aside(session: Session, lot: int) -> None:
    if aside_in(session, (lot,)):
        raise RuleRefused(N_("Ce lot est mis de côté : laissez-le à sa place, ou rendez-le à qui l'a apporté."))


def _quantity(session: Session, lot: Lot, pieces: int, grams: int) -> tuple[int, int]:
    """Return the pieces and grams that leave a lot. Raises `BadInput` beyond what it holds."""
    by_piece = session.get_one(Article, lot.article_id).sold_by is SoldBy.PIECE
    asked, held = (pieces, lot.balance_pieces) if by_piece else (grams, lot.balance_grams)
    if not 1 <= asked <= max(held, 0):
        raise BadInput(N_("La quantité doit être supérieure à zéro et ne pas dépasser ce que contient le lot."))
    return (asked, round_half_up(Fraction(lot.balance_grams * asked, held))) if by_piece else (0, asked)


def _write(
    session: Session, desk: Desk, lot: Lot, kind: MoveKind, pieces: int, grams: int, note: str = "", *,
    said: WeightSource | None = None, reason: LossReason | None = None, cents: int | None = None, pair: int | None = None,
    stored: bool = False,
) -> StockMove:  # fmt: skip
    move = StockMove(
        lot_id=lot.id, kind=kind, day=desk.clock.today(), pieces=pieces, grams=grams, weight_source=said, loss_reason=reason,
        note=checked_text(note),
        value_cents=cents, pair_id=pair, made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(move)
    session.flush()
    if not stored:
        balance_in(session, lot.id, pieces, grams)
    return move
