"""CAS: the `ENQ`/`DC1` dialogue (Samsung, ECR, Dibal 4.17 share it) and the 22-byte stream."""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import (
    ACK,
    DC1,
    DC2,
    ENQ,
    NAK,
    NUMBER,
    damaged,
    length_end,
    number,
    refused,
    unit_name,
    weighed,
    xor_of,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

READY_REQUEST, WEIGHT_REQUEST = bytes([ENQ]), bytes([DC1])
_SILENT = frozenset({bytes([ENQ]), bytes([ACK]), bytes([DC1]), bytes([DC2])})
_DC1_LENGTH = 15
_DIBAL_INVALID = b"FFFFFFF"
_OVERFLOW = b"F"
_STREAM = re.compile(rb"(ST|US|OL),(GS|NT),(.)(.),([ -~]{8}) ?([ -~]{2,3})\r\n", re.DOTALL)
_SIGNED = re.compile(rf" *([+-]?) *({NUMBER})")
_STREAM_LENGTH = 22
_LAMP_STABLE = 0x40


def parse_dc1(frame: bytes) -> Reading:
    """Return the weight of `SOH STX STA SIGN W6 UN2 BCC ETX EOT`; nothing at all when the check byte is wrong."""
    if frame in _SILENT:
        return NOTHING_SAID
    if frame == bytes([NAK]):
        return refused("nak")
    if len(frame) != _DC1_LENGTH or frame[:2] != b"\x01\x02" or frame[13:] != b"\x03\x04":
        return damaged()
    body, check = frame[2:12], frame[12]
    if xor_of(body) != check:
        return refused("checksum")
    status, sign, unit = body[0:1], body[1:2], body[8:10].decode("latin-1")
    if body[1:8] == _DIBAL_INVALID:
        return refused("invalid_weight", unit=unit_name(unit))
    if sign == _OVERFLOW and status in {b"S", b"U"}:
        return refused("overload", stable=status == b"S", unit=unit_name(unit))
    if status not in {b"S", b"U"}:
        return refused("overload" if status == b"O" else "invalid_weight", unit=unit_name(unit))
    found = re.fullmatch(rf" *({NUMBER}) *", body[2:8].decode("latin-1"))
    if found is None or sign not in {b" ", b"-", b"+"}:
        return refused("invalid_weight", stable=status == b"S", unit=unit_name(unit))
    signed = number(found[1]) * (-1 if sign == b"-" else 1)
    return weighed(signed, unit, stable=status == b"S", negative_error="below_zero")


def parse_stream(frame: bytes) -> Reading:
    """Return the weight of a 22-byte line; header and lamp byte must both say that it is stable."""
    if len(frame) != _STREAM_LENGTH:
        return damaged()
    found = _STREAM.fullmatch(frame)
    if found is None:
        return damaged()
    header, mode, _, lamp, raw, raw_unit = found.groups()
    net, unit = mode == b"NT", raw_unit.decode("ascii")
    if header == b"OL":
        return refused("overload", net=net, unit=unit_name(unit))
    stable = header == b"ST" and bool(lamp[0] & _LAMP_STABLE)
    value = _SIGNED.fullmatch(raw.decode("ascii"))
    if value is None:
        return refused("no_weight", stable=stable, net=net, unit=unit_name(unit))
    signed = number(value[2]) * (-1 if value[1] == "-" else 1)
    return weighed(signed, unit, stable=stable, net=net)


def frame_end(received: bytes) -> int | None:
    """Return the length of the answer: one byte for a yes or a no, else fifteen, whatever the check byte is."""
    if received[:1] in {bytes([ACK]), bytes([NAK])}:
        return 1
    return length_end(received, start=b"\x01\x02", length=_DC1_LENGTH) if received else None
