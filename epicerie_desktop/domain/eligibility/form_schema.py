"""Every key of the format of docs/ruleset.md as a question of the form, in seven parts. The parser stays the judge."""

from __future__ import annotations

from enum import StrEnum

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind, Part, Table
from epicerie_desktop.domain.eligibility.rules import Combine, IndicatorKind, OutcomeKind, Per, Rounding, Span
from epicerie_desktop.domain.eligibility.terms import (
    AbsenceThen,
    FeeEvery,
    OtherMeasure,
    WaitingOrder,
    WithoutBag,
    YearKind,
)
from epicerie_desktop.domain.household import HouseholdType, HousingKind
from epicerie_desktop.domain.stock import Origin
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
_OTHERWISE: tuple[StrEnum, ...] = (
    OutcomeKind.NOT_COVERED, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST, OutcomeKind.WAITING_PERIOD,
)  # fmt: skip
_ALWAYS: tuple[StrEnum, ...] = (OutcomeKind.ELIGIBLE, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST)
_PERIODS = tuple(CeilingPeriod)

_CODE = Field("code", N_("Code"), Kind.CODE, required=True, quiet=True,
              help=N_("En minuscules, sans accent ni espace. À ne plus changer une fois le règlement adopté."))  # fmt: skip
_LABEL = Field("label", N_("Nom affiché"), Kind.TEXT, required=True, shown=True)
_GOODS = (
    Field("origins", N_("Seulement ces provenances"), Kind.CHOICES, choices=tuple(Origin)),
    Field("families", N_("Seulement ces familles"), Kind.LIST, help=N_("Leurs codes, séparés par des virgules.")),
    Field("articles", N_("Seulement ces articles"), Kind.LIST, help=N_("Leurs codes, séparés par des virgules.")),
)
_WHEN = (
    Field("when.persons_min", N_("Seulement à partir de (personnes)"), Kind.WHOLE),
    Field("when.persons_max", N_("Seulement jusqu'à (personnes)"), Kind.WHOLE),
    Field("when.adults_min", N_("Seulement à partir de (adultes)"), Kind.WHOLE),
    Field("when.adults_max", N_("Seulement jusqu'à (adultes)"), Kind.WHOLE),
    Field("when.children_min", N_("Seulement à partir de (enfants)"), Kind.WHOLE),
    Field("when.children_max", N_("Seulement jusqu'à (enfants)"), Kind.WHOLE),
    Field("when.household_types", N_("Seulement ces foyers"), Kind.CHOICES, choices=tuple(HouseholdType)),
    Field("when.communes", N_("Seulement ces communes"), Kind.LIST, help=N_("Codes INSEE, séparés par des virgules.")),
)
_WHEN_BANDS = (*_WHEN, Field("when.bands", N_("Seulement ces tranches"), Kind.CODES, ref="bands"))
_WHICH = Field("indicator", N_("Calcul concerné"), Kind.REF, ref="indicators",
               help=N_("Inutile s'il n'y en a qu'un."))  # fmt: skip
