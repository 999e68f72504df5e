"""What the gestures of the support file share: who may, the open file of a household, what is sealed in a row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import SupportFile
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.sealing import seal_json, social_key, unseal_json
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


def check_worker(desk: Desk) -> None:
    """Raise `RuleRefused` for an account that does not hold the second key."""
    social_key(desk)


def check_same_file(theirs: int | None, asked: int | None) -> None:
    """Raise `RuleRefused` where a row is not of the household the form speaks of: it was read from another file."""
    if theirs != asked:
        raise RuleRefused(N_("Cette ligne est celle d'un autre foyer : rouvrez le dossier, puis recommencez."))


def open_file_in(session: Session, household: int) -> SupportFile | None:
    """Return the support file of a household that is not closed, None where there is none."""
    return session.scalars(
        select(SupportFile)
        .where(SupportFile.household_id == household, SupportFile.closed_on.is_(None))
        .order_by(SupportFile.id.desc())
        .limit(1)
    ).first()


def need_open_file_in(session: Session, household: int) -> SupportFile:
    """Return the support file that is not closed. Raises `RuleRefused` where there is none."""
    row = open_file_in(session, household)
    if row is None:
        raise RuleRefused(N_("Ce foyer n'a pas de dossier d'accompagnement ouvert : ouvrez-en un par l'orientation."))
    return row


def sealed_in(desk: Desk, row: Any) -> dict[str, Any]:
    """Return what the `sealed` column of a row holds, {} for an empty one. Raises `RuleRefused` without the second key."""
    return unseal_json(desk, row.__tablename__, row.uid, row.sealed)


def seal_in(desk: Desk, row: Any, **changes: Any) -> None:
    """Seal a row's content again with `changes`; what is not named stays. The row has its `uid` already."""
    row.sealed = seal_json(desk, row.__tablename__, row.uid, {**sealed_in(desk, row), **changes})


def checked_day(desk: Desk, day: date, *, future: bool = False) -> date:
    """Return a day. Raises `BadInput`: more than a century off, or still to come where it may not be."""
    today = desk.clock.today()
    if abs(day.year - today.year) > 100:
        raise BadInput(N_("Cette date est trop loin d'aujourd'hui : vérifiez l'année."))
    if day > today and not future:
        raise BadInput(N_("Ce jour n'est pas encore venu : vérifiez la date."))
    return day


def day_of(instant: datetime) -> date:
    """Return the day of an instant, at the calendar of Paris."""
    return instant.astimezone(PARIS).date()
