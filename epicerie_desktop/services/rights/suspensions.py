"""Suspending, excluding and letting come again: a person decides, after the household was asked to come and be heard."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.suspensions import (
    Measure,
    MeasureRefused,
    Part,
    SuspensionKind,
    SuspensionReason,
    check_beside,
    check_measure,
)
from epicerie_desktop.persistence.models import Suspension
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.suspensions import measures_in
from epicerie_desktop.services.sealing import seal_json
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.format import day as shown_day
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class SuspensionForm:
    """A measure as decided; `reason` is what the letter says, sealed for social workers."""

    household: int
    measure: Measure
    reason_code: SuspensionReason
    reason: str = ""


def record_suspension(desk: Desk, form: SuspensionForm) -> int:
    """Record a measure and return its id; it closes the till to the household from its first day.

    Raises `MeasureRefused`, which tells the part to mend, for dates that do not hold, a household that was not asked to come, a reason not written, two measures
    at once; `RuleRefused` for an account without the second key, but for an urgent measure told by its code alone.
    """
    require_team(desk)
    reason = checked_text(form.reason)
    check_measure(form.measure, desk.clock.today())
    if not reason and form.measure.kind is not SuspensionKind.CONSERVATORY:
        raise MeasureRefused(
            Part.REASON, N_("Écrivez le motif en une phrase ou deux : la lettre doit le dire au foyer.")
        )
    with desk.db.write() as session:
        file_in(session, desk, form.household)
        return _suspension_in(session, desk, form, reason)


def _suspension_in(session: Session, desk: Desk, form: SuspensionForm, reason: str) -> int:
    check_beside(form.measure, measures_in(session, form.household))
    uid, m = uuid.uuid4(), form.measure
    row = Suspension(
        uid=uid, household_id=form.household, kind=m.kind.value, since=m.since, until=m.until,
        reason_code=form.reason_code.value, asked_on=m.asked_on, heard_on=m.heard_on,
        sealed=seal_json(desk, "suspension", uid, {"reason": reason}) if reason else None,
        made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    seal_in_journal(
        session, desk, "suspension",
        {"suspension": row.id, "household": form.household, "kind": m.kind.value, "reason": form.reason_code.value,
         "since": m.since.isoformat(), "until": m.until.isoformat() if m.until else None},
    )  # fmt: skip
    return row.id


def lift_suspension(desk: Desk, suspension: int) -> None:
    """Let a household come again from today. Raises `RuleRefused` where the measure is over or lifted already."""
    require_team(desk)
    today = desk.clock.today()
    with desk.db.write() as session:
        row = session.get_one(Suspension, suspension)
        file_in(session, desk, row.household_id)
        if row.lifted_on is not None or (row.until is not None and row.until < today):
            raise RuleRefused(N_("Cette mesure est déjà terminée."))
        row.lifted_on, row.lifted_by = today, desk.actor.id
        session.flush()
        seal_in_journal(session, desk, "suspension.lifted", {"suspension": suspension, "day": today.isoformat()})


def require_not_kept_away(session: Session, household: int, day: date) -> None:
    """Return nothing where a household may come on `day`. Raises `RuleRefused` where a measure keeps it away."""
    running = [m for m in measures_in(session, household) if m.covers(day)]
    if not running:
        return
    last = None if any(m.last is None for m in running) else max(m.last for m in running if m.last)
    if last is None:
        raise RuleRefused(N_("Ce foyer est exclu : levez d'abord cette mesure pour lui ouvrir un droit."))
    raise RuleRefused(
        N_("Ce foyer est suspendu jusqu'au {day} : faites commencer le droit ensuite, ou levez d'abord la mesure."),
        day=lambda: shown_day(last),
    )
