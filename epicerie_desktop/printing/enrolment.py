"""The paper that brings a contract's fingerprint to a counter, to be compared by eye. Holds no secret."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.recovery import blank_line, draw_secret, numbered
from epicerie_desktop.printing.style import A4, MM, MUTED, Paper
from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_STEPS = (
    N_("À l'épicerie, branchez la clé USB remise avec cette feuille, ouvrez l'écran « Envois » et choisissez « Ouvrir un fichier de contrat »."),
    N_("Le programme montre une empreinte. Comparez-la, groupe par groupe, à celle imprimée ci-dessus ; la douchette lit aussi le carré."),
    N_("Si elles sont identiques, cochez la case et continuez. Sinon, arrêtez et téléphonez à la coordination : "
       "rien n'a été enregistré."),
    N_("Le premier envoi de l'épicerie portera sa signature, montrée dans « Envois » : la coordination appellera pour la confirmer, groupe par "
       "groupe."),
)  # fmt: skip


def render(issuer: ShopHeader, contract: str, fingerprint: str, made_on: date, *, shop: str = "") -> bytes:
    """Return the PDF of the sheet, A4; `fingerprint` is 8 groups of 4; `shop` is the one it is made for, if known."""
    title = _("Fiche de mise en service")
    paper = Paper(A4, title, margin=20 * MM, foot=_("{title} – {contract}").format(title=title, contract=contract))
    details = [_("Faite le {day}").format(day=day(made_on))]
    if shop:
        details.insert(0, _("Pour {shop}").format(shop=shop))
    head.draw(paper, issuer, title, contract, details)
    paper.paragraph(_("Empreinte du contrat"), 12, bold=True, after=6)
    draw_secret(paper, fingerprint)
    paper.paragraph(
        _("Cette empreinte n'est pas un secret : elle sert à reconnaître la bonne clé."), 9, colour=MUTED, after=6
    )
    for n, step in enumerate(_STEPS, 1):
        numbered(paper, n, _(step))
    paper.y -= 22
    paper.box(paper.left, paper.y - 3, 12, 12, stroke=(0, 0, 0), thick=1)
    paper.text(
        paper.left + 20, paper.y, _("L'empreinte montrée à l'épicerie est identique à celle de cette fiche."), 10.5
    )
    for line in (_("Comparée par :"), _("Le :"), _("Signature :")):
        blank_line(paper, line)
    return paper.finish()
