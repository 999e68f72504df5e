"""What a column holds, as a file for another program says it: days and instants in ISO, codes and identities as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """Return a value as JSON and CSV take it, what it holds within with it; instants are in UTC, bytes in hexadecimal."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, UUID | bytes):
        return value.hex if isinstance(value, UUID) else value.hex()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value
