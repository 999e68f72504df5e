"""The right a favourable answer opens: what the règlement gave for the statement, completed by the committee."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling
from epicerie_desktop.domain.eligibility.engine import evaluate
from epicerie_desktop.domain.eligibility.extras import extras_to_json
from epicerie_desktop.domain.eligibility.outcome import OpenedRight
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.persistence.models import AccessGrant, Assessment, MeetingItem
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.committee import GivenAnswer
from epicerie_desktop.services.queries.statements import statement_in
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.services.rights.scales import scales_in
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


def right_in(session: Session, desk: Desk, item: MeetingItem, given: GivenAnswer) -> RightForm:
    """Return the right to open from today, or from the day after the one that runs, inside a caller's block.

    Raises `BadInput` where neither the règlement nor the committee gives a share, a length or the amount of a ceiling.
    """
    right, start = _opened(session, desk, item.assessment_id), _start(session, item.household_id, desk.clock.today())
    share = given.permille if given.permille is not None else right.share_permille if right else None
    if share is None and right is not None and right.extras.price is not None:
        share = 0  # a price per kilo or flat stands in its terms: no part of the shelf value is paid
    until = right.until(start) if right else None
    if until is None and given.months is not None:
        until = Duration(DurationUnit.MONTHS, given.months).end(start)
    if share is None or until is None:
        raise BadInput(N_("la participation et la durée sont à fixer par la commission."))
    left = right.extras.decided if right else ()
    if len(left) != len(given.ceilings):
        raise BadInput(N_("le plafond est à fixer par la commission."))
    set_ = (Ceiling(d.measure, d.period, amount) for d, amount in zip(left, given.ceilings, strict=True))
    ceilings = (*right.ceilings, *set_) if right else ()
    return RightForm(start, until, share, ceilings, terms=extras_to_json(right.extras, start) if right else {})


def _opened(session: Session, desk: Desk, assessment: int) -> OpenedRight | None:
    """Return what the règlement applied that day gives to the statement as it was told, None where it gives nothing."""
    kept = statement_in(session, desk, assessment)
    text = session.execute(
        select(RulesetRow.text)
        .join(Assessment, Assessment.ruleset_id == RulesetRow.id)
        .where(Assessment.id == assessment)
    ).scalar_one()
    return None if kept.situation is None else evaluate(parse_ruleset(text), kept.situation, scales_in(session)).right


def _start(session: Session, household: int, today: date) -> date:
    running = session.scalar(
        select(func.max(AccessGrant.valid_until)).where(
            AccessGrant.household_id == household, AccessGrant.valid_from <= today, AccessGrant.valid_until >= today
        )
    )
    return running + timedelta(days=1) if running else today
