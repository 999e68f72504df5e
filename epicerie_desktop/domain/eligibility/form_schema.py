"""Every key of the format of docs/ruleset.md as a question of the form, in seven parts. The parser stays the judge."""

from __future__ import annotations

from enum import StrEnum

from epicerie_desktop.domain.eligibility.form_common import (
    AT_MOST,
    BELOW,
    CODE,
    LABEL,
    OTHERWISE,
    WHEN,
    WHICH,
)
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind, Part, Table
from epicerie_desktop.domain.eligibility.form_right import (
    ABSENCES,
    CAPACITY,
    CEILINGS,
    DURATION,
    FEES,
    GUARDS,
    INSTEAD,
    OBLIGATIONS,
    OUTSIDE,
    PHASES,
    POINTS,
    RENEWAL,
    SHARE,
    VISITS,
    WAITING,
)
from epicerie_desktop.domain.eligibility.rules import (
    AwayCounts,
    Combine,
    IndicatorKind,
    OutcomeKind,
    Per,
    Rounding,
    SharedCounts,
    Span,
)
from epicerie_desktop.domain.eligibility.ruleset_lines import WITHOUT_RESOURCES
from epicerie_desktop.domain.household import HousingKind
from epicerie_desktop.support.i18n import N_

_OVER: tuple[StrEnum, ...] = (
    OutcomeKind.TOO_HIGH,
    OutcomeKind.COMMITTEE,
    OutcomeKind.WAITING_LIST,
    OutcomeKind.TOO_LOW,
)
_UNDER: tuple[StrEnum, ...] = (
    OutcomeKind.TOO_LOW,
    OutcomeKind.COMMITTEE,
    OutcomeKind.WAITING_LIST,
    OutcomeKind.TOO_HIGH,
)
_ALWAYS: tuple[StrEnum, ...] = (
    OutcomeKind.ELIGIBLE,
    OutcomeKind.COMMITTEE,
    OutcomeKind.WAITING_LIST,
    OutcomeKind.NOT_COVERED,
)

_IDENTITY = Table(
    "", N_("Identité"), "",
    (
        Field("name", N_("Nom du règlement"), Kind.TEXT, required=True, shown=True),
        Field("version", N_("Version"), Kind.TEXT, required=True, shown=True, help=N_("Par exemple : 2027-1")),
        Field("valid_from", N_("Premier jour d'application"), Kind.DAY, required=True, shown=True),
        Field("source", N_("D'où vient le texte"), Kind.TEXT, required=True, shown=True,
              help=N_("La délibération, le conseil ou l'adresse où il est publié.")),
        Field("deliberation.number", N_("Délibération, numéro"), Kind.TEXT, shown=True),
        Field("deliberation.date", N_("Délibération, date"), Kind.DAY, shown=True),
        Field("reading", N_("Lecture retenue"), Kind.TEXT, help=N_("Quand le texte peut se lire de deux façons.")),
        Field("example", N_("C'est un exemple"), Kind.YES, help=N_("Chaque calcul rappellera que ses chiffres sont à remplacer.")),
    ),
    many=False,
)  # fmt: skip

_RESIDENCE = Table(
    "residence", N_("Où l'on habite"), N_("une condition de résidence"),
    (
        Field("communes", N_("Communes"), Kind.LIST, shown=True, help=N_("Codes INSEE, séparés par des virgules.")),
        Field("housing", N_("Logements admis"), Kind.CHOICES, choices=tuple(HousingKind)),
        Field("months", N_("Habiter le territoire depuis"), Kind.WHOLE, N_("mois")),
    ),
    many=False,
)  # fmt: skip
_DATED = Table(
    "residence.dated", N_("Commune pour un temps"), N_("une commune pour un temps"),
    (
        Field("commune", N_("Commune (code INSEE)"), Kind.TEXT, required=True, shown=True),
        Field("from", N_("Du"), Kind.DAY, shown=True),
        Field("until", N_("Au"), Kind.DAY, shown=True),
    ),
)  # fmt: skip
_REFERRAL = Table(
    "referral", N_("Orientation"), N_("une règle d'orientation"),
    (
        Field("required", N_("Une orientation est demandée"), Kind.YES, shown=True, default=True),
        Field("by", N_("Par qui"), Kind.LIST, shown=True, help=N_("Séparés par des virgules : travailleur social, CCAS.")),
        Field("days_before", N_("Délai avant l'ouverture"), Kind.WHOLE, N_("jours")),
    ),
    many=False,
)  # fmt: skip
_NOT_WITH = Table("not_with", N_("Aide qui ne se cumule pas"), N_("une aide qui ne se cumule pas"), (LABEL, CODE))
_CONDITIONS = Table(
    "conditions", N_("Condition"), N_("une condition à vérifier"),
    (
        Field("label", N_("La question, à laquelle il faut répondre oui"), Kind.TEXT, required=True, shown=True),
        CODE,
        Field("otherwise", N_("Si la réponse est non"), Kind.CHOICE, choices=(*OTHERWISE, OutcomeKind.ELIGIBLE), shown=True,
              help=N_("« Remplit les conditions » : un non ne ferme rien, la réponse choisit seulement des lignes.")),
        Field("required", N_("Une réponse est exigée"), Kind.YES),
    ),
)  # fmt: skip
_EXCEPTIONS = Table(
    "exceptions", N_("Exception"), N_("une exception possible"),
    (
        Field("by", N_("Qui peut l'accorder"), Kind.TEXT, required=True, shown=True),
        Field("label", N_("Dans quel cas"), Kind.TEXT, shown=True),
        Field("outcomes", N_("À quelles réponses"), Kind.CHOICES, choices=tuple(OutcomeKind)),
    ),
)  # fmt: skip

