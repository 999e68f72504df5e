"""The family of lines that open with a status word: `ST,GS,+  1.250kg` (A&D, KERN KFB, T-Scale, Dini Argeo, Excell)."""

from __future__ import annotations

import re

from epicerie_desktop.hardware.protocols.common import (
    NUMBER,
    damaged,
    number,
    pieces,
    refused,
    text_line,
    unit_name,
    weighed,
)
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading

_REQUESTS = frozenset({b"Q\r\n", b"S\r\n", b"SI\r\n", b"SIR\r\n", b"C\r\n", b"READ\r\n", b"R\r\n"})
_LINE = re.compile(
    r" *(?P<status>ST|US|OL|UL|QT)(?:,|(?= ))"
    r"(?:(?P<mode>GS|NT|TR|G|N)(?:,|(?=[ +-])))?"
    r"(?:(?P<third>[A-Za-z0-9]{1,2}|--),)?"
    r" *(?P<sign>[+-]?) *(?P<digits>[0-9.,]*[0-9]|)(?P<power>E[+-]\d{1,2})? *,? *(?P<unit>[A-Za-z]{0,3}|%) *"
)


def parse(frame: bytes) -> Reading:
    """Return the weight of a header line; `ST` alone is stable, overload and pieces give no weight."""
    if frame in _REQUESTS:
        return NOTHING_SAID
    line = text_line(frame)
    found = _LINE.fullmatch(line) if line is not None else None
    if found is None:
        return damaged()
    mode, unit, status = found["mode"], unit_name(found["unit"]), found["status"]
    net = None if mode is None else mode in {"NT", "N"}
    if status in {"OL", "UL"}:
        under = status == "UL" or found["sign"] == "-"
        return refused("underload" if under else "overload", net=net, unit=unit or None)
    if not re.fullmatch(NUMBER, found["digits"]) or found["power"] or mode == "TR":
        return refused("no_weight", stable=status == "ST", net=net, unit=unit or None)
    signed = number(found["digits"]) * (-1 if found["sign"] == "-" else 1)
    if status == "QT" or unit == "pcs":
        return pieces(int(signed), net=net)
    return weighed(signed, unit, stable=status == "ST", net=net)
