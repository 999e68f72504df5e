"""From which lots a basket is drawn: first expired first, below zero where the book knows too little."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, insert, literal_column, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import Basket, Line, SoldBy
from epicerie_desktop.domain.stock import (
    DateKind,
    LotState,
    MoveKind,
    Origin,
    Place,
    draw,
    only_expired_known,
    serves_alone,
)
from epicerie_desktop.domain.units import split_evenly
from epicerie_desktop.persistence.models import Article, Lot, Quarantine, StockMove
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.stock.best_before import refuse_unchecked
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

GIVEN = (MoveKind.SALE, MoveKind.CANCELLATION, MoveKind.EMERGENCY, MoveKind.BROUGHT_BACK)
"""The moves whose sum is what households have of a lot."""


def refuse_brought_back_in(session: Session, lots: Mapping[int, tuple[int, int]]) -> None:
    """Raise `RuleRefused`, inside a caller's block, where more would have come back of a lot than was given: it would count twice.

    `lots`: the pieces and grams of each that are about to come back, none where they already have.
    """
    most = func.max(func.abs(StockMove.pieces))
    brought = session.execute(
        select(StockMove.lot_id, func.sum(StockMove.pieces), func.sum(StockMove.grams), most)
        .where(StockMove.lot_id.in_(sorted(lots)), StockMove.kind.in_(GIVEN)).group_by(StockMove.lot_id)
        .having(func.max(StockMove.kind == MoveKind.BROUGHT_BACK) > 0)
    )  # fmt: skip
    for lot, pieces, grams, by_piece in brought:
        more_pieces, more_grams = lots[lot]
        if pieces + more_pieces > 0 or (not by_piece and grams + more_grams > 0):
            raise RuleRefused(
                N_(
                    "Des articles de ce ticket ou de ce colis ont déjà été rapportés : annulez d'abord ce retour, dans le stock (F7 sur le lot)."
                )
            )


class DateToRead(RuleRefused):
    """The book knows only lots past their use-by date: the date on the pack must be read. `article` says which."""

    def __init__(self, article: int, name: str) -> None:
        super().__init__(
            N_("« {article} » : d'après le stock, la DLC est dépassée. Lisez la date sur l'emballage."), article=name
        )
        self.article = article


_LOT, _ARTICLE = table_of(Lot), table_of(Article)
# Family, then what `LotState` holds, in its order.
_KNOWN = (
    _ARTICLE.c.id.label("article"), _ARTICLE.c.family_id, _LOT.c.id,
    case((_ARTICLE.c.sold_by == SoldBy.PIECE, _LOT.c.balance_pieces), else_=_LOT.c.balance_grams).label("quantity"),
    _LOT.c.date_kind, _LOT.c.limit_on, _LOT.c.received_on, _LOT.c.origin, (_LOT.c.place != Place.SHELF).label("stored"),
)  # fmt: skip
_QUARANTINE = table_of(Quarantine)
_NONE: ColumnElement[int] = literal_column("0", Integer)
# A lot set aside is drawn from only where a person named it: what is in the bag is recorded, first-expired-first-out never guesses it.
ASIDE = select(_QUARANTINE.c.lot_id).where(_QUARANTINE.c.lifted_at.is_(None))


def aside_in(session: Session, lots: Iterable[int]) -> frozenset[int]:
    """Return which of these lots are set aside, inside a caller's block."""
    return frozenset(session.scalars(ASIDE.where(_QUARANTINE.c.lot_id.in_(sorted(lots)))))


# The articles and their lots at once, an article without any once too.
_IN_STOCK = Prepared(
    select(*_KNOWN)
    .select_from(_ARTICLE)
    .outerjoin(_LOT, and_(
        _LOT.c.article_id == _ARTICLE.c.id,
        _LOT.c.id.not_in(ASIDE),
        # Written out, and not bound: an index of the lots in stock alone serves it, whatever the years before.
        or_(_LOT.c.balance_pieces > _NONE, _LOT.c.balance_grams > _NONE),
    ))
    .where(_ARTICLE.c.id.in_(bindparam("articles", expanding=True)))
)  # fmt: skip
_NAMED_LOTS = Prepared(
    select(*_KNOWN)
    .select_from(_ARTICLE)
    .join(_LOT, _LOT.c.article_id == _ARTICLE.c.id)
    .where(_LOT.c.id.in_(bindparam("lots", expanding=True)))
)


