"""The hours volunteers give: those of a month in a list, noted in a few keys, cancelled by a contrary line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.volunteers import QUARTER, VolunteerTask, hundredths, minutes_of
from epicerie_desktop.services import volunteers
from epicerie_desktop.services.queries.agenda import WorkerRow, workers
from epicerie_desktop.services.volunteers import HoursForm, HoursRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_MONTHS = 24


def hours_text(minutes: int) -> str:
    """Return « 2,50 h »."""
    return _("{hours} h").format(hours=shown.plain_money(hundredths(minutes)))


def _typed(minutes: int) -> str:
    """Return a duration as a person types it: « 2 », « 2h30 »."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest:02d}" if rest else str(hours)


class HoursPage(GesturePage):
    """A month of hours; F10 notes some, Del cancels a line."""

    tables: ClassVar[frozenset[str]] = frozenset({"volunteer_hours", "account"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        today = self.desk.clock.today()
        self.accounts: tuple[WorkerRow, ...] = ()
        self.told = Notice("info", closable=True, parent=self)
        self.month = QComboBox()
        self.month.setAccessibleName(_("Mois"))
        for n in range(_MONTHS):
            first = _month(today, n)
            name = shown.month(f"{first:%Y-%m}")
            self.month.addItem(f"{name[:1].upper()}{name[1:]}", first)
        self.sum = label("", "strong")
        self.table: RowsTable[HoursRow] = RowsTable(
            (
                Column(_("Jour"), lambda h: h.day, shown.day), Column(_("Qui"), lambda h: h.who, bold=True),
                Column(_("Tâche"), lambda h: called(h.task)), Column(_("Heures"), lambda h: h.minutes, hours_text, "right"),
                Column("", lambda _h: "", stretch=True),
            ),
            lambda h: h.id, name=_("Heures de bénévolat"), empty=_("Aucune heure notée ce mois-ci."), sortable=False,
        )  # fmt: skip
        self.note = ActionButton(_("Noter des heures"), "F10", "plus", "primary")
        self.cancel = ActionButton(_("Annuler cette ligne"), "Ctrl+D", "undo-2")
        whole = column(
            row(self.month, self.sum, None), self.told, self.table, row(self.cancel, None, self.note), spacing=12
        )
        whole.setStretchFactor(self.table, 1)
        self.setLayout(whole)
        self.month.currentIndexChanged.connect(self.refresh)
        self.note.clicked.connect(self._on_note)
        self.cancel.clicked.connect(self._on_cancel)

    def first_field(self) -> QWidget | None:
        """Return the list of hours."""
        return self.table

    @Slot()
    def refresh(self) -> None:
        """Read the hours of the month chosen, and who may have given some."""
        desk, first = self.desk, self.month.currentData()
        last = date.fromordinal(_month(first, -1).toordinal() - 1)
        self.ask(lambda: (volunteers.hours_between(desk, first, last), workers(desk)), self._show, key="hours")

    def _show(self, found: tuple[tuple[HoursRow, ...], tuple[WorkerRow, ...]]) -> None:
        rows, self.accounts = found
        self.table.set_rows(rows)
        self.table.size_columns()
        self.sum.setText(_("Ensemble : {hours}").format(hours=hours_text(sum(r.minutes for r in rows))))
        self.cancel.setEnabled(bool(rows))

    @Slot()
    def _on_note(self) -> None:
        self.open_dialog(HoursDialog(self, self.accounts))

    @Slot()
    def _on_cancel(self) -> None:
        line, desk = self.table.current, self.desk
        if line is None:
            return
        told = _("{who}, le {day} : {hours}.").format(
            who=line.who, day=shown.day(line.day), hours=hours_text(line.minutes)
        )
        if ask_confirm(self, _("Annuler ces heures ?"), told, _("Annuler ces heures"), _("Les garder")):
            self.act(
                partial(volunteers.cancel_hours, desk, line.id),
                lambda _none: self.told.tell("success", _("Heures annulées.")), partial(self.told.tell, "error"),
            )  # fmt: skip


def _month(day: date, before: int) -> date:
    """Return the first day of the month so many months before that of `day`."""
    count = day.year * 12 + day.month - 1 - before
    return date(count // 12, count % 12 + 1, 1)


class HoursDialog(WritingDialog):
    """A day, somebody, how long, what for: the last one stays proposed, so that a team is noted in a row."""

    def __init__(self, page: GesturePage, accounts: tuple[WorkerRow, ...]) -> None:
        super().__init__(
            page, _("Noter des heures"),
            _("Un compte, ou un nom d'équipe (« Équipe du mardi »). Rien d'autre sur la personne."), _("Noter"),
        )  # fmt: skip
        self.day = DayField(page.desk.clock.today())
        self.who, self.named, self.task = QComboBox(), FieldFrame(), QComboBox()
        self.long: ValueField[int] = ValueField(minutes_of, _typed, required=True, suffix=_("h"), say=hours_text)
        self.who.addItem(_("Un nom d'équipe"), None)
        for account in accounts:
            self.who.addItem(account.name, account.id)
        for task in VolunteerTask:
            self.task.addItem(called(task), task)
        self.named.set_hint(_("par exemple : Équipe du mardi"))
        self.long.set_hint(_("par quart d'heure : 2,5 ou 2h30"))
        self.body.addLayout(row(FormRow(_("Jour"), self.day), FormRow(_("Durée"), self.long), spacing=12))
        self.body.addLayout(row(FormRow(_("Qui"), self.who), FormRow(_("Nom d'équipe"), self.named), spacing=12))
        self.body.addWidget(FormRow(_("Tâche"), self.task))
        self.body.addWidget(self.notice)
        self.who.currentIndexChanged.connect(self._on_who)
        self.long.set_value(4 * QUARTER)
        self.long.setFocus()

    @Slot()
    def _on_who(self) -> None:
        self.named.setEnabled(self.who.currentData() is None)
        if self.who.currentData() is not None:
            self.named.clear()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where a field is wrong and says so."""
        if not (self.day.check() and self.long.check()):
            return None
        account = self.who.currentData()
        if account is None and not self.named.text.strip():
            self.named.show_error(_("Dites qui a donné ces heures."))
            self.named.setFocus()
            return None
        form = HoursForm(
            self.day.value or self.page.desk.clock.today(), self.long.value or 0, VolunteerTask(self.task.currentData()), account,
            "" if account is not None else self.named.text,
        )  # fmt: skip
        return partial(volunteers.note_hours, self.page.desk, form)
