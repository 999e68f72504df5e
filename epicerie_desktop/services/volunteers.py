"""The hours volunteers give: noted by day and kind of task, under an account or a name the team chose; cancelled, never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.volunteers import VolunteerTask, checked_minutes
from epicerie_desktop.persistence.models import Account, VolunteerHours
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_NAME = 60


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Hours as typed: `account` who gave them, or `label`, a name of the team's choosing (« Équipe du mardi ») where there is none."""

    day: date
    minutes: int
    task: VolunteerTask
    account: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Hours that stand: who is the name of the account or what was typed."""

    id: int
    day: date
    who: str
    minutes: int
    task: VolunteerTask


def note_hours(desk: Desk, form: HoursForm) -> int:
    """Keep hours given and return their id.

    Raises `BadInput`: a day to come, no whole quarters, nobody named or twice; `RuleRefused` where the shop does not keep them.
    """
    minutes, label = checked_minutes(form.minutes), checked_text(form.label, MOST_NAME)
    if form.day > desk.clock.today():
        raise BadInput(N_("Cette date est dans le futur."))
    if (form.account is None) == (not label):
        raise BadInput(N_("Dites qui a donné ces heures : un compte, ou un nom d'équipe."))
    with desk.db.write() as session:
        _require_on(session)
        row = VolunteerHours(
            day=form.day, account_id=form.account, label=label, minutes=minutes, task=form.task.value, made_at=desk.clock.now(),
            made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "volunteer_hours", {"hours": row.id, "minutes": minutes, "task": row.task})
        return row.id


def cancel_hours(desk: Desk, hours: int) -> None:
    """Cancel hours by the contrary ones. Raises `RuleRefused` where they were cancelled already."""
    with desk.db.write() as session:
        row = session.get_one(VolunteerHours, hours)
        again = select(VolunteerHours.id).where(VolunteerHours.reverses_id == hours)
        if row.reverses_id is not None or session.scalar(again) is not None:
            raise RuleRefused(N_("Ces heures sont déjà annulées."))
        session.add(
            VolunteerHours(
                day=row.day, account_id=row.account_id, label=row.label, minutes=-row.minutes, task=row.task, reverses_id=row.id,
                made_at=desk.clock.now(), made_by=desk.actor.id,
            )
        )  # fmt: skip
        session.flush()
        seal_in_journal(session, desk, "volunteer_hours.cancelled", {"hours": hours})


def _require_on(session: Session) -> None:
    if not features_in(session).volunteer_hours:
        raise RuleRefused(N_("L'épicerie ne note pas les heures de bénévolat : choisissez-les dans les réglages."))


def hours_between(desk: Desk, first: date, last: date) -> tuple[HoursRow, ...]:
    """Return the hours of a period that stand, both days included, the latest first."""
    with desk.db.read() as session:
        return standing_in(session, first, last)


def standing_in(session: Session, first: date, last: date) -> tuple[HoursRow, ...]:
    """Do the same inside a caller's block."""
    contrary = aliased(VolunteerHours)
    wanted = (
        select(VolunteerHours, Account.name)
        .outerjoin(Account, Account.id == VolunteerHours.account_id)
        .where(VolunteerHours.day >= first, VolunteerHours.day <= last, VolunteerHours.reverses_id.is_(None))
        .where(~select(contrary.id).where(contrary.reverses_id == VolunteerHours.id).exists())
        .order_by(VolunteerHours.day.desc(), VolunteerHours.id.desc())
    )
    return tuple(
        HoursRow(r.id, r.day, name or r.label, r.minutes, VolunteerTask(r.task)) for r, name in session.execute(wanted)
    )
