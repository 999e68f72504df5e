"""SMA SCP-0499: `LF status range mode motion future weight(10) unit(3) CR`, twenty bytes."""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import (
    NUMBER,
    as_tare,
    damaged,
    number,
    refused,
    unit_name,
    weighed,
    without_parity,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

WEIGHT_REQUEST = b"\nW\r"
_REQUEST = re.compile(rb"\n[WPZTMCDABINQHR0-9]{1,12}\r\Z", re.IGNORECASE)
_FRAME = re.compile(r"\n([A-Z ])([0-9 ])([GNTgnt])([ M])[ -~]([ -~]{10})([ -~]{3})\r\Z")
_SIGNED = re.compile(rf" *([+-]?) *({NUMBER})")
_ERRORS = {"E": "zero_error", "T": "tare_error", "I": "initial_zero_error", "O": "over_capacity"}
_KNOWN = frozenset(" ZU") | _ERRORS.keys()


def parse(frame: bytes) -> Reading:
    """Return the weight; a status of error or overload gives none, a tare answer only a tare."""
    if _REQUEST.match(frame):
        return NOTHING_SAID
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    if plain == b"\n?\r":
        return refused("unknown_command")
    found = _FRAME.match(plain.decode("latin-1"))
    if found is None or found[1] not in _KNOWN:
        return damaged()
    status, _, mode, motion, raw, unit = found.groups()
    stable, net = motion != "M", mode in "Nn"
    if status in _ERRORS:
        return refused(_ERRORS[status], stable=stable, net=net, unit=unit_name(unit))
    value = _SIGNED.fullmatch(raw)
    if value is None:
        return refused("no_weight", stable=stable, net=net, unit=unit_name(unit))
    signed = number(value[2]) * (-1 if value[1] == "-" else 1)
    error = "under_capacity" if status == "U" else None
    reading = weighed(signed, unit, stable=stable, net=net, error=error)
    return as_tare(reading) if mode in "Tt" else reading
