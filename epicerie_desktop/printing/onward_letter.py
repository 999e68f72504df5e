"""A letter to another service, handed to the household, and the coupon by which that service may answer."""

from __future__ import annotations

from epicerie_desktop.domain.slips import OnwardLetter
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, INK, MM, MUTED, Paper
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def render(letter: OnwardLetter) -> bytes:
    """Return the PDF of a letter of referral, A4."""
    title = _("Orientation")
    paper = Paper(A4, title, margin=20 * MM, foot=f"{title} – {shown.day(letter.day)}")
    head.draw(paper, letter.shop, title, letter.service, [_("Le {day}").format(day=shown.middle_day(letter.day))])
    paper.y -= 10
    for text in (_("Madame, Monsieur,"), _who(letter)):
        paper.paragraph(text, 11, after=8)
    if letter.reason:
        paper.paragraph(_("Ce qui motive cette orientation, avec son accord :"), 11, bold=True, after=3)
        for line in letter.reason.splitlines():
            paper.paragraph(line, 11, after=2)
        paper.y -= 6
    for line in letter.thanks:
        paper.paragraph(line, 11, after=6)
    paper.y -= 8
    paper.paragraph(letter.writer, 11, bold=True, align="right")
    paper.paragraph(letter.shop.name, 11, align="right", after=20)
    _coupon(paper, letter)
    return paper.finish()


def _who(letter: OnwardLetter) -> str:
    told = ngettext(
        "Nous vous adressons {name}, dont le foyer compte {n} personne, accompagné par notre épicerie sociale.",
        "Nous vous adressons {name}, dont le foyer compte {n} personnes, accompagné par notre épicerie sociale.",
        letter.persons,
    )
    born = _("date de naissance : {born}").format(born=letter.born)
    name = f"{letter.holder} ({born})" if letter.born else letter.holder
    return told.format(name=name, n=letter.persons)


def _coupon(paper: Paper, letter: OnwardLetter) -> None:
    paper.need(70 * MM)
    paper.canvas.setDash(3, 3)
    paper.rule(paper.y, colour=INK)
    paper.canvas.setDash()
    paper.y -= 14
    paper.paragraph(
        _("Réponse à {shop} – foyer {number}, orientation du {day}").format(
            shop=letter.shop.name, number=letter.household, day=shown.day(letter.day)
        ), 10, bold=True, after=6,
    )  # fmt: skip
    side = 8.0
    for text in (_("Situation prise en charge"), _("Rendez-vous fixé le :"), _("Sans suite, parce que :")):
        paper.y -= 6 * MM
        paper.box(paper.left, paper.y, side, side, stroke=INK, thick=0.7)
        paper.text(paper.left + side + 6, paper.y, text, 10.5)
        end = paper.left + side + 12 + paper.measure(text, 10.5)
        paper.rule(paper.y - 1, x1=end)
    paper.y -= 9 * MM
    paper.text(paper.left, paper.y, _("Date et signature :"), 10.5, colour=MUTED)
