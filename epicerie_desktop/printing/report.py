"""A report on paper: a first page that says what it is and how firm, then each section with its figures side by side and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.data_table import written
from epicerie_desktop.domain.reports.shape import Figure, Report, Section, Standing
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import data_table, head
from epicerie_desktop.printing.style import A4, ACCENT, INK, LINE, MM, MUTED, SHADE, Paper
from epicerie_desktop.support.format import day, instant, middle_day
from epicerie_desktop.support.i18n import gettext as _

_ACROSS = 3
_GAP = 5 * MM
_VALUE, _NAME, _SMALL = 16.0, 9.0, 7.8


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What to print: the shop, the report, the day its figures were taken, whether small counts are hidden, when it is printed."""

    shop: ShopHeader
    report: Report
    taken_on: date
    published: bool
    printed_at: datetime


def render(page: ReportPage) -> bytes:
    """Return the PDF, A4. The same page gives the same bytes."""
    # The contents tell the page of each section, which is known once they are drawn: they are drawn twice.
    return _drawn(page, _drawn(page, ())[1])[0]


def _drawn(page: ReportPage, starts: Sequence[int]) -> tuple[bytes, list[int]]:
    report = page.report
    mark = f"{report.title} – {_period(report)} – {_standing_word(report)}"
    paper = Paper(A4, mark, margin=16 * MM, foot=f"{page.shop.name} – {mark}", running=f"{page.shop.name} – {mark}")
    _draw_first(paper, page, starts)
    found = []
    for n, section in enumerate(report.sections, 1):
        if n == 1 or section.own_page or report.sections[n - 2].own_page or paper.y < paper.bottom + 190:
            paper.turn()
        else:
            paper.y -= 10
        found.append(paper.pages)
        _draw_section(paper, n, section, report)
    return paper.finish(), found


def _period(report: Report) -> str:
    first, last = report.first, report.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return _("année {year}").format(year=first.year)
    return _("du {first} au {last}").format(first=day(first), last=day(last))


def _standing_of(report: Report) -> Standing:
    """Return how firm the whole is: as its least firm figure."""
    found = {f.standing for f in report.figures()}
    return Standing.CLOSED if found == {Standing.CLOSED} else Standing.PROVISIONAL


def _standing_word(report: Report) -> str:
    if report.settled:
        return _("ARRÊTÉ")
    return _("CLOS") if _standing_of(report) is Standing.CLOSED else _("PROVISOIRE")


def _draw_first(paper: Paper, page: ReportPage, starts: Sequence[int]) -> None:
    report = page.report
    details = [
        _("Arrêté au {day}").format(day=day(page.taken_on)),
        _("Imprimé le {instant}").format(instant=instant(page.printed_at)),
    ]
    head.draw(paper, page.shop, report.title, "", details)
    paper.y -= 34
    paper.paragraph(report.title, 26, bold=True, colour=ACCENT, leading=1.2, after=4)
    whole = _period(report)
    paper.paragraph(f"{whole[:1].upper()}{whole[1:]}", 17, bold=True, after=2)
    between = _("Du {first} au {last}, ces deux jours compris.")
    paper.paragraph(
        between.format(first=middle_day(report.first), last=middle_day(report.last)), 10, colour=MUTED, after=16
    )
    _draw_standing(paper, page)
    _draw_contents(paper, report, starts)
    if report.closed:
        paper.heading(_("Mois clos dont les chiffres viennent"), before=18)
        for line in report.closed:
            paper.need(16)
            paper.paragraph(line, 9, after=1)


def _draw_standing(paper: Paper, page: ReportPage) -> None:
    """Draw the box that says whether the figures may still change, and what is not shown."""
    word, lines = _standing_word(page.report), _standing_lines(page)
    wrapped = [part for line in lines for part in paper.wrap(line, paper.width - 24, 9.5)]
    height = 30 + 13.2 * len(wrapped)
    paper.y -= height
    paper.box(paper.left, paper.y, paper.width, height, fill=SHADE, stroke=INK, thick=1, radius=3)
    paper.text(paper.left + 12, paper.y + height - 18, word, 11, bold=True)
    for n, line in enumerate(wrapped):
        paper.text(paper.left + 12, paper.y + height - 33 - 13.2 * n, line, 9.5)
    paper.y -= 8


