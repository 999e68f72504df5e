"""The values of a parcel's content, each within its bounds. Raises `ParcelUnreadable` for anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from epicerie_desktop.exchange.refusals import ParcelUnreadable

_MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII).fullmatch
_TOKENS = re.compile(r"[0-9a-f]{32}(?: [0-9a-f]{32})*", re.ASCII).fullmatch
MOST = 10**12


def mapping(value: object) -> Mapping[str, object]:
    """Return an object."""
    if not isinstance(value, dict):
        raise ParcelUnreadable
    return value


def rows(value: object, most: int = 1_000_000) -> list[object]:
    """Return a list of at most so many items."""
    if not isinstance(value, list) or len(value) > most:
        raise ParcelUnreadable
    return value


def row(value: object, length: int) -> list[object]:
    """Return a list of exactly so many items."""
    if not isinstance(value, list) or len(value) != length:
        raise ParcelUnreadable
    return value


def text(value: object, longest: int = 64) -> str:
    """Return a text of at most so many signs."""
    if not isinstance(value, str) or len(value) > longest:
        raise ParcelUnreadable
    return value


def matching(value: object, pattern: re.Pattern[str]) -> str:
    """Return a text that is wholly of a form."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ParcelUnreadable
    return value


def month(value: object) -> str:
    """Return a month, `2026-11`."""
    return matching(value, _MONTH)


def token(value: object) -> str:
    """Return a random token: 32 hexadecimal digits."""
    if not isinstance(value, str) or _TOKEN(value) is None:
        raise ParcelUnreadable
    return value


def whole(value: object, least: int = 0, most: int = MOST) -> int:
    """Return an integer within bounds."""
    if type(value) is not int or not least <= value <= most:
        raise ParcelUnreadable
    return value


def wholes(*values: object) -> None:
    """Refuse any of these values that is not an integer from 0 on."""
    for value in values:
        if type(value) is not int or not 0 <= value <= MOST:
            raise ParcelUnreadable


def tokens(values: list[object]) -> tuple[str, ...]:
    """Return a list of random tokens, each told once."""
    try:
        joined = " ".join(values)  # type: ignore[arg-type]
    except TypeError:
        raise ParcelUnreadable from None
    # Looked at together: as many tokens as there are values, so that the blanks are those between them.
    if (values and (_TOKENS(joined) is None or len(joined) != 33 * len(values) - 1)) or len(set(values)) != len(values):
        raise ParcelUnreadable
    return tuple(values)  # type: ignore[arg-type]


def flag(value: object) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise ParcelUnreadable
    return value


def once(keys: list[object]) -> None:
    """Refuse a key found twice."""
    if len(set(keys)) != len(keys):
        raise ParcelUnreadable
