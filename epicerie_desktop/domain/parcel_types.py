"""Parcel types: what a household of a certain size is given, added to a basket in one gesture."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from epicerie_desktop.domain.basket import ArticleOffer, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.units import parse_count, parse_grams
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article and how much of it: pieces, or grams of an article sold by weight."""

    article: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ParcelSize:
    """What the parcel holds for households of at least so many persons."""

    persons: int
    wanted: tuple[Wanted, ...]


def size_for(sizes: Iterable[ParcelSize], persons: int) -> tuple[Wanted, ...]:
    """Return what a household of `persons` is given: the largest size it reaches, else the smallest there is."""
    ordered = sorted(sizes, key=lambda s: s.persons)
    reached = [s for s in ordered if s.persons <= max(persons, 1)] or ordered[:1]
    return reached[-1].wanted if reached else ()


def filled(
    basket: Basket, wanted: Iterable[Wanted], offers: Mapping[int, ArticleOffer]
) -> tuple[Basket, tuple[int, ...]]:
    """Return a basket with all that is wanted, and the articles left out: not sold any more, or without a value.

    The weight of a bag made ready is an estimate: nothing was weighed.
    """
    left_out = []
    for want in wanted:
        offer = offers.get(want.article)
        if offer is None or offer.reference_cents is None:
            left_out.append(want.article)
        elif offer.sold_by is SoldBy.PIECE:
            basket = basket.with_pieces(str(uuid.uuid4()), offer, want.quantity)
        else:
            basket = basket.with_weighed(str(uuid.uuid4()), offer, want.quantity, WeightSource.ESTIMATED)
    return basket, tuple(left_out)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What may be added in one gesture, and the articles left out or cut down, each with its reason."""

    wanted: tuple[Wanted, ...]
    asked: tuple[int, ...] = ()
    """Left out: a question must be answered first (a date to read, a lot set aside …)."""
    missing: tuple[int, ...] = ()
    """Left out: none is in stock."""
    fewer: tuple[int, ...] = ()
    """Cut down to what is in stock."""


def proposed(wanted: Iterable[Wanted], asked: Set[int], held: Mapping[int, int] | None = None) -> Proposed:
    """Return what may be added of what is wanted: no article of `asked` and, with `held`, no more than is in stock.

    `held` is in pieces or grams by article; None where what is added lies there already, whatever the book says.
    """
    kept, left, missing, fewer = [], [], [], []
    for want in wanted:
        most = want.quantity if held is None else max(0, held.get(want.article, 0))
        if want.article in asked:
            left.append(want.article)
        elif not most:
            missing.append(want.article)
        else:
            kept.append(Wanted(want.article, min(want.quantity, most)))
            if most < want.quantity:
                fewer.append(want.article)
    return Proposed(tuple(kept), tuple(left), tuple(missing), tuple(fewer))


def parse_sizes(typed: str) -> tuple[int, ...]:
    """Return the numbers of persons from which a parcel grows, typed « 1 3 5 », in their order. Raises `BadInput`."""
    found = typed.replace(",", " ").replace(";", " ").split()
    if not found or not all(n.isascii() and n.isdecimal() and 0 < int(n[:4]) < 100 and len(n) < 5 for n in found):
        raise BadInput(N_("Tapez à partir de combien de personnes le colis change, par exemple : 1 3 5."))
    return tuple(sorted({int(n) for n in found}))


def parse_quantities(typed: str, sizes: int, sold_by: SoldBy) -> tuple[int, ...]:
    """Return the quantity of each size, typed « 1 2 3 » (pieces) or « 0,5 1 1,5 » (kilos), 0 for none; one number alone is for all.

    Pieces, or grams of what is weighed. Raises `BadInput`.
    """
    found = typed.replace(";", " ").split()
    if len(found) == 1:
        found *= sizes
    if len(found) != sizes:
        raise BadInput(N_("Tapez un nombre par taille de foyer, séparés par un espace : il en faut {n}."), n=sizes)
    read = parse_count if sold_by is SoldBy.PIECE else parse_grams
    return tuple(0 if not n.strip("0,.") else read(n) for n in found)


def to_json(sizes: Iterable[ParcelSize]) -> list[dict[str, Any]]:
    """Return sizes as plain values for their column."""
    return [{"persons": s.persons, "articles": [[w.article, w.quantity] for w in s.wanted]} for s in sizes]


def from_json(values: Iterable[Mapping[str, Any]]) -> tuple[ParcelSize, ...]:
    """Return the sizes kept in a column."""
    return tuple(ParcelSize(v["persons"], tuple(Wanted(a, q) for a, q in v["articles"])) for v in values)
