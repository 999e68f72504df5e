"""What the day recalls: appointments, exceptional visits to validate, rights about to end. First name and initial only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.till.parts import button, label

if TYPE_CHECKING:
    from epicerie_desktop.services.queries.agenda import AgendaRow
    from epicerie_desktop.services.queries.ending import EndingRight
    from epicerie_desktop.services.queries.exceptional import ExceptionalRow

SOON_DAYS = 15
"""How long before its end a right is recalled at the counter."""


@dataclass(frozen=True, slots=True)
class DayReminders:
    """What a day recalls."""

    slots: tuple[AgendaRow, ...]
    exceptional: tuple[ExceptionalRow, ...]
    ending: tuple[EndingRight, ...]


def read_reminders(desk: Desk) -> DayReminders:
    """Return what today recalls; what waits to be validated is read only for who may validate it."""
    # The window opens without these queries: they come with the first reading.
    from epicerie_desktop.domain.agenda import AppointmentState
    from epicerie_desktop.services.queries.agenda import agenda
    from epicerie_desktop.services.queries.ending import rights_to_renew
    from epicerie_desktop.services.queries.exceptional import exceptional_to_validate

    may_validate = desk.social_key is not None
    # The counter's screen faces the door: whoever works at it, it shows first names and initials.
    desk = replace(desk, social_key=None)
    waiting = exceptional_to_validate(desk) if may_validate else ()
    today = desk.clock.today()
    slots = tuple(s for s in agenda(desk, today, today) if s.state is AppointmentState.PLANNED and not s.locked)
    return DayReminders(slots, waiting, rights_to_renew(desk, before=SOON_DAYS, after=0))


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    name: str
    number: str
    when: str
    grant: int = 0


def _rows(found: DayReminders) -> list[_Row]:
    rows = [_Row(f"s{s.id}", s.who, s.number, _("à {hour}").format(hour=shown.hour(s.at))) for s in found.slots]
    rows += [_Row(f"x{x.grant}", x.name, x.number, _("à valider"), x.grant) for x in found.exceptional]
    rows += [_Row(f"e{e.household}", e.holder, e.number, _ends(e.left)) for e in found.ending]
    return rows


def _ends(days: int) -> str:
    return _("reste {days} j").format(days=days) if days else _("finit ce soir")


class RemindersPane(QFrame):
    """A short list below the households expected; hidden when nothing is recalled."""

    household_asked = Signal(str)
    validate_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title = label("section")
        self.validate_button = button(_("Valider le passage"), "F2", icon="check")
        self.table: RowsTable[_Row] = RowsTable(
            (
                Column(_("Foyer"), lambda r: r.name, stretch=True),
                Column(_("Numéro"), lambda r: r.number),
                Column("", lambda r: r.when),
            ),
            lambda r: r.key, name=_("Rappels du jour"), sortable=False, empty="",
        )  # fmt: skip
        self._first = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        column.addWidget(self.validate_button)
        self.table.opened.connect(self._on_opened)
        self.validate_button.clicked.connect(self.validate_first)
        self.hide()

    def show_reminders(self, found: DayReminders, today: date, *, may_validate: bool) -> None:
        """Show what a day recalls; `may_validate` is for an account that decides."""
        rows = _rows(found)
        self.table.set_rows(rows)
        self.table.size_columns()
        self.setVisible(bool(rows))
        ending = len(found.ending)
        words = ngettext("{n} droit se termine bientôt", "{n} droits se terminent bientôt", ending).format(n=ending)
        self.title.setText(words if ending == len(rows) else _("Rappels du jour"))
        waiting = [x for x in found.exceptional if x.day < today] or list(found.exceptional)
        self._first = waiting[0].grant if waiting else 0
        self.validate_button.setVisible(may_validate and bool(self._first))

    @Slot()
    def validate_first(self) -> None:
        """Ask to validate the exceptional visit chosen, or the first that waits."""
        row = self.table.current
        grant = row.grant if row is not None and row.grant else self._first
        if grant and not self.validate_button.isHidden():
            self.validate_asked.emit(grant)

    @Slot(object)
    def _on_opened(self, row: _Row) -> None:
        self.household_asked.emit(row.number)
