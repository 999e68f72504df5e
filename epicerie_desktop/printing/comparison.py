"""What a new règlement would change, for the board: how many households, never which. Knows no rule and no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import day, instant, number
from epicerie_desktop.support.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """What to print: the names of both règlements, the households by kind of change, then by answer before and after."""

    shop: ShopHeader
    old: str
    new: str
    on: date
    printed_at: datetime
    totals: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, str, int], ...]
    left_out: int
    stopped: bool


def render(page: ComparisonPage) -> bytes:
    """Return the PDF, A4."""
    title = _("Ce que changerait le règlement")
    foot = f"{title} – {page.new} – {day(page.on)}"
    paper = Paper(A4, title, margin=18 * MM, foot=foot, running=foot)
    details = [
        _("Foyers évalués au {day}").format(day=day(page.on)),
        _("Imprimé le {instant}").format(instant=instant(page.printed_at)),
    ]
    head.draw(paper, page.shop, title, "", details)
    paper.paragraph(_("De « {old} » à « {new} ».").format(old=page.old, new=page.new), 11, after=4)
    if page.stopped:
        paper.paragraph(
            _("La comparaison a été interrompue : ces nombres ne portent que sur une partie des foyers."),
            10,
            bold=True,
            after=4,
        )
    paper.heading(_("Foyers, selon ce qui change"))
    count = Column(_("Foyers"), 80, right=True)
    Table(paper, [Column(_("Ce qui change")), count], size=10).draw([(words, number(n)) for words, n in page.totals])
    paper.heading(_("Réponse avant, réponse après"))
    Table(paper, [Column(_("Avant")), Column(_("Après")), count], size=10).draw(
        [(before, after, number(n)) for before, after, n in page.answers]
    )
    words = [
        _("Chaque foyer dont le dossier est ouvert est évalué sous les deux règlements, sur sa dernière déclaration."),
        _(
            "Les droits déjà décidés gardent leur règlement ; la décision appartient toujours à une personne ou à la commission."
        ),
    ]
    if page.left_out:
        words.insert(1, _("Dossiers réservés, non comptés ici : {n}.").format(n=number(page.left_out)))
    paper.y -= 12
    for line in words:
        paper.paragraph(line, 9, colour=MUTED, after=3)
    return paper.finish()
