"""Takes the program's dead objects apart on the windows' thread, and nowhere else."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 100
"""Often, so that each time is short: the window waits while a second of what a report allocates is gone through."""


class Collector(QObject):
    """Collects garbage by a timer of the windows' thread, in place of Python's own collector, which it turns off.

    Python collects in whichever thread happens to allocate. A window caught in a cycle would be taken apart by the
    thread that reads the database, which Qt does not allow: the program may then stop answering, once in a thousand.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, as Python would have."""
        due = [
            generation
            for generation, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit
        ]
        if due:
            gc.collect(max(due))
