"""« Rapports »: a period, the pictures of twelve months, what the shop tells its funders, the hours of its volunteers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.reports.dashboard_page import DashboardPage
from epicerie_desktop.ui.reports.funders_page import FundersPage
from epicerie_desktop.ui.reports.hours_page import HoursPage
from epicerie_desktop.ui.reports.report_page import ReportPage
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import TabbedPage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], TabbedPage]], ...] = (
    ("report", N_("Ra&pport"), ReportPage),
    ("board", N_("Ta&bleau de bord"), DashboardPage),
    ("funders", N_("Chiff&res des financeurs"), FundersPage),
    ("hours", N_("Bé&névolat"), HoursPage),
)
_HOURS = next(i for i, page in enumerate(_PAGES) if page[0] == "hours")


class ReportsScreen(TabbedScreen):
    """The tab of the hours is hidden until the shop keeps them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Rapports"), _("Pages des rapports"), _PAGES)
        self._show_used(Features())
        self._read_features()

    def _read_features(self) -> None:
        self.ask(partial(features_of, self.desk), self._show_used, key="features")

    def _show_used(self, uses: Features) -> None:
        if self.tabs.isTabVisible(_HOURS) != uses.volunteer_hours:
            self.tabs.setTabVisible(_HOURS, uses.volunteer_hours)
            self.tabs.updateGeometry()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        super()._on_changed(tables)
        if "setting" in tables:
            self._read_features()
