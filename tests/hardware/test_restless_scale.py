"""A scale on a real line that does all a bad scale can, in any order: only what truly lies still on it is ever booked."""

from __future__ import annotations

import os
import random
import select
import sys
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from epicerie_desktop.hardware.line_format import HEADER_LINE
from epicerie_desktop.hardware.scale import Pace, ScaleSettings, ScaleState, ScaleThread, open_port
from epicerie_desktop.hardware.sentences import reading_sentence
from epicerie_desktop.hardware.simulated import with_even_parity
from tests.hardware.test_dialogues import MOVING, NOISE, SILENCE, TOO_MUCH, Plate, cas, header, sics
from tests.hardware.test_finding import toledo
from tests.hardware.test_scale_thread import PATIENCE, Heard, pseudo_terminals

pytestmark = pytest.mark.skipif(sys.platform == "win32" or not pseudo_terminals(), reason="pas de pseudo-terminal ici")
QUICK = Pace(poll=0.005, silence=0.12, reopen=0.02, quiet=0.02)
STILL, SLOW, NEGATIVE, HALF, FLIPPED, OTHER_SPEED, GLUED, UNPLUGGED, CUT_OFF = (
    "still", "slow", "negative", "half", "flipped", "other speed", "glued", "unplugged", "cut off",
)  # fmt: skip
STEADY = (STILL, SLOW)
UNSURE = (MOVING, TOO_MUCH, NEGATIVE, SILENCE, NOISE, HALF, FLIPPED, OTHER_SPEED, GLUED, UNPLUGGED, CUT_OFF)


def toledo_with_parity(asked, load):
    """Return what a seven-bit scale says, as a line set to eight bits hears it: its parity bit tells a flipped bit."""
    status = {MOVING: b"\x02?A\r", TOO_MUCH: b"\x02?B\r"}.get(load)
    said = status or (b"\x02?D\r" if load == NEGATIVE else toledo(asked, load))
    return said and with_even_parity(said)


def negative_too(answers: Callable[[bytes, int | str], bytes | None], below: bytes):
    return lambda asked, load: (answers(asked, 0) and below) if load == NEGATIVE else answers(asked, load)


MAKES = {
    "toledo_8217": (toledo_with_parity, False, {"bytesize": 8, "parity": "N"}),
    "cas_dc1": (negative_too(cas, b"\x01\x02S-00.035kgi\x03\x04"), False, {"bytesize": 8, "parity": "N"}),
    "mt_sics": (negative_too(sics, b"S S     -0.035 kg\r\n"), False, {"bytesize": 8, "parity": "N"}),
    HEADER_LINE: (negative_too(header, b"ST,GS,-   0.035kg\r\n"), True, {"bytesize": 8, "parity": "N"}),
}
CHECKED = ("toledo_8217", "cas_dc1")
"""The lines on which one flipped bit shows; on the others only the electronics of the line can tell."""


class Restless(Plate):
    """`mood` is what the scale does with the frame of what lies on it."""

    def __init__(self, port, answers, *, stream: bool, seed: int):
        super().__init__(port, answers, stream=stream)
        self.mood, self.chance = STILL, random.Random(seed)

    def _serve(self):
        master = self._ends[0]
        while True:
            ready, _, _ = select.select([master, self._wake[0]], [], [], 0.005)
            if self._wake[0] in ready:
                return
            self.free_for_next_opening()
            asked = os.read(master, 64) if master in ready else b""
            if asked or (self._stream and select.select([], [master], [], 0)[1]):
                for part in self._spoilt(asked):
                    os.write(master, part)
                    select.select([self._wake[0]], [], [], 0.01 if self.mood == SLOW else 0)

    def _spoilt(self, asked: bytes) -> list[bytes]:
        mood, grams = self.mood, self.load
        frame = self._answers(asked, mood if mood in (MOVING, TOO_MUCH, NEGATIVE) else grams)
        if not frame or mood == SILENCE:
            return []
        middle = len(frame) // 2
        if mood in (HALF, CUT_OFF):
            return [frame[:middle]] if len(frame) > 1 else [frame]
        if mood == SLOW:
            return [frame[:middle], frame[middle:]]
        if mood == GLUED and len(frame) > 1:
            return [frame + frame[:middle]]
        if mood == FLIPPED and len(frame) > 1:
            at = self.chance.randrange(len(frame))
            return [frame[:at] + bytes([frame[at] ^ 1 << self.chance.randrange(8)]) + frame[at + 1 :]]
        if mood in (NOISE, OTHER_SPEED):
            signs = (0x55, 0x2A, 0x00, 0x7F) if mood == NOISE else range(0x80, 0x100)
            return [bytes(self.chance.choice(signs) for _n in range(self.chance.randrange(1, 90)))]
        return [frame]


def moods_of(protocol: str, chance: random.Random, rounds: int) -> list[str]:
    unsure = [m for m in UNSURE if not (m == FLIPPED and protocol not in CHECKED)]
    # A stream has no end: what is glued to a frame is the beginning of the next one.
    unsure = [m for m in unsure if not (m == GLUED and MAKES[protocol][1])]
    every = [m for _n in range(rounds) for m in chance.sample(unsure, len(unsure))]
    return [mood for sad in every for mood in (sad, chance.choice(STEADY))]


@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.campaign)], ids=["short", "long"])
@pytest.mark.parametrize("protocol", MAKES)
def test_only_what_lies_still_is_booked_and_the_line_heals_by_itself(tmp_path, protocol, rounds):
    answers, stream, line = MAKES[protocol]
    chance, heard = random.Random(f"{protocol}{rounds}"), Heard()
    steady: set[int] = set()
    with Restless(tmp_path / "scale", answers, stream=stream, seed=rounds) as plate:
        plate.load = 640
        steady.add(640)
        thread = ScaleThread(
            ScaleSettings(plate.port, protocol=protocol, **line), heard.reading, heard.state, pace=QUICK
        )
        thread.start()
        try:
            for mood in moods_of(protocol, chance, rounds):
                if mood in STEADY:
                    plate.load = chance.randrange(200, 14_999, 5)
                    steady.add(plate.load)
                    plate.mood = mood
                    plate.revive() if plate._ends is None else None
                    settled(thread, plate.load)
                    continue
                plate.mood = mood
                if mood in (UNPLUGGED, CUT_OFF):
                    thread.weigh(QUICK.silence)
                    plate.die()
                    heard.wait_state(ScaleState.ABSENT)
                reading = thread.weigh(PATIENCE)
                assert not reading.bookable, (mood, reading)
                assert reading_sentence(reading), (mood, reading)
        finally:
            thread.stop()
    assert {r.grams for r in heard.readings if r.bookable} <= steady


def settled(thread: ScaleThread, grams: int) -> None:
    """Ask until the weight may be booked: nobody touches the cable, the program or the settings."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        reading = thread.weigh(PATIENCE)
        if reading.bookable:
            assert reading.grams == grams
            return
    raise AssertionError((grams, reading, thread.state))


def test_a_line_with_parity_asks_the_system_to_spoil_the_bytes_it_finds_wrong(tmp_path):
    import termios

    with Plate(tmp_path / "scale", sics) as plate:
        for parity, wanted in (("E", True), ("N", False)):
            plate.free_for_next_opening()
            settings = ScaleSettings(plate.port, bytesize=7 if wanted else 8, parity=parity)
            with closing(open_port(settings, QUICK)) as port:
                asked = termios.tcgetattr(port.fd)[0]
            assert bool(asked & termios.INPCK) is wanted
            assert not asked & (termios.IGNPAR | termios.PARMRK)
