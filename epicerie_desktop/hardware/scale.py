"""The thread that asks a real scale for its weight, over and over, and heals by itself.

It knows neither database nor window: it calls `on_reading` and `on_state` from its own thread.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from epicerie_desktop.hardware.dialogues import Dialogue, Step, dialogue_for
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.settings import (
    SIMULATED,
    USB_HID,
    OnReading,
    OnState,
    Pace,
    Scale,
    ScaleSettings,
    ScaleState,
)

if TYPE_CHECKING:
    from serial import Serial

__all__ = ["Pace", "PortFound", "Scale", "ScaleSettings", "ScaleState", "ScaleThread", "make_scale", "ports_found"]

_log = logging.getLogger(__name__)

FRAME_CAP = 64
_READ_SLICE = 0.05
_GARBLED = frozenset({"incomplete_frame", "checksum", "parity"})
_CLOSED = frozenset({ScaleState.ABSENT, ScaleState.BUSY, ScaleState.FORBIDDEN, ScaleState.NO_LIBRARY})
_NO_REPLY = Reading(None, None, error="no_reply")
_NOISE = Reading(None, None, error="incomplete_frame")
_DISCONNECTED = Reading(None, None, error="disconnected")

try:
    from termios import error as _termios_error

    PORT_TROUBLES: tuple[type[Exception], ...] = (OSError, _termios_error)
except ImportError:  # Windows has no termios
    PORT_TROUBLES = (OSError,)


class ScaleThread(threading.Thread):
    """Asks the scale about five times a second and calls back with every answer.

    Each answer gives one `on_reading`, each change of the line one `on_state`. A silence, noise or an unplugged cable
    gives a reading without weight, so that no earlier weight can stay on a screen. After a trouble with the port it is
    opened again every `pace.reopen` seconds.
    """

    def __init__(
        self,
        settings: ScaleSettings,
        on_reading: OnReading,
        on_state: OnState,
        *,
        pace: Pace | None = None,
        dialogue: Dialogue | None = None,
    ) -> None:
        """Raise `BadInput` when the program cannot speak the protocol of the settings."""
        super().__init__(name="scale", daemon=True)
        self._settings = settings
        self._dialogue = dialogue or dialogue_for(settings.protocol, settings.line)
        self._pace = pace or Pace()
        self._on_reading = on_reading
        self._on_state = on_state
        self._ended = threading.Event()
        self._hurry = threading.Event()
        self._news = threading.Condition()
        self._state = ScaleState.STOPPED
        self._asked = 0
        self._answered = 0
        self._last = _DISCONNECTED
        self._accepted: Reading | None = None

    @property
    def on_demand(self) -> bool:
        """Whether it must be asked for each weight rather than over and over."""
        return self._dialogue.on_demand

    def ask(self) -> None:
        """Have the weight asked for now; the answer comes by the callback. Never waits."""
        self._hurry.set()

    @property
    def settings(self) -> ScaleSettings:
        """The settings it was made with."""
        return self._settings

    @property
    def state(self) -> ScaleState:
        """The last state announced."""
        return self._state

    def stop(self) -> None:
        """Stop and wait for the thread to end (some hundredths of a second); calling it twice is harmless."""
        self._ended.set()
        self._hurry.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()

    def weigh(self, timeout: float = 1.5) -> Reading:
        """Return the answer to a request sent after this call; without weight if none comes in `timeout` seconds."""
        with self._news:
            wanted = self._asked + 1
            self._hurry.set()
            self._news.wait_for(lambda: self._answered >= wanted or self._out_of_reach(), timeout)
            if self._answered >= wanted:
                return self._last
            return _DISCONNECTED if self._out_of_reach() else _NO_REPLY

    def run(self) -> None:
        """Open, ask, and open again after a trouble, until `stop`."""
        try:
            while not self._ended.is_set():
                self._one_connection()
                self._ended.wait(self._pace.reopen)
        finally:
            self._tell_state(ScaleState.STOPPED)

    def _out_of_reach(self) -> bool:
        return self._state in _CLOSED or self._ended.is_set() or not self.is_alive()

    def _one_connection(self) -> None:
        port: Serial | None = None
        greeted = not self.on_demand
        try:
            while not self._ended.is_set():
                began = time.monotonic()
                # Callbacks stay out of this `try`: an OSError of theirs is no trouble of the port.
                try:
                    port = port or self._open()
                    state, reading = self._ask(port) if greeted else (ScaleState.CONNECTED, None)
                    greeted = True
                except PORT_TROUBLES as trouble:
                    self._tell_lost(self._state_after(trouble))
                    return
                if self._ended.is_set():
                    return
                if reading is None:
                    self._tell_state(state)
                else:
                    self._tell_answer(state, reading)
                if not self.on_demand:
                    self._hurry.wait(max(0.0, began + self._pace.poll - time.monotonic()))
                    self._hurry.clear()
        finally:
            if port is not None:
                with suppress(*PORT_TROUBLES):
                    port.close()

    def _state_after(self, trouble: Exception) -> ScaleState:
        return state_after(trouble)

    def _wait_for_demand(self, port: Serial) -> None:
        """Wait until somebody asks, watching that the cable stays in its place."""
        while not self._hurry.wait(self._pace.poll):
            _ = port.in_waiting
        self._hurry.clear()

    def _open(self) -> Serial:
        return open_port(self._settings, self._pace)

    def _ask(self, port: Serial) -> tuple[ScaleState, Reading | None]:
        if self.on_demand:
            self._wait_for_demand(port)
        if self._state in {ScaleState.SILENT, ScaleState.NOISY}:
            self._drain(port)
        # What lies in the buffer was weighed before this request: it may be the article before.
        port.reset_input_buffer()
        with self._news:
            self._asked += 1
        reading = self._settings.judged(self._converse(port))
        reading = self._dialogue.follows(self._accepted, reading)
        if reading.bookable:
            self._accepted = reading
        if reading is _NO_REPLY:
            return ScaleState.SILENT, reading
        if reading.error in _GARBLED:
            return ScaleState.NOISY, reading
        return ScaleState.CONNECTED, reading

    def _converse(self, port: Serial) -> Reading:
        reading = _NO_REPLY
        if self._dialogue.streams:
            received = self._overhear(port, self._dialogue.steps[-1])
            return self._dialogue.decode(received) if received else _NO_REPLY
        for step in self._dialogue.steps:
            port.write(step.request)
            received = self._receive(port, step)
            if not received:
                return _NO_REPLY
            if step.frame_end(received) != len(received):
                return _NOISE
            reading = self._dialogue.decode(received)
            if reading.error is not None:
                break
        return reading

    def _receive(self, port: Serial, step: Step) -> bytes:
        """Return what came until the frame was whole, too long, or `pace.silence` seconds passed."""
        received = b""
        limit = time.monotonic() + self._pace.silence
        while not self._ended.is_set() and time.monotonic() < limit and len(received) <= FRAME_CAP:
            received += port.read(max(1, port.in_waiting))
            if step.frame_end(received) is not None:
                break
        return received

    def _overhear(self, port: Serial, step: Step) -> bytes:
        """Return the first frame that began after this call, of a scale that speaks unasked.

        What is heard up to the first end of a frame began before, or in the midst of one: it is thrown away.
        """
        received, first = b"", True
        limit = time.monotonic() + 2 * self._pace.silence
        while not self._ended.is_set() and time.monotonic() < limit and len(received) <= FRAME_CAP:
            received += port.read(max(1, port.in_waiting))
            end = step.frame_end(received)
            while end is not None:
                if not first:
                    frame: bytes = received[:end]
                    return frame
                received, first = received[end:], False
                end = step.frame_end(received)
        return received

    def _drain(self, port: Serial) -> None:
        """Wait until the line is quiet, so that a late answer is not taken for the next one."""
        limit = time.monotonic() + self._pace.silence + self._pace.quiet
        quiet_since = time.monotonic()
        while not self._ended.is_set() and time.monotonic() < limit:
            if port.read(max(1, port.in_waiting)):
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since >= self._pace.quiet:
                return

    def _tell_state(self, state: ScaleState) -> None:
        with self._news:
            changed, self._state = self._state is not state, state
            self._news.notify_all()
        if changed:
            self._on_state(state)

    def _tell_answer(self, state: ScaleState, reading: Reading) -> None:
        self._tell_state(state)
        with self._news:
            self._answered, self._last = self._asked, reading
            self._news.notify_all()
        self._on_reading(reading)

    def _tell_lost(self, state: ScaleState) -> None:
        self._accepted = None
        if self._state is not state:
            self._tell_state(state)
            self._on_reading(_DISCONNECTED)


def open_port(settings: ScaleSettings, pace: Pace) -> Serial:
    """Open the port of a scale, for this program alone. Raises one of `PORT_TROUBLES`."""
    import serial

    port = serial.Serial()
    port.port, port.baudrate, port.bytesize = settings.port, settings.baud, settings.bytesize
    port.parity, port.stopbits = settings.parity, settings.stopbits
    port.timeout, port.write_timeout = _READ_SLICE, pace.silence
    port.exclusive = True
    if settings.dtr is not None:
        port.dtr = settings.dtr
    if settings.rts is not None:
        port.rts = settings.rts
    port.open()
    if settings.parity != "N":
        _spoil_wrong_bytes(port)
    return port


def _spoil_wrong_bytes(port: Serial) -> None:
    """Have a byte of wrong parity read as zero, which no frame holds: a digit altered on the way makes no other weight.

    The serial library asks the system for the parity, and has it unchecked. Where the system cannot, nothing changes.
    """
    try:
        import termios
    except ImportError:  # Windows has no termios
        return
    with suppress(*PORT_TROUBLES):
        modes = termios.tcgetattr(port.fd)
        modes[0] = modes[0] & ~(termios.IGNPAR | termios.PARMRK) | termios.INPCK
        termios.tcsetattr(port.fd, termios.TCSANOW, modes)


def state_after(trouble: Exception) -> ScaleState:
    """Return what a trouble of the port means for the person: gone, held by another program, or not permitted."""
    code = trouble.errno if isinstance(trouble, OSError) else None
    _log.debug("scale port: %s, errno %s", type(trouble).__name__, code)
    if code in {errno.EAGAIN, errno.EBUSY}:
        return ScaleState.BUSY
    if code in {errno.EACCES, errno.EPERM}:
        return ScaleState.FORBIDDEN
    return ScaleState.ABSENT


@dataclass(frozen=True, slots=True)
class PortFound:
    """A serial port of this machine, and what the system says of it."""

    device: str
    description: str


def ports_found() -> tuple[PortFound, ...]:
    """Return the serial ports the system lists, by name; a path that is not listed may still be typed."""
    from serial.tools import list_ports

    found = (PortFound(port.device, port.description or port.device) for port in list_ports.comports())
    return tuple(sorted(found, key=lambda port: port.device))


def make_scale(settings: ScaleSettings, on_reading: OnReading, on_state: OnState) -> Scale:
    """Return the scale of these settings, not yet started; `SIMULATED` as protocol gives the simulated one."""
    if settings.protocol == SIMULATED:
        from epicerie_desktop.hardware.simulated import SimulatedScale

        return SimulatedScale(settings, on_reading, on_state)
    if settings.protocol == USB_HID:
        from epicerie_desktop.hardware.hid_scale import HidScale

        return HidScale(settings, on_reading, on_state)
    return ScaleThread(settings, on_reading, on_state)
