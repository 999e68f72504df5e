"""Finds which scale is on which port, without a byte that could act: it listens first, then only asks for a weight.

Some scales take `T` for a tare, `Z` for zero, `P` for a print: none of these is ever sent. `Ehello` has a Toledo 8217 echo, and
`F` ends it. Everything else is a request for a weight, as the makers write it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from epicerie_desktop.hardware.dialogues import DIALOGUES
from epicerie_desktop.hardware.line_format import (
    BLANK_UNIT,
    HEADER_LINE,
    MARK,
    UNTOLD,
    VALUE_LINE,
    LineFormat,
)
from epicerie_desktop.hardware.protocols import decode
from epicerie_desktop.hardware.protocols.common import line_end, text_line
from epicerie_desktop.hardware.reading import NOTHING_SAID, Reading
from epicerie_desktop.hardware.scale import PORT_TROUBLES, Pace, open_port
from epicerie_desktop.hardware.settings import ScaleSettings

if TYPE_CHECKING:
    from serial import Serial

_T = TypeVar("_T")

SPEEDS = (9600, 4800, 2400, 19200, 1200)
_ECHO, _END_ECHO, _ECHOED = b"Ehello", b"F", b"hello"
_NOT_WHOLE = frozenset({"incomplete_frame", "checksum", "parity", "not_a_weight_report", "unknown_command"})
_AT_MOST = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A scale that answered: the settings to speak with it, and what it said."""

    settings: ScaleSettings
    reading: Reading
    streams: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    protocol: str
    bytesize: int
    parity: str


# After the echo, the order of the commonest; each is the request of the protocol's own dialogue.
_QUESTIONS = (
    _Question("toledo_8217", 7, "E"),
    _Question("nci_ecr", 7, "E"),
    _Question("cas_dc1", 8, "N"),
    _Question("tisa", 8, "N"),
    _Question("mt_sics", 8, "N"),
    _Question("gram_pc0", 8, "N"),
)


def requests_sent() -> tuple[bytes, ...]:
    """Return all that a search may ever send."""
    asked = (step.request for q in _QUESTIONS for step in DIALOGUES[q.protocol].steps)
    return (_ECHO, _END_ECHO, *asked)


def find_on(
    ports: Iterable[str],
    *,
    pace: Pace | None = None,
    tell: Callable[[str], None] = lambda _port: None,
    given_up: threading.Event | None = None,
) -> tuple[Found, ...]:
    """Return the scale found on each of `ports` that has one; `tell` hears each port before it is tried.

    A port that is absent, held by another program or refused is passed over. Setting `given_up` ends the search early.
    """
    search = _Search(pace or Pace(), given_up or threading.Event())
    found = []
    for port in ports:
        if search.given_up.is_set():
            break
        tell(port)
        heard = search.listen(port) or search.question(port)
        if heard is not None:
            found.append(heard)
    return tuple(found)


def recognise(heard: bytes) -> tuple[str, LineFormat, Reading] | None:
    """Return the protocol, the format and the last reading of what a scale sent unasked; None when it is no known stream."""
    end = next((e for e in (b"\n", b"\r") if heard.count(e) > 1), None)
    if end is None:
        return None
    _, *whole = _frames(heard, end)
    for protocol in ("cas_22", HEADER_LINE):
        readings = [decode("cas_22" if protocol == "cas_22" else "kern_st_gs", line) for line in whole]
        if any(_said(r) for r in readings):
            return protocol, LineFormat(end=end), next(r for r in reversed(readings) if _said(r))
    line = LineFormat(end=end, stability=guess_stability(whole))
    readings = [line.read(VALUE_LINE, one) for one in whole]
    known = [r for r in readings if r.grams is not None or r.value is not None]
    return (VALUE_LINE, line, known[-1]) if known else None


def guess_stability(lines: Iterable[bytes]) -> str:
    """Return how these lines tell a weight that moves: by a `?`, by a blank unit, or `UNTOLD` where none of them shows it."""
    texts = [text for text in map(text_line, lines) if text]
    if any("?" in text for text in texts):
        return MARK
    with_unit = [any(sign.isalpha() for sign in text) for text in texts]
    return BLANK_UNIT if any(with_unit) and not all(with_unit) else UNTOLD


class Match(Enum):
    """How a reading compares with a weight that is known."""

    SAME = "same"
    GRAMS_FOR_KILOS = "grams_for_kilos"
    KILOS_FOR_GRAMS = "kilos_for_grams"
    DIFFERENT = "different"


