"""The columns of a lot add up, in pieces, grams and cents, whatever moved; a difference is seen and never spread."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.reports.lot_accounts import Column, cents_of, columns_of

FLOWS = st.lists(st.tuples(st.integers(-500, 500), st.integers(-90_000, 90_000)), min_size=8, max_size=8)
HELD = st.tuples(st.integers(-20, 300), st.integers(-50_000, 200_000))
# A busy machine makes a draw wait: nothing here is slow by itself.
patient = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
UNITS = st.none() | st.integers(0, 5_000)


def account(
    flows: list[tuple[int, int]], opening: tuple[int, int], closing: tuple[int, int], unit: int | None, by_piece: bool
) -> tuple[tuple[int, ...], ...]:
    pieces, grams = columns_of([f[0] for f in flows], [f[1] for f in flows], opening, closing, by_piece=by_piece)
    return pieces, grams, cents_of(unit, pieces, grams, by_piece=by_piece)


@patient
@given(FLOWS, HELD, HELD, UNITS, st.booleans())
def test_every_line_adds_up_to_its_last_column(
    flows: list[tuple[int, int]], opening: tuple[int, int], closing: tuple[int, int], unit: int | None, by_piece: bool
) -> None:
    for line in account(flows, opening, closing, unit, by_piece):
        assert len(line) == len(Column)
        assert sum(line[:-1]) == line[-1]


@patient
@given(FLOWS, HELD, UNITS, st.booleans())
def test_what_moved_leaves_no_gap_when_the_book_says_the_same(
    flows: list[tuple[int, int]], opening: tuple[int, int], unit: int | None, by_piece: bool
) -> None:
    closing = opening[0] + sum(f[0] for f in flows), opening[1] + sum(f[1] for f in flows)
    pieces, grams, cents = account(flows, opening, closing, unit, by_piece)
    assert (pieces[Column.GAP], grams[Column.GAP], cents[Column.GAP]) == (0, 0, 0)


@patient
@given(FLOWS, HELD, st.integers(1, 300), st.integers(1, 9_000), st.booleans())
def test_a_gap_is_exactly_what_is_missing(
    flows: list[tuple[int, int]], opening: tuple[int, int], pieces: int, grams: int, by_piece: bool
) -> None:
    closing = opening[0] + sum(f[0] for f in flows) + pieces, opening[1] + sum(f[1] for f in flows) + grams
    told = account(flows, opening, closing, None, by_piece)
    assert (told[0][Column.GAP], told[1][Column.GAP]) == (pieces, grams)


@patient
@given(FLOWS, HELD, HELD, st.integers(0, 5_000), st.booleans())
def test_each_amount_is_within_a_cent_of_what_it_is_worth(
    flows: list[tuple[int, int]], opening: tuple[int, int], closing: tuple[int, int], unit: int, by_piece: bool
) -> None:
    pieces, grams, cents = account(flows, opening, closing, unit, by_piece)
    for n, amount in enumerate(cents):
        exact = unit * pieces[n] * 1000 if by_piece else unit * grams[n]
        assert abs(amount * 1000 - exact) <= 1000
        assert n != Column.AFTER or abs(amount * 1000 - exact) <= 500
