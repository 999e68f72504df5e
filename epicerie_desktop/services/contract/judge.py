"""Judging a parcel (exchange.md §4.3): what it is beside what is known of its shop, and what it would change. Writes nothing.

A parcel is read month by month: none of them is held longer than it takes to compare it with the one known.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import (
    ActionLine,
    RunningTotals,
    Totals,
    month_of,
    months_between,
    totals,
)
from epicerie_desktop.exchange.body import Body, MonthRow, read_body
from epicerie_desktop.exchange.keys import AgeIdentity, fingerprint
from epicerie_desktop.exchange.parcel import ParcelHeader, SignedContent, check_repeated, open_content, read_header
from epicerie_desktop.exchange.records import MonthState, month_from_record, state_from_record, totals_to_record
from epicerie_desktop.exchange.refusals import (
    ParcelOtherContract,
    ParcelRefused,
    ParcelRevoked,
    ParcelSums,
    ParcelUnknownSigner,
    ParcelUnreadable,
)
from epicerie_desktop.persistence.models import Contract, ContractKey, ParcelReceived, Site, SiteMonth, SitePost
from epicerie_desktop.persistence.types import Json
from epicerie_desktop.services.contract.definitions import definitions_digest
from epicerie_desktop.services.contract.outcomes import (
    CHAIN_BROKEN,
    OLDER_ELSEWHERE,
    SENTENCES,
    ImportReport,
    MonthChange,
    Outcome,
    Warn,
    Warned,
)
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import N_

T = TypeVar("T")
FARTHEST = 1000
"""A parcel more than so many numbers ahead was not written by a shop that counts one by one."""
_CLOCKS_APART = timedelta(hours=1)


class ParcelUnknownSite(ParcelRefused):
    """The parcel comes from a shop that was never enrolled in this contract."""

    message = N_(
        "Cette épicerie n'est pas inscrite à ce contrat : ajoutez-la d'abord, et remettez-lui son fichier de contrat."
    )


class MonthToWrite(NamedTuple):
    """A month as the parcel writes it, and what stands beside it: its text, that takes a tenth of what it tells once read."""

    written: str
    revision: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A parcel judged: what is told of it, what it says beside its months, and which of them are to be written."""

    report: ImportReport
    signed: SignedContent
    body: Body
    contract: int
    site: int
    post: int
    to_write: dict[str, MonthToWrite]
    taken_from: frozenset[uuid.UUID]
    """The generations this post has sent from: what was received from them is what the parcel replaces."""


@dataclass(slots=True)
class _Read:
    """What is kept of the months of a parcel while it is read."""

    months: list[str] = field(default_factory=list)
    written: RunningTotals = field(default_factory=RunningTotals)
    taken: RunningTotals | None = None
    """What is not after the shop's departure; None where it has not left: all of it is taken."""
    texts: dict[str, MonthToWrite] = field(default_factory=dict)
    changes: dict[str, MonthChange] = field(default_factory=dict)
    closed_since: set[str] = field(default_factory=set)
    actions: dict[str, tuple[ActionLine, ...]] = field(default_factory=dict)
    alone: dict[str, Totals] = field(default_factory=dict)


def judge(session: Session, data: bytes, now: datetime) -> Judged:
    """Return what a parcel is and what it would change; `now` is the coordinator's clock. Raises a `ParcelRefused`."""
    header = read_header(data)
    contract, site = _owner(session, header)
    post = _post(header.post)
    signer = post_key(session, site.id, post)
    signed = open_content(
        data, _identity(session, contract, header), expected_contract=header.contract, verify_key=signer.verify_key if signer else None
    )  # fmt: skip
    if signer is None:
        _refuse_key(session, site, signed.signer)
    received = _received(session, site.id, post)
    generations = frozenset((*(r.generation for r in received), as_uuid(header.generation)))
    known = _Known(session, site.id, post, generations)
    read, body = _read(signed, contract, site, known)
    changes = tuple(read.changes[m] for m in sorted(read.changes))
    outcome, sentence, fields = _outcome(session, signed, site, received, changes, known, read, now)
    restored = outcome is Outcome.RESTORED
    last = received[0].seq if received and not restored else 0
    report = ImportReport(
        outcome, site.name, post, header.seq, False, () if outcome in _NOTHING_TO_ADD else changes, (read.taken or read.written).totals,
        signer is None, fingerprint(signed.signer), sentence, {"site": site.name, "seq": header.seq, **fields},
        max(0, header.seq - last - 1) if outcome is Outcome.NEW else 0, body.control, known.totals() if restored else None,
        _warnings(contract, site, header, body, received, read, known, now), body.version, site.code, body.post_name,
    )  # fmt: skip
    to_write = {month: read.texts[month] for month in sorted(read.changes.keys() | read.closed_since)}
    return Judged(report, signed, body, contract.id, site.id, post, to_write, generations)


