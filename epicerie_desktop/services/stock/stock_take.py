"""A stock-take: shelf by shelf, resumable, blind if wished; what is sold meanwhile is not counted as a difference.

A lot set aside (a recall, a quarantine) is not on its shelf: it is no part of what is counted, and no correction touches it.
"""

from __future__ import annotations

import uuid
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.count_sheet import CountLine, CountSheet
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.stock import DateKind, MoveKind, Origin
from epicerie_desktop.domain.units import MAX_GRAMS, round_half_up, split_evenly
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import (
    Article,
    ArticleCode,
    Family,
    Lot,
    ShelfPlace,
    ShelfRow,
    StockMove,
    StockTake,
    StockTakeLine,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.values import values_in
from epicerie_desktop.services.stock.lots_drawn import ASIDE
from epicerie_desktop.services.stock.piece_weights import weight_in
from epicerie_desktop.services.stock.receive import MAX_PIECES
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class CountedRow:
    """An article of a stock-take, in shelf order: what the book says, what was counted (None: not yet), the difference (None too).

    Pieces where it is sold by the piece, grams always; the value of the difference in cents, None where the article has none.
    A blind take tells nothing of the book before the article is counted.
    """

    article: int
    name: str
    family: str
    sold_by: SoldBy
    book_pieces: int | None
    book_grams: int | None
    counted_pieces: int | None
    counted_grams: int | None
    difference_pieces: int | None
    difference_grams: int | None
    difference_cents: int | None
    shelf: str = ""
    """Empty where the article has none."""
    aside: bool = False
    """Whether some of it is set aside, and not to count."""


@dataclass(frozen=True, slots=True)
class OpenTake:
    """The stock-take that is open, its articles in shelf order, and whether this account may close it."""

    id: int
    blind: bool
    may_close: bool
    rows: tuple[CountedRow, ...]


def open_take(desk: Desk) -> OpenTake | None:
    """Return the stock-take that is open, None where there is none."""
    with desk.db.read() as session:
        found = session.execute(
            select(StockTake.id, StockTake.blind).where(StockTake.closed_at.is_(None))
        ).one_or_none()  # fmt: skip
    if found is None:
        return None
    return OpenTake(found.id, found.blind, desk.actor.role != Role.VOLUNTEER, stock_take(desk, found.id))


def open_stock_take(desk: Desk, *, blind: bool = False) -> int:
    """Begin a stock-take, or return the one that is open: it is taken up where it was."""
    with desk.db.write() as session:
        known = session.scalar(select(StockTake.id).where(StockTake.closed_at.is_(None)))
        if known is not None:
            return known
        row = StockTake(opened_at=desk.clock.now(), opened_by=desk.actor.id, blind=blind)
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "stock-take", {"take": row.id})
        return row.id


def count_article(desk: Desk, take: int, article: int, *, pieces: int = 0, grams: int = 0) -> None:
    """Write what was counted of an article: pieces, or grams where it is weighed; counted again, the last count holds.

    Raises `BadInput` for a count no shelf can hold, `RuleRefused` where the stock-take is closed.
    """
    if not (0 <= pieces <= MAX_PIECES and 0 <= grams <= MAX_GRAMS):
        raise BadInput(N_("Cette quantité est trop grande pour un rayon. Vérifiez la saisie."))
    with desk.db.write() as session:
        _open_one(session, take)
        found = session.get_one(Article, article)
        book_pieces, book_grams = _book(session, article)
        if found.sold_by is SoldBy.PIECE:
            grams = _grams_of(session, found, pieces, book_pieces, book_grams)
        else:
            pieces = 0
        session.merge(
            StockTakeLine(
                stock_take_id=take, article_id=article, counted_pieces=pieces, counted_grams=grams, book_pieces=book_pieces,
                book_grams=book_grams, counted_at=desk.clock.now(), counted_by=desk.actor.id,
            )
        )  # fmt: skip


def forget_count(desk: Desk, take: int, article: int) -> None:
    """Take back what was counted of an article: it is again to count."""
    with desk.db.write() as session:
        _open_one(session, take)
        row = session.get(StockTakeLine, (take, article))
        if row is not None:
            session.delete(row)


def close_stock_take(desk: Desk, take: int, note: str = "") -> int:
    """Put the book right by corrections, for the articles that were counted, and return how many differed.

    What was not counted is left as it is. Raises `RuleRefused` for a volunteer, or where nothing was counted or it is closed.
    """
    require_team(desk)
    with desk.db.write() as session:
        row = _open_one(session, take)
        lines = session.scalars(select(StockTakeLine).where(StockTakeLine.stock_take_id == take)).all()
        if not lines:
            raise RuleRefused(N_("Rien n'est encore compté : cet inventaire reste ouvert."))
        # One instant for the closing and its corrections: by it they are told from what is counted lot by lot.
        moved, now = 0, desk.clock.now()
        for line in lines:
            pieces, grams = line.counted_pieces - line.book_pieces, line.counted_grams - line.book_grams
            if pieces or grams:
                _correct(session, desk, now, line.article_id, pieces, grams)
                moved += 1
        row.closed_at, row.closed_by, row.note = now, desk.actor.id, checked_text(note)
        session.flush()
        seal_in_journal(session, desk, "stock-take-close", {"take": take, "articles": len(lines), "differences": moved})
        return moved


