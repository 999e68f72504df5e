"""The walk along the shelves: whatever is moved, nothing is lost, nothing stands twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.shelves import Shelf, Walk, moved, place_of, put, shelf_moved, without

WALKS = st.permutations(range(12)).flatmap(
    lambda ids: st.lists(st.integers(0, 4), min_size=1, max_size=4).map(
        lambda sizes: tuple(
            Shelf(f"R{i}", tuple(ids[sum(sizes[:i]) : sum(sizes[: i + 1])]), i) for i in range(len(sizes))
        )
    )
)


def held(walk: Walk) -> list[int]:
    return sorted(a for s in walk for a in s.articles)


@given(WALKS, st.integers(0, 11), st.sampled_from([-1, 1]), st.data())
def test_an_article_moved_stands_once_and_the_others_keep_their_order(
    walk: Walk, article: int, step: int, data: st.DataObject
) -> None:
    shelf = data.draw(st.integers(0, len(walk) - 1))
    for after in (
        moved(walk, article, step), put(walk, article, shelf, data.draw(st.integers(0, 15))), shelf_moved(walk, shelf, step)
    ):  # fmt: skip
        assert len(held(after)) == len(set(held(after)))
        assert set(held(walk)) - {article} <= set(held(after)) <= set(held(walk)) | {article}
        assert {s.name for s in after} == {s.name for s in walk}
        others = [[a for a in s.articles if a != article] for s in sorted(after, key=lambda s: s.name)]
        assert others == [[a for a in s.articles if a != article] for s in sorted(walk, key=lambda s: s.name)]


@given(WALKS, st.integers(0, 11))
def test_going_on_then_back_is_where_one_was(walk: Walk, article: int) -> None:
    if place_of(walk, article) is not None:
        assert moved(moved(walk, article, 1), article, -1) == walk


def test_at_the_end_of_a_shelf_an_article_goes_to_the_next_one_and_past_the_last_it_has_none() -> None:
    walk = (Shelf("Entrée", (1, 2)), Shelf("Frigo", (3,)))
    assert moved(walk, 2, 1) == (Shelf("Entrée", (1,)), Shelf("Frigo", (2, 3)))
    assert moved(walk, 3, -1) == (Shelf("Entrée", (1, 2, 3)), Shelf("Frigo"))
    assert moved(walk, 1, -1) == walk
    assert moved(walk, 3, 1) == (Shelf("Entrée", (1, 2)), Shelf("Frigo"))
    assert put(walk, 9, 0, 0)[0].articles == (9, 1, 2)
    assert put(walk, 1, 0) == walk
    assert without(walk, 0) == (Shelf("Frigo", (3,)),)
