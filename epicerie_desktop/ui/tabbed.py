"""A screen of several pages, changed by their underlined letter; each reads when shown, and again when its tables change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QTabBar, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import take_keyboard
from epicerie_desktop.ui.common.layout import MARGIN, label, page, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen

T = TypeVar("T")
_GAP = 24


class TabbedPage(QWidget):
    """A page of such a screen; `tables` names the tables whose commit makes it stale."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.owner = screen
        self.stale = True

    @property
    def desk(self) -> Desk:
        """Return the desk, given to every service."""
        return self.owner.desk

    def refresh(self) -> None:
        """Read again what the page shows."""

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the keyboard when the page is shown."""
        return None

    def may_leave(self) -> bool:
        """Return whether another page may be shown now."""
        return True

    def ask(self, query: Callable[[], T], then: Callable[[T], None], *, key: str) -> None:
        """Run a query on the data thread; only the latest answer of a `key` counts."""
        self.owner.context.data.submit(self, query, then, self.owner.on_trouble, key=key)


class GesturePage(TabbedPage):
    """A page that works off the window's thread, shows a refusal where it wants it, and opens its dialogs one at a time."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.dialog: QDialog | None = None

    def search_field(self) -> QWidget | None:
        """Return where F2 takes the keyboard."""
        return self.first_field()

    def field_after_dialog(self) -> QWidget | None:
        """Return what takes the keyboard once a dialog is shut."""
        return self.first_field()

    def act(
        self,
        service: Callable[[], T],
        then: Callable[[T], None],
        refused: Callable[[str], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Run a service on the data thread. A refusal's sentence goes to `refused`; any other trouble is shown, then `failed`."""

        def on_error(error: Exception) -> None:
            if isinstance(error, RuleRefused):
                refused(str(error))
                return
            if failed is not None:
                failed()
            self.owner.on_trouble(error)

        self.owner.context.data.submit(self, service, then, on_error)

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the page; once it is shut, the keyboard comes back to the page."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _on_dialog_closed(self) -> None:
        self.dialog = None
        field = self.field_after_dialog()
        if field is not None:
            field.setFocus()


class NoticePage(TabbedPage):
    """A page with a strip above that tells what is refused or done."""

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


class TabbedScreen(Screen):
    """`specs` are its pages in order: a key, a title (N_) with its letter, and what builds the page when first shown.

    A page is a `TabbedPage`, or a widget with the same `tables`, `stale`, `refresh`, `first_field` and `may_leave`.
    """

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        title: str,
        name: str,
        specs: Sequence[tuple[str, str, Callable[[Any], QWidget]]],
        *above: QWidget,
    ) -> None:
        super().__init__(context, parent)
        self.pages: dict[str, Any] = {}
        self.specs = tuple(specs)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(name)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _key, words, _build in self.specs:
            self.tabs.addTab(_(words))
        self._stack = QStackedWidget()
        whole = page(self)
        whole.setSpacing(12)
        self._hint = label(_("Alt et la lettre soulignée"), "small")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._title = label(title, "title", wrap=False)
        top = row(self._title, self.tabs, self._hint, spacing=_GAP)
        top.setStretch(1, 1)
        whole.addLayout(top)
        for widget in above:
            whole.addWidget(widget)
        whole.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        self.show_tab(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the line to the tabs where a large text makes them need it."""
        super().resizeEvent(event)
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Hide the hint, then the title that the rail tells too, before a tab is cut; at the worst the tabs scroll."""
        room, tabs = self.width() - 2 * MARGIN, self.tabs.sizeHint().width()
        told = self._hint.fontMetrics().horizontalAdvance(max(self._hint.text().split(), key=len))
        titled = tabs + self._title.sizeHint().width() + _GAP
        self._hint.setVisible(titled + told + _GAP <= room)
        self._title.setVisible(titled <= room)
        self.tabs.setUsesScrollButtons(tabs > room)

    @property
    def current(self) -> Any:
        """Return the page now shown."""
        return self._stack.currentWidget()

    def page(self, key: str) -> Any:
        """Return a page, building it the first time. Raises `StopIteration` for one this account does not see."""
        if key not in self.pages:
            build = next(build for name, _words, build in self.specs if name == key)
            self.pages[key] = build(self)
            self._stack.addWidget(self.pages[key])
        return self.pages[key]

    def show_page(self, key: str) -> None:
        """Show a page by its key; one this account does not see changes nothing."""
        keys = [name for name, *_rest in self.specs]
        if key in keys:
            self.tabs.setCurrentIndex(keys.index(key))

    def open_with(self, **what: Any) -> None:
        """Show the page named by `page`."""
        self.show_page(str(what.get("page")))

    def refresh(self) -> None:
        """Read again the page shown, if it went stale."""
        if self.current.stale:
            self.current.stale = False
            self.current.refresh()

    def first_field(self) -> QWidget | None:
        """Return the first field of the page shown."""
        found: QWidget | None = self.current.first_field()
        return found

    def may_leave(self) -> bool:
        """Return whether the page shown may be left."""
        return bool(self.current.may_leave())

    def show_tab(self, index: int) -> None:
        """Show the page of a tab, and give it the keyboard."""
        shown = self.page(self.specs[index][0])
        self._fit_tabs()
        self._stack.setCurrentWidget(shown)
        if self.isVisible():
            self.refresh()
        field = shown.first_field()
        if field is not None:
            take_keyboard(field)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        before = self.current
        if before is not self.pages.get(self.specs[index][0]) and not before.may_leave():
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(next(i for i, s in enumerate(self.specs) if self.pages.get(s[0]) is before))
            self.tabs.blockSignals(False)
            return
        self.show_tab(index)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the page shown, which may have gone stale while hidden."""
        super().showEvent(event)
        self._fit_tabs()
        self.refresh()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        for shown in self.pages.values():
            if tables & shown.tables:
                shown.stale = True
        if self.isVisible():
            self.refresh()
