"""The shop's side of a contract: joining it by the coordinator's file, and writing the sealed parcel of its months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.exchange import drives, stick
from epicerie_desktop.exchange.enrolment import Enrolment
from epicerie_desktop.exchange.keys import SigningKey, fingerprint
from epicerie_desktop.exchange.parcel import ParcelHeader, file_name, parcel_digest, write_parcel
from epicerie_desktop.exchange.stick import StickIdentity
from epicerie_desktop.persistence.models import Contract, ParcelSent
from epicerie_desktop.services import sticks
from epicerie_desktop.services.contract.contents import Contents, body_in, contents_in
from epicerie_desktop.services.contract.described import Part, Reader, parts_of, readers_in
from epicerie_desktop.services.contract.joining import bears_fingerprint as bears_fingerprint
from epicerie_desktop.services.contract.joining import desk_now as desk_now
from epicerie_desktop.services.contract.joining import join_contract as join_contract
from epicerie_desktop.services.contract.joining import read_contract_file as read_contract_file
from epicerie_desktop.services.contract.receipts import MonthSending, sendings_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

ContractFile: TypeAlias = Enrolment
"""What a contract's file says; its `fingerprint` is to be compared with the paper."""
Stick: TypeAlias = StickIdentity
"""Which disk was chosen, checked again around the writing."""


@dataclass(frozen=True, slots=True)
class JoinedContract:
    """A contract this shop belongs to, the last parcel it wrote, and the fingerprint of this shop's own signature."""

    id: int
    uid: str
    number: int
    name: str
    starts_on: date
    ends_on: date
    last_seq: int | None
    last_month: str | None
    signature: str


@dataclass(frozen=True, slots=True)
class ParcelPreview:
    """What the next parcel would hold, shown before it is written."""

    contract: JoinedContract
    months: tuple[str, ...]
    totals: Totals
    seq: int
    parts: tuple[Part, ...] = ()
    readers: tuple[Reader, ...] = ()
    sendings: tuple[MonthSending, ...] = ()
    """Where every month over stands, the latest first: received, not yet, corrected since."""


@dataclass(frozen=True, slots=True)
class SealedParcel:
    """A parcel numbered and sealed, still to be written."""

    file_name: str
    data: bytes
    seq: int
    digest: str
    months: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class WrittenParcel:
    """A parcel once read back from where it was written."""

    path: Path
    seq: int
    digest: str
    months: int
    totals: Totals


def joined_contracts(desk: Desk) -> tuple[JoinedContract, ...]:
    """Return the contracts of this shop, the one in force (or the latest) first."""
    today = desk.clock.today()
    with desk.db.read() as session:
        rows = session.scalars(select(Contract).where(Contract.identity.is_(None))).all()
        found = [_joined(session, desk, c) for c in rows]
    return tuple(sorted(found, key=lambda c: (not c.starts_on <= today <= c.ends_on, -c.ends_on.toordinal())))


def _joined(session: Session, desk: Desk, contract: Contract) -> JoinedContract:
    last = session.execute(
        select(ParcelSent.seq, ParcelSent.last_month)
        .where(ParcelSent.contract_id == contract.id, ParcelSent.post_id == desk.post.id, ParcelSent.generation == contract.generation)
        .order_by(ParcelSent.seq.desc()).limit(1)
    ).first()  # fmt: skip
    return JoinedContract(
        contract.id, str(contract.uid), contract.number, contract.name, contract.starts_on, contract.ends_on,
        last.seq if last else None, last.last_month if last else None,
        fingerprint(SigningKey.from_bytes(contract.signing_key).verify_key.raw),
    )  # fmt: skip


def _chosen(desk: Desk, contract: int | None) -> JoinedContract:
    known = joined_contracts(desk)
    found = next((c for c in known if contract is None or c.id == contract), None)
    if found is None:
        raise RuleRefused(
            N_("Cette épicerie ne fait partie d'aucun contrat : ouvrez d'abord le fichier remis par la coordination.")
        )
    return found


