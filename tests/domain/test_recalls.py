"""Who received a recalled lot: nobody is left out, nobody is told sure who may not have it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.domain.recalls import LotLife, Taken, plain_lot, receivers

DAY = date(2026, 11, 2)
days = st.integers(0, 6).map(lambda n: DAY + timedelta(days=n))


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[LotLife], list[Taken]]:
    """Return a few lots of one article, and sales that each took from one of them on a day it was there or later."""
    lots, taken = [], []
    for n in range(1, draw(st.integers(1, 4)) + 1):
        received = draw(days)
        left: dict[date, int] = {}
        for _sale in range(draw(st.integers(0, 4))):
            day = max(received, draw(days))
            quantity = draw(st.integers(1, 3))
            left[day] = left.get(day, 0) + quantity
            taken.append(Taken(draw(st.integers(1, 5)), day, n, quantity, 0))
        recalled = draw(st.booleans())
        lots.append(
            LotLife(n, received, recalled, recalled and draw(st.booleans()), {received: draw(st.integers(0, 8))}, left)
        )
    return lots, taken


@given(shelves())
def test_everyone_who_took_of_a_recalled_lot_is_told_and_sure_means_sure(
    shelf: tuple[list[LotLife], list[Taken]],
) -> None:
    lots, taken = shelf
    found = receivers(lots, taken)
    told = {t.household for t in (*found.certain, *found.possible)}
    recalled = {n.id for n in lots if n.recalled}
    assert {t.household for t in taken if t.lot in recalled} <= told
    assert not {t.household for t in found.certain} & {t.household for t in found.possible}
    for line in found.certain:
        source = next(n for n in lots if n.id == line.lot)
        assert source.recalled
        assert source.certain
        assert not any(n.on_shelf(line.day) for n in lots if not n.recalled)
        assert not any(n.below_zero(line.day) for n in lots)
    if not recalled:
        assert told == set()


@given(st.text(max_size=20))
def test_a_lot_is_the_same_however_it_is_written(text: str) -> None:
    assert plain_lot(f"  {text.lower()} ") == plain_lot(text.lower())
    assert plain_lot("lot " + "12A4") == plain_lot("L12A4") == plain_lot("12a-4") == "12A4"
