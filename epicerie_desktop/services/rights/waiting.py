"""The waiting list: putting a household down, calling it when a place is free, and noting that it gave up."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.waiting import LeftFor
from epicerie_desktop.persistence.models import Assessment, Task, WaitingEntry
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

CALL_WITHIN_DAYS = 7
"""How soon a household called is to be received."""


def put_on_list(desk: Desk, household: int, *, since: date | None = None, urgent: bool = False) -> int:
    """Put a household down, with its last statement if any, and return the entry.

    Raises `RuleRefused` for a household already waiting or whose file is closed; `BadInput` for a day to come.
    """
    require_team(desk)
    day = since or desk.clock.today()
    if day > desk.clock.today():
        raise BadInput(N_("Cette date est dans le futur."))
    with desk.db.write() as session:
        if file_in(session, desk, household).closed_on is not None:
            raise RuleRefused(N_("Ce dossier est fermé."))
        there = select(WaitingEntry.id).where(WaitingEntry.household_id == household, WaitingEntry.left_on.is_(None))
        if session.execute(there).first():
            raise RuleRefused(N_("Ce foyer est déjà sur la liste d'attente."))
        assessment = session.scalars(
            select(Assessment.id).where(Assessment.household_id == household).order_by(Assessment.id.desc()).limit(1)
        ).first()
        row = WaitingEntry(household_id=household, assessment_id=assessment, since=day, urgent=urgent)
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "waiting",
            {"entry": row.id, "household": household, "since": day.isoformat(), "urgent": urgent},
        )  # fmt: skip
        return row.id


def leave_list(desk: Desk, entry: int, why: LeftFor) -> int:
    """Take a household off the list and return it. One that is called becomes a task to receive it within a week.

    Raises `RuleRefused` where it no longer waits. Without the second key the task, which is sealed, is not written.
    """
    require_team(desk)
    today = desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(WaitingEntry, entry)
        file_in(session, desk, row.household_id)
        if row.left_on is not None:
            raise RuleRefused(N_("Ce foyer n'est plus sur la liste d'attente."))
        row.left_on, row.left_for = today, why.value
        if why is LeftFor.CALLED and desk.social_key is not None:
            _receive_in(session, desk, row.household_id)
        session.flush()
        seal_in_journal(
            session, desk, "waiting.left", {"entry": entry, "household": row.household_id, "for": why.value}
        )  # fmt: skip
        return row.household_id


def _receive_in(session: Session, desk: Desk, household: int) -> None:
    task = Task(uid=uuid.uuid4(), household_id=household, due_on=desk.clock.today() + timedelta(days=CALL_WITHIN_DAYS))
    text = gettext(N_("Une place est libre : recevoir ce foyer, revoir sa situation et décider de son droit."))
    task.sealed = seal_json(desk, "task", task.uid, {"text": text})
    touch(task, desk, None)
    session.add(task)
