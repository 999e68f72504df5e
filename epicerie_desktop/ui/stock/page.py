"""What the pages of the stock share: work off the window's thread, and a refusal shown where the page wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.screen import Screen

T = TypeVar("T")


class StockPage(QWidget):
    """A page of the stock's screen; `tables` names the tables whose commit makes it stale."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.owner = screen
        self.stale = True

    @property
    def desk(self) -> Desk:
        """Return the desk, given to every service."""
        return self.owner.desk

    def refresh(self) -> None:
        """Read again what the page shows."""

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the keyboard when the page is shown."""
        return None

    def search_field(self) -> QWidget | None:
        """Return where F2 takes the keyboard."""
        return self.first_field()

    def ask(self, query: Callable[[], T], then: Callable[[T], None], *, key: str) -> None:
        """Run a query on the data thread; only the latest answer of a `key` counts."""
        self.owner.context.data.submit(self, query, then, self.owner.on_trouble, key=key)

    def act(
        self,
        service: Callable[[], T],
        then: Callable[[T], None],
        refused: Callable[[str], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Run a service on the data thread. A refusal's sentence goes to `refused`; any other trouble is shown, then `failed`."""

        def on_error(error: Exception) -> None:
            if isinstance(error, RuleRefused):
                refused(str(error))
                return
            if failed is not None:
                failed()
            self.owner.on_trouble(error)

        self.owner.context.data.submit(self, service, then, on_error)
