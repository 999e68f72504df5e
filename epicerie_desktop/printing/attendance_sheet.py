"""The sheet of a workshop: each person put down signs beside their name; blank lines for those who come unannounced."""

from __future__ import annotations

from epicerie_desktop.domain.slips import AttendanceSheet
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, LINE, MM, SHADE, Paper
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import gettext as _

_ROW = 9.5 * MM
"""High enough to be signed by a hand that trembles."""


def render(sheet: AttendanceSheet) -> bytes:
    """Return the PDF of a sheet to sign, A4."""
    day = sheet.at.astimezone(PARIS).date()
    title = _("Feuille de présence")
    foot = f"{title} – {sheet.title} – {shown.day(day)}"
    paper = Paper(A4, title, margin=18 * MM, foot=foot, running=foot)
    details = [
        _("{day} à {hour}").format(day=shown.long_day(day), hour=shown.hour(sheet.at)),
        shown.duration(sheet.minutes),
    ]
    if sheet.place:
        details.append(sheet.place)
    head.draw(paper, sheet.shop, title, sheet.title, details)
    paper.y -= 8
    _draw_head(paper)
    for n, name in enumerate((*sheet.names, *[""] * sheet.blank), 1):
        if paper.need(_ROW):
            _draw_head(paper)
        _draw_row(paper, n, name)
    paper.need(24 * MM)
    paper.y -= 8 * MM
    paper.text(paper.left, paper.y, _("Atelier animé par :"), 10)
    paper.text(paper.left + paper.width * 0.55, paper.y, _("Signature :"), 10)
    return paper.finish()


def _columns(paper: Paper) -> tuple[float, float, float]:
    """Return where the number, the name and the signature begin."""
    return paper.left, paper.left + 10 * MM, paper.left + paper.width * 0.55


def _draw_head(paper: Paper) -> None:
    height = 7 * MM
    paper.box(paper.left, paper.y - height, paper.width, height, fill=SHADE, stroke=None)
    for x, title in zip(_columns(paper), ("", _("Nom et prénom"), _("Signature")), strict=True):
        paper.text(x + 3, paper.y - height + 6, title, 9.5, bold=True)
    paper.y -= height
    paper.rule(paper.y, colour=INK, thick=0.8)


def _draw_row(paper: Paper, n: int, name: str) -> None:
    number, who, signature = _columns(paper)
    base = paper.y - _ROW / 2 - 3.5
    paper.text(number + 3, base, str(n), 8.5)
    lines = paper.wrap(name, signature - who - 8, 11)
    paper.text(who + 3, base, lines[0] if len(lines) == 1 else f"{lines[0]}…", 11)
    paper.canvas.setStrokeColorRGB(*LINE)
    paper.canvas.line(signature, paper.y, signature, paper.y - _ROW)
    paper.y -= _ROW
    paper.rule(paper.y)
