"""The words of the papers, which a shop may write its own way: plain text with fields between braces. Knows no page.

A line that begins with « # » is a heading, with « - » a line of a list. A line whose field has nothing to say is left out;
the next one, where it begins with « | », is then said in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, SOURCE_LANGUAGE, french_typography, language
from epicerie_desktop.support.i18n import gettext as _

MOST_SIGNS = 6000
HEADING, LISTED, OTHERWISE = "# ", "- ", "| "

_FIELD = re.compile(r"\{([^{}]*)\}")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]+|#\d+);")
_BLANKS = re.compile(r"[ \t]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class WordingKind(StrEnum):
    """A paper, or the part of a paper, whose words may be changed."""

    CONTRACT = "CONTRACT"
    PROXY = "PROXY"
    RULES = "RULES"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    NOTICE = "NOTICE"
    ANSWER = "ANSWER"
    ONWARD = "ONWARD"
    LIAISON = "LIAISON"
    APPOINTMENT = "APPOINTMENT"
    TICKET = "TICKET"
    RECALL = "RECALL"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    ADJOURNED = "ADJOURNED"


class Blank(NamedTuple):
    """A field: `name` as it is typed between braces, `key` as services give it, what it is; `many` fills a line each."""

    name: str
    key: str
    told: str
    many: bool = False


class Line(NamedTuple):
    """A line as the program proposes it: a sentence of the catalogue, where fields bear their key, and how it is set."""

    sentence: str
    mark: str = ""


class Passage(NamedTuple):
    """A part of a paper: its heading or none, paragraphs, then what is listed."""

    title: str = ""
    words: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


_NAME = Blank("nom", "name", N_("la personne"))
_SHOP = Blank("épicerie", "shop", N_("le nom de l'épicerie"))
_DAY = Blank("jour", "day", N_("la date du papier"))
_UNTIL = Blank("fin", "until", N_("le dernier jour, s'il y en a un"))
_PHONE = Blank("téléphone", "phone", N_("le téléphone de l'épicerie"))


@dataclass(frozen=True, slots=True)
class Template:
    """What may be written on a paper: its name, what is changed there, its fields, those it must keep, its own lines.

    `spoken` papers exist in the language of the household: each language may have its own words. `flat` ones have neither
    heading nor list. `most_lines` is what the place left on the paper holds.
    """

    title: str
    place: str
    lines: tuple[Line, ...]
    blanks: tuple[Blank, ...] = ()
    needed: tuple[Blank, ...] = field(default=())
    spoken: bool = False
    flat: bool = False
    most_lines: int = 60


TEMPLATES: Mapping[WordingKind, Template] = {
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
            _NAME, _SHOP, _DAY, _UNTIL,
            Blank("engagements", "promises", N_("ce que la personne promet, une ligne chacun"), many=True),
        ),
        needed=(_NAME, Blank("engagements", "promises", "", many=True)),
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
        (_NAME, Blank("mandataire", "proxy", N_("qui vient à sa place")), _SHOP, _DAY, _UNTIL),
        needed=(_NAME, Blank("mandataire", "proxy", "")),
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
        (_NAME, _SHOP, _DAY), needed=(_NAME,),
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
        (_NAME, _SHOP, _DAY), needed=(_NAME,),
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
        (Blank("responsable", "name", N_("qui répond des données : le CCAS, ou l'épicerie")), _SHOP, _PHONE),
        needed=(Blank("responsable", "name", ""),), spoken=True,
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
            _NAME, _SHOP, Blank("orientation", "referred", N_("le jour de l'orientation, s'il est connu")),
            Blank("décision", "decision", N_("la décision, ses dates, rien du budget")),
        ),
        needed=(Blank("décision", "decision", ""),), most_lines=30,
    ),
    WordingKind.ONWARD: Template(
        N_("Lettre à un autre service"), N_("Ce qui suit le motif, au-dessus de la signature."),
        (
            Line(N_("Nous vous remercions de l'accueil que vous lui ferez, et de nous dire la suite donnée, si cette personne en est d'accord, "
                    "par le coupon ci-dessous.")),
        ),
        (_NAME, _SHOP, Blank("service", "service", N_("le service à qui l'on écrit"))), flat=True, most_lines=8,
    ),
    WordingKind.LIAISON: Template(
        N_("Fiche de liaison"), N_("Les derniers mots, au bas de la fiche."),
        (
            Line(N_("N'inscrivez ici ni numéro de sécurité sociale, ni nationalité, ni renseignement de santé. L'épicerie vous dira la "
                    "suite donnée.")),
        ),
        (_SHOP, _PHONE), flat=True, most_lines=4,
    ),
    WordingKind.APPOINTMENT: Template(
        N_("Rendez-vous"), N_("Les derniers mots, au bas du papier."),
        (
            Line(N_("Un empêchement ? Prévenez-nous au {phone}.")),
            Line(N_("Un empêchement ? Prévenez-nous, même le jour même."), OTHERWISE),
        ),
        (_SHOP, _PHONE), spoken=True, flat=True, most_lines=3,
    ),
    WordingKind.TICKET: Template(
        N_("Ticket"), N_("Les derniers mots du ticket."),
        (Line(N_("Merci de votre visite, à bientôt.")),), (_SHOP, _PHONE), spoken=True, flat=True, most_lines=4,
    ),
    WordingKind.RECALL: Template(
        N_("Affiche de rappel"), N_("Ce qu'il faut faire, quand la fiche de rappel ne le dit pas."),
        (Line(N_("Ne plus consommer. Rapportez le produit à l'épicerie, ou jetez-le.")),),
        (_SHOP, _PHONE), flat=True, most_lines=4,
    ),
    WordingKind.GRANTED: Template(
        N_("Lettre d'accord"), N_("Les premiers mots, avant la décision."),
        (Line(N_("Bonjour,")), Line(N_("Vous avez demandé à faire vos courses à l'épicerie. Voici notre réponse."))),
        (_NAME, _SHOP, _DAY), flat=True, most_lines=8,
    ),
    WordingKind.REFUSED: Template(
        N_("Lettre de refus"), N_("Les premiers mots, avant la décision."),
        (
            Line(N_("Bonjour,")),
            Line(N_("Nous avons étudié votre demande avec attention. Voici notre réponse, ses raisons, et ce que vous pouvez faire.")),
        ),
        (_NAME, _SHOP, _DAY), flat=True, most_lines=8,
    ),
    WordingKind.ADJOURNED: Template(
        N_("Lettre d'attente"), N_("Les premiers mots, avant la décision."),
        (
            Line(N_("Bonjour,")),
            Line(N_("Nous avons commencé à étudier votre demande. Voici où elle en est, et ce qui est attendu.")),
        ),
        (_NAME, _SHOP, _DAY), flat=True, most_lines=8,
    ),
}  # fmt: skip


def proposed(kind: WordingKind) -> str:
    """Return the words the program proposes for a paper, in the language in use, fields under the name one types."""
    template = TEMPLATES[kind]
    names = {b.key: f"{{{b.name}}}" for b in template.blanks}
    french = language() == SOURCE_LANGUAGE  # Its typography is set on the paper: one edits what one could have typed.
    return "\n".join(
        line.mark + (line.sentence if french else _(line.sentence)).format(**names) for line in template.lines
    )


def checked_wording(kind: WordingKind, text: str) -> str:
    """Return the words of a paper as they are kept, trimmed. Empty: those the program proposes.

    Raises `BadInput`, which names the line to mend: an unknown field, a brace left alone, a field the paper cannot do
    without, markup, a list or a heading where the paper has no place for them, too many lines.
    """
    template = TEMPLATES[kind]
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = checked_text("\n".join(_without_gaps(lines)), MOST_SIGNS)
    if not kept:
        return ""
    found = kept.split("\n")
    written = [line for line in found if line]
    if len(written) > template.most_lines:
        raise BadInput(
            N_("Ce papier a la place de {most} lignes au plus : il y en a {n}."),
            most=template.most_lines,
            n=len(written),
        )
    for place, line in enumerate(lines, 1):
        _check_line(template, place, line)
    used = set(_FIELD.findall(kept))
    for blank in template.needed:
        if blank.name not in used:
            raise BadInput(
                N_("Ce papier ne peut pas se passer du champ {blank} : remettez-le à sa place."),
                blank=f"{{{blank.name}}}",
            )
    return kept


def _without_gaps(lines: list[str]) -> Iterator[str]:
    """Yield the lines, never two empty ones together."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _check_line(template: Template, place: int, line: str) -> None:
    if _CONTROLS.search(line):
        raise BadInput(
            N_("Ligne {place} : un signe invisible ne peut pas s'imprimer. Retapez cette ligne."), place=place
        )
    if markup := _MARKUP.search(line):
        raise BadInput(
            N_("Ligne {place} : « {found} » s'imprimerait tel quel. Écrivez le texte seul, sans balise."),
            place=place, found=markup.group(),
        )  # fmt: skip
    names = {b.name: b for b in template.blanks}
    for name in _FIELD.findall(line):
        if name not in names:
            known = ", ".join(f"{{{b.name}}}" for b in template.blanks)
            raise BadInput(
                N_("Ligne {place} : {found} n'est pas un champ de ce papier. Les champs possibles : {known}."),
                place=place, found=f"{{{name}}}", known=known,
            )  # fmt: skip
        if names[name].many and line != f"{LISTED}{{{name}}}":
            raise BadInput(
                N_("Ligne {place} : {found} s'écrit seul, sur une ligne qui commence par un tiret."),
                place=place, found=f"{{{name}}}",
            )  # fmt: skip
    if re.search(r"[{}]", _FIELD.sub("", line)):
        raise BadInput(N_("Ligne {place} : une accolade est restée seule. Un champ s'écrit {example}."), place=place,
                       example=f"{{{template.blanks[0].name}}}")  # fmt: skip
    if template.flat and line.removeprefix(OTHERWISE).startswith((HEADING, LISTED)):
        raise BadInput(N_("Ligne {place} : ce papier n'a ni titre ni liste. Écrivez une phrase."), place=place)