_INDICATORS = Table(
    "indicators", N_("Calcul"), N_("un calcul"),
    (
        LABEL,
        CODE,
        Field("kind", N_("Ce qui est compté"), Kind.CHOICE, choices=tuple(IndicatorKind), required=True, shown=True,
              help=N_("Un taux d'effort n'a ni partage ni durée, et ses seuils se tapent en pour cent.")),
        Field("per", N_("Partagé"), Kind.CHOICE, choices=tuple(Per), shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=tuple(Span), shown=True),
        Field("divisor", N_("Diviseur du mois"), Kind.NUMBER, N_("jours"), help=N_("30 si rien n'est dit.")),
        Field("rounding", N_("Arrondi avant la comparaison"), Kind.CHOICE, choices=tuple(Rounding)),
        Field("decimals", N_("Décimales gardées"), Kind.WHOLE),
        Field("resources", N_("Ressources prises"), Kind.CODES, ref="resources"),
        Field("charges", N_("Charges prises"), Kind.CODES, ref="charges"),
        Field("without_resources", N_("Taux d'effort, sans ressources, la réponse"), Kind.CHOICE, choices=WITHOUT_RESOURCES),
    ),
    start={"kind": "remaining_income", "per": "person", "period": "day"},
)  # fmt: skip
_LINE = (
    LABEL,
    CODE,
    Field("counted", N_("Elle compte dans le calcul"), Kind.YES, shown=True, default=True),
    Field("cap", N_("Comptée au plus, par mois"), Kind.AMOUNT, "€"),
    Field("percent", N_("Part de la ligne qui compte"), Kind.NUMBER, "%"),
    Field("flat", N_("Forfait compté pour tous, par mois"), Kind.AMOUNT, "€"),
    Field("required", N_("Une réponse est exigée, même zéro"), Kind.YES),
    Field(
        "usual",
        N_("Montant habituel, par mois"),
        Kind.NUMBER,
        "€",
        help=N_("Un montant très loin de celui-ci est à vérifier."),
    ),
)
_CAPS = Table(
    "caps", N_("Plafond commun"), N_("un plafond commun à plusieurs lignes"),
    (
        LABEL,
        Field("charges", N_("Charges réunies"), Kind.CODES, ref="charges", shown=True),
        Field("resources", N_("Ressources réunies"), Kind.CODES, ref="resources"),
        Field("", N_("Comptées ensemble au plus, par mois"), Kind.AMOUNT, "€", shown=True),
    ),
)  # fmt: skip
_HOUSEHOLD = Table(
    "household", N_("Qui compte"), N_("une autre façon de compter les personnes"),
    (
        Field("child_under", N_("Enfant de moins de"), Kind.WHOLE, N_("ans"), shown=True, help=N_("18 si rien n'est dit.")),
        Field("shared", N_("Un enfant là la moitié du temps"), Kind.CHOICE, choices=tuple(SharedCounts), shown=True),
        Field("away", N_("Une personne absente pour un temps"), Kind.CHOICE, choices=tuple(AwayCounts), shown=True),
    ),
    many=False,
)  # fmt: skip
_COMBINE = Table(
    "", N_("Plusieurs calculs"), "",
    (Field("combine", N_("Avec plusieurs calculs"), Kind.CHOICE, choices=tuple(Combine)),),
    many=False,
)  # fmt: skip
_UNITS = Table(
    "consumption_units", N_("Unités de consommation"), N_("une autre échelle d'unités de consommation"),
    (
        Field("child_under", N_("Enfant de moins de"), Kind.WHOLE, N_("ans"), shown=True),
        Field("adult", N_("Chaque autre adulte"), Kind.NUMBER, N_("unité"), shown=True),
        Field("child", N_("Chaque enfant"), Kind.NUMBER, N_("unité"), shown=True),
    ),
    many=False,
)  # fmt: skip
_PARTS = Table(
    "parts",
    N_("Parts"),
    N_("une ligne de parts"),
    (Field("", N_("Nombre de parts"), Kind.AMOUNT, N_("part"), shown=True), *WHEN),
)

