"""« Hygiène »: lots set aside, and where the shop uses them, the cold chain and the allergens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.safety.allergens_page import AllergensPage
from epicerie_desktop.ui.safety.cold_page import ColdPage
from epicerie_desktop.ui.safety.recalls_page import RecallsPage
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import GesturePage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], GesturePage]], ...] = (
    ("recalls", N_("Rap&pels"), RecallsPage),
    ("cold_chain", N_("&Températures"), ColdPage),
    ("allergens", N_("Allergè&nes"), AllergensPage),
)
_ONLY_WHERE_USED = frozenset({"cold_chain", "allergens"})
"""Pages whose tab is hidden until the shop uses them: the key of the page is the name of the feature."""


class SafetyScreen(TabbedScreen):
    """What keeps goods safe; a recall concerns every shop, the rest is switched on."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Hygiène"), _("Pages de l'hygiène"), _PAGES)
        self._show_used(Features())
        self._read_features()

    def _read_features(self) -> None:
        self.ask(partial(features_of, self.desk), self._show_used, key="features")

    def _show_used(self, uses: Features) -> None:
        for i, (key, _words, _build) in enumerate(self.specs):
            shown = key not in _ONLY_WHERE_USED or bool(getattr(uses, key))
            if self.tabs.isTabVisible(i) != shown:
                self.tabs.setTabVisible(i, shown)
                self.tabs.updateGeometry()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        super()._on_changed(tables)
        if "setting" in tables:
            self._read_features()
