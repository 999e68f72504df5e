"""What the ruleset's form asks of the right: what is paid, ceilings, length, visits, what is asked in return."""

from __future__ import annotations

from dataclasses import replace

from epicerie_desktop.domain.access import CeilingMeasure
from epicerie_desktop.domain.eligibility.form_common import (
    CODE,
    GOODS,
    LABEL,
    OTHERWISE,
    PERIODS,
    WHEN_BANDS,
)
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind, Table
from epicerie_desktop.domain.eligibility.terms import (
    AbsenceThen,
    FeeEvery,
    OtherMeasure,
    WaitingOrder,
    Weekday,
    Weeks,
    WithoutBag,
    YearKind,
)
from epicerie_desktop.support.i18n import N_

SHARE = Table(
    "share", N_("Participation"), N_("une participation"),
    (
        Field("percent", N_("Part de la valeur en rayon"), Kind.NUMBER, "%", shown=True),
        Field("per_kilo", N_("Prix au kilo"), Kind.AMOUNT, "€"),
        Field("per_piece", N_("Prix à la pièce"), Kind.AMOUNT, "€"),
        Field("per_visit", N_("Forfait par passage"), Kind.AMOUNT, "€"),
        Field("per_month", N_("Forfait par mois"), Kind.AMOUNT, "€"),
        Field("decided", N_("Fixée par la décision"), Kind.YES),
        Field("at_least", N_("Fixée par la décision, au moins"), Kind.NUMBER, "%"),
        Field("at_most", N_("Fixée par la décision, au plus"), Kind.NUMBER, "%"),
        Field("phases", N_("Seulement ces phases"), Kind.CODES, ref="phases"),
        *GOODS,
        *WHEN_BANDS,
    ),
)  # fmt: skip
GUARDS = Table(
    "guards", N_("Règles des financeurs"), N_("une autre règle des financeurs"),
    (
        Field("fse_free", N_("Le FSE+ est gratuit"), Kind.YES, shown=True, default=True),
        Field("food_bank_limited", N_("La participation sur la Banque Alimentaire est limitée"), Kind.YES, shown=True, default=True),
        Field("food_bank_most_percent", N_("Banque Alimentaire, au plus"), Kind.NUMBER, "%"),
    ),
    many=False,
)  # fmt: skip
FEES = Table(
    "fees", N_("Cotisation"), N_("une cotisation"),
    (LABEL, CODE, Field("", N_("Montant"), Kind.AMOUNT, "€", shown=True),
     Field("every", N_("Due"), Kind.CHOICE, choices=tuple(FeeEvery), required=True, shown=True), *WHEN_BANDS),
    start={"every": "year"},
)  # fmt: skip

CEILINGS = Table(
    "ceilings", N_("Plafond"), N_("un plafond"),
    (
        Field("measure", N_("Ce qui est limité"), Kind.CHOICE, choices=(*CeilingMeasure, *OtherMeasure), required=True, shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=PERIODS, required=True, shown=True),
        Field("", N_("Limite"), Kind.AMOUNT, shown=True),
        Field("split.period", N_("Réparti"), Kind.CHOICE, choices=PERIODS),
        Field("split.parts", N_("Réparti en"), Kind.WHOLE, N_("parts")),
        Field("decided", N_("Fixé par la décision"), Kind.YES),
        Field("at_least", N_("Fixé par la décision, au moins"), Kind.AMOUNT),
        Field("at_most", N_("Fixé par la décision, au plus"), Kind.AMOUNT),
        Field("carried_over", N_("Ce qui reste passe à la période suivante"), Kind.YES),
        Field("phases", N_("Seulement ces phases"), Kind.CODES, ref="phases"),
        *GOODS,
        *WHEN_BANDS,
    ),
    start={"measure": "SHELF_VALUE", "period": "MONTH"},
)  # fmt: skip
OUTSIDE = Table(
    "outside", N_("Hors plafond"), N_("des articles hors plafond"),
    (
        LABEL,
        CODE,
        *GOODS,
        Field("units", N_("Nombre"), Kind.AMOUNT),
        Field("measure", N_("Ou ce qui est limité"), Kind.CHOICE, choices=(*CeilingMeasure, *OtherMeasure)),
        Field("most", N_("Limite"), Kind.AMOUNT),
        Field("period", N_("Compté"), Kind.CHOICE, choices=PERIODS),
        Field("percent", N_("Participation"), Kind.NUMBER, "%"),
        Field("months_min", N_("Enfant à partir de"), Kind.WHOLE, N_("mois")),
        Field("months_max", N_("Enfant jusqu'à"), Kind.WHOLE, N_("mois")),
        *WHEN_BANDS,
    ),
)  # fmt: skip
POINTS = Table(
    "points", N_("Valeur en points"), N_("une valeur en points"),
    (
        Field("per_piece", N_("Points par pièce"), Kind.WHOLE, shown=True),
        Field("per_kilo", N_("Points par kilo"), Kind.WHOLE, shown=True),
        *GOODS,
    ),
)  # fmt: skip

