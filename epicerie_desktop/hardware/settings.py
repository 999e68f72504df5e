"""What the program must know of a scale before it listens, how quick it asks, and the shape every scale has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from epicerie_desktop.hardware.line_format import LineFormat
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

SIMULATED = "simulated"
USB_HID = "usb_hid_pos_scale"
ANY_HID = "hid"
"""The port of a USB scale that is found by what it is rather than by its name."""
BAUD_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


class ScaleState(Enum):
    """How the line to the scale is doing."""

    STOPPED = "stopped"
    CONNECTED = "connected"
    SILENT = "silent"
    NOISY = "noisy"
    ABSENT = "absent"
    BUSY = "busy"
    FORBIDDEN = "forbidden"
    NO_LIBRARY = "no_library"


USUAL_LINES: dict[str, tuple[int, int, str]] = {
    "toledo_8217": (9600, 7, "E"),
    "nci_ecr": (9600, 7, "E"),
}
"""Bauds, bits and parity that the makers give; `USUAL_LINE` for the others."""
USUAL_LINE = (9600, 8, "N")

OnReading = Callable[[Reading], None]
OnState = Callable[[ScaleState], None]


@dataclass(frozen=True, slots=True)
class ScaleSettings:
    """One scale: its port and line, and the limits written on its plate, in grams.

    `dtr` and `rts` are None to leave the line as the system sets it: some adapters silence the scale while both are
    high. Raises `BadInput` when a value cannot be.
    """

    port: str
    protocol: str = "toledo_8217"
    baud: int = 9600
    bytesize: int = 7
    parity: str = "E"
    stopbits: float = 1
    capacity_grams: int = 15_000
    division_grams: int = 5
    minimum_grams: int = 100
    dtr: bool | None = None
    rts: bool | None = None
    unit: str = ""
    """`kg` or `g` where it was confirmed against a known weight: a reading in the other is refused. Empty: not confirmed."""
    line: LineFormat | None = None
    """For a scale that sends lines of text, how it writes them."""

    def __post_init__(self) -> None:
        if not self.port.strip():
            raise BadInput(N_("Indiquez le port de la balance, par exemple COM3 ou /dev/ttyUSB0."))
        line_is_right = (
            self.baud in BAUD_RATES
            and self.bytesize in {7, 8}
            and self.parity in {"N", "E", "O", "M", "S"}
            and self.stopbits in {1, 1.5, 2}
        )
        if not line_is_right:
            raise BadInput(
                N_(
                    "Réglage de ligne impossible : {baud} bauds, {bytesize}{parity}{stopbits}. "
                    "La plupart des balances emploient 9600 bauds, 7E1 ou 8N1."
                ),
                baud=self.baud,
                bytesize=self.bytesize,
                parity=self.parity,
                stopbits=self.stopbits,
            )
        if not 0 < self.division_grams <= self.capacity_grams or self.minimum_grams < 0:
            raise BadInput(N_("Vérifiez la portée et l'échelon de la balance : ils sont écrits sur sa plaque."))

    def judged(self, reading: Reading) -> Reading:
        """Return the reading as this scale's plate allows it.

        Above the capacity there is no weight left to book. Below the minimum load, or between two divisions, the
        weight stands and a warning goes with it. It is never changed: the weight shown by the scale is the legal one.
        """
        if reading.grams is None or reading.error is not None:
            return reading
        if self.unit and reading.unit in {"kg", "g"} and reading.unit != self.unit:
            return replace(reading, grams=None, exact=None, error="unit_changed")
        if reading.grams > self.capacity_grams:
            return replace(reading, grams=None, exact=None, error="over_capacity")
        shown = reading.grams if reading.exact is None else reading.exact
        if 0 < reading.grams < self.minimum_grams:
            return replace(reading, warning="below_minimum")
        if shown % self.division_grams:
            return replace(reading, warning="off_division")
        return reading


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things last, in seconds: between two requests, without an answer, before a port is opened again."""

    poll: float = 0.2
    silence: float = 1.0
    reopen: float = 3.0
    quiet: float = 0.15


class Scale(Protocol):
    """What the counter needs of a scale, be it real or simulated.

    Callbacks may come from another thread. A loss is always announced: a reading without weight, and a state.
    """

    @property
    def settings(self) -> ScaleSettings:
        """The settings it was made with."""

    @property
    def state(self) -> ScaleState:
        """The last state announced."""

    def start(self) -> None:
        """Begin to listen."""

    def stop(self) -> None:
        """Stop listening; when it returns no callback will come any more."""

    @property
    def on_demand(self) -> bool:
        """Whether it must be asked for each weight rather than over and over."""

    def ask(self) -> None:
        """Have the weight asked for now; the answer comes by the callback. Never waits."""

    def weigh(self, timeout: float = 1.5) -> Reading:
        """Return an answer to a request sent after this call, or a reading without weight after `timeout` seconds."""
