"""What the pages of the stock share: work off the window's thread, and a refusal shown where the page wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.tabbed import TabbedPage

T = TypeVar("T")


class StockPage(TabbedPage):
    """A page of the stock's screen."""

    def search_field(self) -> QWidget | None:
        """Return where F2 takes the keyboard."""
        return self.first_field()

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
