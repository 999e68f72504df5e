"""The counting key: the custodian's sheet, which nothing keeps, and its reading at a counter. Never at the coordinator's.

Whoever holds both this key and the coordinator's file could try names against the keyed tokens: the two never meet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date

from epicerie_desktop.domain import counting_key
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.persistence.models import Contract
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_USES = (
    N_("Cette clé va aux épiceries seulement. Portez la feuille dans chacune, ou faites-la lire devant vous : écran « Envois », « Lire la clé de "
       "comptage », avec la douchette ou en tapant les groupes."),
    N_("Ne la donnez jamais à la coordination du contrat, ni par courrier électronique ni par téléphone : avec la clé et ses "
       "fichiers, elle pourrait retrouver des noms. Son programme refuse de la lire."),
    N_("Une fois toutes les épiceries servies, glissez la feuille dans une enveloppe, fermez-la, signez sur le rabat, et gardez-la au coffre : une épicerie "
       "nouvelle, ou un ordinateur changé, en aura besoin."),
    N_("Le programme n'a rien gardé. Si ce document est aussi un fichier, imprimez-le puis effacez-le. La feuille perdue, il faut une nouvelle "
       "clé : les foyers vus avant et après ne seront plus rapprochés par leur nom."),
)  # fmt: skip


class AnotherCountingKey(RuleRefused):
    """The shop already holds another key: replacing it costs comparisons, and is asked first."""

    def __init__(self, known: str, read: str) -> None:
        super().__init__(
            N_("Cette épicerie a déjà une clé de comptage, n° {known} ; la feuille porte la clé n° {read}. Les empreintes faites avec deux clés ne se comparent jamais : "
               "tant que toutes les épiceries n'ont pas la même, un foyer passé de l'une à l'autre compte deux fois. Ce qui a déjà été reconnu le "
               "reste. Remplacez-la si la personne dépositaire l'a demandé partout."),
            known=known, read=read,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountingKeyRead:
    """What came of reading a sheet: the number of the key, of the one it replaced (empty for none), and whether anything changed."""

    key_id: str
    replaced: str
    changed: bool


def draw_counting_key() -> str:
    """Return a new random key as its sheet bears it. Nothing keeps it: whoever asks prints it, then forgets it."""
    return counting_key.written(secrets.token_bytes(counting_key.KEY_BYTES))


def counting_key_pdf(written: str, made_on: date) -> bytes:
    """Return the custodian's sheet of a key, A4. Raises `BadInput` for what is not one."""
    from epicerie_desktop.printing import paper_secret

    number = counting_key.key_id(counting_key.read(written))
    sheet = paper_secret.SecretSheet(
        _("Clé de comptage"), _("À remettre aux épiceries, jamais à la coordination"), written, tuple(_(use) for use in _USES),
        facts=((_("Numéro public de la clé"), number),),
        kept_by=(_("Dépositaire :"), _("Épiceries servies :"), _("Le :")),
        warning=_("Chaque groupe porte son propre contrôle : une faute de frappe est dite avec le numéro du groupe."),
    )  # fmt: skip
    return paper_secret.render(ShopHeader(_("Dépositaire de la clé de comptage")), sheet, made_on)


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A key just drawn, as its sheet alone: its public number and the PDF to print."""

    key_id: str
    pdf: bytes = field(repr=False)


def drawn_sheet(made_on: date) -> DrawnSheet:
    """Draw a key and return its sheet; nothing else holds the key."""
    written = draw_counting_key()
    return DrawnSheet(check_counting_key(written), counting_key_pdf(written, made_on))


def check_counting_key(typed: str) -> str:
    """Return the public number of a key typed or scanned. Raises `BadInput`, which tells the group of a slip."""
    return counting_key.key_id(counting_key.read(typed))


def take_counting_key(desk: Desk, contract: int, typed: str, *, replace: bool = False) -> CountingKeyRead:
    """Keep the custodian's key for a contract of this shop; twice the same changes nothing.

    Raises `BadInput` for a slip, `AnotherCountingKey` where another is held and `replace` was not asked, `RuleRefused` at a
    coordinator's and for a volunteer.
    """
    _refuse_coordinator(desk)
    require_team(desk)
    key = counting_key.read(typed)
    number = counting_key.key_id(key)
    with desk.db.write() as session:
        row = session.get_one(Contract, contract)
        if row.identity is not None:
            raise _not_here()
        known = counting_key.key_id(row.counting_key) if row.counting_key is not None else ""
        if row.counting_key == key:
            return CountingKeyRead(number, "", changed=False)
        if known and not replace:
            raise AnotherCountingKey(known, number)
        row.counting_key = key
        seal_in_journal(
            session, desk, "contract.counting_key", {"contract": contract, "key": number, "replaced": known}
        )
    return CountingKeyRead(number, known, changed=True)


def counting_key_number(desk: Desk, contract: int) -> str:
    """Return the public number of the key this shop holds for a contract, empty for none."""
    with desk.db.read() as session:
        key = session.get_one(Contract, contract).counting_key
    return counting_key.key_id(key) if key is not None else ""


def _refuse_coordinator(desk: Desk) -> None:
    if desk.shop.is_coordinator:
        raise _not_here()


def _not_here() -> RuleRefused:
    return RuleRefused(
        N_("La coordination ne doit pas détenir la clé de comptage : avec elle, elle pourrait retrouver des noms. Rien n'a été lu ; rendez la feuille à "
           "la personne dépositaire.")
    )  # fmt: skip