DURATION = Table(
    "duration", N_("Durée du droit"), N_("une durée"),
    (
        Field("", N_("Durée"), Kind.LENGTH, shown=True),
        Field("visits", N_("Au plus"), Kind.WHOLE, N_("passages")),
        Field("decided", N_("Fixée par la décision"), Kind.YES),
        Field("at_least", N_("Entre, au moins"), Kind.LENGTH),
        Field("at_most", N_("Et au plus"), Kind.LENGTH),
        Field("until", N_("Au plus tard, chaque année, le"), Kind.TEXT, help=N_("Le mois puis le jour : 12-31, 06-30.")),
    ),
    many=False,
)  # fmt: skip
PHASES = Table(
    "phases", N_("Phase"), N_("une phase"),
    (LABEL, CODE, Field("", N_("Durée"), Kind.LENGTH, shown=True),
     Field("next", N_("Phase suivante"), Kind.REF, ref="phases")),
)  # fmt: skip
_RENEWAL_FIELDS = (
        Field("most", N_("Renouvellements, au plus"), Kind.WHOLE, shown=True, help=N_("0 : aucun. Vide : sans limite.")),
        Field("review", N_("Un bilan avant chaque renouvellement"), Kind.YES, shown=True),
        Field("total", N_("Durée totale, au plus"), Kind.LENGTH),
        Field("a_year", N_("Durée par an, au plus"), Kind.LENGTH),
        Field("year", N_("L'année se compte"), Kind.CHOICE, choices=tuple(YearKind)),
        Field("forgotten_after", N_("Un droit ancien ne compte plus après"), Kind.LENGTH),
        Field("otherwise", N_("Quand il n'y a plus de droit"), Kind.CHOICE, choices=OTHERWISE),
)  # fmt: skip
RENEWAL = Table("renewal", N_("Renouvellement"), N_("une règle de renouvellement"), _RENEWAL_FIELDS, many=False)
WAITING = Table(
    "waiting_period",
    N_("Carence"),
    N_("une carence entre deux droits"),
    (Field("", N_("Durée"), Kind.LENGTH, shown=True),),
    many=False,
)
_VISITS_FIELDS = (
        Field("most", N_("Passages, au plus"), Kind.WHOLE, shown=True),
        Field("period", N_("Comptés"), Kind.CHOICE, choices=PERIODS, shown=True),
        Field("days_between", N_("Entre deux passages"), Kind.WHOLE, N_("jours")),
        Field("appointment", N_("Sur rendez-vous"), Kind.YES),
        Field("slot_given", N_("Jour et heure donnés"), Kind.YES),
        Field("accompanied", N_("Accompagné dans les rayons"), Kind.YES),
        Field("isothermal_bag", N_("Sac isotherme"), Kind.CHOICE, choices=tuple(WithoutBag)),
        Field("weekdays", N_("Seulement ces jours"), Kind.CHOICES, choices=tuple(Weekday)),
        Field("weeks", N_("Seulement ces semaines"), Kind.CHOICE, choices=tuple(Weeks)),
)  # fmt: skip
VISITS = Table("visits", N_("Passages"), N_("une règle des passages"), _VISITS_FIELDS, many=False)


def _inside(key: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the questions of a table asked one level deeper, all of them behind « Ajouter »."""
    return tuple(replace(f, key=f"{key}.{f.key}", shown=False) for f in fields)


INSTEAD = Table(
    "instead", N_("Pour certains foyers"), N_("une autre durée ou d'autres passages pour certains foyers"),
    (
        *WHEN_BANDS,
        Field("duration", N_("Durée"), Kind.LENGTH, shown=True),
        Field("duration.visits", N_("Durée, au plus"), Kind.WHOLE, N_("passages")),
        *_inside("visits", _VISITS_FIELDS),
        *_inside("renewal", _RENEWAL_FIELDS),
    ),
    help=N_("Ce qui est dit ici remplace la règle générale pour ces foyers."),
)  # fmt: skip
ABSENCES = Table(
    "absences", N_("Absences"), N_("une règle des absences"),
    (
        Field("most", N_("Absences, au plus"), Kind.WHOLE, required=True, shown=True),
        Field("then", N_("Ensuite"), Kind.CHOICE, choices=tuple(AbsenceThen), required=True, shown=True),
        Field("notice_hours", N_("Prévenir au moins avant"), Kind.WHOLE, N_("heures")),
        Field("within", N_("Comptées sur les derniers"), Kind.LENGTH),
        Field("consecutive", N_("Seules celles qui se suivent comptent"), Kind.YES),
        Field("lasting", N_("Durée de la suspension"), Kind.LENGTH),
    ),
    many=False,
    start={"then": "warn"},
)  # fmt: skip
OBLIGATIONS = Table(
    "obligations", N_("Engagement"), N_("un engagement demandé"),
    (
        LABEL,
        CODE,
        Field("count", N_("Combien"), Kind.WHOLE, shown=True),
        Field("period", N_("Compté"), Kind.CHOICE, choices=PERIODS, shown=True),
        Field("before_renewal", N_("Avant le renouvellement"), Kind.YES),
        *WHEN_BANDS,
    ),
)  # fmt: skip
CAPACITY = Table(
    "capacity", N_("Places"), N_("un nombre de places"),
    (
        Field("households", N_("Foyers en même temps"), Kind.WHOLE, shown=True),
        Field("persons", N_("Personnes en même temps"), Kind.WHOLE),
        Field("order", N_("Ordre de la liste d'attente, dans l'ordre coché"), Kind.CHOICES, choices=tuple(WaitingOrder)),
    ),
    many=False,
)  # fmt: skip
