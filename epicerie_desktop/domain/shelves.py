"""The walk along the shelves: which article stands on which shelf, in which place. A stock-take and its sheet follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf and its articles (their ids) in the order they stand; `id` is None until it is written."""

    name: str
    articles: tuple[int, ...] = ()
    id: int | None = None


Walk = tuple[Shelf, ...]
"""The shelves in the order one walks past them; an article stands on one at most."""


def place_of(walk: Walk, article: int) -> tuple[int, int] | None:
    """Return the number of the shelf of an article and its place there, both from 0; None where it has no shelf."""
    return next(((i, s.articles.index(article)) for i, s in enumerate(walk) if article in s.articles), None)


def put(walk: Walk, article: int, shelf: int | None, place: int | None = None) -> Walk:
    """Return the walk with an article at a place (from 0, past the end: last) of the shelf of that number, taken from where it was.

    `shelf` None takes it off; `place` None leaves it where it is on that same shelf, else puts it last.
    """
    was = place_of(walk, article)
    if place is None and was is not None and was[0] == shelf:
        return walk
    bare = tuple(replace(s, articles=tuple(a for a in s.articles if a != article)) for s in walk)
    if shelf is None:
        return bare
    held = bare[shelf].articles
    at = len(held) if place is None else max(0, min(place, len(held)))
    there = replace(bare[shelf], articles=(*held[:at], article, *held[at:]))
    return (*bare[:shelf], there, *bare[shelf + 1 :])


def moved(walk: Walk, article: int, step: int) -> Walk:
    """Return the walk with an article one place on (`step` 1) or back (-1); at the end of its shelf it goes to the next one."""
    was = place_of(walk, article)
    if was is None:
        return walk if step > 0 or not walk else put(walk, article, len(walk) - 1)
    shelf, place = was[0], was[1] + step
    if 0 <= place < len(walk[shelf].articles):
        return put(walk, article, shelf, place)
    if shelf + step < 0:
        return walk
    if shelf + step == len(walk):
        return put(walk, article, None)
    return put(walk, article, shelf + step, 0 if step > 0 else None)


def shelf_moved(walk: Walk, shelf: int, step: int) -> Walk:
    """Return the walk with a shelf and all it holds one place on or back."""
    to = shelf + step
    if not 0 <= to < len(walk):
        return walk
    found = list(walk)
    found[shelf], found[to] = found[to], found[shelf]
    return tuple(found)


def without(walk: Walk, shelf: int) -> Walk:
    """Return the walk without a shelf; its articles have none any more."""
    return (*walk[:shelf], *walk[shelf + 1 :])
