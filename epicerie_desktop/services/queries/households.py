"""What the household screen edits and lists, and the people who refer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.domain.household import LeftFor
from epicerie_desktop.persistence.models import (
    AccessGrant,
    Address,
    Card,
    Household,
    Member,
    Person,
    Referrer,
    Sale,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries.counter import FoundHousehold, found_in
from epicerie_desktop.services.queries.files import family_in, open_in, reading, root_in, visible
from epicerie_desktop.services.queries.rights import grants_in, kept
from epicerie_desktop.services.queries.stays import aways_in
from epicerie_desktop.services.queries.suspensions import kept_away


@dataclass(frozen=True, slots=True)
class ReferrerRow:
    """A referring person."""

    id: int
    version: int
    name: str
    organisation: str
    phone: str


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """A household opened for editing: its form, the cards in force, its rights, the latest first, its last visit.

    `reserved` tells that only the persons named may open it; `merged` are the numbers of the files merged into it.
    """

    form: HouseholdForm
    cards: tuple[str, ...]
    grants: tuple[Grant, ...]
    last_visit: date | None
    reserved: bool = False
    merged: tuple[str, ...] = ()


def household_file(desk: Desk, household: int) -> HouseholdFile:
    """Return a household ready to be edited; a file merged into another opens that other.

    Raises `RuleRefused`, naming whom to see, for a file reserved to others. Opening a reserved file is written in the
    journal, once a day and account.
    """
    day = desk.clock.today()
    with reading(desk) as session:
        household = root_in(session, household)
        h = open_in(session, desk, household)
        away = aways_in(session, [household])
        members = tuple(
            MemberForm(
                p.last_name, p.first_name, m.link, p.sex, p.born, m.joined_on, m.left_on, m.id, m.shared, away.get(m.id, ())
            )
            for m, p in session.execute(
                select(Member, Person)
                .join(Person, Person.id == Member.person_id)
                .where(Member.household_id == household)
                # The same person goes on under another row: it is told by the history, not edited twice.
                .where(Member.left_for.is_(None) | Member.left_for.not_in([LeftFor.CONTINUES, LeftFor.MERGE]))
                .order_by(Member.id)
            )
        )  # fmt: skip
        a = session.scalars(
            select(Address).where(Address.household_id == household).order_by(Address.valid_from.desc()).limit(1)
        ).first()
        address = AddressForm(a.kind, a.lines, a.postcode, a.commune_code, a.commune_name) if a else AddressForm()
        form = HouseholdForm(
            members,
            address,
            h.phone,
            h.phone2,
            h.note,
            h.referrer_id,
            h.id,
            h.version,
            h.number,
            h.opened_on,
            h.language,
        )
        cards = tuple(
            session.scalars(select(Card.code).where(Card.household_id == household, Card.revoked_on.is_(None)))
        )
        last = session.scalars(
            select(Sale.day)
            .where(Sale.household_id.in_(family_in(session, household)), kept())
            .order_by(Sale.day.desc())
            .limit(1)
        ).first()
        grants = grants_in(session, [household], day)[household]
        merged = tuple(session.scalars(select(Household.number).where(Household.merged_into_id == household)))
        latest_first = tuple(sorted(grants, key=lambda g: g.valid_from, reverse=True))
        return HouseholdFile(form, cards, latest_first, last, h.reserved, merged)


def list_households(desk: Desk, *, only_open: bool = False) -> tuple[FoundHousehold, ...]:
    """Return every household whose file is open, by the holder's name; `only_open` keeps those whose right is open today.

    Files merged into another and those reserved to others are not in the list.
    """
    day = desk.clock.today()
    with desk.db.read() as session:
        wanted = select(Household.id).where(
            Household.closed_on.is_(None), Household.merged_into_id.is_(None), visible(desk)
        )
        if only_open:
            wanted = wanted.where(
                select(AccessGrant.id)
                .where(
                    AccessGrant.household_id == Household.id,
                    AccessGrant.valid_from <= day,
                    AccessGrant.valid_until >= day,
                    ~kept_away(AccessGrant.household_id, day),
                )
                .exists()
            )
        ids = list(session.scalars(wanted))
        found = [f for start in range(0, len(ids), 5000) for f in found_in(session, desk, ids[start : start + 5000])]
        return tuple(sorted(found, key=lambda f: (f.holder, f.number)))


def list_referrers(desk: Desk) -> tuple[ReferrerRow, ...]:
    """Return the active referring persons, by organisation and name."""
    with desk.db.read() as session:
        return tuple(
            ReferrerRow(r.id, r.version, r.name, r.organisation, r.phone)
            for r in session.scalars(
                select(Referrer).where(Referrer.active).order_by(Referrer.organisation, Referrer.name)
            )
        )
