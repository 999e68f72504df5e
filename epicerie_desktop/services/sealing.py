"""Columns that only social workers read: JSON or bytes sealed under the second key, bound to their row."""

from __future__ import annotations

import json
import uuid
from typing import Any

from epicerie_desktop.persistence import vault
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def social_key(desk: Desk) -> bytes:
    """Return the second key. Raises `RuleRefused` for an account that does not hold it."""
    if desk.social_key is None:
        raise RuleRefused(N_("Cette partie du dossier est réservée aux travailleurs sociaux."))
    return desk.social_key


def check_worker(desk: Desk) -> None:
    """Raise `RuleRefused` for an account that does not hold the second key."""
    social_key(desk)


def sealed_place(table: str, uid: uuid.UUID, column: str = "sealed") -> str:
    """Return to what a sealed column is bound: moved to another row, it no longer opens."""
    return f"{table}|{uid}|{column}"


def seal_json(desk: Desk, table: str, uid: uuid.UUID, content: dict[str, Any]) -> bytes:
    """Return `content` sealed for the row `uid` of `table`. Raises `RuleRefused` without the second key."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return vault.seal(social_key(desk), data, sealed_place(table, uid))


def unseal_json(desk: Desk, table: str, uid: uuid.UUID, sealed: bytes | None) -> dict[str, Any]:
    """Return the content of a sealed column, {} for an empty one. Raises `RuleRefused` without the second key."""
    if sealed is None:
        return {}
    found: dict[str, Any] = json.loads(vault.unseal(social_key(desk), sealed, sealed_place(table, uid)))
    return found


def seal_bytes(desk: Desk, table: str, uid: uuid.UUID, data: bytes) -> bytes:
    """Return `data` (a scan, a photo) sealed for a row. Raises `RuleRefused` without the second key."""
    return vault.seal(social_key(desk), data, sealed_place(table, uid))


def unseal_bytes(desk: Desk, table: str, uid: uuid.UUID, sealed: bytes) -> bytes:
    """Return what `seal_bytes` sealed. Raises `RuleRefused` without the second key."""
    return vault.unseal(social_key(desk), sealed, sealed_place(table, uid))


def sealed_in(desk: Desk, row: Any) -> dict[str, Any]:
    """Return what the `sealed` column of a row holds, {} for an empty one. Raises `RuleRefused` without the second key."""
    return unseal_json(desk, row.__tablename__, row.uid, row.sealed)