_BELOW = Field("below", N_("Moins de (seuil non compris)"), Kind.AMOUNT, "€", shown=True, shared=True)
_AT_MOST = Field("at_most", N_("Au plus (seuil compris)"), Kind.AMOUNT, "€", shared=True)

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
        Field("example", N_("C'est un exemple : ses chiffres sont à remplacer"), Kind.YES),
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
_NOT_WITH = Table("not_with", N_("Aide qui ne se cumule pas"), N_("une aide qui ne se cumule pas"), (_LABEL, _CODE))
_CONDITIONS = Table(
    "conditions", N_("Condition"), N_("une condition à vérifier"),
    (
        Field("label", N_("La question, à laquelle il faut répondre oui"), Kind.TEXT, required=True, shown=True),
        _CODE,
        Field("otherwise", N_("Si la réponse est non"), Kind.CHOICE, choices=_OTHERWISE, shown=True),
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
        _LABEL,
        _CODE,
        Field("kind", N_("Ce qui est compté"), Kind.CHOICE, choices=tuple(IndicatorKind), required=True, shown=True),
        Field("per", N_("Partagé"), Kind.CHOICE, choices=tuple(Per), shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=tuple(Span), shown=True),
        Field("divisor", N_("Diviseur du mois"), Kind.NUMBER, N_("jours"), help=N_("30 si rien n'est dit.")),
        Field("rounding", N_("Arrondi avant la comparaison"), Kind.CHOICE, choices=tuple(Rounding)),
        Field("decimals", N_("Décimales gardées"), Kind.WHOLE),
        Field("resources", N_("Ressources prises"), Kind.CODES, ref="resources"),
        Field("charges", N_("Charges déduites"), Kind.CODES, ref="charges"),
    ),
    start={"kind": "remaining_income", "per": "person", "period": "day"},
)  # fmt: skip
_LINE = (
    _LABEL,
    _CODE,
    Field("counted", N_("Elle compte dans le calcul"), Kind.YES, shown=True, default=True),
    Field("cap", N_("Comptée au plus, par mois"), Kind.AMOUNT, "€"),
    Field("percent", N_("Part de la ligne qui compte"), Kind.NUMBER, "%"),
    Field("flat", N_("Forfait compté pour tous, par mois"), Kind.AMOUNT, "€"),
    Field("required", N_("Une réponse est exigée, même zéro"), Kind.YES),
)
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
    (Field("", N_("Nombre de parts"), Kind.AMOUNT, N_("part"), shown=True), *_WHEN),
)

