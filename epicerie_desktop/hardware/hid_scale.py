"""USB scales that are no serial port (usage page 8Dh: DYMO, Fairbanks, METTLER USB), read through the `hidapi` library.

The library is optional: without it the scale is said to lack it, and weights are typed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from epicerie_desktop.hardware.dialogues import Dialogue, Step
from epicerie_desktop.hardware.protocols import usb_hid
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.scale import ScaleThread, state_after
from epicerie_desktop.hardware.settings import ANY_HID, USB_HID, OnReading, OnState, Pace, ScaleSettings, ScaleState

SCALE_PAGE = 0x8D
_REPORT = 64
_SLICE_MS = 50
_KEPT_REPORTS = 64
_UNASKED = Dialogue(USB_HID, (Step(b"", lambda report: len(report) or None),))
_NO_REPLY = Reading(None, None, error="no_reply")


class NoLibrary(OSError):
    """The optional library is not installed."""


class Device(Protocol):
    """What is needed of an open USB scale."""

    def read(self, length: int, timeout_ms: int = 0) -> list[int]:
        """Return the next report, empty when none came in time."""

    def close(self) -> None:
        """Let it go."""


class HidScale(ScaleThread):
    """A USB scale that sends reports unasked; the reading taken is one that came after the one of before was read.

    `opener` opens the device of a port name; it is given by tests, which have no such scale.
    """

    def __init__(
        self,
        settings: ScaleSettings,
        on_reading: OnReading,
        on_state: OnState,
        *,
        pace: Pace | None = None,
        opener: Callable[[str], Device] | None = None,
    ) -> None:
        super().__init__(settings, on_reading, on_state, pace=pace, dialogue=_UNASKED)
        self._opener = opener or open_device

    def _open(self) -> Any:
        device = self._opener(self._settings.port)
        # The first report after the sleep of some models is the weight of before.
        device.read(_REPORT, _SLICE_MS)
        return device

    def _state_after(self, trouble: Exception) -> ScaleState:
        return ScaleState.NO_LIBRARY if isinstance(trouble, NoLibrary) else state_after(trouble)

    def _ask(self, port: Any) -> tuple[ScaleState, Reading | None]:
        for _ in range(_KEPT_REPORTS):  # what came before this request
            if not port.read(_REPORT, 0):
                break
        with self._news:
            self._asked += 1
        limit = time.monotonic() + 2 * self._pace.silence
        while not self._ended.is_set() and time.monotonic() < limit:
            report = bytes(port.read(_REPORT, _SLICE_MS))
            if report:
                reading = self._settings.judged(usb_hid.parse(report))
                noisy = reading.error == "not_a_weight_report"
                return ScaleState.NOISY if noisy else ScaleState.CONNECTED, reading
        return ScaleState.SILENT, _NO_REPLY


def hid_scales() -> tuple[tuple[str, str], ...]:
    """Return the name to choose and the description of each USB scale plugged in; none without the library."""
    try:
        import hid
    except ImportError:
        return ()
    found = (d for d in hid.enumerate() if d.get("usage_page") == SCALE_PAGE)
    return tuple(
        (f"{ANY_HID}:{d['vendor_id']:04x}:{d['product_id']:04x}", str(d.get("product_string") or "USB")) for d in found
    )


def open_device(port: str) -> Device:
    """Open the USB scale of a port name, `ANY_HID` or `hid:0922:8003`. Raises `NoLibrary`, or `OSError` where it is not there."""
    try:
        import hid
    except ImportError as missing:
        raise NoLibrary from missing
    wanted = port.removeprefix(ANY_HID).strip(":").lower()
    for found in hid.enumerate():
        name = f"{found['vendor_id']:04x}:{found['product_id']:04x}"
        if found.get("usage_page") == SCALE_PAGE and wanted in {"", name}:
            device: Device = hid.device()
            device.open_path(found["path"])  # type: ignore[attr-defined]
            return device
    raise FileNotFoundError
