"""The shop's side of a contract: joining it, taking its later editions, adopting what they offer, leaving it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select

from epicerie_desktop.domain import contract_terms
from epicerie_desktop.domain.contract_terms import Terms
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.enrolment import MOST_BYTES, Enrolment, is_vouched_by, read_enrolment
from epicerie_desktop.exchange.keys import SigningKey, same_fingerprint
from epicerie_desktop.persistence.models import Article, Contract, Family, Shop
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services import opening
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.text import fold


class Standing(StrEnum):
    """What a contract's file is to this shop."""

    NEW = "NEW"
    """A contract it does not belong to: the fingerprint is compared with the paper."""
    LATER = "LATER"
    """A later edition from the same coordinator, whose key is known: no paper is needed."""
    PAPER = "PAPER"
    """A later edition under keys that the known one does not vouch for: compared with a new paper, or refused."""
    KNOWN = "KNOWN"
    EARLIER = "EARLIER"


@dataclass(frozen=True, slots=True)
class OnOffer:
    """What the contract's file offers a shop: rulesets by name (True: kept already), articles not in its catalogue, differing definitions."""

    edition: int
    definitions: tuple[tuple[str, str, str], ...]
    differing: tuple[str, ...]
    rulesets: tuple[tuple[str, bool], ...]
    articles: tuple[ArticleForm, ...]
    unplaced: tuple[str, ...]
    """Articles offered in a family this shop does not have."""


def read_contract_file(path: Path) -> Enrolment:
    """Return what a contract's file says, to be shown with its fingerprint. Raises `EnrolmentRefused`, `EnvironmentTrouble`."""
    return read_enrolment(stick.read_bounded(path, MOST_BYTES))


def bears_fingerprint(contract: Enrolment, typed: str) -> bool:
    """Return whether a contract's file is the one of the paper: its fingerprint as a person typed it, or as the square tells it."""
    return same_fingerprint(typed, contract.fingerprint)


def standing_of(desk: Desk, enrolment: Enrolment) -> Standing:
    """Return what a file is to this shop. Raises `RuleRefused` for another shop's file, and at a coordinator's."""
    _refuse_coordinator(desk)
    with desk.db.read() as session:
        row = session.scalars(select(Contract).where(Contract.uid == uuid.UUID(enrolment.contract))).first()
        return _standing(row, enrolment)


def _standing(row: Contract | None, enrolment: Enrolment) -> Standing:
    if row is None:
        return Standing.NEW
    if row.site_code != enrolment.site_code:
        raise RuleRefused(
            N_("Ce fichier est celui de l'épicerie {theirs} ; la vôtre porte le code {ours} dans ce contrat. Demandez le vôtre à la coordination."),
            theirs=enrolment.site_code, ours=row.site_code,
        )  # fmt: skip
    if enrolment.edition < row.edition:
        return Standing.EARLIER
    if enrolment.edition == row.edition:
        return Standing.KNOWN if enrolment.verify_key == row.verify_key else Standing.EARLIER
    return Standing.LATER if is_vouched_by(enrolment, row.verify_key) else Standing.PAPER


def join_contract(desk: Desk, enrolment: Enrolment) -> int:
    """Make this shop a member of the contract, once its fingerprint was compared with the paper; return its id.

    Raises `RuleRefused` where it already belongs to it, at a coordinator's and for a volunteer.
    """
    require_team(desk)
    _refuse_coordinator(desk)
    with desk.db.write() as session:
        uid = uuid.UUID(enrolment.contract)
        if session.execute(select(Contract.id).where(Contract.uid == uid)).first():
            raise RuleRefused(N_("Cette épicerie fait déjà partie de ce contrat."))
        contract = Contract(
            uid=uid, number=enrolment.number, name=enrolment.name, starts_on=enrolment.starts_on, ends_on=enrolment.ends_on,
            site_code=enrolment.site_code, site_number=enrolment.site_number, recipient=enrolment.recipient, verify_key=enrolment.verify_key,
            identity=None, signing_key=SigningKey.generate().to_bytes(), joined_at=desk.clock.now(),
            spare_recipient=enrolment.spare_recipient, terms=contract_terms.to_record(enrolment.terms), edition=enrolment.edition,
        )  # fmt: skip
        session.add(contract)
        shop = session.get_one(Shop, 1)
        if enrolment.ends_on >= desk.clock.today():
            shop.contract_number, shop.number = enrolment.number, enrolment.site_number
            touch(shop, desk, None)
        session.flush()
        seal_in_journal(session, desk, "contract.joined", {"contract": contract.id, "number": enrolment.number})
        return contract.id


