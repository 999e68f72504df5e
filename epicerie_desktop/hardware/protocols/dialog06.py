"""Checkout dialog 06 (METTLER, emulated by Bizerba and Dibal): records between STX and ETX, fields parted by ESC.

Only understood, not spoken: real scales ask for a checksum answer whose polynomial is not public.
"""

from __future__ import annotations

import re
from decimal import Decimal

from epicerie_desktop.hardware.protocols.common import ACK, EOT, NAK, damaged, refused, weighed, without_parity
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

_WEIGHT = re.compile(rb"\x0202\x1b(.)\x1b(\d{5})\x1b(\d{6})\x1b(\d{6})\x03\Z")
_STATUS = re.compile(rb"\x0209\x1b(\d\d)\x03\Z")
_CHECKSUM = re.compile(rb"\x0211\x1b(?:([01])|2[ -~]{2})\x03\Z")
_KILOS = b"3"
_STATUS_ERRORS = {
    "01": "general_error",
    "02": "parity_error",
    "10": "invalid_record",
    "11": "invalid_unit_price",
    "12": "invalid_tare",
    "13": "invalid_text",
    "20": "motion",
    "21": "not_moved",
    "22": "not_finished",
    "30": "below_minimum",
    "31": "below_zero",
    "32": "overload",
}


def parse(frame: bytes) -> Reading:
    """Return the weight of a record 02, in grams on the wire; a status or checksum record gives none."""
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    if plain[:1] == bytes([EOT]) or plain == bytes([ACK]):
        return NOTHING_SAID
    if plain == bytes([NAK]):
        return refused("nak")
    if found := _WEIGHT.match(plain):
        if found[1] != _KILOS:
            return refused("unknown_unit", stable=True)
        return weighed(Decimal(found[2].decode("ascii")) / 1000, "kg", stable=True)
    if found := _STATUS.match(plain):
        return _status(found[1].decode("ascii"))
    if found := _CHECKSUM.match(plain):
        if found[1] == b"1":
            return NOTHING_SAID
        return refused("checksum_invalid" if found[1] == b"0" else "checksum_requested")
    return damaged()


def _status(code: str) -> Reading:
    if code == "00":
        return NOTHING_SAID
    error = _STATUS_ERRORS.get(code, "general_error")
    return refused(error, stable=False if error == "motion" else None)
