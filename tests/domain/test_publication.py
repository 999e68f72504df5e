"""Published tables: no small cell can be worked out, by linear programming, from one table nor from two subtracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from epicerie_desktop.domain.answers import Answer, levels_for, table_of
from epicerie_desktop.domain.publication import SUM, Edition, continued, edition_from, edition_of
from epicerie_desktop.domain.questions import Period, Question, Span, question, to_json
from epicerie_desktop.support.errors import RuleRefused

THRESHOLD = 5
ASKED = question("visits", ["visits", "households", "grams"], ["commune", "referrer"])
JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 31)

Cell = tuple[int, int, int]
"""Households, visits, grams."""
Cells = Mapping[tuple[str, ...], Cell]


def answered(cells: Cells, asked: Question = ASKED, last: date = JUNE, first: date = JANUARY) -> Answer:
    """Return an answer whose households each stand in one cell."""
    whole = tuple(range(len(asked.groups)))
    order = {"households": 0, "visits": 1, "grams": 2}
    numbers: dict[tuple[int, ...], dict[tuple[str, ...], tuple[int, ...]]] = {}
    heads: dict[tuple[int, ...], dict[tuple[str, ...], int]] = {}
    for level in levels_for(asked):
        at: dict[tuple[str, ...], list[int]] = {}
        for key, told in cells.items():
            sums = at.setdefault(tuple(key[p] for p in level), [0, 0, 0])
            for i, n in enumerate(told):
                sums[i] += n
        numbers[level] = {k: tuple(v[order[m]] for m in asked.counted) for k, v in at.items()}
        heads[level] = {k: v[0] for k, v in at.items()}
    names = tuple({c: c for c in sorted({k[p] for k in cells})} for p in whole)
    return Answer(replace(asked, period=Period(Span.DAYS, first, last)), first, last, names, numbers, heads)  # type: ignore[arg-type]


@st.composite
def tables(draw: st.DrawFn, rows: int = 5, columns: int = 4) -> dict[tuple[str, ...], Cell]:
    found: dict[tuple[str, ...], Cell] = {}
    shape = draw(st.integers(2, rows)), draw(st.integers(1, columns))
    for i in range(shape[0]):
        for j in range(shape[1]):
            homes = draw(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 30]))
            visits = homes + draw(st.integers(0, 3 * homes))
            grams = draw(st.integers(0, 9000)) * homes
            if homes:
                found[f"c{i}", f"r{j}"] = (homes, visits, grams)
    assume(found)
    return found


def whole(edition: Edition) -> tuple[list[str], list[str]]:
    return tuple(sorted({str(k[p]) for k in edition.numbers if k[p] != SUM}) for p in (0, 1))  # type: ignore[return-value]


def system(edition: Edition, measure: str, order: Sequence[tuple[str, str]]) -> tuple[list[list[float]], list[float]]:
    """Return the equations a reader may write: each total is the sum of its cells, each cell shown is known."""
    rows, columns = whole(edition)
    place = {k: n for n, k in enumerate(order)}
    m = edition.asked.counted.index(measure)
    left: list[list[float]] = []
    right: list[float] = []
    for i in (*rows, SUM):
        line = [0.0] * len(order)
        for j in columns:
            line[place[i, j]] = 1
        line[place[i, SUM]] = -1
        left, right = [*left, line], [*right, 0.0]
    for j in (*columns, SUM):
        line = [0.0] * len(order)
        for i in rows:
            line[place[i, j]] = 1
        line[place[SUM, j]] = -1
        left, right = [*left, line], [*right, 0.0]
    for key in order:
        if key not in edition.hidden:
            line = [0.0] * len(order)
            line[place[key]] = 1
            left.append(line)
            right.append(float(edition.numbers.get(key, (0,) * 9)[m]))
    return left, right


def cells_of(*editions: Edition) -> list[tuple[str, str]]:
    rows = sorted({r for e in editions for r in whole(e)[0]})
    columns = sorted({c for e in editions for c in whole(e)[1]})
    return [(i, j) for i in (*rows, SUM) for j in (*columns, SUM)]


def span(left: list[list[float]], right: list[float], aim: Sequence[float]) -> float:
    """Return how far apart the least and the greatest of a sum of unknowns may be, for who knows the rest."""
    from scipy.optimize import linprog  # half a second: only for who solves

    ends = []
    for sign in (1.0, -1.0):
        found = linprog([sign * a for a in aim], A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        if found.status == 3:
            return float("inf")
        assert found.status == 0, found.message
        ends.append(sign * found.fun)
    return float(ends[1] - ends[0])


def narrowest(edition: Edition, measure: str, cells: Sequence[tuple[str, str]]) -> float:
    order = cells_of(edition)
    left, right = system(edition, measure, order)
    return min((span(left, right, [float(k == c) for k in order]) for c in cells), default=float("inf"))


def small(edition: Edition) -> list[tuple[str, str]]:
    return [k for k in cells_of(edition) if 0 < edition.heads.get(k, 0) < THRESHOLD]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_cell_of_a_published_table_can_be_solved_for(cells: Cells) -> None:
    made = edition_of("Tableau", answered(cells), THRESHOLD, ())
    assert set(small(made)) <= made.hidden
    assert narrowest(made, "visits", small(made)) >= THRESHOLD - 1e-6
    for cell in small(made):
        weight = made.numbers[cell][made.asked.counted.index("grams")]
        assert narrowest(made, "grams", [cell]) >= max(1, weight) - 1e-6


def test_hiding_only_the_small_cells_is_solved_and_so_is_the_control() -> None:
    made = edition_of("Tableau", answered(SPARSE), THRESHOLD, ())
    naive = replace(made, hidden=frozenset(small(made)))
    assert narrowest(naive, "visits", small(made)) < 1e-6
    assert narrowest(made, "visits", small(made)) >= THRESHOLD


def both(first: Edition, second: Edition, measure: str) -> tuple[list[list[float]], list[float], list[tuple[str, str]]]:
    """Return the equations of who reads two editions, the second over more days: its cells are the first's and what came since."""
    order = cells_of(first, second)
    blank = [0.0] * len(order)

    def spread(edition: Edition) -> tuple[list[list[float]], list[float]]:
        grown = replace(edition, numbers={**{k: (0,) * len(edition.asked.counted) for k in order}, **edition.numbers})
        return system(grown, measure, order)

    left, right = spread(first)
    more, values = spread(second)
    return [[*line, *blank] for line in left] + [[*line, *line] for line in more], right + values, order


