"""What a household is told of its data, before they are asked (RGPD, art. 13): one page, in its own language."""

from __future__ import annotations

from epicerie_desktop.domain.slips import InformationNotice
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, Paper
from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import gettext as _


def render(notice: InformationNotice) -> bytes:
    """Return the PDF of the notice, A4."""
    paper = Paper(A4, _("Vos données à l'épicerie"), margin=18 * MM, foot=notice.shop.name)
    head.draw(paper, notice.shop, _("Vos données à l'épicerie"))
    for title, words, listed in notice.parts:
        if title:
            paper.heading(title, 12, before=10, after=4)
        for line in (*words, *listed):
            paper.paragraph(line, 10.5, leading=1.4, after=4)
    paper.y -= 8
    paper.paragraph(_("Notice remise le {day}").format(day=day(notice.given_on)), 10, bold=True)
    return paper.finish()
