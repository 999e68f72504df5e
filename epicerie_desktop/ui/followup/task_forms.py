"""The question about a task: what, for whom, by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from epicerie_desktop.services.queries.agenda import WorkerRow
from epicerie_desktop.services.support import tasks
from epicerie_desktop.services.support.tasks import TaskForm
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.followup.fields import WorkerBox
from epicerie_desktop.ui.support.forms import OfficeDialog, OptionalDayField
from epicerie_desktop.ui.support.page import OfficePage


@dataclass(frozen=True, slots=True)
class TaskSubject:
    """The task a question is about: a new one (`id` None) or one not yet done; `name` is the household's, empty for none."""

    household: int | None = None
    name: str = ""
    id: int | None = None
    version: int | None = None
    text: str = ""
    due_on: date | None = None
    worker: int | None = None


class TaskDialog(OfficeDialog):
    """Note a task, or change one."""

    def __init__(self, page: OfficePage, workers: Sequence[WorkerRow], subject: TaskSubject) -> None:
        title = _("Nouvelle tâche") if subject.id is None else _("Changer cette tâche")
        super().__init__(page, title, _("Enregistrer"), subject.name or _("Pour l'épicerie, sans foyer."))
        self.subject = subject
        self.done_text = _("La tâche est notée.")
        self.text = self.add(_("À faire"), FieldFrame())
        self.text.line.setText(subject.text)
        self.due = OptionalDayField(subject.due_on, near=page.desk.clock.today())
        mine = subject.worker if subject.id is not None else page.desk.actor.id
        self.with_whom = WorkerBox(workers, mine, _("Qui la voit en premier"))
        self.add_side_by_side((_("Avant le (vide : sans date)"), self.due), (_("Pour"), self.with_whom))
        self.ready()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the task."""
        s = self.subject
        form = TaskForm(self.text.text, self.due.value, s.household, self.with_whom.worker, s.id, s.version)
        return partial(tasks.save_task, self.page.desk, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None
