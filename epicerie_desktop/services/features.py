"""What the shop uses: a feature that is off is seen nowhere, and costs nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal

_KEY = "features"


@dataclass(frozen=True, slots=True)
class Features:
    """What is switched on. A shop that has just been made uses none of it."""

    sessions: bool = False
    """A float, a count at the end, a difference explained, a note to the next team."""
    denominations: bool = False
    """Cash counted coin by coin and note by note."""
    means: bool = False
    """Cheques and cards, besides cash."""
    vouchers: bool = False
    purse: bool = False
    """What a household pays ahead."""
    slate: bool = False
    """What a household is let leave to pay."""
    regie: bool = False
    """The till of a CCAS: quittances, register by means of payment, payments to the public accountant."""


def features_of(desk: Desk) -> Features:
    """Return what the shop uses today."""
    with desk.db.read() as session:
        return features_in(session, desk)


def features_in(session: Session, desk: Desk) -> Features:
    """Return what the shop uses today, inside a caller's block."""
    kept = session.scalar(
        select(Setting.value)
        .where(Setting.key == _KEY, Setting.valid_from <= desk.clock.today())
        .order_by(Setting.valid_from.desc())
        .limit(1)
    )
    # A file written by a newer program may name features this one does not have.
    known = {f.name for f in fields(Features)}
    return Features(**{k: bool(v) for k, v in (kept or {}).items() if k in known})


def save_feature(desk: Desk, name: str, on: bool) -> Features:
    """Switch a feature on or off from today on, and return what the shop uses then. Raises `RuleRefused` for a volunteer."""
    require_team(desk)
    with desk.db.write() as session:
        found = replace(features_in(session, desk), **{name: on})
        value = {f.name: getattr(found, f.name) for f in fields(Features)}
        session.merge(Setting(key=_KEY, valid_from=desk.clock.today(), value=value))
        session.flush()
        seal_in_journal(session, desk, "setting", {"key": _KEY, name: on})
    return found
