"""Small counts in published tables: what is hidden so that no hidden cell can be worked out from the totals. Knows no page.

A count from 1 to under the threshold is hidden; then enough others with it, chosen so that what is printed leaves each of
the small ones a range at least as wide as the threshold. « Hide the next smallest too » does not do that: the range is
computed, as the reader could, by the greatest flow through the hidden cells (a table with totals is a transport problem).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEADS = 5
"""The usual threshold for households and persons."""
INCOMES = 11
"""The usual threshold where a table tells incomes."""

Cell = tuple[int, int]
"""Row and column; the row after the last is that of the totals, and so is the column after the last."""

_TOTAL_COST, _GRAND_COST = 40.0, 1000.0
_ENDLESS = 10**15


@dataclass(frozen=True, slots=True)
class Published:
    """A table of counts as it may be printed: `values` has its totals as last row and last column; `hidden` are not shown."""

    values: tuple[tuple[int, ...], ...]
    hidden: frozenset[Cell]

    def shown(self, row: int, column: int) -> int | None:
        """Return a count, None where it is hidden."""
        return None if (row, column) in self.hidden else self.values[row][column]


def with_totals(counts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the counts with their totals as last column and last row."""
    rows = [(*line, sum(line)) for line in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def publish(counts: Sequence[Sequence[int]], threshold: int = HEADS, earlier: Published | None = None) -> Published:
    """Return the table with what must be hidden hidden. Counts are 0 or more; rows have the same length, at least one each.

    `earlier` is an edition of the same table already published: a cell that could be subtracted from it to show a small
    count is hidden too, and what it hid stays hidden.
    """
    values = with_totals(counts)
    small = {
        (i, j) for i, row in enumerate(values) for j, value in enumerate(row) if 0 < value < threshold
    } | _subtractable(values, threshold, earlier)  # fmt: skip
    return Published(values, protect([Guarded(values, dict.fromkeys(small, threshold))], small))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table with its totals, and how wide the range of each of its small cells must stay."""

    values: tuple[tuple[int, ...], ...]
    needs: Mapping[Cell, int]


def protect(tables: Sequence[Guarded], small: Iterable[Cell]) -> frozenset[Cell]:
    """Return the cells to hide in tables of one shape, the same in each: the small ones, and enough others for all they need."""
    small, hidden = frozenset(small), set(small)
    grids = [_Grid(t.values, hidden) for t in tables]
    wanted = [
        (grid, [(c, t.needs[c]) for c in _by_value(t.needs, t.values)]) for grid, t in zip(grids, tables, strict=True)
    ]
    for grid, needs in wanted:
        for cell, width in needs:
            if grid.width(cell) < width:
                hidden |= grid.cheapest_cycle(cell, width)
    # A cell hidden for one may have become needless once another was: the greatest figures come back first.
    for cell in reversed(_by_value(hidden - small, tables[0].values) if tables else []):
        hidden.discard(cell)
        if any(grid.width(c) < width for grid, needs in wanted for c, width in needs):
            hidden.add(cell)
    return frozenset(hidden)


def range_of(table: Published, cell: Cell) -> tuple[int, int | None]:
    """Return the least and the greatest count (None: no end) a hidden cell may hold, for who knows all that is printed."""
    grid = _Grid(table.values, set(table.hidden))
    value, up = table.values[cell[0]][cell[1]], grid.room(cell, up=True)
    return value - grid.room(cell, up=False), None if up >= _ENDLESS else value + up


def _by_value(cells: Iterable[Cell], values: Sequence[Sequence[int]]) -> list[Cell]:
    return sorted(cells, key=lambda c: (values[c[0]][c[1]], c))


def _subtractable(values: Sequence[Sequence[int]], threshold: int, earlier: Published | None) -> set[Cell]:
    if earlier is None:
        return set()
    found = set()
    for i, row in enumerate(earlier.values):
        for j, before in enumerate(row):
            if i < len(values) and j < len(values[i]):
                apart = abs(values[i][j] - before)
                if (i, j) in earlier.hidden or 0 < apart < threshold:
                    found.add((i, j))
    return found


class _Grid:
    """The hidden cells as roads between the sums they stand in: a count that rises makes others fall in its row and column.

    A total counts with the opposite sign: raising it is lowering what stands in its equation.
    """

    def __init__(self, values: Sequence[Sequence[int]], hidden: set[Cell]) -> None:
        self.values, self.hidden = values, hidden
        self.last_row, self.last_column = len(values) - 1, len(values[0]) - 1

    def _turned(self, cell: Cell) -> bool:
        """Return whether the cell counts with a minus in its sums: a total, unless it is the whole's."""
        return (cell[0] == self.last_row) != (cell[1] == self.last_column)

    def _rise_and_fall(self, cell: Cell) -> tuple[int, int]:
        """Return by how much the cell may rise and fall in its sums, taken alone: a count stays 0 or more."""
        value = self.values[cell[0]][cell[1]]
        return (value, _ENDLESS) if self._turned(cell) else (_ENDLESS, value)

    def width(self, cell: Cell) -> int:
        """Return how wide the range of a hidden cell is."""
        return self.room(cell, up=True) + self.room(cell, up=False)

    def room(self, cell: Cell, *, up: bool) -> int:
        """Return by how much the count of a hidden cell may rise (or fall), for who knows all the others shown."""
        signed_up = up != self._turned(cell)
        alone = self._rise_and_fall(cell)[0 if signed_up else 1]
        return min(alone, self._greatest_flow(cell, rising=signed_up))

    def _arcs(self, cell: Cell, *, rising: bool) -> dict[tuple[str, int], dict[tuple[str, int], int]]:
        """Return the capacities between the sums (« r » rows, « c » columns) when `cell` rises: its row must fall elsewhere."""
        arcs: dict[tuple[str, int], dict[tuple[str, int], int]] = defaultdict(dict)
        for other in self.hidden:
            if other == cell:
                continue
            rise, fall = self._rise_and_fall(other)
            if not rising:
                rise, fall = fall, rise
            arcs[("r", other[0])][("c", other[1])] = fall
            arcs[("c", other[1])][("r", other[0])] = rise
        return arcs

    def _greatest_flow(self, cell: Cell, *, rising: bool) -> int:
        """Return the greatest flow from the cell's row to its column (shortest augmenting paths: Edmonds and Karp, 1972)."""
        left, source, sink, total = self._arcs(cell, rising=rising), ("r", cell[0]), ("c", cell[1]), 0
        while total < _ENDLESS:
            came: dict[tuple[str, int], tuple[str, int]] = {source: source}
            front = [source]
            while front and sink not in came:
                reached = []
                for node in front:
                    for to, room in left[node].items():
                        if room > 0 and to not in came:
                            came[to] = node
                            reached.append(to)
                front = reached
            if sink not in came:
                return total
            path = [sink]
            while path[-1] != source:
                path.append(came[path[-1]])
            pairs = list(zip(path[1:], path, strict=False))
            pushed = min(left[a][b] for a, b in pairs)
            for a, b in pairs:
                left[a][b] -= pushed
                left[b][a] = left[b].get(a, 0) + pushed
            total += pushed
        return _ENDLESS

    def cheapest_cycle(self, cell: Cell, width: int) -> set[Cell]:
        """Return the cells to hide with `cell` so that it may rise by `width`: those that cost the reader least.

        There is always a way, through the totals: nothing is told of them any more.
        """
        source, sink = ("r", cell[0]), ("c", cell[1])
        rising = not self._turned(cell)
        best: dict[tuple[str, int], float] = {source: 0.0}
        came: dict[tuple[str, int], tuple[tuple[str, int], Cell]] = {}
        queue: list[tuple[float, tuple[str, int]]] = [(0.0, source)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == sink:
                break
            if cost > best[node]:
                continue
            side, place = node
            for k in range((self.last_column if side == "r" else self.last_row) + 1):
                other, to = ((place, k), ("c", k)) if side == "r" else ((k, place), ("r", k))
                rise, fall = self._rise_and_fall(other)
                room = fall if (side == "r") == rising else rise
                if other == cell or room < width:
                    continue
                dearer = cost + self._cost(other)
                if dearer < best.get(to, float("inf")):
                    best[to], came[to] = dearer, (node, other)
                    heapq.heappush(queue, (dearer, to))
        found, node = set(), sink
        while node != source:
            node, other = came[node]
            found.add(other)
        return found

    def _cost(self, cell: Cell) -> float:
        if cell in self.hidden:
            return 0.001
        ends = (cell[0] == self.last_row) + (cell[1] == self.last_column)
        if ends:
            return _GRAND_COST if ends == 2 else _TOTAL_COST
        return 1.0 + self.values[cell[0]][cell[1]] / (1 + self.values[self.last_row][self.last_column])
