"""The monthly distribution sheet: a line a household, by number. Knows no name unless the sheet was asked with names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from epicerie_desktop.domain.figures import DEFINITIONS, HouseholdMonth, Kilos, Totals, totals
from epicerie_desktop.domain.labels import change_words
from epicerie_desktop.domain.months import Change
from epicerie_desktop.domain.sheets import Labelled, MonthSheet, SheetState, require_sum, weight_places, with_unknown
from epicerie_desktop.printing import head
from epicerie_desktop.printing.figures import NOTHING, apart_words, kilos_with, part_of
from epicerie_desktop.printing.style import A4_LANDSCAPE, ACCENT, MM, MUTED, Paper
from epicerie_desktop.printing.table import PAD, Column, Span, Table
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.format import day, instant, month, number, plain_kilos, plain_money
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

_SIZES = tuple(size / 4 for size in range(34, 21, -1))
"""From 8.5 to 5.5 points: the largest in which every column stands whole is taken."""
_HEAD_MOST = 7.5
_NAME_MOST = 42 * MM
_TO_FIGURE = str.maketrans({"−": "-", " ": None, "\xa0": None, "\u202f": None, ",": None, ".": None, NOTHING: "0"})
_SIGNATURE = 28 * MM
_CONTROL = 27.0
"""Points for the control line and its note, on the page of the total."""


def render(sheet: MonthSheet) -> bytes:
    """Return the PDF of the sheet, A4 landscape. Raises `SumsDiffer` if the printed lines do not add up to the totals."""
    whole = totals([sheet.figures])
    title = _("Feuille de distribution – {month}").format(month=month(sheet.month))
    if sheet.mark:
        mark = _("{title} – {mark}").format(title=title, mark=sheet.mark)
    else:
        mark = _("{title} – arrêtée au {day} – version {version}").format(
            title=title, day=day(sheet.closed_on), version=sheet.version
        )
    paper = Paper(A4_LANDSCAPE, title, margin=11 * MM, foot=f"{sheet.shop.name} – {mark}", running=mark)
    _draw_head(paper, sheet)
    grid = _grid(sheet, whole)
    _check(grid, sheet, whole)
    _table(paper, grid).draw(
        grid.rows, grid.total, empty=_("Aucun passage ce mois-ci : rien n'a été distribué."), keep=_CONTROL
    )
    _draw_control(paper, grid, whole)
    if sheet.apart is not None:
        paper.paragraph(apart_words(sheet.apart), 8)
    _draw_end(paper, sheet, whole)
    _draw_amendments(paper, sheet)
    _draw_signatures(paper, sheet)
    return paper.finish()


@dataclass(frozen=True, slots=True)
class _Grid:
    """The texts of the table as they will be printed, and the titles of its columns."""

    titles: list[str]
    rows: list[list[str]]
    total: list[str]
    families: tuple[Labelled, ...]
    named: bool
    places: int

    @property
    def first_family(self) -> int:
        return 4 if self.named else 3


def _grid(sheet: MonthSheet, whole: Totals) -> _Grid:
    lines = sheet.figures.households
    families = with_unknown(sheet.columns, dict(whole.grams_by_family))
    places = weight_places(g for line in lines for _code, g in line.grams_by_family)
    write = kilos_with(places)
    names = sheet.show_names
    codes = [f.code for f in families]

    def row(number_shown: str, name: str, persons: int, line: HouseholdMonth | Totals) -> list[str]:
        grams = dict(line.grams_by_family)
        return [
            number_shown, *([name] if names is not None else []), number(persons), number(line.visits),
            *[write(grams[c]) if c in grams else NOTHING for c in codes],
            write(line.grams), plain_money(line.shelf_cents), plain_money(line.paid_cents),
        ]  # fmt: skip

    titles = [
        _("Foyer"), *([_("Nom")] if names is not None else []), _("Personnes"), _("Passages"),
        *[f.label for f in families], _("Total kg"), _("Valeur €"), _("Payé €"),
    ]  # fmt: skip
    rows = [row(n.number, (names or {}).get(n.number, ""), len(n.persons), n) for n in lines]
    total = row(_("Total"), "", whole.persons, whole)
    return _Grid(titles, rows, total, families, names is not None, places)


def _check(grid: _Grid, sheet: MonthSheet, whole: Totals) -> None:
    """Add up the figures exactly as they stand on the paper, column by column, and compare with the totals.

    Persons are left out: one who changed household within the month stands on two lines and counts for one.
    """
    first = grid.first_family
    wanted = [
        whole.visits,
        *[dict(whole.grams_by_family).get(f.code, 0) // 10 ** (3 - grid.places) for f in grid.families],
    ]
    wanted += [whole.grams // 10 ** (3 - grid.places), whole.shelf_cents, whole.paid_cents]
    for i, expected in enumerate(wanted, first - 1):
        require_sum(grid.titles[i], sum(int(row[i].translate(_TO_FIGURE)) for row in grid.rows), expected)
    require_sum(_("Foyers"), len(grid.rows), whole.families)
    require_sum(
        _("Kilos pesés et estimés"), sum(n.estimated_grams for n in sheet.figures.households), whole.estimated_grams
    )
    require_sum(_("Kilos par provenance"), sum(g for _code, g in sheet.figures.grams_by_origin), whole.grams)
    if sheet.announced is not None:
        for what, mine, theirs in (
            (_("Foyers"), whole.families, sheet.announced.families),
            (_("Personnes"), whole.persons, sheet.announced.persons),
            (_("Passages"), whole.visits, sheet.announced.visits),
            (_("Kilos (en grammes)"), whole.grams, sheet.announced.grams),
            (_("Valeur €"), whole.shelf_cents, sheet.announced.shelf_cents),
            (_("Payé €"), whole.paid_cents, sheet.announced.paid_cents),
        ):
            require_sum(what, mine, theirs)


def _table(paper: Paper, grid: _Grid) -> Table:
    """Return the table in the largest size of letters that lets every column stand whole, its titles turned if they must."""
    first, last = grid.first_family, grid.first_family + len(grid.families) - 1
    spans = [Span(_("Kilos par famille de produits"), first, last)] if grid.families else []
    turned = range(first - 2, last + 1)
    cells = [
        max([paper.measure(row[i], 1) for row in grid.rows] + [paper.measure(grid.total[i], 1, bold=True)])
        for i in range(len(grid.titles))
    ]

    def columns(size: float, *, level: bool) -> list[Column]:
        found = []
        for i, title in enumerate(grid.titles):
            named = grid.named and i == 1
            cell = min(cells[i] * size, _NAME_MOST) if named else cells[i] * size
            found.append(
                Column(title, max(cell, _title_width(paper, title, size, i in turned, level=level)) + 2 * PAD,
                       right=i > 0 and not named, turned=i in turned and not level)
            )  # fmt: skip
        return found

    trials = [(size, True) for size in _SIZES[:4]] + [(size, False) for size in _SIZES]
    for size, level in trials:
        fitted = columns(size, level=level)
        if sum(c.width for c in fitted) <= paper.width:
            break
    spare = (paper.width - sum(c.width for c in fitted)) / len(fitted)
    fitted = [replace(column, width=column.width + spare) for column in fitted]
    return Table(paper, fitted, size=size, head_size=min(size, _HEAD_MOST), spans=spans)


def _title_width(paper: Paper, title: str, size: float, turns: bool, *, level: bool) -> float:
    """Return the least width of a title: whole, by its longest word where it may be wrapped, or turned, two lines high."""
    head_size = min(size, _HEAD_MOST)
    if turns and not level:
        return 2 * head_size
    pieces = title.split(" ") if turns and title.count(" ") < 3 else [title]
    return max(paper.measure(piece, head_size, bold=True) for piece in pieces)


def _draw_head(paper: Paper, sheet: MonthSheet) -> None:
    closed = sheet.state is SheetState.CLOSED
    state = _("MOIS CLOS") if closed else _("PROVISOIRE")
    details = [
        _("Arrêtée au {day} – version {version}").format(day=day(sheet.closed_on), version=sheet.version),
        _("Imprimée le {instant}").format(instant=instant(sheet.printed_at)),
    ]
    if sheet.mark:
        details.insert(1, sheet.mark[:1].upper() + sheet.mark[1:])
    title = _("Feuille de distribution mensuelle")
    head.draw(paper, sheet.shop, title, month(sheet.month), details, mark=state, solid=closed)


def _draw_control(paper: Paper, grid: _Grid, whole: Totals) -> None:
    lines = sum(int(row[-3].translate(_TO_FIGURE)) for row in grid.rows) * 10 ** (3 - grid.places)
    shown = _("Contrôle : somme des lignes = total ({lines} kg = {total} kg ; {households}).").format(
        lines=kilos_with(grid.places)(lines),
        total=kilos_with(grid.places)(whole.grams),
        households=_households(whole.families),
    )
    paper.y -= 4
    paper.paragraph(shown, 8, bold=True, colour=ACCENT)
    on_lines = sum(int(row[grid.first_family - 2].translate(_TO_FIGURE)) for row in grid.rows)
    if on_lines != whole.persons:
        note = _(
            "Le total des personnes est de personnes distinctes : {count} d'entre elles figurent sur plusieurs lignes."
        )
        paper.paragraph(note.format(count=number(on_lines - whole.persons)), 8, colour=MUTED)


def _households(count: int) -> str:
    return ngettext("{count} foyer", "{count} foyers", count).format(count=number(count))


def _draw_end(paper: Paper, sheet: MonthSheet, whole: Totals) -> None:
    """Draw the kilos by origin, and the definitions beside them."""
    gap = 9 * MM
    left = paper.width * 0.32
    origins = _origin_rows(sheet, whole)
    texts = [(_(name), _(meaning)) for _key, name, meaning in DEFINITIONS]
    x = paper.left + left + gap
    right = paper.right - x
    size = 7.6
    tall = sum(len(paper.wrap(f"{n} – {m}", right, size)) * size * 1.3 + 1.6 for n, m in texts)
    paper.need(max(tall, (len(origins) + 3 + 6) * 12 + 26) + 26 + _SIGNATURE)
    paper.y -= 12
    top = paper.y
    paper.paragraph(_("Kilos par provenance"), 9.5, bold=True, colour=ACCENT, after=3)
    columns = [Column(_("Provenance")), Column(_("kg"), 58, right=True), Column(_("Part"), 44, right=True)]
    Table(paper, columns, size=8, width=left).draw(
        origins, [_("Total"), plain_kilos(whole.grams), ""], empty=_("Aucun kilo ce mois-ci.")
    )
    paper.y -= 10
    paper.paragraph(_("Kilos pesés et estimés"), 9.5, bold=True, colour=ACCENT, after=3)
    kilos = [Column(""), *(Column(title, 54, right=True) for title in (_("kg"), _("pesés"), _("estimés")))]
    Table(paper, kilos, size=8, width=left).draw(_weight_rows(sheet, whole), None, empty="")
    if sheet.moved.ended_lots:
        paper.y -= 3
        told = ngettext(
            "{n} lot fini avec {kilos} kg d'écart entre l'arrivée et les sorties.",
            "{n} lots finis avec {kilos} kg d'écart entre l'arrivée et les sorties.",
            sheet.moved.ended_lots,
        ).format(n=number(sheet.moved.ended_lots), kilos=plain_kilos(sheet.moved.ended_grams))
        paper.paragraph(told, 7.6, colour=MUTED)
    foot, paper.y = paper.y, top
    paper.paragraph(_("Ce que comptent ces chiffres"), 9.5, x=x, bold=True, colour=ACCENT, after=3)
    for name, meaning in texts:
        paper.paragraph(_("{name} – {meaning}").format(name=name, meaning=meaning), size, x=x, leading=1.3, after=1.6)
    paper.y = min(paper.y, foot)


def _draw_amendments(paper: Paper, sheet: MonthSheet) -> None:
    """Draw what each amendment changed and why, and how many corrections wait for the next."""
    for version in sheet.amendments:
        title = _("Avenant : version {version}, du {day}, par {who}").format(
            version=version.version, day=day(version.made_at.astimezone(PARIS).date()), who=version.made_by
        )
        paper.need(60 + _SIGNATURE)
        paper.y -= 10
        paper.paragraph(title, 9.5, bold=True, colour=ACCENT, after=2)
        paper.paragraph(_("Raison : {reason}").format(reason=version.reason), 8.5, after=3)
        columns = [
            Column(_("Jour")), Column(_("Foyer")), Column(_("Ce qui change")), Column(_("Personnes"), right=True), Column(_("Kilos"), right=True),
            Column(_("Valeur €"), right=True), Column(_("Payé €"), right=True),
        ]  # fmt: skip
        Table(paper, columns, size=8).draw([_change_row(c) for c in version.changes], None, empty="", keep=_SIGNATURE)
    if sheet.corrected:
        paper.need(24 + _SIGNATURE)
        paper.y -= 8
        note = ngettext(
            "Depuis cette version, {n} correction n'est pas dans cette feuille : elle demande un avenant.",
            "Depuis cette version, {n} corrections ne sont pas dans cette feuille : elles demandent un avenant.",
            sheet.corrected,
        ).format(n=number(sheet.corrected))
        paper.paragraph(note, 8.5, bold=True)


def _change_row(change: Change) -> list[str]:
    before, after = change.before, change.after

    def both(write: Callable[[int], str], a: int, b: int) -> str:
        return write(b) if a == b else _("{before}, puis {after}").format(before=write(a), after=write(b))

    return [
        day(change.day), change.number or NOTHING, change_words(change), both(number, before.persons, after.persons),
        both(plain_kilos, before.grams, after.grams), both(plain_money, before.shelf_cents, after.shelf_cents),
        both(plain_money, before.paid_cents, after.paid_cents),
    ]  # fmt: skip


def _origin_rows(sheet: MonthSheet, whole: Totals) -> Sequence[Sequence[str]]:
    grams = dict(sheet.figures.grams_by_origin)
    return [
        [o.label, plain_kilos(grams[o.code]), part_of(grams[o.code], whole.grams)]
        for o in with_unknown(sheet.origins, grams)
        if grams.get(o.code)
    ]


def _weight_rows(sheet: MonthSheet, whole: Totals) -> list[list[str]]:
    given = Kilos(whole.grams, whole.estimated_grams)
    return [
        [title, plain_kilos(k.grams), plain_kilos(k.weighed_grams), plain_kilos(k.estimated_grams) if k.estimated_grams else NOTHING]
        for title, k in ((_("Distribués"), given), (_("Reçus"), sheet.moved.received), (_("Perdus"), sheet.moved.lost))
    ]  # fmt: skip


def _draw_signatures(paper: Paper, sheet: MonthSheet) -> None:
    """Draw the two boxes to sign, at the very foot of the last page."""
    height = _SIGNATURE - 6 * MM
    foot = paper.bottom
    gap = 9 * MM
    width = (paper.width - gap) / 2
    closing = _("Feuille arrêtée au {day}, {households}, {kilos} kg.").format(
        day=day(sheet.closed_on), households=_households(len(sheet.figures.households)),
        kilos=plain_kilos(sum(line.grams for line in sheet.figures.households)),
    )  # fmt: skip
    paper.text(paper.left, foot + height + 5, closing, 8.5, bold=True)
    for i, who in enumerate((_("Le ou la responsable de l'épicerie"), _("Pour le CCAS"))):
        x = paper.left + i * (width + gap)
        paper.box(x, foot, width, height)
        paper.text(x + 6, foot + height - 12, who, 8.5, bold=True)
        paper.text(x + 6, foot + height - 23, _("Nom, date et signature :"), 8, colour=MUTED)
