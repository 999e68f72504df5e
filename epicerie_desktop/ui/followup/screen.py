"""The follow-up's screen: three pages changed by their underlined letter; without the second key, agenda and workshops only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import label, page, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.followup.agenda_page import AgendaPage
from epicerie_desktop.ui.followup.page import FollowUpPage
from epicerie_desktop.ui.followup.todo_page import TodoPage
from epicerie_desktop.ui.followup.workshops_page import WorkshopsPage
from epicerie_desktop.ui.screen import Screen

_PAGES: tuple[tuple[str, str, bool, Callable[[FollowUpScreen], FollowUpPage]], ...] = (
    ("agenda", N_("A&genda"), True, AgendaPage),
    ("todo", N_("À fai&re"), False, TodoPage),
    ("workshops", N_("A&teliers"), True, WorkshopsPage),
)
"""The key of a page, its title, whether reception sees it, what makes it."""


class FollowUpScreen(Screen):
    """The worker's desk; each page reads when shown, and again when its tables change."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.pages: dict[str, FollowUpPage] = {}
        self.specs = tuple(s for s in _PAGES if s[2] or self.desk.social_key is not None)
        self.notice = Notice(closable=True)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(_("Pages du suivi"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _key, title, _reception, _build in self.specs:
            self.tabs.addTab(_(title))
        self._stack = QStackedWidget()
        whole = page(self)
        whole.setSpacing(12)
        hint = label(_("Alt et la lettre soulignée"), "small")
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = row(label(_("Suivi"), "title", wrap=False), self.tabs, hint, spacing=24)
        top.setStretch(1, 1)
        whole.addLayout(top)
        whole.addWidget(self.notice)
        whole.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        self._show(0)

    @property
    def current(self) -> FollowUpPage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, FollowUpPage)
        return shown

    def page(self, key: str) -> FollowUpPage:
        """Return a page, building it the first time. Raises `StopIteration` for one this account does not see."""
        if key not in self.pages:
            build = next(s[3] for s in self.specs if s[0] == key)
            self.pages[key] = build(self)
            self._stack.addWidget(self.pages[key])
        return self.pages[key]

    def show_page(self, key: str) -> None:
        """Show a page by its key: `agenda`, `todo` or `workshops`; one this account does not see changes nothing."""
        keys = [s[0] for s in self.specs]
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
        return self.current.first_field()

    def may_leave(self) -> bool:
        """Return whether the page shown may be left."""
        return self.current.may_leave()

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal above the page, the rest as everywhere."""
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    def _show(self, index: int) -> None:
        shown = self.page(self.specs[index][0])
        self._stack.setCurrentWidget(shown)
        self.notice.tell("info", "")
        if self.isVisible():
            self.refresh()
        field = shown.first_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        before = self.current
        if before is not self.pages.get(self.specs[index][0]) and not before.may_leave():
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(next(i for i, s in enumerate(self.specs) if self.pages.get(s[0]) is before))
            self.tabs.blockSignals(False)
            return
        self._show(index)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the page shown, which may have gone stale while hidden."""
        super().showEvent(event)
        self.refresh()

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        for shown in self.pages.values():
            if tables & shown.tables:
                shown.stale = True
        if self.isVisible():
            self.refresh()
