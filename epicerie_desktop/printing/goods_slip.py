"""The slip of goods that leave for another site or go back to whoever brought them: lots, dates, kilos, two signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Slip:
    """What to print, in words: `lines` are article, quantity, date, lot, origin, then the temperature or the reason of a return."""

    shop: ShopHeader
    title: str
    number: str
    day: date
    partner: str
    returned: bool
    lines: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    made_by: str
    made_at: datetime


def render(slip: Slip) -> bytes:
    """Return the PDF, A4."""
    foot = f"{slip.title} {slip.number} – {day(slip.day)}"
    paper = Paper(A4, slip.title, foot=foot, running=foot)
    head.draw(
        paper, slip.shop, slip.title, _("n° {number}, le {day}").format(number=slip.number, day=day(slip.day)),
        [_("Noté par {who} le {instant}").format(who=slip.made_by, instant=instant(slip.made_at))],
    )  # fmt: skip
    paper.heading(_("Rendu à : {partner}").format(partner=slip.partner) if slip.returned else _("Remis à : {partner}").format(partner=slip.partner))  # fmt: skip
    last = Column(_("Raison"), 92) if slip.returned else Column(_("Température"), 62, right=True)
    columns = [Column(_("Article")), Column(_("Quantité"), 92), Column(_("Date"), 78), Column(_("Lot"), 70), Column(_("Provenance"), 92), last]  # fmt: skip
    Table(paper, columns, size=8.5).draw(
        slip.lines, slip.total, empty=_("Rien n'est parti : chaque ligne a été annulée.")
    )
    paper.y -= 6
    paper.paragraph(
        _("Ces produits sortent du stock de l'épicerie sans être comptés comme distribués ni comme perdus. Provenance, dates et numéros de lot "
          "sont à reporter à l'arrivée."),
        8.5, colour=MUTED, after=2,
    )  # fmt: skip
    paper.need(96)
    paper.y -= 22
    middle = paper.left + paper.width / 2
    paper.text(paper.left, paper.y, _("Remis par (nom, date, signature)"), 9, colour=MUTED)
    paper.text(middle, paper.y, _("Reçu par (nom, date, heure, température, signature)"), 9, colour=MUTED)
    paper.y -= 62
    paper.rule(paper.y, x2=middle - 20)
    paper.rule(paper.y, x1=middle)
    return paper.finish()
