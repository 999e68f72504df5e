"""A statement said again with other debts, when a household separates or two files are found to be one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import Assessment
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.sealing import seal_json, unseal_json
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_


def statements_in(session: Session, household: int) -> Sequence[Assessment]:
    """Return the statements of a file, the last one first."""
    wanted = select(Assessment).where(Assessment.household_id == household).order_by(Assessment.id.desc())
    return session.scalars(wanted).all()


def restate_in(
    session: Session, desk: Desk, household: int, row: Assessment, content: dict[str, Any], debts: Sequence[Any]
) -> int:
    """Keep a statement again, today, with these debts (as they are kept), and return its id: it is not weighed afresh."""
    uid = uuid.uuid4()
    said = {**content, "debts": list(debts)}
    again = Assessment(
        uid=uid, household_id=household, ruleset_id=row.ruleset_id, day=desk.clock.today(), outcome=row.outcome, band=row.band,
        sealed=seal_json(desk, "assessment", uid, said), made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(again)
    session.flush()
    return again.id


def unite_statements_in(session: Session, desk: Desk, source: int, target: int) -> int | None:
    """State again, for the file that stays, the last full statement of the two with the debts of both; return its id.

    None where the last one tells it all already. A debt told alike in both is one. Raises `RuleRefused` for an account
    without the second key where both files have a statement: the debts of one would no longer be read.
    """
    theirs, ours = statements_in(session, source), statements_in(session, target)
    if not theirs or not ours:
        return None
    if desk.social_key is None:
        raise RuleRefused(
            N_(
                "Chacun de ces dossiers a son étude : seul un travailleur social peut les réunir, pour qu'aucune dette ne soit oubliée."
            )
        )
    read = {row.id: unseal_json(desk, "assessment", row.uid, row.sealed) for row in (*theirs, *ours)}
    latest = sorted((*theirs, *ours), key=lambda row: row.id, reverse=True)
    # A separation states the debts of those who leave without their resources: that one alone tells nothing.
    full = next((row for row in latest if read[row.id].get("resources") is not None), latest[0])
    debts = list(read[ours[0].id].get("debts", []))
    debts += [debt for debt in read[theirs[0].id].get("debts", []) if debt not in debts]
    if full is latest[0] and debts == list(read[full.id].get("debts", [])):
        return None
    return restate_in(session, desk, target, full, read[full.id], debts)
