"""The stock's screen: six pages, seven where minimums are watched, changed by their underlined letter; each reads when shown, and again when its tables change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from epicerie_desktop.services.features import Features, features_of
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.dates_page import DatesPage
from epicerie_desktop.ui.stock.lots_page import InStockPage, ToMendPage
from epicerie_desktop.ui.stock.receive_page import ReceivePage
from epicerie_desktop.ui.stock.stock_take_page import StockTakePage
from epicerie_desktop.ui.tabbed import GesturePage, TabbedScreen

_PAGES: tuple[tuple[str, str, Callable[[Screen], GesturePage]], ...] = (
    ("in_stock", N_("&En stock"), InStockPage),
    ("receive", N_("&Recevoir"), ReceivePage),
    ("to_mend", N_("À ré&gulariser"), ToMendPage),
    ("stock_take", N_("&Inventaire"), StockTakePage),
    ("expiring", N_("Dates &proches"), DatesPage),
    ("catalogue", N_("Ca&talogue"), CataloguePage),
)
_ORDERS = ("orders", N_("À comma&nder"))


class StockScreen(TabbedScreen):
    """Goods in, goods there, goods near their date, the book put right, and the catalogue."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, _("Stock"), _("Pages du stock"), _PAGES)
        search = QShortcut(QKeySequence("F2"), self)
        search.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        search.activated.connect(self._on_search)
        self._read_features()

    def _read_features(self) -> None:
        self.ask(partial(features_of, self.desk), self._on_features, key="features")

    def _on_features(self, uses: Features) -> None:
        keys = [key for key, *_rest in self.specs]
        if uses.minimums is (_ORDERS[0] in keys):
            return
        if uses.minimums:
            from epicerie_desktop.ui.stock.order_page import OrderPage

            self.specs = (*self.specs, (*_ORDERS, OrderPage))
            self.tabs.addTab(_(_ORDERS[1]))
        else:
            place = keys.index(_ORDERS[0])
            self.tabs.setCurrentIndex(0)
            self.specs = (*self.specs[:place], *self.specs[place + 1 :])
            self.tabs.removeTab(place)
        self._fit_tabs()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        super()._on_changed(tables)
        if "setting" in tables:
            self._read_features()

    @property
    def current(self) -> GesturePage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, GesturePage)
        return shown

    def show_tab(self, index: int) -> None:
        """Show a page; what was last searched for is selected: the next letter begins another search."""
        super().show_tab(index)
        self._select_search()

    def showEvent(self, event: QShowEvent) -> None:
        """Select what was last searched for."""
        super().showEvent(event)
        self._select_search()

    def _select_search(self) -> None:
        field = self.current.search_field()
        if isinstance(field, QLineEdit):
            field.selectAll()

    @Slot()
    def _on_search(self) -> None:
        field = self.current.search_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._select_search()
