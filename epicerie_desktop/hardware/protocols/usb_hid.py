"""USB HID scales (usage page 8Dh): report `03 status unit exponent LSB MSB`, some systems drop the first byte, others add a zero."""

from __future__ import annotations

from decimal import Decimal

from epicerie_desktop.hardware.protocols.common import refused, weighed
from epicerie_desktop.hardware.reading import Reading

_REPORT_ID = 0x03
_UNITS = {2: "g", 3: "kg", 11: "oz", 12: "lb"}
_ZERO, _MOTION, _STABLE, _UNDER_ZERO = 2, 3, 4, 5
_FAULTS = {1: "fault", 6: "over_capacity", 7: "needs_calibration", 8: "needs_zero"}
_WIDEST_EXPONENT = 9


def parse(report: bytes) -> Reading:
    """Return the weight of a report; its number is unsigned, the sign is in the status."""
    if len(report) == 7 and report[0] == 0:
        report = report[1:]
    if len(report) == 6 and report[0] == _REPORT_ID:
        report = report[1:]
    if len(report) != 5 or not 1 <= report[0] <= 8:
        return refused("not_a_weight_report")
    status, unit = report[0], _UNITS.get(report[1])
    stable = True if status in {_ZERO, _STABLE} else False if status == _MOTION else None
    if status in _FAULTS:
        return refused(_FAULTS[status], unit=unit)
    if unit is None:
        return refused("unknown_unit", stable=stable)
    exponent = int.from_bytes(report[2:3], signed=True)
    if abs(exponent) > _WIDEST_EXPONENT:
        return refused("not_a_weight_report", unit=unit)
    value = Decimal(int.from_bytes(report[3:5], "little")).scaleb(exponent)
    if status == _ZERO:
        value = Decimal(0)
    if status == _UNDER_ZERO:
        return weighed(-value, unit, stable=stable, error="under_zero")
    return weighed(value, unit, stable=stable, error="motion" if status == _MOTION else None)
