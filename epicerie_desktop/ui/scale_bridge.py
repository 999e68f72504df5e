"""Brings the readings of the scale's thread to the window's: the scale knows no window, the window no port."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from epicerie_desktop.support.settings import MachineSettings

if TYPE_CHECKING:
    from epicerie_desktop.hardware.settings import ScaleSettings


def scale_settings(machine: MachineSettings) -> ScaleSettings | None:
    """Return what the scale of this machine needs, None where there is none. Raises `BadInput` for what cannot be."""
    if machine.scale == "none":
        return None
    # The window is shown before any scale is looked for.
    from epicerie_desktop.hardware.line_format import ENDS, LineFormat, read_request
    from epicerie_desktop.hardware.settings import ANY_HID, SIMULATED, USB_HID, ScaleSettings

    capacity, division, minimum = (
        machine.scale_capacity_grams,
        machine.scale_division_grams,
        machine.scale_minimum_grams,
    )
    if machine.scale in {"simulated", "usb"}:
        port, protocol = ("simulation", SIMULATED) if machine.scale == "simulated" else (ANY_HID, USB_HID)
        if machine.scale == "usb" and machine.scale_port.startswith(ANY_HID):
            port = machine.scale_port
        return ScaleSettings(
            port, protocol=protocol, capacity_grams=capacity, division_grams=division, minimum_grams=minimum
        )
    line = LineFormat(
        read_request(machine.scale_request), ENDS.get(machine.scale_line_end, b"\n"), machine.scale_unit_absent,
        machine.scale_stability, machine.scale_on_demand,
    )  # fmt: skip
    return ScaleSettings(
        machine.scale_port, protocol=machine.scale_protocol, baud=machine.scale_baud, bytesize=machine.scale_bits,
        parity=machine.scale_parity, stopbits=machine.scale_stop_bits, dtr=_held(machine.scale_dtr),
        rts=_held(machine.scale_rts), unit=machine.scale_unit, line=line, capacity_grams=capacity,
        division_grams=division, minimum_grams=minimum,
    )  # fmt: skip


def machine_with(machine: MachineSettings, found: ScaleSettings) -> MachineSettings:
    """Return the settings of this machine with a scale that was found; what its plate says stays as it was typed."""
    from epicerie_desktop.hardware.line_format import ENDS, LineFormat, show_request
    from epicerie_desktop.hardware.settings import USB_HID

    line = found.line or LineFormat()
    return replace(
        machine, scale="usb" if found.protocol == USB_HID else "serial", scale_port=found.port,
        scale_protocol=machine.scale_protocol if found.protocol == USB_HID else found.protocol, scale_baud=found.baud,
        scale_bits=found.bytesize, scale_parity=found.parity, scale_stop_bits=int(found.stopbits), scale_unit=found.unit,
        scale_request=show_request(line.request), scale_unit_absent=line.unit_absent, scale_stability=line.stability,
        scale_line_end=next((name for name, end in ENDS.items() if end == line.end), "LF"), scale_on_demand=line.on_demand,
    )  # fmt: skip


def _held(word: str) -> bool | None:
    return {"on": True, "off": False}.get(word)


class ScaleBridge(QObject):
    """`reading_arrived` and `state_changed` reach the window's thread; `scale` is any of `hardware`'s scales, or None."""

    reading_arrived = Signal(object)
    state_changed = Signal(object)

    def __init__(self, scale: Any | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = scale

    @property
    def present(self) -> bool:
        """Return whether a scale was chosen for this machine."""
        return self.scale is not None

    @property
    def on_demand(self) -> bool:
        """Return whether the scale is asked for each weight rather than over and over."""
        return self.scale is not None and bool(self.scale.on_demand)

    def ask(self) -> None:
        """Have the weight asked for now; it arrives as any other reading."""
        if self.scale is not None:
            self.scale.ask()

    def start(self, machine: MachineSettings) -> None:
        """Listen to the scale of this machine, if it has one; the one in use must have been stopped. Raises `BadInput`."""
        wanted = scale_settings(machine)
        self.scale = None
        if wanted is not None:
            from epicerie_desktop.hardware.scale import make_scale

            self.scale = make_scale(wanted, self.on_reading, self.on_state)
            self.scale.start()

    def on_reading(self, reading: Any) -> None:
        """Pass a reading on; called on the scale's thread."""
        self.reading_arrived.emit(reading)

    def on_state(self, state: Any) -> None:
        """Pass a state on; called on the scale's thread."""
        self.state_changed.emit(state)

    def stop(self) -> None:
        """End the scale's thread."""
        if self.scale is not None:
            self.scale.stop()
