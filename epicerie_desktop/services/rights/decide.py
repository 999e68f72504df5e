"""Rights: adopting a règlement, weighing a situation, deciding. The engine advises; a person decides."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.outcome import Outcome, outcome_to_json
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.eligibility.situation import Line, Situation
from epicerie_desktop.domain.eligibility.situation_json import named_commune, situation_to_json
from epicerie_desktop.domain.statements import Said, said_to_json
from epicerie_desktop.persistence.models import AccessGrant, Assessment, Household
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in
from epicerie_desktop.services.queries.files import open_in, reading, refuse_merged
from epicerie_desktop.services.queries.rights import ceilings_to_json
from epicerie_desktop.services.rights.rulesets import adopt_ruleset, read_ruleset_file, row_on, ruleset_on
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.services.rights.suspensions import require_not_kept_away
from epicerie_desktop.services.sealing import seal_json, social_key, unseal_json
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

__all__ = [
    "RightForm",
    "adopt_ruleset",
    "open_right",
    "open_right_in",
    "read_ruleset_file",
    "record_assessment",
    "record_assessment_in",
    "recorded_outcome",
    "row_on",
    "ruleset_on",
    "weigh",
]


@dataclass(frozen=True, slots=True)
class RightForm:
    """A right as decided: its days (both included), the share paid in thousandths, its ceilings.

    `terms` is the rest of what the règlement gives, as `extras_to_json` tells it; {} for a right given by hand.
    """

    valid_from: date
    valid_until: date
    participation_permille: int
    ceilings: tuple[Ceiling, ...]
    assessment_id: int | None = None
    terms: dict[str, Any] = field(default_factory=dict, hash=False)


def weigh(desk: Desk, situation: Situation) -> Outcome:
    """Return what the règlement of the day answers, with every step of the sum; nothing is written."""
    with desk.db.read() as session:
        ruleset, scales = parse_ruleset(row_on(session, situation.on).text), scales_in(session)
    return evaluate(ruleset, situation, scales)


def record_assessment(
    desk: Desk, household: int, situation: Situation, said: Said | None = None
) -> tuple[int, Outcome]:
    """Keep a statement and its answer, sealed for social workers; return its id and the answer.

    Raises `RuleRefused` for an account that may not read the social columns, `BadInput` for a debt due to nobody.
    """
    with desk.db.write() as session:
        file_in(session, desk, household)
        return record_assessment_in(session, desk, household, situation, said)


def record_assessment_in(
    session: Session, desk: Desk, household: int, situation: Situation, said: Said | None = None
) -> tuple[int, Outcome]:
    """Keep a statement inside a caller's block, as `record_assessment` does.

    A situation weighed for the first day of a right to come is stated today.
    """
    social_key(desk)
    row = row_on(session, situation.on)
    outcome = evaluate(parse_ruleset(row.text), situation, scales_in(session))
    uid = uuid.uuid4()
    content = {
        "resources": _lines(situation.resources), "charges": _lines(situation.charges), "outcome": outcome_to_json(outcome),
        "situation": situation_to_json(situation), "commune": named_commune(situation), **said_to_json(said or Said()),
    }  # fmt: skip
    assessment = Assessment(
        uid=uid, household_id=household, ruleset_id=row.id, day=min(situation.on, desk.clock.today()), outcome=outcome.kind.value,
        band=outcome.band, sealed=seal_json(desk, "assessment", uid, content), made_at=desk.clock.now(), made_by=desk.actor.id,
    )  # fmt: skip
    session.add(assessment)
    session.flush()
    seal_in_journal(
        session, desk, "assessment",
        {"assessment": assessment.id, "household": household, "outcome": outcome.kind.value},
    )  # fmt: skip
    return assessment.id, outcome


def recorded_outcome(desk: Desk, assessment: int) -> dict[str, Any]:
    """Return the answer kept with an assessment, as `outcome_to_json` told it that day. Raises `RuleRefused` without the key."""
    social_key(desk)
    with reading(desk) as session:
        row = session.get_one(Assessment, assessment)
        open_in(session, desk, row.household_id)
        content = unseal_json(desk, "assessment", row.uid, row.sealed)
    found: dict[str, Any] = content["outcome"]
    return found


def open_right(desk: Desk, household: int, form: RightForm) -> int:
    """Open a right as decided and return its id. Raises `BadInput`: dates inverted, absurd rate, overlapping right.

    Raises `RuleRefused` where a suspension covers its first day, for a file reserved to others or a volunteer's account.
    """
    require_team(desk)
    with desk.db.write() as session:
        file_in(session, desk, household)
        return open_right_in(session, desk, household, form)


def open_right_in(session: Session, desk: Desk, household: int, form: RightForm, *, reopen: bool = True) -> int:
    """Open a right inside a caller's block, as `open_right` does; a closed file is open again.

    With `reopen` false (a committee answers on a list, and nobody looks at the file) a closed one is refused instead.
    """
    if form.valid_until < form.valid_from:
        raise BadInput(N_("La fin du droit précède son début : vérifiez les dates."))
    if (form.valid_until - form.valid_from).days > 1100:
        raise BadInput(N_("Un droit dure trois ans au plus : vérifiez l'année de fin."))
    if not 0 <= form.participation_permille <= 1000:
        raise BadInput(N_("La participation va de 0 % à 100 %."))
    overlap = session.execute(
        select(AccessGrant.valid_from, AccessGrant.valid_until).where(
            AccessGrant.household_id == household,
            AccessGrant.valid_from <= form.valid_until, AccessGrant.valid_until >= form.valid_from,
        )
    ).first()  # fmt: skip
    if overlap:
        raise BadInput(
            N_("Un droit est déjà ouvert sur cette période : faites commencer le nouveau le lendemain de sa fin.")
        )
    require_not_kept_away(session, household, form.valid_from)
    refuse_merged(session, household)
    file = session.get_one(Household, household)
    if file.closed_on is not None and not reopen:
        raise RuleRefused(N_("Ce dossier est fermé : aucun droit n'y est ouvert."))
    ruleset = session.scalars(
        select(RulesetRow.id)
        .where(RulesetRow.valid_from <= form.valid_from)
        .order_by(RulesetRow.valid_from.desc())
        .limit(1)
    ).first()
    row = AccessGrant(
        household_id=household, valid_from=form.valid_from, valid_until=form.valid_until,
        participation_permille=form.participation_permille, ceilings=ceilings_to_json(form.ceilings), ruleset_id=ruleset,
        assessment_id=form.assessment_id, terms=form.terms, decided_at=desk.clock.now(), decided_by=desk.actor.id,
    )  # fmt: skip
    session.add(row)
    if file.closed_on is not None:
        file.closed_on = None
        touch(file, desk, None)
    session.flush()
    seal_in_journal(
        session, desk, "right",
        {"grant": row.id, "household": household, "from": form.valid_from.isoformat(), "until": form.valid_until.isoformat(),
         "permille": form.participation_permille},
    )  # fmt: skip
    return row.id


def _lines(lines: tuple[Line, ...] | None) -> list[list[object]] | None:
    return None if lines is None else [[code, cents] for code, cents in lines]
