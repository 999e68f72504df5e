"""The table of a monthly sheet in each of its forms: its texts, the control that they add up, how it stands on the page.

A table too wide for the page at a size that can be read is cut into several, one under the other, each with its first columns again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from epicerie_desktop.domain.data_table import NOTHING
from epicerie_desktop.domain.figures import HouseholdMonth, Totals
from epicerie_desktop.domain.month_forms import UNKNOWN, FormLine, SheetForm
from epicerie_desktop.domain.sheets import MonthSheet, require_sum, weight_places, with_unknown
from epicerie_desktop.printing.figures import kilos_with, part_of
from epicerie_desktop.printing.style import MM, Paper
from epicerie_desktop.printing.table import PAD, Column, Span, Table
from epicerie_desktop.support.format import long_day, number, plain_money
from epicerie_desktop.support.i18n import gettext as _

_SIZES = tuple(size / 4 for size in range(34, 21, -1))
"""From 8.5 to 5.5 points: the largest in which every column stands whole is taken."""
_LEAST_CUT = 7.0
"""A table that is cut into several keeps letters of this size at least."""
_HEAD_MOST = 7.5
_FEW, _SPARE_MOST = 6, 46.0
"""A table of so few columns is not stretched over the page: its figures stay near their words. In points a column."""
_NAME_MOST = 42 * MM
_TO_FIGURE = str.maketrans({"−": "-", " ": None, "\xa0": None, "\u202f": None, ",": None, ".": None, NOTHING: "0"})


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of the table as they will be printed, and the titles of its columns, of which the first `words` are words.

    `families` are the columns under one title, `kilos_at` is that of all kilos; `wanted` says what a column must add up to, in its
    smallest unit.
    """

    titles: list[str]
    rows: list[list[str]]
    total: list[str]
    words: int
    families: range
    wanted: Mapping[int, int]
    places: int
    empty: str
    kilos_at: int
    note: str = ""
    turned: frozenset[int] = field(default_factory=frozenset)

    def check(self) -> None:
        """Add up the figures exactly as they stand on the paper, column by column. Raises `SumsDiffer`."""
        for i, expected in self.wanted.items():
            require_sum(self.titles[i], sum(int(row[i].translate(_TO_FIGURE)) for row in self.rows), expected)

    @property
    def grams(self) -> int:
        """Return what the column of kilos adds up to as printed, in grams."""
        return sum(int(row[self.kilos_at].translate(_TO_FIGURE)) for row in self.rows) * int(10 ** (3 - self.places))

    @property
    def kilos(self) -> Callable[[int], str]:
        """Return what writes grams as the table does."""
        return kilos_with(self.places)


def grid_of(sheet: MonthSheet, whole: Totals) -> Grid:
    """Return the table of a sheet in its form."""
    if sheet.form is SheetForm.HOUSEHOLD:
        return _by_household(sheet, whole)
    return _by_goods(sheet, whole) if sheet.form.of_goods else _by_visits(sheet, whole)


