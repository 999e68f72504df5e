"""A fair part of what is scarce: never more than there is, never less for a larger household, fair within one piece."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.fair_share import is_scarce, median, shared, usual_sizes

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=60)


@given(st.integers(0, 300), SIZES)
def test_the_parts_never_exceed_the_stock(left: int, sizes: list[int]) -> None:
    share = shared(left, sizes)
    assert sum(share.of(s) for s in sizes) <= left


@given(st.integers(0, 300), SIZES, st.integers(0, 15), st.integers(0, 15))
def test_a_larger_household_never_gets_less(left: int, sizes: list[int], one: int, other: int) -> None:
    share = shared(left, sizes)
    assert share.of(min(one, other)) <= share.of(max(one, other))


@given(st.integers(0, 300), SIZES)
def test_everybody_has_one_before_anybody_has_two_and_the_rest_is_fair_within_one_piece(
    left: int, sizes: list[int]
) -> None:
    share = shared(left, sizes)
    parts = [share.of(s) for s in sizes]
    if left < len(sizes):
        assert set(parts) <= {0, 1}
        return
    assert min(parts) >= 1
    for size, part in zip(sizes, parts, strict=True):
        assert abs(part - (1 + Fraction((left - len(sizes)) * size, sum(sizes)))) <= 1


def test_the_hint_is_as_a_volunteer_would_say_it() -> None:
    assert shared(29, [1] * 10 + [3] * 7 + [5] * 6).steps == ((1, 1), (2, 5))
    assert shared(14, [1] * 10 + [3] * 7 + [5] * 6).steps == ((0, 1), (1, 3))
    assert shared(3, [2] * 5).steps == ((0, 2),)


def test_what_is_left_is_scarce_below_what_the_households_expected_usually_take() -> None:
    assert is_scarce(14, 23, Fraction(1))
    assert not is_scarce(23, 23, Fraction(1))
    assert not is_scarce(14, 23, Fraction(1, 2))
    assert not is_scarce(0, 23, Fraction(1))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.integers(1, 40))
def test_usual_households_are_as_many_as_asked_and_of_sizes_known(sizes: list[int], households: int) -> None:
    found = usual_sizes(sizes, households)
    assert len(found) == households
    assert set(found) <= set(sizes)
    if households == len(sizes):
        assert sorted(found) == sorted(sizes)


def test_the_median_of_no_day_is_none() -> None:
    assert (median([]), median([9]), median([4, 20, 5]), median([4, 6])) == (0, 9, 5, 4)
