"""Receipts: the coordinator writes them, the shop reads them and knows which months were received, and which are still to be sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import MonthFigures, month_of, months_between
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.keys import SigningKey
from epicerie_desktop.exchange.receipt import (
    MOST_BYTES,
    MOST_MESSAGE,
    Receipt,
    ReceiptRefused,
    ReceivedMonth,
    month_digest,
    read_receipt,
    write_receipt,
)
from epicerie_desktop.exchange.records import month_to_record
from epicerie_desktop.exchange.stick import StickIdentity
from epicerie_desktop.persistence.models import (
    Contract,
    MonthSent,
    ParcelReceived,
    ParcelSent,
    ReceiptRead,
    Site,
    SiteMonth,
)
from epicerie_desktop.services import sticks
from epicerie_desktop.services.contract.contents import contents_in
from epicerie_desktop.services.contract.pseudonyms import pseudonyms
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.figures import month_bounds
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

REMIND_KEY = "contract.remind_after_days"
REMIND_AFTER = 10
"""Days after the end of a month before the shop is reminded that it was not received."""
_FORGOTTEN = 180
"""Days after a contract ended, or was left, beyond which nothing is recalled any more."""


class ReceiptElsewhere(ReceiptRefused):
    """A receipt of another contract, or of another shop of this one."""

    message = N_("Cet accusé est celui d'une autre épicerie, ou d'un autre contrat : rien n'a changé.")


class ReceiptUnknownParcel(ReceiptRefused):
    """A receipt for a parcel that this file never wrote."""

    message = N_(
        "Cet accusé répond à un envoi que ce poste n'a pas écrit : un autre ordinateur porte-t-il la même identité ? Rien n'a changé ; "
        "appelez la coordination."
    )


class Reading(StrEnum):
    """What became of a receipt read at the shop."""

    TAKEN = "taken"
    KNOWN = "known"
    OLDER = "older"
    BEFORE_RESTORE = "before_restore"


READINGS = {
    Reading.TAKEN: N_("Accusé lu : la coordination a reçu l'envoi n° {seq}, le {day}."),
    Reading.KNOWN: N_("Cet accusé a déjà été lu : rien n'a changé."),
    Reading.OLDER: N_("Cet accusé est plus ancien que le dernier lu (envoi n° {last}) : rien n'a changé."),
    Reading.BEFORE_RESTORE: N_(
        "Cet accusé répond à un envoi d'avant la restauration de ce poste : rien n'a changé. Le prochain envoi aura le sien."
    ),
}
"""The sentence of each."""


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """What was read of a receipt, and what it changed here: nothing unless `reading` is TAKEN."""

    reading: Reading
    seq: int
    received_on: date
    months: tuple[str, ...]
    message: str
    last_seq: int = 0


class Sending(StrEnum):
    """Where a month over stands, for the shop."""

    RECEIVED = "received"
    NOT_YET = "not_yet"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class MonthSending:
    """A month of the contract: received on a day, not yet, or corrected since it was."""

    month: str
    sending: Sending
    received_on: date | None = None


def receipts_of(desk: Desk, contract: int, message: str = "") -> tuple[Receipt, ...]:
    """Return the receipt of each post of each shop for its last parcel. Raises `BadInput` for a message too long."""
    message = checked_text(message).strip()
    if len(message) > MOST_MESSAGE:
        raise BadInput(N_("Le message de l'accusé est trop long : 500 signes au plus."))
    with desk.db.read() as session:
        row = session.get_one(Contract, contract)
        latest = select(func.max(ParcelReceived.id)).group_by(ParcelReceived.site_id, ParcelReceived.post)
        found = []
        for parcel, site in session.execute(
            select(ParcelReceived, Site)
            .join(Site, Site.id == ParcelReceived.site_id)
            .where(Site.contract_id == contract, ParcelReceived.id.in_(latest))
            .order_by(Site.number, ParcelReceived.post)
        ):
            found.append(
                Receipt(
                    str(row.uid), site.code, str(parcel.post), parcel.generation.hex, parcel.seq, parcel.digest.hex(),
                    parcel.imported_at, _months_received(session, site.id, parcel.post), row.edition, message,
                )
            )  # fmt: skip
    return tuple(found)


def _months_received(session: Session, site: int, post: int) -> tuple[ReceivedMonth, ...]:
    rows = session.scalars(
        select(SiteMonth).where(SiteMonth.site_id == site, SiteMonth.post == post).order_by(SiteMonth.month)
    ).yield_per(6)
    return tuple(ReceivedMonth(r.month, r.revision, month_digest(r.figures), r.closed) for r in rows)


def write_receipts(
    desk: Desk, contract: int, folder: Path, *, message: str = "", expected: StickIdentity | None = None
) -> tuple[Path, ...]:
    """Write every shop's receipt to a stick or a folder and return their paths; one already there, the same, is left.

    Raises `EnvironmentTrouble`, `BadInput` for a message too long, `RuleRefused` on a stick that carries copies of data.
    """
    receipts = receipts_of(desk, contract, message)
    with desk.db.read() as session:
        key = SigningKey.from_bytes(session.get_one(Contract, contract).signing_key)
    sticks.refuse_parcel(folder)
    written = []
    for receipt in receipts:
        data = write_receipt(receipt, key)
        path = folder / receipt.file_name
        if not path.is_file() or stick.read_bounded(path, MOST_BYTES) != data:
            path = stick.write_safely(folder, receipt.file_name, data, expected=expected)
        written.append(path)
    return tuple(written)


def read_receipt_file(desk: Desk, path: Path) -> ReadReceipt:
    """Read a receipt and keep what it says. A forged, foreign, replayed or older one changes nothing.

    Raises a `ReceiptRefused` by its cause, `EnvironmentTrouble`.
    """
    data = stick.read_bounded(path, MOST_BYTES)
    with desk.db.write() as session:
        contract, receipt, digest = _ours(session, data)
        told = ReadReceipt(
            Reading.TAKEN, receipt.seq, receipt.received_at.astimezone(PARIS).date(), tuple(m.month for m in receipt.months),
            receipt.message,
        )  # fmt: skip
        known = session.scalars(
            select(ReceiptRead).where(ReceiptRead.contract_id == contract.id).order_by(ReceiptRead.seq.desc())
        ).all()
        if any(r.digest == digest for r in known):
            return replace(told, reading=Reading.KNOWN)
        generation, post = uuid.UUID(receipt.generation), int(receipt.post)
        last = max((r.seq for r in known if r.generation == generation and r.post == post), default=0)
        if receipt.seq < last:
            return replace(told, reading=Reading.OLDER, last_seq=last)
        if generation != contract.generation:
            return replace(told, reading=Reading.BEFORE_RESTORE)
        sent = session.scalars(
            select(ParcelSent).where(
                ParcelSent.contract_id == contract.id, ParcelSent.generation == generation,
                ParcelSent.digest == bytes.fromhex(receipt.parcel), ParcelSent.seq == receipt.seq,
            )
        ).first()  # fmt: skip
        if sent is None:
            raise ReceiptUnknownParcel
        session.add(
            ReceiptRead(
                contract_id=contract.id, post=post, generation=generation, seq=receipt.seq, parcel=sent.digest, digest=digest,
                received_at=receipt.received_at, months=[list(m) for m in receipt.months], read_at=desk.clock.now(),
                read_by=desk.actor.id,
            )
        )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "receipt", {"contract": contract.id, "seq": receipt.seq, "post": post})
    return told


def _ours(session: Session, data: bytes) -> tuple[Contract, Receipt, bytes]:
    """Return the contract a receipt answers for, and the receipt, its signature checked. Raises a `ReceiptRefused`."""
    refusal: ReceiptRefused = ReceiptElsewhere()
    for contract in session.scalars(select(Contract).where(Contract.identity.is_(None)).order_by(Contract.id)):
        try:
            receipt, digest = read_receipt(data, contract.verify_key)
        except ReceiptRefused as error:
            refusal = error
            continue
        if receipt.contract != str(contract.uid) or receipt.site != contract.site_code:
            raise ReceiptElsewhere
        if not receipt.post.isdecimal() or len(receipt.generation) != 32:
            raise ReceiptElsewhere
        return contract, receipt, digest
    raise refusal


def months_sent(desk: Desk, contract: int) -> tuple[MonthSending, ...]:
    """Return where every month over of a contract stands, the latest first."""
    with desk.db.read() as session:
        row = session.get_one(Contract, contract)
        return sendings_in(session, desk, row, contents_in(session, desk, row).months)


def sendings_in(
    session: Session, desk: Desk, contract: Contract, months: tuple[MonthFigures, ...]
) -> tuple[MonthSending, ...]:
    """Return the same inside a caller's block, of months already read."""
    first_day: dict[tuple[str, str], datetime] = {}
    received: set[str] = set()
    for row in session.scalars(select(ReceiptRead).where(ReceiptRead.contract_id == contract.id)):
        for month, _revision, digest, _closed in row.months:
            received.add(month)
            known = first_day.get((month, digest))
            first_day[(month, digest)] = min(known, row.received_at) if known else row.received_at
    pseudonym, today = pseudonyms(contract.uid), desk.clock.today()
    found = []
    for figures in reversed(months):
        if figures.month >= month_of(today):
            continue
        record = {**month_to_record(figures, pseudonym), "actions": [list(line) for line in figures.actions]}
        at = first_day.get((figures.month, month_digest(record)))
        if at is not None:
            found.append(MonthSending(figures.month, Sending.RECEIVED, at.astimezone(PARIS).date()))
        else:
            found.append(MonthSending(figures.month, Sending.CHANGED if figures.month in received else Sending.NOT_YET))
    return tuple(found)