def _standing_lines(page: ReportPage) -> list[str]:
    if page.report.settled:
        lines = [
            page.report.settled,
            _("Ces chiffres ne changent plus : ce qui arrive ensuite se lit dans un autre bilan."),
        ]
    elif _standing_of(page.report) is Standing.CLOSED:
        lines = [_("Ces chiffres viennent de mois clos : ils ne changent plus que par un avenant.")]
    else:
        lines = [_("Des chiffres peuvent encore changer : ceux d'un mois qui n'est pas clos, et ceux de l'accompagnement, que la clôture ne fige pas. Chacun porte sa mention.")]  # fmt: skip
    if any(f.standing is Standing.ESTIMATED for f in page.report.figures()):
        lines.append(_("Les chiffres dits « estimation » ont été donnés par la personne responsable."))
    if page.published:
        lines.append(_("Pour être publié : les petits nombres, et ceux qui permettraient de les retrouver, sont remplacés par un tiret."))  # fmt: skip
    else:
        lines.append(_("À usage interne : les petits nombres y sont lisibles, ne le publiez pas tel quel."))
    return lines


def _draw_contents(paper: Paper, report: Report, starts: Sequence[int]) -> None:
    paper.heading(_("Sommaire"), before=16)
    for n, section in enumerate(report.sections, 1):
        paper.need(18)
        paper.y -= 15
        told = f"{n}. {section.title}"
        paper.text(paper.left, paper.y, told, 10.5)
        at = str(starts[n - 1]) if starts else ""
        paper.text(paper.right, paper.y, at, 10.5, align="right")
        paper.rule(paper.y + 2, x1=paper.left + paper.measure(told, 10.5) + 8, x2=paper.right - 24)
    paper.y -= 4


def _draw_section(paper: Paper, number: int, section: Section, report: Report) -> None:
    paper.heading(f"{number}. {section.title}", 14, before=4, after=6)
    if section.intro:
        paper.paragraph(section.intro, 10, after=6)
    mixed = len({f.standing for f in report.figures()}) > 1
    for n in range(0, len(section.figures), _ACROSS):
        _draw_cards(paper, section.figures[n : n + _ACROSS], mixed=mixed)
    for table in section.tables:
        data_table.draw(paper, table)
    for note in (*section.notes, *section.inner_notes):
        paper.need(24)
        paper.paragraph(note, 8.5, colour=MUTED, after=2)


def _draw_cards(paper: Paper, figures: Sequence[Figure], *, mixed: bool) -> None:
    """Draw a line of figures, each over what it counts: a figure is never quoted without its definition."""
    width = (paper.width - _GAP * (_ACROSS - 1)) / _ACROSS
    names = [paper.wrap(f.name, width, _NAME, bold=True) for f in figures]
    told = [paper.wrap(_under(f, mixed=mixed), width, _SMALL) for f in figures]
    height = max(
        9 + _VALUE * 1.1 + len(name) * _NAME * 1.25 + len(under) * _SMALL * 1.28 + 7
        for name, under in zip(names, told, strict=True)
    )
    paper.need(height)
    top = paper.y
    for n, (figure, name, under) in enumerate(zip(figures, names, told, strict=True)):
        x, y = paper.left + n * (width + _GAP), top - 3
        paper.rule(y, x1=x, x2=x + width, colour=LINE, thick=0.7)
        y -= 5 + _VALUE * 0.86
        paper.text(x, y, written(figure.value, figure.holds, unit=True), _VALUE, bold=True, colour=ACCENT)
        y -= _VALUE * 0.24
        for line in name:
            y -= _NAME * 1.25
            paper.text(x, y, line, _NAME, bold=True)
        y -= 1.5
        for line in under:
            y -= _SMALL * 1.28
            paper.text(x, y, line, _SMALL, colour=MUTED)
    paper.y = top - height


def _under(figure: Figure, *, mixed: bool) -> str:
    """Return what stands under a figure: what it counts, and how firm it is where all are not alike."""
    if figure.standing is Standing.ESTIMATED:
        return _("{definition} Estimation.").format(definition=figure.told)
    if not mixed:
        return figure.definition
    mention = _("Chiffre clos.") if figure.standing is Standing.CLOSED else _("Provisoire.")
    return f"{figure.definition} {mention}"