def take_edition(desk: Desk, enrolment: Enrolment, *, compared: bool = False) -> int:
    """Replace what the shop knows of its contract by a later edition; return the contract's id. The same again changes nothing.

    `compared`: the fingerprint was found on the paper, which new keys need. The shop's own key, its parcels' numbers and its counting
    key stay. Raises `RuleRefused` for an earlier edition, another shop's file, or new keys not compared.
    """
    require_team(desk)
    _refuse_coordinator(desk)
    with desk.db.write() as session:
        row = session.scalars(select(Contract).where(Contract.uid == uuid.UUID(enrolment.contract))).first()
        standing = _standing(row, enrolment)
        if row is None:
            raise RuleRefused(N_("Cette épicerie ne fait pas partie de ce contrat."))
        if standing is Standing.EARLIER:
            raise RuleRefused(
                N_("Ce fichier est l'édition n° {theirs} du contrat ; celle de l'épicerie, n° {ours}, est aussi récente ou plus : rien n'a changé."),
                theirs=enrolment.edition, ours=row.edition,
            )  # fmt: skip
        if standing is Standing.PAPER and not compared:
            raise RuleRefused(
                N_("Les clés de la coordination ont changé sans que l'ancienne en réponde : comparez l'empreinte avec une fiche neuve avant "
                   "de prendre ce fichier.")
            )  # fmt: skip
        if standing is Standing.KNOWN:
            return row.id
        row.name, row.starts_on, row.ends_on, row.number = (
            enrolment.name,
            enrolment.starts_on,
            enrolment.ends_on,
            enrolment.number,
        )
        row.recipient, row.spare_recipient, row.verify_key = (
            enrolment.recipient,
            enrolment.spare_recipient,
            enrolment.verify_key,
        )
        row.site_number, row.terms, row.edition = (
            enrolment.site_number,
            contract_terms.to_record(enrolment.terms),
            enrolment.edition,
        )
        session.flush()
        seal_in_journal(
            session,
            desk,
            "contract.edition",
            {"contract": row.id, "edition": row.edition, "compared": standing is Standing.PAPER},
        )
        return row.id


def leave_contract(desk: Desk, contract: int, last_day: date) -> None:
    """Note the shop's own last day in a contract: its parcels stop at that month. Raises `BadInput` for a day outside it."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get_one(Contract, contract)
        start, end = row.starts_on, row.ends_on
        if not start <= last_day <= end:
            raise BadInput(
                N_("Le dernier jour doit être dans le contrat : entre le {start} et le {end}."),
                start=lambda: shown.day(start), end=lambda: shown.day(end),
            )  # fmt: skip
        row.left_on = last_day
        seal_in_journal(session, desk, "contract.left", {"contract": contract, "on": last_day.isoformat()})


def stay_in_contract(desk: Desk, contract: int) -> None:
    """Note that the shop did not leave after all. Does nothing where it had not."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get_one(Contract, contract)
        if row.left_on is not None:
            row.left_on = None
            seal_in_journal(session, desk, "contract.stayed", {"contract": contract})


def left_on(desk: Desk, contract: int) -> date | None:
    """Return the shop's own last day in a contract, None where it belongs to it."""
    with desk.db.read() as session:
        return session.get_one(Contract, contract).left_on


def terms_of(desk: Desk, contract: int) -> Terms:
    """Return the terms the contract's file brought."""
    with desk.db.read() as session:
        return contract_terms.from_record(session.get_one(Contract, contract).terms)


def on_offer(desk: Desk, contract: int) -> OnOffer:
    """Return what the contract's file offers this shop and how it defines figures; nothing is adopted by reading it."""
    with desk.db.read() as session:
        row = session.get_one(Contract, contract)
        terms = contract_terms.from_record(row.terms)
        kept = set(session.scalars(select(RulesetRow.text)))
        families = {code: i for i, code in session.execute(select(Family.id, Family.code))}
        known = set(session.scalars(select(Article.folded)))
        wanted = [a for a in terms.articles if fold(a.name) not in known]
        return OnOffer(
            row.edition, terms.definitions, contract_terms.differing(terms),
            tuple((name, text in kept) for name, text in terms.rulesets),
            tuple(ArticleForm(families[a.family], a.name, a.sold_by, a.net_grams) for a in wanted if a.family in families),
            tuple(a.name for a in wanted if a.family not in families),
        )  # fmt: skip


def offered_ruleset(desk: Desk, contract: int, name: str) -> str:
    """Return the text of a règlement the contract offers, to be adopted as any other. Raises `RuleRefused` for an unknown name."""
    found = next((text for known, text in terms_of(desk, contract).rulesets if known == name), None)
    if found is None:
        raise RuleRefused(N_("Le contrat ne propose pas ce règlement."))
    return found


def desk_now(desk: Desk) -> Desk:
    """Return the desk with the identity the shop now bears: joining a contract gives it numbers that its cards carry."""
    with desk.db.read() as session:
        return replace(desk, shop=opening.shop_card(session.get_one(Shop, 1)))


def _refuse_coordinator(desk: Desk) -> None:
    if desk.shop.is_coordinator:
        raise RuleRefused(
            N_("Ce fichier est pour une épicerie : une coordination ne rejoint pas un contrat, elle le fait.")
        )