_NOTHING_TO_ADD = frozenset({Outcome.KNOWN, Outcome.OLDER, Outcome.FORK, Outcome.TOO_FAR, Outcome.FUTURE, Outcome.LEFT})


def _owner(session: Session, header: ParcelHeader) -> tuple[Contract, Site]:
    contract = session.scalars(
        select(Contract).where(Contract.uid == as_uuid(header.contract), Contract.identity.is_not(None))
    ).first()
    if contract is None:
        raise ParcelOtherContract
    site = session.scalars(select(Site).where(Site.contract_id == contract.id, Site.code == header.site)).first()
    if site is None:
        raise ParcelUnknownSite
    return contract, site


def _identity(session: Session, contract: Contract, header: ParcelHeader) -> AgeIdentity:
    """Return the key the parcel was sealed for: the contract's, or one it used before."""
    former = session.scalars(select(ContractKey.identity).where(ContractKey.contract_id == contract.id))
    assert contract.identity is not None
    ours = [AgeIdentity.from_string(text) for text in (contract.identity, *former)]
    return next((i for i in ours if i.fingerprint in header.recipients), ours[0])


def post_key(session: Session, site: int, post: int) -> SitePost | None:
    """Return the key a post of a shop signs with, None before its first parcel and once its key was revoked."""
    return session.scalars(
        select(SitePost).where(SitePost.site_id == site, SitePost.post == post, SitePost.revoked_at.is_(None))
    ).first()


def _refuse_key(session: Session, site: Site, signer: bytes) -> None:
    """Refuse a key that was revoked, or that is another shop's. Raises `ParcelRevoked`, `ParcelUnknownSigner`."""
    for row in session.scalars(
        select(SitePost)
        .join(Site, Site.id == SitePost.site_id)
        .where(SitePost.verify_key == signer, Site.contract_id == site.contract_id)
    ):
        if row.site_id != site.id:
            raise ParcelUnknownSigner
        if row.revoked_at is not None:
            raise ParcelRevoked


def _received(session: Session, site: int, post: int) -> Sequence[ParcelReceived]:
    return session.scalars(
        select(ParcelReceived)
        .where(ParcelReceived.site_id == site, ParcelReceived.post == post)
        .order_by(ParcelReceived.id.desc())
    ).all()


class _Known:
    """The months known of the file a post sends, each read when it is asked for, and only then."""

    def __init__(self, session: Session, site: int, post: int, generations: frozenset[uuid.UUID]) -> None:
        self._session = session
        self._rows = {
            month: (row_post, closed)
            for month, row_post, closed in session.execute(
                select(SiteMonth.month, SiteMonth.post, SiteMonth.closed)
                .join(ParcelReceived, ParcelReceived.id == SiteMonth.parcel_id)
                .where(SiteMonth.site_id == site, or_(SiteMonth.post == post, ParcelReceived.generation.in_(generations)))
            )
        }  # fmt: skip
        self._site = site

    def __contains__(self, month: object) -> bool:
        return month in self._rows

    def closed(self, month: str) -> bool:
        """Return whether a month was over when it was last received."""
        return month in self._rows and self._rows[month][1]

    def record(self, month: str) -> dict[str, Any] | None:
        """Return the figures of a month as they were received, None for one never received."""
        if month not in self._rows:
            return None
        found: dict[str, Any] = self._session.scalars(self._of(type_coerce(SiteMonth.figures, Json), month)).one()
        return found

    def has(self, month: str, written: str) -> bool:
        """Return whether a month was received in these very words: most months of a parcel, which holds them all again."""
        # Where the engine keeps values and not a text, no word is alike, and they are compared one by one.
        kept = type_coerce(SiteMonth.figures, Text)
        return month in self._rows and self._session.scalars(self._of(kept, month)).one() == written

    def _of(self, what: ColumnElement[T], month: str) -> Select[T]:
        return select(what).where(
            SiteMonth.site_id == self._site, SiteMonth.post == self._rows[month][0], SiteMonth.month == month
        )

    def totals(self) -> Totals:
        """Return the totals of all of them."""
        whole = RunningTotals()
        for month in sorted(self._rows):
            whole.add(month_from_record(self.record(month)))
        return whole.totals


