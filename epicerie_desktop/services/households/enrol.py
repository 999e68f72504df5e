"""Households: opening and editing a file, its members and address, its card, and the people who refer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.card import CardNumber
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.household import HousingKind, LeftFor, Link, PartialDate, Sex, TimeAway, checked_name
from epicerie_desktop.persistence.models import Address, Card, Household, Member, Person, Referrer, Shop
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households.files import file_in, index_words_in
from epicerie_desktop.services.nomenclatures import commune_names
from epicerie_desktop.services.queries.files import keepers_in
from epicerie_desktop.services.writing import next_number, seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES, N_


@dataclass(frozen=True, slots=True)
class MemberForm:
    """A member as edited. `born` is ISO text or None; `left_on` the first day no longer counted.

    `shared` and `away` are only read: they have gestures of their own in `life.py`.
    """

    last_name: str
    first_name: str
    link: Link
    sex: Sex = Sex.UNKNOWN
    born: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    member_id: int | None = None
    shared: bool = False
    away: tuple[TimeAway, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressForm:
    """Where the household lives; a commune outside the list has no code, only its name."""

    kind: HousingKind = HousingKind.HOME
    lines: str = ""
    postcode: str = ""
    commune_code: str | None = None
    commune_name: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdForm:
    """A household as edited; `id` and `version` None for a new one; `language` is that of its papers."""

    members: tuple[MemberForm, ...]
    address: AddressForm = field(default_factory=AddressForm)
    phone: str = ""
    phone2: str = ""
    note: str = ""
    referrer_id: int | None = None
    id: int | None = None
    version: int | None = None
    number: str = ""
    opened_on: date | None = None
    language: str = "fr"


def save_household(desk: Desk, form: HouseholdForm) -> int:
    """Create or change a household with its members and address, in one transaction; return its id.

    A member taken off the form leaves from today, and is never erased. Raises `BadInput` for an empty name, an impossible
    birth date, no member, no holder or several; `Stale` when someone else saved the file meanwhile.
    """
    members = _checked_members(form, desk.clock.today())
    with desk.db.write() as session:
        household = _household_row(session, desk, form)
        renamed = _save_members(session, desk, household, members, fresh=form.id is None)
        _save_address(session, desk, household.id, form.address)
        for one in {household.id, *_files_of(session, renamed)}:
            index_words_in(session, one)
        kind = "household.new" if form.id is None else "household.edit"
        seal_in_journal(
            session, desk, kind, {"household": household.id, "version": household.version, "members": len(members)}
        )
        return household.id


def _checked_members(form: HouseholdForm, today: date) -> tuple[MemberForm, ...]:
    present = [m for m in form.members if m.left_on is None or m.left_on > today]
    if not present:
        raise BadInput(N_("Un foyer a au moins un membre : ajoutez la personne qui vient."))
    holders = sum(1 for m in present if m.link is Link.HOLDER)
    if holders != 1:
        raise BadInput(N_("Indiquez une seule personne titulaire du dossier."))
    checked = []
    for m in form.members:
        born = PartialDate.parse(m.born, today) if m.born else None
        if m.left_on and m.joined_on and m.left_on < m.joined_on:
            raise BadInput(N_("Le départ de {name} précède son arrivée : vérifiez les dates."), name=m.first_name)
        checked.append(
            replace(
                m, last_name=checked_name(m.last_name, N_("nom de famille")), first_name=checked_name(m.first_name, N_("prénom")),
                born=born.iso if born else None,
            )
        )  # fmt: skip
    return tuple(checked)


def _household_row(session: Session, desk: Desk, form: HouseholdForm) -> Household:
    if form.id is None:
        number = next_number(session, desk, "household")
        household = Household(
            number=f"{desk.post.number}-{number:04d}", opened_on=form.opened_on or desk.clock.today(), version=0
        )
        session.add(household)
    else:
        household = file_in(session, desk, form.id)
    household.phone, household.phone2 = checked_text(form.phone), checked_text(form.phone2)
    if form.language not in HOUSEHOLD_LANGUAGES:
        raise BadInput(N_("Choisissez dans la liste la langue des papiers du foyer."))
    household.language = form.language
    household.note, household.referrer_id = checked_text(form.note), form.referrer_id
    touch(household, desk, form.version if form.id else None)
    session.flush()
    return household


def _save_members(
    session: Session, desk: Desk, household: Household, members: tuple[MemberForm, ...], *, fresh: bool
) -> list[int]:
    """Write the members of a file; return the persons known before who are told otherwise now."""
    today, renamed = desk.clock.today(), list[int]()
    known = {
        m.id: m
        for m in session.scalars(select(Member).where(Member.household_id == household.id))
        if m.left_for not in (LeftFor.CONTINUES, LeftFor.MERGE)
    }
    for form in members:
        row = known.pop(form.member_id, None) if form.member_id else None
        if row is None and form.member_id:
            raise Stale(N_("Un membre de cette fiche n'y est plus : rouvrez-la, puis refaites vos changements."))
        if row is None:
            person = Person(version=0)
            session.add(person)
            # A birth or an arrival does not change what the household was on the days already served.
            row = Member(
                household_id=household.id, joined_on=form.joined_on or (household.opened_on if fresh else today)
            )
        else:
            person = session.get_one(Person, row.person_id)
            if form.joined_on:
                row.joined_on = form.joined_on
        was = (person.last_name, person.first_name, person.sex, person.born)
        person.last_name, person.first_name, person.sex, person.born = (
            form.last_name,
            form.first_name,
            form.sex,
            form.born,
        )
        if was != (form.last_name, form.first_name, form.sex, form.born):
            if row.person_id is not None:
                _refuse_shared(session, desk, row.person_id, was[1])
                renamed.append(row.person_id)
            touch(person, desk, None)
        session.flush()
        row.person_id, row.link, row.left_on = person.id, form.link, form.left_on
        session.add(row)
        if form.link is Link.HOLDER and (form.left_on is None or form.left_on > today):
            household.holder_id = person.id
    for gone in known.values():
        if gone.left_on is None:
            gone.left_on = today
    session.flush()
    return renamed


def _files_of(session: Session, persons: list[int]) -> list[int]:
    """Return the files in use that persons are or were in: the words that find them follow a name."""
    of_theirs = select(Member.household_id).where(Member.person_id.in_(persons))
    return list(
        session.scalars(select(Household.id).where(Household.id.in_(of_theirs), Household.merged_into_id.is_(None)))
    )


def _refuse_shared(session: Session, desk: Desk, person: int, called: str) -> None:
    """Raise `RuleRefused` where somebody is or was in a file reserved to others too: what says who they are is its matter.

    The sentence names whom to see, and not that there is another file: this one may be that of who is not to know.
    """
    files = list(session.scalars(select(Member.household_id).where(Member.person_id == person).distinct()))
    who = next(iter(keepers_in(session, desk, files).values()), None)
    if who is not None:
        raise RuleRefused(
            N_("Le nom, le sexe et la naissance de {name} ne se changent pas ici : voyez {who}."), name=called, who=who
        )


def checked_address(form: AddressForm) -> AddressForm:
    """Return an address with its blanks tidied, under the name of its commune. Raises `BadInput` for a social security number."""
    typed = checked_text(form.commune_name)
    return replace(
        form, lines=checked_text(form.lines), postcode=checked_text(form.postcode),
        commune_name=commune_names().get(form.commune_code or "", typed),
    )  # fmt: skip


def _save_address(session: Session, desk: Desk, household: int, form: AddressForm) -> None:
    today, form = desk.clock.today(), checked_address(form)
    last = session.scalars(
        select(Address).where(Address.household_id == household).order_by(Address.valid_from.desc()).limit(1)
    ).first()
    if last is None and form == AddressForm():
        return  # nothing was said yet: an empty line is no address
    wanted = (form.kind, form.lines, form.postcode, form.commune_code, form.commune_name)
    if last and (last.kind, last.lines, last.postcode, last.commune_code, last.commune_name) == wanted:
        return
    opened = session.get_one(Household, household).opened_on
    row = Address(household_id=household, valid_from=max(today, last.valid_from) if last else opened)
    row.kind, row.lines, row.postcode, row.commune_code, row.commune_name = wanted
    session.merge(row)


def close_household(desk: Desk, household: int) -> None:
    """Close a file from today: it leaves the lists and is still found by name; opening a right opens it again."""
    with desk.db.write() as session:
        row = file_in(session, desk, household)
        row.closed_on = desk.clock.today()
        touch(row, desk, None)
        seal_in_journal(session, desk, "household.closed", {"household": household})


def issue_card(desk: Desk, household: int) -> CardNumber:
    """Give the household a new card and return its number; an older card is revoked the same day."""
    with desk.db.write() as session:
        file_in(session, desk, household)
        today = desk.clock.today()
        for old in session.scalars(select(Card).where(Card.household_id == household, Card.revoked_on.is_(None))):
            old.revoked_on = today
        shop = session.execute(select(Shop.contract_number, Shop.number)).one()
        number = CardNumber(shop.contract_number, shop.number, desk.post.number, next_number(session, desk, "card"))
        while number.needs_its_letter:
            # Typed without its K, it would be read as an article: give the next one.
            number = CardNumber(shop.contract_number, shop.number, desk.post.number, next_number(session, desk, "card"))
        session.add(Card(household_id=household, code=number.code, issued_on=today))
        seal_in_journal(session, desk, "card", {"household": household, "serial": number.serial})
        return number


def attach_foreign_card(desk: Desk, household: int, card: CardNumber) -> None:
    """Keep on the household the card another shop of the contract gave it. Raises `BadInput` where it is already tied."""
    with desk.db.write() as session:
        file_in(session, desk, household)
        owner = session.scalars(select(Card.household_id).where(Card.code == card.code)).first()
        if owner is not None and owner != household:
            raise BadInput(N_("Cette carte est déjà rattachée à un autre foyer : vérifiez avec l'équipe."))
        if owner is None:
            session.add(Card(household_id=household, code=card.code, issued_on=desk.clock.today()))
            seal_in_journal(session, desk, "card.foreign", {"household": household})


def save_referrer(
    desk: Desk,
    name: str,
    organisation: str = "",
    phone: str = "",
    *,
    referrer: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change a referring person and return its id. Raises `BadInput` for an empty name, `Stale`."""
    checked = checked_name(name, N_("nom du prescripteur"))
    organisation, phone = checked_text(organisation), checked_text(phone)
    with desk.db.write() as session:
        row = session.get_one(Referrer, referrer) if referrer else Referrer(version=0)
        row.name, row.organisation, row.phone = checked, organisation, phone
        touch(row, desk, version if referrer else None)
        session.add(row)
        session.flush()
        return row.id
