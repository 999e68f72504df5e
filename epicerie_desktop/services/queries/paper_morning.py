"""What the grid of a morning on paper shows: the sheets printed, and the lines of one, with what is already entered."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.sheets import Labelled
from epicerie_desktop.persistence.models import AccessGrant, Family, Household, PaperSheet, Post, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import found_in
from epicerie_desktop.services.queries.files import root_in, visible
from epicerie_desktop.services.queries.rights import kept, standing_in
from epicerie_desktop.services.queries.suspensions import kept_away

SHEETS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A household on a sheet: its place from 1, its number, how it is called, persons and share of the sheet's day.

    `entered` is the number of its ticket, "" while nothing is entered.
    """

    place: int
    household: int
    number: str
    called: str
    persons: int
    participation_permille: int
    open: bool
    entered: str = ""


@dataclass(frozen=True, slots=True)
class PaperSheetRow:
    """A sheet: its number, its day, how many lines it has and how many are entered."""

    id: int
    number: int
    day: date
    lines: int
    entered: int


@dataclass(frozen=True, slots=True)
class PaperGrid:
    """A sheet to enter: its families by id, and its lines in the order printed."""

    id: int
    number: int
    day: date
    families: tuple[tuple[int, Labelled], ...]
    lines: tuple[PaperLine, ...]


def line_uid(sheet: uuid.UUID, household: int, attempt: int = 0) -> uuid.UUID:
    """Return the identity of the ticket of a line: entered twice, it is the same ticket; cancelled, the next has another."""
    return uuid.uuid5(sheet, f"{household}/{attempt}")


def entered_in(session: Session, sheet: uuid.UUID, household: int) -> tuple[uuid.UUID, str]:
    """Return the identity the next ticket of a line would have, and the number of the one that stands ("" for none)."""
    attempt = 0
    while True:
        uid = line_uid(sheet, household, attempt)
        row = session.execute(
            select(Sale.id, Post.number.label("post"), Sale.number)
            .join(Post, Post.id == Sale.post_id)
            .where(Sale.uid == uid)
        ).first()
        if row is None:
            return uid, ""
        if session.scalar(select(Sale.id).where(Sale.id == row.id, kept())) is not None:
            return uid, f"{row.post}-{row.number:06d}"
        attempt += 1


def households_for(session: Session, desk: Desk, day: date) -> list[int]:
    """Return the files a sheet of that day lists: those whose right is open then and that this account may see, by name."""
    ids = session.scalars(
        select(AccessGrant.household_id)
        .join(Household, Household.id == AccessGrant.household_id)
        .where(AccessGrant.valid_from <= day, AccessGrant.valid_until >= day, ~kept_away(AccessGrant.household_id, day))
        .where(Household.closed_on.is_(None), Household.merged_into_id.is_(None), visible(desk))
        .distinct()
    )
    return [f.id for f in sorted(found_in(session, desk, list(ids)), key=lambda f: (f.holder, f.number))]


def lines_in(session: Session, desk: Desk, sheet: PaperSheet) -> tuple[PaperLine, ...]:
    """Return the lines of a sheet in the order printed; a file merged since is told by the one that stays."""
    roots = [root_in(session, h) for h in sheet.households]
    found = {f.id: f for f in found_in(session, desk, list(dict.fromkeys(roots)))}
    lines = []
    for place, (household, root) in enumerate(zip(sheet.households, roots, strict=True), 1):
        standing, who = standing_in(session, root, sheet.day), found[root]
        lines.append(
            PaperLine(
                place, household, who.number, who.called, standing.persons, standing.participation_permille,
                standing.verdict.grant is not None, entered_in(session, sheet.uid, household)[1],
            )
        )  # fmt: skip
    return tuple(lines)


def paper_sheets(desk: Desk) -> tuple[PaperSheetRow, ...]:
    """Return the latest sheets, the last printed first."""
    with desk.db.read() as session:
        sheets = session.scalars(select(PaperSheet).order_by(PaperSheet.number.desc()).limit(SHEETS_SHOWN)).all()
        return tuple(
            PaperSheetRow(
                s.id, s.number, s.day, len(s.households), sum(bool(entered_in(session, s.uid, h)[1]) for h in s.households)
            )
            for s in sheets
        )  # fmt: skip


def paper_grid(desk: Desk, sheet: int) -> PaperGrid:
    """Return a sheet as it is entered."""
    with desk.db.read() as session:
        row = session.get_one(PaperSheet, sheet)
        families = {f.id: f for f in session.scalars(select(Family).where(Family.id.in_(row.families)))}
        return PaperGrid(
            row.id, row.number, row.day,
            tuple((n, Labelled(families[n].code, families[n].short_name)) for n in row.families), lines_in(session, desk, row),
        )  # fmt: skip
