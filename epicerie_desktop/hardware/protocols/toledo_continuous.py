"""Toledo continuous output: `STX SWA SWB SWC weight(6) tare(6) CR [check]`, framed by length.

The meaning of SWA and SWB follows the METTLER and KERN manuals; SWC bits 0 to 2 name a unit other than kg or lb and
bit 4 an expanded display. A frame that uses them for anything but grams is refused, not guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from epicerie_desktop.hardware.protocols.common import CR, STX, damaged, refused, weighed, without_parity
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading, whole_grams

_SHORT, _LONG = 17, 18
_REQUESTS = frozenset({b"P", b"T", b"Z", b"C"})
_NET, _NEGATIVE, _OUT_OF_RANGE, _MOTION, _KILOS, _ALWAYS, _POWER_UP = (1 << bit for bit in range(7))
_OTHER_UNITS = {1: "g", 2: "t", 3: "oz"}
_EXPANDED = 0x10


def parse(frame: bytes) -> Reading:
    """Return the weight, and the tare in `tare_grams` when there is one."""
    if frame in _REQUESTS:
        return NOTHING_SAID
    plain = without_parity(frame)
    if plain is None:
        return refused("parity")
    if len(plain) not in {_SHORT, _LONG} or plain[0] != STX or plain[16] != CR:
        return damaged()
    if len(plain) == _LONG and sum(plain) & 0x7F:
        return refused("checksum")
    swa, swb, swc = plain[1:4]
    if not swa & _ALWAYS or not swb & _ALWAYS:
        return damaged()
    stable, net = not swb & _MOTION, bool(swb & _NET)
    unit = _unit(swb, swc)
    if unit is None or swc & _EXPANDED:
        return refused("unknown_unit", stable=stable, net=net)
    if swb & _OUT_OF_RANGE:
        return refused("out_of_range", stable=stable, net=net, unit=unit)
    weight, tare = (_field(field) for field in (plain[4:10], plain[10:16]))
    if weight is None or tare is None:
        return damaged()
    return _weight(weight.scaleb(2 - (swa & 7)), tare.scaleb(2 - (swa & 7)), swb, unit)


def _weight(weight: Decimal, tare: Decimal, swb: int, unit: str) -> Reading:
    error = None
    if swb & _POWER_UP:
        error = "power_up"
    elif swb & _NEGATIVE and weight:
        error = "negative"
    elif swb & _MOTION:
        error = "motion"
    signed = -weight if swb & _NEGATIVE else weight
    reading = weighed(signed, unit, stable=not swb & _MOTION, net=bool(swb & _NET), error=error)
    if not tare or reading.exact is None:
        return reading
    tared = weighed(tare, unit, stable=True)
    return Reading(
        reading.grams,
        reading.stable,
        reading.net,
        tare_grams=None if tared.exact is None else whole_grams(tared.exact),
        unit=reading.unit,
        error=reading.error,
        exact=reading.exact,
    )


def _unit(swb: int, swc: int) -> str | None:
    code = swc & 7
    if code:
        return _OTHER_UNITS.get(code)
    return "kg" if swb & _KILOS else "lb"


def _field(raw: bytes) -> Decimal | None:
    """Return six digits, blanks allowed before them."""
    found = re.fullmatch(rb" *(\d+)", raw)
    return Decimal(found[1].decode("ascii")) if found else None
