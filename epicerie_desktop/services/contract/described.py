"""What the next parcel holds, why, how many of each, who can read it and what it never holds: said before it is written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from epicerie_desktop.exchange.keys import fingerprint
from epicerie_desktop.persistence.models import Contract
from epicerie_desktop.services.contract.contents import Contents
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _

NEVER = N_(
    "Jamais dans l'envoi : un nom, une adresse ou une commune, une date de naissance, un revenu, une note, un numéro de foyer ou de "
    "carte, le détail d'un passage."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the parcel: its code there, what it is, how many of them and in words, and why it travels."""

    code: str
    name: str
    count: int
    counted: str
    why: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who can open the parcel: in words, and the fingerprint of the key."""

    code: str
    who: str
    fingerprint: str


def parts_of(held: Contents) -> tuple[Part, ...]:
    """Return the parts of a parcel, the months first; a part that is empty is not there."""
    lines = sum(len(m.households) for m in held.months)
    closed = sum(m.month in held.closings for m in held.months)
    months = ngettext("{n} mois", "{n} mois", len(held.months)).format(n=shown.number(len(held.months)))
    actions = [line for m in held.months for line in m.actions]
    links = len({token for token, _means, _value in held.links.rows}) if held.links else 0
    found = [
        Part(
            "months", _("Mois de distribution"), len(held.months),
            _("{months}, dont {closed} clos").format(months=months, closed=shown.number(closed)),
            _("Passages, kilos, montants. Un mois clos part tel qu'il a été clos."),
        ),
        Part(
            "households", _("Foyers, sans nom"), held.totals.families,
            ngettext("{n} ligne d'un mois", "{n} lignes d'un mois", lines).format(n=shown.number(lines)),
            _("Un jeton tiré au sort par foyer et par personne, le secteur, le type de foyer, six tranches d'âge : pour compter chaque "
              "famille une seule fois."),
        ),
        Part(
            "actions", _("Démarches du contrat"), sum(n for _a, _s, n, _c in actions),
            ngettext("{n} démarche comptée", "{n} démarches comptées", sum(n for _a, _s, n, _c in actions)).format(
                n=shown.number(sum(n for _a, _s, n, _c in actions))
            ),
            _("Des compteurs par mois et par action, sans foyer : ce que le contrat suit à côté des denrées."),
        ),
        Part(
            "links", _("Empreintes de rapprochement"), links,
            ngettext("{n} foyer", "{n} foyers", links).format(n=shown.number(links)),
            _("Pour reconnaître un foyer inscrit dans deux épiceries ; personne n'en tire un nom sans la clé de comptage."),
        ),
        Part(
            "families", _("Familles de produits"), len(held.families),
            ngettext("{n} famille", "{n} familles", len(held.families)).format(n=shown.number(len(held.families))),
            _("Leurs noms, pour le tableau des kilos."),
        ),
        Part(
            "journal", _("Empreintes du journal"), len(held.journal.months) if held.journal else 0,
            ngettext("{n} mois fini", "{n} mois finis", len(held.journal.months) if held.journal else 0).format(
                n=shown.number(len(held.journal.months) if held.journal else 0)
            ),
            _("La coordination en est témoin : le passé ne peut plus être récrit sans que cela se voie."),
        ),
        Part(
            "terms", _("Règles suivies"), held.terms.edition,
            _("édition {n} du fichier de contrat").format(n=held.terms.edition),
            _("Pour que les deux côtés comptent selon les mêmes définitions."),
        ),
    ]  # fmt: skip
    return tuple(p for p in found if p.count)


def readers_in(session: Session, contract: int) -> tuple[Reader, ...]:
    """Return who can open the parcels of a contract."""
    row = session.get_one(Contract, contract)
    found = [Reader("coordinator", _("la coordination du contrat"), fingerprint(row.recipient))]
    if row.spare_recipient:
        found.append(
            Reader("spare", _("qui garde la clé de secours de la coordination"), fingerprint(row.spare_recipient))
        )
    return tuple(found)


def readers_said(readers: tuple[Reader, ...]) -> str:
    """Return who can open the parcel, in a sentence."""
    who = _(" et ").join(r.who for r in readers)
    return _("Peut l'ouvrir : {who}, et personne d'autre ; ni qui trouve la clé USB, ni l'épicerie elle-même.").format(
        who=who
    )
