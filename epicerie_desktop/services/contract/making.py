"""The coordinator makes a contract and its keys, enrols shops, and gives each one its file, edition after edition."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain import contract_terms
from epicerie_desktop.domain.card import MOST_SHOP
from epicerie_desktop.domain.contract_terms import ArticleOffered, IndicatorTold, Terms
from epicerie_desktop.domain.household import checked_name
from epicerie_desktop.domain.shop_code import checked_shop_code
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.enrolment import MOST_BYTES, Enrolment, vouched, write_enrolment
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey, checked_recipient, fingerprint
from epicerie_desktop.persistence.models import Contract, ContractAction, ContractKey, Indicator, Site
from epicerie_desktop.services import nomenclatures
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_

SAME_PERSON = N_(
    "La coordination de ce contrat et la gestion d'une de ses épiceries reviennent à la même personne. Elle voit les noms de ses propres foyers, et tient aussi "
    "les fichiers du contrat : pour elle, les jetons de son épicerie ne cachent rien, et la clé de comptage de son comptoir lui permettrait d'essayer "
    "des noms contre les empreintes des autres. Seule la séparation des deux rôles protège les foyers ; à défaut, dites-le au délégué "
    "à la protection des données."
)
"""What pseudonyms are then worth; said when the contract is made, on its screen and in its balances."""


@dataclass(frozen=True, slots=True)
class ContractCard:
    """A contract made here, as its coordinator looks after it."""

    id: int
    number: int
    name: str
    starts_on: date
    ends_on: date
    edition: int
    same_person: bool
    spare: str
    """Fingerprint of the second key that opens parcels, empty for none."""
    fingerprint: str
    old_keys: int
    rulesets: tuple[str, ...]
    articles: int


def create_contract(
    desk: Desk, name: str, starts_on: date, ends_on: date, *, same_person: bool = False, spare_recipient: str = ""
) -> int:
    """Make a contract, its keys and its first terms, and return its id; its recovery sheet is to be printed at once.

    `same_person`: the coordinator also manages a shop of it. `spare_recipient` is a second age key (`age1…`) that opens the
    parcels, kept by someone else. Raises `BadInput` for an empty name, inverted dates or a wrong key; `RuleRefused`.
    """
    require_team(desk)
    checked = checked_name(name, N_("nom du contrat"))
    if ends_on <= starts_on:
        raise BadInput(N_("La fin du contrat précède son début : vérifiez les dates."))
    spare = checked_recipient(spare_recipient) if spare_recipient else ""
    identity, signing = AgeIdentity.generate(), SigningKey.generate()
    with desk.db.write() as session:
        taken = set(session.scalars(select(Contract.number)))
        number = next(n for n in iter(lambda: 1000 + secrets.randbelow(9000), None) if n not in taken)
        contract = Contract(
            number=number, name=checked, starts_on=starts_on, ends_on=ends_on, recipient=identity.recipient,
            verify_key=signing.verify_key.raw, identity=identity.to_string(), signing_key=signing.to_bytes(),
            joined_at=desk.clock.now(), same_person=same_person, spare_recipient=spare,
            terms=contract_terms.to_record(terms_now()),
        )  # fmt: skip
        session.add(contract)
        session.flush()
        seal_in_journal(
            session, desk, "contract.made", {"contract": contract.id, "number": number, "same_person": same_person}
        )
        return contract.id


def contract_card(desk: Desk, contract: int) -> ContractCard:
    """Return a contract as its coordinator looks after it."""
    with desk.db.read() as session:
        row = made_here(session, contract)
        terms = contract_terms.from_record(row.terms)
        old = session.scalars(select(ContractKey.id).where(ContractKey.contract_id == contract)).all()
        return ContractCard(
            row.id, row.number, row.name, row.starts_on, row.ends_on, row.edition, row.same_person,
            fingerprint(row.spare_recipient) if row.spare_recipient else "", fingerprint(row.verify_key), len(old),
            tuple(name for name, _text in terms.rulesets), len(terms.articles),
        )  # fmt: skip


def tell_same_person(desk: Desk, contract: int, *, same_person: bool) -> None:
    """Note whether the coordinator also manages a shop of the contract; said from then on wherever pseudonyms count."""
    require_team(desk)
    with desk.db.write() as session:
        row = made_here(session, contract)
        if row.same_person != same_person:
            row.same_person = same_person
            seal_in_journal(session, desk, "contract.same_person", {"contract": contract, "same_person": same_person})


def keep_spare_key(desk: Desk, contract: int, recipient: str) -> int:
    """Have parcels sealed for a second age key too, or no more for an empty one; return the edition shops should take.

    Raises `BadInput` for what is not an age key (`age1…`).
    """
    require_team(desk)
    checked = checked_recipient(recipient) if recipient.strip() else ""
    with desk.db.write() as session:
        row = made_here(session, contract)
        row.spare_recipient, row.edition = checked, row.edition + 1
        seal_in_journal(session, desk, "contract.spare_key", {"contract": contract, "edition": row.edition})
        return row.edition


def publish_terms(
    desk: Desk, contract: int, *, rulesets: tuple[tuple[str, str], ...] = (), articles: tuple[ArticleOffered, ...] = ()
) -> int:
    """Make a new edition of the contract's files: definitions, indicators and nomenclatures of today; return its number.

    `rulesets` are (name, text) a shop may adopt, `articles` too; what an earlier edition offered is replaced. Raises
    `BadInput` for a règlement that is not well made or a file that would be too big.
    """
    require_team(desk)
    from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset

    for _name, text in rulesets:
        parse_ruleset(text)
    with desk.db.write() as session:
        row = made_here(session, contract)
        record = contract_terms.to_record(terms_now(rulesets, articles, _indicators(session, contract)))
        try:
            contract_terms.from_record(record)
        except ValueError as error:
            raise BadInput(
                N_("Le fichier de contrat serait trop gros : proposez moins de règlements ou d'articles.")
            ) from error
        row.terms, row.edition = record, row.edition + 1
        seal_in_journal(session, desk, "contract.edition", {"contract": contract, "edition": row.edition})
        return row.edition


def _indicators(session: Session, contract: int) -> tuple[IndicatorTold, ...]:
    rows = session.scalars(
        select(Indicator)
        .join(ContractAction, ContractAction.id == Indicator.action_id)
        .where(Indicator.contract_id == contract)
        .order_by(ContractAction.position, Indicator.position)
    )
    return tuple(IndicatorTold(i.code, i.name, i.unit_name or i.unit, i.method, i.source) for i in rows)


def terms_now(
    rulesets: tuple[tuple[str, str], ...] = (),
    articles: tuple[ArticleOffered, ...] = (),
    indicators: tuple[IndicatorTold, ...] = (),
) -> Terms:
    """Return the terms of today: how this program counts, its lists, and what is given."""
    return Terms(contract_terms.OUR_DEFINITIONS, indicators, nomenclatures.contract_texts(), rulesets, articles)


def read_articles_file(path: Path) -> tuple[ArticleOffered, ...]:
    """Return the articles of a CSV file (`contract_terms.parse_articles`). Raises `EnvironmentTrouble`, `BadInput`."""
    data = stick.read_bounded(path, _MOST_LIST)
    if len(data) > _MOST_LIST:
        raise BadInput(
            N_("Cette liste d'articles est trop grosse : {most} lignes au plus."),
            most=contract_terms.MOST_ROWS["articles"],
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A spreadsheet of Windows writes so.
        text = data.decode("cp1252", "replace")
    return contract_terms.parse_articles(text)


_MOST_LIST = 1_000_000


def add_site(desk: Desk, contract: int, code: str, name: str, *, number: int | None = None) -> Enrolment:
    """Enrol a shop and return what its file will say; `number` gives back the one its cards bear, after a restoration.

    Raises `BadInput`, `RuleRefused` for a code or a number already given.
    """
    require_team(desk)
    code = checked_shop_code(code)
    with desk.db.write() as session:
        sites = session.scalars(select(Site).where(Site.contract_id == contract)).all()
        if any(s.code == code for s in sites):
            raise RuleRefused(N_("Le code {code} est déjà celui d'une autre épicerie du contrat."), code=code)
        if number is None:
            number = max((s.number for s in sites), default=0) + 1
        if not 1 <= number <= MOST_SHOP or any(s.number == number for s in sites):
            raise RuleRefused(
                N_("Le numéro {number} est pris ou impossible : les cartes en portent un de 1 à {most}."),
                number=number, most=MOST_SHOP,
            )  # fmt: skip
        site = Site(
            contract_id=contract, code=code, number=number, name=checked_name(name, N_("nom de l'épicerie")),
            joined_on=desk.clock.today(),
        )  # fmt: skip
        session.add(site)
        session.flush()
        seal_in_journal(session, desk, "site", {"site": site.id, "contract": contract})
        return _enrolment(session, session.get_one(Contract, contract), site)


def enrolment_of(desk: Desk, site: int) -> Enrolment:
    """Return what the file of a shop already enrolled says, to give it again."""
    with desk.db.read() as session:
        row = session.get_one(Site, site)
        return _enrolment(session, session.get_one(Contract, row.contract_id), row)


def _enrolment(session: Session, contract: Contract, site: Site) -> Enrolment:
    """Return the edition in force for a shop, vouched for by the former keys that are still trusted."""
    told = Enrolment(
        str(contract.uid), contract.number, contract.name, contract.starts_on, contract.ends_on, contract.recipient,
        contract.verify_key, site.code, site.number, site.name, contract.edition, contract.spare_recipient,
        contract_terms.from_record(contract.terms),
    )  # fmt: skip
    former = session.scalars(
        select(ContractKey)
        .where(ContractKey.contract_id == contract.id, ContractKey.vouches)
        .order_by(ContractKey.id.desc())
        .limit(_MOST_FORMER)
    )
    vouchers = tuple(vouched(told, SigningKey.from_bytes(key.signing_key)) for key in former)
    return replace(told, vouchers=vouchers)


_MOST_FORMER = 10
"""A shop that has not read so many rotations compares the paper again."""


def write_enrolment_file(desk: Desk, site: int, folder: Path) -> Path:
    """Write the file of a shop to a folder or a stick and return its path. Raises `EnvironmentTrouble`, `BadInput` for a file too big."""
    enrolment = enrolment_of(desk, site)
    with desk.db.read() as session:
        contract = session.scalars(select(Contract).where(Contract.uid == uuid.UUID(enrolment.contract))).one()
        data = write_enrolment(enrolment, SigningKey.from_bytes(contract.signing_key))
    if len(data) > MOST_BYTES:
        raise BadInput(N_("Le fichier de contrat serait trop gros : proposez moins de règlements ou d'articles."))
    return stick.write_safely(folder, enrolment.file_name, data, expected=None)


def made_here(session: Session, contract: int) -> Contract:
    """Return a contract whose keys are held here. Raises `RuleRefused` for one that this file has only joined."""
    row = session.get(Contract, contract)
    if row is None or row.identity is None:
        raise RuleRefused(N_("Ce contrat n'est pas tenu ici : seule sa coordination peut faire ce geste."))
    return row
