"""The committee's screen: three pages, changed by their underlined letter; each reads when shown, and again when its tables change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.committee.measures_page import MeasuresPage
from epicerie_desktop.ui.committee.meeting_page import MeetingPage
from epicerie_desktop.ui.committee.page import CommitteePage
from epicerie_desktop.ui.committee.waiting_page import WaitingPage
from epicerie_desktop.ui.common.layout import label, page, row
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen

_PAGES: tuple[tuple[str, str, Callable[[Screen], CommitteePage]], ...] = (
    ("meeting", N_("Séa&nce"), MeetingPage),
    ("waiting", N_("Liste d'a&ttente"), WaitingPage),
    ("measures", N_("Suspensions et a&bsences"), MeasuresPage),
)


class CommitteeScreen(Screen):
    """Meetings, waiting list, suspensions and absences."""

    tables: ClassVar[frozenset[str]] = MeetingPage.tables | WaitingPage.tables | MeasuresPage.tables

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.pages: dict[str, CommitteePage] = {}
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(_("Pages de la commission"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _key, title, _build in _PAGES:
            self.tabs.addTab(_(title))
        self._stack = QStackedWidget()
        whole = page(self)
        whole.setSpacing(12)
        hint = label(_("Alt et la lettre soulignée"), "small")
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = row(label(_("Commission"), "title", wrap=False), self.tabs, hint, spacing=24)
        top.setStretch(1, 1)
        whole.addLayout(top)
        whole.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        self._on_tab(0)

    @property
    def current(self) -> CommitteePage:
        """Return the page now shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, CommitteePage)
        return shown

    def page(self, key: str) -> CommitteePage:
        """Return a page, building it the first time."""
        if key not in self.pages:
            build = next(build for name, _title, build in _PAGES if name == key)
            self.pages[key] = build(self)
            self._stack.addWidget(self.pages[key])
        return self.pages[key]

    def open_with(self, **what: Any) -> None:
        """Show the page named by `page`: `meeting`, `waiting` or `measures`."""
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

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        shown = self.page(_PAGES[index][0])
        self._stack.setCurrentWidget(shown)
        if self.isVisible():
            self.refresh()
        field = shown.first_field()
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_changed(self, tables: frozenset[str]) -> None:
        for shown in self.pages.values():
            if tables & shown.tables:
                shown.stale = True
        super()._on_changed(tables)
