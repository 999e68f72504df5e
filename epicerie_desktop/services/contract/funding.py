"""Who funds a contract, and what each planned and paid, by action and by year; cents throughout."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.contract import MOST, checked_title, checked_year
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import Axis, ContractAction, Funder, FundingLine
from epicerie_desktop.services.contract.rooms import contract_in, months_of, require_coordinator, row_in
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_NOTE = 300
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class FunderRow:
    """A funder of a contract."""

    id: int
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class FundingForm:
    """What a funder planned and paid in a year, for an action (None is the whole contract)."""

    funder: int
    year: int
    planned_cents: int
    paid_cents: int
    action: int | None = None
    note: str = ""
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FundingRow:
    """A line of funding as kept, with the names of what it points to; without an action it is for the whole contract."""

    id: int
    funder: int
    funder_name: str
    action: int | None
    action_code: str
    action_title: str
    axis_code: str
    year: int
    planned_cents: int
    paid_cents: int
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class FundingTotal:
    """What some lines add up to."""

    planned_cents: int = 0
    paid_cents: int = 0


def save_funder(desk: Desk, contract: int, name: str, funder: int | None = None, version: int | None = None) -> int:
    """Keep a funder and return its id. Raises `BadInput`, `RuleRefused` for a name already there, `Stale`."""
    require_coordinator(desk)
    with desk.db.write() as session:
        return save_funder_in(session, desk, contract, name, funder, version)


def save_funder_in(
    session: Session, desk: Desk, contract: int, name: str, funder: int | None = None, version: int | None = None
) -> int:
    """Do what `save_funder` does, in the caller's transaction."""
    name = checked_title(name)
    contract_in(session, contract)
    other = session.scalars(select(Funder.id).where(Funder.contract_id == contract, Funder.name == name)).first()
    if other is not None and other != funder:
        raise RuleRefused(N_("Ce financeur est déjà dans la liste."))
    if funder is None:
        row = Funder(contract_id=contract, name=name)
        stamp(row, desk)
        session.add(row)
        session.flush()
    else:
        row = row_in(session, Funder, funder)
        row.name = name
        touch(row, desk, version)
    seal_in_journal(session, desk, "contract.funder", {"contract": contract, "funder": row.id})
    return row.id


def save_funding(desk: Desk, form: FundingForm) -> int:
    """Keep a line of funding and return its id. Raises `BadInput` (amount, year), `RuleRefused`, `Stale`."""
    require_coordinator(desk)
    note = checked_text(form.note, MOST_NOTE)
    if not (0 <= form.planned_cents <= MOST and 0 <= form.paid_cents <= MOST):
        raise BadInput(N_("Un financement ne peut pas être négatif, ni dépasser dix milliards d'euros."))
    with desk.db.write() as session:
        funder = row_in(session, Funder, form.funder)
        contract = contract_in(session, funder.contract_id)
        year = checked_year(form.year, *months_of(contract))
        if form.action is not None and row_in(session, ContractAction, form.action).contract_id != contract.id:
            raise RuleRefused(N_("Cette action est celle d'un autre contrat."))
        row = row_in(session, FundingLine, form.id) if form.id is not None else FundingLine(contract_id=contract.id)
        if row.contract_id != contract.id:
            raise RuleRefused(N_("Ce financement est celui d'un autre contrat."))
        row.funder_id, row.action_id, row.year, row.note = funder.id, form.action, year, note
        row.planned_cents, row.paid_cents = form.planned_cents, form.paid_cents
        if form.id is None:
            stamp(row, desk)
            session.add(row)
            session.flush()
        else:
            touch(row, desk, form.version)
        seal_in_journal(
            session, desk, "contract.funding",
            {"line": row.id, "funder": funder.id, "action": form.action, "year": year, "planned": form.planned_cents, "paid": form.paid_cents},
        )  # fmt: skip
        return row.id


def remove_funding(desk: Desk, line: int) -> None:
    """Take a line of funding away; the journal keeps what it said. Raises `RuleRefused`."""
    require_coordinator(desk)
    with desk.db.write() as session:
        row = row_in(session, FundingLine, line)
        told = {
            "line": line,
            "funder": row.funder_id,
            "year": row.year,
            "planned": row.planned_cents,
            "paid": row.paid_cents,
        }
        session.delete(row)
        seal_in_journal(session, desk, "contract.funding_removed", told)


def list_funders(desk: Desk, contract: int) -> tuple[FunderRow, ...]:
    """Return the funders of a contract, in alphabetical order."""
    with desk.db.read() as session:
        rows = session.scalars(select(Funder).where(Funder.contract_id == contract).order_by(Funder.name))
        return tuple(FunderRow(f.id, f.name, f.version) for f in rows)


def funding_of(desk: Desk, contract: int) -> tuple[FundingRow, ...]:
    """Return the lines of funding of a contract, by year, then funder, then action."""
    with desk.db.read() as session:
        found = session.execute(
            select(FundingLine, Funder, ContractAction, Axis)
            .join(Funder, Funder.id == FundingLine.funder_id)
            .outerjoin(ContractAction, ContractAction.id == FundingLine.action_id)
            .outerjoin(Axis, Axis.id == ContractAction.axis_id)
            .where(FundingLine.contract_id == contract)
            .order_by(FundingLine.year, Funder.name, ContractAction.position, FundingLine.id)
        )
        return tuple(
            FundingRow(
                n.id, f.id, f.name, n.action_id, a.code if a else "", a.title if a else "", x.code if x else "", n.year,
                n.planned_cents, n.paid_cents, n.note, n.version,
            )
            for n, f, a, x in found
        )  # fmt: skip


def total_of(rows: Iterable[FundingRow]) -> FundingTotal:
    """Return what lines add up to."""
    known = tuple(rows)
    return FundingTotal(sum(r.planned_cents for r in known), sum(r.paid_cents for r in known))


def totals_by(rows: Iterable[FundingRow], key: Callable[[FundingRow], K]) -> dict[K, FundingTotal]:
    """Return what lines add up to by funder, by year, by action: whatever `key` tells, in the order met."""
    groups: dict[K, list[FundingRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {k: total_of(v) for k, v in groups.items()}
