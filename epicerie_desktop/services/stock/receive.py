"""What enters and leaves the stock outside the till: receptions, losses, corrections. Append-only moves, balances stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.dates import Precision, fitting, short_lived
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up
from epicerie_desktop.persistence.models import (
    Article,
    Family,
    Lot,
    LotDelivery,
    Reception,
    RefusedGoods,
    StockMove,
    Supplier,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import worth_in
from epicerie_desktop.services.safety.recalls import check_received_in
from epicerie_desktop.services.stock.piece_weights import learn_in, source_in, weight_in
from epicerie_desktop.services.weighing import records_in
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold

MAX_PIECES = 99_999
"""The most pieces one line may hold."""
YEARS_KEPT = 3653
"""Days beyond which a date on a pack, past or to come, is a mistake of the year."""


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A crate or a pack: for an article, or only a family (then its generic article). Pieces or grams as it is counted.

    Where both are told, the weight of a piece is learned; where the other one alone is, it is worked out from the weight of a
    piece, if one is known.
    """

    pieces: int = 0
    grams: int = 0
    article_id: int | None = None
    family_id: int | None = None
    date_kind: DateKind = DateKind.NONE
    limit_on: date | None = None
    lot_code: str = ""
    source: WeightSource = WeightSource.TYPED
    tare_grams: int = 0
    gross_grams: int | None = None
    precision: Precision = Precision.DAY
    frozen_on: date | None = None
    financing: str = ""
    """Who paid, where it is not who paid the rest of the arrival."""
    unit_cents: int | None = None
    """What a kilo or a piece was bought for."""
    ordered: int | None = None
    delivered: int | None = None
    damaged: int | None = None
    """Told apart from what enters the stock, in pieces or grams as the article is counted; None where nobody said."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """Goods sent back at the door: never in stock, printed on the slip."""

    reason: Refusal
    pieces: int = 0
    grams: int = 0
    article_id: int | None = None
    family_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceptionForm:
    """One arrival: where it comes from, its slip, its lines; with a `uid`, saving it again changes nothing.

    What follows the `uid` is told only where a shop wants it; `short_reason` where packs have less than 48 hours left.
    """

    origin: Origin
    lines: tuple[ReceivedLine, ...]
    supplier_id: int | None = None
    slip: str = ""
    day: date | None = None
    uid: uuid.UUID | None = None
    driver: str = ""
    tenths: int | None = None
    financing: str = ""
    short_reason: str = ""
    refused: tuple[RefusedLine, ...] = ()


class ShortLife(RuleRefused):
    """Packs from a shop pick-up have less than 48 hours to their use-by date; nothing is written. `articles` says which."""

    def __init__(self, articles: tuple[str, ...]) -> None:
        super().__init__(
            N_("{articles} : moins de 48 heures avant la DLC. Dites pourquoi ces produits sont acceptés, ou refusez-les."),
            articles=", ".join(f"« {name} »" for name in articles),
        )  # fmt: skip
        self.articles = articles


def save_supplier(desk: Desk, name: str, origin: Origin) -> int:
    """Create a supplier and return its id, or the id of the one who has that name. Raises `BadInput` for an empty name or a code."""
    name = checked_name(name, N_("nom du fournisseur"))
    if not any(c.isalpha() for c in name):
        raise BadInput(
            N_("« {typed} » n'est pas un nom de fournisseur : videz ce champ, ou tapez un nom. Un code se scanne dans « Article »."),
            typed=name,
        )  # fmt: skip
    with desk.db.write() as session:
        for known in session.scalars(select(Supplier).where(Supplier.origin == origin, Supplier.active)):
            if fold(known.name) == fold(name):
                return known.id
        row = Supplier(name=name, origin=origin, version=0)
        touch(row, desk, None)
        session.add(row)
        session.flush()
        return row.id


def record_reception(desk: Desk, form: ReceptionForm) -> int:
    """Write an arrival, a lot a line, and return its id. Raises `BadInput`; nothing is written then.

    A chilled family needs a date; goods past their use-by date are not received; from a shop pick-up, packs with less than 48
    hours left need a justification (`ShortLife`). A form whose `uid` was already written
    (a repeated key, a retry) gives back the first arrival's id.
    """
    if not (form.lines or form.refused):
        raise BadInput(N_("Cette réception est vide : pesez ou comptez au moins une ligne."))
    day = form.day or desk.clock.today()
    if day > desk.clock.today():
        raise BadInput(N_("La date de réception est dans le futur."))
    with desk.db.write() as session:
        if form.uid is not None:
            known = session.scalars(select(Reception.id).where(Reception.uid == form.uid)).first()
            if known is not None:
                return known
        reception = Reception(
            uid=form.uid or uuid.uuid4(), day=day, origin=form.origin, supplier_id=form.supplier_id, slip=form.slip.strip(),
            driver=checked_text(form.driver), tenths=form.tenths, short_reason=checked_text(form.short_reason),
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(reception)
        session.flush()
        grams = 0
        scale = _scale_in(session, desk) if any(n.source is WeightSource.SCALE for n in form.lines) else None
        for line in form.lines:
            grams += _receive_line(session, desk, reception, line, day, scale, form.financing)
        if form.origin is Origin.PICKUP and not form.short_reason.strip():
            _refuse_short(session, form.lines, day)
        for refused in form.refused:
            _refuse_line(session, reception, refused)
        check_received_in(session, desk, reception.id)
        seal_in_journal(
            session, desk, "reception",
            {"reception": reception.id, "origin": form.origin.value, "lines": len(form.lines), "grams": grams},
        )  # fmt: skip
        return reception.id


def _scale_in(session: Session, desk: Desk) -> int | None:
    """Return the record of this post's scale, None where none was noted."""
    return next((record.id for record in records_in(session) if record.post == desk.post.id), None)