def remind_after(desk: Desk) -> int:
    """Return after how many days a month not received is recalled; 0 for never."""
    with desk.db.read() as session:
        return _remind_after(session, desk)


def _remind_after(session: Session, desk: Desk) -> int:
    value = setting_in(session, REMIND_KEY, desk.clock.today())
    return REMIND_AFTER if value is None else int(value)


def save_remind_after(desk: Desk, days: int) -> None:
    """Keep after how many days a month not received is recalled, 0 for never. Raises `BadInput` beyond 90 days."""
    if not 0 <= days <= 90:
        raise BadInput(N_("Le rappel se règle de 1 à 90 jours, ou 0 pour n'en avoir aucun."))
    with desk.db.write() as session:
        keep_setting_in(session, desk, REMIND_KEY, days)


def late_in(session: Session, desk: Desk) -> tuple[str, ...]:
    """Return the months, the oldest first, over for longer than the setting says and not received as they were last sent.

    Read at every opening of the counter: from receipts and sums alone, no ticket is added up.
    """
    today, days = desk.clock.today(), _remind_after(session, desk)
    found: set[str] = set()
    rows = session.scalars(select(Contract).where(Contract.identity.is_(None), Contract.starts_on <= today))
    for contract in rows if days else ():
        last = min(d for d in (today, contract.ends_on, contract.left_on) if d)
        if (today - last).days > _FORGOTTEN or last < contract.starts_on:
            continue
        received = {
            (month, digest)
            for months in session.scalars(select(ReceiptRead.months).where(ReceiptRead.contract_id == contract.id))
            for month, _revision, digest, _closed in months
        }
        sent = dict(
            session.execute(select(MonthSent.month, MonthSent.digest).where(MonthSent.contract_id == contract.id)).all()
        )
        for month in months_between(month_of(contract.starts_on), month_of(last)):
            over = (today - month_bounds(month)[1]).days
            if over > days and (month not in sent or (month, sent[month].hex()) not in received):
                found.add(month)
    return tuple(sorted(found))


def late_months(desk: Desk) -> tuple[str, ...]:
    """Return the same, in a block of its own."""
    with desk.db.read() as session:
        return late_in(session, desk)
