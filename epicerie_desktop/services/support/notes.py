"""Notes of a worker: written once, sealed; one that is wrong is struck out, and another is written."""

from __future__ import annotations

import uuid
from datetime import date

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Note
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import check_worker, seal_json
from epicerie_desktop.services.support.common import checked_day
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_SIGNS = 8000


def write_note(desk: Desk, household: int, text: str, day: date | None = None) -> int:
    """Write a note about a day (today by default) and return its id.

    Raises `RuleRefused` without the second key or on a reserved file, `BadInput` for an empty text, one too long, one that holds
    a social security number, or a day to come.
    """
    check_worker(desk)
    kept = checked_text(text, MOST_SIGNS)
    if not kept:
        raise BadInput(N_("Cette note est vide : écrivez au moins un mot."))
    about, uid = checked_day(desk, day or desk.clock.today()), uuid.uuid4()
    with desk.db.write() as session:
        file_in(session, desk, household)
        row = Note(
            uid=uid, household_id=household, day=about, sealed=seal_json(desk, "note", uid, {"text": kept}),
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "note", {"note": row.id, "household": household})
        return row.id


def strike_note(desk: Desk, note: int) -> None:
    """Strike a note out: it stays readable, struck. Raises `RuleRefused`: already struck, no second key, a reserved file."""
    check_worker(desk)
    with desk.db.write() as session:
        row = session.get_one(Note, note)
        file_in(session, desk, row.household_id)
        if row.struck_at is not None:
            raise RuleRefused(N_("Cette note est déjà rayée."))
        row.struck_at = desk.clock.now()
        seal_in_journal(session, desk, "note_struck", {"note": row.id, "household": row.household_id})
