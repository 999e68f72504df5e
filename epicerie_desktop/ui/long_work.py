"""Long work over a window: a veil says how far it is, and may stop it; nothing comes of work that was stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.common.states import BusyOverlay

T = TypeVar("T")
Step = Callable[[int, int], None]
"""Told how much is done out of how much (0: not known); raises `Stopped` once the person asked to stop."""


class Stopped(Exception):
    """The person stopped the work."""


class LongWork(QObject):
    """What is being made over a widget, one work at a time: another begun stops the one before."""

    def __init__(self, over: QWidget, long: Background) -> None:
        super().__init__(over)
        self._long = long
        self._wish = Event()
        self.veil = BusyOverlay(over)
        self.veil.cancelled.connect(self.stop)

    def run(
        self, text: str, job: Callable[[Step], T], then: Callable[[T], None], failed: Callable[[Exception], None],
        *, told: Step | None = None,
    ) -> None:  # fmt: skip
        """Run `job` on the long thread under a veil that says `text`; `then` gets what it returns, `failed` what went wrong.

        With `told`, there is no veil: `told` hears how far the work is.
        """
        self.stop()
        wish = self._wish = Event()
        if told is None:
            self.veil.start(text, cancellable=True)

        def work(tell: Step) -> T:
            def step(done: int, total: int) -> None:
                if wish.is_set():
                    raise Stopped
                tell(done, total)

            step(0, 0)
            return job(step)

        def done(value: T) -> None:
            self.veil.stop()
            if not wish.is_set():
                then(value)

        def wrong(error: Exception) -> None:
            self.veil.stop()
            if not isinstance(error, Stopped):
                failed(error)

        self._long.submit_steps(self, work, done, wrong, told or self.veil.progress, key="work")

    @Slot()
    def stop(self) -> None:
        """Ask the work under way, if any, to stop at its next step."""
        self._wish.set()