def as_uuid(text: str) -> uuid.UUID:
    """Return an identity told by a parcel. Raises `ParcelOtherContract` where it is none of ours."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ParcelOtherContract from error


def _post(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise ParcelUnreadable
    return int(text)


def _read(signed: SignedContent, contract: Contract, site: Site, known: _Known) -> tuple[_Read, Body]:
    """Return what a parcel changes, its months checked: within the contract, once each, and adding up to the shop's own control."""
    read = _Read(taken=RunningTotals() if site.left_on else None)
    bounds = month_of(contract.starts_on), month_of(contract.ends_on)
    last_taken = month_of(site.left_on) if site.left_on else "9999-12"

    def each(row: MonthRow) -> None:
        figures = row.figures
        alone = totals([figures])
        if not bounds[0] <= figures.month <= bounds[1] or figures.actions:
            raise ParcelUnreadable
        if alone.grams != sum(g for _, g in figures.grams_by_origin):
            raise ParcelUnreadable
        read.months.append(figures.month)
        read.written.add(figures, alone)
        if figures.month <= last_taken:
            if read.taken is not None:
                read.taken.add(figures, alone)
            read.texts[figures.month] = MonthToWrite(row.written, row.state.revision, row.state.closed)
            if known.has(figures.month, row.written):
                # These words tell no counter of actions: they travel beside, and are compared once read.
                read.alone[figures.month], read.actions[figures.month] = alone, ()
            else:
                _compare(read, row, alone, known.record(figures.month), closed=known.closed(figures.month))

    body, repeated = read_body(signed.content, each)
    check_repeated(signed, repeated)
    if len(set(read.months)) != len(read.months) or not body.actions.keys() <= set(read.months):
        raise ParcelUnreadable
    if body.control != totals_to_record(read.written.totals):
        raise ParcelSums
    _compare_actions(read, body)
    return read, body


def _compare(read: _Read, row: MonthRow, alone: Totals, old: dict[str, Any] | None, *, closed: bool) -> None:
    """Note what a month changes.

    A parcel is told newer by its number alone: a shop restored from a copy counts its revisions again from there, so that a
    revision no higher than the one known may well bring other figures.
    """
    month = row.figures.month
    read.alone[month] = alone
    if old is None:
        read.changes[month] = MonthChange(month, None, alone)
        return
    former = month_from_record(old)
    read.actions[month] = former.actions
    if any(old[k] != row.record[k] for k in ("households", "origins")):
        read.changes[month] = MonthChange(month, former.totals, alone, _amendments(row.state, old))
    elif row.state.closed and (not closed or _closing_of(old) != _version(row.state)):
        read.closed_since.add(month)


def _compare_actions(read: _Read, body: Body) -> None:
    for month, before in read.actions.items():
        if month not in read.changes and tuple(sorted(before)) != body.actions.get(month, ()):
            read.changes[month] = MonthChange(month, read.alone[month], read.alone[month])


def _version(state: MonthState) -> int:
    return state.closing.version if state.closing else 0


def _closing_of(old: dict[str, Any]) -> int:
    return int((old.get("closing") or {}).get("version", 0))


def _amendments(state: MonthState, old: dict[str, Any]) -> tuple[tuple[str, str, int], ...]:
    """Return what the shop's amendments say of a month since it was last received."""
    if state.closing is None or state.closing.version <= _closing_of(old):
        return ()
    before = state_from_record(old).closing
    return state.closing.changes[len(before.changes) if before else 0 :]


