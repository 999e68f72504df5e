"""The stock's screen: five pages, changed by their underlined letter; each reads when shown, and again when its tables change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QTabBar, QWidget

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import label, page, row
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.catalogue_page import CataloguePage
from epicerie_desktop.ui.stock.lots_page import ExpiringPage, InStockPage, ToMendPage
from epicerie_desktop.ui.stock.page import StockPage
from epicerie_desktop.ui.stock.receive_page import ReceivePage

_PAGES: tuple[tuple[str, str, Callable[[Screen], StockPage]], ...] = (
    ("in_stock", N_("&En stock"), InStockPage),
    ("receive", N_("&Recevoir"), ReceivePage),
    ("to_mend", N_("À ré&gulariser"), ToMendPage),
    ("expiring", N_("&Dates proches"), ExpiringPage),
    ("catalogue", N_("&Catalogue"), CataloguePage),
)


class StockScreen(Screen):
    """Goods in, goods there, goods near their date, the book put right, and the catalogue."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"lot", "stock_move", "article", "article_code", "article_value", "family", "family_value", "supplier"}
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.pages: dict[str, StockPage] = {}
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(_("Pages du stock"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _key, title, _build in _PAGES:
            self.tabs.addTab(_(title))
        self._stack = QStackedWidget()
        whole = page(self)
        whole.setSpacing(12)
        hint = label(_("Alt et la lettre soulignée"), "small")
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = row(label(_("Stock"), "title", wrap=False), self.tabs, hint, spacing=24)
        top.setStretch(1, 1)
        whole.addLayout(top)
        whole.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        search = QShortcut(QKeySequence("F2"), self)
        search.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        search.activated.connect(self._on_search)
        self._show(0)

    @property
    def current(self) -> StockPage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, StockPage)
        return shown

    def page(self, key: str) -> StockPage:
        """Return a page, building it the first time."""
        if key not in self.pages:
            build = next(build for name, _title, build in _PAGES if name == key)
            self.pages[key] = build(self)
            self._stack.addWidget(self.pages[key])
        return self.pages[key]

    def open_with(self, **what: Any) -> None:
        """Show the page named by `page`: `in_stock`, `receive`, `to_mend`, `expiring` or `catalogue`."""
        keys = [key for key, *_rest in _PAGES]
        if what.get("page") in keys:
            self.tabs.setCurrentIndex(keys.index(what["page"]))

    def refresh(self) -> None:
        """Read again what the page shown shows, if it went stale."""
        if self.current.stale:
            self.current.stale = False
            self.current.refresh()

    def first_field(self) -> QWidget | None:
        """Return the first field of the page shown."""
        return self.current.first_field()

    def _show(self, index: int) -> None:
        shown = self.page(_PAGES[index][0])
        self._stack.setCurrentWidget(shown)
        if self.isVisible():
            self.refresh()
        field = shown.first_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._select_search()

    def showEvent(self, event: QShowEvent) -> None:
        """Select what was last searched for: the next letter begins another search."""
        super().showEvent(event)
        self._select_search()

    def _select_search(self) -> None:
        field = self.current.search_field()
        if isinstance(field, QLineEdit):
            field.selectAll()

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        self._show(index)

    @Slot()
    def _on_search(self) -> None:
        field = self.current.search_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._select_search()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        for shown in self.pages.values():
            if tables & shown.tables:
                shown.stale = True
        super()._on_changed(tables)
