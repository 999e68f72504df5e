"""Steps of support: what was done with a household, sealed; its nameless counter follows in the same transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain import steps
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import SupportStep
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.services.sealing import check_worker, seal_json, unseal_json
from epicerie_desktop.services.support.counters import post_in
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step as noted: codes of the nomenclature, cents where an amount is asked, a few words or none."""

    household: int
    day: date
    action: str
    step: str
    cents: int | None = None
    note: str = ""


def record_step(desk: Desk, form: StepForm) -> int:
    """Note a step and return its id; the counter of its month, action and step goes up by one in the same transaction.

    Raises `RuleRefused` without the second key or on a reserved file, `BadInput` for an unknown kind, a day to come, an amount
    missing or unasked.
    """
    check_worker(desk)
    steps.check_step(contract_actions(), form.action, form.step, form.day, form.cents, desk.clock.today())
    note, uid = checked_text(form.note), uuid.uuid4()
    content = {"kind": form.step, "action": form.action, "cents": form.cents, "note": note}
    with desk.db.write() as session:
        file_in(session, desk, form.household)
        row = SupportStep(
            uid=uid, household_id=form.household, day=form.day, sealed=seal_json(desk, "support_step", uid, content),
            made_at=desk.clock.now(), made_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        post_in(session, steps.counted(form.day, form.action, form.step, form.cents))
        seal_in_journal(session, desk, "support_step", {"step": row.id, "household": form.household})
        return row.id


def cancel_step(desk: Desk, step: int) -> None:
    """Cancel a step noted by mistake: it stays, struck, and its counter goes down. Raises `RuleRefused`: already cancelled."""
    check_worker(desk)
    with desk.db.write() as session:
        row = session.get_one(SupportStep, step)
        file_in(session, desk, row.household_id)
        if row.cancelled_at is not None:
            raise RuleRefused(N_("Cette action est déjà annulée."))
        content = unseal_json(desk, "support_step", row.uid, row.sealed)
        row.cancelled_at = desk.clock.now()
        post_in(session, steps.taken_back(steps.counted(row.day, content["action"], content["kind"], content["cents"])))
        seal_in_journal(session, desk, "support_step_cancelled", {"step": row.id, "household": row.household_id})