def _outcome(
    session: Session,
    signed: SignedContent,
    site: Site,
    received: Sequence[ParcelReceived],
    changes: tuple[MonthChange, ...],
    known: _Known,
    read: _Read,
    now: datetime,
) -> tuple[Outcome, str, dict[str, Any]]:
    def told(outcome: Outcome, sentence: str = "", **fields: Any) -> tuple[Outcome, str, dict[str, Any]]:
        return outcome, sentence or SENTENCES[outcome], fields

    header, digest = signed.header, bytes.fromhex(signed.digest)
    same = session.scalars(select(ParcelReceived).where(ParcelReceived.digest == digest)).first()
    if same is not None:
        return told(Outcome.KNOWN, day=shown.day(same.imported_at.astimezone(PARIS).date()))
    generation = as_uuid(header.generation)
    restored = False
    if received:
        last, ours = received[0], [r for r in received if r.generation == generation]
        if any(r.seq == header.seq for r in ours):
            return told(Outcome.FORK)
        if last.generation != generation:
            if ours:
                return told(Outcome.OLDER, seq=last.seq)
            restored = True
        elif header.seq < last.seq:
            return told(Outcome.OLDER, seq=last.seq)
        elif header.seq > last.seq + FARTHEST:
            return told(Outcome.TOO_FAR)
        elif header.seq == last.seq + 1 and header.previous != last.digest.hex():
            return told(Outcome.FORK, CHAIN_BROKEN)
    other = _sent_since_elsewhere(session, site.id, header)
    if other is not None:
        return told(Outcome.OLDER, OLDER_ELSEWHERE, other=other.post)
    today = now.astimezone(PARIS).date()
    ahead = [m for m in read.months if m > month_of(today)]
    if ahead:
        return told(Outcome.FUTURE, months=_list_of(ahead))
    if site.left_on and not changes and any(m > month_of(site.left_on) for m in read.months):
        return told(Outcome.LEFT, day=shown.day(site.left_on))
    if restored:
        return told(Outcome.RESTORED)
    return told(Outcome.SHRANK if any(c.shrinks and known.closed(c.month) for c in changes) else Outcome.NEW)


def _sent_since_elsewhere(session: Session, site: int, header: ParcelHeader) -> ParcelReceived | None:
    """Return a later parcel that another post sent of the same file: two posts at one database send the same months."""
    return session.scalars(
        select(ParcelReceived)
        .where(
            ParcelReceived.site_id == site, ParcelReceived.post != _post(header.post),
            ParcelReceived.generation == as_uuid(header.generation), ParcelReceived.created_at > header.created,
        )
        .order_by(ParcelReceived.created_at.desc())
    ).first()  # fmt: skip


def _list_of(months: Sequence[str]) -> str:
    return ", ".join(shown.month(m) for m in sorted(months))


def _warnings(
    contract: Contract, site: Site, header: ParcelHeader, body: Body, received: Sequence[ParcelReceived], read: _Read,
    known: _Known, now: datetime,
) -> tuple[Warned, ...]:  # fmt: skip
    found = []
    written_on = shown.day(header.created.astimezone(PARIS).date())
    if header.created > now.astimezone(UTC) + _CLOCKS_APART:
        found.append(Warned(Warn.CLOCK_AHEAD, {"day": written_on}))
    if received and header.created < received[0].created_at and header.seq > received[0].seq:
        before = shown.day(received[0].created_at.astimezone(PARIS).date())
        found.append(Warned(Warn.CLOCK_BACK, {"day": written_on, "before": before}))
    missing = _missing(contract, site, header, read, known)
    if missing:
        found.append(Warned(Warn.MISSING, {"months": _list_of(missing)}))
    if site.left_on:
        late = [m for m in read.months if m > month_of(site.left_on)]
        if late:
            found.append(Warned(Warn.NOT_TAKEN, {"day": shown.day(site.left_on), "months": _list_of(late)}))
    changed = _journal_changed(body, received)
    if changed:
        found.append(Warned(Warn.JOURNAL, {"months": _list_of(changed)}))
    found += [Warned(Warn.NEWER_PART, {"part": part}) for part in body.skipped]
    if body.terms is not None:
        if body.terms.definitions and body.terms.definitions != definitions_digest():
            found.append(Warned(Warn.DEFINITIONS, {}))
        if body.terms.edition and body.terms.edition < contract.edition:
            found.append(Warned(Warn.EDITION, {"theirs": body.terms.edition, "ours": contract.edition}))
    return tuple(found)


def _missing(contract: Contract, site: Site, header: ParcelHeader, read: _Read, known: _Known) -> list[str]:
    """Return the months that the parcel should tell and does not: a month at zero is told."""
    first = max(month_of(contract.starts_on), month_of(site.joined_on or contract.starts_on))
    ends: list[date] = [d for d in (contract.ends_on, site.left_on, header.created.astimezone(PARIS).date()) if d]
    last = month_of(min(ends))
    told = set(read.months)
    return [m for m in months_between(first, last) if m not in told and m not in known] if first <= last else []


def _journal_changed(body: Body, received: Sequence[ParcelReceived]) -> list[str]:
    """Return the months over whose journal no longer ends as it did when last received: the coordinator is its witness."""
    if body.journal is None or not received:
        return []
    now, before = dict(body.journal.months), received[0].journal_months
    return sorted(month for month, head in before.items() if now.get(month, head) != head)
