"""The exceptional visits: what one would be today, and those that nobody who decides has seen yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import AccessGrant, Account, Household, Person
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import shown_name
from epicerie_desktop.services.queries.files import family_in, hidden_in
from epicerie_desktop.services.settings import setting_in
from epicerie_desktop.support.i18n import N_

EXCEPTIONAL_VISITS = "exceptional_visits"
"""The key of the shop's limit among its dated settings."""
CLOSED = N_("Ce dossier est fermé : pas de passage exceptionnel. Proposez un rendez-vous.")
SPENT = N_("Ce foyer a déjà eu son passage exceptionnel ({most} sur {days} jours) : proposez un rendez-vous.")


@dataclass(frozen=True, slots=True)
class ExceptionalRule:
    """At most `most` exceptional visits a household over any `days` days; `permille` is paid where it never had a right."""

    most: int = 1
    days: int = 30
    permille: int = 100


@dataclass(frozen=True, slots=True)
class ExceptionalOffer:
    """What an exceptional visit of a household would be today.

    `permille` is the share of one that never had a right, None where the terms of the last one hold. `refused` tells why
    none may be granted (a sentence marked for translation, to be filled with the rule), empty where one may.
    """

    permille: int | None
    rule: ExceptionalRule
    refused: str = ""


def rule_in(session: Session, day: date) -> ExceptionalRule:
    """Return the limit in force on a day, inside a caller's block."""
    value = setting_in(session, EXCEPTIONAL_VISITS, day)
    return ExceptionalRule(**value) if value else ExceptionalRule()


def offer_in(session: Session, household: int, day: date) -> ExceptionalOffer:
    """Return what an exceptional visit would be on `day`, inside a caller's block; the file is not one merged into another."""
    rule, files = rule_in(session, day), family_in(session, household)
    granted = session.scalar(
        select(func.count(AccessGrant.id)).where(
            AccessGrant.household_id.in_(files), AccessGrant.exceptional,
            AccessGrant.valid_from > day - timedelta(days=rule.days),
        )
    )  # fmt: skip
    had = session.scalar(
        select(AccessGrant.id)
        .where(
            AccessGrant.household_id == household, AccessGrant.valid_until < day,
            AccessGrant.valid_from <= AccessGrant.valid_until,
        )
        .limit(1)
    )  # fmt: skip
    closed = session.get_one(Household, household).closed_on is not None
    refused = CLOSED if closed else SPENT if (granted or 0) >= rule.most else ""
    return ExceptionalOffer(rule.permille if had is None else None, rule, refused)


@dataclass(frozen=True, slots=True)
class ExceptionalRow:
    """An exceptional visit that waits for validation: who, which day, granted by whom."""

    grant: int
    household: int
    number: str
    name: str
    day: date
    by: str
    at: datetime


def exceptional_to_validate(desk: Desk) -> tuple[ExceptionalRow, ...]:
    """Return the exceptional visits nobody who decides has seen yet, the oldest first."""
    with desk.db.read() as session:
        rows = session.execute(
            select(
                AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.decided_at,
                Household.number, Person.last_name, Person.first_name, Account.name,
            )
            .join(Household, Household.id == AccessGrant.household_id)
            .join(Account, Account.id == AccessGrant.decided_by)
            .outerjoin(Person, Person.id == Household.holder_id)
            .where(AccessGrant.exceptional, AccessGrant.validated_at.is_(None))
            .order_by(AccessGrant.valid_from, AccessGrant.id)
        ).all()  # fmt: skip
        hidden = hidden_in(session, desk, [r.household_id for r in rows])
        return tuple(
            ExceptionalRow(
                r.id, r.household_id, r.number,
                hidden.get(r.household_id) or shown_name(desk, r.first_name, r.last_name),
                r.valid_from, r.name, r.decided_at,
            )
            for r in rows
        )  # fmt: skip
