"""Which files an account may see, and which file is meant after a merge. Every query that returns a name asks here.

A query that shows what is in a file reads it in a `reading` block and opens it with `open_in`: opening a reserved file is
told in the journal, by whichever door it was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.persistence.models import Account, Household, Journal, ReservedTo
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

_RESERVED = N_("Dossier réservé : voir {who}")

_MINE = aliased(ReservedTo)
_HIDDEN = Prepared(
    select(Household.id, Account.name)
    .outerjoin(ReservedTo, ReservedTo.household_id == Household.id)
    .outerjoin(Account, (Account.id == ReservedTo.account_id) & Account.active)
    .where(Household.reserved, Household.id.in_(bindparam("ids", expanding=True)))
    .where(~exists().where(_MINE.household_id == Household.id, _MINE.account_id == bindparam("actor")))
    .order_by(Account.name)
)
_ROOT = Prepared(select(Household.merged_into_id).where(Household.id == bindparam("household")))
_SOURCES = Prepared(select(Household.id).where(Household.merged_into_id == bindparam("household")))
_TARGET = aliased(Household)
_UNITED = Prepared(
    select(_TARGET.number)
    .join(Household, Household.merged_into_id == _TARGET.id)
    .where(Household.id == bindparam("household"))
)
_OPENED = "opened"
"""Where a `reading` block keeps the reserved files it opened."""
_LAST_ENTRIES = 2000
"""How far back an opening of the same day is looked for: a day at the counter writes less."""


def visible(desk: Desk) -> ColumnElement[bool]:
    """Return what holds for the households this account may see: not reserved, or reserved to it."""
    return or_(
        ~Household.reserved,
        exists().where(ReservedTo.household_id == Household.id, ReservedTo.account_id == desk.actor.id),
    )


def hidden_in(session: Session, desk: Desk, households: Sequence[int]) -> Mapping[int, str]:
    """Return the files, among these, that this account may not open, each with what is said in the place of a name."""
    return {h: gettext(_RESERVED).format(who=who) for h, who in keepers_in(session, desk, households).items()}


def keepers_in(session: Session, desk: Desk, households: Sequence[int]) -> Mapping[int, str]:
    """Return the files, among these, that this account may not open, each with the persons to see."""
    if not households:
        return {}
    named: dict[int, list[str]] = defaultdict(list)
    for r in _HIDDEN.rows(session, {"ids": list(households), "actor": desk.actor.id}):
        named[r.id] += [r.name] if r.name else []
    return {h: ", ".join(who) or gettext("la coordination") for h, who in named.items()}


def refuse_hidden(session: Session, desk: Desk, household: int) -> None:
    """Raise `RuleRefused`, naming whom to see, where this account may not open the file."""
    told = hidden_in(session, desk, [household]).get(household)
    if told is not None:
        raise RuleRefused(N_("{told}. Vous pouvez servir ce foyer, mais pas ouvrir son dossier."), told=told)


def refuse_merged(session: Session, household: int) -> None:
    """Raise `RuleRefused`, naming the file in use, where this one was merged into it: nothing more is written in it."""
    number = _UNITED.value(session, {"household": household})
    if number is not None:
        raise RuleRefused(
            N_("Ce dossier a été réuni au n° {number} : ouvrez celui-ci, puis recommencez."), number=number
        )


@contextmanager
def reading(desk: Desk) -> Iterator[Session]:
    """Give a session to read files with; the reserved ones opened in it are told in the journal before anything is shown.

    A file is told once a day and account: what counts is that it was opened, not how many of its pages were.
    """
    opened: set[int] = set()
    with desk.db.read() as session:
        session.info[_OPENED] = opened
        yield session
    if opened:
        _tell_opened(desk, sorted(opened))


def open_in(session: Session, desk: Desk, household: int) -> Household:
    """Return a file to read from, inside a `reading` block. Raises `RuleRefused`, naming whom to see, where it may not be."""
    refuse_hidden(session, desk, household)
    row = session.get_one(Household, household)
    opened: set[int] = session.info[_OPENED]
    if row.reserved:
        opened.add(household)
    return row


def _tell_opened(desk: Desk, households: Iterable[int]) -> None:
    told = {json.dumps({"household": h}, separators=(",", ":")): h for h in households}
    midnight = f"{desk.clock.today().isoformat()}T00:00:00Z"
    with desk.db.read() as session:
        last = (
            select(Journal)
            .where(Journal.post_id == desk.post.id)
            .order_by(Journal.seq.desc())
            .limit(_LAST_ENTRIES)
            .subquery()
        )
        known = session.scalars(
            select(last.c.body).where(
                last.c.kind == "household.opened", last.c.actor_id == desk.actor.id, last.c.at >= midnight
            )
        )
        for body in known:
            told.pop(body, None)
    if told:
        with desk.db.write() as session:
            for household in told.values():
                seal_in_journal(session, desk, "household.opened", {"household": household})


def root_in(session: Session, household: int) -> int:
    """Return the file in use: itself, or the one it was merged into."""
    found = _ROOT.value(session, {"household": household})
    return household if found is None else int(found)


def family_in(session: Session, household: int) -> list[int]:
    """Return a file and those merged into it: their tickets weigh on the same ceilings."""
    return [household, *(r.id for r in _SOURCES.rows(session, {"household": household}))]


def merged_in(session: Session) -> Mapping[int, int]:
    """Return every file merged into another, with that other."""
    rows = session.execute(select(Household.id, Household.merged_into_id).where(Household.merged_into_id.is_not(None)))
    return {r.id: r.merged_into_id for r in rows}
