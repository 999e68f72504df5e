"""Brings the readings of the scale's thread to the window's: the scale knows no window, the window no port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from epicerie_desktop.support.settings import MachineSettings

if TYPE_CHECKING:
    from epicerie_desktop.hardware.settings import ScaleSettings


def scale_settings(machine: MachineSettings) -> ScaleSettings | None:
    """Return what the scale of this machine needs, None where there is none. Raises `BadInput` for what cannot be."""
    # The window is shown before any scale is looked for.
    from epicerie_desktop.hardware.settings import SIMULATED, ScaleSettings

    if machine.scale == "none":
        return None
    simulated = machine.scale == "simulated"
    return ScaleSettings(
        "simulation" if simulated else machine.scale_port, protocol=SIMULATED if simulated else "toledo_8217",
        capacity_grams=machine.scale_capacity_grams, division_grams=machine.scale_division_grams,
    )  # fmt: skip


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
