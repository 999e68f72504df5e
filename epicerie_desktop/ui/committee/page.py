"""What the pages of the committee's screen share: a strip for what is refused or done, work off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen

T = TypeVar("T")


class CommitteePage(QWidget):
    """A page of the committee's screen; `tables` names the tables whose commit makes it stale."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.owner = screen
        self.stale = True
        self.notice = Notice(closable=True, parent=self)

    @property
    def desk(self) -> Desk:
        """Return the desk, given to every service."""
        return self.owner.desk

    def refresh(self) -> None:
        """Read again what the page shows."""

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the keyboard when the page is shown."""
        return None

    def ask(self, query: Callable[[], T], then: Callable[[T], None], *, key: str) -> None:
        """Run a query on the data thread; only the latest answer of a `key` counts."""
        self.owner.context.data.submit(self, query, then, self.owner.on_trouble, key=key)

    def act(
        self, service: Callable[[], T], then: Callable[[T], None], failed: Callable[[], None] | None = None
    ) -> None:
        """Run a service on the data thread; a refusal is told in the strip above, then `failed`."""

        def on_error(error: Exception) -> None:
            if failed is not None:
                failed()
            if isinstance(error, RuleRefused):
                self.notice.tell("error", str(error))
            else:
                self.owner.on_trouble(error)

        self.owner.context.data.submit(self, service, then, on_error)