_BOUNDS = Table(
    "bounds", N_("Seuil"), N_("un seuil"),
    (
        WHICH,
        BELOW,
        AT_MOST,
        Field("above", N_("Plus de (seuil non compris)"), Kind.AMOUNT, "€", shared=True),
        Field("at_least", N_("Au moins (seuil compris)"), Kind.AMOUNT, "€", shared=True),
        Field("over", N_("Au-dessus, la réponse"), Kind.CHOICE, choices=_OVER),
        Field("over_note", N_("Au-dessus, où orienter le foyer"), Kind.TEXT),
        Field("under", N_("Au-dessous, la réponse"), Kind.CHOICE, choices=_UNDER),
        Field("under_note", N_("Au-dessous, où orienter le foyer"), Kind.TEXT),
        Field("always", N_("Quel que soit le chiffre, la réponse"), Kind.CHOICE, choices=_ALWAYS),
        *WHEN,
    ),
)  # fmt: skip
_BANDS = Table(
    "bands", N_("Tranche"), N_("une tranche"),
    (LABEL, CODE, WHICH, BELOW, AT_MOST),
)  # fmt: skip
_SCALES = Table(
    "scales", N_("Barème social"), N_("un barème social"),
    (
        Field("code", N_("Code"), Kind.CODE, required=True, shown=True),
        Field("valid_from", N_("À partir du"), Kind.DAY, required=True, shown=True),
        Field("amount", N_("Montant par mois"), Kind.NUMBER, "€", required=True, shown=True),
        Field("source", N_("Source"), Kind.TEXT, required=True, shown=True),
    ),
)  # fmt: skip

PARTS: tuple[Part, ...] = (
    Part("identity", N_("Identité"), N_("Ce qui nomme et date le règlement ; repris dans chaque décision."), (_IDENTITY,)),
    Part("who", N_("Qui"), N_("Ce qui ouvre ou ferme la porte avant tout calcul."),
         (_HOUSEHOLD, _RESIDENCE, _DATED, _REFERRAL, _NOT_WITH, _CONDITIONS, _EXCEPTIONS)),
    Part("sum", N_("Calcul"), N_("Ce qui est compté, et comment : toutes les sommes sont par mois."),
         (_INDICATORS, Table("resources", N_("Ressource"), N_("une ressource"), _LINE),
          Table("charges", N_("Charge"), N_("une charge"), _LINE), _CAPS, _COMBINE, _UNITS, _PARTS)),
    Part("bounds", N_("Seuils"), N_("La première ligne qui convient est retenue ; la dernière vaut pour tous."),
         (_BOUNDS, _BANDS, _SCALES)),
    Part("share", N_("Participation"), N_("Ce que paie le foyer. La dernière ligne générale vaut pour tous."),
         (SHARE, GUARDS, FEES)),
    Part("ceilings", N_("Plafonds"), N_("Toutes les lignes qui conviennent s'appliquent ensemble."), (CEILINGS, OUTSIDE, POINTS)),
    Part("length", N_("Durée et suite"), N_("Combien de temps dure le droit, et ce qui est demandé pendant."),
         (DURATION, PHASES, RENEWAL, WAITING, VISITS, INSTEAD, ABSENCES, OBLIGATIONS, CAPACITY)),
)  # fmt: skip
"""The parts of the form in the order they are filled."""

TABLES: tuple[Table, ...] = tuple(t for part in PARTS for t in part.tables)


def part_of(table: Table) -> Part:
    """Return the part a table stands in."""
    return next(p for p in PARTS if table in p.tables)


def unit_of(field: Field, row: dict[str, object]) -> str:
    """Return the unit a figure is typed in; that of a ceiling follows what it limits."""
    if field.key not in ("", "most", "at_least", "at_most") or field.kind is not Kind.AMOUNT or "measure" not in row:
        return field.unit
    units: dict[object, str] = {"GRAMS": "kg", "UNITS": N_("articles"), "POINTS": N_("points")}
    return units.get(row["measure"], "€")
