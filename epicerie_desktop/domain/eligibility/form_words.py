"""The French names of the codes a règlement is written with, for the form, and the parser's sentences said without keys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from epicerie_desktop.domain import labels
from epicerie_desktop.domain.eligibility.extras_told import WEEKDAYS
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.rules import (
    AwayCounts,
    Combine,
    Counted,
    DurationUnit,
    IndicatorKind,
    OutcomeKind,
    Per,
    Rounding,
    SharedCounts,
    Span,
)
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

_NAMES: Mapping[type[StrEnum], Mapping[Any, str]] = MappingProxyType(
    {
        OutcomeKind: LABELS,
        IndicatorKind: {
            IndicatorKind.REMAINING_INCOME: N_("Ressources moins charges (reste à vivre)"),
            IndicatorKind.NET_INCOME: N_("Ressources seules"),
            IndicatorKind.CHARGE_RATIO: N_("Charges en % des ressources (taux d'effort)"),
            IndicatorKind.DECLARED: N_("Chiffre lu sur une attestation (quotient familial)"),
        },
        Per: {
            Per.HOUSEHOLD: N_("par foyer"),
            Per.PERSON: N_("par personne"),
            Per.CONSUMPTION_UNIT: N_("par unité de consommation"),
            Per.PART: N_("par part"),
        },
        Span: {Span.DAY: N_("par jour"), Span.MONTH: N_("par mois")},
        Rounding: {
            Rounding.EXACT: N_("Aucun : le chiffre exact"),
            Rounding.TRUNCATE: N_("Coupé"),
            Rounding.HALF_UP: N_("Au plus près"),
        },
        Combine: {Combine.ALL: N_("Tous doivent convenir"), Combine.ANY: N_("Un seul suffit")},
        Counted: {
            Counted.PERSONS: N_("de personnes"),
            Counted.ADULTS: N_("d'adultes"),
            Counted.CHILDREN: N_("d'enfants"),
        },
        DurationUnit: {
            DurationUnit.DAYS: N_("jours"),
            DurationUnit.WEEKS: N_("semaines"),
            DurationUnit.MONTHS: N_("mois"),
        },
        OtherMeasure: {OtherMeasure.UNITS: N_("Nombre d'articles"), OtherMeasure.POINTS: N_("Points")},
        FeeEvery: {
            FeeEvery.FILE: N_("une fois, à l'ouverture du dossier"),
            FeeEvery.RIGHT: N_("à chaque droit"),
            FeeEvery.MONTH: N_("chaque mois"),
            FeeEvery.YEAR: N_("chaque année"),
        },
        YearKind: {
            YearKind.CIVIL: N_("de janvier à décembre"),
            YearKind.SLIDING: N_("sur les douze mois passés"),
        },
        WaitingOrder: {
            WaitingOrder.ARRIVAL: N_("L'ordre d'arrivée"),
            WaitingOrder.URGENCY: N_("L'urgence"),
            WaitingOrder.LOWEST_FIGURE: N_("Le chiffre le plus bas"),
            WaitingOrder.MOST_CHILDREN: N_("Le plus d'enfants"),
            WaitingOrder.NEVER_HELPED: N_("Jamais aidé"),
        },
        AbsenceThen: {
            AbsenceThen.WARN: N_("Un rappel"),
            AbsenceThen.COMMITTEE: N_("La commission"),
            AbsenceThen.SUSPEND: N_("Une suspension"),
            AbsenceThen.EXCLUDE: N_("Une exclusion"),
        },
        WithoutBag: {
            WithoutBag.ADVISED: N_("Conseillé"),
            WithoutBag.NO_COLD: N_("Exigé pour le frais et le surgelé"),
        },
        SharedCounts: {
            SharedCounts.HALF: N_("un enfant partagé compte pour moitié"),
            SharedCounts.WHOLE: N_("un enfant partagé compte en entier"),
            SharedCounts.NONE: N_("un enfant partagé ne compte pas"),
        },
        AwayCounts: {
            AwayCounts.COUNTED: N_("une personne absente compte"),
            AwayCounts.NOT_COUNTED: N_("une personne absente ne compte pas"),
        },
        Weeks: {Weeks.EVEN: N_("les semaines paires"), Weeks.ODD: N_("les semaines impaires")},
        Weekday: WEEKDAYS,
    }
)


def named(code: StrEnum) -> str:
    """Return what people call a code of the format, in French, to be translated when shown."""
    names = _NAMES.get(type(code))
    return names[code] if names is not None else labels.named(code)


IN_A_FORM: Mapping[str, str] = MappingProxyType(
    {
        "{place} : cette clé manque.": N_("{place} : à remplir."),
        "{place} : il manque un seuil (below, at_most, above ou at_least), ou « always ».": N_(
            "{place} : il manque un seuil : tapez un montant, ou ajoutez « Quel que soit le chiffre »."
        ),
        "{place} : il manque un seuil, ou une réponse sans chiffre (always), dans un tableau [[bounds]].": N_(
            "{place} : ajoutez un seuil ; sans aucun chiffre, choisissez « Quel que soit le chiffre »."
        ),
        "{place} : il manque la participation, dans un tableau [[share]].": N_("{place} : ajoutez une participation."),
        "{place} : un seuil demande un calcul, dans un tableau [[indicators]].": N_("{place} : ajoutez un calcul."),
        "{place} : des tranches demandent un calcul, dans un tableau [[indicators]].": N_(
            "{place} : ajoutez un calcul."
        ),
        "{place} : la dernière ligne doit valoir pour tous les autres foyers, sans « when ».": N_(
            "{place} : la dernière ligne doit valoir pour tous les autres foyers : sans « Seulement… »."
        ),
        "{place} : une ligne sans condition « when », plus haut, cache celle-ci.": N_(
            "{place} : une ligne plus haut vaut déjà pour tous les foyers et cache celle-ci."
        ),
        "{place} : dites la durée une fois, en days, weeks ou months.": N_(
            "{place} : dites la durée, en jours, en semaines ou en mois."
        ),
        "{place} : dites la durée de cette phase, en days, weeks ou months.": N_(
            "{place} : dites la durée de cette phase ; seule la dernière n'en a pas."
        ),
        "{place} : un résultat exact n'a pas de nombre de décimales ; dites « rounding ».": N_(
            "{place} : un chiffre exact n'a pas de nombre de décimales ; ajoutez l'arrondi."
        ),
        "{place} : une ligne qui n'est pas comptée n'a ni « percent » ni « flat ».": N_(
            "{place} : une ligne qui n'est pas comptée n'a ni part ni forfait."
        ),
        "{place} : un forfait remplace la réponse, il ne se mêle pas à « cap » ou « percent ».": N_(
            "{place} : un forfait remplace la réponse : enlevez le maximum ou la part."
        ),
        "{place} : il manque un montant (base, per_person, per_adult, per_child ou by).": N_("{place} : à remplir."),
        "{place} : chaque tranche a un seuil (below ou at_most), sauf la dernière.": N_(
            "{place} : chaque tranche a un seuil, sauf la dernière."
        ),
        "{place} : dites les lignes que ce plafond réunit, en resources ou en charges.": N_(
            "{place} : choisissez les lignes que ce plafond réunit."
        ),
        "{place} : ce plafond réunit au moins deux lignes ; pour une seule, écrivez son « cap ».": N_(
            "{place} : ce plafond réunit au moins deux lignes ; pour une seule, dites son propre maximum."
        ),
        "{place} : dites ce qui change : duration, visits ou renewal.": N_(
            "{place} : dites ce qui change pour ces foyers : la durée, les passages ou les renouvellements."
        ),
        "{place} : dites les points une fois, en per_piece ou per_kilo.": N_(
            "{place} : dites les points une fois, par pièce ou par kilo."
        ),
        '{place} : seule une suspension (then = "suspend") a une durée.': N_(
            "{place} : seule une suspension a une durée."
        ),
        "{place} : « units » (ou « measure » et « most ») et « period » vont ensemble.": N_(
            "{place} : un nombre ou une limite hors plafond se dit avec sa période."
        ),
        "{place} : un taux d'effort ne se partage pas (per, period, divisor).": N_(
            "{place} : un taux d'effort ne se partage pas : enlevez « Partagé », « Compté » et le diviseur."
        ),
        "{place} : seul un reste (remaining_income) ou un taux (charge_ratio) prend des charges.": N_(
            "{place} : seul un reste à vivre ou un taux d'effort prend des charges."
        ),
        "{place} : seul un taux d'effort (charge_ratio) peut manquer de ressources.": N_(
            "{place} : cette réponse ne sert qu'à un taux d'effort."
        ),
        "{place} : dites au moins deux cas différents, ou écrivez la condition sans « any ».": N_(
            "{place} : dites au moins deux cas différents, ou une seule condition « Seulement… »."
        ),
        "{place} : « measure » et « most » vont ensemble.": N_("{place} : dites ce qui est limité, et la limite."),
        "{place} : dites « units », ou « measure » et « most », pas les deux.": N_(
            "{place} : dites un nombre d'articles ou une autre limite, pas les deux."
        ),
    }
)
"""What the parser says of a file, said to someone who fills a form: the same trouble, without a key of the format."""
