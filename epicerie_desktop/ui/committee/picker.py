"""Choosing a household by its name or number, and one thing about it: used where none is shown yet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox

from epicerie_desktop.services.queries.counter import FoundHousehold, find_households
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import SearchField
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.tabbed import NoticePage


class PickDialog(QuestionDialog):
    """A search, the households found, and perhaps a box to tick; F12 or Enter on a row takes it."""

    def __init__(self, page: NoticePage, title: str, verb: str, tick: str = "") -> None:
        super().__init__(page, title, "", verb, _("Ne rien changer"), armed_after_ms=0)
        self.page = page
        self.setMinimumSize(680, 460)
        self.search = SearchField(_("Nom ou numéro du foyer"))
        columns: tuple[Column[FoundHousehold], ...] = (
            Column(_("Dossier"), lambda h: h.number),
            Column(_("Foyer"), lambda h: h.holder, stretch=True),
            Column(_("Pers."), lambda h: h.persons, align="right"),
        )
        self.table: RowsTable[FoundHousehold] = RowsTable(
            columns, lambda h: h.id, name=_("Foyers trouvés"), empty=_("Tapez un nom, un prénom ou un numéro."), sortable=False
        )  # fmt: skip
        self.tick = QCheckBox(tick)
        self.tick.setVisible(bool(tick))
        self.body.addWidget(self.search)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.tick)
        self.search.edited.connect(self._on_edited)
        self.search.down.connect(self._on_down)
        self.search.submitted.connect(self._on_down)
        self.table.opened.connect(self._on_opened)
        self.table.search_in(self.search.line)
        self.search.setFocus()

    @property
    def chosen(self) -> FoundHousehold | None:
        """Return the household taken."""
        rows = self.table.rows_model.rows
        return self.table.current or (rows[0] if len(rows) == 1 else None)

    def may_accept(self) -> bool:
        """Return whether a household is chosen."""
        if self.chosen is None:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        return self.chosen is not None

    @Slot(str)
    def _on_edited(self, typed: str) -> None:
        desk, data = self.page.desk, self.page.owner.context.data
        data.submit(
            self, partial(find_households, desk, typed), self.table.set_rows, self.page.owner.on_trouble, key="found"
        )

    @Slot()
    def _on_down(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.choose_first()

    @Slot(object)
    def _on_opened(self, _household: FoundHousehold) -> None:
        self.accept()
