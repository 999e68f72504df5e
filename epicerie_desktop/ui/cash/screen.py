"""« Caisse »: its pages, changed by their underlined letter; a page whose part of the till is not used does not show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.closings_page import ClosingsPage
from epicerie_desktop.ui.cash.drawer_page import DrawerPage
from epicerie_desktop.ui.cash.regie_page import RegiePage
from epicerie_desktop.ui.cash.sessions_page import SessionsPage
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], NoticePage]], ...] = (
    ("drawer", N_("&Tiroir"), DrawerPage),
    ("sessions", N_("Com&ptages"), SessionsPage),
    ("closings", N_("Clôtu&res"), ClosingsPage),
    ("regie", N_("Ré&gie"), RegiePage),
)


class CashScreen(TabbedScreen):
    """The drawer, its counts, the closings, and the régie."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Caisse"), _("Pages de la caisse"), _PAGES)
        self._show_used(Features(sessions=True))

    def refresh(self) -> None:
        """Read again the page shown, and which pages the shop uses."""
        super().refresh()
        self.ask(partial(features_of, self.desk), self._show_used, key="features")

    def _show_used(self, uses: Features) -> None:
        # Reached with neither, as by a test or a link: the drawer is what explains itself.
        drawer = uses.sessions or not uses.regie
        used = {"drawer": drawer, "sessions": drawer, "closings": True, "regie": uses.regie}
        gone = not used[self.specs[self.tabs.currentIndex()][0]]
        for index, (key, *_rest) in enumerate(self.specs):
            self.tabs.setTabVisible(index, used[key])
        if gone:
            self.show_page("regie" if uses.regie else "closings")