def filled(kind: WordingKind, text: str, values: Mapping[str, str | tuple[str, ...]]) -> tuple[Passage, ...]:
    """Return the words of a paper with its fields filled, part by part; `values` are by key of field, empty for nothing to say."""
    names = {b.name: b for b in TEMPLATES[kind].blanks}
    parts: list[tuple[str, list[str], list[str]]] = [("", [], [])]
    silent = False
    for line in text.split("\n"):
        if line.startswith(OTHERWISE) and not silent:
            continue
        line = line.removeprefix(OTHERWISE)
        mark = next((m for m in (HEADING, LISTED) if line.startswith(m)), "")
        said = tuple(_said(line.removeprefix(mark), names, values))
        silent = not said
        for told in said:
            if mark == HEADING:
                parts.append((told, [], []))
            elif mark == LISTED:
                parts[-1][2].append(told)
            else:
                if parts[-1][2]:  # Words after a list are a part of their own, so that the order stays the one typed.
                    parts.append(("", [], []))
                parts[-1][1].append(told)
    return tuple(Passage(title, tuple(words), tuple(listed)) for title, words, listed in parts if words or listed)


def filled_lines(kind: WordingKind, text: str, values: Mapping[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words of a paper that has neither heading nor list, a paragraph each."""
    return tuple(line for passage in filled(kind, text, values) for line in passage.words)


def _said(line: str, names: Mapping[str, Blank], values: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    """Yield the line filled: nothing where a field has nothing to say, as many lines as a field of several has."""
    if not line:
        return
    line = french_typography(line) if language() == SOURCE_LANGUAGE else line
    used = [names[name] for name in _FIELD.findall(line)]
    given = {b.key: values.get(b.key, "") for b in used}
    if not all(given.values()):
        return
    several = next((g for g in given.values() if isinstance(g, tuple)), None)
    if several is not None:
        yield from several
        return
    yield _FIELD.sub(lambda m: str(given[names[m.group(1)].key]), line)