@settings(max_examples=40, deadline=None)
@given(tables(4, 3), st.data())
def test_no_small_cell_can_be_solved_for_by_subtracting_two_editions(cells: Cells, data: st.DataObject) -> None:
    grown: dict[tuple[str, ...], Cell] = {}
    added: dict[tuple[str, ...], Cell] = {}
    for key, (homes, visits, grams) in cells.items():
        more = data.draw(st.sampled_from([0, 0, 0, 1, 2, 4, 7, 15]))
        kilos = data.draw(st.integers(0, 5000)) * more
        grown[key] = (homes + more, visits + more, grams + kilos)
        if more:
            added[key] = (more, more, kilos)
    first = edition_of("Six mois", answered(cells), THRESHOLD, ())
    since = answered(added, first=date(2026, 7, 1), last=JULY) if added else None
    second = edition_of("Sept mois", answered(grown, last=JULY), THRESHOLD, (first,), since)
    assert first.hidden <= second.hidden
    left, right, order = both(first, second, "visits")
    n = len(order)
    few = [k for k in order if 0 < second.numbers.get(k, (0,))[0] - first.numbers.get(k, (0,))[0] < THRESHOLD]
    aims = [([float(k == c) for k in order] + [0.0] * n) for c in small(first)]
    aims += [([0.0] * n + [float(k == c) for k in order]) for c in few]
    aims += [[float(k == c) for k in order] * 2 for c in small(second)]
    for aim in aims:
        assert span(left, right, aim) >= THRESHOLD - 1e-6


def test_a_second_edition_that_hides_only_its_own_small_cells_is_solved() -> None:
    cells: Cells = {
        ("c0", "r0"): (9, 9, 90),
        ("c0", "r1"): (9, 9, 90),
        ("c1", "r0"): (9, 9, 90),
        ("c1", "r1"): (9, 9, 90),
    }
    grown: Cells = {**cells, ("c0", "r0"): (11, 11, 200)}
    first = edition_of("Six mois", answered(cells), THRESHOLD, ())
    alone = edition_of("Sept mois", answered(grown, last=JULY), THRESHOLD, ())
    left, right, order = both(first, alone, "visits")
    came = [0.0] * len(order) + [float(k == ("c0", "r0")) for k in order]
    assert span(left, right, came) < 1e-6, "the two visits of July are read by subtraction"
    since = answered({("c0", "r0"): (2, 2, 110)}, first=date(2026, 7, 1), last=JULY)
    second = edition_of("Sept mois", answered(grown, last=JULY), THRESHOLD, (first,), since)
    left, right, order = both(first, second, "visits")
    assert span(left, right, came) >= THRESHOLD


@settings(max_examples=30, deadline=None)
@given(tables())
def test_the_same_table_published_again_hides_the_same_cells(cells: Cells) -> None:
    first = edition_of("Tableau", answered(cells), THRESHOLD, ())
    assert edition_of("Tableau", answered(cells), THRESHOLD, (first,)).hidden == first.hidden
    kept = edition_from(first.title, to_json(first.asked), first.first, first.last, first.cells_json())
    assert kept == first


