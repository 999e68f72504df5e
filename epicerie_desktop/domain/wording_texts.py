"""The papers that are nothing but words: contracts, letters, notices, and the last words of a ticket."""

from __future__ import annotations

from collections.abc import Mapping

from epicerie_desktop.domain.wording_kinds import (
    DAY,
    HEADING,
    LISTED,
    OTHERWISE,
    PHONE,
    SHOP,
    Blank,
    Line,
    Template,
    WordingKind,
)
from epicerie_desktop.support.i18n import N_

_NAME = Blank("nom", "name", N_("la personne"))
_SIGNER = _NAME._replace(needed=True)
_UNTIL = Blank("fin", "until", N_("le dernier jour, s'il y en a un"))


TEXTS: Mapping[WordingKind, Template] = {
    WordingKind.CONTRACT: Template(
        N_("Contrat d'engagement"), N_("Tout le texte, au-dessus des signatures."),
        (
            Line(N_("Entre {name} d'une part, et {shop} d'autre part.")),
            Line(N_("{name} s'engage à"), HEADING), Line("{promises}", LISTED),
            Line(N_("L'épicerie s'engage à"), HEADING),
            Line(N_("accueillir la personne avec respect et en toute confidentialité ;"), LISTED),
            Line(N_("l'accompagner dans son projet, à son rythme, et faire le point avec elle ;"), LISTED),
            Line(N_("expliquer chaque décision et les façons de la contester."), LISTED),
            Line(N_("Durée"), HEADING),
            Line(N_("Ce contrat court jusqu'au {until}. Il peut être revu ou arrêté à la demande de l'un ou de l'autre.")),
            Line(N_("Ce contrat peut être revu ou arrêté à la demande de l'un ou de l'autre."), OTHERWISE),
        ),
        (
            _SIGNER, SHOP, DAY, _UNTIL,
            Blank("engagements", "promises", N_("ce que la personne promet, une ligne chacun"), many=True, needed=True),
        ),
    ),
    WordingKind.PROXY: Template(
        N_("Procuration"), N_("Tout le texte, au-dessus des signatures."),
        (
            Line(N_("Je soussigné(e), {name}, autorise {proxy} à faire les courses du foyer à ma place.")),
            Line(N_("Cette procuration n'ouvre ni mon dossier, ni mes papiers, ni mon budget.")),
            Line(N_("Elle vaut jusqu'au {until} inclus, et peut être retirée à tout moment.")),
            Line(N_("Elle vaut jusqu'à ce qu'elle soit retirée."), OTHERWISE),
            Line(N_("La personne mandatée présente une pièce d'identité à son premier passage.")),
        ),
        (_SIGNER, Blank("mandataire", "proxy", N_("qui vient à sa place"), needed=True), SHOP, DAY, _UNTIL),
    ),
    WordingKind.RULES: Template(
        N_("Règlement de l'épicerie"), N_("Tout le règlement, que la personne signe."),
        (
            Line(N_("L'accès"), HEADING),
            Line(N_("L'épicerie est ouverte aux foyers dont le droit est en cours. Chacun présente sa carte, ou dit son nom.")),
            Line(N_("Le droit est personnel : une autre personne ne vient à ma place qu'avec une procuration.")),
            Line(N_("Les courses"), HEADING),
            Line(N_("Je choisis ce dont mon foyer a besoin, dans la limite de mon droit, et je paie la participation affichée.")),
            Line(N_("Ce que j'emporte est pour mon foyer : je ne le revends pas.")),
            Line(N_("Je préviens quand je ne peux pas venir à un rendez-vous.")),
            Line(N_("Le respect"), HEADING),
            Line(N_("L'équipe et les autres familles sont respectées ; ce que l'on voit et entend ici reste ici.")),
            Line(N_("En cas de difficulté, j'en parle à l'équipe. Une suspension est toujours expliquée par écrit et peut être contestée.")),
            Line(N_("L'épicerie"), HEADING),
            Line(N_("Elle vérifie les dates et l'état des produits, rend compte de ce qu'elle reçoit et garde mes informations secrètes.")),
            Line(N_("Je soussigné(e), {name}, ai lu ce règlement, ou me le suis fait lire, et je l'accepte.")),
        ),
        (_SIGNER, SHOP, DAY),
    ),
    WordingKind.CONFIDENTIALITY: Template(
        N_("Engagement de confidentialité"), N_("Tout le texte, que la personne bénévole ou salariée signe."),
        (
            Line(N_("Je soussigné(e), {name}, participe à l'activité de {shop}.")),
            Line(N_("J'y apprends des choses sur la vie des personnes accueillies. Je m'engage à"), HEADING),
            Line(N_("ne répéter à personne, ni dehors, ni chez moi, ni en ligne, ce que j'apprends des personnes ;"), LISTED),
            Line(N_("ne lire dans l'ordinateur et dans les papiers que ce dont j'ai besoin pour servir ;"), LISTED),
            Line(N_("garder pour moi mon mot de passe, et fermer le programme quand je quitte le poste ;"), LISTED),
            Line(N_("ne rien copier, photographier ni emporter, papier ou clé ;"), LISTED),
            Line(N_("ne noter que des faits utiles, avec respect, sans rien sur la santé, l'origine ou la religion ;"), LISTED),
            Line(N_("prévenir tout de suite si un papier, une clé ou l'ordinateur est perdu, ou si je crois avoir fait une erreur."), LISTED),
            Line(N_("Cet engagement continue après mon départ.")),
        ),
        (_SIGNER, SHOP, DAY),
    ),
    WordingKind.NOTICE: Template(
        N_("Notice d'information sur les données"), N_("Tout le texte, remis avant de poser la moindre question."),
        (
            Line(N_("Pour ouvrir vos droits et vous servir, nous notons quelques informations sur votre foyer.")),
            Line(N_("Ce que nous notons"), HEADING),
            Line(N_("Les personnes de votre foyer et leur date de naissance, votre adresse, votre téléphone.")),
            Line(N_("Vos ressources et vos charges, pour calculer vos droits ; ce que vous emportez et ce que vous payez.")),
            Line(N_("Nous ne demandons ni votre numéro de sécurité sociale, ni votre nationalité, ni votre religion.")),
            Line(N_("Pourquoi, et qui les lit"), HEADING),
            Line(N_("Responsable : {name}.")),
            Line(N_("Ces informations servent à décider de vos droits, à vous servir et à rendre compte de notre activité.")),
            Line(N_("Les bénévoles voient vos droits ; seules les personnes qui vous accompagnent voient vos ressources.")),
            Line(N_("Nos financeurs reçoivent des totaux, jamais votre nom.")),
            Line(N_("Une personne décide de vos droits ; le calcul l'aide et peut vous être expliqué, étape par étape.")),
            Line(N_("Combien de temps"), HEADING),
            Line(N_("Deux ans après votre dernière venue, puis elles sont effacées ou confiées aux archives, comme la loi le demande.")),
            Line(N_("Vos droits"), HEADING),
            Line(N_("Vous pouvez demander à voir vos données, à les corriger, à les effacer ou à en limiter l'usage.")),
            Line(N_("Demandez-le au comptoir ou au {phone} ; nous répondons dans le mois.")),
            Line(N_("Demandez-le au comptoir ; nous répondons dans le mois."), OTHERWISE),
            Line(N_("Si la réponse ne vous convient pas, vous pouvez écrire à la CNIL : 3 place de Fontenoy, 75007 Paris, cnil.fr.")),
            Line(N_("Vous pouvez ne pas répondre à une question ; sans ressources ni charges, le droit ne peut pas être calculé.")),
        ),
        (Blank("responsable", "name", N_("qui répond des données : le CCAS, ou l'épicerie"), needed=True), SHOP, PHONE),
        spoken=True,
    ),
    WordingKind.ANSWER: Template(
        N_("Réponse à qui a orienté"), N_("Tout le texte de la lettre."),
        (
            Line(N_("Bonjour,")),
            Line(N_("Le {referred}, vous avez orienté {name} vers notre épicerie.")),
            Line(N_("Vous avez orienté {name} vers notre épicerie."), OTHERWISE),
            Line("{decision}"),
            Line(N_("Nous restons à votre disposition, avec l'accord de la personne, pour en parler.")),
        ),
        (
            _NAME, SHOP, Blank("orientation", "referred", N_("le jour de l'orientation, s'il est connu")),
            Blank("décision", "decision", N_("la décision, ses dates, rien du budget"), needed=True),
        ),
        most_lines=30,
    ),
    WordingKind.ONWARD: Template(
        N_("Lettre à un autre service"), N_("Ce qui suit le motif, au-dessus de la signature."),
        (
            Line(N_("Nous vous remercions de l'accueil que vous lui ferez, et de nous dire la suite donnée, si cette personne en est d'accord, "
                    "par le coupon ci-dessous.")),
        ),
        (_NAME, SHOP, Blank("service", "service", N_("le service à qui l'on écrit"))), flat=True, most_lines=8,
    ),
    WordingKind.LIAISON: Template(
        N_("Fiche de liaison"), N_("Les derniers mots, au bas de la fiche."),
        (
            Line(N_("N'inscrivez ici ni numéro de sécurité sociale, ni nationalité, ni renseignement de santé. L'épicerie vous dira la "
                    "suite donnée.")),
        ),
        (SHOP, PHONE), flat=True, most_lines=4,
    ),
    WordingKind.APPOINTMENT: Template(
        N_("Rendez-vous"), N_("Les derniers mots, au bas du papier."),
        (
            Line(N_("Un empêchement ? Prévenez-nous au {phone}.")),
            Line(N_("Un empêchement ? Prévenez-nous, même le jour même."), OTHERWISE),
        ),
        (SHOP, PHONE), spoken=True, flat=True, most_lines=3,
    ),
    WordingKind.TICKET: Template(
        N_("Ticket"), N_("Les derniers mots du ticket."),
        (Line(N_("Merci de votre visite, à bientôt.")),), (SHOP, PHONE), spoken=True, flat=True, most_lines=4,
    ),
    WordingKind.RECALL: Template(
        N_("Affiche de rappel"), N_("Ce qu'il faut faire, quand la fiche de rappel ne le dit pas."),
        (Line(N_("Ne plus consommer. Rapportez le produit à l'épicerie, ou jetez-le.")),),
        (SHOP, PHONE), flat=True, most_lines=4,
    ),
    WordingKind.GRANTED: Template(
        N_("Lettre d'accord"), N_("Les premiers mots, avant la décision."),
        (Line(N_("Bonjour,")), Line(N_("Vous avez demandé à faire vos courses à l'épicerie. Voici notre réponse."))),
        (_NAME, SHOP, DAY), flat=True, most_lines=8,
    ),
    WordingKind.REFUSED: Template(
        N_("Lettre de refus"), N_("Les premiers mots, avant la décision."),
        (
            Line(N_("Bonjour,")),
            Line(N_("Nous avons étudié votre demande avec attention. Voici notre réponse, ses raisons, et ce que vous pouvez faire.")),
        ),
        (_NAME, SHOP, DAY), flat=True, most_lines=8,
    ),
    WordingKind.ADJOURNED: Template(
        N_("Lettre d'attente"), N_("Les premiers mots, avant la décision."),
        (
            Line(N_("Bonjour,")),
            Line(N_("Nous avons commencé à étudier votre demande. Voici où elle en est, et ce qui est attendu.")),
        ),
        (_NAME, SHOP, DAY), flat=True, most_lines=8,
    ),
}  # fmt: skip
