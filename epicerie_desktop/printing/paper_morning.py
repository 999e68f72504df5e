"""The blank sheet of a morning without the computer: a line a household, a column a family of products, written by hand."""

from __future__ import annotations

from epicerie_desktop.domain.sheets import PaperMorning
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4_LANDSCAPE, INK, LINE, MM, MUTED, SHADE, Paper
from epicerie_desktop.support.format import day, instant, long_day, percent
from epicerie_desktop.support.i18n import gettext as _

_ROW = 9 * MM
"""High enough for a weight written by hand."""
_HEAD = 12 * MM
_BLANK_LINES = 4
_SIGNATURE = 24 * MM


def render(sheet: PaperMorning) -> bytes:
    """Return the PDF of the sheet, A4 landscape."""
    title = _("Distribution sur papier")
    mark = _("{title} – feuille n° {number} du {day}").format(title=title, number=sheet.number, day=day(sheet.day))
    paper = Paper(A4_LANDSCAPE, title, margin=11 * MM, foot=f"{sheet.shop.name} – {mark}", running=mark)
    head.draw(
        paper, sheet.shop, title, long_day(sheet.day),
        (_("Feuille n° {number}").format(number=sheet.number), _("Imprimée le {instant}").format(instant=instant(sheet.printed_at))),
    )  # fmt: skip
    paper.paragraph(
        _("Une ligne par foyer : écrivez les kilos emportés, avec la virgule (1,250). Une case vide ne compte pas. À saisir ensuite dans cet ordre."),
        9, colour=MUTED, after=5,
    )  # fmt: skip
    edges = _edges(paper, sheet)
    _draw_titles(paper, sheet, edges)
    blank = ("", "", "", 0, 0)
    for line in (*sheet.lines, *[blank] * _BLANK_LINES):
        if paper.need(_ROW):
            _draw_titles(paper, sheet, edges)
        _draw_line(paper, line, edges)
    _draw_signatures(paper)
    return paper.finish()


def _edges(paper: Paper, sheet: PaperMorning) -> list[float]:
    """Return where each column begins, and where the last ends: place, file, name, persons, share, families."""
    widths = [8 * MM, 20 * MM, (42 if sheet.named else 0) * MM, 12 * MM, 14 * MM]
    each = (paper.width - sum(widths)) / len(sheet.families)
    edges = [paper.left]
    for width in (*widths, *[each] * len(sheet.families)):
        edges.append(edges[-1] + width)
    return edges


def _draw_titles(paper: Paper, sheet: PaperMorning, edges: list[float]) -> None:
    titles = [
        "",
        _("Foyer"),
        _("Nom") if sheet.named else "",
        _("Pers."),
        _("Part"),
        *(f.label for f in sheet.families),
    ]
    paper.box(paper.left, paper.y - _HEAD, paper.width, _HEAD, fill=SHADE, stroke=None)
    top = paper.y
    for n, title in enumerate(titles):
        room = edges[n + 1] - edges[n] - 4
        size = 8.0
        while size > 5.5 and any(paper.measure(word, size, bold=True) > room for word in title.split(" ")):
            size -= 0.25
        paper.y = top - _HEAD + 5 + size * 1.25 * len(paper.wrap(title, room, size, bold=True)) if title else top
        if title:
            paper.paragraph(title, size, x=edges[n] + 2, width=room, bold=True, leading=1.25)
    paper.y = top - _HEAD
    paper.rule(paper.y, colour=INK, thick=0.8)


def _draw_line(paper: Paper, line: tuple[str, str, str, int, int], edges: list[float]) -> None:
    place, number, name, persons, share = line
    base = paper.y - _ROW / 2 - 3
    written = (place, number, name, str(persons) if persons else "", percent(share) if persons else "")
    for n, text in enumerate(written):
        size, room = 9.0, edges[n + 1] - edges[n] - 4
        while size > 6 and paper.measure(text, size) > room:
            size -= 0.25
        paper.text(edges[n] + 2, base, text, size, bold=n == 1)
    paper.y -= _ROW
    paper.rule(paper.y)
    paper.canvas.setStrokeColorRGB(*LINE)
    paper.canvas.setLineWidth(0.35)
    paper.canvas.lines([(x, paper.y, x, paper.y + _ROW) for x in edges[1:-1]])


def _draw_signatures(paper: Paper) -> None:
    paper.need(_SIGNATURE + 4 * MM)
    width = (paper.width - 9 * MM) / 2
    foot = paper.y - _SIGNATURE - 4 * MM
    for i, who in enumerate((_("Écrite par"), _("Saisie par, le"))):
        x = paper.left + i * (width + 9 * MM)
        paper.box(x, foot, width, _SIGNATURE)
        paper.text(x + 6, foot + _SIGNATURE - 12, who, 8.5, bold=True)
    paper.y = foot
