"""A partner's table of figures: how its columns are read, and what each of its lines says. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_TEXT = 300


class ValueField(StrEnum):
    """What a column of a table of figures may hold."""

    INDICATOR = "INDICATOR"
    SHOP = "SHOP"
    PERIOD = "PERIOD"
    FIRST = "FIRST"
    LAST = "LAST"
    VALUE = "VALUE"
    AS_OF = "AS_OF"
    SOURCE = "SOURCE"


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How a table is read. `columns`: the heading of each field. `indicators`: headings that are an indicator's own column, with its
    code. `fixed`: what holds for the whole file (« JOBS », « 2012 », « Mission locale »)."""

    columns: Mapping[ValueField, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[ValueField, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, in one order."""
        return {
            "columns": {k.value: v for k, v in sorted(self.columns.items()) if v},
            "indicators": dict(sorted((k, v) for k, v in self.indicators.items() if v)),
            "fixed": {k.value: v for k, v in sorted(self.fixed.items()) if v},
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> TableMapping:
        """Return what `to_json` wrote."""
        return TableMapping(
            {ValueField(k): str(v) for k, v in data["columns"].items()},
            {str(k): str(v) for k, v in data["indicators"].items()},
            {ValueField(k): str(v) for k, v in data["fixed"].items()},
        )

    def check(self, headings: tuple[str, ...]) -> None:
        """Raise `BadInput` where values, their indicator or their period come from nowhere, or a column is not in the table."""
        for text in (*self.columns.values(), *self.indicators, *self.indicators.values(), *self.fixed.values()):
            checked_text(text, MOST_TEXT)
        told = {k for m in (self.columns, self.fixed) for k, v in m.items() if v}
        asked = [h for h in (*self.columns.values(), *self.indicators) if h]
        missing = next((h for h in asked if h not in headings), None)
        if missing is not None:
            raise BadInput(N_("Ce tableau n'a pas de colonne « {heading} »."), heading=missing[:60])
        if not any(self.indicators.values()):
            if ValueField.VALUE not in self.columns:
                raise BadInput(N_("Dites quelle colonne contient les valeurs."))
            if ValueField.INDICATOR not in told:
                raise BadInput(
                    N_("Dites de quel indicateur sont ces valeurs : une colonne, ou le même pour tout le fichier.")
                )
        if ValueField.PERIOD not in told and not {ValueField.FIRST, ValueField.LAST} <= told:
            raise BadInput(N_("Dites sur quelle période : une colonne, ou la même pour tout le fichier."))


@dataclass(frozen=True, slots=True)
class SheetValue:
    """A value of a table as read: its line, what names its indicator and its shop, its months, its text; `errors` are sentences."""

    line: int
    indicator: str
    shop: str
    first: str
    last: str
    typed: str
    as_of: date | None
    source: str
    errors: tuple[str, ...] = ()