def _refuse_short(session: Session, lines: tuple[ReceivedLine, ...], day: date) -> None:
    short = [n for n in lines if short_lived(n.date_kind, n.limit_on, day)]
    if short:
        raise ShortLife(tuple(dict.fromkeys(_article_of(session, n)[0].name for n in short)))


def _refuse_line(session: Session, reception: Reception, line: RefusedLine) -> None:
    article, _family = _article_of(session, line)
    by_piece = article.sold_by is SoldBy.PIECE
    if not (1 <= line.pieces <= MAX_PIECES if by_piece else 1 <= line.grams <= MAX_GRAMS):
        raise BadInput(N_("« {article} » : combien en avez-vous refusé ?"), article=article.name)
    grams = line.grams or line.pieces * weight_in(session, article).grams
    session.add(
        RefusedGoods(
            reception_id=reception.id, article_id=article.id, pieces=line.pieces if by_piece else 0, grams=grams, reason=line.reason,
            note=checked_text(line.note),
        )
    )  # fmt: skip


def _receive_line(
    session: Session, desk: Desk, reception: Reception, line: ReceivedLine, day: date, scale: int | None, financing: str
) -> int:
    article, family = _article_of(session, line)
    check_told(article.name, line)
    check_limit(article.name, chilled=family.chilled, kind=line.date_kind, limit_on=line.limit_on, day=day)
    if line.frozen_on is not None and line.frozen_on > day:
        raise BadInput(
            N_("« {article} » : le jour de congélation est après l'arrivée. Relisez-le."), article=article.name
        )
    each = weight_in(session, article)
    weighed = line.grams > 0
    if article.sold_by is SoldBy.PIECE:
        pieces = line.pieces
        if weighed and not pieces and each.known:
            pieces = max(1, round_half_up(Fraction(line.grams, each.grams)))
        if not (1 <= pieces <= MAX_PIECES and 0 <= line.grams <= MAX_GRAMS):
            raise BadInput(N_("« {article} » se compte à la pièce : combien de pièces ?"), article=article.name)
        grams = line.grams or pieces * each.grams
    else:
        pieces, grams = 0, line.grams or line.pieces * each.grams
        if not 1 <= grams <= MAX_GRAMS:
            raise BadInput(N_("« {article} » se pèse : quel poids, en kilos ?"), article=article.name)
    lot = Lot(
        article_id=article.id, reception_id=reception.id, origin=reception.origin, received_on=day, code=line.lot_code.strip(),
        date_kind=line.date_kind, limit_on=line.limit_on, balance_pieces=pieces, balance_grams=grams,
        date_precision=line.precision, frozen_on=line.frozen_on, financing=line.financing or financing, unit_cents=line.unit_cents,
    )  # fmt: skip
    session.add(lot)
    session.flush()
    if (line.ordered, line.delivered, line.damaged) != (None, None, None):
        session.add(LotDelivery(lot_id=lot.id, ordered=line.ordered, delivered=line.delivered, damaged=line.damaged))
    move = _move(desk, lot.id, MoveKind.RECEPTION, day, pieces, grams)
    move.weight_source = line.source if weighed else each.source
    if weighed:
        move.tare_grams, move.gross_grams = line.tare_grams, line.gross_grams
        move.scale_id = scale if line.source is WeightSource.SCALE else None
    session.add(move)
    if weighed and line.pieces and pieces:
        session.flush()
        learn_in(session, (article.id,))
    return grams


