"""The slip of an appointment, a quarter of a page: when, where, what to bring. No name, no reason."""

from __future__ import annotations

from epicerie_desktop.domain.slips import AppointmentSlip
from epicerie_desktop.printing.style import A6, ACCENT, INK, MM, MUTED, Paper
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import gettext as _


def render(slip: AppointmentSlip) -> bytes:
    """Return the PDF of a slip, A6."""
    paper = Paper(A6, _("Rendez-vous"), margin=9 * MM, bare=True)
    paper.paragraph(slip.shop.name, 11, bold=True, leading=1.2, after=1)
    for line in (*slip.shop.address, *slip.shop.contacts):
        paper.paragraph(line, 8, colour=MUTED, leading=1.3)
    paper.y -= 6
    paper.rule(paper.y, colour=ACCENT, thick=1)
    paper.y -= 8
    paper.paragraph(_("Votre rendez-vous"), 9.5, colour=MUTED, after=1)
    paper.paragraph(_capital(shown.long_day(slip.at.astimezone(PARIS).date())), 14, bold=True, leading=1.25)
    paper.paragraph(_("à {hour}").format(hour=shown.hour(slip.at)), 14, bold=True, leading=1.3, after=3)
    if slip.place:
        paper.paragraph(slip.place, 10)
    if slip.with_whom:
        paper.paragraph(_("avec {name}").format(name=slip.with_whom), 10)
    if slip.bring:
        paper.heading(_("À apporter"), 10, before=8, after=3)
        for line in slip.bring:
            _tick(paper, line)
    _foot(paper, slip)
    return paper.finish()


def _tick(paper: Paper, line: str) -> None:
    side = 7.5
    lines = paper.wrap(line, paper.width - side - 6, 9.5)
    if paper.y - len(lines) * 13 < paper.bottom + 14 * MM:
        paper.turn()
    paper.box(paper.left, paper.y - side - 3, side, side, stroke=INK, thick=0.7)
    paper.paragraph(line, 9.5, x=paper.left + side + 6, leading=1.4)


def _foot(paper: Paper, slip: AppointmentSlip) -> None:
    told = sum(len(paper.wrap(line, paper.width, 9)) for line in slip.last_words)
    paper.y = paper.bottom + 12 * MM + max(0, told - 1) * 12
    paper.rule(paper.y)
    paper.y -= 3
    for line in slip.last_words:
        paper.paragraph(line, 9, leading=1.3, after=1)
    paper.paragraph(_("Foyer {number}").format(number=slip.household), 8, colour=MUTED)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
