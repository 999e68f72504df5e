"""The project's column types: what a value is in Python, in SQLite (STRICT) and in PostgreSQL."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""Every integer: ids, grams, cents, counts. 64 bits in both engines."""


class Uid(TypeDecorator[uuid.UUID]):
    """A 128-bit identity made at birth: 16 bytes in SQLite, `uuid` in PostgreSQL."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of each engine."""
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        """Return the identity."""
        return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(bytes=bytes(value))


def instant_text(value: datetime) -> str:
    """Return an aware instant as SQLite keeps it: « 2026-11-28T09:30:00Z ». `strftime` costs twenty times as much."""
    return f"{value.astimezone(UTC).isoformat()[:19]}Z"


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant in UTC, to the second: ISO text in SQLite, `timestamptz` in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of each engine."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the driver takes. A naive instant is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instant")
        return value if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant, aware, in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A business day: ISO text in SQLite, `date` in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of each engine."""
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Return the day."""
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)


class WrittenJson(str):
    """A text of JSON already written and checked, to be kept as it is."""

    __slots__ = ()


class Json(TypeDecorator[Any]):
    """Plain values kept as JSON: text in SQLite, `jsonb` in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of each engine."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        if isinstance(value, WrittenJson):
            return json.loads(value) if dialect.name == "postgresql" else str(value)
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the values."""
        return json.loads(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """Yes or no: 0 or 1 in both engines."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Return 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """Return the truth value."""
        return None if value is None else bool(value)


class Choice(TypeDecorator[Any]):
    """One value of a `StrEnum`, kept as its text, which must therefore never be renamed."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return its text; an unknown value is a bug."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the member of the enum."""
        return None if value is None else self.choices(value)