def compare(known_grams: int, reading: Reading, division_grams: int = 5) -> Match:
    """Return whether a scale says the weight that lies on it, to two divisions and a fiftieth (a pack and its wrapping)."""
    said = reading.exact if reading.exact is not None else reading.grams
    if said is None:
        return Match.DIFFERENT

    def near(weight: float) -> bool:
        return abs(weight - known_grams) <= max(2 * division_grams, known_grams / 50)

    if near(float(said)):
        return Match.SAME
    if near(float(said) / 1000):
        return Match.GRAMS_FOR_KILOS
    return Match.KILOS_FOR_GRAMS if near(float(said) * 1000) else Match.DIFFERENT


def corrected(settings: ScaleSettings, match: Match, unit: str | None) -> ScaleSettings | None:
    """Return the settings that make the scale say the known weight, None where only the scale itself can be changed.

    A line that names no unit is read in the other one; a unit named by the scale is believed.
    """
    if match is Match.SAME:
        return replace(settings, unit=unit if unit in {"kg", "g"} else "")
    line = settings.line
    if line is None or not line.unit_absent or match is Match.DIFFERENT:
        return None
    other = "g" if match is Match.GRAMS_FOR_KILOS else "kg"
    return replace(settings, line=replace(line, unit_absent=other), unit=other)


class _Search:
    def __init__(self, pace: Pace, given_up: threading.Event) -> None:
        self._pace, self.given_up = pace, given_up

    def listen(self, port: str) -> Found | None:
        """Return the scale that speaks unasked, its speed found by what makes sense; nothing is sent."""
        for speed in SPEEDS:
            settings = ScaleSettings(port, protocol=HEADER_LINE, baud=speed, bytesize=8, parity="N")
            heard = self._with(settings, lambda line: self._hear(line, 1.5 * self._pace.silence))
            if not heard:
                return None
            known = recognise(heard)
            if known is not None:
                protocol, line, reading = known
                if not reading.unit and reading.error == "unknown_unit":
                    line = replace(line, unit_absent="kg")
                return Found(replace(settings, protocol=protocol, line=line), reading, streams=True)
        return None

    def question(self, port: str) -> Found | None:
        """Return the scale that answers a question."""
        if self._with(ScaleSettings(port), self._echoes):
            told = self._asked(port, _QUESTIONS[0])
            return told or Found(ScaleSettings(port), NOTHING_SAID)
        for question in _QUESTIONS:
            found = None if self.given_up.is_set() else self._asked(port, question)
            if found is not None:
                return found
        return None

    def _asked(self, port: str, question: _Question) -> Found | None:
        settings = ScaleSettings(
            port, protocol=question.protocol, bytesize=question.bytesize, parity=question.parity
        )  # fmt: skip
        reading = self._with(settings, lambda line: self._converse(line, question.protocol))
        return None if reading is None else Found(settings, reading)

    def _with(self, settings: ScaleSettings, job: Callable[[Serial], _T]) -> _T | None:
        try:
            port = open_port(settings, self._pace)
        except PORT_TROUBLES:
            return None
        try:
            return job(port)
        except PORT_TROUBLES:
            return None
        finally:
            with suppress(*PORT_TROUBLES):
                port.close()

    def _hear(self, port: Serial, seconds: float, whole: Callable[[bytes], bool] = lambda _heard: False) -> bytes:
        heard = b""
        limit = time.monotonic() + seconds
        while not self.given_up.is_set() and time.monotonic() < limit and len(heard) < _AT_MOST and not whole(heard):
            heard += port.read(max(1, port.in_waiting))
        return heard

    def _echoes(self, port: Serial) -> bool:
        port.reset_input_buffer()
        port.write(_ECHO)
        heard = self._hear(port, self._pace.silence, lambda got: _ECHOED in got)
        echoes = heard.startswith(b"\x02E\r") and _ECHOED in heard
        if echoes:
            port.write(_END_ECHO)
            self._hear(port, self._pace.quiet)
        return echoes

    def _converse(self, port: Serial, protocol: str) -> Reading | None:
        reading: Reading | None = None
        for step in DIALOGUES[protocol].steps:
            port.reset_input_buffer()
            port.write(step.request)

            def whole(got: bytes, end: Callable[[bytes], int | None] = step.frame_end) -> bool:
                return end(got) is not None

            heard = self._hear(port, self._pace.silence, whole)
            if step.frame_end(heard) != len(heard) or not heard:
                return None
            reading = decode(protocol, heard)
            if reading.error in _NOT_WHOLE:
                return None
            if reading.error is not None:
                break
        return reading


def _frames(heard: bytes, end: bytes) -> list[bytes]:
    frames = []
    while (length := line_end(heard, end=end)) is not None:
        frames.append(heard[:length])
        heard = heard[length:]
    return frames


def _said(reading: Reading) -> bool:
    return reading.error not in _NOT_WHOLE and reading != NOTHING_SAID
