"""Papers of a household and its portrait: seen, scanned into the encrypted file, erased. For social workers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.support import (
    MOST_PORTRAIT_BYTES,
    MOST_SCAN_BYTES,
    PaperKind,
    ScanKind,
    checked_scan,
    scan_kind,
)
from epicerie_desktop.persistence.models import Household, Paper, PaperContent, Portrait
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.sealing import check_worker, seal_bytes, seal_json, unseal_bytes
from epicerie_desktop.services.support.common import checked_day
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A paper as seen. `expires_on` is its last good day; `name` and `note` are sealed."""

    kind: PaperKind
    seen_on: date
    expires_on: date | None = None
    name: str = ""
    note: str = ""


def read_scan_file(path: Path) -> bytes:
    """Return the bytes of a scan chosen by a person. Raises `BadInput` for what is no scan or too heavy, `EnvironmentTrouble`."""
    try:
        with path.open("rb") as handle:
            content = handle.read(MOST_SCAN_BYTES + 1)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-202", N_("Ce scan ne peut pas être lu : vérifiez que le fichier est bien là, puis recommencez.")
        ) from error
    checked_scan(content)
    return content


def record_paper(desk: Desk, household: int, form: PaperForm, content: bytes | None = None) -> int:
    """Keep a paper seen, with its scan or without, and return its id.

    Raises `BadInput` for the form or the scan, `RuleRefused` without the second key.
    """
    check_worker(desk)
    words = {"name": checked_text(form.name, 120), "note": checked_text(form.note, 500)}
    checked_day(desk, form.seen_on)
    if form.expires_on is not None:
        checked_day(desk, form.expires_on, future=True)
    with desk.db.write() as session:
        file_in(session, desk, household)
        uid = uuid.uuid4()
        row = Paper(
            uid=uid, household_id=household, kind=form.kind.value, seen_on=form.seen_on, expires_on=form.expires_on,
            sealed=seal_json(desk, "paper", uid, words), made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        if content is not None:
            _attach_in(session, desk, row, content)
        seal_in_journal(
            session, desk, "paper", {"paper": row.id, "household": household, "kind": form.kind.value, "bytes": row.size}
        )  # fmt: skip
        return row.id


def attach_scan(desk: Desk, paper: int, content: bytes) -> None:
    """Put a scan with a paper already noted; an older scan of it is replaced. Raises `BadInput`, `RuleRefused`."""
    check_worker(desk)
    with desk.db.write() as session:
        row = _kept(session, desk, paper)
        _attach_in(session, desk, row, content)
        seal_in_journal(session, desk, "paper.scan", {"paper": paper, "bytes": row.size})


def _attach_in(session: Session, desk: Desk, row: Paper, content: bytes) -> None:
    others = select(func.coalesce(func.sum(Paper.size), 0)).where(
        Paper.household_id == row.household_id, Paper.removed_at.is_(None), Paper.id != row.id
    )
    checked_scan(content, int(session.scalars(others).one()))
    row.size = len(content)
    session.merge(PaperContent(paper_id=row.id, sealed=seal_bytes(desk, "paper_content", row.uid, content)))


def _kept(session: Session, desk: Desk, paper: int) -> Paper:
    row = session.get_one(Paper, paper)
    file_in(session, desk, row.household_id)
    _check_kept(row)
    return row


def _check_kept(row: Paper) -> None:
    if row.removed_at is not None:
        raise RuleRefused(N_("Ce papier a été retiré du dossier."))


def scan_of(desk: Desk, paper: int) -> tuple[bytes, ScanKind]:
    """Return the scan of a paper and what it is. Raises `RuleRefused` where there is none, or without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        row = session.get_one(Paper, paper)
        open_in(session, desk, row.household_id)
        _check_kept(row)
        sealed = session.scalars(select(PaperContent.sealed).where(PaperContent.paper_id == paper)).first()
        if sealed is None:
            raise RuleRefused(N_("Ce papier a été vu, mais n'a pas été scanné."))
        content = unseal_bytes(desk, "paper_content", row.uid, sealed)
    return content, scan_kind(content)


def remove_paper(desk: Desk, paper: int) -> None:
    """Take a paper off the file: its scan and its words are erased at once; only its kind and days stay, for the journal."""
    check_worker(desk)
    with desk.db.write() as session:
        row = _kept(session, desk, paper)
        row.removed_at, row.size = desk.clock.now(), 0
        row.sealed = seal_json(desk, "paper", row.uid, {})
        content = session.get(PaperContent, paper)
        if content is not None:
            session.delete(content)
        seal_in_journal(session, desk, "paper.removed", {"paper": paper, "household": row.household_id})


def save_portrait(desk: Desk, household: int, jpeg: bytes, agreed_on: date) -> None:
    """Keep the photo of the holder, sealed, in place of an older one. Raises `BadInput`: not a small JPEG, a day to come."""
    check_worker(desk)
    checked_day(desk, agreed_on)
    if scan_kind(jpeg) is not ScanKind.JPEG or len(jpeg) > MOST_PORTRAIT_BYTES:
        raise BadInput(N_("Cette photo n'a pas pu être réduite : choisissez-en une autre."))
    with desk.db.write() as session:
        row = file_in(session, desk, household)
        sealed = seal_bytes(desk, "portrait", row.uid, jpeg)
        session.merge(Portrait(household_id=household, sealed=sealed, agreed_on=agreed_on, made_by=desk.actor.id))
        seal_in_journal(session, desk, "portrait", {"household": household})


def portrait_of(desk: Desk, household: int) -> bytes | None:
    """Return the photo of the holder, None where there is none. Raises `RuleRefused` without the second key."""
    check_worker(desk)
    with reading(desk) as session:
        open_in(session, desk, household)
        row = session.execute(
            select(Portrait.sealed, Household.uid)
            .join(Household, Household.id == Portrait.household_id)
            .where(Portrait.household_id == household)
        ).first()
        return None if row is None else unseal_bytes(desk, "portrait", row.uid, row.sealed)


def remove_portrait(desk: Desk, household: int) -> None:
    """Erase the photo of the holder. Raises `RuleRefused` where there is none."""
    check_worker(desk)
    with desk.db.write() as session:
        file_in(session, desk, household)
        row = session.get(Portrait, household)
        if row is None:
            raise RuleRefused(N_("Ce dossier n'a pas de photo."))
        session.delete(row)
        seal_in_journal(session, desk, "portrait.removed", {"household": household})
