"""What a scale said, once its frame is understood. Pure: knows no port, no screen, no store."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BOOKABLE_UNITS = frozenset({None, "kg", "g"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a scale.

    `grams` is the weight in whole grams (half up when the scale shows fractions, `exact` keeps what it showed), None
    when the frame carries no weight. `stable` and `net` are None where the protocol does not tell. `error` is a short
    code (see `sentences.py`), `warning` one that does not forbid to book.
    """

    grams: int | None
    stable: bool | None
    net: bool | None = None
    tare_grams: int | None = None
    unit: str | None = None
    error: str | None = None
    exact: Decimal | None = None
    count: int | None = None
    value: Decimal | None = None
    warning: str | None = None

    @property
    def bookable(self) -> bool:
        """True only for a stable, positive weight in kilos or grams without any error."""
        return (
            self.stable is True
            and self.error is None
            and self.grams is not None
            and self.grams > 0
            and self.unit in BOOKABLE_UNITS
        )

    @property
    def weight_g(self) -> int | float | None:
        """The weight in grams as the scale showed it, fractions included; None without a weight."""
        if self.exact is None:
            return self.grams
        return plain_number(self.exact)

    def as_record(self) -> dict[str, int | float | bool | str | None]:
        """Return the reading for `--json`: weight_g, stable, net, unit, error, then tare_g, count, value if told."""
        record: dict[str, int | float | bool | str | None] = {
            "weight_g": self.weight_g,
            "stable": self.stable,
            "net": self.net,
            "unit": self.unit,
            "error": self.error,
        }
        if self.tare_grams is not None:
            record["tare_g"] = self.tare_grams
        if self.count is not None:
            record["count"] = self.count
        if self.value is not None:
            record["value"] = plain_number(self.value)
        return record


NOTHING_SAID = Reading(grams=None, stable=None)


def plain_number(value: Decimal) -> int | float:
    """Return a decimal as a whole number where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


def whole_grams(exact: Decimal) -> int:
    """Return grams rounded to the gram, half away from zero."""
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
