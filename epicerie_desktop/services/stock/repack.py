"""Sorting and repacking: a mixed crate becomes pieces, a sack becomes bags; origin, financing and price follow, kilos in equal kilos out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up
from epicerie_desktop.persistence.models import Article, Family, Lot, Repacking, RepackingMove, StockMove
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import worth_in
from epicerie_desktop.services.stock.lots_drawn import aside_in
from epicerie_desktop.services.stock.piece_weights import weight_in
from epicerie_desktop.services.stock.receive import MAX_PIECES, check_limit
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken from a lot: pieces, or grams, as its article is counted."""

    lot: int
    pieces: int = 0
    grams: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of it: an article, its pieces and their weight in grams (0: its net weight), and the date if it is another than before."""

    article: int
    pieces: int = 0
    grams: int = 0
    date_kind: DateKind = DateKind.NONE
    limit_on: date | None = None


@dataclass(frozen=True, slots=True)
class RepackForm:
    """A sorting or a repacking; weights in grams."""

    taken: tuple[Taken, ...]
    made: tuple[Made, ...]
    waste_grams: int = 0
    note: str = ""


def record_repacking(desk: Desk, form: RepackForm) -> int:
    """Write what was sorted or repacked, in one transaction, and return its id.

    Raises `BadInput`, and nothing is written: nothing taken or made, lots of several origins or financings together, more than a lot
    holds, a date later than that of the goods, or grams that do not add up (the sentence says how many are missing or too many).
    """
    if not form.taken or not (form.made or form.waste_grams):
        raise BadInput(N_("Dites de quel lot vous partez, et ce que vous en avez fait."))
    if len({t.lot for t in form.taken}) != len(form.taken):
        raise BadInput(N_("Un même lot est écrit deux fois : réunissez les deux lignes."))
    today = desk.clock.today()
    with desk.db.write() as session:
        lots = [session.get_one(Lot, t.lot) for t in form.taken]
        if len({lot.origin for lot in lots}) > 1:
            raise BadInput(
                N_("Ces lots n'ont pas la même provenance : triez-les séparément, pour que les bilans restent justes.")
            )
        if len({lot.financing for lot in lots}) > 1:
            raise BadInput(
                N_("Ces lots n'ont pas le même financement : triez-les séparément, pour que les bilans restent justes.")
            )
        outs = [_leaving(session, lot, t, today) for lot, t in zip(lots, form.taken, strict=True)]
        ins = [_entering(session, m, lots, today) for m in form.made]
        apart = sum(grams for _pieces, grams in outs) - sum(lot.balance_grams for lot in ins) - form.waste_grams
        if apart or not 0 <= form.waste_grams <= MAX_GRAMS:
            raise BadInput(
                N_(
                    "Il reste {weight} à dire : ajoutez ce qui en est fait, écrivez-les en pertes, ou prenez moins du lot."
                )
                if apart > 0
                else N_("Il y a {weight} de trop : ce qui est fait pèse plus que ce qui a été pris. Repesez."),
                weight=shown.kilos(abs(apart)),
            )
        _price(session, lots, outs, ins)
        row = Repacking(
            day=today, origin=lots[0].origin, grams=sum(grams for _pieces, grams in outs), waste_grams=form.waste_grams,
            note=checked_text(form.note), made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add_all([row, *ins])
        session.flush()
        wasted = _shares(form.waste_grams, [grams for _pieces, grams in outs])
        worths = [worth_in(session, lot, 0, waste, today) for lot, waste in zip(lots, wasted, strict=True)]
        for lot, (pieces, grams), waste, cents in zip(lots, outs, wasted, worths, strict=True):
            if grams - waste or pieces:
                _move(session, row, lot, MoveKind.REPACK_OUT, -pieces, waste - grams)
            if waste:
                _move(session, row, lot, MoveKind.LOSS, 0, -waste, LossReason.UNFIT, cents=cents)
        for lot in ins:
            _move(session, row, lot, MoveKind.REPACK_IN, lot.balance_pieces, lot.balance_grams, stored=True)
        seal_in_journal(
            session,
            desk,
            "repacking",
            {"repacking": row.id, "grams": row.grams, "waste": row.waste_grams, "lots": [lot.id for lot in ins]},
        )
        return row.id


def undo_repacking(desk: Desk, repacking: int) -> None:
    """Undo a repacking by contrary moves. Raises `RuleRefused` where it was undone, or something of it has left since."""
    with desk.db.write() as session:
        undo_repacking_in(session, desk, repacking)


def undo_repacking_in(session: Session, desk: Desk, repacking: int) -> None:
    """Undo a repacking inside a caller's block; raises as `undo_repacking`."""
    row = session.get_one(Repacking, repacking)
    if row.undone_at is not None:
        raise RuleRefused(N_("Ce tri est déjà annulé."))
    moves = session.scalars(
        select(StockMove).join(RepackingMove, RepackingMove.move_id == StockMove.id)
        .where(RepackingMove.repacking_id == repacking).order_by(StockMove.id)
    ).all()  # fmt: skip
    for m in moves:
        lot = session.get_one(Lot, m.lot_id)
        if m.kind is MoveKind.REPACK_IN and (lot.balance_pieces, lot.balance_grams) != (m.pieces, m.grams):
            raise RuleRefused(N_("Une partie de ce tri est déjà sortie : corrigez le stock du lot concerné."))
    refuse_out_of_aside(session, moves)
    for m in moves:
        undo_in(session, desk, m)
    row.undone_at, row.undone_by = desk.clock.now(), desk.actor.id
    session.flush()
    seal_in_journal(session, desk, "repacking-undone", {"repacking": repacking})