def check_told(article: str, line: ReceivedLine) -> None:
    """Raise `BadInput` where what a line tells beside its quantity cannot be."""
    told = (line.ordered, line.delivered, line.damaged, line.unit_cents)
    if any(n is not None and not 0 <= n <= MAX_GRAMS for n in told):
        raise BadInput(N_("« {article} » : une quantité ou un prix du bordereau ne peut pas être exact. Relisez-le."), article=article)  # fmt: skip
    if line.limit_on is not None and not fitting(line.limit_on, line.precision):
        raise BadInput(N_("« {article} » : une date au mois ou à l'année va jusqu'à son dernier jour."), article=article)  # fmt: skip
    if line.date_kind is DateKind.USE_BY and line.precision is not Precision.DAY:
        raise BadInput(N_("« {article} » : une DLC porte un jour."), article=article)


def _article_of(session: Session, line: ReceivedLine | RefusedLine) -> tuple[Article, Family]:
    if line.article_id is not None:
        article = session.get_one(Article, line.article_id)
    elif line.family_id is not None:
        article = session.scalars(select(Article).where(Article.family_id == line.family_id, Article.generic)).one()
    else:
        raise BadInput(N_("Choisissez un article, ou au moins une famille de produits."))
    return article, session.get_one(Family, article.family_id)


def check_limit(article: str, *, chilled: bool, kind: DateKind, limit_on: date | None, day: date) -> None:
    """Raise `BadInput` where goods of that date may not be received on `day`: the screen asks line by line, the service again.

    Chilled goods need a date, a date needs its nature, a use-by date may not be past (a best-before date may).
    """
    if chilled and limit_on is None:
        raise BadInput(N_("« {article} » est un produit frais : lisez sa date sur l'emballage."), article=article)
    if (kind is DateKind.NONE) != (limit_on is None):
        raise BadInput(N_("Donnez une date avec sa nature : DLC (à consommer jusqu'au) ou DDM (de préférence avant)."))
    if kind is DateKind.USE_BY and limit_on and limit_on < day:
        raise BadInput(N_("« {article} » : la DLC est dépassée. Refusez ce produit ou jetez-le."), article=article)
    if limit_on and abs(limit_on - day) > timedelta(days=YEARS_KEPT):
        raise BadInput(N_("« {article} » : cette date est à plus de dix ans. Vérifiez l'année."), article=article)


