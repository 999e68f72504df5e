"""Brings the readings of the scale's thread to the window's: the scale knows no window, the window no port."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal


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
