"""How a régie speaks: what another shop calls a ticket is a quittance (CGCT, R.1617-1 and following). Each sentence, and its pair."""

from __future__ import annotations

from epicerie_desktop.support.i18n import N_, NN_, say_otherwise

_ONE, _MANY = NN_("{n} ticket aujourd'hui", "{n} tickets aujourd'hui")
_ONE_QUITTANCE, _MANY_QUITTANCES = NN_("{n} quittance aujourd'hui", "{n} quittances aujourd'hui")

QUITTANCES: dict[str, str] = {
    # the till
    N_("Enregistrer le ticket"): N_("Enregistrer la quittance"),
    N_("Rien à payer : Entrée enregistre le ticket."): N_("Rien à payer : Entrée enregistre la quittance."),
    N_("Le compte y est : Entrée enregistre le ticket. Échap reprend le dernier moyen."):
        N_("Le compte y est : Entrée enregistre la quittance. Échap reprend le dernier moyen."),
    N_("Le compte y est déjà : Entrée enregistre le ticket, Échap reprend le dernier moyen."):
        N_("Le compte y est déjà : Entrée enregistre la quittance, Échap reprend le dernier moyen."),
    N_("Ticket enregistré"): N_("Quittance enregistrée"),
    N_("Ticket n° {number} enregistré"): N_("Quittance n° {number} enregistrée"),
    N_("Ce ticket était déjà enregistré : n° {number}"): N_("Cette quittance était déjà enregistrée : n° {number}"),
    N_("Imprimer le ticket"): N_("Imprimer la quittance"),
    N_("Le ticket est imprimé."): N_("La quittance est imprimée."),
    N_("Le ticket est imprimé (duplicata)."): N_("La quittance est imprimée (duplicata)."),
    N_("ticket-{sale}"): N_("quittance-{sale}"),
    N_("Notez la raison en quelques mots : elle reste avec le ticket."): N_("Notez la raison en quelques mots : elle reste avec la quittance."),
    N_("C'est le numéro d'un ticket. Pour le relire ou l'annuler : F10 garde ce panier, puis scannez le ticket à l'accueil."):
        N_("C'est le numéro d'une quittance. Pour la relire ou l'annuler : F10 garde ce panier, puis scannez la quittance à l'accueil."),
    # the counter
    N_("Ticket"): N_("Quittance"),
    N_("Tickets du jour"): N_("Quittances du jour"),
    N_("Aucun ticket aujourd'hui. Le premier foyer servi apparaîtra ici."): N_("Aucune quittance aujourd'hui. Le premier foyer servi apparaîtra ici."),
    _ONE: _ONE_QUITTANCE,
    _MANY: _MANY_QUITTANCES,
    N_("Pourquoi annuler le ticket n° {number} de {name} ?"): N_("Pourquoi annuler la quittance n° {number} de {name} ?"),
    N_("Annuler le ticket n° {number} de {name} ?"): N_("Annuler la quittance n° {number} de {name} ?"),
    N_("Annuler le ticket"): N_("Annuler la quittance"),
    N_("Annuler ce ticket"): N_("Annuler cette quittance"),
    N_("Garder le ticket"): N_("Garder la quittance"),
    N_("Le ticket est annulé : les articles sont revenus en stock."): N_("La quittance est annulée : les articles sont revenus en stock."),
    N_("Le ticket est annulé : les articles sont revenus en stock. Rendez {paid} à la famille."):
        N_("La quittance est annulée : les articles sont revenus en stock. Rendez {paid} à la famille."),
    N_("Tickets d'un autre jour"): N_("Quittances d'un autre jour"),
    N_("Tickets trouvés"): N_("Quittances trouvées"),
    N_("Aucun ticket ne répond à cette recherche."): N_("Aucune quittance ne répond à cette recherche."),
    N_("Numéro de ticket, jour (21/11) ou foyer"): N_("Numéro de quittance, jour (21/11) ou foyer"),
    N_("Un ticket peut être scanné"): N_("Une quittance peut être scannée"),
    N_("Notez la raison en quelques mots, elle reste avec le ticket."): N_("Notez la raison en quelques mots, elle reste avec la quittance."),
    N_("L'argent est rendu à la famille. Le reçu reste, marqué annulé."): N_("L'argent est rendu à la famille. La quittance reste, marquée annulée."),
    # the drawer, its readings and its papers
    N_("Tickets"): N_("Quittances"),
    N_("Tickets depuis la dernière clôture"): N_("Quittances depuis la dernière clôture"),
    N_("Espèces sans ticket"): N_("Espèces sans quittance"),
    N_("Entré et sorti sans ticket"): N_("Entré et sorti sans quittance"),
    N_("Rien n'est entré ni sorti sans ticket."): N_("Rien n'est entré ni sorti sans quittance."),
    N_("Encaissé en espèces, tickets {first} à {last}"): N_("Encaissé en espèces, quittances {first} à {last}"),
    N_("Cette lecture ne clôt rien et ne change rien : les mêmes tickets seront dans la prochaine clôture."):
        N_("Cette lecture ne clôt rien et ne change rien : les mêmes quittances seront dans la prochaine clôture."),
    N_("Depuis le premier ticket de ce poste"): N_("Depuis la première quittance de ce poste"),
    N_("Une clôture ne change plus : un ticket annulé ensuite paraît dans la suivante."):
        N_("Une clôture ne change plus : une quittance annulée ensuite paraît dans la suivante."),
    # what a gesture refuses
    N_("Ce ticket est déjà annulé."): N_("Cette quittance est déjà annulée."),
    N_("Dites en quelques mots pourquoi ce ticket est annulé."): N_("Dites en quelques mots pourquoi cette quittance est annulée."),
    N_("La famille a déjà employé cette avance : annulez d'abord le ticket qui l'a prise."):
        N_("La famille a déjà employé cette avance : annulez d'abord la quittance qui l'a prise."),
    N_("Le foyer {number} est déjà saisi (ticket {ticket}). Pour le corriger, annulez ce ticket, puis saisissez sa ligne."):
        N_("Le foyer {number} est déjà saisi (quittance {ticket}). Pour le corriger, annulez cette quittance, puis saisissez sa ligne."),
    N_("Des articles de ce ticket ou de ce colis ont déjà été rapportés : annulez d'abord ce retour, dans le stock (F7 sur le lot)."):
        N_("Des articles de cette quittance ou de ce colis ont déjà été rapportés : annulez d'abord ce retour, dans le stock (F7 sur le lot)."),
    # elsewhere
    N_("Les derniers mots du ticket."): N_("Les derniers mots de la quittance."),
    N_("Déjà saisi : ticket {number}"): N_("Déjà saisi : quittance {number}"),
    N_("Caisse n° {where} : ses tickets et ses mouvements font {found}, elle a gardé {expected}."):
        N_("Caisse n° {where} : ses quittances et ses mouvements font {found}, elle a gardé {expected}."),
    N_("Clôture {where} : le total gardé ({expected}) n'est pas celui des tickets ({found})."):
        N_("Clôture {where} : le total gardé ({expected}) n'est pas celui des quittances ({found})."),
    N_("Ticket n° {where} : le total gardé n'est pas la somme de ses lignes."): N_("Quittance n° {where} : le total gardé n'est pas la somme de ses lignes."),
    N_("Tout tombe juste : journal, stock et tickets ont été recalculés un par un."):
        N_("Tout tombe juste : journal, stock et quittances ont été recalculés un par un."),
    N_("Une valeur changée compte à partir d'aujourd'hui ; les tickets passés gardent la leur."):
        N_("Une valeur changée compte à partir d'aujourd'hui ; les quittances passées gardent la leur."),
    N_("Une conserve fermée revient en rayon ; un produit frais ou pesé est jeté. Le ticket reste tel quel."):
        N_("Une conserve fermée revient en rayon ; un produit frais ou pesé est jeté. La quittance reste telle quelle."),
    N_("Scanné à l'accueil, il retrouve le ticket. Imprimez un essai : certaines imprimantes ne le savent pas."):
        N_("Scanné à l'accueil, il retrouve la quittance. Imprimez un essai : certaines imprimantes ne le savent pas."),
    N_("Vide : tickets en PDF. Sinon 192.168.1.50, COM3@19200 ou /dev/usb/lp0"): N_("Vide : quittances en PDF. Sinon 192.168.1.50, COM3@19200 ou /dev/usb/lp0"),
    N_("L'imprimante de tickets n'a plus de papier : remettez un rouleau. Le ticket est gardé, il se réimprime."):
        N_("L'imprimante n'a plus de papier : remettez un rouleau. La quittance est gardée, elle se réimprime."),
    N_("L'imprimante de tickets ne répond pas : vérifiez qu'elle est allumée et branchée. Le ticket est gardé, il se réimprime."):
        N_("L'imprimante ne répond pas : vérifiez qu'elle est allumée et branchée. La quittance est gardée, elle se réimprime."),
}  # fmt: skip
"""What is said of a ticket, and what a régie says instead. The title of the paper itself follows the day it was issued (`ticket_text`)."""


def speak_of_quittances(*, on: bool) -> None:
    """Have every screen and paper say quittance from now on, or ticket again."""
    say_otherwise(QUITTANCES if on else {})
