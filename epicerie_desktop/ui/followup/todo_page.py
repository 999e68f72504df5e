"""« À faire »: tasks and all that comes to its end, across households, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.followup import Due, DueKind, days_late
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.agenda import WorkerRow, workers
from epicerie_desktop.services.queries.counter import FoundHousehold
from epicerie_desktop.services.queries.followup import WITHIN_DAYS, worker_agenda
from epicerie_desktop.services.support import tasks
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.followup.page import FollowUpPage
from epicerie_desktop.ui.followup.picker import PickDialog
from epicerie_desktop.ui.followup.task_forms import TaskDialog, TaskSubject
from epicerie_desktop.ui.stock.parts import fit_columns
from epicerie_desktop.ui.support.forms import enabled_by

if TYPE_CHECKING:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen

_SPANS = (7, 15, WITHIN_DAYS, 60, 90)
_OPENS = {
    DueKind.TASK: "tasks", DueKind.APPOINTMENT: "appointments", DueKind.OBLIGATION: "appointments", DueKind.REVIEW: "ending",
    DueKind.PAPER: "papers", DueKind.PROXY: "engagements", DueKind.OBJECTIVE: "projects",
}  # fmt: skip
"""The page of the support file that each kind opens."""

Read = tuple[tuple[Due, ...], tuple[WorkerRow, ...]]


class TodoPage(FollowUpPage):
    """What is late first; Enter opens the file at the right page."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "task", "appointment", "access_grant", "support_file", "paper", "undertaking", "objective", "attendance",
            "review", "household", "person",
        }
    )  # fmt: skip

    def __init__(self, screen: FollowUpScreen) -> None:
        super().__init__(screen)
        self.workers: tuple[WorkerRow, ...] = ()
        self.within = QComboBox()
        self.within.setAccessibleName(_("Jusqu'à quand"))
        for days in _SPANS:
            self.within.addItem(_("Dans les {n} jours").format(n=days), days)
        self.within.setCurrentIndex(_SPANS.index(WITHIN_DAYS))
        self.summary = label("", "strong", wrap=False)
        self.table = self._table()
        self.done = ActionButton(_("C'est fait"), "F7", "check")
        self.change = ActionButton(_("Modifier"), "F6", "pencil")
        self.new_shop = ActionButton(_("Tâche sans foyer"), "F4", "plus")
        self.new = ActionButton(_("Tâche pour un foyer"), "F3", "plus", "primary")
        self.lines.addLayout(row(label(_("Ce qui arrive"), "label", wrap=False), self.within, self.summary, None))
        self.detail = label("", "soft")
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(self.detail)
        self.foot(self.done, self.change, self.new_shop, self.new)
        self.within.currentIndexChanged.connect(self._on_within)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.done.clicked.connect(self._on_done)
        self.change.clicked.connect(self._on_change)
        self.new_shop.clicked.connect(self._on_new_shop)
        self.new.clicked.connect(self._on_new)
        self._on_chosen(None)

    def _table(self) -> RowsTable[Due]:
        return RowsTable(
            (
                Column(_("Échéance"), lambda d: d.day, lambda day: shown.day(day) if day else "–", tone=self._tone),
                Column(_("Quand"), self._late, tone=self._tone),
                Column(_("Quoi"), lambda d: called(d.kind)),
                Column(_("Détail"), lambda d: d.text, stretch=True),
                Column(_("Foyer"), lambda d: d.number),
                Column(_("Qui"), lambda d: d.who),
                Column(_("Pour"), lambda d: d.worker),
            ),
            lambda d: (d.kind, d.id), name=_("À faire"), empty=_("Rien à faire dans ce délai."), sortable=False,
        )  # fmt: skip

    def key_made(self, made: int) -> Hashable:
        """Return the key of a task just written."""
        return DueKind.TASK, made

    def _late(self, due: Due) -> str:
        late = days_late(due, self.desk.clock.today())
        if due.day is None:
            return ""
        if late > 0:
            return ngettext("{n} jour de retard", "{n} jours de retard", late).format(n=late)
        if late == 0:
            return _("aujourd'hui")
        return ngettext("dans {n} jour", "dans {n} jours", -late).format(n=-late)

    def _tone(self, due: Due) -> str | None:
        late = days_late(due, self.desk.clock.today())
        return None if due.day is None else "no" if late > 0 else "ask" if late == 0 else None

    # -- reading -------------------------------------------------------------------------------------------------------

    def query(self) -> Callable[[], Read]:
        """Return the reading of the list."""
        desk, days = self.desk, _SPANS[self.within.currentIndex()]
        return lambda: (worker_agenda(desk, days), workers(desk))

    def show_read(self, answer: Read) -> None:
        """Show the list, and how much of it is late."""
        rows, self.workers = answer
        self.table.set_rows(rows)
        self.table.size_columns()
        self.fit()
        late = sum(1 for d in rows if d.day is not None and days_late(d, self.desk.clock.today()) > 0)
        told = ngettext("{n} en retard", "{n} en retard", late).format(n=late)
        self.summary.setText(told if late else "")
        self._on_chosen(self.table.current)

    def fit(self) -> None:
        """Keep room for the words: whose it is, then the number, go first."""
        fit_columns(self.table, (6, 4, 0), 230)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot()
    def _on_within(self) -> None:
        self.refresh()

    # -- gestures ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_chosen(self, due: Due | None) -> None:
        enabled_by(due is not None and due.kind is DueKind.TASK, self.done, self.change)
        told = (called(due.kind), due.text, due.who, due.worker) if due is not None else ()
        self.detail.setText(" · ".join(words for words in told if words))

    @Slot(object)
    def _on_opened(self, due: Due) -> None:
        if due.household is None:
            self._on_change()
        elif due.kind is DueKind.RIGHT:
            self.owner.go("right", household=due.household)
        else:
            self.owner.go("support", household=due.household, page=_OPENS[due.kind], back="followup")

    @Slot()
    def _on_done(self) -> None:
        due = self.table.current
        if due is not None and due.kind is DueKind.TASK:
            self.act(partial(tasks.finish_task, self.desk, due.id, due.version), self._on_finished)

    def _on_finished(self, _done: None) -> None:
        self.tell(_("C'est fait : la tâche quitte la liste. Elle reste dans le dossier."))

    @Slot()
    def _on_change(self) -> None:
        due = self.table.current
        if due is not None and due.kind is DueKind.TASK:
            worker = next((w.id for w in self.workers if w.name == due.worker), None)
            name = f"{due.who} · {due.number}" if due.household is not None else ""
            subject = TaskSubject(due.household, name, due.id, due.version, due.text, due.day, worker)
            self.open_dialog(TaskDialog(self, self.workers, subject))

    @Slot()
    def _on_new_shop(self) -> None:
        self.open_dialog(TaskDialog(self, self.workers, TaskSubject()))

    @Slot()
    def _on_new(self) -> None:
        self.open_dialog(PickDialog(self, _("Une tâche pour quel foyer ?"), self._new_for))

    def _new_for(self, found: FoundHousehold) -> None:
        subject = TaskSubject(found.id, f"{found.holder} · {found.number}")
        self.open_dialog(TaskDialog(self, self.workers, subject))
