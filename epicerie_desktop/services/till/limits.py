"""The limits a shop sets to its till, and what the constitutive act of a régie allows: one dated setting."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.team import require_team
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
    act_slate: str = ""
    act_ahead: str = ""
    act_refund: str = ""


@dataclass(frozen=True, slots=True)
class Lawful:
    """What may be done here with money besides being paid on the spot: asked before a person types a sum or a reason.

    A régie may do none of it unless its constitutive act says so (CGCT, R.1617-1 and following), and never spends.
    """

    slate: bool = False
    """A part may be left to pay, up to `slate_cents` (None: no limit)."""
    ahead: bool = False
    """Money may be taken ahead."""
    refund: bool = True
    """Money kept ahead, or taken another day, may be given back."""
    slate_cents: int | None = None
    spend: bool = True
    """A small purchase may be paid from the drawer. A régie de recettes takes in and pays all of it over: no act allows it here."""


def lawful_in(session: Session, day: date) -> Lawful:
    """Return what is switched on and allowed on a day, inside a caller's block."""
    features, limits = features_in(session), limits_in(session, day)
    free = not features.regie
    return Lawful(
        features.slate and (free or bool(limits.act_slate)), features.purse and (free or bool(limits.act_ahead)),
        free or bool(limits.act_refund), limits.slate_cents, free,
    )  # fmt: skip


def limits_of(desk: Desk) -> TillLimits:
    """Return the limits in force today."""
    with desk.db.read() as session:
        return limits_in(session, desk.clock.today())


def limits_in(session: Session, day: date) -> TillLimits:
    """Return the limits in force on a day, inside a caller's block."""
    value = setting_in(session, _KEY, day)
    return TillLimits(**value) if value else TillLimits()


def save_limits(desk: Desk, limits: TillLimits) -> None:
    """Keep other limits from today on. Raises `BadInput` for an absurd amount."""
    require_team(desk)
    if limits.slate_cents is not None and not 0 <= limits.slate_cents <= MAX_CENTS:
        raise BadInput(N_("Écrivez un montant en euros, ou laissez vide s'il n'y a pas de limite."))
    value = {f.name: getattr(limits, f.name) for f in fields(limits)}
    value |= {k: checked_text(v.strip()) for k, v in value.items() if isinstance(v, str)}
    with desk.db.write() as session:
        keep_setting_in(session, desk, _KEY, value, **value)
