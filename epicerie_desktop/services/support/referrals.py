"""Households sent to another service: the letter that goes with them, and what it answered."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.persistence.models import OnwardReferral
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.sealing import check_worker, seal_json, unseal_json
from epicerie_desktop.services.support.common import check_same_file, checked_day
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

MOST_SERVICE = 160


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """An onward referral as typed: `service` is whom the household is sent to, `reason` what the letter asks."""

    household: int
    day: date
    kind: OnwardKind
    service: str
    reason: str = ""
    id: int | None = None
    version: int | None = None


def refer_onward(desk: Desk, form: ReferralForm) -> int:
    """Send a household to a service, or correct a referral that waits for its answer; return its id.

    Raises `RuleRefused` without the second key or on a reserved file, `BadInput` for a service left empty, `Stale`.
    """
    check_worker(desk)
    service, reason = checked_text(form.service, MOST_SERVICE), checked_text(form.reason)
    if not service:
        raise BadInput(N_("Écrivez à quel service le foyer est adressé."))
    checked_day(desk, form.day)
    with desk.db.write() as session:
        file_in(session, desk, form.household)
        if form.id is None:
            row = OnwardReferral(uid=uuid.uuid4(), household_id=form.household, state=OnwardState.SENT.value)
        else:
            row = session.get_one(OnwardReferral, form.id)
            check_same_file(row.household_id, form.household)
            if row.state != OnwardState.SENT:
                raise RuleRefused(N_("Ce service a déjà répondu : adressez plutôt le foyer une nouvelle fois."))
        touch(row, desk, form.version)
        row.day, row.kind = form.day, form.kind.value
        row.sealed = seal_json(desk, "onward_referral", row.uid, {"service": service, "reason": reason})
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "onward_referral", {"referral": row.id, "household": row.household_id, "kind": row.kind}
        )
        return row.id


def answer_referral(desk: Desk, referral: int, state: OnwardState, answer: str, version: int | None) -> None:
    """Note what a service answered, or SENT to wait again. Raises `RuleRefused` without the second key, `BadInput`, `Stale`."""
    check_worker(desk)
    kept = checked_text(answer)
    with desk.db.write() as session:
        row = session.get_one(OnwardReferral, referral)
        file_in(session, desk, row.household_id)
        touch(row, desk, version)
        content = unseal_json(desk, "onward_referral", row.uid, row.sealed)
        row.state = state.value
        row.sealed = seal_json(desk, "onward_referral", row.uid, {**content, "answer": kept})
        seal_in_journal(
            session, desk, "onward_answer", {"referral": row.id, "household": row.household_id, "state": row.state}
        )
