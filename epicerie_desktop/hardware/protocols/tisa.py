"""TISA (Dibal, Epelsa, Exa): `98 price C` asks, `99 S weight E amount C` answers; C is the XOR of what precedes.

C may be any character (`?`, or even CR with a six-digit price), so frames are told by their length.
"""

from __future__ import annotations

import re
from decimal import Decimal

from epicerie_desktop.hardware.protocols.common import (
    damaged,
    length_end,
    refused,
    weighed,
    without_parity,
    xor_of,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

WEIGHT_REQUEST = b"98000001\r\n"
"""A unit price of zero: the amount is the program's affair, not the scale's."""

_ANSWER_LENGTH = 18
_REQUEST = re.compile(rb"98\d{5,6}(.)\r\n\Z", re.DOTALL)
_ANSWER = re.compile(rb"99([01])(\d{5})([01])(\d{6})(.)\r\n\Z", re.DOTALL)


def parse(frame: bytes) -> Reading:
    """Return the weight, in grams on the wire; a weight marked as wrong shows but is never stable."""
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    found = _ANSWER.match(plain) or _REQUEST.match(plain)
    if found is None:
        return damaged()
    if xor_of(plain[:-3]) != plain[-3]:
        return refused("checksum")
    if plain.startswith(b"98"):
        return NOTHING_SAID
    grams = Decimal(found[2].decode("ascii"))
    kilos = grams / 1000
    if found[1] == b"0":
        return weighed(kilos, "kg", stable=True)
    if not grams:
        return refused("negative_or_error", stable=False, unit="kg")
    return weighed(kilos, "kg", stable=False, error="motion")


def frame_end(received: bytes) -> int | None:
    """Return the length of the answer; its check character may be any one, so only the length tells."""
    return length_end(received, start=b"99", length=_ANSWER_LENGTH)
