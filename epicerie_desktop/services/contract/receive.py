"""Taking parcels in, at the coordinator: looked at first, then all or nothing, in one transaction each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import ActionLine
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.body import JournalHeads
from epicerie_desktop.exchange.parcel import MAX_SEALED
from epicerie_desktop.persistence.models import Family, ParcelReceived, SiteMonth, SitePost
from epicerie_desktop.persistence.types import WrittenJson
from epicerie_desktop.services.contract.doubles import keep_links_in
from epicerie_desktop.services.contract.judge import Judged, as_uuid, judge, post_key
from epicerie_desktop.services.contract.outcomes import ASKING, SENTENCES, ImportReport, Outcome
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal, stamp
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_AT_ONCE = 24
"""Months written together."""


def read_parcel_file(path: Path) -> bytes:
    """Return the bytes of a parcel's file. Raises `EnvironmentTrouble`, `ParcelTooBig`."""
    return stick.read_bounded(path, MAX_SEALED + 1)


def look_at_parcel(desk: Desk, data: bytes) -> ImportReport:
    """Return what a parcel is and what it would change; nothing is written. Raises a `ParcelRefused` with its sentence."""
    with desk.db.read() as session:
        return judge(session, data, desk.clock.now()).report


def accept_parcel(desk: Desk, data: bytes, *, reason: str = "") -> ImportReport:
    """Take a parcel into the contract's totals, all or nothing; twice the same changes nothing.

    A `reason`, kept with it, also takes a restored shop, or closed months that shrank, once the shop was called. Raises a
    `ParcelRefused`.
    """
    reason = checked_text(reason).strip()
    with desk.db.write() as session:
        judged = judge(session, data, desk.clock.now())
        outcome = judged.report.outcome
        if outcome is not Outcome.NEW and not (outcome in ASKING and reason):
            return judged.report
        _keep(session, desk, judged, len(data), reason if outcome in ASKING else "")
    return replace(judged.report, accepted=True, sentence=SENTENCES[Outcome.NEW])


def checked_reason(typed: str) -> str:
    """Return why a parcel is accepted in spite of a warning. Raises `BadInput` where nothing is said."""
    reason = checked_text(typed).strip()
    if not reason:
        raise BadInput(N_("Dites en quelques mots pourquoi cet envoi est accepté : la raison est gardée avec lui."))
    return reason


def _keep(session: Session, desk: Desk, judged: Judged, size: int, reason: str) -> None:
    header, body = judged.signed.header, judged.body
    journal = body.journal or JournalHeads("")
    received = ParcelReceived(
        site_id=judged.site, post=judged.post, generation=as_uuid(header.generation), seq=header.seq,
        digest=bytes.fromhex(judged.signed.digest), prev=bytes.fromhex(header.previous), body_version=body.version, size=size,
        journal_head=journal.head, journal_months=dict(journal.months),
        warnings=[w.to_record() for w in judged.report.warnings], reason=reason, created_at=header.created,
        imported_at=desk.clock.now(), imported_by=desk.actor.id,
    )  # fmt: skip
    session.add(received)
    if post_key(session, judged.site, judged.post) is None:
        session.add(
            SitePost(
                site_id=judged.site, post=judged.post, verify_key=judged.signed.signer, first_at=received.imported_at
            )
        )
    session.flush()
    _keep_months(session, judged, received.id)
    keep_links_in(session, desk, received, body.links)
    _keep_families(session, desk, body.families)
    seal_in_journal(
        session, desk, "import", {"site": judged.site, "seq": header.seq, "digest": judged.signed.digest, "reason": bool(reason)}
    )  # fmt: skip


def _keep_months(session: Session, judged: Judged, parcel: int) -> None:
    """Put the months to write in the place of those known of the same file."""
    same_file = select(ParcelReceived.id).where(
        ParcelReceived.site_id == judged.site, ParcelReceived.generation.in_(judged.taken_from)
    )
    for months in (sorted(judged.to_write)[n : n + _AT_ONCE] for n in range(0, len(judged.to_write), _AT_ONCE)):
        session.execute(
            delete(SiteMonth).where(
                SiteMonth.site_id == judged.site, SiteMonth.month.in_(months),
                (SiteMonth.post == judged.post) | SiteMonth.parcel_id.in_(same_file),
            )
        )  # fmt: skip
        session.execute(
            insert(SiteMonth),
            [
                {"site_id": judged.site, "post": judged.post, "month": month, "revision": row.revision, "closed": row.closed,
                 "parcel_id": parcel, "figures": _with_actions(row.written, judged.body.actions.get(month, ()))}
                for month in months for row in (judged.to_write[month],)
            ],
        )  # fmt: skip


def _with_actions(written: str, actions: tuple[ActionLine, ...]) -> WrittenJson | dict[str, object]:
    return {**json.loads(written), "actions": [list(line) for line in actions]} if actions else WrittenJson(written)


def _keep_families(session: Session, desk: Desk, families: tuple[tuple[str, str], ...]) -> None:
    known = set(session.scalars(select(Family.code)))
    for position, (code, name) in enumerate(families, len(known)):
        if code not in known:
            family = Family(code=code, name=name, short_name=name, position=position)
            stamp(family, desk)
            session.add(family)
    session.flush()
