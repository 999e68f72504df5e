"""The drawers counted: what was found, what went to the bank, and their papers."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from epicerie_desktop.services.papers_made import PaperKey
from epicerie_desktop.services.queries.drawer import SessionRow, sessions_counted
from epicerie_desktop.services.till.papers import count_sheet_pdf, deposit_slip_pdf, print_count_sheet
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.closed_papers import look_at_closed, note_out
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage


class SessionsPage(NoticePage):
    """The counts, the newest first; Enter shows the sheet of one."""

    tables: ClassVar[frozenset[str]] = frozenset({"till_session"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        columns: tuple[Column[SessionRow], ...] = (
            Column(_("N°"), lambda s: s.number, str, align="right"),
            Column(_("Ouverte le"), lambda s: s.opened_at, shown.instant),
            Column(_("Comptée le"), lambda s: s.closed_at, shown.instant),
            Column(_("Par"), lambda s: s.by, str),
            Column(_("Compté"), lambda s: s.counted_cents, shown.money, align="right"),
            Column(
                _("Écart"), lambda s: s.difference_cents, _signed, align="right", tone=lambda s: "ask" if s.difference_cents else ""
            ),
            Column(_("À la banque"), lambda s: s.deposit_cents, shown.money, align="right"),
            Column(_("Raison de l'écart"), lambda s: s.reason, str, stretch=True),
        )  # fmt: skip
        self.table: RowsTable[SessionRow] = RowsTable(
            columns,
            lambda s: s.id,
            name=_("Comptages"),
            empty=_("Aucune caisse n'a encore été comptée."),
            sortable=False,
        )
        self.sheet = ActionButton(_("Feuille de comptage"), "F6", icon="printer", kind="primary")
        self.slip = ActionButton(_("Bordereau de remise"), "F7", icon="banknote")
        self.roll = ActionButton(_("Feuille sur le rouleau"), "Shift+F6", icon="receipt", kind="quiet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.roll, None, self.slip, self.sheet))
        self.sheet.clicked.connect(self._on_sheet)
        self.slip.clicked.connect(self._on_slip)
        self.roll.clicked.connect(self._on_roll)
        self.table.opened.connect(self._on_opened)

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def refresh(self) -> None:
        """Read the counts."""
        self.ask(partial(sessions_counted, self.desk), self._show, key="sessions")

    def _show(self, found: tuple[SessionRow, ...]) -> None:
        self.table.set_rows(found)
        self.roll.setVisible(bool(self.owner.context.settings.ticket_printer))

    def _chosen(self) -> SessionRow | None:
        found = self.table.current
        self.notice.tell("info", "" if found is not None else _("Choisissez un comptage dans la liste."))
        return found

    @Slot()
    def _on_sheet(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._on_opened(chosen)

    @Slot(object)
    def _on_opened(self, chosen: SessionRow) -> None:
        name = _("comptage-{number}").format(number=chosen.number)
        look_at_closed(self.owner, partial(count_sheet_pdf, self.desk, chosen.id), _("Feuille de comptage"), name)

    @Slot()
    def _on_slip(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            name = _("remise-{number}").format(number=chosen.number)
            look_at_closed(self.owner, partial(deposit_slip_pdf, self.desk, chosen.id), _("Bordereau de remise"), name)

    @Slot()
    def _on_roll(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            make = partial(print_count_sheet, self.desk, chosen.id, self.owner.context.settings)
            self.owner.work(make, self._on_printed)

    def _on_printed(self, papers: tuple[PaperKey, ...]) -> None:
        note_out(self.owner, papers)
        self.notice.tell("success", _("C'est imprimé."))


def _signed(cents: int) -> str:
    """Return a difference with its sign, « – » for none."""
    return ("+" if cents > 0 else "") + shown.money(cents) if cents else "–"
