"""What the shop uses: the rest of the program stays hidden. Rows of `setting`, from the day they were changed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sqlalchemy.orm import Session

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, last_settings_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_PREFIX = "feature."


@dataclass(frozen=True, slots=True)
class Features:
    """What is switched on; a new shop has these."""

    cold_chain: bool = False
    day_end: bool = False
    allergens: bool = False
    open_catalogue: bool = False
    anti_waste: bool = False
    delivery_files: bool = False
    sessions: bool = False
    """A float, a count at the end, a difference explained, a note to the next team."""
    denominations: bool = False
    means: bool = False
    vouchers: bool = False
    purse: bool = False
    """What a household pays ahead."""
    slate: bool = False
    """What a household is let leave to pay."""
    second_window: bool = False
    """What the household sees of its basket, on a screen turned to it."""
    several_posts: bool = False
    """Baskets in hand at the other posts are shown, and taken over."""
    parcel_types: bool = False
    emergency: bool = False
    orders: bool = False
    last_visit: bool = False
    """A basket can begin with the pieces of the last one."""
    collectors: bool = False
    """Who may come in the place of a household is shown at the counter."""
    minimums: bool = False
    """A least stock by article or family, and what to ask for."""
    fair_share: bool = False
    """At the till, a fair part of what is scarce today."""
    places: bool = False
    """A reserve, a cold room, a freezer behind the shelves."""
    transfers: bool = False
    """Goods sent to another site, given back to whoever brought them, or brought back by a household."""
    regie: bool = False
    """The till of a CCAS: quittances, register by means of payment, payments to the public accountant."""
    volunteer_hours: bool = False
    """The hours volunteers give, for the reports."""


NAMES: dict[str, str] = {
    "cold_chain": N_("Relevés de température des frigos et congélateurs"),
    "day_end": N_("Questions de fin de journée et mot pour l'équipe suivante"),
    "allergens": N_("Allergènes par article"),
    "open_catalogue": N_("Catalogue Open Food Facts, pour les codes-barres inconnus"),
    "anti_waste": N_("Ordre anti-gaspillage du jour, avec ses étiquettes"),
    "delivery_files": N_("Bons de livraison en fichier CSV"),
    "sessions": N_("Caisse ouverte et comptée, écart expliqué"),
    "denominations": N_("Caisse comptée pièce par pièce et billet par billet"),
    "means": N_("Chèques et cartes bancaires à la caisse"),
    "vouchers": N_("Bons donnés par un partenaire, acceptés à la caisse"),
    "purse": N_("Argent d'avance : un foyer verse, puis puise à la caisse"),
    "slate": N_("Reste dû : un foyer peut payer une partie plus tard"),
    "regie": N_("Régie d'un CCAS : quittances et versements"),
    "second_window": N_("Seconde fenêtre tournée vers la famille"),
    "several_posts": N_("Plusieurs postes : reprendre un panier ailleurs"),
    "parcel_types": N_("Colis types selon la taille du foyer"),
    "emergency": N_("Colis d'urgence sans dossier"),
    "orders": N_("Commandes préparées d'avance"),
    "last_visit": N_("Panier commencé avec les articles de la dernière visite"),
    "places": N_("Réserve, chambre froide et congélateur, à part du rayon"),
    "transfers": N_("Transferts, retours au fournisseur, articles rapportés"),
    "collectors": N_("Procurations rappelées à l'accueil"),
    "minimums": N_("Stock minimum, et ce qu'il faut commander"),
    "volunteer_hours": N_("Heures de bénévolat, pour les rapports"),
    "fair_share": N_("Part juste proposée en caisse pour ce qui est rare"),
}
"""What the settings offer: what has a window. The others are for programs that use the services."""


def features_of(desk: Desk) -> Features:
    """Return what the shop uses today."""
    with desk.db.read() as session:
        return features_in(session)


def features_in(session: Session) -> Features:
    """Return what the shop uses, inside a caller's block: one statement."""
    found = last_settings_in(session, _PREFIX)
    return replace(Features(), **{f.name: bool(found[f.name]) for f in fields(Features) if f.name in found})


def save_feature(desk: Desk, code: str, on: bool) -> None:
    """Switch one thing on or off from today. What was written with it stays. Raises `BadInput` for an unknown code."""
    require_team(desk)
    if code not in {f.name for f in fields(Features)}:
        raise BadInput(N_("Le réglage « {code} » n'existe pas."), code=code)
    with desk.db.write() as session:
        keep_setting_in(session, desk, f"{_PREFIX}{code}", on, on=on)
