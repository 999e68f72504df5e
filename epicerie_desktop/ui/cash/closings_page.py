"""The closings of the till: what was taken since the last one, the days, months and years closed, the archive of a year."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.services.queries.drawer import ClosingRow, ClosingsView, closings_now
from epicerie_desktop.services.till.archive import archive_year, verify_file
from epicerie_desktop.services.till.closings import close_day
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import StatTile, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage


class ClosingsPage(NoticePage):
    """The reading above, the closings below."""

    tables: ClassVar[frozenset[str]] = frozenset({"closing", "sale", "payment"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.tickets, self.paid = StatTile(_("Tickets depuis la dernière clôture")), StatTile(_("Encaissé depuis"))
        self.means = StatTile(_("Dont espèces"))
        columns: tuple[Column[ClosingRow], ...] = (
            Column(_("Période"), lambda c: c.kind, called),
            Column(_("N°"), lambda c: c.number, str, align="right"),
            Column(_("Du"), lambda c: c.begins_on, shown.day),
            Column(_("Au"), lambda c: c.ends_on, shown.day),
            Column(_("Tickets"), lambda c: c.tickets, str, align="right"),
            Column(_("Annulés"), lambda c: c.cancelled, str, align="right"),
            Column(_("Encaissé"), lambda c: c.paid_cents, shown.money, align="right", bold=True),
            Column(_("Total perpétuel"), lambda c: c.perpetual_cents, shown.money, align="right", stretch=True),
        )
        self.table: RowsTable[ClosingRow] = RowsTable(
            columns, lambda c: c.id, name=_("Clôtures"), empty=_("Rien n'est encore clos."), sortable=False
        )
        self.close_button = ActionButton(_("Clore maintenant"), "F12", icon="check", kind="primary")
        self.archive = ActionButton(_("Archiver l'année"), "F7", icon="usb", kind="quiet")
        self.verify = ActionButton(_("Vérifier une archive"), "F8", icon="shield-check", kind="quiet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addLayout(row(self.tickets, self.paid, self.means))
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.archive, self.verify, None, self.close_button))
        self.close_button.clicked.connect(self._on_close)
        self.archive.clicked.connect(self._on_archive)
        self.verify.clicked.connect(self._on_verify)

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def refresh(self) -> None:
        """Read what was taken, and the closings."""
        self.ask(partial(closings_now, self.desk), self._show, key="closings")

    def _show(self, found: ClosingsView) -> None:
        self.tickets.set_value(shown.number(found.since.tickets))
        self.paid.set_value(shown.money(found.since.paid_cents))
        self.means.set_value(shown.money(found.since.means.get(PaymentKind.CASH, 0)))
        self.table.set_rows(found.rows)

    @Slot()
    def _on_close(self) -> None:
        self.act(partial(close_day, self.desk), self._on_closed)

    def _on_closed(self, _closing: int) -> None:
        self.notice.tell(
            "success", _("La caisse est close jusqu'à maintenant : ce qui suit ira dans la prochaine clôture.")
        )

    @Slot()
    def _on_archive(self) -> None:
        year = self.desk.clock.today().year
        folder = QFileDialog.getExistingDirectory(self, _("Où écrire l'archive de {year} ?").format(year=year))
        if folder:
            self.act(partial(archive_year, self.desk, year, Path(folder)), self._on_archived)

    def _on_archived(self, path: Path) -> None:
        self.notice.tell("success", _("Archive écrite : {name}").format(name=path.name))

    @Slot()
    def _on_verify(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Choisir une archive"), "", _("Archives de caisse (*.zip)"))
        if chosen:
            self.act(partial(verify_file, Path(chosen)), self._on_verified)

    def _on_verified(self, found: str) -> None:
        if found:
            self.notice.tell(
                "error",
                _("Cette archive a été modifiée ou abîmée. Première entrée qui ne tient pas : {entry}").format(
                    entry=found
                ),
            )
        else:
            self.notice.tell("success", _("Tout tombe juste dans cette archive."))
