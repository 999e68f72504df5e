"""The coordinator's side of a contract: making it, enrolling shops, accepting parcels all or nothing, the contract's totals.

The coordinator's file holds months, categories and tokens, never a name.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import MonthFigures, Totals, month_of, months_between, totals
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.enrolment import Enrolment, write_enrolment
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, fingerprint
from epicerie_desktop.exchange.parcel import MAX_SEALED, OpenedParcel, open_parcel, read_header
from epicerie_desktop.exchange.records import month_from_record, totals_to_record
from epicerie_desktop.exchange.refusals import ParcelOtherContract, ParcelUnknownSigner, ParcelUnreadable
from epicerie_desktop.persistence.models import Contract, ParcelReceived, Site, SiteMonth
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

FARTHEST = 1000
"""A parcel more than so many numbers ahead was not written by a shop that counts one by one."""


class Outcome(StrEnum):
    """What became of a parcel (exchange.md §4.3), each told to the coordinator by its own sentence."""

    NEW = "new"
    KNOWN = "known"
    OLDER = "older"
    FORK = "fork"
    TOO_FAR = "too_far"
    RESTORED = "restored"
    SHRANK = "shrank"


SENTENCES = {
    Outcome.NEW: N_("Reçu : {site}, envoi n° {seq}."),
    Outcome.KNOWN: N_("Déjà reçu le {day} : rien n'a changé."),
    Outcome.OLDER: N_("Fichier plus ancien que celui que vous avez déjà (n° {seq}) : rien n'a changé."),
    Outcome.FORK: N_(
        "Deux fichiers différents portent le n° {seq} de {site} : l'ordinateur a-t-il été copié ? Rien n'a changé."
    ),
    Outcome.TOO_FAR: N_(
        "Le n° {seq} de {site} est beaucoup trop loin du précédent : rien n'a changé. Appelez l'épicerie."
    ),
    Outcome.RESTORED: N_("{site} a été réinstallé ou restauré : vérifiez avec l'épicerie, puis acceptez ce fichier."),
    Outcome.SHRANK: N_("Des mois clos de {site} ont diminué : vérifiez avec l'épicerie, puis acceptez ce fichier."),
}
"""The sentence of each outcome."""


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract made here."""

    id: int
    uid: str
    number: int
    name: str
    starts_on: date
    ends_on: date
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A shop of the contract and the last parcel accepted from it."""

    id: int
    code: str
    number: int
    name: str
    last_seq: int | None
    imported_at: datetime | None
    last_month: str | None


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month that the parcel brings or replaces: visits and grams before (None where it was unknown) and after."""

    month: str
    before: Totals | None
    after: Totals


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a parcel is and would change (`accepted` False), or has changed (`accepted` True)."""

    outcome: Outcome
    site: str
    post: int
    seq: int
    accepted: bool
    changes: tuple[MonthChange, ...]
    totals: Totals
    first_signature: bool
    signer: str
    sentence: str
    fields: dict[str, Any]


def create_contract(desk: Desk, name: str, starts_on: date, ends_on: date) -> int:
    """Make a contract and its keys and return its id. Raises `BadInput` for an empty name or inverted dates."""
    checked = checked_name(name, N_("nom du contrat"))
    if ends_on <= starts_on:
        raise BadInput(N_("La fin du contrat précède son début : vérifiez les dates."))
    identity, signing = AgeIdentity.generate(), SigningKey.generate()
    with desk.db.write() as session:
        taken = set(session.scalars(select(Contract.number)))
        number = next(n for n in iter(lambda: 1000 + secrets.randbelow(9000), None) if n not in taken)
        contract = Contract(
            number=number, name=checked, starts_on=starts_on, ends_on=ends_on, recipient=identity.recipient,
            verify_key=signing.verify_key.raw, identity=identity.to_string(), signing_key=signing.to_bytes(),
            joined_at=desk.clock.now(),
        )  # fmt: skip
        session.add(contract)
        session.flush()
        seal_in_journal(session, desk, "contract.made", {"contract": contract.id, "number": number})
        return contract.id


def add_site(desk: Desk, contract: int, code: str, name: str) -> Enrolment:
    """Enrol a shop and return what its file will say. Raises `BadInput`, `RuleRefused` for a code already given."""
    code = code.strip().upper()
    if not (2 <= len(code) <= 6 and code.isascii() and code.isalnum()):
        raise BadInput(N_("Le code de l'épicerie a de 2 à 6 lettres ou chiffres, par exemple SF01."))
    with desk.db.write() as session:
        sites = session.scalars(select(Site).where(Site.contract_id == contract)).all()
        if any(s.code == code for s in sites):
            raise RuleRefused(N_("Le code {code} est déjà celui d'une autre épicerie du contrat."), code=code)
        site = Site(
            contract_id=contract, code=code, number=max((s.number for s in sites), default=0) + 1,
            name=checked_name(name, N_("nom de l'épicerie")),
        )  # fmt: skip
        session.add(site)
        session.flush()
        seal_in_journal(session, desk, "site", {"site": site.id, "contract": contract})
        return _enrolment(session.get_one(Contract, contract), site)


def enrolment_of(desk: Desk, site: int) -> Enrolment:
    """Return what the file of a shop already enrolled says, to give it again."""
    with desk.db.read() as session:
        row = session.get_one(Site, site)
        return _enrolment(session.get_one(Contract, row.contract_id), row)


def _enrolment(contract: Contract, site: Site) -> Enrolment:
    return Enrolment(
        str(contract.uid), contract.number, contract.name, contract.starts_on, contract.ends_on, contract.recipient,
        contract.verify_key, site.code, site.number, site.name,
    )  # fmt: skip


def write_enrolment_file(desk: Desk, site: int, folder: Path) -> Path:
    """Write the file of a shop to a folder or a stick and return its path. Raises `EnvironmentTrouble`."""
    enrolment = enrolment_of(desk, site)
    with desk.db.read() as session:
        contract = session.scalars(select(Contract).where(Contract.uid == uuid.UUID(enrolment.contract))).one()
        data = write_enrolment(enrolment, SigningKey.from_bytes(contract.signing_key))
    return stick.write_safely(folder, enrolment.file_name, data, expected=None)


def list_contracts(desk: Desk) -> tuple[ContractRow, ...]:
    """Return the contracts made here, the latest first."""
    with desk.db.read() as session:
        return tuple(
            ContractRow(c.id, str(c.uid), c.number, c.name, c.starts_on, c.ends_on, fingerprint(c.verify_key))
            for c in session.scalars(select(Contract).order_by(Contract.starts_on.desc(), Contract.id.desc()))
        )


def list_sites(desk: Desk, contract: int) -> tuple[SiteRow, ...]:
    """Return the shops of a contract with what was last received from each."""
    with desk.db.read() as session:
        rows = []
        for site in session.scalars(select(Site).where(Site.contract_id == contract).order_by(Site.number)):
            last = session.scalars(
                select(ParcelReceived)
                .where(ParcelReceived.site_id == site.id)
                .order_by(ParcelReceived.id.desc())
                .limit(1)
            ).first()
            month = session.scalars(
                select(SiteMonth.month).where(SiteMonth.site_id == site.id).order_by(SiteMonth.month.desc()).limit(1)
            ).first()
            rows.append(
                SiteRow(
                    site.id,
                    site.code,
                    site.number,
                    site.name,
                    last.seq if last else None,
                    last.imported_at if last else None,
                    month,
                )
            )
        return tuple(rows)


def read_parcel_file(path: Path) -> bytes:
    """Return the bytes of a parcel's file. Raises `EnvironmentTrouble`, `ParcelTooBig`."""
    return stick.read_bounded(path, MAX_SEALED + 1)