_BOUNDS = Table(
    "bounds", N_("Seuil"), N_("un seuil"),
    (
        _WHICH,
        _BELOW,
        _AT_MOST,
        Field("above", N_("Plus de (seuil non compris)"), Kind.AMOUNT, "€", shared=True),
        Field("at_least", N_("Au moins (seuil compris)"), Kind.AMOUNT, "€", shared=True),
        Field("over", N_("Au-dessus, la réponse"), Kind.CHOICE, choices=_OVER),
        Field("over_note", N_("Au-dessus, où orienter le foyer"), Kind.TEXT),
        Field("under", N_("Au-dessous, la réponse"), Kind.CHOICE, choices=_UNDER),
        Field("under_note", N_("Au-dessous, où orienter le foyer"), Kind.TEXT),
        Field("always", N_("Quel que soit le chiffre, la réponse"), Kind.CHOICE, choices=_ALWAYS),
        *_WHEN,
    ),
)  # fmt: skip
_BANDS = Table(
    "bands", N_("Tranche"), N_("une tranche"),
    (_LABEL, _CODE, _WHICH, Field("below", N_("Moins de (seuil non compris)"), Kind.NUMBER, "€", shown=True),
     Field("at_most", N_("Au plus (seuil compris)"), Kind.NUMBER, "€")),
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

_SHARE = Table(
    "share", N_("Participation"), N_("une participation"),
    (
        Field("percent", N_("Part de la valeur en rayon"), Kind.NUMBER, "%", shown=True),
        Field("per_kilo", N_("Prix au kilo"), Kind.AMOUNT, "€"),
        Field("per_piece", N_("Prix à la pièce"), Kind.AMOUNT, "€"),
        Field("per_visit", N_("Forfait par passage"), Kind.AMOUNT, "€"),
        Field("per_month", N_("Forfait par mois"), Kind.AMOUNT, "€"),
        Field("decided", N_("Fixée par la décision"), Kind.YES),
        Field("phases", N_("Seulement ces phases"), Kind.CODES, ref="phases"),
        *_GOODS,
        *_WHEN_BANDS,
    ),
)  # fmt: skip
_GUARDS = Table(
    "guards", N_("Règles des financeurs"), N_("une autre règle des financeurs"),
    (
        Field("fse_free", N_("Le FSE+ est gratuit"), Kind.YES, shown=True, default=True),
        Field("food_bank_limited", N_("La participation sur la Banque Alimentaire est limitée"), Kind.YES, shown=True, default=True),
        Field("food_bank_most_percent", N_("Banque Alimentaire, au plus"), Kind.NUMBER, "%"),
    ),
    many=False,
)  # fmt: skip
_FEES = Table(
    "fees", N_("Cotisation"), N_("une cotisation"),
    (_LABEL, _CODE, Field("", N_("Montant"), Kind.AMOUNT, "€", shown=True),
     Field("every", N_("Due"), Kind.CHOICE, choices=tuple(FeeEvery), required=True, shown=True)),
    start={"every": "year"},
)  # fmt: skip

_CEILINGS = Table(
    "ceilings", N_("Plafond"), N_("un plafond"),
    (
        Field("measure", N_("Ce qui est limité"), Kind.CHOICE, choices=(*CeilingMeasure, *OtherMeasure), required=True, shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=_PERIODS, required=True, shown=True),
        Field("", N_("Limite"), Kind.AMOUNT, shown=True),
        Field("split.period", N_("Réparti"), Kind.CHOICE, choices=_PERIODS),
        Field("split.parts", N_("Réparti en"), Kind.WHOLE, N_("parts")),
        Field("carried_over", N_("Ce qui reste passe à la période suivante"), Kind.YES),
        *_GOODS,
        *_WHEN_BANDS,
    ),
    start={"measure": "SHELF_VALUE", "period": "MONTH"},
)  # fmt: skip
_OUTSIDE = Table(
    "outside", N_("Hors plafond"), N_("des articles hors plafond"),
    (
        _LABEL,
        _CODE,
        *_GOODS,
        Field("units", N_("Nombre"), Kind.AMOUNT),
        Field("period", N_("Compté"), Kind.CHOICE, choices=_PERIODS),
        Field("percent", N_("Participation"), Kind.NUMBER, "%"),
        Field("months_min", N_("Enfant à partir de"), Kind.WHOLE, N_("mois")),
        Field("months_max", N_("Enfant jusqu'à"), Kind.WHOLE, N_("mois")),
    ),
)  # fmt: skip

_DURATION = Table(
    "duration", N_("Durée du droit"), N_("une durée"),
    (
        Field("", N_("Durée"), Kind.LENGTH, shown=True),
        Field("visits", N_("Au plus"), Kind.WHOLE, N_("passages")),
        Field("decided", N_("Fixée par la décision"), Kind.YES),
        Field("at_least", N_("Entre, au moins"), Kind.LENGTH),
        Field("at_most", N_("Et au plus"), Kind.LENGTH),
    ),
    many=False,
)  # fmt: skip
_PHASES = Table(
    "phases", N_("Phase"), N_("une phase"),
    (_LABEL, _CODE, Field("", N_("Durée"), Kind.LENGTH, shown=True),
     Field("next", N_("Phase suivante"), Kind.REF, ref="phases")),
)  # fmt: skip
_RENEWAL = Table(
    "renewal", N_("Renouvellement"), N_("une règle de renouvellement"),
    (
        Field("most", N_("Renouvellements, au plus"), Kind.WHOLE, shown=True, help=N_("0 : aucun. Vide : sans limite.")),
        Field("review", N_("Un bilan avant chaque renouvellement"), Kind.YES, shown=True),
        Field("total", N_("Durée totale, au plus"), Kind.LENGTH),
        Field("a_year", N_("Durée par an, au plus"), Kind.LENGTH),
        Field("year", N_("L'année se compte"), Kind.CHOICE, choices=tuple(YearKind)),
        Field("forgotten_after", N_("Un droit ancien ne compte plus après"), Kind.LENGTH),
        Field("otherwise", N_("Quand il n'y a plus de droit"), Kind.CHOICE, choices=_OTHERWISE),
    ),
    many=False,
)  # fmt: skip
_WAITING = Table(
    "waiting_period",
    N_("Carence"),
    N_("une carence entre deux droits"),
    (Field("", N_("Durée"), Kind.LENGTH, shown=True),),
    many=False,
)
_VISITS = Table(
    "visits", N_("Passages"), N_("une règle des passages"),
    (
        Field("most", N_("Passages, au plus"), Kind.WHOLE, shown=True),
        Field("period", N_("Comptés"), Kind.CHOICE, choices=_PERIODS, shown=True),
        Field("days_between", N_("Entre deux passages"), Kind.WHOLE, N_("jours")),
        Field("appointment", N_("Sur rendez-vous"), Kind.YES),
        Field("slot_given", N_("Jour et heure donnés"), Kind.YES),
        Field("accompanied", N_("Accompagné dans les rayons"), Kind.YES),
        Field("isothermal_bag", N_("Sac isotherme"), Kind.CHOICE, choices=tuple(WithoutBag)),
    ),
    many=False,
)  # fmt: skip
_ABSENCES = Table(
    "absences", N_("Absences"), N_("une règle des absences"),
    (
        Field("most", N_("Absences, au plus"), Kind.WHOLE, required=True, shown=True),
        Field("then", N_("Ensuite"), Kind.CHOICE, choices=tuple(AbsenceThen), required=True, shown=True),
        Field("notice_hours", N_("Prévenir au moins avant"), Kind.WHOLE, N_("heures")),
    ),
    many=False,
    start={"then": "warn"},
)  # fmt: skip
_OBLIGATIONS = Table(
    "obligations", N_("Engagement"), N_("un engagement demandé"),
    (
        _LABEL,
        _CODE,
        Field("count", N_("Combien"), Kind.WHOLE, shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=_PERIODS, shown=True),
        Field("before_renewal", N_("Avant le renouvellement"), Kind.YES),
    ),
)  # fmt: skip
_CAPACITY = Table(
    "capacity", N_("Places"), N_("un nombre de places"),
    (
        Field("households", N_("Foyers en même temps"), Kind.WHOLE, shown=True),
        Field("persons", N_("Personnes en même temps"), Kind.WHOLE),
        Field("order", N_("Ordre de la liste d'attente, dans l'ordre coché"), Kind.CHOICES, choices=tuple(WaitingOrder)),
    ),
    many=False,
)  # fmt: skip

PARTS: tuple[Part, ...] = (
    Part("identity", N_("Identité"), N_("Ce qui nomme et date le règlement ; repris dans chaque décision."), (_IDENTITY,)),
    Part("who", N_("Qui"), N_("Ce qui ouvre ou ferme la porte avant tout calcul."),
         (_RESIDENCE, _DATED, _REFERRAL, _NOT_WITH, _CONDITIONS, _EXCEPTIONS)),
    Part("sum", N_("Calcul"), N_("Ce qui est compté, et comment : toutes les sommes sont par mois."),
         (_INDICATORS, Table("resources", N_("Ressource"), N_("une ressource"), _LINE),
          Table("charges", N_("Charge"), N_("une charge"), _LINE), _COMBINE, _UNITS, _PARTS)),
    Part("bounds", N_("Seuils"), N_("La première ligne qui convient est retenue ; la dernière vaut pour tous."),
         (_BOUNDS, _BANDS, _SCALES)),
    Part("share", N_("Participation"), N_("Ce que paie le foyer. La dernière ligne générale vaut pour tous."),
         (_SHARE, _GUARDS, _FEES)),
    Part("ceilings", N_("Plafonds"), N_("Toutes les lignes qui conviennent s'appliquent ensemble."), (_CEILINGS, _OUTSIDE)),
    Part("length", N_("Durée et suite"), N_("Combien de temps dure le droit, et ce qui est demandé pendant."),
         (_DURATION, _PHASES, _RENEWAL, _WAITING, _VISITS, _ABSENCES, _OBLIGATIONS, _CAPACITY)),
)  # fmt: skip
"""The parts of the form in the order they are filled."""

TABLES: tuple[Table, ...] = tuple(t for part in PARTS for t in part.tables)


def part_of(table: Table) -> Part:
    """Return the part a table stands in."""
    return next(p for p in PARTS if table in p.tables)


def unit_of(field: Field, row: dict[str, object]) -> str:
    """Return the unit a figure is typed in; that of a ceiling follows what it limits."""
    if field.key or field.kind is not Kind.AMOUNT or "measure" not in row:
        return field.unit
    units: dict[object, str] = {"GRAMS": "kg", "UNITS": N_("articles"), "POINTS": N_("points")}
    return units.get(row["measure"], "€")
