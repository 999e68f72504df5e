"""No hidden count of a published table can be worked out: a solver tries to, with all that is printed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.small_counts import Cell, Published, publish, range_of, with_totals
from tests.examples import examples

THRESHOLD = 5
SMALL = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 30, 120])
TABLES = st.tuples(st.integers(1, 8), st.integers(1, 5)).flatmap(
    lambda size: st.lists(st.lists(SMALL, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def solved(tables: Sequence[Published], cell: Cell) -> tuple[float, float]:
    """Return the range of a hidden cell of the first table, found by linear programming over everything printed.

    Later tables are later editions: their counts are known to be no smaller.
    """
    from scipy.optimize import linprog  # half a second: only for who solves

    place = {(k, c): n for n, (k, c) in enumerate((k, c) for k, t in enumerate(tables) for c in sorted(t.hidden))}
    sums: list[tuple[dict[int, int], int]] = []
    grown: list[tuple[dict[int, int], int]] = []
    for k, t in enumerate(tables):
        rows, columns = len(t.values), len(t.values[0])
        lines = [[(i, j) for j in range(columns)] for i in range(rows)]
        lines += [[(i, j) for i in range(rows)] for j in range(columns)]
        for line in lines:
            known, unknown = 0, {}
            for c in line:
                sign = -1 if c == line[-1] else 1
                if c in t.hidden:
                    unknown[place[k, c]] = sign
                else:
                    known -= sign * t.values[c[0]][c[1]]
            sums.append((unknown, known))
        if k:
            before = tables[k - 1]
            for i in range(min(rows, len(before.values))):
                for j in range(columns):
                    older, newer = before.shown(i, j), t.shown(i, j)
                    unknown = {}
                    if older is None:
                        unknown[place[k - 1, (i, j)]] = 1
                    if newer is None:
                        unknown[place[k, (i, j)]] = -1
                    if unknown:
                        grown.append((unknown, (newer or 0) - (older or 0)))
    dense = [[[part.get(n, 0) for n in range(len(place))] for part, _ in group] for group in (sums, grown)]
    found = []
    for sign in (1, -1):
        goal = [0] * len(place)
        goal[place[0, cell]] = sign
        done = linprog(
            goal, A_eq=dense[0], b_eq=[v for _, v in sums], A_ub=dense[1] or None, b_ub=[v for _, v in grown] or None,
            bounds=(0, None), method="highs",
        )  # fmt: skip
        assert done.status in {0, 3}
        found.append(sign * done.fun if done.status == 0 else float("inf"))
    return found[0], found[1]


def guessed(table: Published) -> list[Cell]:
    """Return the small hidden counts that a solver finds to within less than the threshold."""
    found = []
    for i, j in table.hidden:
        if 0 < table.values[i][j] < THRESHOLD:
            least, most = solved([table], (i, j))
            if most - least < THRESHOLD - 1e-6:
                found.append((i, j))
    return found


@settings(max_examples=examples(240))
@given(TABLES)
def test_no_small_count_is_found_to_within_the_threshold_by_a_solver(counts: list[list[int]]) -> None:
    table = publish(counts, THRESHOLD)
    assert table.values == with_totals(counts)
    small = {
        (i, j) for i, row in enumerate(table.values) for j, value in enumerate(row) if 0 < value < THRESHOLD
    }  # fmt: skip
    assert small <= table.hidden
    assert guessed(table) == []


@settings(max_examples=examples(120))
@given(TABLES)
def test_the_range_told_is_the_one_a_solver_finds_and_no_hidden_cell_is_certain(counts: list[list[int]]) -> None:
    table = publish(counts, THRESHOLD)
    for cell in table.hidden:
        least, most = solved([table], cell)
        told = range_of(table, cell)
        assert told[0] == pytest.approx(least)
        assert (float("inf") if told[1] is None else told[1]) == pytest.approx(most)
        assert most > least


@settings(max_examples=examples(120))
@given(TABLES, st.data())
def test_a_later_edition_does_not_tell_what_the_earlier_one_hid(counts: list[list[int]], data: st.DataObject) -> None:
    first = publish(counts, THRESHOLD)
    later = [[n + data.draw(SMALL) for n in row] for row in counts]
    second = publish(later, THRESHOLD, earlier=first)
    for i, j in first.hidden:
        if 0 < first.values[i][j] < THRESHOLD:
            least, most = solved([first, second], (i, j))
            assert most > least
    for i, row in enumerate(second.values):
        for j, value in enumerate(row):
            if 0 < value - first.values[i][j] < THRESHOLD:
                assert None in {first.shown(i, j), second.shown(i, j)}, "the difference of the two is a small count"


def test_the_usual_rule_alone_is_not_enough() -> None:
    """Hide each small count and the next smallest of its row and of its column: the control, which a solver defeats."""
    counts = [[1, 9, 20], [2, 30, 40], [12, 3, 8]]
    values = with_totals(counts)
    small = [(0, 0), (1, 0), (2, 1)]
    hidden = set(small)
    for i, j in small:
        hidden.add(min(((i, k) for k in range(3) if k != j), key=lambda c: values[c[0]][c[1]]))
        hidden.add(min(((k, j) for k in range(3) if k != i), key=lambda c: values[c[0]][c[1]]))
    assert guessed(Published(values, frozenset(hidden)))
    assert guessed(publish(counts, THRESHOLD)) == []


def test_a_table_without_small_counts_is_printed_whole_and_zeros_are_zeros() -> None:
    table = publish([[0, 12], [7, 30]], THRESHOLD)
    assert table.hidden == frozenset()
    assert table.shown(0, 0) == 0


def test_a_single_small_count_takes_its_total_with_it_when_nothing_else_can_hide_it() -> None:
    table = publish([[3]], THRESHOLD)
    assert table.shown(0, 0) is None
    assert guessed(table) == []
