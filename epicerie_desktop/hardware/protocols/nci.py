"""NCI, Weigh-Tronix SCP-01 and METTLER "ECR": `LF 01.250KG CR LF S status CR ETX`, or the status part alone."""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import (
    NUMBER,
    damaged,
    number,
    refused,
    unit_name,
    weighed,
    without_parity,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

WEIGHT_REQUEST = b"W\r"
_REQUESTS = frozenset({b"W\r", b"S\r", b"H\r", b"Z\r"})
_FRAME = re.compile(
    rf"(?:\n *([+-]?) *({NUMBER}) *([A-Za-z]{{2}})\r)?\nS([\x30-\x7f]{{2,4}})\r\x03\Z",
)
_ALWAYS, _MORE = 0x30, 0x40
_MOTION = 0x01
_UNDER, _OVER = 0x01, 0x02
_NET = 0x04


def parse(frame: bytes) -> Reading:
    """Return the weight with its status; a status alone, or one of overload, gives no weight."""
    if frame in _REQUESTS:
        return NOTHING_SAID
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    if plain == b"\n?\r\x03":
        return refused("unknown_command")
    found = _FRAME.match(plain.decode("latin-1"))
    if found is None:
        return damaged()
    sign, digits, unit, raw = found.groups()
    status = raw.encode("latin-1")
    if not _well_formed(status):
        return damaged()
    stable = not status[0] & _MOTION
    net = bool(len(status) > 2 and status[2] & _NET)
    name = unit_name(unit) if unit else None
    if status[1] & _OVER:
        return refused("over_capacity", stable=stable, net=net, unit=name)
    if status[1] & _UNDER and digits is None:
        return refused("under_zero", stable=stable, net=net)
    if digits is None:
        return refused("motion" if not stable else "no_weight", stable=stable, net=net)
    error = "under_zero" if status[1] & _UNDER else None if stable else "motion"
    signed = number(digits) * (-1 if sign == "-" else 1)
    return weighed(signed, unit, stable=stable, net=net, error=error)


def _well_formed(status: bytes) -> bool:
    """Bits 4 and 5 are always set, and bit 6 of a byte tells whether another one follows the second."""
    if any(byte & _ALWAYS != _ALWAYS for byte in status):
        return False
    return all(byte & _MORE for byte in status[1:-1]) and not status[-1] & _MORE