def look_at_parcel(desk: Desk, data: bytes) -> ImportReport:
    """Return what a parcel is and what it would change; nothing is written. Raises a `ParcelRefused` with its sentence."""
    with desk.db.read() as session:
        return _judge(session, data)[0]


def accept_parcel(desk: Desk, data: bytes, *, sure: bool = False) -> ImportReport:
    """Take a parcel into the contract's totals, all or nothing; twice the same changes nothing.

    `sure` also accepts a restored shop, or closed months that shrank, once the shop was called. Raises a `ParcelRefused`.
    """
    with desk.db.write() as session:
        report, opened, site, months = _judge(session, data)
        acceptable = {Outcome.NEW} | ({Outcome.RESTORED, Outcome.SHRANK} if sure else set())
        if report.outcome not in acceptable:
            return report
        header = opened.header
        received = ParcelReceived(
            site_id=site.id, post=int(header.post), generation=uuid.UUID(header.generation), seq=header.seq,
            digest=bytes.fromhex(opened.digest), created_at=header.created, imported_at=desk.clock.now(), imported_by=desk.actor.id,
        )  # fmt: skip
        session.add(received)
        site.verify_key = site.verify_key or opened.signer
        session.flush()
        for record, figures in months:
            session.merge(
                SiteMonth(
                    site_id=site.id, post=int(header.post), month=figures.month, revision=int(record["revision"]),
                    closed=bool(record["closed"]), parcel_id=received.id, figures=record,
                )
            )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "import", {"site": site.id, "seq": header.seq, "digest": opened.digest})
    return ImportReport(
        report.outcome, report.site, report.post, report.seq, True, report.changes, report.totals, report.first_signature,
        report.signer, SENTENCES[Outcome.NEW], report.fields,
    )  # fmt: skip


_Months = list[tuple[dict[str, Any], MonthFigures]]


