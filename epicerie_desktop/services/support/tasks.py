"""Tasks of a worker, for a household or for the shop: what is to do is sealed, by when and whose it is are not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Task
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import check_worker, seal_json
from epicerie_desktop.services.support.common import checked_day
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_SIGNS = 400


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A task as typed: `household` None for one of the shop's, `worker` None for whoever reads it first."""

    text: str
    due_on: date | None = None
    household: int | None = None
    worker: int | None = None
    id: int | None = None
    version: int | None = None


def save_task(desk: Desk, form: TaskForm) -> int:
    """Note a task or change one not yet done; return its id. Raises `RuleRefused`, `BadInput` for an empty text, `Stale`."""
    check_worker(desk)
    text = checked_text(form.text, MOST_SIGNS)
    if not text:
        raise BadInput(N_("Dites en quelques mots ce qui est à faire."))
    if form.due_on is not None:
        checked_day(desk, form.due_on, future=True)
    with desk.db.write() as session:
        if form.household is not None:
            file_in(session, desk, form.household)
        row = session.get_one(Task, form.id) if form.id is not None else Task(uid=uuid.uuid4())
        if row.household_id is not None:
            file_in(session, desk, row.household_id)
        if row.done_at is not None:
            raise RuleRefused(N_("Cette tâche est déjà faite : notez-en plutôt une nouvelle."))
        touch(row, desk, form.version)
        row.household_id, row.worker_id, row.due_on = form.household, form.worker, form.due_on
        row.sealed = seal_json(desk, "task", row.uid, {"text": text})
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "task", {"task": row.id, "household": row.household_id})
        return row.id


def finish_task(desk: Desk, task: int, version: int | None, *, done: bool = True) -> None:
    """Say a task is done, or to do again (`done` False). Raises `RuleRefused` without the second key, `Stale`."""
    check_worker(desk)
    with desk.db.write() as session:
        row = session.get_one(Task, task)
        if row.household_id is not None:
            file_in(session, desk, row.household_id)
        touch(row, desk, version)
        row.done_at = desk.clock.now() if done else None
        seal_in_journal(
            session, desk, "task_done" if done else "task_again", {"task": row.id, "household": row.household_id}
        )
