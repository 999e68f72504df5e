"""The copy of a household's file, to be read by those it is about (RGPD, art. 15). Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.subject_file import Chapter
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, Paper
from epicerie_desktop.support.format import day, instant
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

_ROOM = 44


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """What to print: who asks, who is responsible for the data, the chapters, how many scans are kept beside."""

    shop: ShopHeader
    number: str
    holder: str
    made_at: datetime
    responsible: str
    chapters: tuple[Chapter, ...]
    scans: int


def render(page: SubjectPage) -> bytes:
    """Return the PDF of the copy, A4."""
    title = _("Vos données à l'épicerie")
    foot = _("{title} – foyer {number} – {day}").format(title=title, number=page.number, day=day(page.made_at.date()))
    paper = Paper(A4, title, margin=18 * MM, foot=foot, running=foot)
    details = [_("Imprimé le {instant}").format(instant=instant(page.made_at))]
    head.draw(paper, page.shop, title, _("Foyer {number}").format(number=page.number), details)
    paper.paragraph(page.holder, 12, bold=True, after=6)
    for line in _foreword(page):
        paper.paragraph(line, 10, leading=1.4, after=4)
    for chapter in page.chapters:
        paper.need(_ROOM * 2)
        paper.heading(chapter.title, 13, before=14, after=6)
        for entry in chapter.entries:
            paper.need(_ROOM)
            paper.paragraph(entry.head, 10, bold=True, leading=1.35, after=1)
            for line in entry.lines:
                paper.need(24)
                paper.paragraph(line, 9.5, x=paper.left + 12, leading=1.35, after=1)
            paper.y -= 3
    return paper.finish()


def _foreword(page: SubjectPage) -> list[str]:
    told = [
        _("Voici tout ce que l'épicerie garde sur votre foyer, comme la loi vous permet de le demander (règlement général sur la "
          "protection des données, article 15). Responsable : {responsible}.").format(responsible=page.responsible),
        _("Ces données servent à décider de vos droits, à vous servir et à rendre compte de l'activité, sans votre nom. Elles sont gardées "
          "deux ans après votre dernière venue. Nos financeurs reçoivent des totaux."),
        _("Vous pouvez demander à les corriger, à les effacer ou à en limiter l'usage ; et, si la réponse ne vous convient pas, écrire à la "
          "CNIL, 3 place de Fontenoy, 75007 Paris."),
    ]  # fmt: skip
    if page.scans:
        told.append(
            ngettext(
                "{n} papier ou photo est aussi gardé en image : demandez à le voir.",
                "{n} papiers ou photos sont aussi gardés en image : demandez à les voir.",
                page.scans,
            ).format(n=page.scans)
        )
    return told
