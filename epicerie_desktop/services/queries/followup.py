"""« À faire »: the tasks of a worker and all that comes to its end, across households, the latest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.followup import Due, DueKind, by_lateness
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.support import ObjectiveKind, PaperKind
from epicerie_desktop.domain.workshops import Duty
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Account,
    Appointment,
    Household,
    Objective,
    Paper,
    Person,
    SupportFile,
    Task,
    Undertaking,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import locked_in, shown_name
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.workshops import duties_in
from epicerie_desktop.services.sealing import check_worker, unseal_json
from epicerie_desktop.support.clock import day_of
from epicerie_desktop.support.i18n import N_, gettext

WITHIN_DAYS = 30
_LOOKED_BACK = timedelta(days=60)
"""How long ago what ended is still told: beyond it, a right or a paper is a matter of the file, no longer of the week."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a household."""

    id: int
    version: int
    text: str
    due_on: date | None
    worker: int | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What ends, before its household is named."""

    kind: DueKind
    id: int
    day: date | None
    text: str
    household: int | None
    version: int = 0
    worker: int | None = None


def worker_agenda(desk: Desk, within_days: int = WITHIN_DAYS, household: int | None = None) -> tuple[Due, ...]:
    """Return the tasks not done and what ends within `within_days`, of all households or of one: the latest first.

    Reserved files this account may not open are left out. Raises `RuleRefused` without the second key.
    """
    check_worker(desk)
    today = desk.clock.today()
    span = (today - _LOOKED_BACK, today + timedelta(days=within_days))
    with reading(desk) as session:
        found = [
            *_tasks(session, desk), *_appointments(session, desk), *_rights(session, span), *_reviews(session, span[1]),
            *_papers(session, span), *_proxies(session, span), *_objectives(session, span[1]), *_duties(session, today, span[1]),
        ]  # fmt: skip
        locked = locked_in(session, desk)
        if household is not None and household not in locked:
            open_in(session, desk, household)
        wanted = [f for f in found if f.household not in locked and household in (None, f.household)]
        names = _names(session, desk, {f.household for f in wanted if f.household is not None})
        workers = {r.id: r.name for r in session.execute(select(Account.id, Account.name))}
    return tuple(sorted((_due(f, names, workers) for f in wanted), key=by_lateness))


def _due(f: _Found, names: dict[int, tuple[str, str]], workers: dict[int, str]) -> Due:
    number, who = names.get(f.household, ("", "")) if f.household is not None else ("", "")
    return Due(f.kind, f.id, f.day, f.text, f.household, number, who, f.version, workers.get(f.worker or 0, ""))


def _names(session: Session, desk: Desk, households: Iterable[int]) -> dict[int, tuple[str, str]]:
    wanted = select(Household.id, Household.number, Person.first_name, Person.last_name).outerjoin(
        Person, Person.id == Household.holder_id
    )
    ids = list(households)
    if len(ids) < 500:  # beyond, reading every household costs less than naming them one by one
        wanted = wanted.where(Household.id.in_(ids))
    return {r.id: (r.number, shown_name(desk, r.first_name, r.last_name)) for r in session.execute(wanted)}


def _open(household: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return what holds for the files in use: neither closed nor merged into another."""
    return (
        select(Household.id)
        .where(Household.id == household, Household.closed_on.is_(None), Household.merged_into_id.is_(None))
        .exists()
    )


def _tasks(session: Session, desk: Desk) -> Iterator[_Found]:
    wanted = select(Task.id, Task.uid, Task.version, Task.household_id, Task.worker_id, Task.due_on, Task.sealed)
    for r in session.execute(wanted.where(Task.done_at.is_(None))):
        text = unseal_json(desk, "task", r.uid, r.sealed)["text"]
        yield _Found(DueKind.TASK, r.id, r.due_on, text, r.household_id, r.version, r.worker_id)


def _appointments(session: Session, desk: Desk) -> Iterator[_Found]:
    """Tell the appointments of past days of which nobody said what became."""
    begun = datetime.combine(desk.clock.today(), datetime.min.time(), desk.clock.now().tzinfo)
    wanted = select(
        Appointment.id, Appointment.household_id, Appointment.at, Appointment.worker_id, Appointment.version
    )
    planned = wanted.where(Appointment.state == AppointmentState.PLANNED.value, Appointment.at < begun)
    for r in session.execute(planned):
        if day_of(r.at) < desk.clock.today():
            told = label(AppointmentKind(r.kind))
            yield _Found(DueKind.APPOINTMENT, r.id, day_of(r.at), told, r.household_id, r.version, r.worker_id)


