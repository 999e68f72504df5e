"""« Feuille du mois »: the lines of a month or the totals of a period, then the paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from epicerie_desktop.services import sheets
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import take_keyboard
from epicerie_desktop.ui.common.layout import PageHeader, label, page
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.month_tab import MonthTab
from epicerie_desktop.ui.sheets.paper_tab import PaperTab
from epicerie_desktop.ui.sheets.period_tab import PeriodTab
from epicerie_desktop.ui.sheets.tiles import show_definitions

_TABS = (N_("U&n mois"), N_("Une &période"), N_("Ma&tinée sur papier"))


class SheetsScreen(Screen):
    """Two ways of adding up the same tickets: by household for a month, by month for a period."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "sale",
            "sale_line",
            "household",
            "household_member",
            "person",
            "family",
            "stock_move",
            "emergency_parcel",
            "month_closing",
            "paper_sheet",
        }
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.explain = ActionButton(_("Ce que comptent ces chiffres"), "F1", "circle-question-mark", "quiet")
        self.explain.clicked.connect(self._on_explain_clicked)
        self.header = PageHeader(_("Feuille du mois"), "", (self.explain,))
        self.month = MonthTab(self)
        self.period = PeriodTab(self)
        self.paper = PaperTab(self)
        self.tabs = QTabWidget()
        for shown_tab, words in zip((self.month, self.period, self.paper), _TABS, strict=True):
            self.tabs.addTab(shown_tab, _(words))
        self.tabs.setCornerWidget(label(_("Alt et la lettre soulignée"), "small", wrap=False))
        self.notice = Notice(closable=True)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        column = page(self)
        column.addWidget(self.header)
        column.addWidget(self.notice)
        column.addWidget(self.tabs, 1)

    def first_field(self) -> QWidget | None:
        """Return the list of months of the tab now shown."""
        shown_tab = self.tabs.currentWidget()
        if shown_tab is self.paper:
            return self.paper.first_field()
        return self.month.months if shown_tab is self.month else self.period.period.first

    def open_with(self, **what: Any) -> None:
        """Show a month (`month="2026-11"`)."""
        if "month" in what:
            self.tabs.setCurrentWidget(self.month)
            self.month.wanted = str(what["month"])
            self.refresh()

    def refresh(self) -> None:
        """Read which months there are; each tab then reads its own figures."""
        desk = self.desk
        self.ask(lambda: sheets.months_to_choose(desk), self._on_months, key="months")

    def _on_months(self, months: tuple[str, ...]) -> None:
        self.month.show_months(months, months[0])
        self.period.show_months(tuple(sorted(months, reverse=True)), months[0])
        self.paper.read()
        self._retitle()

    def _retitle(self) -> None:
        titles = {
            self.month: _("Feuille du mois"),
            self.period: _("Totaux d'une période"),
            self.paper: _("Matinée sur papier"),
        }
        self.header.set_words(titles[self.tabs.currentWidget()], _subtitle(self))

    @Slot()
    def _on_tab_changed(self) -> None:
        self._retitle()
        self.notice.tell("info", "")
        field = self.first_field()
        if field is not None:
            take_keyboard(field)

    def told_kept(self, path: Path) -> None:
        """Open a paper just kept, and say where it lies: a machine without a reader opens nothing, and does not always say so."""
        told = papers.where_kept(path)
        self.notice.tell("success" if papers.open_paper(path) else "warn", told)

    @Slot()
    def _on_explain_clicked(self) -> None:
        show_definitions(self)


def _subtitle(screen: SheetsScreen) -> str:
    if screen.tabs.currentWidget() is screen.paper:
        return _("Une feuille écrite à la main, saisie ensuite : les passages gardent leur jour.")
    if screen.tabs.currentWidget() is screen.period:
        return _("Familles et personnes sont comptées une seule fois sur toute la période.")
    if screen.month.months.month == screen.month.current:
        return _("Mois en cours, arrêté au {day} : les chiffres changent encore.").format(
            day=shown.middle_day(screen.desk.clock.today())
        )
    return _("Une ligne par foyer, par numéro.")
