"""Where each article stands: the shelves in the order one walks past them, and the place of each article on its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.shelves import Shelf, Walk, put
from epicerie_desktop.persistence.models import Article, Family, Lot, ShelfPlace, ShelfRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold


@dataclass(frozen=True, slots=True)
class ShelfOrder:
    """The walk, and the articles it may hold (active or in stock): id and name, by family and name."""

    walk: Walk
    articles: tuple[tuple[int, str], ...]


def shelf_walk(desk: Desk) -> Walk:
    """Return the shelves in their order, empty where the shop has none."""
    with desk.db.read() as session:
        return walk_in(session)


def shelf_order(desk: Desk) -> ShelfOrder:
    """Return the walk with the articles to place on it."""
    with desk.db.read() as session:
        held = select(Lot.article_id).where(or_(Lot.balance_pieces != 0, Lot.balance_grams != 0))
        rows = session.execute(
            select(Article.id, Article.name).join(Family, Family.id == Article.family_id)
            .where(or_(Article.active, Article.id.in_(held), Article.id.in_(select(ShelfPlace.article_id))))
            .order_by(Family.position, Article.folded, Article.id)
        )  # fmt: skip
        return ShelfOrder(walk_in(session), tuple((r.id, r.name) for r in rows))


def save_shelf_walk(desk: Desk, walk: tuple[Shelf, ...]) -> None:
    """Keep another order of the shelves and of what stands on them.

    Raises `BadInput` for a shelf without a name, `RuleRefused` for a name given twice or an article placed twice.
    """
    named = [checked_name(s.name, N_("nom du rayon")) for s in walk]
    for i, name in enumerate(named):
        if any(fold(name) == fold(other) for other in named[:i]):
            raise RuleRefused(N_("Le rayon « {shelf} » existe déjà."), shelf=name)
    placed = [a for s in walk for a in s.articles]
    if len(placed) != len(set(placed)):
        raise RuleRefused(N_("Un article ne peut pas être dans deux rayons : rouvrez l'ordre des rayons."))
    with desk.db.write() as session:
        _write(session, tuple(Shelf(n, s.articles, s.id) for n, s in zip(named, walk, strict=True)))
        seal_in_journal(session, desk, "shelves", {"shelves": len(walk), "articles": len(placed)})


def walk_in(session: Session) -> Walk:
    """Return the walk, inside a caller's block."""
    held: dict[int, list[int]] = {}
    for shelf, article in session.execute(
        select(ShelfPlace.shelf_id, ShelfPlace.article_id).order_by(ShelfPlace.place, ShelfPlace.article_id)
    ):
        held.setdefault(shelf, []).append(article)
    rows = session.execute(select(ShelfRow.id, ShelfRow.name).order_by(ShelfRow.position, ShelfRow.id))
    return tuple(Shelf(r.name, tuple(held.get(r.id, ())), r.id) for r in rows)


def place_in(session: Session, article: int, shelf: int, place: int | None) -> None:
    """Put an article at a place (from 1) of a shelf, last where `place` is None; shelf 0 takes it off. Raises `BadInput`."""
    walk = walk_in(session)
    number = next((i for i, s in enumerate(walk) if s.id == shelf), None)
    if shelf and number is None:
        raise BadInput(N_("Ce rayon n'existe plus : choisissez-en un autre."))
    changed = put(walk, article, number, None if place is None else place - 1)
    if changed != walk:
        _write(session, changed)


def _write(session: Session, walk: Walk) -> None:
    session.execute(delete(ShelfPlace))
    session.execute(delete(ShelfRow).where(ShelfRow.id.not_in([s.id for s in walk if s.id is not None])))
    for position, shelf in enumerate(walk):
        row = session.get(ShelfRow, shelf.id) if shelf.id is not None else None
        if row is None:
            row = ShelfRow(name=shelf.name)
            session.add(row)
        row.name, row.position = shelf.name, position
        session.flush()
        session.add_all(
            [ShelfPlace(article_id=a, shelf_id=row.id, place=n) for n, a in enumerate(shelf.articles, start=1)]
        )
    session.flush()
