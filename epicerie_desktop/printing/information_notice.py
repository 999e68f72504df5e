"""What a household is told of its data, before they are asked (RGPD, art. 13): one page, in its own language."""

from __future__ import annotations

from epicerie_desktop.domain.slips import InformationNotice
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MM, Paper
from epicerie_desktop.support.format import day
from epicerie_desktop.support.i18n import NBSP
from epicerie_desktop.support.i18n import gettext as _


def render(notice: InformationNotice) -> bytes:
    """Return the PDF of the notice, A4."""
    paper = Paper(A4, _("Vos données à l'épicerie"), margin=18 * MM, foot=notice.shop.name)
    head.draw(paper, notice.shop, _("Vos données à l'épicerie"))
    paper.paragraph(
        _("Pour ouvrir vos droits et vous servir, nous notons quelques informations sur votre foyer."), 11, after=6
    )
    for title, lines in _parts(notice):
        paper.heading(title, 12, before=10, after=4)
        for line in lines:
            paper.paragraph(line, 10.5, leading=1.4, after=4)
    paper.y -= 8
    paper.paragraph(_("Notice remise le {day}").format(day=day(notice.given_on)), 10, bold=True)
    return paper.finish()


def _parts(notice: InformationNotice) -> tuple[tuple[str, tuple[str, ...]], ...]:
    who = _("Responsable : {name}.").format(name=notice.responsible)
    contact = notice.shop.contacts[0].replace(" ", NBSP) if notice.shop.contacts else ""
    return (
        (
            _("Ce que nous notons"),
            (
                _("Les personnes de votre foyer et leur date de naissance, votre adresse, votre téléphone."),
                _("Vos ressources et vos charges, pour calculer vos droits ; ce que vous emportez et ce que vous payez."),
                _("Nous ne demandons ni votre numéro de sécurité sociale, ni votre nationalité, ni votre religion."),
            ),
        ),
        (
            _("Pourquoi, et qui les lit"),
            (
                who,
                _("Ces informations servent à décider de vos droits, à vous servir et à rendre compte de notre activité."),
                _("Les bénévoles voient vos droits ; seules les personnes qui vous accompagnent voient vos ressources."),
                _("Nos financeurs reçoivent des totaux, jamais votre nom."),
                _("Une personne décide de vos droits ; le calcul l'aide et peut vous être expliqué, étape par étape."),
            ),
        ),
        (
            _("Combien de temps"),
            (_("Deux ans après votre dernière venue, puis elles sont effacées ou confiées aux archives, comme la loi le demande."),),
        ),
        (
            _("Vos droits"),
            (
                _("Vous pouvez demander à voir vos données, à les corriger, à les effacer ou à en limiter l'usage."),
                _("Demandez-le au comptoir ou au {phone} ; nous répondons dans le mois.").format(phone=contact)
                if contact
                else _("Demandez-le au comptoir ; nous répondons dans le mois."),
                _("Si la réponse ne vous convient pas, vous pouvez écrire à la CNIL : 3 place de Fontenoy, 75007 Paris, cnil.fr."),
                _("Vous pouvez ne pas répondre à une question ; sans ressources ni charges, le droit ne peut pas être calculé."),
            ),
        ),
    )  # fmt: skip
