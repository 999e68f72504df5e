"""The blank « fiche de liaison »: one A4 that a referring worker fills by hand. Knows no household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, LINE, MM, MUTED, Paper
from epicerie_desktop.support.i18n import gettext as _

_LINE = 21.0
"""Points between two lines to write on: a hand needs them."""


@dataclass(frozen=True, slots=True)
class LiaisonSheet:
    """What to print: the shop, the reasons to tick, in words, and what stands at the foot."""

    shop: ShopHeader
    reasons: tuple[str, ...]
    last_words: tuple[str, ...] = ()


def render(sheet: LiaisonSheet) -> bytes:
    """Return the PDF, one A4."""
    title = _("Fiche de liaison")
    paper = Paper(A4, title, margin=16 * MM, foot=title)
    head.draw(paper, sheet.shop, title, _("Orientation vers l'épicerie sociale"), ())
    _part(paper, _("Vous orientez"))
    _fields(paper, (_("Nom et prénom"), _("Téléphone")), (0.64, 0.36))
    _fields(paper, (_("Adresse, commune"),), (1.0,))
    _fields(paper, (_("Adultes au foyer"), _("Enfants (âges)"), _("Bébé : âge en mois")), (0.26, 0.44, 0.30))
    _part(paper, _("Vous êtes"))
    _fields(paper, (_("Nom"), _("Service")), (0.5, 0.5))
    _fields(paper, (_("Téléphone"), _("Courriel")), (0.36, 0.64))
    _part(paper, _("Motif de l'orientation"))
    _ticks(paper, sheet.reasons, 3)
    _lines(paper, _("En quelques mots, ce qui aidera à recevoir la personne"), 3)
    _ticks(paper, (_("Urgent : à recevoir cette semaine"), _("Une autre aide alimentaire est en cours")), 2)
    _part(paper, _("Le budget, si vous le connaissez (par mois)"))
    _fields(paper, (_("Ressources"), _("Loyer et charges"), _("Dettes remboursées")), (0.34, 0.33, 0.33))
    _lines(paper, _("Le projet que l'économie faite pourrait aider : facture, permis, soin, équipement…"), 2)
    _part(paper, _("La personne"))
    paper.paragraph(
        _(
            "sait que cette fiche est transmise à l'épicerie sociale et l'accepte. Elle peut la relire, la faire corriger, ou "
            "renoncer à tout moment."
        ),
        9.5, after=6,
    )  # fmt: skip
    _fields(
        paper, (_("Date"), _("Signature de la personne"), _("Signature et cachet du service")), (0.2, 0.4, 0.4), tall=30
    )
    paper.y -= 8
    for line in sheet.last_words:
        paper.paragraph(line, 9, colour=MUTED)
    return paper.finish()


def _part(paper: Paper, title: str) -> None:
    paper.heading(title, 11, before=9, after=4)


def _fields(paper: Paper, names: Sequence[str], shares: Sequence[float], *, tall: float = 14) -> None:
    """Draw fields side by side: the name small above, a line to write on."""
    gap, x = 14.0, paper.left
    room = paper.width - gap * (len(names) - 1)
    paper.y -= 11
    for name, share in zip(names, shares, strict=True):
        paper.text(x, paper.y, name, 8.5, colour=MUTED)
        paper.rule(paper.y - tall - 4, x1=x, x2=x + room * share, colour=LINE, thick=0.7)
        x += room * share + gap
    paper.y -= tall + 6


def _lines(paper: Paper, name: str, count: int) -> None:
    """Draw lines to write on, what for above them."""
    paper.y -= 13
    paper.text(paper.left, paper.y, name, 8.5, colour=MUTED)
    for _n in range(count):
        paper.y -= _LINE
        paper.rule(paper.y, colour=LINE, thick=0.7)
    paper.y -= 4


def _ticks(paper: Paper, words: Sequence[str], columns: int) -> None:
    """Draw boxes to tick, read line by line."""
    width = paper.width / columns
    for place, text in enumerate(words):
        if place % columns == 0:
            paper.y -= 17
        x = paper.left + width * (place % columns)
        paper.box(x, paper.y - 1.5, 10, 10, stroke=INK, thick=0.9)
        paper.text(x + 16, paper.y, text, 10)
    paper.y -= 4
