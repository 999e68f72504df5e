"""The sheet of a recovery code: the code, and what to do with it. Knows no vault."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.codes import draw_qr
from epicerie_desktop.printing.style import A4, INK, MM, Paper
from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_USES = (
    N_("Ce code ouvre les données de l'épicerie si toutes les phrases de passe sont perdues. Sans lui, elles le seraient aussi : "
       "personne d'autre ne peut le refaire."),
    N_("Glissez cette feuille dans une enveloppe, fermez-la, signez sur le rabat et confiez-la au CCAS ou à la collectivité, "
       "au coffre. N'en gardez pas de photographie."),
    N_("Pour s'en servir : à l'ouverture du programme, choisissez « Phrase de passe perdue », puis tapez le code ou lisez le carré "
       "avec la douchette. Majuscules, minuscules, espaces et tirets ne comptent pas."),
    N_("Deux fois par an, vérifiez que l'enveloppe est à sa place et fermée. Si elle a été ouverte ou perdue, faites "
       "aussitôt un nouveau code : l'ancien cesse d'ouvrir."),
)  # fmt: skip


def render(shop: ShopHeader, code: str, made_on: date) -> bytes:
    """Return the PDF of the sheet, A4; `code` is in groups already, set apart by a hyphen or a space."""
    title = _("Code de secours")
    made = _("Fait le {day}").format(day=day(made_on))
    paper = Paper(A4, title, margin=20 * MM, foot=_("{title} – à garder sous enveloppe fermée").format(title=title))
    head.draw(paper, shop, title, "", [made])
    paper.y -= 8
    draw_secret(paper, code)
    for n, use in enumerate(_USES, 1):
        numbered(paper, n, _(use))
    paper.y -= 14
    for line in (_("Enveloppe confiée à :"), _("Le :"), _("Signature :")):
        blank_line(paper, line)
    return paper.finish()


def draw_secret(paper: Paper, code: str) -> None:
    """Draw a code in groups of four, large, four to a line, and its QR code beside it."""
    groups = code.replace("-", " ").split()
    rows = [groups[i : i + 4] for i in range(0, len(groups), 4)]
    side = 42 * MM
    height = max(side + 6 * MM, len(rows) * 32 + 24)
    paper.y -= height
    paper.box(paper.left, paper.y, paper.width, height, stroke=INK, thick=1.2, radius=5)
    draw_qr(paper, code, paper.right - side - 3 * MM, paper.y + (height - side) / 2, side)
    room = (paper.width - side - 9 * MM) / 4
    top = paper.y + height / 2 + (len(rows) - 1) * 16 - 7
    for r, row in enumerate(rows):
        for i, group in enumerate(row):
            paper.text(paper.left + 4 * MM + (i + 0.5) * room, top - r * 32, group, 21, bold=True, align="centre")
    paper.y -= 12


def numbered(paper: Paper, number: int, text: str) -> None:
    """Write one step of what to do, its number at the left."""
    paper.need(40)
    paper.y -= 5
    paper.text(paper.left, paper.y - 11, str(number), 12, bold=True)
    paper.paragraph(text, 11, x=paper.left + 8 * MM, leading=1.4)


def blank_line(paper: Paper, label: str) -> None:
    """Write a label followed by a line to fill in by hand."""
    paper.y -= 26
    paper.text(paper.left, paper.y, label, 10.5)
    paper.rule(paper.y - 2, x1=paper.left + paper.measure(label, 10.5) + 6)
