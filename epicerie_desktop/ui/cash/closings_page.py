"""The closings of the till: what was taken since the last one, the days, months and years closed, the archive of a year."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.services.papers_made import PaperKey
from epicerie_desktop.services.queries.drawer import ClosingRow, ClosingsView, closings_now
from epicerie_desktop.services.till.archive import archive_year, verify_file
from epicerie_desktop.services.till.closings import close_day
from epicerie_desktop.services.till.papers import print_reading, reading_pdf
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.closed_papers import look_at_closed, note_out
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
        self.reading = ActionButton(_("Lecture (X)"), "F5", icon="printer")
        self.paper = ActionButton(_("Papier de la clôture (Z)"), "F6", icon="printer")
        self.roll_x = ActionButton(_("X sur le rouleau"), "Shift+F5", icon="receipt", kind="quiet")
        self.roll_z = ActionButton(_("Z sur le rouleau"), "Shift+F6", icon="receipt", kind="quiet")
        self.close_button = ActionButton(_("Clore maintenant"), "F12", icon="check", kind="primary")
        self.archive = ActionButton(_("Archiver l'année"), "F7", icon="usb", kind="quiet")
        self.verify = ActionButton(_("Vérifier une archive"), "F8", icon="shield-check", kind="quiet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addLayout(row(self.tickets, self.paid, self.means))
        whole.addLayout(row(self.reading, self.paper, self.roll_x, self.roll_z, None))
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.archive, self.verify, None, self.close_button))
        self.close_button.clicked.connect(self._on_close)
        self.reading.clicked.connect(self._on_reading)
        self.paper.clicked.connect(self._on_paper)
        self.roll_x.clicked.connect(self._on_roll_x)
        self.roll_z.clicked.connect(self._on_roll_z)
        self.table.opened.connect(self._on_opened)
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

        for roll in (self.roll_x, self.roll_z):
            roll.setVisible(bool(self.owner.context.settings.ticket_printer))

    @Slot()
    def _on_reading(self) -> None:
        make = partial(reading_pdf, self.desk)
        look_at_closed(self.owner, make, _("Lecture de la caisse (X)"), _("lecture-de-caisse"))

    @Slot()
    def _on_paper(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._on_opened(chosen)

    @Slot(object)
    def _on_opened(self, closing: ClosingRow) -> None:
        name = _("cloture-{kind}-{number}").format(kind=called(closing.kind), number=closing.number)
        look_at_closed(self.owner, partial(reading_pdf, self.desk, closing.id), _("Clôture"), name)

    def _chosen(self) -> ClosingRow | None:
        found = self.table.current
        if found is None:
            self.notice.tell("info", _("Choisissez une clôture dans la liste."))
        return found

    @Slot()
    def _on_roll_x(self) -> None:
        self._print(None)

    @Slot()
    def _on_roll_z(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._print(chosen.id)

    def _print(self, closing: int | None) -> None:
        self.owner.work(partial(print_reading, self.desk, closing, self.owner.context.settings), self._on_printed)

    def _on_printed(self, papers: tuple[PaperKey, ...]) -> None:
        note_out(self.owner, papers)
        self.notice.tell("success", _("C'est imprimé."))

    @Slot()
    def _on_close(self) -> None:
        self.act(partial(close_day, self.desk), self._on_closed)

    def _on_closed(self, _closing: int) -> None:
        self.notice.tell(
            "success",
            _(
                "La caisse est close jusqu'à maintenant : ce qui suit ira dans la prochaine clôture. F6 montre son papier."
            ),
        )
        self.table.setFocus()

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
