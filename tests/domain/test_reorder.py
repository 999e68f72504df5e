"""What to ask for: enough, by whole packs, never a pack too many; and what a week usually takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.reorder import Goal, Proposal, proposed, usual_week

AMOUNTS = st.integers(0, 100_000)


@given(st.integers(-500, 100_000), AMOUNTS, st.integers(0, 26), AMOUNTS, st.integers(1, 5_000))
def test_what_is_asked_for_is_enough_and_not_a_pack_too_many(
    held: int, a_week: int, weeks: int, least: int, pack: int
) -> None:
    found = proposed(held, a_week, Goal(weeks, least, pack))
    there = max(0, held)
    assert found.asked == found.packs * pack
    assert there + found.asked >= max(least, weeks * a_week)
    assert not found.packs or there + found.asked - pack < max(least, weeks * a_week)
    assert found.missing <= found.asked


def test_the_example_of_a_coordinator() -> None:
    assert proposed(12, 8, Goal(2, 0, 5)) == Proposal(12, 8, 16, 5, 1)
    assert proposed(16, 8, Goal(2)).asked == 0
    assert proposed(3, 0, Goal(0, 10, 6)).packs == 2


def test_one_strange_week_does_not_make_a_habit() -> None:
    assert usual_week([8, 8, 9, 0, 60, 7, 8]) == 8
    assert usual_week([4, 7]) == 6
    assert usual_week([]) == 0


@given(st.lists(st.integers(-20, 500), min_size=1, max_size=12))
def test_a_usual_week_lies_between_the_least_and_the_most(weeks: list[int]) -> None:
    taken = [max(0, w) for w in weeks]
    assert min(taken) <= usual_week(weeks) <= max(taken)
