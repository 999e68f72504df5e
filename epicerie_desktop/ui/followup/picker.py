"""Choosing a household from a page that is not its own: a name, a number, then Enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot

from epicerie_desktop.services.queries.counter import FoundHousehold, find_households
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.page import OfficePage


class PickDialog(QuestionDialog):
    """Find a household and give it to `then`. Enter in the search goes to the list, Enter in the list takes the row."""

    def __init__(self, page: OfficePage, title: str, then: Callable[[FoundHousehold], None]) -> None:
        super().__init__(page.window(), title, "", _("Choisir ce foyer"), _("Renoncer"), armed_after_ms=0)
        self.page, self._then = page, then
        self.search = SearchField(_("Nom, numéro de foyer ou téléphone"))
        self.table: RowsTable[FoundHousehold] = RowsTable(
            (
                Column(_("Titulaire"), lambda h: h.holder, stretch=True),
                Column(_("Foyer"), lambda h: h.number),
                Column(_("Personnes"), lambda h: h.persons, align="right"),
            ),
            lambda h: h.id, name=_("Foyers trouvés"), empty=_("Tapez un nom, ou le numéro du foyer."), sortable=False,
        )  # fmt: skip
        self.table.setMinimumHeight(230)
        self.table.search_in(self.search.line)
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        self.search.edited.connect(self._on_edited)
        self.search.submitted.connect(self._to_table)
        self.search.down.connect(self._to_table)
        self.table.opened.connect(self._on_opened)
        self.search.line.setFocus()

    @Slot(str)
    def _on_edited(self, typed: str) -> None:
        self.page.ask(partial(find_households, self.page.desk, typed), self._show, key="pick")

    def _show(self, found: tuple[FoundHousehold, ...]) -> None:
        if self.page.dialog is self:
            self.table.set_rows(found)

    @Slot()
    def _to_table(self) -> None:
        if self.table.rows_model.rows:
            self.table.choose_first()
            self.table.setFocus()

    @Slot(object)
    def _on_opened(self, row: FoundHousehold) -> None:  # noqa: ARG002
        self._on_yes()

    def may_accept(self) -> bool:
        """Take the row chosen, or the only one there is."""
        rows = self.table.rows_model.rows
        chosen = self.table.current or (rows[0] if len(rows) == 1 else None)
        if chosen is None:
            self.search.line.setFocus()
            return False
        then = self._then
        self.finished.connect(lambda: then(chosen))
        return True
