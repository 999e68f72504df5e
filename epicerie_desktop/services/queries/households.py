"""What the household screen edits and lists, and the people who refer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.persistence.models import AccessGrant, Address, Card, Household, Member, Person, Referrer, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.queries.counter import FoundHousehold, _found_in
from epicerie_desktop.services.queries.rights import grants_in, kept
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
    """A household opened for editing: its form, the cards in force, its rights, the latest first, its last visit."""

    form: HouseholdForm
    cards: tuple[str, ...]
    grants: tuple[Grant, ...]
    last_visit: date | None


def household_file(desk: Desk, household: int) -> HouseholdFile:
    """Return a household ready to be edited."""
    day = desk.clock.today()
    with desk.db.read() as session:
        h = session.get_one(Household, household)
        members = tuple(
            MemberForm(p.last_name, p.first_name, m.link, p.sex, p.born, m.joined_on, m.left_on, m.id)
            for m, p in session.execute(
                select(Member, Person)
                .join(Person, Person.id == Member.person_id)
                .where(Member.household_id == household)
                .order_by(Member.id)
            )
        )
        a = session.scalars(
            select(Address).where(Address.household_id == household).order_by(Address.valid_from.desc()).limit(1)
        ).first()
        address = AddressForm(a.kind, a.lines, a.postcode, a.commune_code, a.commune_name) if a else AddressForm()
        form = HouseholdForm(
            members, address, h.phone, h.phone2, h.note, h.referrer_id, h.id, h.version, h.number, h.opened_on
        )
        cards = tuple(
            session.scalars(select(Card.code).where(Card.household_id == household, Card.revoked_on.is_(None)))
        )
        last = session.scalars(
            select(Sale.day).where(Sale.household_id == household, kept()).order_by(Sale.day.desc()).limit(1)
        ).first()
        grants = grants_in(session, [household], day)[household]
        return HouseholdFile(form, cards, tuple(sorted(grants, key=lambda g: g.valid_from, reverse=True)), last)


def list_households(desk: Desk, *, only_open: bool = False) -> tuple[FoundHousehold, ...]:
    """Return every household whose file is open, by the holder's name; `only_open` keeps those whose right is open today."""
    day = desk.clock.today()
    with desk.db.read() as session:
        wanted = select(Household.id).where(Household.closed_on.is_(None))
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
        found = [f for start in range(0, len(ids), 5000) for f in _found_in(session, ids[start : start + 5000], day)]
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
