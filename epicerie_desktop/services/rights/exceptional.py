"""The exceptional visit: when nobody who decides is there, any volunteer opens one day, which the worker validates after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import ExceptionalReason
from epicerie_desktop.persistence.models import AccessGrant, Household, Person, Setting, Suspension
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.counter import called
from epicerie_desktop.services.sealing import social_key
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_

SETTING = "exceptional_visits"
MOST, DAYS = 1, 30
"""One a household every 30 days, where the shop set nothing else."""


@dataclass(frozen=True, slots=True)
class ExceptionalVisit:
    """A one-day right that waits for whoever decides."""

    grant: int
    household: int
    number: str
    name: str
    day: date


def grant_exceptional_visit(desk: Desk, household: int, reason_code: str) -> int:
    """Open a right for today alone and return its id; share, ceilings and terms are those of the household's last right.

    Asked again the same day, the same right is returned. Raises `RuleRefused`: a right is already open, the limit of the
    setting is reached, or the household is suspended or excluded. A household that never had a right pays nothing.
    """
    reason, today = ExceptionalReason(reason_code), desk.clock.today()
    with desk.db.write() as session:
        grants = session.scalars(
            select(AccessGrant).where(AccessGrant.household_id == household).order_by(AccessGrant.valid_until, AccessGrant.id)
        ).all()  # fmt: skip
        mine = next((g for g in grants if g.exceptional and g.valid_from == today), None)
        if mine is not None:
            return mine.id
        _check_in(session, household, list(grants), today)
        last = next((g for g in reversed(grants) if g.valid_until < today), None)
        row = AccessGrant(
            household_id=household, valid_from=today, valid_until=today, exceptional=True,
            participation_permille=last.participation_permille if last else 0, ceilings=last.ceilings if last else [],
            terms=_lasting(last.terms) if last else {}, ruleset_id=last.ruleset_id if last else None,
            decided_at=desk.clock.now(), decided_by=desk.actor.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        seal_in_journal(
            session, desk, "right.exceptional",
            {"grant": row.id, "household": household, "day": today.isoformat(), "reason": reason.value},
        )  # fmt: skip
        return row.id


def _lasting(terms: dict[str, object]) -> dict[str, object]:
    """Return terms without what counts the visits or the fees of the right that ended."""
    return {k: v for k, v in terms.items() if k not in ("visits_in_right", "fees")}


def _check_in(session: Session, household: int, grants: list[AccessGrant], today: date) -> None:
    suspended = session.execute(
        select(Suspension.id).where(
            Suspension.household_id == household, Suspension.since <= today, Suspension.lifted_on.is_(None),
            (Suspension.until.is_(None)) | (Suspension.until >= today),
        )
    ).first()  # fmt: skip
    covering = [g for g in grants if g.valid_from <= today <= g.valid_until]
    if suspended or any(g.suspended_on is not None for g in covering):
        raise RuleRefused(N_("Le droit de ce foyer est en pause : c'est à l'équipe de le recevoir, à l'écart."))
    if covering:
        raise RuleRefused(N_("Le droit de ce foyer est déjà ouvert aujourd'hui."))
    most, days = _limit_on(session, today)
    recent = sum(g.exceptional and today - timedelta(days=days) < g.valid_from <= today for g in grants)
    if recent >= most:
        raise RuleRefused(
            N_("Ce foyer a déjà eu un passage exceptionnel depuis moins de {days} jours : voyez avec l'équipe."),
            days=days,
        )


def _limit_on(session: Session, day: date) -> tuple[int, int]:
    value = session.scalars(
        select(Setting.value)
        .where(Setting.key == SETTING, Setting.valid_from <= day)
        .order_by(Setting.valid_from.desc())
        .limit(1)
    ).first()
    found = value if isinstance(value, dict) else {}
    most, days = found.get("most", MOST), found.get("days", DAYS)
    return (most if isinstance(most, int) else MOST), (days if isinstance(days, int) else DAYS)


def exceptional_to_validate(desk: Desk) -> tuple[ExceptionalVisit, ...]:
    """Return the exceptional visits that wait for whoever decides, the oldest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, Household.number, Person.first_name,
                   Person.last_name)
            .join(Household, Household.id == AccessGrant.household_id)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(AccessGrant.exceptional, AccessGrant.validated_at.is_(None))
            .order_by(AccessGrant.valid_from, AccessGrant.id)
        )  # fmt: skip
        return tuple(
            ExceptionalVisit(r.id, r.household_id, r.number, called(r.first_name, r.last_name), r.valid_from)
            for r in rows
        )


def validate_exceptional(desk: Desk, grant: int) -> None:
    """Say that an exceptional visit was seen. Raises `RuleRefused` without the second key, or where it already was."""
    social_key(desk)
    with desk.db.write() as session:
        row = session.get_one(AccessGrant, grant)
        if not row.exceptional or row.validated_at is not None:
            raise RuleRefused(N_("Ce passage exceptionnel est déjà validé."))
        row.validated_at, row.validated_by = desk.clock.now(), desk.actor.id
        session.flush()
        seal_in_journal(session, desk, "right.validated", {"grant": grant, "household": row.household_id})
