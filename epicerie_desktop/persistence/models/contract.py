"""The contract itself, at the coordinator: axes, actions, indicators and their values, funding, and the balances frozen.

Values, statuses and balances are never edited: another row follows them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from epicerie_desktop.persistence.models.base import STRICT, Base, Edited, Identified
from epicerie_desktop.persistence.types import Day, Flag, Json


class Axis(Identified, Edited, Base):
    """An axis (axe) of a contract, in the order of its text."""

    __tablename__ = "axis"
    __table_args__ = (UniqueConstraint("contract_id", "code"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]


class ContractAction(Identified, Edited, Base):
    """An action of an axis: who leads it (pilote), with whom."""

    __tablename__ = "contract_action"
    __table_args__ = (UniqueConstraint("contract_id", "code"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    axis_id: Mapped[int] = mapped_column(ForeignKey("axis.id"))
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    pilot: Mapped[str] = mapped_column(Text, default="")
    partners: Mapped[Any] = mapped_column(Json, default=list)
    position: Mapped[int]


class ActionStatus(Identified, Base):
    """Where an action stands from a day on: planned, started, done, postponed or dropped. The latest day tells."""

    __tablename__ = "action_status"
    __table_args__ = (Index(None, "action_id", "since"), STRICT)

    action_id: Mapped[int] = mapped_column(ForeignKey("contract_action.id"))
    status: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Day)
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Indicator(Identified, Edited, Base):
    """What an action is counted by. `source` is empty for a value that is typed or imported, else what the parcels bring it."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("contract_id", "code"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("contract_action.id"))
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(Text)
    """HOUSEHOLD, PERSON, GRAM, CENT, or COUNT with what is counted in `unit_name`."""
    unit_name: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(Text)
    """DISTINCT, SUM or LAST (a stock at a date)."""
    source: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[int | None]
    headline: Mapped[bool] = mapped_column(Flag, default=False)
    position: Mapped[int]


class IndicatorValue(Identified, Base):
    """A figure typed or imported: over which months, of which shop, settled on which day (arrêté au), from whom it comes."""

    __tablename__ = "indicator_value"
    __table_args__ = (Index(None, "indicator_id", "first_month"), STRICT)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    first_month: Mapped[str] = mapped_column(Text)
    last_month: Mapped[str] = mapped_column(Text)
    value: Mapped[int | None]
    """In the indicator's unit; None withdraws the value it replaces."""
    as_of: Mapped[date] = mapped_column(Day)
    source: Mapped[str] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("indicator_value.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("value_import.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ValueMapping(Identified, Edited, Base):
    """How the columns of a partner's spreadsheet are read, remembered under the sum of its headings."""

    __tablename__ = "value_mapping"
    __table_args__ = (UniqueConstraint("contract_id", "headings"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    name: Mapped[str] = mapped_column(Text)
    headings: Mapped[str] = mapped_column(Text)
    mapping: Mapped[Any] = mapped_column(Json)


class ValueImport(Identified, Base):
    """A spreadsheet taken in, once: its name, its sum, and how it was read."""

    __tablename__ = "value_import"
    __table_args__ = (UniqueConstraint("contract_id", "digest"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    file_name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    mapping: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Funder(Identified, Edited, Base):
    """Who brings money to a contract (financeur)."""

    __tablename__ = "funder"
    __table_args__ = (UniqueConstraint("contract_id", "name"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    name: Mapped[str] = mapped_column(Text)


class FundingLine(Identified, Edited, Base):
    """What a funder planned and paid for an action, or for the whole contract, in a year."""

    __tablename__ = "funding_line"
    __table_args__ = (Index(None, "contract_id", "year"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("funder.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("contract_action.id"))
    year: Mapped[int]
    planned_cents: Mapped[int]
    paid_cents: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")


class ContractBalance(Identified, Base):
    """A balance (bilan) as it was frozen: settled on a day, over a scope. `record` is the canonical text that `digest` seals."""

    __tablename__ = "contract_balance"
    __table_args__ = (UniqueConstraint("contract_id", "number"), STRICT)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date] = mapped_column(Day)
    first_month: Mapped[str] = mapped_column(Text)
    last_month: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    """The sum of the balance before, empty for the first."""
    digest: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


__all__ = [
    "ActionStatus",
    "Axis",
    "ContractAction",
    "ContractBalance",
    "Funder",
    "FundingLine",
    "Indicator",
    "IndicatorValue",
    "ValueImport",
    "ValueMapping",
]