def _move(
    desk: Desk,
    lot: int,
    kind: MoveKind,
    day: date,
    pieces: int,
    grams: int,
    reason: LossReason | None = None,
    note: str = "",
) -> StockMove:
    return StockMove(
        lot_id=lot, kind=kind, day=day, pieces=pieces, grams=grams, loss_reason=reason, note=note,
        made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip


def record_loss(desk: Desk, lot: int, *, pieces: int = 0, grams: int = 0, reason: LossReason, note: str = "") -> None:
    """Write a loss out of a lot, in pieces or grams (> 0). Raises `BadInput` above what the lot holds.

    Of a lot counted in pieces, the pieces lost take with them their share of the lot's grams.
    """
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        by_piece = _by_piece(session, row)
        asked, held = (pieces, row.balance_pieces) if by_piece else (grams, row.balance_grams)
        if not 1 <= asked <= max(held, 0):
            raise BadInput(
                N_("La quantité perdue doit être supérieure à zéro et ne pas dépasser ce que contient le lot.")
            )
        if by_piece:
            grams = round_half_up(Fraction(row.balance_grams * pieces, row.balance_pieces))
        said = source_in(session, lot) if by_piece else WeightSource.TYPED
        cents = worth_in(session, row, pieces, grams, desk.clock.today())
        _apply(session, desk, row, MoveKind.LOSS, -pieces, -grams, reason, note, said, cents)
        seal_in_journal(session, desk, "loss", {"lot": lot, "pieces": pieces, "grams": grams, "reason": reason.value})


def correct_lot(desk: Desk, lot: int, *, counted_pieces: int = 0, counted_grams: int = 0, note: str = "") -> None:
    """Bring a lot to what was counted, by a contrary move: mends a lot below zero.

    Of a lot counted in pieces only the pieces are told, and its grams follow. Raises `BadInput` below zero, or for a count
    that no lot can hold.
    """
    if counted_pieces < 0 or counted_grams < 0:
        raise BadInput(N_("Une quantité comptée ne peut pas être négative."))
    if counted_pieces > MAX_PIECES or counted_grams > MAX_GRAMS:
        raise BadInput(N_("Cette quantité est trop grande pour un lot. Vérifiez la saisie."))
    with desk.db.write() as session:
        row = session.get_one(Lot, lot)
        article = session.get_one(Article, row.article_id)
        if article.sold_by is SoldBy.PIECE:
            counted_grams = _grams_of(session, row, article, counted_pieces)
        else:
            counted_pieces = 0
        pieces, grams = counted_pieces - row.balance_pieces, counted_grams - row.balance_grams
        if pieces or grams:
            _apply(session, desk, row, MoveKind.CORRECTION, pieces, grams, None, note)
            seal_in_journal(session, desk, "correction", {"lot": lot, "pieces": pieces, "grams": grams})


def _grams_of(session: Session, lot: Lot, article: Article, pieces: int) -> int:
    """Return what so many pieces of a lot weigh: as much apiece as it holds now, else what a piece of its article weighs."""
    if article.net_grams is None and lot.balance_pieces > 0 and lot.balance_grams > 0:
        return round_half_up(Fraction(lot.balance_grams * pieces, lot.balance_pieces))
    return pieces * weight_in(session, article).grams


def _by_piece(session: Session, lot: Lot) -> bool:
    return session.get_one(Article, lot.article_id).sold_by is SoldBy.PIECE


def _apply(
    session: Session,
    desk: Desk,
    lot: Lot,
    kind: MoveKind,
    pieces: int,
    grams: int,
    reason: LossReason | None,
    note: str,
    said: WeightSource | None = None,
    cents: int | None = None,
) -> None:
    move = _move(desk, lot.id, kind, desk.clock.today(), pieces, grams, reason, checked_text(note))
    move.weight_source, move.value_cents = said, cents
    session.add(move)
    session.execute(
        update(Lot)
        .where(Lot.id == lot.id)
        .values(balance_pieces=Lot.balance_pieces + pieces, balance_grams=Lot.balance_grams + grams)
    )
