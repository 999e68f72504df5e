"""The family of lines that are a value with its unit: OHAUS, Sartorius, KERN `rE CR`, Adam, and `P     46.5`.

They differ in what tells a stable weight: a `?` after it (OHAUS), a blank unit (Sartorius, KERN), or nothing at all
(Adam, `P`), whose readings show but are never booked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from epicerie_desktop.hardware.protocols.common import (
    NUMBER,
    as_tare,
    damaged,
    number,
    pieces,
    refused,
    text_line,
    unit_name,
    weighed,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

_LINE = re.compile(
    r" *(?:(?P<before>NET|G#|[GNTP]|Qnt) +|(?P<glued>P) *)?"
    rf"(?P<sign>[+-]?) *(?P<digits>{NUMBER}) *"
    r"(?P<unit>(?![GNT](?: |$)|NET|B/G)[A-Za-z]{1,3}|) *"
    r"(?P<unsure>\??) *(?P<after>NET|B/G|[GNT]|) *"
    r"(?:\d\d:\d\d:\d\d *)?"
)
_UNVERIFIED = re.compile(r"(?<=[\d.,])\[(\d)\](?= )")
"""Sartorius puts in brackets the last digit of a display finer than what was verified; the weight shown is with it."""
_WORDS = (
    (re.compile(r"\b(high|ol|over)\b|^(?:Stat)? *HH? *$", re.IGNORECASE), "overload"),
    (re.compile(r"\b(low|ul|under)\b|^(?:Stat)? *LL? *$", re.IGNORECASE), "underload"),
    (re.compile(r"^(?:Stat)? *(?:C|Cal\.(?:Ext|Int)\.) *$"), "needs_calibration"),
    (re.compile(r"^(?:Stat)? *-- *$"), "no_weight"),
    (re.compile(r"\berr(or)?\b", re.IGNORECASE), "device_error"),
)
_OHAUS_REQUESTS = frozenset({b"P\r\n", b"IP\r\n", b"SP\r\n", b"CP\r\n", b"0S\r\n", b"1S\r\n", b"PSI\r\n"})
_ADAM_REQUESTS = frozenset({b"P\r\n", b"G\r\n", b"N\r\n", b"T\r\n"})
_SARTORIUS_REQUESTS = frozenset({b"\x1bP", b"\x1bT", b"\x1bP\r\n", b"\x1bT\r\n"})
_KERN_REQUESTS = frozenset({b"s", b"w", b"t", b"s\r\n", b"w\r\n", b"t\r\n"})
_NET_MARKS = {"N": True, "NET": True, "G": False, "G#": False, "B/G": False}


def parse_ohaus(frame: bytes) -> Reading:
    """Return the weight of an OHAUS print line: unstable when a `?` follows the unit."""
    return NOTHING_SAID if frame in _OHAUS_REQUESTS else _parse(frame, tells_stable=True)


def parse_adam(frame: bytes) -> Reading:
    """Return the weight of an Adam line, which never tells whether it is stable."""
    return NOTHING_SAID if frame in _ADAM_REQUESTS else _parse(frame, tells_stable=False)


def parse_sartorius(frame: bytes) -> Reading:
    """Return the weight of a Sartorius SBI line: the unit is left blank while the weight moves."""
    if frame in _SARTORIUS_REQUESTS:
        return NOTHING_SAID
    return _parse(frame, tells_stable=True, blank_unit_moves=True)


def parse_kern(frame: bytes) -> Reading:
    """Return the weight of a KERN `rE CR` line: the unit is left blank while the weight moves."""
    if frame in _KERN_REQUESTS:
        return NOTHING_SAID
    return _parse(frame, tells_stable=True, blank_unit_moves=True)


def parse_line(frame: bytes, *, unit_absent: str = "", marked: bool = False, blank_unit_moves: bool = False) -> Reading:
    """Return the weight of a line of unknown make, as its settings say.

    `marked`: the scale tells a weight that moves, by a `?` or a blank unit, so that a line without the sign is stable.
    Otherwise nothing is known, but that a `?` says that it moves.
    """
    line = text_line(frame)
    found = _LINE.fullmatch(line) if line is not None else None
    if found is None:
        return damaged() if line is None else _words(line)
    stable = False if found["unsure"] else True if marked else None
    if not found["unit"] and unit_absent:
        reading = weighed(_signed(found), unit_absent, stable=stable, net=_net(found))
        return as_tare(reading) if "T" in (found["before"], found["after"]) else reading
    reading = _parse(frame, tells_stable=marked, blank_unit_moves=blank_unit_moves)
    return replace(reading, stable=stable) if reading.grams is not None else reading


def parse_p(frame: bytes) -> Reading:
    """Return the weight of a `P     46.5` line: kilos by custom, neither unit nor stability is told."""
    line = text_line(frame)
    found = _LINE.fullmatch(line) if line is not None else None
    if found is None or "P" not in (found["before"], found["glued"]):
        return damaged()
    if found["unit"]:
        return weighed(_signed(found), found["unit"], stable=None, net=_net(found))
    return replace(weighed(_signed(found), "kg", stable=None, net=_net(found)), unit=None)


def _parse(frame: bytes, *, tells_stable: bool, blank_unit_moves: bool = False) -> Reading:
    line = text_line(frame)
    if line is None:
        return damaged()
    found = _LINE.fullmatch(_UNVERIFIED.sub(r"\1", line))
    if found is None:
        return _words(line)
    stable = not found["unsure"] if tells_stable else None
    net, value = _net(found), _signed(found)
    if found["before"] == "Qnt" or unit_name(found["unit"]) == "pcs":
        return pieces(int(value), net=net)
    if not found["unit"] and blank_unit_moves:
        return replace(refused("unstable_unit_blank", stable=False, net=net), value=value)
    if not found["unit"]:
        return replace(refused("unknown_unit", net=net), value=value)
    reading = weighed(value, found["unit"], stable=stable, net=net)
    return as_tare(reading) if "T" in (found["before"], found["after"]) else reading


def _words(line: str) -> Reading:
    """Return what a line without a number says: too much, too little, out of order, or nothing that is whole."""
    for pattern, error in _WORDS:
        if pattern.search(line):
            return refused(error)
    return damaged()


def _signed(found: re.Match[str]) -> Decimal:
    return number(found["digits"]) * (-1 if found["sign"] == "-" else 1)


def _net(found: re.Match[str]) -> bool | None:
    return _NET_MARKS.get(found["after"] or found["before"] or "")
