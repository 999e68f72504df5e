"""The sheet of a counted drawer, A4: what was expected, what was found, what left for the bank, signed by two."""

from __future__ import annotations

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.till_papers import CountSheet
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, Paper
from epicerie_desktop.printing.till_parts import amounts, coins, signatures, sum_up
from epicerie_desktop.support.format import hour, instant, money
from epicerie_desktop.support.i18n import gettext as _


def render(sheet: CountSheet) -> bytes:
    """Return the PDF, A4."""
    title = _("Feuille de comptage")
    foot = f"{title} – " + _("caisse n° {number}, {instant}").format(
        number=sheet.number, instant=instant(sheet.closed_at)
    )
    foot = marked(foot, sheet.duplicate)
    paper = Paper(A4, title, foot=foot, running=foot)
    head.draw(
        paper, sheet.shop, title, _("caisse n° {number}").format(number=sheet.number),
        [
            _("Ouverte le {instant} par {who}").format(instant=instant(sheet.opened_at), who=sheet.opened_by),
            _("Comptée le {instant} par {who}").format(instant=instant(sheet.closed_at), who=sheet.closed_by),
            _("Poste {post}").format(post=sheet.post),
        ],
        duplicate=sheet.duplicate,
    )  # fmt: skip
    paper.heading(_("Ce que la caisse devait contenir"), before=2)
    tickets = _("Encaissé en espèces")
    if sheet.first:
        tickets = _("Encaissé en espèces, tickets {first} à {last}").format(first=sheet.first, last=sheet.last)
    lines = [(_("Fond à l'ouverture"), money(sheet.float_cents)), (tickets, money(sheet.sales_cents))]
    lines += [
        (f"{hour(m.at)} – " + " – ".join(filter(None, (label(m.kind), m.note))), money(m.cents)) for m in sheet.moves
    ]
    amounts(paper, lines)
    sum_up(paper, _("Doit contenir"), money(sheet.expected_cents))
    paper.heading(_("Ce qui a été compté"))
    coins(paper, sheet.counts, sheet.counted_cents)
    amounts(
        paper, [(_("Écart"), money(sheet.difference_cents)), *([(_("Raison : {reason}").format(reason=sheet.reason), "")] if sheet.reason else [])]
    )  # fmt: skip
    paper.heading(_("Ce qu'il en est devenu"))
    amounts(paper, [(_("Porté à la banque"), money(sheet.deposit_cents))])
    sum_up(paper, _("Reste pour l'équipe suivante"), money(sheet.left_cents))
    if sheet.note:
        paper.heading(_("Mot pour l'équipe suivante"))
        for line in sheet.note.splitlines():
            paper.paragraph(line, 10)
    signatures(paper, _("Qui a compté"), _("Un second témoin, ou l'équipe suivante"))
    return paper.finish()
