"""Who the régie is, as the papers of each day name it: rows of `setting`, from the day they were written."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_PREFIX, _SWITCH = "regie.", "feature.regie"
LONGEST_NAME = 120


def regie_in(session: Session, on: date) -> Regie:
    """Return the régie as it was set on a day, inside a caller's block: one statement."""
    return _told(session, on)[0]


def issuer_in(session: Session, on: date) -> Regie | None:
    """Return the régie that issued the tickets of a day, None where the shop kept none that day: one statement."""
    regie, used = _told(session, on)
    return regie if used else None


def _told(session: Session, on: date) -> tuple[Regie, bool]:
    rows = session.execute(
        select(Setting.key, Setting.value)
        .where(or_(Setting.key.startswith(_PREFIX), Setting.key == _SWITCH), Setting.valid_from <= on)
        .order_by(Setting.valid_from)
    )
    found: dict[str, Any] = {r.key.removeprefix(_PREFIX): r.value for r in rows}
    return Regie(**{f.name: found[f.name] for f in fields(Regie) if f.name in found}), bool(found.get(_SWITCH))


def kept_since(session: Session) -> date | None:
    """Return the day the shop began to keep a régie, None where it never did."""
    rows = session.execute(
        select(Setting.valid_from, Setting.value).where(Setting.key == _SWITCH).order_by(Setting.valid_from)
    )
    return next((r.valid_from for r in rows if r.value), None)


def save_regie(desk: Desk, regie: Regie) -> None:
    """Write from today how the papers name the régie. Raises `BadInput` for a name too long or a ceiling out of reason."""
    require_team(desk)
    if not 0 <= regie.ceiling_cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez le plafond d'encaisse de l'arrêté, ou laissez-le vide."))
    values = {
        "name": checked_text(regie.name, LONGEST_NAME), "regisseur": checked_text(regie.regisseur, LONGEST_NAME),
        "accountant": checked_text(regie.accountant, LONGEST_NAME), "ceiling_cents": regie.ceiling_cents,
    }  # fmt: skip
    with desk.db.write() as session:
        for key, value in values.items():
            session.merge(Setting(key=f"{_PREFIX}{key}", valid_from=desk.clock.today(), value=value))
        session.flush()
        seal_in_journal(session, desk, "setting", {"key": f"{_PREFIX}ceiling_cents", "cents": regie.ceiling_cents})
