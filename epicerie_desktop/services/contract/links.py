"""The shop's side of the distinct families: what its parcel tells of each household so that another shop's may be known again.

Never a name: keyed tokens and cards (`domain/linking`). A reserved file and a purged one send nothing at all.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import counting_key
from epicerie_desktop.domain.household import Link, PartialDate
from epicerie_desktop.domain.linking import Adult, ShopLinks, links_of
from epicerie_desktop.domain.linking import Card as LinkCard
from epicerie_desktop.persistence.models import Card, Contract, Household, Member, Person, Sale
from epicerie_desktop.services.contract.pseudonyms import pseudonyms
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import rights


def links_of_shop(session: Session, desk: Desk, contract: Contract) -> ShopLinks:
    """Return the links of every household that came within the contract, under its tokens for that contract.

    Those of a file united to another are the other's: one household, whichever of its tokens a month bears.
    """
    today = desk.clock.today()
    silent = set(session.scalars(select(Household.id).where(or_(Household.reserved, Household.purged_on.is_not(None)))))
    adults: dict[int, list[Adult]] = defaultdict(list)
    for household, last, first, born in session.connection().execute(
        select(Member.household_id, Person.last_name, Person.first_name, Person.born)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.link.in_((Link.HOLDER, Link.PARTNER)),
            Member.joined_on <= today,
            Member.left_on.is_(None) | (Member.left_on > today),
        )
        .order_by(Member.household_id, Person.id)
    ):
        adults[household].append(Adult(last, first, PartialDate.from_iso(born)))
    cards: dict[int, list[LinkCard]] = defaultdict(list)
    for household, code in session.connection().execute(select(Card.household_id, Card.code)):
        cards[household].append(LinkCard(code))
    pseudonym, key = pseudonyms(contract.uid), contract.counting_key
    rows: list[tuple[str, str, str]] = []
    came = select(Household.id, Household.token, Household.merged_into_id).where(Household.id.in_(_came(contract)))
    for household, random_token, united in session.connection().execute(came):
        root = united or household
        if silent & {household, root}:
            continue
        token = pseudonym(random_token.hex)
        told = links_of(token, adults.get(root, []), cards.get(root, []), key, contract.uid.bytes)
        rows += [(token, means.value, value.hex()) for means, value in told]
    return ShopLinks(counting_key.key_id(key) if key else "", tuple(sorted(rows)))


def _came(contract: Contract) -> Select[int]:
    last = min(contract.ends_on, contract.left_on or contract.ends_on)
    return select(Sale.household_id).where(Sale.day >= contract.starts_on, Sale.day <= last, rights.kept()).distinct()