def refuse_out_of_aside(session: Session, moves: Iterable[StockMove]) -> None:
    """Raise `RuleRefused` where undoing these moves would carry goods out of a lot set aside into one that is not."""
    into = [m.lot_id for m in moves if m.kind in (MoveKind.REPACK_IN, MoveKind.PLACE_IN)]
    out = {m.lot_id for m in moves if m.kind in (MoveKind.REPACK_OUT, MoveKind.PLACE_OUT)}
    if aside_in(session, into) and out - aside_in(session, out):
        raise RuleRefused(
            N_("Ces produits ont été mis de côté depuis : laissez-les à leur place, et voyez l'équipe (Hygiène).")
        )


def undo_in(session: Session, desk: Desk, m: StockMove) -> None:
    """Write the contrary of a move, its value too, inside a caller's block, and bring its lot's balance back."""
    session.add(
        StockMove(
            lot_id=m.lot_id, kind=m.kind, day=desk.clock.today(), pieces=-m.pieces, grams=-m.grams, reverses_id=m.id,
            loss_reason=m.loss_reason, weight_source=m.weight_source, value_cents=None if m.value_cents is None else -m.value_cents,
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )
    )  # fmt: skip
    balance_in(session, m.lot_id, -m.pieces, -m.grams)


def _leaving(session: Session, lot: Lot, taken: Taken, today: date) -> tuple[int, int]:
    """Return the pieces and grams that leave a lot. Raises `BadInput` beyond what it holds, past its use-by date, or set aside."""
    article = session.get_one(Article, lot.article_id)
    if aside_in(session, (lot.id,)):
        raise BadInput(
            N_("« {article} » : ce lot est mis de côté, il ne se trie pas. Voyez l'équipe (Hygiène)."),
            article=article.name,
        )
    if lot.date_kind is DateKind.USE_BY and lot.limit_on is not None and lot.limit_on < today:
        raise BadInput(N_("« {article} » : la DLC de ce lot est dépassée. Notez-le en perte."), article=article.name)
    by_piece = article.sold_by is SoldBy.PIECE
    asked, held = (taken.pieces, lot.balance_pieces) if by_piece else (taken.grams, lot.balance_grams)
    if not 1 <= asked <= max(held, 0):
        raise BadInput(
            N_("« {article} » : prenez plus que zéro, et pas plus que ce que contient le lot."), article=article.name
        )
    if not by_piece:
        return 0, asked
    grams = round_half_up(Fraction(lot.balance_grams * asked, held))
    if grams < 1:
        raise BadInput(
            N_("« {article} » n'a pas de poids connu : pesez le lot et corrigez-le avant de le trier."),
            article=article.name,
        )
    return asked, grams


