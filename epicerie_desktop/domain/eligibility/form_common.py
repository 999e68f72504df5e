"""The questions that several tables of the ruleset's form ask: name and code, goods, for which households, thresholds."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from epicerie_desktop.domain.access import CeilingPeriod
from epicerie_desktop.domain.eligibility.form_fields import Field, Kind
from epicerie_desktop.domain.eligibility.rules import (
    OutcomeKind,
)
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.support.i18n import N_

OTHERWISE: tuple[StrEnum, ...] = (
    OutcomeKind.NOT_COVERED, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST, OutcomeKind.WAITING_PERIOD,
)  # fmt: skip
PERIODS = tuple(CeilingPeriod)

CODE = Field("code", N_("Code"), Kind.CODE, required=True, quiet=True,
              help=N_("En minuscules, sans accent ni espace. À ne plus changer une fois le règlement adopté."))  # fmt: skip
LABEL = Field("label", N_("Nom affiché"), Kind.TEXT, required=True, shown=True)
GOODS = (
    Field("origins", N_("Seulement ces provenances"), Kind.CHOICES, choices=tuple(Origin)),
    Field("families", N_("Seulement ces familles"), Kind.LIST, help=N_("Leurs codes, séparés par des virgules.")),
    Field("articles", N_("Seulement ces articles"), Kind.LIST, help=N_("Leurs codes, séparés par des virgules.")),
)
_EACH: tuple[Field, ...] = (
    Field("when.persons_min", N_("Seulement à partir de (personnes)"), Kind.WHOLE),
    Field("when.persons_max", N_("Seulement jusqu'à (personnes)"), Kind.WHOLE),
    Field("when.adults_min", N_("Seulement à partir de (adultes)"), Kind.WHOLE),
    Field("when.adults_max", N_("Seulement jusqu'à (adultes)"), Kind.WHOLE),
    Field("when.children_min", N_("Seulement à partir de (enfants)"), Kind.WHOLE),
    Field("when.children_max", N_("Seulement jusqu'à (enfants)"), Kind.WHOLE),
    Field("when.household_types", N_("Seulement ces foyers"), Kind.CHOICES, choices=tuple(HouseholdType)),
    Field("when.communes", N_("Seulement ces communes"), Kind.LIST, help=N_("Codes INSEE, séparés par des virgules.")),
    Field("when.oldest_min", N_("Seulement si quelqu'un a au moins"), Kind.WHOLE, N_("ans")),
    Field("when.oldest_max", N_("Seulement si personne n'a plus de"), Kind.WHOLE, N_("ans")),
    Field("when.youngest_min", N_("Seulement si tous ont au moins"), Kind.WHOLE, N_("ans")),
    Field("when.youngest_max", N_("Seulement si le plus jeune a au plus"), Kind.WHOLE, N_("ans")),
    Field("when.rights_min", N_("Seulement à partir de (droits passés)"), Kind.WHOLE),
    Field("when.rights_max", N_("Seulement jusqu'à (droits passés)"), Kind.WHOLE),
    Field("when.yes", N_("Seulement si la réponse est oui à"), Kind.CODES, ref="conditions"),
    Field("when.no", N_("Seulement si la réponse est non à"), Kind.CODES, ref="conditions"),
)
_BANDS = Field("when.bands", N_("Seulement ces tranches"), Kind.CODES, ref="bands")


def _with_cases(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the conditions, then the cases of which one is enough, each made of the same conditions."""
    inside = tuple(replace(f, key=f.path[-1]) for f in fields)
    cases = Field("when.any", N_("Seulement dans l'un de ces cas"), Kind.CASES, inside=inside,
                  help=N_("Un seul des cas suffit : parent seul, ou trois enfants ou plus."))  # fmt: skip
    return (*fields, cases)


WHEN = _with_cases(_EACH)
WHEN_BANDS = _with_cases((*_EACH, _BANDS))
WHICH = Field("indicator", N_("Calcul concerné"), Kind.REF, ref="indicators",
               help=N_("Inutile s'il n'y en a qu'un."))  # fmt: skip
BELOW = Field("below", N_("Moins de (seuil non compris)"), Kind.AMOUNT, "€", shown=True, shared=True)
AT_MOST = Field("at_most", N_("Au plus (seuil compris)"), Kind.AMOUNT, "€", shared=True)
