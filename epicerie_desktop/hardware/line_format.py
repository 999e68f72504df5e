"""Scales that send a line of text: what the settings must tell of it, since no maker writes it as another does."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from epicerie_desktop.hardware.protocols import header_line, value_line
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

HEADER_LINE, VALUE_LINE = "header_line", "value_line"

UNTOLD, MARK, BLANK_UNIT, ALWAYS = "untold", "mark", "blank_unit", "always"
STABILITIES = (UNTOLD, MARK, BLANK_UNIT, ALWAYS)
"""Nobody said yet; a `?` follows the unit (OHAUS); the unit is left blank (Sartorius, KERN); only stable ones are sent."""

ENDS = {"LF": b"\n", "CR": b"\r", "ETX": b"\x03"}
_ESCAPES = re.compile(r"\\(?:([rnet])|x([0-9A-Fa-f]{2}))")
_NAMED = {"r": "\r", "n": "\n", "e": "\x1b", "t": "\t"}
_MOST_REQUEST = 16
# Bytes that make some scale set its zero, take a tare, or forget its settings: no request for a weight has them alone.
_ACTS = frozenset({"Z", "T", "TA", "TAC", "TI", "ZI", "@", "z", "t", "\x1bT", "\x1bV", "C", "R"})


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How one scale writes its lines.

    `request` asks for a weight (empty: the scale sends by itself). `unit_absent` is the unit of a line that names none,
    empty to refuse such a line. `stability` is how a value line tells a weight that moves, one of `STABILITIES`; until
    somebody says it, the weight shows and is never booked.
    """

    request: bytes = b""
    end: bytes = b"\n"
    unit_absent: str = ""
    stability: str = UNTOLD
    on_demand: bool = False

    def __post_init__(self) -> None:
        if self.unit_absent not in {"", "kg", "g"}:
            raise BadInput(N_("L'unité d'une ligne sans unité est le kilogramme ou le gramme."))
        if self.stability not in STABILITIES:
            raise BadInput(N_("Dites comment la balance signale un poids qui bouge."))
        if self.unit_absent and self.stability == BLANK_UNIT:
            raise BadInput(
                N_("Une unité absente veut dire soit « poids qui bouge », soit une unité sous-entendue : pas les deux.")
            )

    def read(self, style: str, line: bytes) -> Reading:
        """Return what a line of this scale says, in the style `HEADER_LINE` or `VALUE_LINE`."""
        if style == HEADER_LINE:
            return header_line.parse(line)
        found = value_line.parse_line(
            line,
            unit_absent=self.unit_absent,
            marked=self.stability in {MARK, BLANK_UNIT},
            blank_unit_moves=self.stability == BLANK_UNIT,
        )
        if self.stability == ALWAYS and found.stable is None and found.grams is not None and found.error is None:
            return replace(found, stable=True)
        return found


def read_request(typed: str) -> bytes:
    r"""Return the bytes of a request typed as text, `\r`, `\n`, `\e` (ESC) and `\x05` standing for what is not printed.

    Raises `BadInput` for a text that is too long, for a sign that is no byte, or for a request that acts on the scale.
    """
    text = _ESCAPES.sub(lambda m: _NAMED[m[1]] if m[1] else chr(int(m[2], 16)), typed.strip())
    if text.strip("\r\n ") in _ACTS:
        raise BadInput(
            N_("« {typed} » ne demande pas un poids : sur certaines balances, il les met à zéro ou à la tare."),
            typed=typed,
        )
    if len(text) > _MOST_REQUEST or any(ord(sign) > 0x7F for sign in text):
        raise BadInput(
            N_("« {typed} » n'est pas une demande de poids. Écrivez par exemple W, ou P\\r\\n."), typed=typed
        )
    return text.encode("ascii")


def show_request(request: bytes) -> str:
    """Return a request as it is typed, the inverse of `read_request`."""
    named = {value: f"\\{name}" for name, value in _NAMED.items()}
    return "".join(named.get(chr(b), chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}") for b in request)
