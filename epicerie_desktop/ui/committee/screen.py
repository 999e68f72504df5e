"""The committee's screen: three pages, changed by their underlined letter; each reads when shown, and again when its tables change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.committee.measures_page import MeasuresPage
from epicerie_desktop.ui.committee.meeting_page import MeetingPage
from epicerie_desktop.ui.committee.waiting_page import WaitingPage
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], NoticePage]], ...] = (
    ("meeting", N_("Séa&nce"), MeetingPage),
    ("waiting", N_("Liste d'a&ttente"), WaitingPage),
    ("measures", N_("Suspensions et a&bsences"), MeasuresPage),
)


class CommitteeScreen(TabbedScreen):
    """Meetings, waiting list, suspensions and absences."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Commission"), _("Pages de la commission"), _PAGES)

    @property
    def current(self) -> NoticePage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, NoticePage)
        return shown
