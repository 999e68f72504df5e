"""The base of every screen: asks and acts off the window's thread, re-reads when its tables change, shows troubles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.context import Context

T = TypeVar("T")


class Screen(QWidget):
    """A screen of the main window.

    `tables` names the tables whose commit makes it stale: a visible screen calls `refresh` at once, a hidden one when it is
    next shown. Subclasses build their widgets in `__init__`, read in `refresh`, and take a subject in `open_with`.
    """

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        context.changes.changed.connect(self._on_changed)

    @property
    def desk(self) -> Desk:
        """Return the desk, given to every service."""
        return self.context.desk

    def refresh(self) -> None:
        """Read again what the screen shows; by default there is nothing to read."""

    def open_with(self, **what: Any) -> None:
        """Take the subject another screen sent (a household, a lot …)."""

    def may_leave(self) -> bool:
        """Return whether the person may go elsewhere now; a screen with unsaved work asks first."""
        return True

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the keyboard when the screen is shown."""
        return None

    def ask(self, query: Callable[[], T], then: Callable[[T], None], *, key: str = "") -> None:
        """Run a query on the data thread and give its rows to `then`; with a `key` only the latest answer counts."""
        self.context.data.submit(self, query, then, self.on_trouble, key=key)

    def act(self, service: Callable[[], T], then: Callable[[T], None] | None = None) -> None:
        """Run a service on the data thread; `then` gets what it returns. A refusal is shown and writes nothing."""
        self.context.data.submit(self, service, then, self.on_trouble)

    def work(self, job: Callable[[], T], then: Callable[[T], None] | None = None) -> None:
        """Run long work that only reads (a PDF, a report) on the long thread."""
        self.context.long.submit(self, job, then, self.on_trouble)

    def on_trouble(self, error: Exception) -> None:
        """Show an error; a screen may override it to show a refusal beside the field it concerns."""
        trouble.show(self, error)

    def go(self, screen: str, **what: object) -> None:
        """Send the person to another screen."""
        if self.context.navigator is not None:
            self.context.navigator.go(screen, **what)

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what went stale while hidden."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        if not (tables & self.tables):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True
