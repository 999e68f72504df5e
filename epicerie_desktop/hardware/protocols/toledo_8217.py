"""Toledo 8217: `W` asks, the scale answers `STX 01.250 [N] CR` or, without a weight, `STX ? status CR`.

No unit is sent: three decimals are kilos, two are pounds (METTLER DIVA service manual, command W).
"""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import damaged, number, refused, weighed, without_parity
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

WEIGHT_REQUEST = b"W"
_REQUESTS = frozenset({WEIGHT_REQUEST, b"Ehello", b"F", b"\x02E\rhello"})
_WEIGHT = re.compile(rb"\x02 *(\d{1,4}[.,](\d{2,3}))(N?)\r\Z")
_STATUS_LENGTH = 4
_UNITS = {3: "kg", 2: "lb"}

MOTION, OVER_CAPACITY, UNDER_ZERO, NET = 0x01, 0x02, 0x04, 0x20


def parse(frame: bytes) -> Reading:
    """Return the weight of a weight frame, or no weight at all with the reason told by a status frame."""
    if frame in _REQUESTS:
        return NOTHING_SAID
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    start = plain.find(b"\x02")
    if start < 0:
        return damaged()
    plain = plain[start:]
    if plain[1:2] == b"?":
        return _status(plain)
    found = _WEIGHT.match(plain)
    if found is None:
        return damaged()
    return weighed(number(found[1].decode("ascii")), _UNITS[len(found[2])], stable=True, net=found[3] == b"N")


def _status(plain: bytes) -> Reading:
    """Return why there is no weight.

    Only bits 0 to 2 decide. Makers disagree on bit 6 (always set, or "bad command"), so it proves nothing. A status of
    0Dh looks like the end of the frame: `STX ? CR` alone is read as that status.
    """
    if plain != b"\x02?\r" and (len(plain) != _STATUS_LENGTH or not plain.endswith(b"\r")):
        return damaged()
    status = plain[2]
    net = bool(status & NET)
    stable = False if status & MOTION else None
    if status & OVER_CAPACITY:
        return refused("over_capacity", stable=stable, net=net)
    if status & UNDER_ZERO:
        return refused("under_zero", stable=stable, net=net)
    return refused("motion" if status & MOTION else "no_weight", stable=stable, net=net)


def frame_end(received: bytes) -> int | None:
    """Return the length of the first whole frame in what was received, None while it is not whole.

    A weight ends at CR; a status is four bytes long, whatever its third byte is.
    """
    plain = bytes(byte & 0x7F for byte in received)
    start = plain.find(b"\x02")
    if start >= 0 and plain[start + 1 : start + 2] == b"?":
        end = start + _STATUS_LENGTH
        return end if len(plain) >= end else None
    end = plain.find(b"\r", max(start, 0))
    return end + 1 if end >= 0 else None
