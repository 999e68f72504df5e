"""What the pages of the committee's screen share: a strip for what is refused or done, work off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from epicerie_desktop.services.queries.names import Named
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import TabbedPage

T = TypeVar("T")


def who(named: Named) -> str:
    """Return how a question names a household: its name, then its number; of a reserved file, whom to see."""
    return _("{name}, dossier {number}").format(name=named.name, number=named.number)


class CommitteePage(TabbedPage):
    """A page of the committee's screen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.notice = Notice(closable=True, parent=self)

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
