"""What the hand does to a basket beyond adding: change a number of pieces, date a line, say what goes over a ceiling."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from epicerie_desktop.domain.access import CeilingLeft
from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy, WeightSource


@dataclass(frozen=True, slots=True)
class Pending:
    """An article on its way to the basket: what is already known of it, the rest being asked step by step."""

    offer: ArticleOffer
    pieces: int = 1
    grams: int | None = None
    source: WeightSource = WeightSource.TYPED
    tare_grams: int = 0
    pack_date: date | None = None
    agreed: bool = False
    """Whether the household wants it all the same, a tag of its own notwithstanding."""
    bag_cents: int | None = None
    """The value of each of `pieces` bags, where no weight may make the price."""
    gross_grams: int | None = None
    scale: int | None = None
    said: str = ""
    """What was understood of its label."""
    pack_lot: str = ""
    """The lot read on the pack by the scanner, where its label tells one."""
    pack_seen: bool = False
    """Whether the pack was looked at: it is not of a lot set aside."""
    checked: bool = False
    """Whether its best-before date, past, was answered for."""

    @property
    def needs_weight(self) -> bool:
        """Return whether the article is weighed and nothing told its weight yet."""
        return self.offer.sold_by is SoldBy.WEIGHT and self.grams is None and self.bag_cents is None


def new_basket(participation_permille: int) -> Basket:
    """Return an empty basket with an identity of its own, by which it is booked once only."""
    return Basket(str(uuid.uuid4()), participation_permille)


def add(basket: Basket, pending: Pending, capacity_grams: int) -> Basket:
    """Return the basket with what is pending. Raises `BadInput` for a weight the scale cannot carry, or no value."""
    uid = str(uuid.uuid4())
    if pending.offer.sold_by is SoldBy.PIECE:
        return basket.with_pieces(uid, pending.offer, pending.pieces, pack_date=pending.pack_date)
    if pending.bag_cents is not None:
        grown = basket.with_bags(uid, pending.offer, pending.pieces, pending.bag_cents)
    else:
        grown = basket.with_weighed(
            uid, pending.offer, pending.grams or 0, pending.source, tare_grams=pending.tare_grams, capacity_grams=capacity_grams,
            gross_grams=pending.gross_grams, scale=pending.scale,
        )  # fmt: skip
    return dated(grown, pending.offer.id, pending.pack_date, only=uid) if pending.pack_date else grown


def dated(basket: Basket, article: int, pack_date: date, *, only: str = "") -> Basket:
    """Return the basket with the date read on the pack written on the lines of `article` that have none."""
    lines = tuple(
        replace(line, pack_date=pack_date)
        if line.article == article and line.pack_date is None and only in ("", line.uid)
        else line
        for line in basket.lines
    )
    return replace(basket, lines=lines)


def changed_line(before: Basket, after: Basket) -> int | None:
    """Return the row that was added or enlarged between two states of a basket, None when nothing grew."""
    old = {line.uid: line for line in before.lines}
    return next((i for i, line in enumerate(after.lines) if old.get(line.uid) != line), None)


def exceeded(ceilings: Iterable[CeilingLeft], weights: Iterable[int]) -> tuple[tuple[CeilingLeft, int], ...]:
    """Return the ceilings that a basket goes over, each with by how much; `weights` is what it weighs on each."""
    return tuple((c, c.over(w)) for c, w in zip(ceilings, weights, strict=True) if c.over(w))
