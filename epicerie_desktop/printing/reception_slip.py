"""The slip of an arrival: what entered, what was ordered, delivered and damaged, what was refused and why."""

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
    """What to print, in words: `told` are the pairs above the lines; `lines` are article, received, date and lot, who paid.

    `gaps` are article, ordered, delivered, received, damaged; `refused` are article, quantity, reason.
    """

    shop: ShopHeader
    number: str
    day: date
    told: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    gaps: tuple[tuple[str, ...], ...]
    refused: tuple[tuple[str, ...], ...]
    made_by: str
    made_at: datetime


def render(slip: Slip) -> bytes:
    """Return the PDF, A4."""
    title = _("Bon de réception")
    foot = f"{title} {slip.number} – {day(slip.day)}"
    paper = Paper(A4, title, foot=foot, running=foot)
    head.draw(
        paper, slip.shop, title, _("n° {number}, reçu le {day}").format(number=slip.number, day=day(slip.day)),
        [_("Noté par {who} le {instant}").format(who=slip.made_by, instant=instant(slip.made_at))],
    )  # fmt: skip
    for what, said in slip.told:
        paper.need(14)
        top = paper.y
        paper.paragraph(what, 9.5, width=120, colour=MUTED)
        paper.y = top
        paper.paragraph(said, 9.5, x=paper.left + 124, width=paper.width - 124, after=1)
    paper.heading(_("Entré en stock"))
    columns = [Column(_("Article")), Column(_("Reçu"), 76, right=True), Column(_("Date"), 82), Column(_("Lot"), 80), Column(_("Financement"), 96)]  # fmt: skip
    Table(paper, columns, size=9).draw(slip.lines, slip.total, empty=_("Rien n'est entré en stock."))
    if slip.gaps:
        paper.heading(_("Commandé, livré, abîmé"))
        Table(
            paper,
            [Column(_("Article")), *(Column(t, 78, right=True) for t in (_("Commandé"), _("Livré"), _("Reçu"), _("Abîmé")))],
            size=9,
        ).draw(slip.gaps)  # fmt: skip
    if slip.refused:
        paper.heading(_("Refusé, rendu au livreur"))
        Table(paper, [Column(_("Article")), Column(_("Quantité"), 78, right=True), Column(_("Raison"), 230)], size=9).draw(slip.refused)  # fmt: skip
    paper.need(70)
    paper.y -= 22
    middle = paper.left + paper.width / 2
    paper.text(paper.left, paper.y, _("Le livreur"), 9, colour=MUTED)
    paper.text(middle, paper.y, _("L'épicerie"), 9, colour=MUTED)
    paper.y -= 40
    paper.rule(paper.y, x2=middle - 20)
    paper.rule(paper.y, x1=middle)
    return paper.finish()