def split_over_lots(session: Session, basket: Basket, day: date) -> list[dict[str, Any]]:
    """Return the stored parts of each line, one a lot; opens an unknown lot where the book knows none.

    Raises `DateToRead`, `BestBeforeToCheck` for goods past their best-before date that nobody checked for `day`, and `BadInput`
    for a pack past its use-by date. Every date is judged on `day`, the distribution's own.
    """
    families, lots = _known_lots(session, basket)
    parts: list[dict[str, Any]] = []
    stale: list[tuple[int, str, LotState]] = []
    for i, line in enumerate(basket.lines, start=1):
        held = lots[line.article]
        draws = _draws(session, line, held, day)
        taken = dict(draws)
        origins: dict[int, Origin] = {}
        for at, s in enumerate(held):
            if s.id in taken:
                origins[s.id] = s.origin
                if s.past_best_before(day):
                    stale.append((line.article, line.name, s))
                held[at] = LotState(s.id, s.quantity - taken[s.id], *s[2:])
        parts += _parts_of(line, i, families[line.article], draws, origins, len(parts))
    if stale:
        refuse_unchecked(session, stale, day)
    return parts


def _known_lots(session: Session, basket: Basket) -> tuple[dict[int, int], dict[int, list[LotState]]]:
    """Return the family of each article of a basket, and its lots in stock, those named in the basket included."""
    families: dict[int, int] = {}
    lots: dict[int, list[LotState]] = defaultdict(list)
    rows = _IN_STOCK.rows(session, {"articles": sorted({line.article for line in basket.lines})})
    named = [line.lot for line in basket.lines if line.lot is not None]
    if named:
        found = {r.id for r in rows}
        rows += [r for r in _NAMED_LOTS.rows(session, {"lots": named}) if r.id not in found]
    for row in rows:
        families[row.article] = row.family_id
        if row.id is not None:
            lots[row.article].append(LotState._make(row[2:]))
    return families, lots


def _draws(session: Session, line: Line, held: list[LotState], day: date) -> list[tuple[int, int]]:
    quantity = line.pieces if line.sold_by is SoldBy.PIECE else line.grams
    if line.pack_date is None and line.lot is None:
        # Nearly every line: the lot whose turn it is holds the whole of it.
        alone = serves_alone(held, quantity, day) if quantity > 0 else None
        if alone is not None:
            return [(alone.id, quantity)]
    kinds: set[DateKind] = set()
    if line.pack_date is not None:
        if line.pack_date < day:
            raise BadInput(
                N_("« {article} » : la DLC de l'emballage est dépassée. Ne remettez pas ce produit."), article=line.name
            )
        kinds = {lot.date_kind for lot in held}
        held[:] = [lot for lot in held if not lot.past_on(day)]
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
        lot = _lot_below_zero(
            session, line, day, DateKind.BEST_BEFORE if kinds == {DateKind.BEST_BEFORE} else DateKind.USE_BY
        )
        held.append(lot)
        draws.append((lot.id, found.missing))
    return draws


def _lot_below_zero(session: Session, line: Line, day: date, read_as: DateKind) -> LotState:
    """Return the lot that carries what the book did not know: the article's newest usable one, else a new unknown lot."""
    newest = session.execute(
        select(Lot.id, Lot.date_kind, Lot.limit_on, Lot.received_on, Lot.origin)
        .where(Lot.article_id == line.article, Lot.id.not_in(ASIDE))
        .order_by(Lot.id.desc())
        .limit(20)
    ).all()
    for row in newest:
        state = LotState(row.id, 0, row.date_kind, row.limit_on, row.received_on, row.origin)
        if not state.past_on(day) and (line.pack_date is None or row.limit_on == line.pack_date):
            return state
    kind = read_as if line.pack_date else DateKind.NONE
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
            "shelf_cents": shelf[k], "paid_cents": paid[k], "gross_grams": line.gross_grams if k == 0 else None,
            "scale_id": line.scale,
        }
        for k, (lot, quantity) in enumerate(draws)
    ]  # fmt: skip


def _whole(total: int, _weights: tuple[int, ...]) -> tuple[int, ...]:
    return (total,)
