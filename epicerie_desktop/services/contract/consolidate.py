"""The coordinator's side of a contract: making it, enrolling shops, the contract's totals; parcels come in by `receive`.

The coordinator's file holds months, categories and tokens, never a name.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select

from epicerie_desktop.domain.figures import MonthFigures, Totals, months_between, totals
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.shop_code import checked_shop_code
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.enrolment import Enrolment, write_enrolment
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, fingerprint
from epicerie_desktop.exchange.records import month_from_record
from epicerie_desktop.persistence.models import Contract, Family, ParcelReceived, Site, SiteMonth
from epicerie_desktop.services.contract.outcomes import SENTENCES, ImportReport, MonthChange, Outcome
from epicerie_desktop.services.contract.receive import accept_parcel, look_at_parcel, read_parcel_file
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

__all__ = [
    "SENTENCES",
    "ContractFile",
    "ContractRow",
    "ImportReport",
    "MonthChange",
    "Outcome",
    "SiteRow",
    "accept_parcel",
    "add_site",
    "contract_months",
    "contract_totals",
    "create_contract",
    "enrolment_of",
    "family_names",
    "list_contracts",
    "list_sites",
    "look_at_parcel",
    "read_parcel_file",
    "received_months",
    "write_enrolment_file",
]

ContractFile: TypeAlias = Enrolment
"""What a shop's file of the contract says."""


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
    code = checked_shop_code(code)
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
            for c in session.scalars(
                select(Contract)
                .where(Contract.identity.is_not(None))
                .order_by(Contract.starts_on.desc(), Contract.id.desc())
            )
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


def received_months(desk: Desk, contract: int) -> dict[int, dict[str, bool]]:
    """Return, for every shop that sent something, its months and whether each was closed when sent."""
    found: dict[int, dict[str, bool]] = {}
    with desk.db.read() as session:
        for site, month, closed in session.execute(
            select(SiteMonth.site_id, SiteMonth.month, SiteMonth.closed)
            .join(Site, Site.id == SiteMonth.site_id)
            .where(Site.contract_id == contract)
        ):
            months = found.setdefault(site, {})
            months[month] = months.get(month, True) and closed
    return found


def family_names(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return the code and name of the families of products the shops told of."""
    with desk.db.read() as session:
        return tuple(
            (code, name) for code, name in session.execute(select(Family.code, Family.name).order_by(Family.position))
        )


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
