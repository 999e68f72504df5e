"""The tasks and reminders of one household."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.followup import Due, DueKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.agenda import WorkerRow, workers
from epicerie_desktop.services.queries.followup import TaskRow, household_tasks, worker_agenda
from epicerie_desktop.services.support import tasks
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.followup.task_forms import TaskDialog, TaskSubject
from epicerie_desktop.ui.support.forms import enabled_by
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen

_WITHIN_DAYS = 90
Read = tuple[tuple[TaskRow, ...], tuple[Due, ...], tuple[WorkerRow, ...]]


class TasksPage(SupportPage):
    """What is to do, what was done, and above them what ends within three months."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "task",
            "appointment",
            "access_grant",
            "support_file",
            "paper",
            "undertaking",
            "objective",
            "attendance",
            "review",
        }
    )

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.workers: tuple[WorkerRow, ...] = ()
        self.ends = label("")
        today = self.desk.clock.today()
        self.table: RowsTable[TaskRow] = RowsTable(
            (
                Column(
                    _("Échéance"), lambda t: t.due_on, lambda day: shown.day(day) if day else "–",
                    tone=lambda t: "no" if t.done_on is None and t.due_on is not None and t.due_on < today else None,
                ),
                Column(_("À faire"), lambda t: t.text, stretch=True, tone=lambda t: "ink_soft" if t.done_on else None),
                Column(_("Pour"), self._whose),
                Column(_("Fait le"), lambda t: t.done_on, lambda day: shown.day(day) if day else ""),
            ),
            lambda t: t.id, name=_("Tâches du foyer"), empty=_("Aucune tâche. F3 en note une."), sortable=False,
        )  # fmt: skip
        self.done = ActionButton(_("C'est fait"), "F7", "check")
        self.change = ActionButton(_("Modifier"), "F6", "pencil")
        self.new = ActionButton(_("Nouvelle tâche"), "F3", "plus", "primary")
        self.lines.addWidget(self.ends)
        self.lines.addWidget(self.table, 1)
        self.foot(self.done, self.change, self.new)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_change)
        self.done.clicked.connect(self._on_done)
        self.change.clicked.connect(self._on_change)
        self.new.clicked.connect(self._on_new)
        self._on_chosen(None)

    def _whose(self, t: TaskRow) -> str:
        return next((w.name for w in self.workers if w.id == t.worker), "")

    def query(self) -> Callable[[], Read]:
        """Return the reading of the page."""
        desk, household = self.desk, self.household
        return lambda: (household_tasks(desk, household), worker_agenda(desk, _WITHIN_DAYS, household), workers(desk))

    def show_read(self, answer: Read) -> None:
        """Show the tasks, and what ends."""
        rows, dues, self.workers = answer
        told = [
            f"{called(d.kind)} : {shown.day(d.day)}" + (f" ({d.text})" if d.text else "")
            for d in dues if d.kind is not DueKind.TASK and d.day is not None
        ]  # fmt: skip
        self.ends.setText("\n".join(told))
        self.ends.setVisible(bool(told))
        self.fill(self.table, rows)
        self._on_chosen(self.table.current)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot(object)
    def _on_chosen(self, t: TaskRow | None) -> None:
        enabled_by(t is not None, self.done)
        enabled_by(t is not None and t.done_on is None, self.change)
        self.done.set_text(_("À refaire") if t is not None and t.done_on else _("C'est fait"))

    def _name(self) -> str:
        return f"{self.head.holder} · {self.head.number}" if self.head is not None else ""

    @Slot()
    def _on_new(self) -> None:
        self.open_dialog(TaskDialog(self, self.workers, TaskSubject(self.household, self._name())))

    @Slot()
    def _on_change(self) -> None:
        t = self.table.current
        if t is not None and t.done_on is None:
            subject = TaskSubject(self.household, self._name(), t.id, t.version, t.text, t.due_on, t.worker)
            self.open_dialog(TaskDialog(self, self.workers, subject))

    @Slot()
    def _on_done(self) -> None:
        t = self.table.current
        if t is not None:
            self.act(partial(tasks.finish_task, self.desk, t.id, t.version, done=t.done_on is None))
