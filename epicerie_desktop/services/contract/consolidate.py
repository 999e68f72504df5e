"""The coordinator's side of a contract: making it, enrolling shops, the contract's totals; parcels come in by `receive`.

The coordinator's file holds months, categories and tokens, never a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import func, select

from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.exchange.enrolment import Enrolment
from epicerie_desktop.exchange.keys import fingerprint
from epicerie_desktop.persistence.models import Contract, Family, ParcelReceived, Site, SiteMonth
from epicerie_desktop.services.contract.distinct import counted
from epicerie_desktop.services.contract.making import add_site, create_contract, enrolment_of, write_enrolment_file
from epicerie_desktop.services.contract.outcomes import SENTENCES, ImportReport, MonthChange, Outcome
from epicerie_desktop.services.contract.receive import accept_parcel, look_at_parcel, read_parcel_file
from epicerie_desktop.services.desk import Desk

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
    latest = (
        select(func.max(ParcelReceived.id)).where(ParcelReceived.site_id == Site.id).correlate(Site).scalar_subquery()
    )
    month = select(func.max(SiteMonth.month)).where(SiteMonth.site_id == Site.id).correlate(Site).scalar_subquery()
    with desk.db.read() as session:
        return tuple(
            SiteRow(site, code, number, name, seq, imported_at, last)
            for site, code, number, name, seq, imported_at, last in session.execute(
                select(
                    Site.id, Site.code, Site.number, Site.name, ParcelReceived.seq, ParcelReceived.imported_at, month
                )
                .outerjoin(ParcelReceived, ParcelReceived.id == latest)
                .where(Site.contract_id == contract)
                .order_by(Site.number)
            )
        )


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


def contract_totals(desk: Desk, contract: int, first: str, last: str) -> Totals:
    """Return the totals of a contract over a period, families and persons distinct over its shops."""
    return counted(desk, contract, first, last)[0]
