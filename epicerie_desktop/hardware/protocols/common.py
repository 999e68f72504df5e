"""What the parsers share: units, the parity bit, lines of text, and the few ways to make a `Reading`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from operator import xor

from epicerie_desktop.hardware.reading import Reading, whole_grams

STX, ETX, EOT, ENQ, ACK, DC1, DC2, NAK, ESC = 0x02, 0x03, 0x04, 0x05, 0x06, 0x11, 0x12, 0x15, 0x1B
CR, LF = 0x0D, 0x0A

GRAMS_PER_UNIT = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "mg": Decimal("0.001"),
    "t": Decimal(1_000_000),
    "ct": Decimal("0.2"),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_IMPERIAL = frozenset({"lb", "oz"})
_UNIT_NAMES = {"lbs": "lb", "pc": "pcs", "pce": "pcs", "kgs": "kg", "gr": "g", "gm": "g"}
_MOST_GRAMS = Decimal(10) ** 9

NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"


def unit_name(raw: str) -> str:
    """Return a unit as everybody here writes it: lower case, no padding, one name for pieces."""
    name = raw.strip(" _").lower()
    return _UNIT_NAMES.get(name, name)


def number(raw: str) -> Decimal:
    """Return the digits of a frame as a decimal; the text must match `NUMBER` once its blanks are removed."""
    return Decimal(raw.strip().replace(",", "."))


def weighed(
    value: Decimal,
    unit: str,
    *,
    stable: bool | None,
    net: bool | None = None,
    error: str | None = None,
    negative_error: str = "negative",
) -> Reading:
    """Return the reading of a number with its unit; an unknown unit or an absurd size gives no weight."""
    name = unit_name(unit)
    factor = GRAMS_PER_UNIT.get(name)
    if name == "pcs":
        return refused("pieces", stable=stable, net=net, unit=name)
    if factor is None:
        return refused("unknown_unit", stable=stable, net=net)
    exact = value * factor
    if abs(exact) > _MOST_GRAMS:
        return refused("over_capacity", stable=stable, net=net, unit=name)
    if name in _IMPERIAL:
        exact = exact.quantize(Decimal("0.01"))
    if exact < 0 and error is None:
        error = negative_error
    return Reading(whole_grams(exact), stable, net, unit=name, error=error, exact=exact)


def refused(error: str, *, stable: bool | None = None, net: bool | None = None, unit: str | None = None) -> Reading:
    """Return a reading without weight, with the code of the reason."""
    return Reading(None, stable, net, unit=unit, error=error)


def damaged() -> Reading:
    """Return the reading of a frame that is cut, glued or garbled."""
    return refused("incomplete_frame")


def pieces(count: int, *, net: bool | None = None) -> Reading:
    """Return the reading of a scale that counts pieces: told, but never a weight."""
    return Reading(None, True, net, unit="pcs", count=count)


def as_tare(reading: Reading) -> Reading:
    """Return a tare value: the weight becomes the tare and there is nothing to book."""
    return replace(reading, grams=None, exact=None, tare_grams=reading.grams)


def xor_of(data: bytes) -> int:
    """Return the exclusive or of all bytes, the block check of several makers."""
    return reduce(xor, data, 0)


def without_parity(frame: bytes) -> bytes | None:
    """Return the frame with bit 7 cleared, None when that bit shows a damaged byte.

    A seven-bit line read with an eight-bit setting keeps its parity in bit 7. It must then be the same parity in every
    byte (even, odd or always set); anything else is noise. With bit 7 clear everywhere there is nothing to check.
    """
    if not any(byte & 0x80 for byte in frame):
        return frame
    parities = {byte.bit_count() & 1 for byte in frame}
    if len(parities) == 1 or all(byte & 0x80 for byte in frame):
        return bytes(byte & 0x7F for byte in frame)
    return None


def line_end(received: bytes, *, end: bytes) -> int | None:
    """Return the length of what was received up to the byte `end`, its parity bit aside; None while it has not come.

    A line that ends with CR and LF is told by its LF; blank lines before the first sign belong to the line.
    """
    plain = bytes(byte & 0x7F for byte in received)
    start = next((i for i, byte in enumerate(plain) if byte not in b"\r\n"), None)
    at = -1 if start is None else plain.find(end, start)
    return at + 1 if at >= 0 else None


def length_end(received: bytes, *, start: bytes, length: int) -> int | None:
    """Return the length of a frame told by its length, counted from its first bytes; None while it is not whole."""
    plain = bytes(byte & 0x7F for byte in received)
    at = max(0, plain.find(start))
    return at + length if len(plain) >= at + length else None


_NOISE = re.compile(r"[^\x20-\x7e]+")
_NOISE_AT_NUMBER = re.compile(r"[0-9.,+-][^\x20-\x7e]|[^\x20-\x7e][0-9.,+-]")


def text_line(frame: bytes) -> str | None:
    """Return the last whole line of a frame, without its end and without line noise; None if there is none.

    A line is whole when CR or LF ends it. Noise that touches the number may have eaten a digit: no line then.
    """
    masked = without_parity(frame)
    text = (frame if masked is None else masked).decode("latin-1")
    text = text.rstrip("\x00\x03\x7f")
    if not text.endswith(("\r", "\n")):
        return None
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if not lines:
        return None
    line = lines[-1].removeprefix("\x02")
    if _NOISE_AT_NUMBER.search(line):
        return None
    return _NOISE.sub("", line)