def _rights(session: Session, span: tuple[date, date]) -> Iterator[_Found]:
    """Tell the last right of each household that ends in the span."""
    last = (
        select(
            AccessGrant.household_id,
            func.max(AccessGrant.valid_until).label("until"),
            func.max(AccessGrant.id).label("id"),
        )
        .where(~AccessGrant.exceptional)
        .group_by(AccessGrant.household_id)
        .subquery()
    )
    wanted = select(last).where(last.c.until >= span[0], last.c.until <= span[1], _open(last.c.household_id))
    for r in session.execute(wanted):
        yield _Found(DueKind.RIGHT, r.id, r.until, "", r.household_id)


def _reviews(session: Session, until: date) -> Iterator[_Found]:
    wanted = select(SupportFile.id, SupportFile.household_id, SupportFile.review_on).where(
        SupportFile.closed_on.is_(None), SupportFile.review_on <= until, _open(SupportFile.household_id)
    )
    for r in session.execute(wanted):
        yield _Found(DueKind.REVIEW, r.id, r.review_on, "", r.household_id)


def _papers(session: Session, span: tuple[date, date]) -> Iterator[_Found]:
    """Tell the papers that expire in the span, unless a newer one of the same kind lasts longer."""
    newer = aliased(Paper)
    wanted = select(Paper.id, Paper.household_id, Paper.expires_on, Paper.kind).where(
        Paper.removed_at.is_(None), Paper.expires_on >= span[0], Paper.expires_on <= span[1], _open(Paper.household_id),
        ~select(newer.id).where(
            newer.household_id == Paper.household_id, newer.kind == Paper.kind, newer.removed_at.is_(None),
            newer.expires_on > Paper.expires_on,
        ).exists(),
    )  # fmt: skip
    for r in session.execute(wanted):
        yield _Found(DueKind.PAPER, r.id, r.expires_on, label(PaperKind(r.kind)), r.household_id)


def _proxies(session: Session, span: tuple[date, date]) -> Iterator[_Found]:
    wanted = select(Undertaking.id, Undertaking.household_id, Undertaking.until, Undertaking.name).where(
        Undertaking.kind == "PROXY", Undertaking.revoked_on.is_(None), Undertaking.until >= span[0],
        Undertaking.until <= span[1], _open(Undertaking.household_id),
    )  # fmt: skip
    for r in session.execute(wanted):
        yield _Found(DueKind.PROXY, r.id, r.until, r.name, r.household_id)


def _objectives(session: Session, until: date) -> Iterator[_Found]:
    wanted = select(Objective.id, Objective.household_id, Objective.due_on, Objective.kind).where(
        Objective.state == "OPEN", Objective.due_on <= until, _open(Objective.household_id)
    )
    for r in session.execute(wanted):
        yield _Found(DueKind.OBJECTIVE, r.id, r.due_on, label(ObjectiveKind(r.kind)), r.household_id)


def _duties(session: Session, today: date, until: date) -> Iterator[_Found]:
    """Tell what the rights in force ask in return and is not met, where its period ends in the span."""
    for household, duties in duties_in(session, None, today).items():
        for n, duty in enumerate(duties):
            if duty.duty is not Duty.OTHER and not duty.met and duty.last <= until:
                told = gettext(N_("{label} : {done} sur {wanted}"))
                text = told.format(label=duty.obligation.label, done=duty.done, wanted=duty.wanted)
                yield _Found(DueKind.OBLIGATION, household * 100 + n, duty.last, text, household)


def household_tasks(desk: Desk, household: int) -> tuple[TaskRow, ...]:
    """Return the tasks for a household: those to do by date, then those done, the latest first. Raises `RuleRefused`."""
    check_worker(desk)
    wanted = (
        select(Task.id, Task.uid, Task.version, Task.sealed, Task.due_on, Task.worker_id, Task.done_at)
        .where(Task.household_id == household)
        .order_by(Task.done_at.is_not(None), Task.done_at.desc(), Task.due_on.is_(None), Task.due_on, Task.id)
    )
    with reading(desk) as session:
        open_in(session, desk, household)
        return tuple(
            TaskRow(
                r.id, r.version, unseal_json(desk, "task", r.uid, r.sealed)["text"], r.due_on, r.worker_id,
                day_of(r.done_at) if r.done_at else None,
            )
            for r in session.execute(wanted)
        )  # fmt: skip
