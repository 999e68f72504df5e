"""A report as it may be published: small counts are hidden, and what would let a reader work them out. Knows no page.

Each table is treated with its own totals: a matrix as `small_counts` does, else row by row. A figure that a table repeats goes with it; a mean or a rate taken over few is
hidden. Tables that tell the same persons by two lists that cut across each other (two lists of ages, communes and their
sectors) would give each other away: one of them is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from epicerie_desktop.domain.data_table import DataTable, Holds, Value
from epicerie_desktop.domain.reports.shape import Figure, Report, Section
from epicerie_desktop.domain.small_counts import HEADS, Guarded, protect, publish, with_totals
from epicerie_desktop.support.i18n import ngettext


@dataclass(frozen=True, slots=True)
class Equation:
    """Figures whose sums are equal: those of `left` and those of `right`, by code; `first_hidden` is the order of sacrifice."""

    left: frozenset[str]
    right: frozenset[str]
    first_hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """A figure that counts persons, and others that count some of them, nobody twice; whoever is in none is the rest, never told."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a report is published: the threshold, tables that ask for another, figures tied to others, tables left out.

    `means` gives what each mean or rate is taken over. `one_of` are families of tables (a beginning of their name, or a name)
    that cut across each other: the first one found is kept. `left_out` are the names of tables never published. `parts` are
    figures told apart, `received` the amounts that the persons of other figures received: neither tells of a few. `plain` are the codes of figures, and the names of tables and of
    columns, that count no person; `together` those of the columns that tell one another (households, their persons).
    """

    threshold: int = HEADS
    thresholds: Mapping[str, int] = field(default_factory=dict)
    equations: tuple[Equation, ...] = ()
    means: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    one_of: tuple[tuple[str, ...], ...] = ()
    plain: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    parts: tuple[Parts, ...] = ()
    received: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def published(report: Report, rules: Rules) -> Report:
    """Return the report without what may not be published; nothing is rounded, what is hidden is None."""
    return replace(report, sections=tuple(_section(s, rules) for s in report.sections))


def _section(section: Section, rules: Rules) -> Section:
    open_tables = [t for t in section.tables if t.name not in rules.left_out]
    kept = _apart(open_tables, rules)
    tables, totals = [], set[int]()
    for table in kept:
        told, hidden = hidden_in(table, rules.thresholds.get(table.name, rules.threshold), rules.plain, rules.together)
        tables.append(told)
        totals |= hidden
    left_out = len(open_tables) - len(kept)
    notes = section.notes
    if left_out:
        notes += (ngettext(
            "{n} tableau qui en recoupe un autre n'est pas publié.", "{n} tableaux qui en recoupent un autre ne sont pas publiés.", left_out,
        ).format(n=left_out),)  # fmt: skip
    figures = _figures(section.figures, rules, totals)
    return replace(section, figures=figures, tables=tuple(tables), notes=notes, inner_notes=())


def _apart(tables: Sequence[DataTable], rules: Rules) -> list[DataTable]:
    kept: list[DataTable] = []
    for table in tables:
        family = next((f for f in rules.one_of if table.name.startswith(f)), None)
        rivals = [k for k in kept if family and k.name.startswith(family)]
        if rivals and family:
            # The first name of a family is the one preferred, whatever the order of the tables.
            if table.name.startswith(family[0]) and not rivals[0].name.startswith(family[0]):
                kept[kept.index(rivals[0])] = table
            continue
        kept.append(table)
    return kept


def hidden_in(
    table: DataTable,
    threshold: int,
    plain: frozenset[str] = frozenset(),
    together: frozenset[str] = frozenset(),
    also: frozenset[int] = frozenset(),
) -> tuple[DataTable, set[int]]:
    """Return a table with what must be hidden as None, and the totals that were; `plain` and `together` as in `Rules`.

    `also` are rows to hide whatever they count: an edition already out would tell a few by difference.

    A last row that adds up its columns is a total, and so is a last column that adds up the others; a column that does not
    add up has only its small counts hidden.
    """
    counted = [n for n, h in enumerate(table.headings) if h.holds is Holds.COUNT and h.name not in plain]
    if not counted or not table.rows or table.name in plain:
        return table, set()
    grid = [[_count(row[n]) for n in counted] for row in table.rows]
    cells = _hidden(
        grid, threshold, frozenset(counted.index(n) for n in counted if table.headings[n].name in together), also
    )
    if not cells:
        return table, set()
    last = len(grid) - 1
    small_rows = {i for i, _j in cells}
    rows = []
    for i, row in enumerate(table.rows):
        told: list[Value] = [None if n in counted and (i, counted.index(n)) in cells else v for n, v in enumerate(row)]
        if i in small_rows:
            # What a few received or paid tells of them: the sums of the row go with its counts.
            told = [
                None if h.holds in (Holds.GRAMS, Holds.CENTS, Holds.PERMILLE) else v
                for h, v in zip(table.headings, told, strict=True)
            ]
        rows.append(tuple(told))
    note = ngettext(
        "« – » : {n} nombre non publié, pour ne désigner personne.", "« – » : {n} nombres non publiés, pour ne désigner personne.", len(cells),
    ).format(n=len(cells))  # fmt: skip
    totals = {grid[i][j] for i, j in cells if i == last}
    return replace(table, rows=tuple(rows), notes=(*table.notes, note)), totals


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _hidden(
    grid: list[list[int]], threshold: int, together: frozenset[int], also: frozenset[int]
) -> set[tuple[int, int]]:
    """Return the cells to hide, by row and column; a row of the columns `together` goes whole."""
    body = grid[:-1]
    adds = [len(grid) > 1 and sum(r[j] for r in body) == grid[-1][j] for j in range(len(grid[0]))]
    across = len(grid[0]) > 2 and all(row[-1] == sum(row[:-1]) for row in grid)
    if across and all(adds) and not also:
        return set(publish([row[:-1] for row in body], threshold).hidden)
    summed = [j for j, adds_up in enumerate(adds) if adds_up]
    found = {
        (i, j) for i, row in enumerate(grid) for j, value in enumerate(row) if j not in summed and 0 < value < threshold
    }
    tied = [j for j in summed if j in together]
    for columns in [*([tied] if tied else []), *([j] for j in summed if j not in together)]:
        found |= _hidden_rows([[row[j] for j in columns] for row in body], columns, threshold, also)
    return found | {(i, j) for i in also for j in range(len(grid[0]))}


def _hidden_rows(
    body: list[list[int]], columns: list[int], threshold: int, also: frozenset[int]
) -> set[tuple[int, int]]:
    """Return the cells to hide of columns that add up: a row goes whole.

    Rows are added, the smallest first, until what is hidden of each column is of two rows at least and of the threshold at
    least; where there are no more rows, the totals go.
    """
    gone = {i for i, row in enumerate(body) if any(0 < v < threshold for v in row)} | {i for i in also if any(body[i])}
    others = sorted((i for i, row in enumerate(body) if i not in gone and any(row)), key=lambda i: body[i])
    sums = [0] * len(columns)
    while gone:
        sums = [sum(body[i][n] for i in gone) for n in range(len(columns))]
        if not others or all(not total or (len(gone) > 1 and total >= threshold) for total in sums):
            break
        gone.add(others.pop(0))
    found = {(i, j) for i in gone for j in columns}
    return found | {
        (len(body), j) for j, total in zip(columns, sums, strict=True) if total and (len(gone) < 2 or total < threshold)
    }


def _figures(figures: Sequence[Figure], rules: Rules, totals: set[int]) -> tuple[Figure, ...]:
    counts = {
        f.code: f.value
        for f in figures
        if f.holds is Holds.COUNT
        and isinstance(f.value, int)
        and f.code not in rules.means
        and f.code not in rules.plain
    }
    hidden = {c for c, v in counts.items() if 0 < v < rules.threshold or (v > 0 and v in totals)}
    for equation in rules.equations:
        hidden |= _balanced(equation, counts, hidden, rules.threshold)
    for told in rules.parts:
        hidden |= _parted(told, counts, rules.threshold)
    hidden |= {
        code
        for code, over in rules.means.items()
        if any(c in hidden for c in over) or sum(counts.get(c, 0) for c in over) < rules.threshold
    }
    # A nought goes too: what is left of a whole would tell what was taken off it.
    few = {f.code for f in figures if any(c in hidden or c not in counts for c in rules.received.get(f.code, ()))}
    return tuple(replace(f, value=None if f.code in hidden | few else f.value, basis="") for f in figures)


def _parted(told: Parts, counts: Mapping[str, int], threshold: int) -> set[str]:
    """Return what to hide of a figure and its parts so that no small part, nor a small rest, is worked out from the others."""
    codes = [c for c in told.parts if c in counts]
    if told.whole not in counts or len(codes) < len(told.parts):
        return set()
    rest = counts[told.whole] - sum(counts[c] for c in codes)
    if rest < 0:
        return set()
    values = with_totals([[counts[c]] for c in codes] + [[rest]])
    small = {(i, j) for i, row in enumerate(values) for j, value in enumerate(row) if 0 < value < threshold}
    gone = protect([Guarded(values, dict.fromkeys(small, threshold))], small | {(len(codes), 0), (len(codes), 1)})
    return {c for i, c in enumerate((*codes, "", told.whole)) if (i, 0) in gone} - {""}


def _balanced(equation: Equation, counts: Mapping[str, int], hidden: Iterable[str], threshold: int) -> set[str]:
    """Return what else to hide of an equation so that no small figure is worked out from it."""
    codes = equation.left | equation.right
    gone = set(hidden) & codes
    if not gone or not codes <= counts.keys():
        return set()
    for code in equation.first_hidden:
        # On both sides, or with enough together, each may be anything at least as wide as the threshold.
        if (gone & equation.left and gone & equation.right) or (
            len(gone) > 1 and sum(counts[c] for c in gone) >= threshold
        ):
            break
        gone.add(code)
    return gone


__all__ = ["Equation", "Parts", "Rules", "hidden_in", "published"]
