"""The dated settings of the shop: what holds on a day is the last row that began by then; a change counts from today."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.writing import seal_in_journal


def setting_in(session: Session, key: str, day: date) -> Any:
    """Return the value in force on a day, None where it was never set: one statement."""
    return session.scalar(
        select(Setting.value)
        .where(Setting.key == key, Setting.valid_from <= day)
        .order_by(Setting.valid_from.desc())
        .limit(1)
    )


def settings_in(session: Session, key: str) -> tuple[tuple[date, Any], ...]:
    """Return every value a setting had, with the day it began, the oldest first: one statement."""
    rows = session.execute(
        select(Setting.valid_from, Setting.value).where(Setting.key == key).order_by(Setting.valid_from)
    )
    return tuple((r.valid_from, r.value) for r in rows)


def last_settings_in(session: Session, prefix: str) -> dict[str, Any]:
    """Return the last value of every setting whose key begins so, by the rest of its key: one statement."""
    rows = session.execute(
        select(Setting.key, Setting.value).where(Setting.key.startswith(prefix)).order_by(Setting.valid_from)
    )
    return {r.key.removeprefix(prefix): r.value for r in rows}


def keep_setting_in(session: Session, desk: Desk, key: str, value: Any, **told: Any) -> None:
    """Keep a value from today, and tell it in the journal: as `told`, else as it is."""
    session.merge(Setting(key=key, valid_from=desk.clock.today(), value=value))
    session.flush()
    seal_in_journal(session, desk, "setting", {"key": key, **(told or {"value": value})})