def _entering(session: Session, made: Made, lots: list[Lot], today: date) -> Lot:
    article = session.get_one(Article, made.article)
    family = session.get_one(Family, article.family_id)
    dates = [lot.limit_on for lot in lots if lot.date_kind is DateKind.USE_BY and lot.limit_on is not None]
    kind, limit = (made.date_kind, made.limit_on) if made.limit_on else _date_of(lots)
    if dates and (limit is None or kind is not DateKind.USE_BY or limit > min(dates)):
        raise BadInput(
            N_("« {article} » garde au plus tard la DLC des produits d'avant : le {day}."),
            article=article.name,
            day=shown.day(min(dates)),
        )
    check_limit(article.name, chilled=family.chilled, kind=kind, limit_on=limit, day=today)
    if article.sold_by is SoldBy.PIECE:
        pieces, grams = made.pieces, made.grams or made.pieces * weight_in(session, article).grams
        if not (1 <= pieces <= MAX_PIECES and 1 <= grams <= MAX_GRAMS):
            raise BadInput(N_("« {article} » : combien de pièces, et quel poids en tout ?"), article=article.name)
    else:
        pieces, grams = 0, made.grams
        if not 1 <= grams <= MAX_GRAMS:
            raise BadInput(N_("« {article} » se pèse : quel poids, en kilos ?"), article=article.name)
    return Lot(
        article_id=article.id, origin=lots[0].origin, received_on=min(lot.received_on for lot in lots), code=_code_of(lots),
        date_kind=kind, limit_on=limit, balance_pieces=pieces, balance_grams=grams, financing=lots[0].financing,
        date_precision=next((lot.date_precision for lot in lots if (lot.date_kind, lot.limit_on) == (kind, limit)), Precision.DAY),
        frozen_on=min((lot.frozen_on for lot in lots if lot.frozen_on is not None), default=None),
    )  # fmt: skip


def _price(session: Session, lots: list[Lot], outs: list[tuple[int, int]], ins: list[Lot]) -> None:
    """Write on what is made what its grams were paid, in cents a piece or a kilo; nothing where a lot has no price.

    What is thrown away was paid too: it takes its share with it.
    """
    paid, weight = Fraction(0), sum(grams for _pieces, grams in outs)
    for lot, (pieces, grams) in zip(lots, outs, strict=True):
        if lot.unit_cents is None:
            return
        paid += lot.unit_cents * (pieces or Fraction(grams, 1000))
    for lot in ins:
        by_piece = session.get_one(Article, lot.article_id).sold_by is SoldBy.PIECE
        each = Fraction(lot.balance_grams, lot.balance_pieces) if by_piece else 1000
        lot.unit_cents = round_half_up(paid * each / weight)


def _date_of(lots: list[Lot]) -> tuple[DateKind, date | None]:
    """Return the date goods keep: the earliest use-by date, else the earliest best-before date."""
    for kind in (DateKind.USE_BY, DateKind.BEST_BEFORE):
        found = [lot.limit_on for lot in lots if lot.date_kind is kind and lot.limit_on is not None]
        if found:
            return kind, min(found)
    return DateKind.NONE, None


def _code_of(lots: list[Lot]) -> str:
    """Return the lot number goods keep: a recall must find them; several are kept together."""
    return " + ".join(dict.fromkeys(lot.code for lot in lots if lot.code))


def _shares(total: int, weights: list[int]) -> list[int]:
    """Return a waste shared by weight, in grams, never more than what each lot gave."""
    left, rest, found = total, sum(weights), []
    for weight in weights:
        share = round_half_up(Fraction(left * weight, rest)) if rest else 0
        found.append(share)
        left, rest = left - share, rest - weight
    return found


def _move(
    session: Session, row: Repacking, lot: Lot, kind: MoveKind, pieces: int, grams: int,
    reason: LossReason | None = None, *, stored: bool = False, cents: int | None = None,
) -> None:  # fmt: skip
    move = StockMove(
        lot_id=lot.id,
        kind=kind,
        day=row.day,
        pieces=pieces,
        grams=grams,
        loss_reason=reason,
        value_cents=cents,
        made_at=row.made_at,
        made_by=row.made_by,
    )
    session.add(move)
    session.flush()
    session.add(RepackingMove(repacking_id=row.id, move_id=move.id))
    if not stored:
        balance_in(session, lot.id, pieces, grams)


def balance_in(session: Session, lot: int, pieces: int, grams: int) -> None:
    """Move the stored balance of a lot, inside a caller's block."""
    session.execute(
        update(Lot).where(Lot.id == lot)
        .values(balance_pieces=Lot.balance_pieces + pieces, balance_grams=Lot.balance_grams + grams)
    )  # fmt: skip
