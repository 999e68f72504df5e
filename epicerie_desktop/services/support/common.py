"""What the gestures of the support file share: the open file they need, the same household, a day that may be, what is sealed again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import SupportFile
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.open_file import open_file_in
from epicerie_desktop.services.sealing import seal_json, sealed_in
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


def check_same_file(theirs: int | None, asked: int | None) -> None:
    """Raise `RuleRefused` where a row is not of the household the form speaks of: it was read from another file."""
    if theirs != asked:
        raise RuleRefused(N_("Cette ligne est celle d'un autre foyer : rouvrez le dossier, puis recommencez."))


def need_open_file_in(session: Session, household: int) -> SupportFile:
    """Return the support file that is not closed. Raises `RuleRefused` where there is none."""
    row = open_file_in(session, household)
    if row is None:
        raise RuleRefused(N_("Ce foyer n'a pas de dossier d'accompagnement ouvert : ouvrez-en un par l'orientation."))
    return row


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
