"""The questions a team keeps by name: to save, rename, put away and put back; and those the program comes with."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.questions import Question, from_json, to_json
from epicerie_desktop.persistence.models import Account, SavedQuestion
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.questions import require_asker
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold

MOST_NAME = 80
"""Characters of a question's name."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A question kept: `asked` is its text, read by `from_json` when it is opened; `id` is None for an example of the program."""

    id: int | None
    name: str
    asked: str
    by: str = ""
    version: int = 0


@cache
def examples() -> tuple[Saved, ...]:
    """Return the questions the program comes with."""
    told = json.loads(paths.resource("questions.json").read_text("utf-8"))
    return tuple(Saved(None, e["name"], json.dumps(e["question"])) for e in told)


def saved_questions(desk: Desk) -> tuple[Saved, ...]:
    """Return the questions of the team by name, whoever saved them. Raises `RuleRefused` for a volunteer."""
    require_asker(desk)
    with desk.db.read() as session:
        rows = session.execute(
            select(SavedQuestion, Account.name)
            .join(Account, Account.id == SavedQuestion.made_by)
            .order_by(SavedQuestion.folded)
        )
        return tuple(Saved(q.id, q.name, q.asked, by, q.version) for q, by in rows)


def named_question(desk: Desk, name: str) -> Question:
    """Return a question by its name: one of the team's, else an example. Raises `BadInput` for none, what `from_json` raises."""
    wanted = fold(name)
    found = next((q for q in (*saved_questions(desk), *examples()) if fold(q.name) == wanted), None)
    if found is None:
        raise BadInput(N_("Aucune question ne s'appelle « {name} » : regardez leurs noms sur l'écran « Questions »."), name=name[:MOST_NAME])  # fmt: skip
    return from_json(found.asked)


def save_question(desk: Desk, name: str, asked: Question, saved: Saved | None = None) -> int:
    """Keep a question under a name, over `saved` where it is one of the team's; return its number.

    Raises `BadInput` without a name or for one already used, `RuleRefused` for who may not ask it, `Stale`.
    """
    require_asker(desk, asked)
    name = _named(name)
    with desk.db.write() as session:
        row = None if saved is None or saved.id is None else session.get(SavedQuestion, saved.id)
        if saved is not None and saved.id is not None and row is None:
            raise _gone()
        _refuse_twice(session, name, row)
        if row is None:
            row = SavedQuestion(uid=uuid.uuid4(), made_by=desk.actor.id)
            session.add(row)
        row.name, row.folded, row.asked = name, fold(name), to_json(asked)
        touch(row, desk, saved.version if saved is not None and saved.id is not None else None)
        session.flush()
        seal_in_journal(session, desk, "question_saved", {"question": row.id})
        return row.id


def rename_question(desk: Desk, saved: Saved, name: str) -> None:
    """Give a question another name. Raises `BadInput`, `Stale`, `RuleRefused` for a volunteer."""
    require_asker(desk)
    name = _named(name)
    with desk.db.write() as session:
        row = session.get(SavedQuestion, saved.id) if saved.id is not None else None
        if row is None:
            raise _gone()
        _refuse_twice(session, name, row)
        row.name, row.folded = name, fold(name)
        touch(row, desk, saved.version)
        session.flush()
        seal_in_journal(session, desk, "question_renamed", {"question": row.id})


def delete_question(desk: Desk, saved: Saved) -> None:
    """Take a question off the list; `put_back` undoes it. Raises `Stale`, `RuleRefused` for a volunteer."""
    require_asker(desk)
    with desk.db.write() as session:
        row = session.get(SavedQuestion, saved.id) if saved.id is not None else None
        if row is None:
            raise _gone()
        touch(row, desk, saved.version)
        seal_in_journal(session, desk, "question_deleted", {"question": row.id})
        session.delete(row)
        session.flush()


def put_back(desk: Desk, saved: Saved) -> int:
    """Put back a question just taken off, its text as it was, even one this program does not read; return its new number.

    Raises `BadInput` where another took its name meanwhile.
    """
    require_asker(desk)
    with desk.db.write() as session:
        name = _named(saved.name)
        _refuse_twice(session, name, None)
        row = SavedQuestion(
            uid=uuid.uuid4(), name=name, folded=fold(name), asked=saved.asked, made_by=desk.actor.id, version=1
        )
        stamp(row, desk)
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "question_saved", {"question": row.id})
        return row.id


def _named(name: str) -> str:
    told = checked_text(" ".join(name.split()), MOST_NAME)
    if not fold(told):
        raise BadInput(N_("Donnez un nom à cette question : c'est par lui qu'on la retrouvera."))
    return told


def _refuse_twice(session: Session, name: str, row: SavedQuestion | None) -> None:
    same = session.scalar(select(SavedQuestion.id).where(SavedQuestion.folded == fold(name)))
    if same is not None and (row is None or same != row.id):
        raise BadInput(N_("Une question s'appelle déjà ainsi : donnez un autre nom, ou ouvrez-la pour la changer."))


def _gone() -> RuleRefused:
    return Stale(N_("Cette question n'est plus dans la liste : quelqu'un l'a retirée. Enregistrez-la sous un nom."))