def _judge(session: Session, data: bytes) -> tuple[ImportReport, OpenedParcel, Site, _Months]:
    header = read_header(data)
    contract = session.scalars(select(Contract).where(Contract.uid == _uuid(header.contract))).first()
    if contract is None or contract.identity is None:
        raise ParcelOtherContract
    site = session.scalars(select(Site).where(Site.contract_id == contract.id, Site.code == header.site)).first()
    if site is None:
        raise ParcelUnknownSigner
    opened = open_parcel(
        data, AgeIdentity.from_string(contract.identity), expected_contract=header.contract, verify_key=site.verify_key
    )
    months = _months_in(opened, contract)
    known = {
        m.month: m
        for m in session.scalars(
            select(SiteMonth).where(SiteMonth.site_id == site.id, SiteMonth.post == _post(header.post))
        )
    }
    changes = _changes(months, known)
    fresh = [(r, f) for r, f in months if f.month in {c.month for c in changes}]
    outcome, fields = _outcome(session, site, opened, changes, known)
    report = ImportReport(
        outcome, site.name, _post(header.post), header.seq, False, changes if outcome not in (Outcome.KNOWN, Outcome.OLDER) else (),
        totals(f for _, f in months), site.verify_key is None, fingerprint(opened.signer), SENTENCES[outcome],
        {"site": site.name, "seq": header.seq, **fields},
    )  # fmt: skip
    return report, opened, site, fresh


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ParcelOtherContract from error


def _post(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise ParcelUnreadable
    return int(text)


def _months_in(opened: OpenedParcel, contract: Contract) -> _Months:
    """Return the months of a parcel, checked: within the contract, once each, and adding up to the shop's own control."""
    body = opened.body
    listed = body.get("months")
    if body.get("kind") != "shop" or not isinstance(listed, list):
        raise ParcelUnreadable
    months: _Months = []
    for record in listed:
        figures = month_from_record(record)
        revision = record.get("revision")
        if not isinstance(revision, int) or revision < 1 or not isinstance(record.get("closed"), bool):
            raise ParcelUnreadable
        if not month_of(contract.starts_on) <= figures.month <= month_of(contract.ends_on):
            raise ParcelUnreadable
        months.append((record, figures))
    if len({f.month for _, f in months}) != len(months):
        raise ParcelUnreadable
    if body.get("control") != totals_to_record(totals(f for _, f in months)):
        raise ParcelUnreadable
    return months


def _changes(months: _Months, known: dict[str, SiteMonth]) -> tuple[MonthChange, ...]:
    found = []
    for record, figures in months:
        old = known.get(figures.month)
        if old is not None and old.revision >= record["revision"] and old.figures["households"] == record["households"]:
            continue
        if old is not None and old.revision > record["revision"]:
            continue
        before = month_from_record(old.figures).totals if old else None
        found.append(MonthChange(figures.month, before, figures.totals))
    return tuple(found)


def _outcome(
    session: Session, site: Site, opened: OpenedParcel, changes: tuple[MonthChange, ...], known: dict[str, SiteMonth]
) -> tuple[Outcome, dict[str, Any]]:
    header = opened.header
    same = session.scalars(select(ParcelReceived).where(ParcelReceived.digest == bytes.fromhex(opened.digest))).first()
    if same is not None:
        return Outcome.KNOWN, {"day": f"{same.imported_at:%d/%m/%Y}"}
    received = session.scalars(
        select(ParcelReceived)
        .where(ParcelReceived.site_id == site.id, ParcelReceived.post == _post(header.post))
        .order_by(ParcelReceived.id.desc())
    ).all()
    if received:
        generation = uuid.UUID(header.generation)
        if received[0].generation != generation:
            return (Outcome.OLDER if any(r.generation == generation for r in received) else Outcome.RESTORED), {}
        last = max(r.seq for r in received if r.generation == generation)
        if header.seq == last:
            return Outcome.FORK, {}
        if header.seq < last:
            return Outcome.OLDER, {}
        if header.seq > last + FARTHEST:
            return Outcome.TOO_FAR, {}
    shrank = [c for c in changes if c.before is not None and known[c.month].closed and c.after.grams < c.before.grams]
    return (Outcome.SHRANK if shrank else Outcome.NEW), {}


def contract_months(
    desk: Desk, contract: int, first: str, last: str
) -> tuple[tuple[SiteRow, tuple[MonthFigures, ...]], ...]:
    """Return, for every shop, its months within a period as last received."""
    sites = list_sites(desk, contract)
    wanted = set(months_between(first, last))
    with desk.db.read() as session:
        found = {}
        for site in sites:
            rows = session.scalars(
                select(SiteMonth).where(SiteMonth.site_id == site.id).order_by(SiteMonth.month, SiteMonth.post)
            )
            found[site.id] = tuple(month_from_record(r.figures) for r in rows if r.month in wanted)
    return tuple((s, found[s.id]) for s in sites)


def contract_totals(desk: Desk, contract: int, first: str, last: str) -> Totals:
    """Return the totals of a contract over a period. Families that moved between shops are told apart in a later work."""
    return totals(m for _, months in contract_months(desk, contract, first, last) for m in months)
