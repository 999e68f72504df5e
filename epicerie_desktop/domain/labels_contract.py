"""What people call the codes of the contract: statuses, units, methods, and why a value is counted or not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from epicerie_desktop.domain.contract import Method, Status, Unit
from epicerie_desktop.domain.contract_values import Standing
from epicerie_desktop.support.i18n import N_

CONTRACT: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        Status: {
            Status.PLANNED: N_("prévue"),
            Status.STARTED: N_("lancée"),
            Status.DONE: N_("réalisée"),
            Status.POSTPONED: N_("reportée"),
            Status.DROPPED: N_("abandonnée"),
        },
        Unit: {
            Unit.HOUSEHOLD: N_("foyers"),
            Unit.PERSON: N_("personnes"),
            Unit.GRAM: N_("kilos"),
            Unit.CENT: N_("euros"),
            Unit.COUNT: N_("autre chose, à nommer"),
        },
        Method: {
            Method.DISTINCT: N_("chacun compté une fois"),
            Method.SUM: N_("somme des périodes"),
            Method.LAST: N_("dernier état connu"),
        },
        Standing: {
            Standing.COUNTED: N_("comptée"),
            Standing.REPLACED: N_("corrigée depuis"),
            Standing.WITHDRAWN: N_("retrait"),
            Standing.OUTSIDE: N_("hors de la période"),
            Standing.STRADDLES: N_("à cheval sur la période : non comptée"),
            Standing.EARLIER: N_("une plus récente est comptée"),
            Standing.OTHER_START: N_("commence un autre mois : non comptée"),
        },
    }
)
"""By the class of the code, as in `labels`."""
