"""The follow-up's screen: three pages changed by their underlined letter; without the second key, agenda and workshops only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.followup.agenda_page import AgendaPage
from epicerie_desktop.ui.followup.page import FollowUpPage
from epicerie_desktop.ui.followup.todo_page import TodoPage
from epicerie_desktop.ui.followup.workshops_page import WorkshopsPage
from epicerie_desktop.ui.tabbed import TabbedScreen

_PAGES: tuple[tuple[str, str, bool, Callable[[FollowUpScreen], FollowUpPage]], ...] = (
    ("agenda", N_("A&genda"), True, AgendaPage),
    ("todo", N_("À fai&re"), False, TodoPage),
    ("workshops", N_("A&teliers"), True, WorkshopsPage),
)
"""The key of a page, its title, whether reception sees it, what makes it."""


class FollowUpScreen(TabbedScreen):
    """The worker's desk."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.notice = Notice(closable=True)
        reads = context.desk.social_key is not None
        specs = [(key, title, build) for key, title, reception, build in _PAGES if reception or reads]
        super().__init__(context, parent, _("Suivi"), _("Pages du suivi"), specs, self.notice)

    @property
    def current(self) -> FollowUpPage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, FollowUpPage)
        return shown

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal above the page, the rest as everywhere."""
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    def show_tab(self, index: int) -> None:
        """Show a page; what was said of the one before is forgotten."""
        super().show_tab(index)
        self.notice.tell("info", "")
