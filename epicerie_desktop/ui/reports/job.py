"""A report being made on the long thread: how far it is, and whether the person gave it up. Shared by two threads, without a lock."""

from __future__ import annotations

from threading import Event

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


class GivenUp(RuleRefused):
    """The person stopped the work; nothing was changed."""


class Job:
    """Written by the thread that works, read by the window: two numbers set at once, and one wish."""

    def __init__(self) -> None:
        self.where = (0, 0)
        self._stop = Event()

    def tell(self, done: int, of: int) -> None:
        """Note how far the work is. Raises `GivenUp` where it is not wanted any more."""
        self.where = (done, of)
        if self._stop.is_set():
            raise GivenUp(N_("Arrêté avant la fin : rien n'a changé."))

    def give_up(self) -> None:
        """Have the work stop at its next part."""
        self._stop.set()
