"""Gram and Baxtran PC0 (14 bytes with a status byte), and the Gram FC / ViBRA line."""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import (
    NUMBER,
    damaged,
    length_end,
    number,
    refused,
    text_line,
    unit_name,
    weighed,
    without_parity,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

WEIGHT_REQUEST = b"$"
_REQUESTS = frozenset({b"$", b"z", b"t"})
_PC0_LENGTH = 14
_STATUS_BASE = 0x20
_GROSS, _STABLE = 0x01, 0x40
_LINE = re.compile(r" *([+-]) *(\d{1,6})\.(\d{0,5})(?:/(\d))? ?([GOC]) ?([SUE ]?) *")
_LINE_UNITS = {"G": "g", "O": "oz", "C": "ct"}


def parse_pc0(frame: bytes) -> Reading:
    """Return the weight of `STX status sign value(7) unit(2) CR ETX`."""
    if frame in _REQUESTS:
        return NOTHING_SAID
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    if len(plain) != _PC0_LENGTH or plain[0] != 0x02 or plain[12:] != b"\r\x03" or plain[1] < _STATUS_BASE:
        return damaged()
    status = plain[1] - _STATUS_BASE
    stable, net = bool(status & _STABLE), not status & _GROSS
    sign, raw, unit = plain[2:3], plain[3:10].decode("ascii"), plain[10:12].decode("ascii")
    if sign not in {b" ", b"-"}:
        return damaged()
    found = re.fullmatch(rf" *({NUMBER})", raw)
    if found is None:
        return refused("no_weight", stable=stable, net=net, unit=unit_name(unit))
    signed = number(found[1]) * (-1 if sign == b"-" else 1)
    return weighed(signed, unit, stable=stable, net=net)


def frame_end(received: bytes) -> int | None:
    """Return the length of the fourteen bytes of an answer, None while they are not all there."""
    return length_end(received, start=b"\x02", length=_PC0_LENGTH)


def parse_fc(frame: bytes) -> Reading:
    """Return the weight of a line like `+007.12/3 G S`: the digit after the bar is the last decimal."""
    line = text_line(frame)
    found = _LINE.fullmatch(line) if line is not None else None
    if found is None:
        return damaged()
    sign, whole, decimals, last, unit, state = found.groups()
    if state == "E":
        return refused("device_error", unit=_LINE_UNITS[unit])
    value = number(f"{sign}{whole}.{decimals}{last or ''}0")
    return weighed(value, _LINE_UNITS[unit], stable=state == "S")
