"""Personal projects of a household: what is aimed at, and the payments really made towards it. For social workers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.support import MOST_CENTS, ObjectiveKind, ObjectiveState
from epicerie_desktop.persistence.models import Objective, ObjectivePayment
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import check_worker, seal_json
from epicerie_desktop.services.support.common import check_same_file, checked_day, seal_in
from epicerie_desktop.services.writing import seal_in_journal, stamp, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

_NAME_SIGNS = 120


@dataclass(frozen=True, slots=True)
class ObjectiveForm:
    """A project as edited. `target_cents` None where it is not a matter of money."""

    kind: ObjectiveKind
    label: str
    set_on: date
    creditor: str = ""
    target_cents: int | None = None
    due_on: date | None = None


def save_objective(
    desk: Desk, household: int, form: ObjectiveForm, *, objective: int | None = None, version: int | None = None
) -> int:
    """Create or change a project and return its id. Raises `BadInput`, `Stale`, `RuleRefused` without the second key."""
    check_worker(desk)
    content = _checked(desk, form)
    with desk.db.write() as session:
        file_in(session, desk, household)
        if objective is None:
            uid = uuid.uuid4()
            row = Objective(uid=uid, household_id=household, version=1, state=ObjectiveState.OPEN.value)
            row.sealed = seal_json(desk, "objective", uid, content)
            stamp(row, desk)
            session.add(row)
        else:
            row = _objective_in(session, desk, objective)
            check_same_file(row.household_id, household)
            touch(row, desk, version)
            seal_in(desk, row, **content)
        row.kind, row.set_on, row.due_on = form.kind.value, form.set_on, form.due_on
        session.flush()
        seal_in_journal(
            session, desk, "objective", {"objective": row.id, "household": household, "kind": row.kind, "version": row.version}
        )  # fmt: skip
        return row.id


def _objective_in(session: Session, desk: Desk, objective: int) -> Objective:
    row = session.get_one(Objective, objective)
    file_in(session, desk, row.household_id)
    return row


def _checked(desk: Desk, form: ObjectiveForm) -> dict[str, Any]:
    label = checked_text(form.label, _NAME_SIGNS)
    if not label:
        raise BadInput(N_("Dites le projet en quelques mots, comme le dirait la personne."))
    checked_day(desk, form.set_on)
    if form.due_on is not None and checked_day(desk, form.due_on, future=True) < form.set_on:
        raise BadInput(N_("L'échéance précède le début du projet : vérifiez les deux dates."))
    if form.target_cents is not None and not 0 < form.target_cents <= MOST_CENTS:
        raise BadInput(N_("Ce montant n'est pas possible pour un projet : vérifiez-le, ou laissez-le vide."))
    return {
        "label": label, "creditor": checked_text(form.creditor, _NAME_SIGNS), "target_cents": form.target_cents
    }  # fmt: skip


def end_objective(desk: Desk, objective: int, version: int, state: ObjectiveState, ended_on: date) -> None:
    """Say how a project ended, or take it up again with `OPEN`. Raises `BadInput`, `Stale`, `RuleRefused`."""
    check_worker(desk)
    checked_day(desk, ended_on)
    with desk.db.write() as session:
        row = _objective_in(session, desk, objective)
        if state is not ObjectiveState.OPEN and ended_on < row.set_on:
            raise BadInput(N_("La fin du projet précède son début : vérifiez la date."))
        touch(row, desk, version)
        row.state, row.ended_on = state.value, None if state is ObjectiveState.OPEN else ended_on
        seal_in_journal(session, desk, "objective.state", {"objective": objective, "state": state.value})


def record_payment(desk: Desk, objective: int, day: date, cents: int, note: str = "") -> int:
    """Keep a payment really made for a project and return its id. Raises `BadInput`, `RuleRefused` without the second key."""
    check_worker(desk)
    checked_day(desk, day)
    if not 0 < cents <= MOST_CENTS:
        raise BadInput(N_("Ce montant n'est pas possible pour un versement : vérifiez-le."))
    words = checked_text(note, 200)
    with desk.db.write() as session:
        project = _objective_in(session, desk, objective)
        uid = uuid.uuid4()
        row = ObjectivePayment(
            uid=uid, objective_id=objective, day=day, made_at=desk.clock.now(), made_by=desk.actor.id,
            sealed=seal_json(desk, "objective_payment", uid, {"cents": cents, "note": words}),
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "objective.payment", {"payment": row.id, "objective": objective, "household": project.household_id}
        )  # fmt: skip
        return row.id


def cancel_payment(desk: Desk, payment: int) -> None:
    """Cancel a payment noted by mistake; it stays, struck out, with the instant. Raises `RuleRefused` where it already is."""
    check_worker(desk)
    with desk.db.write() as session:
        row = session.get_one(ObjectivePayment, payment)
        _objective_in(session, desk, row.objective_id)
        if row.cancelled_at is not None:
            raise RuleRefused(N_("Ce versement est déjà annulé."))
        row.cancelled_at = desk.clock.now()
        seal_in_journal(session, desk, "objective.payment.cancelled", {"payment": payment})
