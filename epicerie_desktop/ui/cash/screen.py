"""« Caisse »: two pages, changed by their underlined letter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.closings_page import ClosingsPage
from epicerie_desktop.ui.cash.drawer_page import DrawerPage
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], NoticePage]], ...] = (
    ("drawer", N_("&Tiroir"), DrawerPage),
    ("closings", N_("Clôtu&res"), ClosingsPage),
)


class CashScreen(TabbedScreen):
    """The drawer and the closings."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Caisse"), _("Pages de la caisse"), _PAGES)