def stock_take(desk: Desk, take: int) -> tuple[CountedRow, ...]:
    """Return the articles of a stock-take in shelf order: those in stock, and those counted though the book had none."""
    with desk.db.read() as session:
        blind = session.get_one(StockTake, take).blind
        lines = {
            line.article_id: line
            for line in session.scalars(select(StockTakeLine).where(StockTakeLine.stock_take_id == take))
        }
        values, aside = values_in(session, desk.clock.today()), _articles_aside(session)
        return tuple(
            replace(
                _row(a, family, lines.get(a.id), book, values.of(a.id, a.family_id, a.sold_by), blind=blind),
                shelf=shelf,
                aside=a.id in aside,
            )
            for a, family, shelf, book in _to_count(session, lines)
        )


def count_sheet(desk: Desk) -> CountSheet:
    """Return the sheet to count with: the articles in stock, and those the open stock-take counted, by shelf, else by family."""
    from epicerie_desktop.services.sheets import header

    with desk.db.read() as session:
        counted = select(StockTakeLine.article_id).join(StockTake).where(StockTake.closed_at.is_(None))
        known = set(session.scalars(counted))
        codes = {
            a: c
            for c, a in session.execute(
                select(ArticleCode.code, ArticleCode.article_id).order_by(ArticleCode.code.desc())
            )
        }
        groups: dict[str, list[CountLine]] = {}
        found, aside = _to_count(session, known), _articles_aside(session)
        shelved = any(shelf for _a, _family, shelf, _book in found)
        for n, (a, family, shelf, _book) in enumerate(found, start=1):
            name = named_aside(a.name) if a.id in aside else a.name
            line = CountLine(n, name, a.short_code or codes.get(a.id, ""), a.sold_by)
            groups.setdefault((shelf or _("Sans rayon")) if shelved else family, []).append(line)
    return CountSheet(
        header(desk, WordingKind.STOCK_TAKE),
        tuple((name, tuple(lines)) for name, lines in groups.items()),
        desk.clock.now(),
    )


def named_aside(name: str) -> str:
    """Return the name of an article of which some is set aside, as the list and its sheet write it."""
    return _("{article} (sans ce qui est mis de côté)").format(article=name)


def count_sheet_pdf(desk: Desk) -> bytes:
    """Return that sheet as PDF."""
    from epicerie_desktop.printing import count_sheet as printed

    return printed.render(count_sheet(desk))


def _articles_aside(session: Session) -> frozenset[int]:
    holds = or_(Lot.balance_pieces != 0, Lot.balance_grams != 0)
    return frozenset(session.scalars(select(Lot.article_id).where(Lot.id.in_(ASIDE), holds)))


def _to_count(session: Session, counted: Container[int]) -> list[tuple[Article, str, str, tuple[int, int]]]:
    """Return each article that holds something or was counted, with its family, its shelf and what the book holds, in the order of the walk."""
    pieces, grams = func.coalesce(func.sum(Lot.balance_pieces), 0), func.coalesce(func.sum(Lot.balance_grams), 0)
    held = {
        a: (int(p), int(g))
        for a, p, g in session.execute(
            select(Lot.article_id, pieces, grams)
            .where(or_(Lot.balance_pieces != 0, Lot.balance_grams != 0), Lot.id.not_in(ASIDE))
            .group_by(Lot.article_id)
        )
    }
    found = []
    for a, family, shelf in session.execute(
        select(Article, Family.name, ShelfRow.name).join(Family, Family.id == Article.family_id)
        .outerjoin(ShelfPlace, ShelfPlace.article_id == Article.id).outerjoin(ShelfRow, ShelfRow.id == ShelfPlace.shelf_id)
        .order_by(ShelfRow.position.is_(None), ShelfRow.position, ShelfPlace.place, Family.position, Article.folded, Article.id)
    ):  # fmt: skip
        book = held.get(a.id, (0, 0))
        if a.id in counted or (book[0] if a.sold_by is SoldBy.PIECE else book[1]):
            found.append((a, family, shelf or "", book))
    return found


