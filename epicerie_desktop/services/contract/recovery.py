"""The recovery sheet of a contract: the coordinator's keys on paper, and a contract made again from it.

Parcels hold every month of their contract: once its keys are back, the shops' last parcels give the same totals again.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain import contract_terms, recovery_sheet
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.recovery_sheet import RecoverySheet
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, fingerprint
from epicerie_desktop.persistence.models import Contract, Site
from epicerie_desktop.services.contract.making import made_here, terms_now
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_USES = (
    N_("Ces groupes sont les clés de lecture du contrat : ils ouvrent tous les envois des épiceries. Glissez la feuille dans une enveloppe, fermez-la, signez sur "
       "le rabat, et confiez-la au coffre de la collectivité. N'en gardez pas de photographie."),
    N_("Si le fichier de la coordination est perdu : écran « Contrat », « Reprendre un contrat », puis tapez les groupes ou lisez le carré avec la douchette. "
       "Inscrivez de nouveau les épiceries, avec les mêmes codes et les mêmes numéros."),
    N_("Redemandez alors à chaque épicerie son dernier envoi : il contient tous les mois du contrat, et les totaux reviennent les mêmes."),
    N_("Quand les clés changent, imprimez une nouvelle feuille et gardez aussi celle-ci : les anciens envois ne s'ouvrent qu'avec elle."),
)  # fmt: skip
_EDITIONS_BEGAN = date(2000, 1, 1)


def recovery_sheet_pdf(desk: Desk, contract: int) -> bytes:
    """Return the recovery sheet of a contract as PDF, A4; its printing is written in the journal. Raises `RuleRefused`."""
    from epicerie_desktop.printing import paper_secret

    require_team(desk)
    with desk.db.write() as session:
        row = made_here(session, contract)
        code = recovery_sheet.written(_sheet_of(row))
        sites = session.scalars(select(Site).where(Site.contract_id == contract).order_by(Site.number)).all()
        listed = ", ".join(f"{s.number} : {s.code}" for s in sites)
        facts = (
            (_("Contrat"), f"n° {row.number} – {row.name}"),
            (_("Dates"), _("du {start} au {end}").format(start=shown.day(row.starts_on), end=shown.day(row.ends_on))),
            (_("Identifiant"), str(row.uid)),
            (_("Empreinte"), fingerprint(row.verify_key)),
            (_("Épiceries (numéro et code)"), listed or _("aucune encore")),
        )
        seal_in_journal(session, desk, "contract.recovery_sheet", {"contract": contract})
    sheet = paper_secret.SecretSheet(
        _("Feuille de secours du contrat"), "", code, tuple(_(use) for use in _USES), facts=facts,
        kept_by=(_("Enveloppe confiée à :"), _("Le :"), _("Signature :")),
        warning=_("Chaque groupe porte son propre contrôle : une faute de frappe est dite avec le numéro du groupe."),
    )  # fmt: skip
    return paper_secret.render(header(desk), sheet, desk.clock.today())


def _sheet_of(row: Contract) -> RecoverySheet:
    assert row.identity is not None
    return RecoverySheet(
        row.uid,
        row.number,
        row.starts_on,
        row.ends_on,
        AgeIdentity.from_string(row.identity).to_bytes(),
        row.signing_key,
    )


def read_recovery_sheet(typed: str) -> RecoverySheet:
    """Return what a sheet typed or scanned bears, to be shown before the contract is made again. Raises `BadInput`."""
    return recovery_sheet.read(typed)


def restore_contract(desk: Desk, typed: str, name: str) -> int:
    """Make a contract again from its recovery sheet and return its id; `name` is printed beside the groups.

    Its shops are to be enrolled again under their codes and numbers. Raises `BadInput`, which tells the group of a slip,
    `RuleRefused` at a shop's and where the contract is here already.
    """
    require_team(desk)
    if not desk.shop.is_coordinator:
        raise RuleRefused(N_("Une feuille de secours de contrat se lit à la coordination, non dans une épicerie."))
    checked, sheet = checked_name(name, N_("nom du contrat")), recovery_sheet.read(typed)
    identity, signing = AgeIdentity.from_bytes(sheet.reading_key), SigningKey.from_bytes(sheet.signing_seed)
    with desk.db.write() as session:
        if session.scalars(select(Contract.id).where(Contract.uid == sheet.contract)).first() is not None:
            raise RuleRefused(N_("Ce contrat est déjà ici : rien n'a été changé."))
        row = Contract(
            uid=sheet.contract, number=sheet.number, name=checked, starts_on=sheet.starts_on, ends_on=sheet.ends_on,
            recipient=identity.recipient, verify_key=signing.verify_key.raw, identity=identity.to_string(),
            signing_key=signing.to_bytes(), joined_at=desk.clock.now(), terms=contract_terms.to_record(terms_now()),
            edition=_edition_after(desk.clock.today()),
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "contract.restored", {"contract": row.id, "number": row.number})
        return row.id


def _edition_after(today: date) -> int:
    """Return an edition later than any the shops may hold: the sheet, printed once, cannot tell the last. Days since 2000."""
    return max(2, (today - _EDITIONS_BEGAN).days)
