"""Papers of closed figures: made again each time, never kept as files; the second time they leave the program they are copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import PaperMade
from epicerie_desktop.services.desk import Desk


class PaperKind(StrEnum):
    """The papers whose copies are told."""

    MONTH_SHEET = "MONTH_SHEET"
    TILL_CLOSING = "TILL_CLOSING"
    TILL_COUNT = "TILL_COUNT"
    DEPOSIT_SLIP = "DEPOSIT_SLIP"
    REGIE_PAYMENT = "REGIE_PAYMENT"
    DECISION = "DECISION"
    MEASURE = "MEASURE"
    UNDERTAKING = "UNDERTAKING"


@dataclass(frozen=True, slots=True)
class PaperKey:
    """A paper of closed figures: its kind, what it is about (no name), the version and the sum of what it shows."""

    kind: PaperKind
    about: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class PaperOut:
    """A file, and the papers of closed figures in it, to be noted once they have left the program; none where nothing is closed."""

    content: bytes
    papers: tuple[PaperKey, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """How often a paper left the program, and when it first did."""

    times: int
    first_at: datetime


def made_before(desk: Desk, papers: Iterable[PaperKey]) -> dict[PaperKey, Made]:
    """Return those of these papers that left the program already."""
    with desk.db.read() as session:
        found = {key: _row(session, key) for key in papers}
        return {key: Made(row.times, row.first_at) for key, row in found.items() if row is not None}


def duplicate_day(desk: Desk, paper: PaperKey) -> date | None:
    """Return the day to write on a copy (today) where a paper left the program already; None for its first time."""
    return desk.clock.today() if made_before(desk, (paper,)) else None


def to_give(desk: Desk, key: PaperKey, draw: Callable[[date | None], bytes]) -> PaperOut:
    """Return a paper drawn, marked where it left the program already, with what it is told by."""
    return PaperOut(draw(duplicate_day(desk, key)), (key,))


def sum_of(*figures: object) -> str:
    """Return the sum (SHA-256) of what a paper shows, for the papers whose figures no seal holds together."""
    return sha256(repr(figures).encode()).hexdigest()


def note_made(desk: Desk, papers: Iterable[PaperKey]) -> None:
    """Write that these papers were printed, or kept as files: once they were, not before."""
    with desk.db.write() as session:
        now = desk.clock.now()
        for key in dict.fromkeys(papers):
            row = _row(session, key)
            if row is None:
                session.add(
                    PaperMade(
                        kind=key.kind.value, about=key.about, version=key.version, digest=key.digest, first_at=now,
                        first_by=desk.actor.id, times=1, last_at=now,
                    )
                )  # fmt: skip
            else:
                row.times, row.last_at = row.times + 1, now


def _row(session: Session, key: PaperKey) -> PaperMade | None:
    return session.scalars(
        select(PaperMade).where(
            PaperMade.kind == key.kind.value, PaperMade.about == key.about, PaperMade.version == key.version
        )
    ).first()
