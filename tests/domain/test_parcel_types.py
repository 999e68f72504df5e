"""What a parcel type holds by size of household, as it is typed; and what may be added of it in one gesture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.parcel_types import Wanted, parse_quantities, parse_sizes, proposed
from epicerie_desktop.support.errors import BadInput


def test_sizes_are_typed_as_they_come() -> None:
    assert parse_sizes("5 1, 3;3") == (1, 3, 5)


@pytest.mark.parametrize("typed", ["", "0", "1 cent", "-1", "100", "٣"])
def test_what_is_no_number_of_persons_is_asked_again(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_sizes(typed)


def test_quantities_are_one_a_size_or_one_for_all() -> None:
    assert parse_quantities("1 2 0", 3, SoldBy.PIECE) == (1, 2, 0)
    assert parse_quantities("2", 3, SoldBy.PIECE) == (2, 2, 2)
    assert parse_quantities("0,5 1 1,250", 3, SoldBy.WEIGHT) == (500, 1000, 1250)


@pytest.mark.parametrize("typed", ["", "1 2", "un deux trois", "1,5 1 1"])
def test_quantities_that_do_not_fit_are_asked_again(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_quantities(typed, 3, SoldBy.PIECE)


@given(st.dictionaries(st.integers(1, 20), st.integers(1, 9)), st.sets(st.integers(1, 20)), st.dictionaries(st.integers(1, 20), st.integers(-5, 9)))  # fmt: skip
def test_each_article_wanted_is_proposed_or_left_out_with_its_reason(
    wanted: dict[int, int], asked: set[int], held: dict[int, int]
) -> None:
    found = proposed([Wanted(a, q) for a, q in wanted.items()], asked, held)
    kept = {w.article: w.quantity for w in found.wanted}
    assert sorted((*kept, *found.asked, *found.missing)) == sorted(wanted)
    assert all(0 < q <= min(wanted[a], held[a]) for a, q in kept.items())
    assert set(found.fewer) == {a for a, q in kept.items() if q < wanted[a]}
    assert set(found.asked) == set(wanted) & asked
