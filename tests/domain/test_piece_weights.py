"""What a piece weighs when its pack does not say: the median of weighed receptions, which a few wrong ones hardly move."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.basket import ESTIMATES, ArticleOffer, Basket, SoldBy, WeightSource
from epicerie_desktop.domain.piece_weights import LEARNED_OVER, WeighedReception, guess_of, learned, weight_of
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.terms_at_till import Item
from epicerie_desktop.domain.till_account import portions_of

DAY = date(2026, 3, 2)
arrivals = st.builds(
    WeighedReception, st.dates(DAY, DAY + timedelta(days=300)), st.integers(1, 500), st.integers(1, 500_000)
)


def arrival(grams: int, pieces: int = 1, *, days: int = 0) -> WeighedReception:
    return WeighedReception(DAY + timedelta(days=days), pieces, grams)


def test_a_weight_is_the_median_of_the_latest_receptions_and_says_how_many_and_since_when() -> None:
    found = learned([arrival(4_120, 10), arrival(800, 2, days=3), arrival(99_000, 1, days=9)])
    assert found is not None
    assert (found.grams, found.over, found.since) == (412, 3, DAY)
    assert learned([]) is None
    assert learned([arrival(0), arrival(500, 0)]) is None
    older = [arrival(1_000, days=-n) for n in range(1, 40)]
    latest = learned([*older, *(arrival(400, days=n) for n in range(LEARNED_OVER))])
    assert latest is not None
    assert (latest.grams, latest.over, latest.since) == (400, LEARNED_OVER, DAY)


@given(st.lists(arrivals, min_size=1, max_size=LEARNED_OVER), st.data())
def test_fewer_than_half_of_wrong_receptions_cannot_take_the_weight_out_of_the_right_ones(
    right: list[WeighedReception], data: st.DataObject
) -> None:
    most = min(len(right) - 1, LEARNED_OVER - len(right))
    wrong = data.draw(st.lists(arrivals, max_size=max(0, most)))
    found = learned([*right, *wrong])
    assert found is not None
    each = [r.grams / r.pieces for r in right]
    assert max(1, min(each) - 0.5) <= found.grams <= max(1, max(each) + 0.5)


@given(st.lists(arrivals, min_size=1, max_size=LEARNED_OVER), st.integers(0, LEARNED_OVER - 1), st.integers(0, 100_000))
def test_a_heavier_reception_never_makes_a_piece_lighter(
    given_ones: list[WeighedReception], which: int, more: int
) -> None:
    before = learned(given_ones)
    one = given_ones[which % len(given_ones)]
    after = learned([*(r for r in given_ones if r is not one), WeighedReception(one.day, one.pieces, one.grams + more)])
    assert before is not None
    assert after is not None
    assert after.grams >= before.grams


def test_the_pack_comes_before_the_receptions_and_the_receptions_before_the_family() -> None:
    said = [weight_of(*known) for known in ((400, 412, 300), (None, 412, 300), (None, None, 300), (None, None, None))]
    assert [(w.grams, w.source) for w in said] == [
        (400, WeightSource.NET), (412, WeightSource.LEARNED), (300, WeightSource.FAMILY), (0, WeightSource.UNKNOWN),
    ]  # fmt: skip
    assert [w.source in ESTIMATES for w in said] == [False, True, True, False]
    assert not said[-1].known


def test_an_estimate_counts_in_kilos_and_makes_no_price() -> None:
    guess = guess_of(412, None)
    offer = ArticleOffer(
        1, "Yaourts", 1, "Frais", SoldBy.PIECE, 200, guess_grams=guess.grams, guess_source=guess.source
    )
    (line,) = Basket("b", 100).with_pieces("l", offer, 3).lines
    assert (line.grams, line.source) == (1_236, WeightSource.LEARNED)
    (portion,) = portions_of(line, 0, Item.of(1, ("Yaourts",), ()), [(Origin.DONATION, 3)])
    assert (portion.grams, portion.sure_grams) == (1_236, 0)