def _row(
    article: Article, family: str, line: StockTakeLine | None, book: tuple[int, int], value: int | None, *, blind: bool
) -> CountedRow:
    if line is None:
        pieces_told, grams_told = (None, None) if blind else book
        return CountedRow(
            article.id, article.name, family, article.sold_by, pieces_told, grams_told, None, None, None, None, None
        )
    pieces, grams = line.counted_pieces - line.book_pieces, line.counted_grams - line.book_grams
    cents = None
    if value is not None:
        cents = value * pieces if article.sold_by is SoldBy.PIECE else round_half_up(Fraction(value * grams, 1000))
    return CountedRow(
        article.id, article.name, family, article.sold_by, line.book_pieces, line.book_grams, line.counted_pieces,
        line.counted_grams, pieces, grams, cents,
    )  # fmt: skip


def _open_one(session: Session, take: int) -> StockTake:
    row = session.get_one(StockTake, take)
    if row.closed_at is not None:
        raise RuleRefused(N_("Cet inventaire est clos : commencez-en un autre."))
    return row


def _book(session: Session, article: int) -> tuple[int, int]:
    pieces, grams = session.execute(
        select(func.coalesce(func.sum(Lot.balance_pieces), 0), func.coalesce(func.sum(Lot.balance_grams), 0)).where(
            Lot.article_id == article, Lot.id.not_in(ASIDE)
        )
    ).one()
    return int(pieces), int(grams)


def _grams_of(session: Session, article: Article, pieces: int, book_pieces: int, book_grams: int) -> int:
    """Return what so many pieces weigh: as much apiece as the book holds, else what a piece of the article weighs."""
    if article.net_grams is None and book_pieces > 0 and book_grams > 0:
        return round_half_up(Fraction(book_grams * pieces, book_pieces))
    return pieces * weight_in(session, article).grams


def _correct(session: Session, desk: Desk, now: datetime, article: int, pieces: int, grams: int) -> None:
    """Spread a difference over the lots of an article, those set aside left as they are.

    What is missing is taken from the lots that hold some, first expired first; what is too much mends the lots below zero, then goes
    to the newest one, rather of those not past their date, else to a lot of unknown origin.
    """
    by_piece = session.get_one(Article, article).sold_by is SoldBy.PIECE
    lots = session.scalars(
        select(Lot)
        .where(Lot.article_id == article, Lot.id.not_in(ASIDE))
        .order_by(Lot.limit_on.is_(None), Lot.limit_on, Lot.id)
    ).all()

    def held(lot: Lot) -> int:
        return lot.balance_pieces if by_piece else lot.balance_grams

    rest = pieces if by_piece else grams
    if not rest:
        # The pieces are right and only their known weight is not: their grams follow, on the lots that hold them.
        full = [lot for lot in lots if held(lot) > 0] or list(lots[-1:])
        if not full:
            return
        shares = split_evenly(grams, tuple(max(1, held(lot)) for lot in full))
        for lot, share in zip(full, shares, strict=True):
            _write(session, desk, now, lot, 0, share)
        return
    parts: list[tuple[Lot, int]] = []
    for lot in lots:
        part = -min(-rest, max(0, held(lot))) if rest < 0 else min(rest, max(0, -held(lot)))
        if part:
            parts.append((lot, part))
            rest -= part
    if rest:
        today = desk.clock.today()
        last = max(lots, key=lambda n: (n.limit_on is None or n.limit_on >= today, n.id), default=None) or _unknown(
            session, desk, article
        )
        parts = [(lot, part + rest) if lot is last else (lot, part) for lot, part in parts]
        if all(lot is not last for lot, _part in parts):
            parts.append((last, rest))
    if not by_piece:
        for lot, part in parts:
            _write(session, desk, now, lot, 0, part)
        return
    for (lot, part), share in zip(parts, split_evenly(grams, tuple(abs(part) for _lot, part in parts)), strict=True):
        _write(session, desk, now, lot, part, share)


def _unknown(session: Session, desk: Desk, article: int) -> Lot:
    lot = Lot(
        article_id=article,
        origin=Origin.UNKNOWN,
        received_on=desk.clock.today(),
        date_kind=DateKind.NONE,
        balance_pieces=0,
        balance_grams=0,
    )
    session.add(lot)
    session.flush()
    return lot


def _write(session: Session, desk: Desk, now: datetime, lot: Lot, pieces: int, grams: int) -> None:
    session.add(
        StockMove(
            uid=uuid.uuid4(), lot_id=lot.id, kind=MoveKind.CORRECTION, day=desk.clock.today(), pieces=pieces, grams=grams,
            made_at=now, made_by=desk.actor.id,
        )
    )  # fmt: skip
    session.execute(
        update(Lot).where(Lot.id == lot.id)
        .values(balance_pieces=Lot.balance_pieces + pieces, balance_grams=Lot.balance_grams + grams)
    )  # fmt: skip