SPARSE: Cells = {
    ("c0", "r0"): (2, 3, 900),
    ("c0", "r1"): (9, 20, 5000),
    ("c1", "r0"): (8, 8, 800),
    ("c1", "r1"): (7, 9, 100),
}
FULL: Cells = {(c, r): (9, 20, 5000) for c in ("c0", "c1") for r in ("r0", "r1")}


def cut(cells: Cells, place: int) -> Cells:
    """Return the same lines cut by one group only."""
    sums: dict[tuple[str, ...], Cell] = {}
    for key, told in cells.items():
        before = sums.get((key[place],), (0, 0, 0))
        sums[(key[place],)] = (before[0] + told[0], before[1] + told[1], before[2] + told[2])
    return sums


def test_another_cut_of_the_same_lines_passes_where_both_show_their_common_totals_and_is_refused_where_one_hides_some() -> (
    None
):
    by_commune = question("visits", ["visits"], ["commune"])
    full = edition_of("Plein", answered(FULL), THRESHOLD, ())
    assert edition_of("Communes", answered(cut(FULL, 0), by_commune), THRESHOLD, (full,)).hidden == frozenset()
    hidden_margin: Cells = {("c0", "r0"): (2, 3, 900), ("c1", "r0"): (30, 40, 100), ("c2", "r0"): (40, 41, 100)}
    sparse = edition_of("Creux", answered(hidden_margin), THRESHOLD, ())
    with pytest.raises(RuleRefused, match="Creux"):
        edition_of("Communes", answered(cut(hidden_margin, 0), by_commune), THRESHOLD, (sparse,))


def test_days_that_overlap_and_other_filters_are_refused_and_what_does_not_meet_passes() -> None:
    full = edition_of("Plein", answered(FULL), THRESHOLD, ())
    for first, last in ((date(2026, 3, 1), JULY), (JANUARY, date(2026, 3, 31))):
        with pytest.raises(RuleRefused, match="Publiez les mêmes jours"):
            edition_of("Autre", answered(FULL, first=first, last=last), THRESHOLD, (full,))
    filtered = question("visits", ["visits"], ["commune", "referrer"], {"size": [1, 2]})
    with pytest.raises(RuleRefused, match="Mettez le filtre en regroupement"):
        edition_of("Petits foyers", answered(FULL, filtered), THRESHOLD, (full,))
    edition_of("Après", answered(FULL, first=date(2026, 7, 1), last=JULY), THRESHOLD, (full,))
    decisions = question("decisions", ["decisions"], ["commune"])
    assert continued(decisions, JANUARY, JULY, (full,)) is None
    assert continued(ASKED, JANUARY, JULY, (full,)) == JUNE


def test_a_table_of_values_meets_one_of_what_was_paid_and_saved_for_the_two_make_it() -> None:
    by_commune = answered(cut(SPARSE, 0), question("visits", ["visits"], ["commune"]))
    value = question("visits", ["shelf_cents"], ["commune", "referrer"])
    first = Edition("Valeur", value, JANUARY, JUNE, {}, {}, frozenset())
    parts = question("visits", ["paid_cents", "savings_cents"], ["commune"])
    levels = {level: dict.fromkeys(found, (1, 1)) for level, found in by_commune.levels.items()}
    second = replace(by_commune, asked=parts, levels=levels)
    hidden_margin = replace(first, hidden=frozenset({("c0", SUM)}))
    with pytest.raises(RuleRefused, match="Valeur"):
        edition_of("Payé", second, THRESHOLD, (hidden_margin,))
    visits = question("visits", ["person_visits"], ["commune"])
    edition_of("Passages", replace(second, asked=visits), THRESHOLD, (hidden_margin,))


def test_a_number_of_household_a_supplier_or_three_groups_are_never_published() -> None:
    for asked in (
        question("visits", ["visits"], ["household"]),
        question("receptions", ["grams"], ["supplier"]),
        question("visits", ["visits"], ["commune", "referrer", "month"]),
    ):
        empty = Answer(
            asked, JANUARY, JUNE, ({},) * len(asked.groups), {(): {}, tuple(range(len(asked.groups))): {}}, {}
        )
        with pytest.raises(RuleRefused):
            edition_of("Tableau", empty, THRESHOLD, ())


def test_what_is_hidden_is_empty_in_the_table_and_what_does_not_add_up_has_no_total() -> None:
    answer = answered(SPARSE)
    made = edition_of("Tableau", answer, THRESHOLD, ())
    table = table_of(answer, "Tableau", hidden=made.levels())
    cells = {(r[0], r[1]): r[2:] for r in table.rows}
    assert cells["c0", "r0"] == (None, None, None)
    assert cells["Total", ""][1] == "", "households do not add up"
    assert cells["Total", ""][0] == 40
    assert sum("secret" in n for n in table.notes) == 1
