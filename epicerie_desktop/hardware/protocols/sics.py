"""MT-SICS and its twin KERN KCP: words separated by blanks, `S S      1.250 kg CR LF`; the padding varies."""

from __future__ import annotations

import re

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

WEIGHT_REQUEST = b"SI\r\n"
_SYNTAX = {"ES": "syntax_error", "ET": "transmission_error", "EL": "logical_error"}
_REFUSALS = {"I": "not_executable", "+": "overload", "-": "underload", "L": "logical_error"}
_WEIGHTS = frozenset({"S", "SI", "SR", "SIR", "SU", "SIU", "SNR"})
_TARES = frozenset({"T", "TI", "TA"})
_REQUEST = re.compile(r"(S|SI|SR|SIR|SU|SIU|SNR|T|TI|TA|TAC|Z|ZI|@|I\d{1,2}|PSI)")
_VALUE = re.compile(rf"([+-]?) ?({NUMBER})")


def parse(frame: bytes) -> Reading:
    """Return the weight of an `S`, `SI`… answer; a tare answer gives a tare, an acknowledgement gives nothing."""
    line = text_line(frame)
    if line is None:
        return damaged()
    head, *rest = line.split() or [""]
    if not rest:
        if head in _SYNTAX:
            return refused(_SYNTAX[head])
        return NOTHING_SAID if _REQUEST.fullmatch(head) else damaged()
    status, *words = rest
    if status in _REFUSALS and not words:
        return refused(_REFUSALS[status])
    if head in _WEIGHTS and status in {"S", "D"}:
        return _value(words, stable=status == "S")
    if head in _TARES and status in {"S", "D", "A"} and words:
        return as_tare(_value(words, stable=status != "D"))
    return NOTHING_SAID if _REQUEST.fullmatch(head) and status in {"A", "B", "S", "D"} else damaged()


def _value(words: list[str], *, stable: bool) -> Reading:
    if len(words) < 2:
        return damaged()
    *digits, unit = words
    found = _VALUE.fullmatch(" ".join(digits))
    if found is None:
        return damaged()
    signed = number(found[2]) * (-1 if found[1] == "-" else 1)
    if unit_name(unit) == "pcs":
        return pieces(int(signed))
    return weighed(signed, unit, stable=stable)
