"""The slip of what goes to the bank or to the trésorerie, A4: coins, notes, cheques."""

from __future__ import annotations

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.till_papers import DepositSlip
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MUTED, Paper
from epicerie_desktop.printing.till_parts import cheques, coins, signatures, sum_up
from epicerie_desktop.support.format import day, instant, money
from epicerie_desktop.support.i18n import gettext as _


def render(slip: DepositSlip) -> bytes:
    """Return the PDF, A4."""
    title = _("Bordereau de remise")
    foot = marked(f"{title} {slip.number} – {day(slip.day)}", slip.duplicate)
    paper = Paper(A4, title, foot=foot, running=foot)
    head.draw(
        paper, slip.shop, title, _("n° {number}, le {day}").format(number=slip.number, day=day(slip.day)),
        [
            _("Préparé par {who}").format(who=slip.made_by),
            _("Imprimé le {instant}").format(instant=instant(slip.printed_at)),
        ],
        duplicate=slip.duplicate,
    )  # fmt: skip
    if slip.cash_cents:
        paper.heading(_("Espèces"), before=2)
        if not slip.counts:
            paper.paragraph(
                _("Écrivez à la main combien de chaque billet et de chaque pièce est remis."), 9, colour=MUTED, after=4
            )
        coins(paper, slip.counts, slip.cash_cents)
    if slip.cheques:
        paper.heading(_("Chèques"))
        cheques(paper, slip.cheques)
    paper.y -= 6
    sum_up(paper, _("Total remis"), money(slip.cash_cents + slip.cheques_cents))
    signatures(paper, _("Qui remet"), _("Qui reçoit, avec la date et le cachet"))
    return paper.finish()
