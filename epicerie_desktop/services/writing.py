"""What several gestures do inside their own transaction: number a paper, seal a fact in the journal, check a version."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from epicerie_desktop.domain import journal as chain
from epicerie_desktop.persistence.models import Journal, NumberSeries
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.persistence.prepared import Prepared
from epicerie_desktop.persistence.types import instant_text
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import Stale
from epicerie_desktop.support.i18n import N_

_JOURNAL, _SERIES = table_of(Journal), table_of(NumberSeries)
_HEAD = Prepared(
    select(_JOURNAL.c.seq, _JOURNAL.c.digest)
    .where(_JOURNAL.c.post_id == bindparam("post"))
    .order_by(_JOURNAL.c.seq.desc())
    .limit(1)
)
_ENTRY = Prepared(insert(_JOURNAL))
_NEXT = Prepared(
    update(_SERIES)
    .where(_SERIES.c.post_id == bindparam("post"), _SERIES.c.kind == bindparam("series"))
    .values(last=_SERIES.c.last + 1)
    .returning(_SERIES.c.last)
)
_FIRST = Prepared(insert(_SERIES))


def next_number(session: Session, desk: Desk, kind: str) -> int:
    """Return the next number of a series of this post, taken in the caller's transaction: no gap, no double."""
    found = _NEXT.value(session, {"post": desk.post.id, "series": kind})
    if found is not None:
        return int(found)
    _FIRST.run(session, {"post_id": desk.post.id, "kind": kind, "last": 1})
    return 1


def next_of_shop(session: Session, numbers: InstrumentedAttribute[int]) -> int:
    """Return the number after the last of a column, whichever post wrote it: a book of the whole shop, whose rows are never erased."""
    return int(session.scalar(select(func.coalesce(func.max(numbers), 0))) or 0) + 1


def seal_in_journal(session: Session, desk: Desk, kind: str, body: dict[str, Any]) -> int:
    """Append an entry to this post's chain and return its number. `body` holds ids, grams, cents: never a name."""
    head = _HEAD.row(session, {"post": desk.post.id})
    seq, prev = (head.seq + 1, head.digest) if head else (1, chain.GENESIS)
    at = instant_text(desk.clock.now())
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = chain.digest(desk.post.number, seq, at, desk.actor.id, kind, text, prev)
    _ENTRY.run(
        session,
        {
            "post_id": desk.post.id, "seq": seq, "at": at, "actor_id": desk.actor.id, "kind": kind, "body": text, "prev": prev,
            "digest": digest,
        },
    )  # fmt: skip
    return seq


def touch(row: Any, desk: Desk, version: int | None) -> None:
    """Raise the version of an edited row. Raises `Stale` when someone else saved it since `version` was read."""
    if version is not None and row.version != version:
        raise Stale(
            N_(
                "Quelqu'un d'autre a modifié cette fiche pendant ce temps. Rouvrez-la pour voir ses changements, puis refaites les vôtres."
            )
        )
    row.version = (row.version or 0) + 1
    stamp(row, desk)


def stamp(row: Any, desk: Desk) -> None:
    """Write who changed the row and when."""
    row.changed_at = desk.clock.now()
    row.changed_by = desk.actor.id
