"""A table that is published: which of its cells are not shown, alone and beside what was published before. Knows no SQL, no page.

The people behind a cell (`heads`) make it small, whatever it counts; its kilos and its visits are then hidden together. What adds
up is protected as `small_counts` does. What does not (distinct households) is protected as if it did, and has no total.

Two tables tell of the same thing when they count the same measure over days they share. They are then
- the same one again, or the same one over more days from the same first day: what the first hid stays hidden, and their
  difference is protected as a table of its own (its cells and those of the first are told apart by who reads both);
- two ways of cutting the same lines: they have only their common totals in common. Where both show all of them, what one lets
  guess of its cells is what it lets guess alone (any two tables with the same totals come from some table of both); where one
  hides some, the second is refused;
- anything else: refused, with what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from epicerie_desktop.domain.answers import Answer, Codes, Hidden
from epicerie_desktop.domain.question_catalogue import BY, MEASURES
from epicerie_desktop.domain.questions import Code, Question, from_json, to_json
from epicerie_desktop.domain.small_counts import Cell, Guarded, protect
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

MOST_GROUPS = 2
_TIME = "time"
Key = tuple[Code, ...]
"""The codes of a cell, one a group; `SUM` stands for a group that is added up."""
_SAME = {"served_visits": "visits", "shelf_cents": "money", "paid_cents": "money", "savings_cents": "money"}
SUM = "\u2211"


@dataclass(frozen=True, slots=True)
class Edition:
    """A table as published: its question over its days, every cell and total, and those not shown.

    `numbers` are in the order of the question's measures, `heads` the people behind (nobody where the subject has none).
    """

    title: str
    asked: Question
    first: date
    last: date
    numbers: Mapping[Key, tuple[int, ...]]
    heads: Mapping[Key, int]
    hidden: frozenset[Key]

    def levels(self) -> Hidden:
        """Return what is not shown, level by level."""
        told: dict[tuple[int, ...], set[Codes]] = {}
        for key in self.hidden:
            level = tuple(i for i, code in enumerate(key) if code != SUM)
            told.setdefault(level, set()).add(tuple(key[i] for i in level))
        return {level: frozenset(codes) for level, codes in told.items()}

    def cells_json(self) -> list[Any]:
        """Return the cells as plain values, in a fixed order."""
        order = sorted(self.numbers, key=lambda k: json.dumps(k, ensure_ascii=False))
        return [[list(k), list(self.numbers[k]), self.heads.get(k, 0), k in self.hidden] for k in order]


def edition_from(title: str, asked: str, first: date, last: date, cells: Iterable[Any]) -> Edition:
    """Return an edition as it was kept. Raises what `from_json` raises."""
    rows = [(tuple(k), tuple(n), h, hid) for k, n, h, hid in cells]
    return Edition(
        title, from_json(asked), first, last, {k: n for k, n, _h, _x in rows}, {k: h for k, _n, h, _x in rows},
        frozenset(k for k, _n, _h, hid in rows if hid),
    )  # fmt: skip


def refuse_unpublishable(asked: Question) -> None:
    """Raise `RuleRefused`, saying what to do, for a question whose answer stays in the shop."""
    if len(asked.groups) > MOST_GROUPS:
        raise RuleRefused(N_("Un tableau publié a deux regroupements au plus : enlevez-en un."))
    inside = next((b for b in asked.by if b.inside), None)
    if inside is not None:
        raise RuleRefused(
            N_("« {name} » reste dans l'épicerie : enlevez ce regroupement avant de publier."),
            name=lambda: gettext(inside.name),
        )


def edition_of(
    title: str, answer: Answer, threshold: int, earlier: Sequence[Edition], since: Answer | None = None
) -> Edition:
    """Return the table to publish. `earlier` are those already out; `since` answers the question over the days added since the
    latest of them that this one continues (`continued`). Raises `RuleRefused`, saying what to do.
    """  # fmt: skip
    refuse_unpublishable(answer.asked)
    numbers, heads = _cells(answer)
    made = Edition(title, answer.asked, answer.first, answer.last, numbers, heads, frozenset())
    if not answer.asked.about.heads:
        return made
    again = [e for e in earlier if _meets(made, e) and continues(made, e)]
    added = _cells(since)[1] if since is not None else {}
    hidden = _hidden(made, threshold, again, added)
    # A cell nobody is in may have to be hidden too: it is then a line of the table as the others.
    numbers = {**{k: (0,) * len(answer.asked.counted) for k in hidden}, **numbers}
    heads = {**dict.fromkeys(hidden, 0), **heads}
    made = Edition(title, answer.asked, answer.first, answer.last, numbers, heads, hidden)
    for other in earlier:
        if other not in again and _meets(made, other) and not (_sums_to(made, other) or _sums_to(other, made)):
            _refuse_linked(made, other)
    return made


def _sums_to(whole: Edition, part: Edition) -> bool:
    """Return whether `part` is a stretch of `whole`, month by month or year by year, that its cells tell already, none hidden."""
    if (
        _shape(whole) != _shape(part)
        or whole.hidden
        or part.hidden
        or not whole.first <= part.first <= part.last <= whole.last
    ):
        return False
    after = part.last + timedelta(1)
    if "day" in part.asked.groups:
        return True
    if "month" in part.asked.groups:
        return part.first.day == 1 == after.day
    return "year" in part.asked.groups and (part.first.month, part.first.day) == (1, 1) == (after.month, after.day)


def continued(asked: Question, first: date, last: date, earlier: Sequence[Edition]) -> date | None:
    """Return the last day of the latest table that this one says again over more days, None for none."""
    empty = Edition("", asked, first, last, {}, {}, frozenset())
    days = [e.last for e in earlier if _meets(empty, e) and continues(empty, e) and e.last < last]
    return max(days, default=None)


def continues(new: Edition, old: Edition) -> bool:
    """Return whether `new` says `old` again, over the same days or more from the same first: cell by cell, it is the greater."""
    if _shape(new) != _shape(old) or new.first != old.first or new.last < old.last:
        return False
    return new.last == old.last or not any(b.ladder == _TIME for b in new.asked.by)


def _shape(edition: Edition) -> tuple[object, ...]:
    return edition.asked.subject, edition.asked.groups, edition.asked.only


def _meets(new: Edition, old: Edition) -> bool:
    """Return whether both count something in common over days in common."""
    a, b = new.asked, old.asked
    if a.about.circle != b.about.circle or new.first > old.last or old.first > new.last:
        return False
    kept = dict(b.only)
    apart = any(k in kept and not set(values) & set(kept[k]) for k, values in a.only)
    return not apart and bool(set(_shared(a)) & set(_shared(b)))


def _shared(asked: Question) -> list[str]:
    """Return what a question counts, by a name that is the same in every subject; two of the three sums of money tell the third."""
    return [_SAME.get(m, m) for m in asked.counted]


def _refuse_linked(new: Edition, old: Edition) -> None:
    """Raise `RuleRefused` where both tables together may tell what one of them hides."""
    same_lines = (new.first, new.last, new.asked.only) == (old.first, old.last, old.asked.only)
    if not same_lines:
        if new.asked.only == old.asked.only:
            raise RuleRefused(
                N_(
                    "« {title} » est déjà publié du {first} au {last} : la différence des deux montrerait de petits effectifs. Publiez les mêmes jours, ou une période qui ne les recoupe pas."
                ),
                title=old.title, first=lambda: _day(old.first), last=lambda: _day(old.last),
            )  # fmt: skip
        raise RuleRefused(
            N_(
                "« {title} » est déjà publié sur une partie de ces lignes : la différence des deux montrerait de petits effectifs. Mettez le filtre en regroupement, ou gardez les mêmes filtres."
            ),
            title=old.title,
        )
    if not (_shows_common(new, old) and _shows_common(old, new)):
        raise RuleRefused(
            N_(
                "Avec « {title} », déjà publié, ce tableau permettrait de retrouver une case cachée. Gardez les mêmes regroupements, ou groupez davantage : par secteur, par année."
            ),
            title=old.title,
        )


def _shows_common(one: Edition, other: Edition) -> bool:
    """Return whether a table shows every total it has in common with another cut of the same lines."""
    common = [g for g in one.asked.groups if g in other.asked.groups]
    mine = {BY[g].ladder for g in one.asked.groups if g not in common} - {""}
    theirs = {BY[g].ladder for g in other.asked.groups if g not in common} - {""}
    kin = {BY[g].ladder for g in common} - {""}
    if mine & theirs or (mine | theirs) & kin:
        return not one.hidden
    return not any(
        all((code == SUM) is (g not in common) for g, code in zip(one.asked.groups, key, strict=True)) for key in one.hidden
    )  # fmt: skip


def _day(day: date) -> str:
    from epicerie_desktop.support.format import day as shown

    return shown(day)


def _cells(answer: Answer) -> tuple[dict[Key, tuple[int, ...]], dict[Key, int]]:
    numbers: dict[Key, tuple[int, ...]] = {}
    heads: dict[Key, int] = {}
    for level, found in answer.levels.items():
        for codes, told in found.items():
            at = dict(zip(level, codes, strict=True))
            key = tuple(at.get(i, SUM) for i in range(len(answer.asked.groups)))
            numbers[key] = told
            heads[key] = answer.heads.get(level, {}).get(codes, 0)
    return numbers, heads


@dataclass(frozen=True, slots=True)
class _Frame:
    """Rows and columns of a table of one or two groups, its totals last; with one group, the only column is its own total."""

    rows: tuple[Code, ...]
    columns: tuple[Code, ...]
    groups: int

    def key(self, cell: Cell) -> Key:
        row = self.rows[cell[0]] if cell[0] < len(self.rows) else SUM
        column = self.columns[cell[1]] if cell[1] < len(self.columns) else SUM
        return (row, column)[: self.groups]

    def cells(self) -> list[Cell]:
        return [(i, j) for i in range(len(self.rows) + 1) for j in range(len(self.columns) + 1)]


def _frame(editions: Sequence[Edition]) -> _Frame:
    groups = len(editions[0].asked.groups)
    parts = [sorted({k[p] for e in editions for k in e.numbers if k[p] != SUM}, key=repr) for p in range(groups)]
    parts += [["all"]] * (2 - groups)
    return _Frame(tuple(parts[0]), tuple(parts[1]), groups)


def _grid(frame: _Frame, numbers: Mapping[Key, int]) -> tuple[tuple[int, ...], ...]:
    """Return the cells as a table with the sums of its cells as totals: what does not add up is protected as if it did."""
    inner = [[numbers.get(frame.key((i, j)), 0) for j in range(len(frame.columns))] for i in range(len(frame.rows))]
    rows = [(*line, sum(line)) for line in inner]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * (len(frame.columns) + 1))  # fmt: skip


def _hidden(made: Edition, threshold: int, again: Sequence[Edition], added: Mapping[Key, int]) -> frozenset[Key]:
    """Return what is not shown, alone and beside the editions it continues."""
    if not made.asked.groups:
        old = {k for e in again for k in e.hidden}
        changed = {k for e in again for k in _differences(made, e, threshold)}
        return (
            frozenset(k for k, n in made.heads.items() if 0 < n < threshold or 0 < added.get(k, 0) < threshold)
            | old
            | changed
        )
    frame = _frame([made, *again])
    apart = {k for e in again for k in _differences(made, e, threshold)}
    apart |= {k for k, n in added.items() if 0 < n < threshold}
    kept = {k for e in again for k in e.hidden}
    cells = frame.cells()
    few = {c for c in cells if 0 < made.heads.get(frame.key(c), 0) < threshold or frame.key(c) in apart}
    tables = _tables(made, frame, few, threshold)
    for e in again:
        tables += _between(made, e, frame, {c for c in few if frame.key(c) in apart}, threshold)
    return frozenset(frame.key(c) for c in protect(tables, few | {c for c in cells if frame.key(c) in kept}))


def _differences(made: Edition, old: Edition, threshold: int) -> set[Key]:
    """Return the cells whose difference from an earlier edition tells of few people: by the people, and by what is counted."""
    found = set()
    for key in {*made.numbers, *old.numbers}:
        apart = [abs(made.heads.get(key, 0) - old.heads.get(key, 0))]
        for m in set(made.asked.counted) & set(old.asked.counted):
            if MEASURES[m].holds.places == 0:
                apart.append(abs(_number(made, key, m) - _number(old, key, m)))
        if any(0 < n < threshold for n in apart):
            found.add(key)
    return found


def _number(edition: Edition, key: Key, measure: str) -> int:
    return edition.numbers.get(key, (0,) * len(edition.asked.counted))[edition.asked.counted.index(measure)]


def _tables(made: Edition, frame: _Frame, small: Iterable[Cell], threshold: int) -> list[Guarded]:
    """Return the tables to protect together: the people, then each thing counted."""
    small = frozenset(small)
    tables = [Guarded(_grid(frame, made.heads), dict.fromkeys(small, threshold))]
    for m in made.asked.counted:
        grid = _grid(frame, {k: _number(made, k, m) for k in made.numbers})
        tables += _guarded(grid, small, threshold, counted=MEASURES[m].holds.places == 0)
    return tables


def _guarded(
    grid: tuple[tuple[int, ...], ...], small: Iterable[Cell], threshold: int, *, counted: bool
) -> list[Guarded]:
    """Return a table with what its small cells need: the threshold for a count; for kilos and euros, as much as they hold.

    A table with a figure below nought is left to the others: who knows no floor guesses less.
    """
    if any(n < 0 for row in grid for n in row):
        return []
    return [Guarded(grid, {(i, j): threshold if counted else max(1, grid[i][j]) for i, j in small})]


def _between(made: Edition, old: Edition, frame: _Frame, small: Iterable[Cell], threshold: int) -> list[Guarded]:
    """Return the tables of the differences with an earlier edition, where none is below nought."""
    tables = []
    for m in set(made.asked.counted) & set(old.asked.counted):
        if MEASURES[m].adds_up:
            keys = {*made.numbers, *old.numbers}
            apart = _grid(frame, {k: _number(made, k, m) - _number(old, k, m) for k in keys})
            tables += _guarded(apart, small, threshold, counted=MEASURES[m].holds.places == 0)
    return tables


__all__ = ["SUM", "Edition", "continued", "continues", "edition_from", "edition_of", "refuse_unpublishable", "to_json"]