def preview_parcel(desk: Desk, contract: int | None = None) -> ParcelPreview:
    """Return what the next parcel would hold. Raises `RuleRefused` where the shop belongs to no contract."""
    joined = _chosen(desk, contract)
    with desk.db.read() as session:
        row = session.get_one(Contract, joined.id)
        held = contents_in(session, desk, row)
        return ParcelPreview(
            joined, tuple(m.month for m in held.months), held.totals, (joined.last_seq or 0) + 1, parts_of(held),
            readers_in(session, joined.id), sendings_in(session, desk, row, held.months),
        )  # fmt: skip


def _held(desk: Desk, joined: JoinedContract) -> Contents:
    with desk.db.read() as session:
        return contents_in(session, desk, session.get_one(Contract, joined.id))


def available_sticks() -> tuple[Path, ...]:
    """Return the sticks now plugged in."""
    return tuple(drives.list_sticks())


def identify_stick(folder: Path) -> StickIdentity:
    """Return which disk a folder lies on, to be checked again around the writing. Raises `EnvironmentTrouble`."""
    return stick.identify(folder)


def export_parcel(
    desk: Desk, folder: Path, *, contract: int | None = None, expected: StickIdentity | None = None
) -> WrittenParcel:
    """Seal the next parcel and write it to a stick (`expected`) or a plain folder. Raises what the two steps raise."""
    sticks.refuse_parcel(folder)
    return write_parcel_file(seal_parcel(desk, contract=contract), folder, expected=expected)


def write_parcel_file(parcel: SealedParcel, folder: Path, *, expected: StickIdentity | None = None) -> WrittenParcel:
    """Write a sealed parcel and read it back; no database is held meanwhile, so a slow stick stops nobody.

    Raises `EnvironmentTrouble`, and `RuleRefused` on a stick that carries copies of the data; the previous parcels stay.
    The same parcel may be written again, or elsewhere; unwritten, its number is lost without consequence.
    """
    sticks.refuse_parcel(folder)
    path = stick.write_safely(folder, parcel.file_name, parcel.data, expected=expected)
    sticks.keep_for_parcels(folder)
    return WrittenParcel(path, parcel.seq, parcel.digest, parcel.months, parcel.totals)


def seal_parcel(desk: Desk, *, contract: int | None = None) -> SealedParcel:
    """Number, seal and record the parcel of the contract's months so far; return what is to be written.

    Its number is spent at once: were the file never written, the next parcel holds every month all the same. Raises
    `RuleRefused` where there is no contract, or nothing to send yet.
    """
    joined = _chosen(desk, contract)
    held = _held(desk, joined)
    if not held.months:
        raise RuleRefused(
            N_("Le contrat commence le {day} : il n'y a encore rien à envoyer."),
            day=lambda: shown.day(joined.starts_on),
        )
    with desk.db.write() as session:
        row = session.get_one(Contract, joined.id)
        previous = session.scalars(
            select(ParcelSent)
            .where(ParcelSent.contract_id == row.id, ParcelSent.post_id == desk.post.id, ParcelSent.generation == row.generation)
            .order_by(ParcelSent.seq.desc()).limit(1)
        ).first()  # fmt: skip
        header = ParcelHeader(
            str(row.uid), row.site_code, str(desk.post.number), row.generation.hex, (previous.seq if previous else 0) + 1,
            desk.clock.now(), previous.digest.hex() if previous else "",
        )  # fmt: skip
        body = body_in(session, desk, row, held)
        recipients = [r for r in (row.recipient, row.spare_recipient) if r]
        data = write_parcel(header, body, SigningKey.from_bytes(row.signing_key), recipients)
        digest = parcel_digest(header, body, recipients)
        session.add(
            ParcelSent(
                contract_id=row.id, post_id=desk.post.id, generation=row.generation, seq=header.seq, digest=bytes.fromhex(digest),
                prev=previous.digest if previous else b"", last_month=held.months[-1].month, made_at=desk.clock.now(),
            )
        )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "export", {"contract": row.id, "seq": header.seq, "digest": digest})
    return SealedParcel(file_name(header), data, header.seq, digest, len(held.months), held.totals)
