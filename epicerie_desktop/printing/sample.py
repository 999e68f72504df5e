"""What the words of a paper look like on it, its lines left out: seen before they are kept."""

from __future__ import annotations

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, MUTED, SHADE, Paper
from epicerie_desktop.support.i18n import gettext as _

_ROWS, _ROW = 7, 7 * MM


def render(shop: ShopHeader, title: str) -> bytes:
    """Return the PDF of a paper without its figures, A4."""
    paper = Paper(A4, title, foot=title)
    head.draw(paper, shop, title, _("exemple"))
    paper.paragraph(_("Ici, les lignes du papier."), 9, colour=MUTED, after=4)
    for n in range(_ROWS):
        paper.y -= _ROW
        if n % 2 == 0:
            paper.box(paper.left, paper.y, paper.width, _ROW, fill=SHADE, stroke=None)
    return paper.finish()
