"""The exceptional visit: a right of one day, granted by whoever is there, listed for validation by those who decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod, ExceptionalReason, period_start
from epicerie_desktop.persistence.models import AccessGrant
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.exceptional import (
    EXCEPTIONAL_VISITS,
    SPENT,
    ExceptionalOffer,
    ExceptionalRule,
    offer_in,
    rule_in,
)
from epicerie_desktop.services.queries.files import family_in, refuse_hidden, root_in
from epicerie_desktop.services.queries.rights import grants_in, taken_between
from epicerie_desktop.services.rights.decide import RightForm, open_right_in
from epicerie_desktop.services.sealing import social_key
from epicerie_desktop.services.settings import keep_setting_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


def exceptional_rule(desk: Desk) -> ExceptionalRule:
    """Return the limit in force today."""
    with desk.db.read() as session:
        return rule_in(session, desk.clock.today())


def set_exceptional_rule(desk: Desk, rule: ExceptionalRule) -> None:
    """Keep another limit from today on; `most` 0 allows none. Raises `BadInput` for an absurd figure."""
    require_team(desk)
    if not (0 <= rule.most <= 20 and 1 <= rule.days <= 366 and 0 <= rule.permille <= 1000):
        raise BadInput(N_("Les passages exceptionnels vont de 0 à 20, sur 1 à 366 jours."))
    value = {"most": rule.most, "days": rule.days, "permille": rule.permille}
    with desk.db.write() as session:
        keep_setting_in(session, desk, EXCEPTIONAL_VISITS, value, **value)


def grant_exceptional_visit(desk: Desk, household: int, reason_code: str) -> int:
    """Open a right for today alone, at the terms of the last one, and return its id; it waits for validation.

    Any account may; asked again the same day, the same right is returned. Raises `RuleRefused` where a right is open or was suspended, beyond the shop's limit, or where the file
    is closed.
    """
    today, reason = desk.clock.today(), ExceptionalReason(reason_code)
    with desk.db.write() as session:
        household = root_in(session, household)
        again = session.scalar(
            select(AccessGrant.id).where(
                AccessGrant.household_id == household, AccessGrant.exceptional, AccessGrant.valid_from == today
            )
        )
        if again is not None:
            return again
        offer = offer_in(session, household, today)
        if offer.refused == SPENT:
            raise RuleRefused(SPENT, most=offer.rule.most, days=offer.rule.days)
        grant = open_right_in(session, desk, household, _form_in(session, household, today, offer), reopen=False)
        session.get_one(AccessGrant, grant).exceptional = True
        session.flush()
        told = {"grant": grant, "household": household, "reason": reason.value}
        seal_in_journal(session, desk, "right.exceptional", told)
        return grant


def _form_in(session: Session, household: int, today: date, offer: ExceptionalOffer) -> RightForm:
    if offer.permille is not None:
        return RightForm(today, today, offer.permille, ())
    past = [g for g in grants_in(session, [household], today)[household] if g.valid_until < today]
    last = max(past, key=lambda g: (g.valid_until, g.id))
    # What counted the visits or the fees of the right that ended says nothing of this day.
    kept = session.get_one(AccessGrant, last.id).terms.items()
    terms = {k: v for k, v in kept if k not in ("visits_in_right", "fees")}
    # A ceiling on the whole right was for months: it says nothing of one visit. The others go on with what the week or the
    # month already took: one day more is no new month.
    files, running = family_in(session, household), replace(last, valid_until=today)
    eve = today - timedelta(days=1)  # the tickets of today weigh by themselves
    ceilings: tuple[Ceiling, ...] = tuple(
        replace(c, before=taken_between(session, files, period_start(c.period, today, running), eve).of(c.measure))
        if isinstance(c.measure, CeilingMeasure) and c.period is not CeilingPeriod.VISIT
        else c
        for c in last.ceilings
        if c.period is not CeilingPeriod.GRANT
    )
    return RightForm(today, today, last.participation_permille, ceilings, terms=terms)


def validate_exceptional(desk: Desk, grant: int) -> None:
    """Note that someone who decides has seen an exceptional visit. Raises `RuleRefused` without the second key, or twice."""
    social_key(desk)
    with desk.db.write() as session:
        row = session.get_one(AccessGrant, grant)
        if not row.exceptional or row.validated_at is not None:
            raise RuleRefused(N_("Ce passage exceptionnel est déjà validé."))
        # A right that ran beside another stayed with its file when the two were united: it is still to be seen.
        refuse_hidden(session, desk, row.household_id)
        row.validated_at, row.validated_by = desk.clock.now(), desk.actor.id
        session.flush()
        seal_in_journal(session, desk, "right.validated", {"grant": grant})
