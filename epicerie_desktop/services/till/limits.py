"""The limits a shop sets to its till, and what the constitutive act of a régie allows: one dated setting."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.persistence.models import Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_KEY = "till.means"


@dataclass(frozen=True, slots=True)
class TillLimits:
    """The limits of the till, in cents (None: no limit), and where the constitutive act of a régie allows what is refused without it.

    Each `act_…` is the date or the reference of the act; an empty one means that it says nothing, so that it is refused.
    """

    slate_cents: int | None = None
    """What a household may owe at most."""
    drawer_cents: int | None = None
    """The most cash a régie may hold (*encaisse maximale*): passing it is told, and blocks nothing."""
    act_slate: str = ""
    act_ahead: str = ""
    act_refund: str = ""


def limits_of(desk: Desk) -> TillLimits:
    """Return the limits in force today."""
    with desk.db.read() as session:
        return limits_in(session, desk.clock.today())


def limits_in(session: Session, day: date) -> TillLimits:
    """Return the limits in force on a day, inside a caller's block."""
    value = session.scalar(
        select(Setting.value).where(Setting.key == _KEY, Setting.valid_from <= day).order_by(Setting.valid_from.desc()).limit(1)
    )  # fmt: skip
    return TillLimits(**value) if value else TillLimits()


def save_limits(desk: Desk, limits: TillLimits) -> None:
    """Keep other limits from today on. Raises `BadInput` for an absurd amount."""
    require_team(desk)
    for cents in (limits.slate_cents, limits.drawer_cents):
        if cents is not None and not 0 <= cents <= MAX_CENTS:
            raise BadInput(N_("Écrivez un montant en euros, ou laissez vide s'il n'y a pas de limite."))
    value = {f.name: getattr(limits, f.name) for f in fields(limits)}
    value |= {k: checked_text(v.strip()) for k, v in value.items() if isinstance(v, str)}
    with desk.db.write() as session:
        session.merge(Setting(key=_KEY, valid_from=desk.clock.today(), value=value))
        session.flush()
        seal_in_journal(session, desk, "setting", {"key": _KEY, **value})
