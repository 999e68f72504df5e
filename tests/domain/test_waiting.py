"""The order of the waiting list, and the sentence that explains each rank."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.eligibility.terms import WaitingOrder
from epicerie_desktop.domain.waiting import Waiting, ranked

O = WaitingOrder  # noqa: E741
EARLY, LATE = date(2026, 11, 2), date(2026, 11, 9)
LIST = (
    Waiting(1, EARLY, figure=Fraction(900), helped=True),
    Waiting(2, LATE, urgent=True, figure=Fraction(500), children=3),
    Waiting(3, LATE, figure=Fraction(-200), children=1),
    Waiting(4, LATE, children=1),
)


def told(order: tuple[WaitingOrder, ...]) -> list[tuple[int, str]]:
    return [(r.waiting.entry, r.why.sentence()) for r in ranked(LIST, order)]


def test_each_rank_is_explained_by_the_first_thing_that_tells_it_from_its_neighbour() -> None:
    assert [e for e, _why in told((O.URGENCY, O.LOWEST_FIGURE))] == [2, 3, 1, 4]
    whys = [why for _e, why in told((O.URGENCY, O.LOWEST_FIGURE))]
    for why, words in zip(whys, ("urgente", "n°\xa01, dont la situation", "plus bas", "plus bas"), strict=True):
        assert words in why.replace("n° 1", "n°\xa01")


def test_without_an_order_who_waits_longest_comes_first_then_who_was_put_down_first() -> None:
    assert [e for e, _why in told(())] == [1, 2, 3, 4]
    assert "02/11/2026" in told(())[0][1]
    assert "le même jour" in told(())[3][1]
    assert [e for e, _why in told((O.MOST_CHILDREN, O.NEVER_HELPED))] == [2, 3, 4, 1]


@given(st.permutations(LIST), st.lists(st.sampled_from(list(O)), unique=True).map(tuple))
def test_the_order_does_not_depend_on_who_reads_the_list(
    given_: list[Waiting], order: tuple[WaitingOrder, ...]
) -> None:
    found = ranked(given_, order)
    assert found == ranked(LIST, order)
    assert [r.rank for r in found] == [1, 2, 3, 4]
