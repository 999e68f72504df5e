"""The declarative base: named constraints by convention, STRICT tables, and the columns that many tables share."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from epicerie_desktop.persistence.types import Uid, UtcInstant, Whole

STRICT: dict[str, Any] = {"sqlite_strict": True}
"""Last item of a table's arguments: SQLite then refuses a text in an integer column."""


class Base(DeclarativeBase):
    """Every table of the program."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: Whole, uuid.UUID: Uid(), datetime: UtcInstant()}
    __table_args__: Any = STRICT


class Identified:
    """A row of its own: a local number, and an identity made at birth that travels."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, sort_order=-1)


class Edited:
    """A row that two people may edit: its version is checked when saved, the second is told."""

    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int]


def table_of(model: type[Base]) -> Table:
    """Return the plain table of a model, for the statements that are repeated often."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


__all__ = ["STRICT", "Base", "Edited", "Identified", "table_of"]
