"""The families of the shop in a funder's categories: those in none first, each given one by the keyboard."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from epicerie_desktop.services.reports import funders
from epicerie_desktop.services.reports.funders import SortedFamily
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.tabbed import GesturePage


class FamiliesDialog(QuestionDialog):
    """A funder's list, the shop's families, and the category to give to the one chosen: F10 keeps it at once."""

    def __init__(self, page: GesturePage) -> None:
        super().__init__(
            page, _("Ranger les familles"),
            _("Dans quel groupe d'un financeur va chaque famille de produits. Ces listes ne sont pas les formulaires des financeurs."),
            _("Fermer"), armed_after_ms=0,
        )  # fmt: skip
        self.page = page
        self.setMinimumWidth(720)
        self.notice = Notice("error", parent=self)
        self.lists, self.categories = QComboBox(), QComboBox()
        for code, kept in funders.funder_lists().items():
            self.lists.addItem(kept.name, code)
        self.source = label("", "small")
        self.table: RowsTable[SortedFamily] = RowsTable(
            (
                Column(_("Famille"), lambda f: f.name, bold=True),
                Column(
                    _("Groupe"), lambda f: _("Non classé") if f.category is None else f.category.name,
                    tone=lambda f: "ask" if f.category is None else None, stretch=True,
                ),
            ),
            lambda f: f.code, name=_("Familles et leur groupe"), sortable=False,
        )  # fmt: skip
        self.table.setMinimumHeight(260)
        self.give = ActionButton(_("Ranger"), "F10", "check", parent=self)
        self.body.addWidget(FormRow(_("Liste"), self.lists))
        self.body.addWidget(self.source)
        self.body.addWidget(self.table)
        given = row(FormRow(_("Groupe de la famille choisie"), self.categories), self.give, spacing=12)
        self.body.addLayout(given)
        self.body.addWidget(self.notice)
        self.lists.currentIndexChanged.connect(self._on_list)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self.categories.setFocus)
        self.give.clicked.connect(self._on_give)
        self._on_list()
        self.lists.setFocus()

    @property
    def code(self) -> str:
        """Return the code of the list chosen."""
        return str(self.lists.currentData())

    @Slot()
    def _on_list(self) -> None:
        kept = funders.funder_lists()[self.code]
        self.source.setText(
            kept.source if kept.official else _("Modèle non officiel. {source}.").format(source=kept.source)
        )
        self.categories.clear()
        self.categories.addItem(_("Non classé"), None)
        for category in kept.categories:
            self.categories.addItem(category.name, category.code)
        self._read()

    def _read(self) -> None:
        self.page.ask(partial(funders.sorted_families, self.page.desk, self.code), self._show, key="families")

    def _show(self, found: tuple[SortedFamily, ...]) -> None:
        self.table.set_rows(found)
        self.table.size_columns()
        if self.table.current is None:
            self.table.choose_first()
        self._on_chosen(self.table.current)

    @Slot(object)
    def _on_chosen(self, family: SortedFamily | None) -> None:
        code = family.category.code if family is not None and family.category is not None else None
        self.categories.setCurrentIndex(max(0, self.categories.findData(code)))

    @Slot()
    def _on_give(self) -> None:
        family = self.table.current
        if family is not None:
            self.page.act(
                partial(funders.sort_family, self.page.desk, self.code, family.code, self.categories.currentData()),
                lambda _none: self._given(), partial(self.notice.tell, "error"),
            )  # fmt: skip

    def _given(self) -> None:
        self.notice.tell("error", "")
        self._read()
        self.table.setFocus()