def _whole_grid(
    sheet: MonthSheet, whole: Totals, first: list[str], head: Callable[[HouseholdMonth | FormLine], list[str]],
    lines: Sequence[HouseholdMonth] | Sequence[FormLine], total: list[str], note: str = "",
) -> Grid:  # fmt: skip
    """Return a table of kilos by family, with the words and counts of each line before, and what they add up to after."""
    families = with_unknown(sheet.columns, dict(whole.grams_by_family))
    places = weight_places(g for line in lines for _code, g in line.grams_by_family)
    write = kilos_with(places)
    codes = [f.code for f in families]

    def figures(line: HouseholdMonth | FormLine | Totals) -> list[str]:
        grams = dict(line.grams_by_family)
        kilos = [write(grams[c]) if c in grams else NOTHING for c in codes]
        return [*kilos, write(line.grams), plain_money(line.shelf_cents), plain_money(line.paid_cents)]

    titles = [*first, *[f.label for f in families], _("Total kg"), _("Valeur €"), _("Payé €")]
    after, unit = len(first), 10 ** (3 - places)
    known = dict(whole.grams_by_family)
    wanted = {after + n: known.get(code, 0) // unit for n, code in enumerate(codes)}
    end = after + len(codes)
    wanted |= {end: whole.grams // unit, end + 1: whole.shelf_cents, end + 2: whole.paid_cents}
    return Grid(
        titles, [[*head(line), *figures(line)] for line in lines], [*total, *figures(whole)], 0, range(after, end), wanted, places,
        _("Aucun passage ce mois-ci : rien n'a été distribué."), end, note,
    )  # fmt: skip


def _by_household(sheet: MonthSheet, whole: Totals) -> Grid:
    names = sheet.show_names
    lines = sheet.figures.households

    def head(line: HouseholdMonth | FormLine) -> list[str]:
        assert isinstance(line, HouseholdMonth)
        called = [(names).get(line.number, "")] if names is not None else []
        return [line.number, *called, number(len(line.persons)), number(line.visits)]

    named = [_("Nom")] if names is not None else []
    on_lines = sum(len(line.persons) for line in lines)
    grid = _whole_grid(
        sheet, whole, [_("Foyer"), *named, _("Personnes"), _("Passages")], head, lines,
        [_("Total"), *([""] if named else []), number(whole.persons), number(whole.visits)],
        _persons_note(on_lines - whole.persons),
    )  # fmt: skip
    words = 1 + len(named)
    require_sum(_("Foyers"), len(grid.rows), whole.families)
    return replace(
        grid, words=words, wanted={words + 1: whole.visits, **grid.wanted}, turned=frozenset(range(words, grid.families.stop))
    )  # fmt: skip


def _persons_note(twice: int) -> str:
    if not twice:
        return ""
    note = _(
        "Le total des personnes est de personnes distinctes : {count} d'entre elles figurent sur plusieurs lignes."
    )
    return note.format(count=number(twice))


_FIRST = {
    SheetForm.DAY: lambda: _("Jour"),
    SheetForm.COMMUNE: lambda: _("Commune du jour"),
    SheetForm.REFERRER: lambda: _("Prescripteur"),
    SheetForm.FAMILY: lambda: _("Famille de produits"),
    SheetForm.ORIGIN: lambda: _("Provenance"),
}


def _by_visits(sheet: MonthSheet, whole: Totals) -> Grid:
    """Return a line a day, a commune or a referrer; a day's households are its visits, and are not told twice."""
    daily = sheet.form is SheetForm.DAY

    def head(line: HouseholdMonth | FormLine) -> list[str]:
        assert isinstance(line, FormLine)
        households = [] if daily else [number(line.households)]
        return [_called(sheet, line.code), *households, number(line.persons), number(line.visits)]

    households = [] if daily else [_("Foyers")]
    counts = [] if daily else [number(whole.families)]
    words = _FIRST[sheet.form]()
    note = _distinct_note(daily, sheet.lines, whole)
    grid = _whole_grid(
        sheet, whole, [words, *households, _("Personnes"), _("Passages")], head, sheet.lines,
        [_("Total"), *counts, number(whole.persons), number(whole.visits)], note,
    )  # fmt: skip
    return replace(
        grid, words=1, wanted={2 + len(households): whole.visits, **grid.wanted}, turned=frozenset(range(1, grid.families.stop))
    )  # fmt: skip


def _distinct_note(daily: bool, lines: Sequence[FormLine], whole: Totals) -> str:
    on_lines = sum(line.persons for line in lines) != whole.persons
    if daily:
        return (
            _("Le total des personnes est de personnes distinctes, venues parfois plusieurs jours.") if on_lines else ""
        )
    if on_lines or sum(line.households for line in lines) != whole.families:
        return _("Foyers et personnes : le total les compte une fois, même ceux qui figurent sur plusieurs lignes.")
    return ""


def _by_goods(sheet: MonthSheet, whole: Totals) -> Grid:
    """Return a line a family of products or an origin: who got some, the kilos, their part of the month."""
    places = weight_places(line.grams for line in sheet.lines)
    write = kilos_with(places)
    by_code = {line.code: line for line in sheet.lines}
    known = sheet.columns if sheet.form is SheetForm.FAMILY else sheet.origins
    rows = []
    for code, label in ((k.code, k.label) for k in with_unknown(known, by_code)):
        line = by_code.get(code)
        if line is not None:
            rows.append([
                label, number(line.households), number(line.persons), number(line.visits), write(line.grams), part_of(line.grams, whole.grams),
            ])  # fmt: skip
    titles = [
        _FIRST[sheet.form](), _("Foyers servis"), _("Personnes"), _("Passages"), _("kg"), _("Part"),
    ]  # fmt: skip
    total = [
        _("Total"), number(whole.families), number(whole.persons), number(whole.visits), write(whole.grams), part_of(whole.grams, whole.grams),
    ]  # fmt: skip
    note = _(
        "Un passage figure sur chaque ligne dont il a reçu : seuls les kilos s'additionnent, et le total compte chacun une fois."
    )
    empty = _("Aucun passage ce mois-ci : rien n'a été distribué.")
    unit = 10 ** (3 - places)
    return Grid(
        titles, rows, total, 1, range(0), {4: whole.grams // unit}, places, empty, 4, note if rows else ""
    )  # fmt: skip


def _called(sheet: MonthSheet, code: str) -> str:
    if code == UNKNOWN:
        return _("Non connue") if sheet.form is SheetForm.COMMUNE else _("Non connu")
    if sheet.form is SheetForm.DAY:
        return long_day(date.fromisoformat(code))
    return sheet.called.get(code, code)


def draw(paper: Paper, grid: Grid, keep: float) -> None:
    """Draw the table, in one piece or several; `keep` points are left under the total of the last."""
    pieces, size = _pieces(paper, grid)
    for n, (chosen, columns) in enumerate(pieces):
        last = n == len(pieces) - 1
        if n:
            paper.y -= 12
        under = [i for i, c in enumerate(chosen) if c in grid.families]
        spans = [Span(_("Kilos par famille de produits"), under[0], under[-1])] if len(under) > 1 else []
        Table(paper, columns, size=size, head_size=min(size, _HEAD_MOST), spans=spans).draw(
            [[row[i] for i in chosen] for row in grid.rows] if len(pieces) > 1 else grid.rows,
            [grid.total[i] for i in chosen], empty=grid.empty, keep=keep if last else 0,
        )  # fmt: skip


_Piece = tuple[Sequence[int], list[Column]]


def _pieces(paper: Paper, grid: Grid) -> tuple[list[_Piece], float]:
    """Return the columns of each piece with their widths, and the largest size of letters that lets every one stand whole."""
    measured = _Measured(paper, grid)
    every = range(len(grid.titles))
    for size, level in [(size, True) for size in _SIZES[:4]] + [(size, False) for size in _SIZES]:
        if measured.fits(every, size, level=level):
            return [(every, measured.columns(every, size, level=level))], size
    lead, rest = range(grid.words), range(grid.words, len(grid.titles))
    for count in range(2, len(rest) + 1):
        shares = [[*lead, *rest[len(rest) * n // count : len(rest) * (n + 1) // count]] for n in range(count)]
        for size in (s for s in _SIZES if s >= _LEAST_CUT):
            if all(measured.fits(share, size, level=False) for share in shares):
                return [(share, measured.columns(share, size, level=False)) for share in shares], size
    return [(every, measured.columns(every, _SIZES[-1], level=False))], _SIZES[-1]


class _Measured:
    """The widest cell of each column, measured once; widths follow from it at every size."""

    def __init__(self, paper: Paper, grid: Grid) -> None:
        self._paper, self._grid = paper, grid
        self._cells = [
            max([paper.measure(row[i], 1) for row in grid.rows] + [paper.measure(grid.total[i], 1, bold=True)])
            for i in range(len(grid.titles))
        ]

    def _width(self, i: int, size: float, *, level: bool) -> float:
        grid = self._grid
        cell = self._cells[i] * size
        if 0 < i < grid.words or (grid.words == 1 and i == 0):
            cell = min(cell, _NAME_MOST * (1 if i else 1.5))
        return max(cell, self._title(grid.titles[i], size, i in grid.turned, level=level)) + 2 * PAD

    def _title(self, title: str, size: float, turns: bool, *, level: bool) -> float:
        """Return the least width of a title: whole, by its longest word where it may be wrapped, or turned, two lines high."""
        head_size = min(size, _HEAD_MOST)
        if turns and not level:
            return 2 * head_size
        pieces = title.split(" ") if turns and title.count(" ") < 3 else [title]
        return max(self._paper.measure(piece, head_size, bold=True) for piece in pieces)

    def fits(self, chosen: Iterable[int], size: float, *, level: bool) -> bool:
        """Return whether these columns stand side by side on the page."""
        return sum(self._width(i, size, level=level) for i in chosen) <= self._paper.width

    def columns(self, chosen: Sequence[int], size: float, *, level: bool) -> list[Column]:
        """Return these columns, what is left of the page shared among them."""
        widths = [self._width(i, size, level=level) for i in chosen]
        spare = min(
            (self._paper.width - sum(widths)) / len(widths), _SPARE_MOST if len(widths) <= _FEW else self._paper.width
        )
        words = self._grid.words
        return [
            Column(self._grid.titles[i], width + spare, right=i >= words, turned=i in self._grid.turned and not level)
            for i, width in zip(chosen, widths, strict=True)
        ]
