"""Scales that are not there: one for the demonstration shop, one that speaks on a pseudo-terminal as a real one would."""

from __future__ import annotations

import os
import select
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from epicerie_desktop.hardware.protocols.toledo_8217 import (
    MOTION,
    NET,
    OVER_CAPACITY,
    UNDER_ZERO,
    WEIGHT_REQUEST,
)
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.settings import SIMULATED, OnReading, OnState, ScaleSettings, ScaleState

_MOVING = Reading(None, False, False, error="motion")
_DISCONNECTED = Reading(None, None, error="disconnected")
_ALWAYS_SET = 0x40


class SimulatedScale:
    """A scale in memory, with the interface of `ScaleThread`: a hand puts things on it, callbacks come at once.

    Callbacks come from the thread that calls `put`, `remove` and the rest; there is no thread of its own.
    """

    def __init__(self, settings: ScaleSettings | None, on_reading: OnReading, on_state: OnState) -> None:
        self._settings = settings or ScaleSettings("simulation", protocol=SIMULATED)
        self._on_reading = on_reading
        self._on_state = on_state
        self._state = ScaleState.STOPPED
        self._current = self._stable(0)

    @property
    def settings(self) -> ScaleSettings:
        """The settings it was made with."""
        return self._settings

    @property
    def state(self) -> ScaleState:
        """The last state announced."""
        return self._state

    def start(self) -> None:
        """Announce itself and what lies on it."""
        self._turn(ScaleState.CONNECTED)
        self._say(self._current)

    def stop(self) -> None:
        """Fall silent; calling it twice is harmless."""
        self._turn(ScaleState.STOPPED)

    on_demand = False

    def ask(self) -> None:
        """Say again what lies on it."""
        self._say(self._current)

    def weigh(self, timeout: float = 1.5) -> Reading:  # noqa: ARG002 - it never waits, a real scale does
        """Return what lies on it now."""
        return self._current if self._state is ScaleState.CONNECTED else _DISCONNECTED

    def put(self, grams: int, *, net: bool = False) -> None:
        """Lay `grams` in all on the plate: it moves, then settles; too heavy or below zero gives no weight."""
        self._settle(self._stable(grams, net=net))

    def remove(self) -> None:
        """Clear the plate."""
        self._settle(self._stable(0))

    def put_moving(self) -> None:
        """Leave something that does not keep still on the plate."""
        self._settle(_MOVING)

    def unplug(self) -> None:
        """Pull the cable out."""
        self._turn(ScaleState.ABSENT)
        self._on_reading(_DISCONNECTED)

    def plug(self) -> None:
        """Put the cable back."""
        self.start()

    def _stable(self, grams: int, *, net: bool = False) -> Reading:
        if grams < 0:
            return Reading(None, None, net, error="under_zero")
        return self._settings.judged(Reading(grams, True, net, unit="kg"))

    def _settle(self, reading: Reading) -> None:
        self._current = _MOVING
        self._say(_MOVING)
        if reading is not _MOVING:
            self._current = reading
            self._say(reading)

    def _say(self, reading: Reading) -> None:
        if self._state is ScaleState.CONNECTED:
            self._on_reading(reading)

    def _turn(self, state: ScaleState) -> None:
        if self._state is not state:
            self._state = state
            self._on_state(state)


class SimulatedToledo:
    """A Toledo 8217 scale at the far end of a pseudo-terminal (not on Windows).

    `port` is a symbolic link to the terminal, so that a scale which died comes back under the same name, as a USB
    adapter does. `asked` is set by the first request; an answer leaves `delay` seconds after its request. Used as `with SimulatedToledo(folder / "scale") as toledo`.
    """

    def __init__(self, port: Path, *, parity_in_bit_7: bool = False) -> None:
        self.port = str(port)
        self._link = port
        self._parity = parity_in_bit_7
        self._reply: bytes | None = b""
        self._ends: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self._wake = (-1, -1)
        self.asked = threading.Event()
        self.delay = 0.0
        self.put(0)

    def __enter__(self) -> Self:
        self.revive()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.die()

    def put(self, grams: int, *, net: bool = False) -> None:
        """Show `grams`, stable."""
        self._reply = f"\x02{grams // 1000:02d}.{grams % 1000:03d}{'N' if net else ''}\r".encode("ascii")

    def put_moving(self, *, net: bool = False) -> None:
        """Answer that the weight moves."""
        self._status(MOTION | (NET if net else 0))

    def overload(self) -> None:
        """Answer that there is too much on the plate."""
        self._status(OVER_CAPACITY)

    def under_zero(self) -> None:
        """Answer that the plate is lighter than zero."""
        self._status(UNDER_ZERO)

    def babble(self, noise: bytes = b"\x55\x2a" * 60) -> None:
        """Answer with noise."""
        self._reply = noise

    def fall_silent(self) -> None:
        """Answer nothing."""
        self._reply = None

    def send_unasked(self, data: bytes) -> None:
        """Send bytes that nobody asked for, as a late answer would come."""
        if self._ends is not None:
            os.write(self._ends[0], data)

    def free_for_next_opening(self) -> None:
        """Let a seven-bit opening of the same terminal succeed.

        A pseudo-terminal forces eight bits; a second opening that would change nothing else is refused by the system
        with `termios.error`. A different speed left on the line gives it something to change.
        """
        import termios

        if self._ends is not None:
            attributes = termios.tcgetattr(self._ends[1])
            attributes[4] = attributes[5] = termios.B50
            termios.tcsetattr(self._ends[1], termios.TCSANOW, attributes)

    def die(self) -> None:
        """Vanish, as an unplugged adapter does; harmless when already gone."""
        if self._ends is None or self._thread is None:
            return
        os.write(self._wake[1], b"x")
        self._thread.join()
        self._link.unlink(missing_ok=True)
        for end in (*self._ends, *self._wake):
            with suppress(OSError):
                os.close(end)
        self._ends = None

    def revive(self) -> None:
        """Come back under the same name."""
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        self._ends, self._wake = (master, slave), os.pipe()
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(slave))
        self._thread = threading.Thread(target=self._serve, name="simulated-toledo", daemon=True)
        self._thread.start()

    def _status(self, bits: int) -> None:
        self._reply = bytes([0x02, 0x3F, bits | _ALWAYS_SET, 0x0D])

    def _serve(self) -> None:
        assert self._ends is not None
        master = self._ends[0]
        while True:
            ready, _, _ = select.select([master, self._wake[0]], [], [])
            if self._wake[0] in ready:
                return
            for request in os.read(master, 64):
                if request & 0x7F == WEIGHT_REQUEST[0]:
                    self._answer(master)

    def _answer(self, master: int) -> None:
        reply, delay = self._reply, self.delay
        self.asked.set()
        self.free_for_next_opening()
        if delay:
            if select.select([self._wake[0]], [], [], delay)[0]:
                return
            # A scale that is busy does not hear: what was asked meanwhile gets no answer.
            while select.select([master], [], [], 0)[0]:
                os.read(master, 64)
        if reply is not None:
            os.write(master, with_even_parity(reply) if self._parity else reply)


def with_even_parity(data: bytes) -> bytes:
    """Return seven-bit bytes as an even-parity line shows them to an eight-bit setting."""
    return bytes(byte | (0x80 if byte.bit_count() & 1 else 0) for byte in data)
